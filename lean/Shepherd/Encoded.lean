module

public import Shepherd.Spec.Encode

/-! Written by tests/lean/encoding.py: what the program writes of values. -/

@[expose] public noncomputable section

namespace Shepherd

example : Json.text .null
    = ['n', 'u', 'l', 'l'] := by decide +kernel

example : Json.text (.bool true)
    = ['t', 'r', 'u', 'e'] := by decide +kernel

example : Json.text (.bool false)
    = ['f', 'a', 'l', 's', 'e'] := by decide +kernel

example : Json.text (.int 0)
    = ['0'] := by decide +kernel

example : Json.text (.int 7)
    = ['7'] := by decide +kernel

example : Json.text (.int 10)
    = ['1', '0'] := by decide +kernel

example : Json.text (.int (-1))
    = ['-', '1'] := by decide +kernel

example : Json.text (.int (-10))
    = ['-', '1', '0'] := by decide +kernel

example : Json.text (.int 9007199254740991)
    = ['9', '0', '0', '7', '1', '9', '9', '2', '5', '4', '7', '4', '0', '9', '9', '1'] := by decide +kernel

example : Json.text (.int (-9007199254740991))
    = ['-', '9', '0', '0', '7', '1', '9', '9', '2', '5', '4', '7', '4', '0', '9', '9', '1'] := by decide +kernel

example : Json.text (.str [])
    = ['\x22', '\x22'] := by decide +kernel

example : Json.text (.str ['a'])
    = ['\x22', 'a', '\x22'] := by decide +kernel

example : Json.text (.str ['\x22', '\x5c', '/'])
    = ['\x22', '\x5c', '\x22', '\x5c', '\x5c', '/', '\x22'] := by decide +kernel

example : Json.text (.str ['\x00', '\x01', '\x02', '\x03', '\x04', '\x05', '\x06', '\x07', '\x08', '\x09', '\x0a', '\x0b', '\x0c', '\x0d', '\x0e', '\x0f', '\x10', '\x11', '\x12', '\x13', '\x14', '\x15', '\x16', '\x17', '\x18', '\x19', '\x1a', '\x1b', '\x1c', '\x1d', '\x1e', '\x1f'])
    = ['\x22', '\x5c', 'u', '0', '0', '0', '0', '\x5c', 'u', '0', '0', '0', '1', '\x5c', 'u', '0', '0', '0', '2', '\x5c', 'u', '0', '0', '0', '3', '\x5c', 'u', '0', '0', '0', '4', '\x5c', 'u', '0', '0', '0', '5', '\x5c', 'u', '0', '0', '0', '6', '\x5c', 'u', '0', '0', '0', '7', '\x5c', 'b', '\x5c', 't', '\x5c', 'n', '\x5c', 'u', '0', '0', '0', 'b', '\x5c', 'f', '\x5c', 'r', '\x5c', 'u', '0', '0', '0', 'e', '\x5c', 'u', '0', '0', '0', 'f', '\x5c', 'u', '0', '0', '1', '0', '\x5c', 'u', '0', '0', '1', '1', '\x5c', 'u', '0', '0', '1', '2', '\x5c', 'u', '0', '0', '1', '3', '\x5c', 'u', '0', '0', '1', '4', '\x5c', 'u', '0', '0', '1', '5', '\x5c', 'u', '0', '0', '1', '6', '\x5c', 'u', '0', '0', '1', '7', '\x5c', 'u', '0', '0', '1', '8', '\x5c', 'u', '0', '0', '1', '9', '\x5c', 'u', '0', '0', '1', 'a', '\x5c', 'u', '0', '0', '1', 'b', '\x5c', 'u', '0', '0', '1', 'c', '\x5c', 'u', '0', '0', '1', 'd', '\x5c', 'u', '0', '0', '1', 'e', '\x5c', 'u', '0', '0', '1', 'f', '\x22'] := by decide +kernel

example : Json.text (.str ['\x7f', '\x80', '\xe9', '\u20ac', '𝒳', '\u2028'])
    = ['\x22', '\x7f', '\x80', '\xe9', '\u20ac', '𝒳', '\u2028', '\x22'] := by decide +kernel

example : Json.text (.arr .nil)
    = ['[', ']'] := by decide +kernel

example : Json.text (.arr (.cons (.arr .nil) .nil))
    = ['[', '[', ']', ']'] := by decide +kernel

example : Json.text (.arr (.cons (.int 1) (.cons (.int 23) .nil)))
    = ['[', '1', ',', '2', '3', ']'] := by decide +kernel

example : Json.text (.arr (.cons (.int 12) (.cons (.int 3) .nil)))
    = ['[', '1', '2', ',', '3', ']'] := by decide +kernel

example : Json.text (.arr (.cons (.str ['1']) (.cons (.int 1) (.cons .null .nil))))
    = ['[', '\x22', '1', '\x22', ',', '1', ',', 'n', 'u', 'l', 'l', ']'] := by decide +kernel

example : Json.text (.obj .nil)
    = ['{', '}'] := by decide +kernel

example : Json.text (.obj (.cons [] (.str []) .nil))
    = ['{', '\x22', '\x22', ':', '\x22', '\x22', '}'] := by decide +kernel

example : Json.text (.obj (.cons ['a'] (.obj (.cons ['b'] (.arr (.cons (.bool true) (.cons (.obj .nil) .nil))) .nil)) (.cons ['a', '\x0a'] (.str ['b']) (.cons ['b'] (.int (-12)) .nil))))
    = ['{', '\x22', 'a', '\x22', ':', '{', '\x22', 'b', '\x22', ':', '[', 't', 'r', 'u', 'e', ',', '{', '}', ']', '}', ',', '\x22', 'a', '\x5c', 'n', '\x22', ':', '\x22', 'b', '\x22', ',', '\x22', 'b', '\x22', ':', '-', '1', '2', '}'] := by decide +kernel

example : Json.text (.obj (.cons [] (.int 2) (.cons ['Z'] (.int 5) (.cons ['\xe9'] (.int 1) (.cons ['𝒳'] (.int 3) (.cons ['\ufb01'] (.int 4) .nil))))))
    = ['{', '\x22', '\x22', ':', '2', ',', '\x22', 'Z', '\x22', ':', '5', ',', '\x22', '\xe9', '\x22', ':', '1', ',', '\x22', '𝒳', '\x22', ':', '3', ',', '\x22', '\ufb01', '\x22', ':', '4', '}'] := by decide +kernel

end Shepherd
