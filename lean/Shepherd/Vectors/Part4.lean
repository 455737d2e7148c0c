module

public import Shepherd.Vectors.Case

/-! Written by tests/lean/vectors.py: what the sidecar answered. -/

@[expose] public noncomputable section

namespace Shepherd.Vectors.Part4

open Shepherd

def e0 : Event := ⟨.runStart, (.obj (.cons ['n', 'a', 'm', 'e'] (.str ['r']) .nil)), none, .pure⟩
def e1 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .irreversible⟩
def e2 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 1), .pure⟩
def e3 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) .nil))))), (some 1), .pure⟩
def e4 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r5 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'h'], (some ['h']), none⟩
def n6 : Name := ['a', '-', 't', 'a', 'i', 'l']
def e7 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e8 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'a', 'f', 'e', 't', 'y']) .nil)), none, .reversible⟩
def e9 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['p', 'a', 't', 'h', 's'] (.arr (.cons (.str ['a']) .nil)) (.cons ['t', 'o'] (.int 0) .nil))))), none, .pure⟩
def t10 : Tree := [(['a'], .file 420 ['1']), (['l'], .link ['a'])]
def r11 : Ruling := ⟨.deny, ['u'], (some ['x']), none⟩
def e12 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .irreversible⟩
def e13 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def r14 : Ruling := ⟨.allow, ['u'], (some ['y']), none⟩
def e15 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e16 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e17 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .irreversible⟩
def r18 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'k'], (some ['k']), none⟩
def e19 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .pure⟩
def e20 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 3), .pure⟩
def e21 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 4) .nil)))), none, .pure⟩
def e22 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 1), .pure⟩
def r23 : Ruling := ⟨.allow, ['u'], (some ['x']), none⟩
def e24 : Event := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), none, .pure⟩
def e25 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .pure⟩
def e26 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 2), .pure⟩
def e27 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def r28 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def r29 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def e30 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e31 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']) .nil)), none, .pure⟩
def e32 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .irreversible⟩
def e33 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e34 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e35 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'a', 'i', 'l', 'e', 'd']) .nil)), none, .pure⟩
def e36 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def e37 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .pure⟩
def e38 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 1), .pure⟩
def e39 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e40 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r41 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'n'], (some ['n']), none⟩
def e42 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e43 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .pure⟩
def e44 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .irreversible⟩
def r45 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def e46 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e47 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e48 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 0) .nil)))), none, .pure⟩
def e49 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .irreversible⟩
def e50 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 3), .pure⟩
def r51 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))))⟩
def e52 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e53 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .irreversible⟩
def r54 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'm'], (some ['m']), none⟩
def e55 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .pure⟩
def r56 : Ruling := ⟨.override, ['u'], (some ['y']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def e57 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .pure⟩
def e58 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .pure⟩
def e59 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .irreversible⟩
def e60 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .irreversible⟩
def e61 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 3), .pure⟩
def e62 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil)))))), (some 1), .pure⟩
def r63 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def r64 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def r65 : Ruling := ⟨.override, ['u'], (some ['x']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def e66 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 5), .pure⟩
def e67 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e68 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .pure⟩
def e69 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 3), .pure⟩
def e70 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 1), .pure⟩
def n71 : Name := ['c', '-', 't', 'a', 'i', 'l']
def e72 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .irreversible⟩
def e73 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e74 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .pure⟩
def e75 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 2), .pure⟩
def n76 : Name := ['d', '-', 't', 'a', 'i', 'l']
def r77 : Ruling := ⟨.deny, ['u'], (some ['y']), none⟩
def e78 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .pure⟩
def e79 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def n80 : Name := ['e', '-', 't', 'a', 'i', 'l']
def e81 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 2), .pure⟩
def e82 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e83 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .pure⟩
def e84 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def e85 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 1), .pure⟩
def e86 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 2), .pure⟩
def e87 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def e88 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 5), .pure⟩
def n89 : Name := ['e', '-', 't', 'a', 'i', 'l', '-', '2']
def e90 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 3), .pure⟩
def e91 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 3), .pure⟩
def e92 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 2), .pure⟩
def e93 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 5), .pure⟩
def e94 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e95 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e96 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e97 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e98 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 1), .pure⟩
def e99 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def t100 : Tree := [(['b'], .file 420 ['1']), (['l'], .link ['a'])]
def e101 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e102 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .irreversible⟩
def e103 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil)))))), (some 2), .pure⟩
def e104 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e105 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e106 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e107 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 2), .pure⟩
def t108 : Tree := [(['a'], .file 493 ['1']), (['l'], .link ['b'])]
def e109 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e110 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .irreversible⟩
def e111 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 4), .pure⟩
def e112 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 4), .pure⟩
def e113 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def e114 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 3), .pure⟩
def e115 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 1), .pure⟩
def n116 : Name := ['b', '-', 't', 'a', 'i', 'l']
def e117 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def n118 : Name := ['a', '-', 't', 'a', 'i', 'l', '-', 't', 'a', 'i', 'l']
def e119 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 3), .pure⟩
def e120 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 2) .nil)))), none, .pure⟩
def e121 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e122 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 'u', 'm', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e123 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 2), .pure⟩
def e124 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) .nil))))), (some 2), .pure⟩
def e125 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def q126 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), [r5, r18]⟩
def r127 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['a']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q128 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r127]⟩
def t129 : Tree := [(['a'], .file 493 ['2']), (['l'], .link ['a'])]
def q130 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), [r41]⟩
def e131 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['a']) .nil)))), none, .pure⟩
def e132 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['b']) .nil)))), none, .pure⟩
def e133 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 6), .pure⟩
def q134 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), []⟩
def e135 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 1) .nil))))), none, .pure⟩
def q136 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), []⟩
def t137 : Tree := [(['a'], .file 420 ['2'])]
def e138 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 4), .pure⟩
def e139 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 5), .pure⟩
def e140 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 5), .pure⟩
def q141 : Asked := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), []⟩
def q142 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), [r5]⟩
def q143 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), [r41, r54]⟩
def e144 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['p', 'a', 't', 'h', 's'] (.arr (.cons (.str ['a']) .nil)) (.cons ['t', 'o'] (.int 1) .nil))))), none, .pure⟩
def e145 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 2) .nil))))), none, .pure⟩
def n146 : Name := ['q', '-', 't', 'a', 'i', 'l']
def r147 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['b']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q148 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r147]⟩
def e149 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'e', 't', 't', 'l', 'e']) .nil)), none, .reversible⟩
def t150 : Tree := []
def e151 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 2) .nil))))), none, .pure⟩
def e152 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 4) .nil))))), none, .pure⟩

