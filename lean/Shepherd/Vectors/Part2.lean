module

public import Shepherd.Vectors.Case

/-! Written by tests/lean/vectors.py: what the sidecar answered. -/

@[expose] public noncomputable section

namespace Shepherd.Vectors.Part2

open Shepherd

def e0 : Event := ⟨.runStart, (.obj (.cons ['n', 'a', 'm', 'e'] (.str ['r']) .nil)), none, .pure⟩
def e1 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e2 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .irreversible⟩
def e3 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 1), .pure⟩
def e4 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) .nil))))), (some 1), .pure⟩
def e5 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r6 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'h'], (some ['h']), none⟩
def n7 : Name := ['a', '-', 't', 'a', 'i', 'l']
def e8 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'a', 'f', 'e', 't', 'y']) .nil)), none, .reversible⟩
def e9 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['p', 'a', 't', 'h', 's'] (.arr (.cons (.str ['a']) .nil)) (.cons ['t', 'o'] (.int 0) .nil))))), none, .pure⟩
def t10 : Tree := [(['a'], .file 420 ['1']), (['l'], .link ['a'])]
def r11 : Ruling := ⟨.deny, ['u'], (some ['x']), none⟩
def e12 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']) .nil)), none, .pure⟩
def e13 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e14 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .pure⟩
def e15 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .pure⟩
def e16 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 3), .pure⟩
def e17 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 3), .pure⟩
def r18 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'k'], (some ['k']), none⟩
def e19 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e20 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e21 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e22 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 6) .nil)))), none, .pure⟩
def e23 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .irreversible⟩
def e24 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 1), .pure⟩
def r25 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def r26 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def e27 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .irreversible⟩
def e28 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 1), .pure⟩
def e29 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r30 : Ruling := ⟨.deny, ['u'], (some ['y']), none⟩
def r31 : Ruling := ⟨.override, ['u'], (some ['y']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def t32 : Tree := [(['a'], .file 420 ['2'])]
def e33 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .pure⟩
def e34 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 4) .nil)))), none, .pure⟩
def e35 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .irreversible⟩
def e36 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e37 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['p', 'a', 't', 'h', 's'] (.arr (.cons (.str ['b']) .nil)) (.cons ['t', 'o'] (.int 0) .nil))))), none, .pure⟩
def e38 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .pure⟩
def t39 : Tree := [(['b'], .file 420 ['1']), (['l'], .link ['a'])]
def t40 : Tree := [(['l'], .link ['a'])]
def r41 : Ruling := ⟨.override, ['u'], (some ['x']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def e42 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'a', 'i', 'l', 'e', 'd']) .nil)), none, .pure⟩
def r43 : Ruling := ⟨.allow, ['u'], (some ['x']), none⟩
def e44 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .pure⟩
def e45 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 1), .pure⟩
def e46 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e47 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r48 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'n'], (some ['n']), none⟩
def e49 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e50 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .irreversible⟩
def r51 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'm'], (some ['m']), none⟩
def e52 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def r53 : Ruling := ⟨.allow, ['u'], (some ['y']), none⟩
def e54 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 0) .nil)))), none, .pure⟩
def e55 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .irreversible⟩
def e56 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 4), .pure⟩
def e57 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .irreversible⟩
def e58 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 6), .pure⟩
def e59 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 6), .pure⟩
def e60 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 6), .pure⟩
def e61 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 6), .pure⟩
def e62 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .pure⟩
def e63 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 2), .pure⟩
def e64 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def e65 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .pure⟩
def e66 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 5), .pure⟩
def e67 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .pure⟩
def e68 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 7), .pure⟩
def e69 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 7), .pure⟩
def r70 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def r71 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def e72 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 7), .pure⟩
def e73 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .irreversible⟩
def e74 : Event := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), none, .pure⟩
def e75 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e76 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e77 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e78 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e79 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e80 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e81 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .pure⟩
def e82 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .irreversible⟩
def e83 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 1), .pure⟩
def e84 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 1) .nil)))), none, .pure⟩
def r85 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))))⟩
def e86 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .pure⟩
def e87 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e88 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 2), .pure⟩
def e89 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 1), .pure⟩
def e90 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def e91 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 1), .pure⟩
def e92 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e93 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .pure⟩
def e94 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def e95 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def e96 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e97 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil)))))), (some 4), .pure⟩
def e98 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e99 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .irreversible⟩
def e100 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 1), .pure⟩
def r101 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def e102 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e103 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e104 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) .nil))))), (some 2), .pure⟩
def e105 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def e106 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e107 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 3), .pure⟩
def e108 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e109 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 3), .pure⟩
def e110 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 3), .pure⟩
def e111 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def e112 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e113 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .irreversible⟩
def e114 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 2), .pure⟩
def e115 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e116 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e117 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 3), .pure⟩
def e118 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil)))))), (some 1), .pure⟩
def e119 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 1), .pure⟩
def e120 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def e121 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 5), .pure⟩
def e122 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 5), .pure⟩
def e123 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def n124 : Name := ['a', '-', 't', 'a', 'i', 'l', '-', 't', 'a', 'i', 'l']
def e125 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def e126 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['b']) .nil)))), none, .pure⟩
def e127 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['a']) .nil)))), none, .pure⟩
def r128 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['b']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q129 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r128]⟩
def e130 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def q131 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), [r6, r48]⟩
def e132 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 2), .pure⟩
def e133 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 2), .pure⟩
def r134 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['a']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q135 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r134]⟩
def e136 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 1) .nil))))), none, .pure⟩
def e137 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 2) .nil))))), none, .pure⟩
def e138 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'e', 't', 't', 'l', 'e']) .nil)), none, .reversible⟩
def t139 : Tree := [(['a'], .file 493 ['1']), (['l'], .link ['b'])]
def e140 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 3) .nil))))), none, .pure⟩
def q141 : Asked := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), []⟩
def q142 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), []⟩
def q143 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), [r48]⟩
def e144 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil)))))), (some 3), .pure⟩
def e145 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 3), .pure⟩
def e146 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['c']) .nil)), none, .pure⟩
def q147 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), [r48]⟩
def e148 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 'u', 'm', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e149 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 4), .pure⟩
def e150 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 4), .pure⟩
def t151 : Tree := [(['a'], .file 420 ['2']), (['l'], .link ['a'])]
def t152 : Tree := [(['a'], .file 493 ['2']), (['l'], .link ['b'])]

example : Case.agrees ⟨none,
    [e0, e1],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e1 none none (some ['x']))],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2, e3, e4, e5],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e2 [r6]), .ask (.rewind ['a'] 0 n7), .ask (.fork n7 (some 3) ['g'] true), .crash ['g']],
    [.inr 1, .inr 0, .inr 3, .inr 3],
    [(['g'], 3, .live, (some 3), [3, 2, 1, 0]), (n7, 4, .discarded, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n7), .ask (.decide n7 999 r11)],
    [.inr 1, .inr 2, .inl .unknownIntent],
    [(n7, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e13 none (some 1) (some ['y']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e14 [])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e15, e16, e17],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e15 [r6, r18]), .ask (.append ['a'] e19 none none none)],
    [.inr 1, .inr 3, .inl .intentDenied],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e15, e16, e20, e21, e22],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 1, (some 0)), ([7], 7, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e15 [r6, r18]), .ask (.append ['a'] e20 none none none), .ask (.append ['a'] e21 none none none), .ask (.restore ['a'] 6 none)],
    [.inr 1, .inr 3, .inr 5, .inr 6, .inr 7],
    [(['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e1],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e1 none (some 0) none)],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.takeBack ['a'])],
    [.inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e20, e13],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e20 none none none), .ask (.append ['a'] e13 none (some 1) none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e23, e24],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e23 [r25, r26])],
    [.inr 1],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e27, e3, e28, e29],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e27 [r6, r18]), .ask (.decide ['a'] 1 r30), .ask (.decide ['a'] 4 r31)],
    [.inr 1, .inr 3, .inl .unknownIntent],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .gc ['a'] []],
    [.inr 0, .inl .unknownBranch],
    []⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.work ['a'] t32)],
    [.inr 0, .inr 0],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e33, e3, e27, e16, e8, e9, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, (some 0)), ([5], 6, (some 0)), ([6], 5, (some 0)), ([7], 7, (some 0))],
    [.ask (.propose ['a'] e33 [r6, r18]), .ask (.propose ['a'] e27 [r6, r18]), .ask (.restore ['a'] 0 (some [['a']])), .ask (.restore ['a'] 4 none), .ask (.discard ['a']), .ask (.fork ['a'] (some 8) ['f'] true)],
    [.inr 1, .inr 3, .inr 5, .inr 7, .inr 8, .inr 8],
    [(['f'], 8, .live, (some 8), [8, 7, 6, 5, 4, 3, 2, 1, 0]), (['a'], 8, .discarded, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd'])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.propose ['a'] e35 []), .ask (.append ['a'] e36 none none none)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e35 [])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.takeBack ['a'])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.fork n7 none ['g'] true)],
    [.inr 0, .inr 0],
    [(['g'], 0, .live, (some 0), [0]), (n7, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.takeBack ['a'])],
    [.inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e37, e38, e16],
    [t10, t39, t40],
    [([], 0, (some 0)), ([0], 1, (some 1)), ([1], 2, (some 2)), ([2], 3, none), ([3], 4, none)],
    [.ask (.work ['a'] t39), .ask (.restore ['a'] 0 (some [['b']])), .ask (.propose ['a'] e38 [r6])],
    [.inr 0, .inr 1, .inr 3],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.decide ['a'] 0 r41)],
    [.inr 0, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e21 none none none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e13],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e13 none none (some ['x'])), .ask (.append ['a'] e21 none (some 0) none)],
    [.inr 1, .inl .headMoved],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 999 r43)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e44, e45, e46, e47],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e44 [r48]), .ask (.append ['a'] e49 (some t10) none none)],
    [.inr 1, .inl .intentDenied],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e21],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e21 none (some 0) none), .ask (.rewind ['a'] 1 n7), .gc ['a'] [], .gc ['a'] []],
    [.inr 1, .inr 1, .inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e20 none (some 1) (some ['x']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.propose ['a'] e50 [r48, r51])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e52 none none (some ['x']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.discard ['a'])],
    [.inr 1, .inr 1],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.discard ['a']), .ask (.takeBack ['a']), .ask (.rewind ['a'] 0 n7)],
    [.inr 1, .inr 1, .inr 1, .inr 0],
    [(n7, 1, .discarded, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] false)],
    [.inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e13, e21],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none)],
    [.ask (.fork ['a'] (some 0) ['d'] false), .ask (.append ['a'] e13 none (some 0) none), .ask (.append ['d'] e21 none none none), .ask (.fork ['d'] (some 2) ['c'] true), .gc ['a'] []],
    [.inr 0, .inr 1, .inr 2, .inr 2, .inr 1],
    [(['c'], 2, .live, (some 2), [2, 0]), (['d'], 2, .live, (some 0), [2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r53)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.fork ['g'] (some 999) ['d'] true)],
    [.inr 0, .inl .unknownCommit],
    [(['g'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e54, e2, e16],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['d'] true), .ask (.restore ['a'] 0 none), .ask (.propose ['a'] e2 [r6]), .ask (.decide ['d'] 3 r53)],
    [.inr 0, .inr 1, .inr 3, .inl .alreadyResolved],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e55, e45, e46, e15, e56, e57, e58, e59, e60],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none), ([7], 8, none), ([8], 9, none)],
    [.ask (.propose ['a'] e55 [r6, r48]), .ask (.propose ['a'] e15 [r6, r18]), .ask (.propose ['a'] e57 [r48]), .ask (.append ['a'] e61 none none (some ['x']))],
    [.inr 1, .inr 4, .inr 6, .inl .intentDenied],
    [(['a'], 9, .live, none, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e21, e62, e63, e64, e65, e66, e67, e68, e69, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none), ([7], 8, none), ([8], 9, none), ([9], 10, none)],
    [.ask (.append ['a'] e21 none none (some ['x'])), .ask (.propose ['a'] e62 [r48, r51]), .ask (.propose ['a'] e65 [r70, r71]), .ask (.propose ['a'] e67 [r6, r48]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e72 (some t10) none none)],
    [.inr 1, .inr 2, .inr 5, .inr 7, .inr 10, .inl .branchClosed],
    [(['a'], 10, .ended, none, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e73, e45, e46, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e73 [r48, r51]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e49 none none none)],
    [.inr 1, .inr 4, .inl .branchClosed],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e73, e45, e46],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e73 [r48, r51]), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inl .alreadyResolved],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e1 none (some 0) (some ['x']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e21],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e21 none (some 0) (some ['y'])), .ask (.fork ['a'] (some 0) ['f'] false), .ask (.decide ['f'] 1 r31)],
    [.inr 1, .inr 0, .inl .unknownIntent],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e74],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['e'] false), .ask (.propose ['e'] e74 []), .ask (.decide ['e'] 1 r53)],
    [.inr 0, .inr 1, .inl .alreadyResolved],
    [(['e'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e14, e49, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e14 []), .ask (.append ['a'] e49 none none none), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e75 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e20, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] (some 0) ['b'] true), .ask (.append ['b'] e20 none (some 0) none), .ask (.propose ['b'] e35 []), .ask (.append ['a'] e76 (some t10) none none)],
    [.inr 0, .inr 1, .inr 2, .inl .unknownIntent],
    [(['b'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e38, e3],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e38 [r6]), .ask (.discard ['a']), .ask (.append ['a'] e77 none none none)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.append n7 e13 none (some 0) none)],
    [.inr 0, .inl .branchClosed],
    [(n7, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e20 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.restore ['g'] 1 none)],
    [.inr 0, .inr 1, .inl .branchClosed],
    [(['g'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['a'] false)],
    [.inr 0, .inl .nameTaken],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e73, e45, e46, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e73 [r48, r51]), .ask (.fork ['a'] (some 3) ['b'] true), .ask (.finish ['b'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['b'] e38 [r6])],
    [.inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['b'], 4, .ended, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e20 none (some 6) (some ['y']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e74, e78],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e74 []), .ask (.append ['a'] e78 none none none), .ask (.append ['a'] e79 none none none)],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .gc ['a'] []],
    [.inr 1, .inr 1],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15, e3],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e15 [r6, r18]), .ask (.fork ['a'] (some 2) ['b'] false), .ask (.decide ['b'] 1 r43)],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['b'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e80 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e57 [r48])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e21 none none (some ['y']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e54],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 none), .ask (.fork ['a'] (some 2) ['b'] true), .ask (.restore ['b'] 999 none)],
    [.inr 1, .inr 2, .inl .unknownCommit],
    [(['b'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e67 [r6, r48])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e81, e45, e46],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e81 [r48, r51]), .ask (.fork ['a'] (some 3) ['f'] false), .ask (.discard ['a']), .gc ['a'] [(['a'], 3)], .gc ['a'] [(['a'], 3)]],
    [.inr 1, .inr 3, .inr 3, .inr 3, .inr 3],
    [(['f'], 3, .live, (some 3), [3, 2, 1, 0]), (['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e82, e3, e83, e8, e84, e21, e20],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, (some 0)), ([4], 5, (some 0)), ([5], 3, none), ([6], 6, none), ([7], 7, none)],
    [.ask (.propose ['a'] e82 [r85, r6]), .ask (.append ['a'] e78 none none none), .ask (.restore ['a'] 1 none), .ask (.append ['a'] e75 none none none), .ask (.append ['a'] e21 none (some 6) (some ['x'])), .ask (.append ['a'] e20 none none none), .ask (.rewind ['a'] 8 n7), .ask (.append n7 e49 none none none)],
    [.inr 1, .inl .intentDenied, .inr 4, .inl .intentDenied, .inr 7, .inr 8, .inr 8, .inl .branchClosed],
    [(n7, 8, .discarded, (some 8), [8, 7, 6, 5, 4, 3, 2, 1, 0]), (['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 999 r30)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e86, e3, e83, e2, e56],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e86 [r85, r6]), .ask (.append ['a'] e77 (some t10) none (some ['x'])), .ask (.propose ['a'] e2 [r6]), .ask (.fork ['a'] (some 1) ['d'] true), .ask (.decide ['d'] 5 r43)],
    [.inr 1, .inl .intentDenied, .inr 4, .inr 1, .inl .unknownIntent],
    [(['d'], 1, .live, (some 1), [1, 0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2, e3, e83],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e2 [r6]), .ask (.fork ['a'] none ['e'] false), .ask (.append ['e'] e77 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .intentDenied],
    [(['e'], 3, .live, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e13 none (some 2) (some ['y']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e13 none (some 1) none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e35 []), .ask (.fork ['a'] (some 1) ['g'] true), .ask (.work ['g'] t39), .ask (.append ['g'] e87 (some t39) none (some ['x']))],
    [.inr 1, .inr 3, .inr 1, .inr 1, .inl .unknownIntent],
    [(['g'], 1, .live, (some 1), [1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e13 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 999) ['d'] false)],
    [.inr 0, .inl .unknownCommit],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42, e38, e88],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 1) ['e'] true), .ask (.propose ['e'] e38 [r6]), .ask (.append ['a'] e76 none none none)],
    [.inr 1, .inr 1, .inr 2, .inl .branchClosed],
    [(['e'], 3, .live, (some 1), [3, 2, 1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e82, e3, e83, e89],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e82 [r85, r6]), .ask (.rewind ['a'] 1 n7), .ask (.append ['a'] e75 (some t10) none none), .ask (.decide ['a'] 1 r53)],
    [.inr 1, .inr 1, .inl .intentDenied, .inr 4],
    [(n7, 2, .discarded, (some 1), [2, 1, 0]), (['a'], 4, .live, none, [4, 3, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e90 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e86, e3, e91, e92],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e86 [r85, r6]), .ask (.rewind ['a'] 1 n7), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 1, .inr 3],
    [(n7, 2, .discarded, (some 1), [2, 1, 0]), (['a'], 4, .live, none, [4, 3, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e86, e3, e91, e92],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e86 [r85, r6]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 4, .discarded, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e86 [r85, r6])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e93, e24, e14, e94, e21, e13],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([2], 5, none), ([4], 6, none), ([6], 6, none)],
    [.ask (.propose ['a'] e93 [r25, r26]), .ask (.propose ['a'] e14 []), .ask (.fork ['a'] (some 2) ['e'] true), .ask (.append ['a'] e94 none none none), .ask (.append ['e'] e21 none (some 2) (some ['y'])), .ask (.append ['a'] e13 none none (some ['y'])), .ask (.append ['a'] e13 none none none), .ask (.append ['a'] e21 none (some 7) (some ['y']))],
    [.inr 1, .inr 3, .inr 2, .inr 4, .inr 5, .inr 6, .inr 7, .inl .clientIdConflict],
    [(['e'], 5, .live, (some 2), [5, 2, 1, 0]), (['a'], 7, .live, none, [7, 6, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e33, e3],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] none ['c'] false), .ask (.propose ['a'] e33 [r6, r18]), .ask (.discard ['a']), .gc ['a'] [(['a'], 2)]],
    [.inr 0, .inr 1, .inr 2, .inr 2],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e74, e44, e63, e64, e95],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([3], 5, none)],
    [.ask (.propose ['a'] e74 []), .ask (.propose ['a'] e44 [r48]), .ask (.fork ['a'] (some 3) ['b'] false), .ask (.append ['b'] e96 none none none)],
    [.inr 1, .inr 2, .inr 3, .inl .intentDenied],
    [(['b'], 5, .live, (some 3), [5, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 999 r31)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e67, e45, e46, e33, e56, e47, e13, e97],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([3], 6, none), ([6], 7, none), ([5], 8, none)],
    [.ask (.propose ['a'] e67 [r6, r48]), .ask (.fork ['a'] none ['f'] true), .ask (.propose ['f'] e33 [r6, r18]), .ask (.append ['a'] e49 none none none), .ask (.append ['a'] e13 none none none), .ask (.decide ['f'] 4 r41), .ask (.decide ['a'] 8 r43)],
    [.inr 1, .inr 3, .inr 4, .inl .intentDenied, .inr 7, .inr 8, .inl .unknownIntent],
    [(['f'], 8, .live, (some 3), [8, 5, 4, 3, 2, 1, 0]), (['a'], 7, .live, none, [7, 6, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e54, e74, e98],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, (some 0))],
    [.ask (.restore ['a'] 0 none), .ask (.takeBack ['a']), .ask (.propose ['a'] e74 []), .ask (.append ['a'] e98 (some t10) none none), .ask (.append ['a'] e98 (some t10) none none)],
    [.inr 1, .inl .branchClosed, .inr 3, .inr 4, .inl .alreadyResolved],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 1) ['f'] false), .ask (.fork ['f'] none ['b'] true), .ask (.fork ['a'] (some 1) ['b'] true)],
    [.inr 1, .inr 1, .inr 1, .inl .nameTaken],
    [(['b'], 1, .live, (some 1), [1, 0]), (['f'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e99, e100, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e99 [r101]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e49 (some t10) none none)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15, e3],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] (some 0) ['f'] false), .ask (.propose ['f'] e15 [r6, r18]), .ask (.append ['a'] e49 none none (some ['x']))],
    [.inr 0, .inr 1, .inl .unknownIntent],
    [(['f'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e20, e74],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e20 none (some 0) (some ['x'])), .ask (.propose ['a'] e74 []), .ask (.append ['a'] e102 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .clientIdConflict],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 1) ['g'] false), .gc ['a'] []],
    [.inr 0, .inr 1, .inr 1, .inr 1],
    [(['g'], 1, .live, (some 1), [1, 0]), (['c'], 0, .live, (some 0), [0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e99, e100, e42],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e99 [r101]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 1 r43)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.propose ['a'] e57 [r48])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e38, e3],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e38 [r6]), .ask (.discard ['a']), .gc ['a'] [(['a'], 2)]],
    [.inr 1, .inr 2, .inr 2],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e14],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e14 []), .ask (.fork ['a'] (some 1) ['e'] true), .ask (.decide ['e'] 1 r30)],
    [.inr 1, .inr 1, .inl .alreadyResolved],
    [(['e'], 1, .live, (some 1), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e62, e45, e46],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] none ['b'] false), .ask (.propose ['b'] e62 [r48, r51]), .ask (.fork ['a'] none ['e'] false), .ask (.fork ['b'] (some 1) ['g'] true), .ask (.rewind ['a'] 0 n7), .gc ['a'] []],
    [.inr 0, .inr 1, .inr 0, .inr 1, .inr 0, .inr 0],
    [(['g'], 1, .live, (some 1), [1, 0]), (['e'], 0, .live, (some 0), [0]), (['b'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e20],
    [],
    [([], 0, none), ([0], 1, none), ([1], 1, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.append ['a'] e20 none none none), .ask (.append ['a'] e20 none none none), .ask (.decide n7 2 r11)],
    [.inr 0, .inr 1, .inr 2, .inl .unknownIntent],
    [(n7, 0, .discarded, (some 0), [0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e103 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e1, e2, e88, e104, e105, e74],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([1], 6, none)],
    [.ask (.append ['a'] e1 none (some 0) none), .ask (.propose ['a'] e2 [r6]), .ask (.fork ['a'] (some 1) ['b'] true), .ask (.rewind ['a'] 1 n7), .ask (.propose ['a'] e74 []), .ask (.decide ['b'] 6 r43)],
    [.inr 1, .inr 2, .inr 1, .inr 1, .inr 6, .inl .alreadyResolved],
    [(n7, 5, .discarded, (some 1), [5, 4, 3, 2, 1, 0]), (['b'], 1, .live, (some 1), [1, 0]), (['a'], 6, .live, none, [6, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e23, e24, e20],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e23 [r25, r26]), .ask (.append ['a'] e20 none none (some ['x'])), .ask (.work ['a'] t39), .ask (.append ['a'] e77 (some t39) none (some ['x']))],
    [.inr 1, .inr 3, .inr 3, .inl .clientIdConflict],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15, e3, e8, e9, e83, e21],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0)), ([3], 4, (some 0)), ([4], 5, none), ([4], 6, none)],
    [.ask (.propose ['a'] e15 [r6, r18]), .ask (.restore ['a'] 0 (some [['a']])), .ask (.fork ['a'] none ['e'] false), .ask (.append ['e'] e106 none none none), .ask (.append ['a'] e21 none (some 4) (some ['y'])), .ask (.append ['a'] e20 none (some 6) (some ['y']))],
    [.inr 1, .inr 3, .inr 4, .inl .intentDenied, .inr 6, .inl .clientIdConflict],
    [(['e'], 5, .live, (some 4), [5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.restore ['a'] 999 (some [['a']]))],
    [.inr 0, .inl .unknownCommit],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e82, e3],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e82 [r85, r6]), .ask (.discard ['a']), .ask (.rewind ['a'] 1 n7)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e86, e3, e42, e91, e92],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e86 [r85, r6]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 5, .ended, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e82, e3, e38, e16, e12, e107],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.propose ['a'] e82 [r85, r6]), .ask (.propose ['a'] e38 [r6]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 3 r43)],
    [.inr 1, .inr 3, .inr 5, .inr 6],
    [(['a'], 6, .ended, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.append ['a'] e108 none none (some ['x']))],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e108 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.takeBack ['a']), .ask (.fork ['a'] none ['a'] true)],
    [.inl .branchClosed, .inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e55, e45, e46],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e55 [r6, r48]), .ask (.discard ['a']), .ask (.append ['a'] e78 none none none)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e38, e3],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e38 [r6]), .ask (.discard ['a']), .ask (.rewind ['a'] 2 n7)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e38, e3, e44, e109, e110],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e38 [r6]), .ask (.propose ['a'] e44 [r48]), .ask (.discard ['a']), .ask (.decide ['a'] 3 r11)],
    [.inr 1, .inr 3, .inr 5, .inl .alreadyResolved],
    [(['a'], 5, .discarded, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e1],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e1 none (some 0) (some ['x'])), .ask (.append ['a'] e111 none none (some ['x']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e21, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e21 none none (some ['x'])), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e112 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e14, e113, e114, e96],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e14 []), .ask (.propose ['a'] e113 [r70, r71]), .ask (.append ['a'] e96 none none none), .ask (.decide ['a'] 2 r41)],
    [.inr 1, .inr 2, .inr 4, .inl .alreadyResolved],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e54, e21],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 none), .ask (.append ['a'] e21 none none (some ['y'])), .ask (.append ['a'] e13 none (some 3) (some ['y']))],
    [.inr 1, .inr 3, .inl .clientIdConflict],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e1],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e1 none none (some ['y'])), .ask (.append ['a'] e1 none none (some ['y']))],
    [.inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e74, e21],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e74 []), .ask (.append ['a'] e21 none (some 1) (some ['x'])), .ask (.rewind ['a'] 1 n7), .ask (.append ['a'] e13 none (some 1) (some ['x']))],
    [.inr 1, .inr 2, .inr 1, .inl .clientIdConflict],
    [(n7, 2, .discarded, (some 1), [2, 1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e21],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e21 none none (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e115 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e14],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e14 []), .ask (.fork ['a'] (some 0) ['f'] true), .ask (.decide ['f'] 1 r30)],
    [.inr 1, .inr 0, .inl .alreadyResolved],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e38, e3, e21, e83, e74, e89],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.fork ['a'] (some 0) ['g'] false), .ask (.propose ['g'] e38 [r6]), .ask (.append ['g'] e21 none (some 2) (some ['x'])), .ask (.append ['g'] e49 none none none), .ask (.propose ['g'] e74 []), .ask (.decide ['g'] 1 r53), .ask (.append ['g'] e21 none (some 6) (some ['x']))],
    [.inr 0, .inr 1, .inr 3, .inl .intentDenied, .inr 5, .inr 6, .inr 3],
    [(['g'], 6, .live, (some 0), [6, 5, 4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e74, e67, e63, e64, e95],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.fork ['a'] (some 0) ['e'] false), .ask (.propose ['e'] e74 []), .ask (.propose ['e'] e67 [r6, r48]), .ask (.append ['e'] e116 none none none)],
    [.inr 0, .inr 1, .inr 2, .inl .intentDenied],
    [(['e'], 5, .live, (some 0), [5, 4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork n7 none ['c'] false), .ask (.fork ['a'] (some 0) ['d'] false), .ask (.fork ['a'] (some 0) ['f'] true), .gc ['a'] []],
    [.inr 0, .inr 1, .inr 0, .inr 0, .inr 0, .inr 1],
    [(['f'], 0, .live, (some 0), [0]), (['d'], 0, .live, (some 0), [0]), (['c'], 0, .live, (some 0), [0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e74, e42, e99, e117],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] none ['b'] false), .ask (.propose ['a'] e74 []), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.propose ['b'] e99 [r101]), .ask (.decide ['a'] 4 r53)],
    [.inr 0, .inr 1, .inr 2, .inr 3, .inl .unknownIntent],
    [(['b'], 4, .live, (some 0), [4, 3, 0]), (['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e21],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e21 none (some 0) (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e1 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] none ['d'] true)],
    [.inr 1, .inr 1],
    [(['d'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e74, e36, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e74 []), .ask (.append ['a'] e36 none none (some ['x'])), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e79 none none none)],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e33, e3, e12, e118],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e33 [r6, r18]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r31)],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e113, e119, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e113 [r70, r71]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r43)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e1, e20, e2, e16],
    [],
    [([], 0, none), ([0], 1, none), ([0], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['b'] true), .ask (.append ['b'] e1 none none none), .ask (.append ['a'] e20 none (some 0) (some ['x'])), .ask (.propose ['a'] e2 [r6]), .ask (.rewind ['a'] 4 n7), .ask (.append n7 e120 none none none)],
    [.inr 0, .inr 1, .inr 2, .inr 3, .inr 4, .inl .branchClosed],
    [(n7, 4, .discarded, (some 4), [4, 3, 2, 0]), (['b'], 1, .live, (some 0), [1, 0]), (['a'], 4, .live, none, [4, 3, 2, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.decide ['a'] 999 r41)],
    [.inr 0, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 999) ['d'] true)],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e1, e13, e38, e16],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none), ([3], 4, none)],
    [.ask (.append ['a'] e1 none (some 0) none), .ask (.append ['a'] e13 none (some 1) (some ['y'])), .ask (.fork ['a'] (some 0) ['e'] true), .ask (.fork ['a'] (some 0) ['c'] false), .ask (.propose ['c'] e38 [r6]), .ask (.decide ['e'] 4 r41)],
    [.inr 1, .inr 2, .inr 0, .inr 0, .inr 3, .inl .unknownIntent],
    [(['c'], 4, .live, (some 0), [4, 3, 0]), (['e'], 0, .live, (some 0), [0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e35, e77],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0))],
    [.ask (.propose ['a'] e35 []), .ask (.append ['a'] e77 (some t10) none (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e75 none none none)],
    [.inr 1, .inr 2, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e74, e36],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0))],
    [.ask (.propose ['a'] e74 []), .ask (.append ['a'] e36 (some t10) none (some ['x']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e20, e57, e63, e64, e44, e121, e122],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none)],
    [.ask (.append ['a'] e20 none none none), .ask (.propose ['a'] e57 [r48]), .ask (.propose ['a'] e44 [r48]), .ask (.discard ['a']), .ask (.decide ['a'] 5 r31)],
    [.inr 1, .inr 2, .inr 5, .inr 7, .inl .alreadyResolved],
    [(['a'], 7, .discarded, none, [7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 999) ['g'] false)],
    [.inr 0, .inl .unknownCommit],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12, e38, e88],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.discard ['a']), .ask (.fork ['a'] (some 1) ['b'] false), .ask (.propose ['b'] e38 [r6]), .ask (.append ['a'] e96 none none (some ['x']))],
    [.inr 1, .inr 1, .inr 1, .inr 2, .inl .branchClosed],
    [(['b'], 3, .live, (some 1), [3, 2, 1, 0]), (['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.append n7 e21 none none (some ['y'])), .ask (.discard n7)],
    [.inr 0, .inl .branchClosed, .inr 0],
    [(n7, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.append ['a'] e49 none none none), .ask (.append n7 e21 none none (some ['y']))],
    [.inr 0, .inl .unknownIntent, .inl .branchClosed],
    [(n7, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n7), .ask (.append ['a'] e49 none none none), .ask (.discard n7)],
    [.inr 0, .inl .unknownIntent, .inr 0],
    [(n7, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2, e3, e4, e5],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e2 [r6]), .ask (.rewind ['a'] 0 n7), .crash n7, .ask (.fork n7 (some 3) ['g'] true), .crash ['g']],
    [.inr 1, .inr 0, .inr 4, .inr 3, .inr 3],
    [(['g'], 3, .live, (some 3), [3, 2, 1, 0]), (n7, 4, .discarded, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n7), .ask (.append n7 e123 none none none), .ask (.decide ['a'] 2 r31)],
    [.inr 1, .inr 2, .inl .branchClosed, .inl .unknownIntent],
    [(n7, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n7), .ask (.decide n7 999 r11), .ask (.discard n7)],
    [.inr 1, .inr 2, .inl .unknownIntent, .inr 2],
    [(n7, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n7), .ask (.discard n7), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inr 2, .inr 2, .inr 3],
    [(n7, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e35 []), .ask (.rewind ['a'] 2 n7), .ask (.restore n7 3 (some [['a']])), .ask (.restore n7 1 none)],
    [.inr 1, .inr 3, .inr 2, .inl .noWorld, .inl .noWorld],
    [(n7, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n7), .ask (.rewind n7 3 n124), .ask (.discard n7)],
    [.inr 1, .inr 2, .inl .branchClosed, .inr 2],
    [(n7, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e75 none none (some ['x'])), .ask (.propose ['a'] e2 [r6])],
    [.inr 0, .inl .branchClosed, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e50 [r48, r51]), .ask (.append ['a'] e75 none none (some ['x']))],
    [.inr 0, .inl .branchClosed, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e50 [r48, r51]), .ask (.restore ['a'] 0 none)],
    [.inr 0, .inl .branchClosed, .inl .noWorld],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 999 n7), .ask (.discard ['a']), .ask (.propose ['a'] e50 [r48, r51])],
    [.inl .unknownCommit, .inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e15, e16, e20, e21],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e15 [r6, r18]), .ask (.append ['a'] e20 none none none), .ask (.append ['a'] e21 none none none), .ask (.rewind ['a'] 6 n7), .ask (.fork ['a'] (some 999) ['g'] false), .ask (.restore n7 6 none)],
    [.inr 1, .inr 3, .inr 5, .inr 6, .inr 6, .inl .unknownCommit, .inl .noWorld],
    [(n7, 6, .discarded, (some 6), [6, 5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.gc ['a'] [], .ask (.fork ['a'] (some 999) ['g'] false)],
    [.inr 0, .inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .gc ['a'] []],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.rewind ['a'] 999 n7), .gc ['a'] []],
    [.inl .unknownCommit, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e125 none none none), .ask (.fork ['a'] (some 0) ['a'] true)],
    [.inl .unknownIntent, .inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e125 none none none), .ask (.work ['a'] t32)],
    [.inl .unknownIntent, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 0 r53), .ask (.takeBack ['a'])],
    [.inl .unknownIntent, .inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] true), .gc ['a'] []],
    [.inl .nameTaken, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.gc ['a'] [], .ask (.takeBack ['a'])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.work ['a'] t32), .ask (.takeBack ['a'])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e126],
    [],
    [([], 0, none), ([0], 1, none)],
    [.inject ['a'] (.str ['b']) ['u']],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e126, e127, e20],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 1, none), ([3], 3, none)],
    [.inject ['a'] (.str ['b']) ['u'], .inject ['a'] (.str ['a']) ['u'], .inject ['a'] (.str ['b']) ['u'], .ask (.append ['a'] e20 none none (some ['y'])), .replay ['a'] 4 ['q'] true none []],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inr 4],
    [(['q'], 4, .live, (some 0), [4, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.replay ['d'] 0 ['a'] false none [q129]],
    [.inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .rename ['a'] ['r'], .ask (.finish ['r'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inr 1, .inr 2],
    [(['r'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e55, e45, e46, e8, e54],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, (some 0)), ([4], 5, (some 0))],
    [.ask (.propose ['a'] e55 [r6, r48]), .ask (.restore ['a'] 0 none), .replay ['t'] 4 ['p'] true none [q131]],
    [.inr 1, .inr 4, .inr ⟨4, [3], [], none, true⟩],
    [(['p'], 4, .live, (some 0), [4, 3, 2, 1, 0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['f'] false), .apply ['f'] ['a']],
    [.inr 0, .inr 0],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] none ['b'] true), .pause ['b'] ['u']],
    [.inr 0, .inr 1],
    [(['b'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ [['b']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .gc ['a'] []],
    [.inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130, e35, e132, e133],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e35 []), .ask (.decide ['a'] 2 r43)],
    [.inr 1, .inr 2, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.replay ['a'] 0 ['b'] false none [q135], .pause ['a'] ['u'], .gc ['a'] []],
    [.inr ⟨0, [], [], (some 0), true⟩, .inr 1, .inr 1],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .pause ['a'] ['u']],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.apply ['a'] ['g']],
    [.inl .unknownBranch],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .ask (.fork ['a'] (some 0) ['d'] false)],
    [.inr 1, .inr 0],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e136],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0, 1], 2, (some 0))],
    [.ask (.fork ['a'] (some 0) ['e'] false), .pause ['a'] ['u'], .apply ['a'] ['e']],
    [.inr 0, .inr 1, .inr 2],
    [(['e'], 2, .live, (some 0), [2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42, e12],
    [],
    [([], 0, none), ([0], 1, none), ([0], 2, none)],
    [.replay ['a'] 0 ['q'] false none [], .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.finish ['q'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .apply ['q'] ['a']],
    [.inr 0, .inr 1, .inr 2, .inl .branchClosed],
    [(['q'], 2, .ended, (some 0), [2, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none)],
    [.pause ['a'] ['u'], .pause ['a'] ['u']],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.replay ['a'] 0 ['q'] true none [], .rename ['q'] ['a']],
    [.inr 0, .inl .nameTaken],
    [(['q'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 1) ['b'] false), .apply ['a'] ['b']],
    [.inr 1, .inr 1, .inr 1],
    [(['b'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e27, e3],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.rename ['a'] ['s'], .ask (.propose ['s'] e27 [r6, r18]), .rename ['s'] ['t']],
    [.inr 0, .inr 1, .inr 2],
    [(['t'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e20],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e20 none none none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n7), .rename n7 ['a']],
    [.inr 0, .inl .nameTaken],
    [(n7, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130, e38, e132],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e38 [r6])],
    [.inr 1, .inr 2],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e126, e20, e137],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1, 2], 3, none)],
    [.inject ['a'] (.str ['b']) ['u'], .ask (.fork ['a'] (some 1) ['e'] true), .ask (.append ['a'] e20 none none (some ['y'])), .apply ['a'] ['e'], .apply ['a'] ['e']],
    [.inr 1, .inr 1, .inr 2, .inr 3, .inr 3],
    [(['e'], 3, .live, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .rename ['a'] ['r']],
    [.inr 1, .inr 1],
    [(['r'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e138, e137],
    [t10, t139],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 1)), ([1, 2], 3, (some 1))],
    [.ask (.work ['a'] t139), .pause ['a'] ['u'], .ask (.fork ['a'] (some 1) ['g'] true), .apply ['a'] ['g']],
    [.inr 0, .inr 1, .inr 1, .inr 3],
    [(['g'], 3, .live, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.propose ['a'] e35 []), .replay ['a'] 1 ['b'] false none []],
    [.inr 1, .inr ⟨0, [], [], none, false⟩],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130, e14, e132],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e14 []), .replay ['a'] 3 ['b'] false (some (2, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))))) []],
    [.inr 1, .inr 2, .inr ⟨1, [], [], none, false⟩],
    [(['b'], 1, .live, (some 1), [1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e74, e136, e42, e140],
    [],
    [([], 0, none), ([0], 1, none), ([0, 1], 2, none), ([1], 3, none), ([2, 3], 4, none)],
    [.ask (.propose ['a'] e74 []), .replay ['a'] 1 ['b'] false none [q141, q142], .apply ['a'] ['b'], .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['a'] ['b']],
    [.inr 1, .inr ⟨0, [], [], (some 1), false⟩, .inr 2, .inr 3, .inr 4],
    [(['b'], 4, .live, (some 0), [4, 2, 0]), (['a'], 3, .ended, none, [3, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e20, e21],
    [],
    [([], 0, none), ([0], 1, none), ([0], 2, none)],
    [.ask (.append ['a'] e20 none (some 0) (some ['x'])), .replay ['a'] 1 ['q'] false (some (1, (.obj (.cons ['c'] (.str ['a']) .nil)))) [q143]],
    [.inr 1, .inr ⟨2, [], [], (some 1), true⟩],
    [(['q'], 2, .live, (some 0), [2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e13],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e13 none none (some ['x']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e126, e13, e15, e16, e12, e144],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.takeBack ['a']), .inject ['a'] (.str ['b']) ['u'], .ask (.append ['a'] e13 none (some 1) none), .ask (.propose ['a'] e15 [r6, r18]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 3 r31)],
    [.inl .branchClosed, .inr 1, .inr 2, .inr 3, .inr 5, .inr ⟨6, [1], [], none, true⟩],
    [(['a'], 6, .ended, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e62, e63, e64],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e62 [r48, r51])],
    [.inr 1, .inr 2],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e99, e132],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] none ['d'] false), .pause ['d'] ['u'], .ask (.propose ['d'] e99 [r101])],
    [.inr 0, .inr 1, .inr 2],
    [(['d'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['d']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e21, e130, e2, e145, e146],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([0], 5, none), ([5], 2, none)],
    [.ask (.append ['a'] e21 none none none), .pause ['a'] ['u'], .ask (.propose ['a'] e2 [r6]), .replay ['a'] 4 ['q'] true (some (1, (.obj (.cons ['c'] (.str ['c']) .nil)))) []],
    [.inr 1, .inr 2, .inr 3, .inr ⟨6, [], [], none, false⟩],
    [(['q'], 6, .live, (some 0), [6, 5, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e126],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] (some 0) ['e'] true), .pause ['e'] ['u'], .inject ['e'] (.str ['b']) ['u']],
    [.inr 0, .inr 1, .inr 2],
    [(['e'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['e']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130, e127, e57, e109, e110],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 4, none), ([4], 5, none)],
    [.pause ['a'] ['u'], .ask (.fork ['a'] (some 1) ['e'] true), .inject ['e'] (.str ['a']) ['u'], .ask (.propose ['a'] e57 [r48]), .replay ['e'] 4 ['p'] false (some (3, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))))) [q147]],
    [.inr 1, .inr 1, .inr 2, .inr 3, .inr ⟨1, [], [], (some 4), false⟩],
    [(['p'], 1, .live, (some 1), [1, 0]), (['e'], 2, .live, (some 1), [2, 1, 0]), (['a'], 5, .live, none, [5, 4, 3, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e126, e73, e63, e64],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.inject ['a'] (.str ['b']) ['u'], .ask (.propose ['a'] e73 [r48, r51])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['b'] false), .ask (.fork ['a'] none ['e'] false), .pause ['a'] ['u'], .ask (.fork ['a'] (some 1) ['f'] false), .gc ['a'] []],
    [.inr 0, .inr 0, .inr 1, .inr 1, .inr 1],
    [(['f'], 1, .live, (some 1), [1, 0]), (['e'], 0, .live, (some 0), [0]), (['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .ask (.fork ['a'] none ['e'] true)],
    [.inr 1, .inr 1],
    [(['e'], 1, .live, (some 1), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e130, e93, e132],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e93 [r25, r26])],
    [.inr 1, .inr 2],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e130, e2, e145, e148, e16],
    [],
    [([], 0, none), ([0], 1, none), ([1], 1, none), ([2], 2, none), ([3], 3, none), ([4], 4, none), ([5], 5, none)],
    [.pause ['a'] ['u'], .pause ['a'] ['u'], .ask (.propose ['a'] e2 [r6]), .resume ['a'] ['u'], .replay ['a'] 6 ['b'] false none [q143]],
    [.inr 1, .inr 2, .inr 3, .inr 5, .inr ⟨2, [], [], (some 3), false⟩],
    [(['b'], 2, .live, (some 0), [2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e126, e81, e149, e150],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([1], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.fork ['s'] (some 1) ['c'] true), .inject ['c'] (.str ['b']) ['u'], .ask (.propose ['c'] e81 [r48, r51])],
    [.inr 1, .inr 1, .inr 3, .inr ⟨4, [3], [], none, true⟩],
    [(['c'], 6, .live, (some 1), [6, 5, 4, 3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e14],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e14 []), .replay ['a'] 1 ['b'] true (some (1, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['c']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))))) []],
    [.inr 1, .inr ⟨0, [], [], none, false⟩],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e138, e8, e136],
    [t10, t139, t151, t152],
    [([], 0, (some 0)), ([0], 1, (some 1)), ([0], 2, (some 2)), ([2, 1], 3, (some 3))],
    [.ask (.fork ['a'] none ['b'] true), .ask (.work ['a'] t151), .ask (.work ['b'] t139), .apply ['b'] ['a']],
    [.inr 0, .inr 0, .inr 0, .inr 3],
    [(['b'], 1, .live, (some 0), [1, 0]), (['a'], 3, .live, none, [3, 2, 0])]⟩ = true := by decide +kernel

end Shepherd.Vectors.Part2