example : Case.agrees ⟨none,
    [e0, e1, e2, e3, e4],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e1 [r5]), .ask (.rewind ['a'] 0 n6), .ask (.append ['a'] e7 none none none)],
    [.inr 1, .inr 0, .inl .unknownIntent],
    [(n6, 4, .discarded, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.restore ['a'] 0 none)],
    [.inl .noWorld],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e12 []), .ask (.rewind ['a'] 2 n6), .ask (.restore n6 3 (some [['a']]))],
    [.inr 1, .inr 3, .inr 2, .inl .noWorld],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e13 none none none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e1 [r5])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 999) ['g'] false)],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.rewind ['a'] 999 n6)],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 0 r14)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.append ['a'] e15 none (some 999) none)],
    [.inl .headMoved],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e15],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e15 none none none), .ask (.decide ['a'] 1 r14)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.append ['a'] e16 none none none)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e17, e2],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e17 [r5, r18]), .ask (.fork ['a'] (some 2) ['g'] true), .ask (.fork ['a'] (some 2) ['c'] false), .gc ['a'] []],
    [.inr 1, .inr 2, .inr 2, .inr 2],
    [(['c'], 2, .live, (some 2), [2, 1, 0]), (['g'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.rewind ['a'] 999 n6)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e19, e2, e17, e20, e8, e9, e21, e22],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, (some 0)), ([5], 6, (some 0)), ([6], 5, (some 0)), ([7], 7, (some 0)), ([8], 8, none)],
    [.ask (.propose ['a'] e19 [r5, r18]), .ask (.propose ['a'] e17 [r5, r18]), .ask (.restore ['a'] 0 (some [['a']])), .ask (.restore ['a'] 4 none), .ask (.discard ['a']), .ask (.decide ['a'] 1 r23), .ask (.decide ['a'] 9 r11)],
    [.inr 1, .inr 3, .inr 5, .inr 7, .inr 8, .inr 9, .inl .unknownIntent],
    [(['a'], 9, .discarded, none, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24, e25, e26, e27],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e24 []), .ask (.propose ['a'] e25 [r28, r29]), .ask (.append ['a'] e27 none none none)],
    [.inr 1, .inr 2, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24, e25, e26, e27, e30],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e24 []), .ask (.propose ['a'] e25 [r28, r29]), .ask (.append ['a'] e27 none none none), .ask (.append ['a'] e30 none none (some ['y'])), .ask (.discard ['a']), .ask (.fork ['a'] (some 5) ['f'] false), .gc ['a'] [(['a'], 5)]],
    [.inr 1, .inr 2, .inr 4, .inr 5, .inr 5, .inr 5, .inr 5],
    [(['f'], 5, .live, (some 5), [5, 4, 3, 2, 1, 0]), (['a'], 5, .discarded, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] none ['a'] true)],
    [.inr 1, .inl .nameTaken],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e32 [r28, r29])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.decide ['a'] 0 r23)],
    [.inr 0, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e33],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e33 none none none)],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['b'] true)],
    [.inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e13 none none none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.takeBack ['a'])],
    [.inr 0, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e33],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e33 none none (some ['x'])), .ask (.append ['a'] e34 none none (some ['x']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e36 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e37, e38, e39, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e37 [r41]), .ask (.append ['a'] e42 none none (some ['x']))],
    [.inr 1, .inl .intentDenied],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e35],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e30 none (some 0) none), .ask (.fork ['a'] (some 1) ['e'] false), .ask (.finish ['e'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['e'] e33 none none none)],
    [.inr 1, .inr 1, .inr 2, .inl .branchClosed],
    [(['e'], 2, .ended, (some 1), [2, 1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.decide ['a'] 999 r11)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43, e2],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e43 [r5]), .ask (.discard ['a']), .ask (.append ['a'] e7 (some t10) none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.propose ['a'] e44 [r45])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['a'] false)],
    [.inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.takeBack ['a']), .ask (.fork ['a'] none ['c'] true), .ask (.rewind ['a'] 0 n6), .ask (.discard ['a']), .gc ['a'] [(['a'], 0)]],
    [.inr 0, .inr 0, .inr 0, .inr 0, .inr 0, .inr 0],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 1) ['b'] true)],
    [.inr 1, .inr 1],
    [(['b'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] false), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['g'] e46 none (some 0) none)],
    [.inr 0, .inr 1, .inl .branchClosed],
    [(['g'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e47 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.rewind ['a'] 0 n6), .ask (.append n6 e33 none none (some ['y']))],
    [.inr 0, .inl .branchClosed],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e48, e1, e20, e15],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.restore ['a'] 0 none), .ask (.propose ['a'] e1 [r5]), .ask (.append ['a'] e15 none (some 4) (some ['x'])), .ask (.append ['a'] e30 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 5, .inl .clientIdConflict],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e12, e49, e20, e50],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.append ['a'] e30 none none (some ['y'])), .ask (.fork ['a'] (some 1) ['d'] false), .ask (.propose ['a'] e12 []), .ask (.propose ['d'] e49 [r51, r5]), .ask (.decide ['d'] 3 r23)],
    [.inr 1, .inr 1, .inr 2, .inr 3, .inr 5],
    [(['d'], 5, .live, (some 1), [5, 4, 3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['f'] false), .ask (.append ['f'] e52 none none (some ['x']))],
    [.inr 0, .inl .unknownIntent],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.propose ['a'] e24 [])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e53, e38, e39, e31],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e53 [r41, r54]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 3) ['b'] false), .gc ['a'] []],
    [.inr 1, .inr 4, .inr 3, .inr 4],
    [(['b'], 3, .live, (some 3), [3, 2, 1, 0]), (['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['f'] true), .ask (.fork ['f'] none ['e'] true), .ask (.finish ['e'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['e'] e30 none none none)],
    [.inr 0, .inr 0, .inr 1, .inl .branchClosed],
    [(['e'], 1, .ended, (some 0), [1, 0]), (['f'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['c'] false)],
    [.inr 0, .inr 0],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 999 r14)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e30 none (some 3) (some ['y']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['e'] true), .ask (.append ['e'] e33 none (some 999) none)],
    [.inr 0, .inl .headMoved],
    [(['e'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e46, e15],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e46 none none none), .ask (.append ['a'] e15 none none (some ['y'])), .ask (.discard ['a']), .ask (.decide ['a'] 2 r11)],
    [.inr 1, .inr 2, .inr 2, .inl .unknownIntent],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e55 [r45])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['g'] 0 r56)],
    [.inr 0, .inr 1, .inl .unknownIntent],
    [(['g'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.decide n6 999 r14)],
    [.inr 0, .inl .unknownIntent],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e53, e38, e39, e31],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e53 [r41, r54]), .ask (.fork ['a'] (some 3) ['b'] true), .ask (.finish ['b'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['b'] e33 none (some 4) (some ['x']))],
    [.inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['b'], 4, .ended, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e57, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e57 []), .ask (.append ['a'] e34 none none none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e58, e2, e24, e15, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e58 [r5, r18]), .ask (.propose ['a'] e24 []), .ask (.append ['a'] e15 none none none), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 5) ['d'] true)],
    [.inr 1, .inr 3, .inr 4, .inr 5, .inr 5],
    [(['d'], 5, .live, (some 5), [5, 4, 3, 2, 1, 0]), (['a'], 5, .ended, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 999 r11)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e33],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e33 none none (some ['x'])), .ask (.append ['a'] e33 none (some 999) (some ['x']))],
    [.inr 1, .inl .headMoved],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e59, e2, e60, e61, e62],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.fork ['a'] none ['b'] true), .ask (.propose ['a'] e59 [r5, r18]), .ask (.propose ['a'] e60 [r63, r64]), .ask (.decide ['a'] 1 r65), .ask (.append ['b'] e66 none none (some ['x']))],
    [.inr 0, .inr 1, .inr 3, .inr 5, .inl .unknownIntent],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e46 none none (some ['y']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.rewind ['a'] 0 n6)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] none ['b'] false)],
    [.inr 0, .inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24, e67, e68, e20, e69],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e24 []), .ask (.append ['a'] e67 none none none), .ask (.propose ['a'] e68 [r51, r5]), .ask (.discard ['a']), .ask (.decide ['a'] 3 r14)],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inr 5],
    [(['a'], 5, .discarded, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] none ['b'] true)],
    [.inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e60, e70, e34],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e60 [r63, r64]), .ask (.fork ['a'] none ['c'] false), .ask (.append ['c'] e34 none none none), .ask (.rewind ['c'] 0 n71), .ask (.append n71 e42 none none none)],
    [.inr 1, .inr 2, .inr 3, .inr 0, .inl .branchClosed],
    [(n71, 3, .discarded, (some 0), [3, 2, 1, 0]), (['c'], 0, .live, (some 2), [0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e72, e38, e39],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e72 [r41]), .ask (.decide ['a'] 1 r65)],
    [.inr 1, .inl .alreadyResolved],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.restore ['a'] 0 none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e68, e2, e73],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([1], 3, (some 0))],
    [.ask (.propose ['a'] e68 [r51, r5]), .ask (.fork ['a'] (some 1) ['d'] true), .ask (.append ['d'] e73 (some t10) none none)],
    [.inr 1, .inr 1, .inr 3],
    [(['d'], 3, .live, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e74, e38, e39, e35],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([2], 4, none)],
    [.ask (.propose ['a'] e74 [r41, r54]), .ask (.rewind ['a'] 2 n6), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 1 r65)],
    [.inr 1, .inr 2, .inr 4, .inl .alreadyResolved],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 4, .ended, none, [4, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e57, e1, e75],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['d'] false), .ask (.rewind ['d'] 0 n76), .ask (.propose ['a'] e57 []), .ask (.propose ['d'] e1 [r5]), .ask (.decide n76 2 r23)],
    [.inr 0, .inr 0, .inr 1, .inr 2, .inl .alreadyResolved],
    [(n76, 0, .discarded, (some 0), [0]), (['d'], 3, .live, (some 0), [3, 2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e24 []), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 2 r77)],
    [.inr 1, .inr 2, .inl .unknownIntent],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e78, e38, e39, e33],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e78 [r41, r54]), .ask (.append ['a'] e33 none (some 3) (some ['x']))],
    [.inr 1, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['c'] true), .gc ['a'] [(['a'], 0)]],
    [.inr 0, .inr 0, .inr 0],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] none ['a'] true)],
    [.inr 1, .inl .nameTaken],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e79 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] none ['e'] true), .ask (.propose ['e'] e24 []), .ask (.rewind ['e'] 1 n80), .ask (.append n80 e67 none none (some ['x']))],
    [.inr 0, .inr 1, .inr 1, .inl .branchClosed],
    [(n80, 1, .discarded, (some 1), [1, 0]), (['e'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e30 none none (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e15 none (some 1) (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12, e55, e81, e82, e35],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e12 []), .ask (.propose ['a'] e55 [r45]), .ask (.append ['a'] e82 none none none), .ask (.fork ['a'] (some 4) ['d'] false), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 4) ['d'] false)],
    [.inr 1, .inr 2, .inr 4, .inr 4, .inr 5, .inl .nameTaken],
    [(['d'], 4, .live, (some 4), [4, 3, 2, 1, 0]), (['a'], 5, .ended, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e67],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e24 []), .ask (.append ['a'] e67 none none none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e46 none (some 0) none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e83, e70, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e83 [r63, r64]), .ask (.append ['a'] e42 none none none), .ask (.append ['a'] e7 (some t10) none none)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43, e2, e62],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.takeBack ['a']), .ask (.propose ['a'] e43 [r5]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r65)],
    [.inl .branchClosed, .inr 1, .inr 2, .inr 3],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e24 []), .ask (.discard ['a']), .ask (.append ['a'] e79 none none none)],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 999 r65)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e78, e38, e39],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.propose ['a'] e78 [r41, r54]), .ask (.append n6 e34 none none (some ['x']))],
    [.inr 0, .inr 1, .inl .branchClosed],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['b'] false), .ask (.append ['b'] e84 none none none)],
    [.inr 0, .inl .unknownIntent],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['a'] false)],
    [.inr 0, .inl .nameTaken],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 999 r65)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e19, e2, e85],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e19 [r5, r18]), .ask (.append ['a'] e79 none none (some ['x']))],
    [.inr 1, .inl .intentDenied],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 1) ['a'] true)],
    [.inr 1, .inl .nameTaken],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.restore ['a'] 999 (some [['a']]))],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.restore ['a'] 999 none)],
    [.inr 0, .inl .unknownCommit],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e78, e86, e87, e43, e88],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([0], 5, none), ([5], 6, none)],
    [.ask (.fork ['a'] none ['e'] false), .ask (.append ['a'] e30 none none (some ['x'])), .ask (.propose ['a'] e78 [r41, r54]), .ask (.propose ['e'] e43 [r5]), .ask (.rewind ['e'] 7 n89)],
    [.inr 0, .inr 1, .inr 2, .inr 5, .inl .unknownCommit],
    [(['e'], 6, .live, (some 0), [6, 5, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e1, e2, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none)],
    [.ask (.fork ['a'] none ['d'] true), .ask (.propose ['a'] e1 [r5]), .ask (.finish ['d'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['d'] (some 3) ['a'] false)],
    [.inr 0, .inr 1, .inr 3, .inl .nameTaken],
    [(['d'], 3, .ended, (some 0), [3, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.propose ['a'] e44 [r45])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e37, e38, e39, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e37 [r41]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e34 none none none)],
    [.inr 1, .inr 4, .inl .branchClosed],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.crash ['a']],
    [.inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e30],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e30 none (some 0) (some ['y'])), .ask (.discard ['a']), .ask (.append ['a'] e33 none none (some ['y']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.fork ['a'] none ['c'] false)],
    [.inr 0, .inr 0],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 999) ['f'] true)],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e15 none (some 0) (some ['y'])), .ask (.append ['a'] e46 none none (some ['y']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e74, e90, e91],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none), ([2], 2, none), ([3], 3, none), ([4], 4, none)],
    [.ask (.propose ['a'] e24 []), .ask (.propose ['a'] e24 []), .ask (.fork ['a'] (some 2) ['c'] true), .ask (.propose ['c'] e74 [r41, r54]), .ask (.fork ['c'] (some 5) ['d'] true), .ask (.rewind ['a'] 0 n6), .gc ['a'] []],
    [.inr 1, .inr 2, .inr 2, .inr 3, .inr 5, .inr 0, .inr 0],
    [(['d'], 5, .live, (some 5), [5, 4, 3, 2, 1, 0]), (['c'], 5, .live, (some 2), [5, 4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e15, e60, e92, e83, e93],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 1, none), ([4], 4, none), ([5], 5, none)],
    [.ask (.append ['a'] e15 none none none), .ask (.propose ['a'] e60 [r63, r64]), .ask (.append ['a'] e15 none none none), .ask (.propose ['a'] e83 [r63, r64]), .ask (.discard ['a']), .ask (.decide ['a'] 5 r77)],
    [.inr 1, .inr 2, .inr 4, .inr 5, .inr 6, .inl .alreadyResolved],
    [(['a'], 6, .discarded, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e68, e2, e12, e94],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.takeBack ['a']), .ask (.propose ['a'] e68 [r51, r5]), .ask (.propose ['a'] e12 []), .ask (.append ['a'] e94 none none none), .ask (.append ['a'] e95 none none none)],
    [.inl .branchClosed, .inr 1, .inr 3, .inr 4, .inl .alreadyResolved],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e30 none none (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e96 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e97 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e33, e32, e26],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e33 none none (some ['y'])), .ask (.propose ['a'] e32 [r28, r29]), .ask (.discard ['a']), .ask (.decide ['a'] 2 r14)],
    [.inr 1, .inr 2, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] none ['g'] true)],
    [.inr 1, .inr 1],
    [(['g'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e68, e2, e98, e99],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e68 [r51, r5]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 4, .discarded, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .crash ['a']],
    [.inr 1, .inr 1],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['e'] true), .ask (.discard ['e']), .ask (.propose ['e'] e43 [r5])],
    [.inr 0, .inr 0, .inl .branchClosed],
    [(['e'], 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e68, e2, e31],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e68 [r51, r5]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e34 none none none)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e24 []), .ask (.append ['a'] e46 none none (some ['x'])), .ask (.work ['a'] t100), .ask (.append ['a'] e101 (some t100) none (some ['x']))],
    [.inr 1, .inr 2, .inr 2, .inl .clientIdConflict],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e57, e34],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.takeBack ['a']), .ask (.propose ['a'] e57 []), .ask (.append ['a'] e34 none none none), .ask (.discard ['a']), .ask (.decide ['a'] 1 r56)],
    [.inl .branchClosed, .inr 1, .inr 2, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e102, e38, e39, e31],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([0], 4, none)],
    [.ask (.fork ['a'] (some 0) ['f'] true), .ask (.propose ['a'] e102 [r41, r54]), .ask (.finish ['f'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['f'] 3 r65)],
    [.inr 0, .inr 1, .inr 4, .inl .unknownIntent],
    [(['f'], 4, .ended, (some 0), [4, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e60, e70],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.propose ['a'] e60 [r63, r64]), .ask (.decide ['c'] 1 r65)],
    [.inr 0, .inr 1, .inl .alreadyResolved],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e49, e75, e103],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([2], 4, none)],
    [.ask (.append ['a'] e30 none (some 0) none), .ask (.propose ['a'] e49 [r51, r5]), .ask (.rewind ['a'] 2 n6), .ask (.decide ['a'] 2 r56)],
    [.inr 1, .inr 2, .inr 2, .inr 4],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 4, .live, none, [4, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e37, e86, e87, e79],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e24 []), .ask (.propose ['a'] e37 [r41]), .ask (.fork ['a'] (some 4) ['d'] true), .ask (.append ['d'] e79 none none none), .ask (.append ['d'] e104 none none none)],
    [.inr 1, .inr 2, .inr 4, .inr 5, .inl .alreadyResolved],
    [(['d'], 5, .live, (some 4), [5, 4, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e15, e25, e26, e105],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 1, none)],
    [.ask (.append ['a'] e15 none none none), .ask (.propose ['a'] e25 [r28, r29]), .ask (.append ['a'] e105 none none none), .ask (.append ['a'] e15 none (some 4) (some ['x'])), .ask (.append ['a'] e106 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 4, .inr 5, .inl .clientIdConflict],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e104],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e24 []), .ask (.append ['a'] e104 none none (some ['x']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24, e104],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] (some 0) ['c'] true), .ask (.propose ['c'] e24 []), .ask (.append ['c'] e104 none none none), .ask (.decide ['c'] 1 r11)],
    [.inr 0, .inr 1, .inr 2, .inl .alreadyResolved],
    [(['c'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e30, e1, e75, e107, e27],
    [t10, t108],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, (some 1))],
    [.ask (.append ['a'] e30 none (some 0) none), .ask (.propose ['a'] e1 [r5]), .ask (.decide ['a'] 2 r14), .ask (.work ['a'] t108), .ask (.append ['a'] e27 (some t108) none none), .ask (.append ['a'] e109 none none none)],
    [.inr 1, .inr 2, .inr 4, .inr 4, .inr 5, .inl .unknownIntent],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e110, e38, e39],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e110 [r5, r41]), .ask (.discard ['a']), .ask (.append ['a'] e42 none none none)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e57, e15, e7, e68, e111, e31],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.propose ['a'] e57 []), .ask (.append ['a'] e15 none none (some ['y'])), .ask (.append ['a'] e7 none none (some ['x'])), .ask (.propose ['a'] e68 [r51, r5]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e112 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inr 6, .inl .branchClosed],
    [(['a'], 6, .ended, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['c'] true), .ask (.append ['c'] e84 none none none)],
    [.inr 0, .inl .unknownIntent],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e83, e70, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0))],
    [.ask (.propose ['a'] e83 [r63, r64]), .ask (.append ['a'] e34 (some t10) none none), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e19, e2, e31],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 3, none)],
    [.ask (.propose ['a'] e19 [r5, r18]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 3) ['b'] true), .ask (.finish ['b'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['b'] e34 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 3, .inr 4, .inl .branchClosed],
    [(['b'], 4, .ended, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e57],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.propose ['a'] e57 []), .ask (.decide n6 1 r77)],
    [.inr 0, .inr 1, .inl .alreadyResolved],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e74, e86, e87, e113],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.takeBack ['a']), .ask (.append ['a'] e30 none none (some ['x'])), .ask (.propose ['a'] e74 [r41, r54]), .ask (.append ['a'] e27 none none (some ['x']))],
    [.inl .branchClosed, .inr 1, .inr 2, .inl .intentDenied],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] none ['a'] true)],
    [.inr 0, .inl .nameTaken],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e30, e44, e114],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none), ([2], 2, none), ([3], 3, none)],
    [.ask (.append ['a'] e30 none none none), .ask (.append ['a'] e30 none none none), .ask (.propose ['a'] e44 [r45]), .ask (.discard ['a']), .ask (.append ['a'] e94 (some t10) none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inl .branchClosed],
    [(['a'], 4, .discarded, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e25, e115, e35],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([0], 3, none)],
    [.ask (.propose ['a'] e25 [r28, r29]), .ask (.fork ['a'] (some 0) ['e'] false), .ask (.finish ['e'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['e'] 1 r56)],
    [.inr 1, .inr 0, .inr 3, .inl .alreadyResolved],
    [(['e'], 3, .ended, (some 0), [3, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e72, e38, e39],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e72 [r41]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e15 none none (some ['y'])), .ask (.rewind ['a'] 1 n6), .ask (.fork ['a'] (some 0) ['b'] false), .ask (.fork ['a'] (some 1) ['e'] true), .ask (.rewind ['b'] 0 n116), .gc ['a'] []],
    [.inr 1, .inr 1, .inr 0, .inr 1, .inr 0, .inr 1],
    [(['e'], 1, .live, (some 1), [1, 0]), (['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e83, e70, e34, e35],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e83 [r63, r64]), .ask (.append ['a'] e34 none none none), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e73 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e15, e35],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e15 none (some 0) (some ['x'])), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e33 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24, e104],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e24 []), .ask (.append ['a'] e104 none none none), .ask (.append ['a'] e34 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .unknownIntent],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e46],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.append n6 e30 none none (some ['y'])), .ask (.append ['a'] e46 none none (some ['x']))],
    [.inr 0, .inl .branchClosed, .inr 1],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.append n6 e30 none none (some ['y'])), .ask (.restore ['a'] 0 none)],
    [.inr 0, .inl .branchClosed, .inl .noWorld],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.append ['a'] e7 none none none), .ask (.append ['a'] e104 none none none)],
    [.inr 0, .inl .unknownIntent, .inl .unknownIntent],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.append ['a'] e7 none none none), .ask (.restore ['a'] 0 none)],
    [.inr 0, .inl .unknownIntent, .inl .noWorld],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .crash n6, .ask (.restore ['a'] 0 none)],
    [.inr 0, .inr 0, .inl .noWorld],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.decide n6 999 r11), .ask (.append n6 e117 none none none)],
    [.inr 1, .inr 2, .inl .unknownIntent, .inl .branchClosed],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e12 []), .ask (.rewind ['a'] 2 n6), .ask (.decide n6 999 r11), .ask (.restore n6 3 (some [['a']]))],
    [.inr 1, .inr 3, .inr 2, .inl .unknownIntent, .inl .noWorld],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e12 []), .ask (.rewind ['a'] 2 n6), .ask (.restore n6 3 (some [['a']])), .ask (.decide ['a'] 2 r56)],
    [.inr 1, .inr 3, .inr 2, .inl .noWorld, .inl .unknownIntent],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.rewind n6 3 n118), .ask (.append n6 e117 none none none)],
    [.inr 1, .inr 2, .inl .branchClosed, .inl .branchClosed],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.rewind n6 3 n118), .ask (.restore n6 1 none)],
    [.inr 1, .inr 2, .inl .branchClosed, .inl .noWorld],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.decide ['a'] 999 r77), .ask (.propose ['a'] e1 [r5])],
    [.inr 0, .inl .unknownIntent, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e102 [r41, r54]), .ask (.discard ['a'])],
    [.inr 0, .inl .branchClosed, .inr 0],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 999 n6), .ask (.discard ['a']), .ask (.append ['a'] e42 none none (some ['x']))],
    [.inl .unknownCommit, .inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e58, e20, e119],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e58 [r5, r18]), .ask (.append ['a'] e95 none none none), .ask (.fork ['a'] (some 999) ['g'] false)],
    [.inr 1, .inr 3, .inl .intentDenied, .inl .unknownCommit],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e58, e20, e119],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.gc ['a'] [], .ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e58 [r5, r18]), .ask (.append ['a'] e95 none none none)],
    [.inr 0, .inr 1, .inr 3, .inl .intentDenied],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e58, e20, e15, e30],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e58 [r5, r18]), .ask (.append ['a'] e15 none none none), .ask (.append ['a'] e30 none none none), .ask (.rewind ['a'] 6 n6), .ask (.restore n6 3 (some [['a']])), .ask (.fork ['a'] (some 999) ['g'] false)],
    [.inr 1, .inr 3, .inr 5, .inr 6, .inr 6, .inl .noWorld, .inl .unknownCommit],
    [(n6, 6, .discarded, (some 6), [6, 5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.rewind ['a'] 999 n6), .ask (.append ['a'] e15 none none none)],
    [.inl .unknownCommit, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e46 none (some 0) none), .ask (.takeBack ['a'])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e46, e15, e8, e120],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0)), ([3], 4, (some 0))],
    [.ask (.append ['a'] e36 none none none), .ask (.append ['a'] e46 none (some 0) none), .ask (.append ['a'] e15 none none (some ['x'])), .ask (.restore ['a'] 2 none)],
    [.inl .unknownIntent, .inr 1, .inr 2, .inr 3],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 0 r14), .gc ['a'] []],
    [.inl .unknownIntent, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['a'] true), .ask (.append ['a'] e46 none (some 0) none)],
    [.inl .nameTaken, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] true), .ask (.takeBack ['a'])],
    [.inl .nameTaken, .inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e46, e15, e8, e120],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0)), ([3], 4, (some 0))],
    [.ask (.append ['a'] e46 none (some 0) none), .ask (.append ['a'] e15 none none (some ['x'])), .ask (.takeBack ['a']), .ask (.restore ['a'] 2 none)],
    [.inr 1, .inr 2, .inl .branchClosed, .inr 3],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e15],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e15 none (some 999) none), .ask (.append ['a'] e15 none none none)],
    [.inl .headMoved, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.rename ['a'] ['a']],
    [.inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e121, e122],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .resume ['a'] ['u']],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.rename ['a'] ['r'], .ask (.finish ['r'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 1) ['e'] true), .apply ['e'] ['r']],
    [.inr 0, .inr 1, .inr 1, .inl .branchClosed],
    [(['e'], 1, .live, (some 1), [1, 0]), (['r'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.rename ['a'] ['t'], .ask (.discard ['t']), .inject ['t'] (.str ['a']) ['u']],
    [.inr 0, .inr 0, .inl .branchClosed],
    [(['t'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e58, e2],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e58 [r5, r18]), .ask (.rewind ['a'] 2 n6), .pause n6 ['u']],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .rename ['a'] ['r'], .pause ['r'] ['u']],
    [.inr 0, .inr 0, .inl .branchClosed],
    [(['r'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e121, e19, e123, e124, e125],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e19 [r5, r18]), .ask (.rewind ['a'] 1 n6), .replay ['b'] 4 ['q'] false none [q126]],
    [.inr 1, .inr 2, .inr 1, .inr ⟨1, [], [], (some 4), false⟩],
    [(['q'], 1, .live, (some 0), [1, 0]), (n6, 5, .discarded, (some 1), [5, 4, 3, 2, 1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.replay ['a'] 999 ['b'] true none []],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e15],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.replay ['a'] 0 ['b'] false none [q128], .pause ['b'] ['u'], .ask (.append ['b'] e15 none (some 1) (some ['x']))],
    [.inr ⟨0, [], [], (some 0), true⟩, .inr 1, .inr 2],
    [(['b'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['b']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.pause ['a'] ['u'], .ask (.work ['a'] t129)],
    [.inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e46, e55, e81],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e46 none none (some ['x'])), .ask (.propose ['a'] e55 [r45]), .replay ['a'] 2 ['p'] false none [q130]],
    [.inr 1, .inr 2, .inr ⟨1, [], [], (some 2), false⟩],
    [(['p'], 1, .live, (some 0), [1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .apply ['a'] ['f']],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.replay ['a'] 0 ['b'] false none []],
    [.inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.rename ['a'] ['r'], .pause ['r'] ['u'], .ask (.discard ['r'])],
    [.inr 0, .inr 1, .inr 1],
    [(['r'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e131],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.takeBack ['a']), .inject ['a'] (.str ['a']) ['u']],
    [.inl .branchClosed, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e58, e75, e121],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e24 []), .ask (.propose ['a'] e58 [r5, r18]), .pause ['a'] ['u'], .ask (.rewind ['a'] 3 n6)],
    [.inr 1, .inr 2, .inr 4, .inr 3],
    [(n6, 4, .discarded, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e68, e2],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e68 [r51, r5]), .rename ['a'] ['s']],
    [.inr 1, .inr 2],
    [(['s'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e24, e121, e79],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e24 []), .ask (.fork ['a'] none ['b'] true), .pause ['b'] ['u'], .ask (.append ['b'] e79 none none none)],
    [.inr 1, .inr 1, .inr 2, .inr 3],
    [(['b'], 3, .live, (some 1), [3, 2, 1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['b']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.replay ['a'] 0 ['p'] false none [], .ask (.discard ['p']), .rename ['p'] ['t']],
    [.inr 0, .inr 0, .inr 0],
    [(['t'], 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e132, e55, e81],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.inject ['a'] (.str ['b']) ['u'], .ask (.propose ['a'] e55 [r45])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.replay ['a'] 0 ['p'] false none [], .pause ['a'] ['u'], .ask (.fork ['a'] (some 0) ['f'] false), .gc ['a'] []],
    [.inr 0, .inr 1, .inr 0, .inr 1],
    [(['f'], 0, .live, (some 0), [0]), (['p'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e15, e121, e8, e48],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none), ([2], 2, none), ([3], 3, (some 0)), ([4], 4, (some 0))],
    [.ask (.append ['a'] e15 none none none), .ask (.append ['a'] e15 none none none), .pause ['a'] ['u'], .ask (.restore ['a'] 0 none), .ask (.rewind ['a'] 5 n6)],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inr 5],
    [(n6, 5, .discarded, (some 5), [5, 4, 3, 2, 1, 0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e46 none (some 1) none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e102, e38, e39, e40, e121, e57, e133],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([0], 6, none), ([6], 7, none)],
    [.ask (.propose ['a'] e102 [r41, r54]), .ask (.append ['a'] e42 (some t10) none none), .pause ['a'] ['u'], .ask (.rewind ['a'] 0 n6), .ask (.propose ['a'] e57 []), .replay n6 6 ['q'] false (some (6, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))))) [q134, q128]],
    [.inr 1, .inl .intentDenied, .inr 5, .inr 0, .inr 6, .inr ⟨0, [], [], (some 6), false⟩],
    [(['q'], 0, .live, (some 0), [0]), (n6, 5, .discarded, (some 0), [5, 4, 3, 2, 1, 0]), (['a'], 7, .live, none, [7, 6, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e121, e33],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e33 none none none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e31],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .inject ['a'] (.str ['b']) ['u']],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e135],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0, 1], 2, (some 0))],
    [.replay ['a'] 0 ['q'] false none [q136], .pause ['a'] ['u'], .apply ['a'] ['q'], .apply ['a'] ['q']],
    [.inr ⟨0, [], [], (some 0), true⟩, .inr 1, .inr 2, .inr 2],
    [(['q'], 2, .live, (some 0), [2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] (some 0) ['b'] false), .rename ['b'] ['s'], .pause ['s'] ['u'], .ask (.append ['s'] e46 none none (some ['x']))],
    [.inr 0, .inr 0, .inr 1, .inr 2],
    [(['s'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['s']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['b'] false), .ask (.work ['a'] t137), .apply ['b'] ['a']],
    [.inr 0, .inr 0, .inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e59, e123],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e59 [r5, r18])],
    [.inr 1, .inr 2],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17, e2, e31],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e17 [r5, r18]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e42 none none none)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e35, e135],
    [],
    [([], 0, none), ([0], 1, none), ([0, 1], 2, none)],
    [.ask (.fork ['a'] none ['g'] true), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['g'] ['a']],
    [.inr 0, .inr 1, .inr 2],
    [(['g'], 1, .ended, (some 0), [1, 0]), (['a'], 2, .live, none, [2, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e131, e25, e26],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.inject ['a'] (.str ['a']) ['u'], .ask (.propose ['a'] e25 [r28, r29])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e1, e2, e121, e24, e138],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 3, none)],
    [.ask (.propose ['a'] e1 [r5]), .pause ['a'] ['u'], .ask (.propose ['a'] e24 []), .pause ['a'] ['u'], .replay ['a'] 6 ['q'] true none []],
    [.inr 1, .inr 3, .inr 4, .inr 6, .inr ⟨0, [], [], none, false⟩],
    [(['q'], 0, .live, (some 0), [0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e24, e1, e75, e121, e102, e139, e140],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([0], 5, none), ([5], 6, none), ([6], 7, none)],
    [.ask (.propose ['a'] e24 []), .ask (.propose ['a'] e1 [r5]), .replay ['a'] 3 ['q'] false none [q141, q142], .pause ['a'] ['u'], .ask (.propose ['q'] e102 [r41, r54]), .replay ['q'] 7 ['p'] false none [q143]],
    [.inr 1, .inr 2, .inr ⟨0, [], [], (some 3), false⟩, .inr 4, .inr 5, .inr ⟨7, [7], [], none, true⟩],
    [(['p'], 7, .live, (some 0), [7, 6, 5, 0]), (['q'], 7, .live, (some 0), [7, 6, 5, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e46 none none none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e83, e70, e121, e34],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e83 [r63, r64]), .pause ['a'] ['u'], .ask (.append ['a'] e34 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43, e2],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e43 [r5]), .ask (.rewind ['a'] 999 n6)],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e132, e83, e92],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.inject ['a'] (.str ['b']) ['u'], .ask (.propose ['a'] e83 [r63, r64])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e121, e8, e144],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0)), ([2], 3, (some 0))],
    [.pause ['a'] ['u'], .ask (.restore ['a'] 1 (some [['a']]))],
    [.inr 1, .inr 2],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e48, e43, e20],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none)],
    [.ask (.restore ['a'] 0 none), .ask (.propose ['a'] e43 [r5]), .replay ['a'] 3 ['b'] false (some (3, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['c']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))))) []],
    [.inr 1, .inr 3, .inr ⟨2, [], [], none, false⟩],
    [(['b'], 2, .live, (some 2), [2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e121, e145],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1, 2], 3, none)],
    [.ask (.append ['a'] e30 none none none), .pause ['a'] ['u'], .replay ['a'] 1 ['q'] false none [], .apply ['a'] ['q'], .replay n146 1 ['b'] false none [q148], .apply ['a'] ['b']],
    [.inr 1, .inr 2, .inr 1, .inr 3, .inr ⟨1, [], [], (some 1), true⟩, .inr 3],
    [(['b'], 3, .live, (some 0), [3, 1, 0]), (['q'], 3, .live, (some 0), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e149],
    [t10, t150],
    [([], 0, (some 0)), ([0], 1, (some 1))],
    [.ask (.fork ['a'] none ['b'] true), .ask (.work ['a'] t137), .ask (.work ['b'] t150), .apply ['b'] ['a']],
    [.inr 0, .inr 0, .inr 0, .inr ⟨0, [], [['a']], none, true⟩],
    [(['b'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e30, e15, e151, e135, e152],
    [],
    [([], 0, none), ([0], 1, none), ([0], 2, none), ([1, 2], 3, none), ([2, 1], 4, none), ([3, 4], 5, none)],
    [.ask (.fork ['a'] none ['b'] false), .ask (.append ['a'] e30 none none none), .ask (.append ['b'] e15 none none none), .ask (.fork ['a'] none ['c'] false), .ask (.fork ['b'] none ['d'] false), .apply ['b'] ['a'], .apply ['c'] ['b'], .apply ['b'] ['a']],
    [.inr 0, .inr 1, .inr 2, .inr 1, .inr 2, .inr 3, .inr 4, .inr 5],
    [(['d'], 2, .live, (some 2), [2, 0]), (['c'], 1, .live, (some 1), [1, 0]), (['b'], 4, .live, (some 0), [4, 2, 0]), (['a'], 5, .live, none, [5, 3, 1, 0])]⟩ = true := by decide +kernel

end Shepherd.Vectors.Part4
