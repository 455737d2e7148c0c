module

public import Shepherd.Vectors.Case

/-! Written by tests/lean/vectors.py: what the sidecar answered. -/

@[expose] public noncomputable section

namespace Shepherd.Vectors.Part3

open Shepherd

def e0 : Event := ⟨.runStart, (.obj (.cons ['n', 'a', 'm', 'e'] (.str ['r']) .nil)), none, .pure⟩
def e1 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .irreversible⟩
def e2 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 1), .pure⟩
def e3 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) .nil))))), (some 1), .pure⟩
def e4 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['r', 'e', 'w', 'i', 'n', 'd']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r5 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'h'], (some ['h']), none⟩
def n6 : Name := ['a', '-', 't', 'a', 'i', 'l']
def e7 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e8 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'a', 'f', 'e', 't', 'y']) .nil)), none, .reversible⟩
def e9 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['p', 'a', 't', 'h', 's'] (.arr (.cons (.str ['a']) .nil)) (.cons ['t', 'o'] (.int 0) .nil))))), none, .pure⟩
def t10 : Tree := [(['a'], .file 420 ['1']), (['l'], .link ['a'])]
def r11 : Ruling := ⟨.override, ['u'], (some ['x']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def e12 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e13 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e14 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .irreversible⟩
def r15 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'n'], (some ['n']), none⟩
def r16 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'm'], (some ['m']), none⟩
def e17 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e18 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .pure⟩
def e19 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 3), .pure⟩
def e20 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 3), .pure⟩
def r21 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'k'], (some ['k']), none⟩
def e22 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e23 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def t24 : Tree := [(['a'], .file 420 ['2'])]
def e25 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e26 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .irreversible⟩
def e27 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .irreversible⟩
def e28 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .pure⟩
def e29 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 1), .pure⟩
def r30 : Ruling := ⟨.allow, ['u'], (some ['x']), none⟩
def e31 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .irreversible⟩
def r32 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def r33 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def e34 : Event := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), none, .pure⟩
def e35 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .pure⟩
def e36 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 2), .pure⟩
def e37 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def r38 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def r39 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def e40 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']) .nil)), none, .pure⟩
def e41 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .irreversible⟩
def e42 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e43 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'a', 'i', 'l', 'e', 'd']) .nil)), none, .pure⟩
def e44 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .pure⟩
def e45 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 1), .pure⟩
def e46 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e47 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .irreversible⟩
def e48 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 1), .pure⟩
def r49 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def e50 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .pure⟩
def e51 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e52 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .irreversible⟩
def r53 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))))⟩
def e54 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 1), .pure⟩
def e55 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e56 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .pure⟩
def e57 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 0) .nil)))), none, .pure⟩
def e58 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e59 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e60 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 2), .pure⟩
def e61 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def r62 : Ruling := ⟨.deny, ['u'], (some ['x']), none⟩
def e63 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .irreversible⟩
def r64 : Ruling := ⟨.override, ['u'], (some ['y']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def e65 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e66 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .pure⟩
def e67 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def r68 : Ruling := ⟨.allow, ['u'], (some ['y']), none⟩
def r69 : Ruling := ⟨.deny, ['u'], (some ['y']), none⟩
def e70 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e71 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e72 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .irreversible⟩
def e73 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .irreversible⟩
def e74 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 4), .pure⟩
def e75 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 4), .pure⟩
def e76 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 4), .pure⟩
def e77 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 1) .nil)))), none, .pure⟩
def e78 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e79 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .pure⟩
def e80 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .pure⟩
def e81 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e82 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def e83 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 2), .pure⟩
def e84 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 5), .pure⟩
def e85 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def t86 : Tree := [(['a'], .file 420 ['1']), (['d'], .dir 493), (['d', '/', 'b'], .file 420 ['3'])]
def e87 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e88 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 6), .pure⟩
def e89 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 6), .pure⟩
def e90 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 9), .pure⟩
def n91 : Name := ['e', '-', 't', 'a', 'i', 'l']
def t92 : Tree := [(['a'], .file 493 ['1']), (['l'], .link ['b'])]
def e93 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e94 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 3), .pure⟩
def e95 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e96 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .pure⟩
def e97 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 2), .pure⟩
def e98 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e99 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def e100 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 3), .pure⟩
def e101 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 3), .pure⟩
def e102 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 3), .pure⟩
def e103 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 7), .pure⟩
def e104 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 1), .pure⟩
def e105 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e106 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 1), .pure⟩
def t107 : Tree := [(['b'], .file 420 ['1']), (['l'], .link ['a'])]
def e108 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e109 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def e110 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil)))))), (some 1), .pure⟩
def e111 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .pure⟩
def n112 : Name := ['a', '-', 't', 'a', 'i', 'l', '-', '2']
def e113 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e114 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 3), .pure⟩
def e115 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def e116 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil)))))), (some 1), .pure⟩
def e117 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e118 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 4), .pure⟩
def e119 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 4), .pure⟩
def e120 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 4), .pure⟩
def e121 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 4), .pure⟩
def e122 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e123 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def n124 : Name := ['a', '-', 't', 'a', 'i', 'l', '-', 't', 'a', 'i', 'l']
def e125 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 6) .nil)))), none, .pure⟩
def e126 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 2) .nil)))), none, .pure⟩
def e127 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e128 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['b']) .nil)))), none, .pure⟩
def e129 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['a']) .nil)))), none, .pure⟩
def q130 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), [r15]⟩
def e131 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 2), .pure⟩
def e132 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 4), .pure⟩
def e133 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 'u', 'm', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e134 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 1) .nil))))), none, .pure⟩
def e135 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 3) .nil))))), none, .pure⟩
def e136 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def q137 : Asked := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), []⟩
def q138 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), []⟩
def e139 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 2) .nil))))), none, .pure⟩
def e140 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'e', 't', 't', 'l', 'e']) .nil)), none, .reversible⟩
def t141 : Tree := [(['a'], .file 493 ['2']), (['l'], .link ['a'])]
def e142 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 1), .pure⟩
def e143 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['c']) .nil)), none, .pure⟩
def e144 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .irreversible⟩
def q145 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), [r15]⟩
def q146 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), [r15, r16]⟩
def r147 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['b']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q148 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r147]⟩
def t149 : Tree := [(['a'], .file 420 ['2']), (['l'], .link ['a'])]

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
    [.ask (.rewind ['a'] 0 n6), .ask (.discard n6)],
    [.inr 0, .inr 0],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.decide n6 0 r11)],
    [.inr 1, .inr 2, .inl .unknownIntent],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.restore n6 1 none)],
    [.inr 1, .inr 2, .inl .noWorld],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e12 none (some 0) none), .ask (.discard ['a']), .ask (.append ['a'] e13 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e14 [r15, r16])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e17 none none none)],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e18, e19, e17, e12, e20],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e18 [r5, r21]), .ask (.append ['a'] e17 none none none), .ask (.append ['a'] e12 none none none), .ask (.append ['a'] e22 none none none), .ask (.rewind ['a'] 6 n6)],
    [.inr 1, .inr 3, .inr 5, .inr 6, .inl .intentDenied, .inr 6],
    [(n6, 7, .discarded, (some 6), [7, 6, 5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e23 none none none)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.work ['a'] t24)],
    [.inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.append ['a'] e25 none none none)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e26, e2, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e26 [r5, r21]), .ask (.fork ['a'] (some 2) ['g'] true), .ask (.append ['g'] e12 none none (some ['y']))],
    [.inr 1, .inr 2, .inr 3],
    [(['g'], 3, .live, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e26, e2],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e26 [r5, r21]), .ask (.fork ['a'] (some 2) ['c'] false)],
    [.inr 1, .inr 2],
    [(['c'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.propose ['a'] e27 [])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e28, e2, e29],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e28 [r5, r21]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r30)],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.propose ['a'] e31 [r32, r33])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e34, e35, e36, e37, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e34 []), .ask (.propose ['a'] e35 [r38, r39]), .ask (.append ['a'] e37 none none none), .ask (.append ['a'] e12 none none (some ['y'])), .ask (.discard ['a']), .ask (.fork ['a'] (some 5) ['f'] false)],
    [.inr 1, .inr 2, .inr 4, .inr 5, .inr 5, .inr 5],
    [(['f'], 5, .live, (some 5), [5, 4, 3, 2, 1, 0]), (['a'], 5, .discarded, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e40],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd'])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e40],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e41 [r5, r21])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e17 none none none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.fork n6 (some 999) ['c'] true)],
    [.inr 0, .inl .unknownCommit],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e27],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e27 []), .ask (.fork ['a'] (some 1) ['f'] false)],
    [.inr 1, .inr 1],
    [(['f'], 1, .live, (some 1), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e42 none none none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.takeBack ['a']), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.discard ['a'])],
    [.inl .branchClosed, .inr 1, .inr 1],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e42 none none (some ['y'])), .ask (.discard ['a']), .ask (.append ['a'] e12 none none (some ['y']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e12 none none (some ['y']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .gc ['a'] []],
    [.inr 1, .inr 1],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e44, e45, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e44 [r15]), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inl .alreadyResolved],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e47, e48],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e47 [r49])],
    [.inr 1],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e50, e2],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e50 [r5]), .ask (.discard ['a']), .ask (.append ['a'] e51 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.propose ['a'] e52 [r53, r5])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.decide ['a'] 999 r11)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.takeBack ['a']), .ask (.fork ['a'] none ['c'] true)],
    [.inr 0, .inr 0, .inr 0],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e42 none (some 0) (some ['x'])), .ask (.append ['a'] e13 none none (some ['x']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e18, e2, e54],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] none ['b'] false), .ask (.propose ['b'] e18 [r5, r21]), .ask (.append ['b'] e55 none none none)],
    [.inr 0, .inr 1, .inl .intentDenied],
    [(['b'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .gc ['a'] []],
    [.inr 0, .inl .unknownBranch],
    []⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e40],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e56 [r15, r16])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.finish ['g'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.work ['g'] t24)],
    [.inr 0, .inr 1, .inr 1],
    [(['g'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e57, e1, e19],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['d'] true), .ask (.restore ['a'] 0 none), .ask (.propose ['a'] e1 [r5]), .ask (.decide ['d'] 3 r11)],
    [.inr 0, .inr 1, .inr 3, .inl .alreadyResolved],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e58, e40],
    [],
    [([], 0, none), ([0], 1, none), ([0], 2, none)],
    [.ask (.fork ['a'] (some 0) ['f'] false), .ask (.append ['a'] e58 none none none), .ask (.finish ['f'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['f'] e59 none none (some ['x']))],
    [.inr 0, .inr 1, .inr 2, .inl .branchClosed],
    [(['f'], 2, .ended, (some 0), [2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12, e56, e60, e61],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.append ['a'] e12 none none (some ['x'])), .ask (.propose ['a'] e56 [r15, r16]), .ask (.decide ['a'] 2 r62)],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e63, e45, e46, e40],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e63 [r15, r16]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 2 r64)],
    [.inr 1, .inr 4, .inl .unknownIntent],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e28, e2, e29],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e28 [r5, r21]), .ask (.decide ['a'] 1 r30)],
    [.inr 1, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e52, e2, e54],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.propose ['c'] e52 [r53, r5]), .ask (.append ['c'] e59 none none (some ['x']))],
    [.inr 0, .inr 1, .inl .intentDenied],
    [(['c'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e65 none none (some ['x']))],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e66, e67],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e66 []), .ask (.append ['a'] e67 none none none), .ask (.append ['a'] e67 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e34 []), .ask (.decide ['a'] 1 r68)],
    [.inr 1, .inl .alreadyResolved],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42, e17],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e42 none none none), .ask (.rewind ['a'] 1 n6), .ask (.append ['a'] e17 none none (some ['y'])), .ask (.decide n6 2 r30)],
    [.inr 1, .inr 1, .inr 2, .inl .unknownIntent],
    [(n6, 1, .discarded, (some 1), [1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.decide ['a'] 999 r68)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e17 none none (some ['x']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.decide ['a'] 0 r68)],
    [.inr 0, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.decide ['a'] 999 r62)],
    [.inr 0, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e17],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.append ['g'] e17 none none (some ['y'])), .ask (.append ['g'] e17 none none (some ['y']))],
    [.inr 0, .inr 1, .inr 1],
    [(['g'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e52 [r53, r5])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e18, e2, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e18 [r5, r21]), .ask (.propose ['a'] e34 []), .ask (.decide ['a'] 3 r64)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.rewind ['a'] 1 n6)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e58],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e58 none none (some ['x'])), .ask (.append ['a'] e65 none none (some ['x']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 999 r69)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e70 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e35 [r38, r39])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e12 none (some 0) (some ['y'])), .ask (.fork ['a'] (some 1) ['c'] true), .ask (.append ['c'] e71 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .unknownIntent],
    [(['c'], 1, .live, (some 1), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e25 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['f'] false), .ask (.fork ['a'] none ['f'] true)],
    [.inr 0, .inl .nameTaken],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e72, e45, e46],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['f'] true), .ask (.propose ['f'] e72 [r5, r15]), .ask (.decide ['f'] 1 r68)],
    [.inr 0, .inr 1, .inl .alreadyResolved],
    [(['f'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e73, e45, e46, e44, e74, e75],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([0], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.propose ['a'] e73 [r15]), .ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['f'] false), .ask (.propose ['f'] e44 [r15]), .ask (.append ['a'] e76 none none none)],
    [.inr 1, .inr 3, .inr 0, .inr 4, .inl .branchClosed],
    [(['f'], 6, .live, (some 0), [6, 5, 4, 0]), (['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e52, e2, e54, e8, e77],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, (some 0)), ([4], 5, (some 0)), ([5], 3, none), ([6], 3, none)],
    [.ask (.propose ['a'] e52 [r53, r5]), .ask (.append ['a'] e78 none none none), .ask (.restore ['a'] 1 none), .ask (.append ['a'] e13 none none none), .ask (.fork ['a'] (some 6) ['d'] true), .ask (.append ['d'] e13 none none none)],
    [.inr 1, .inl .intentDenied, .inr 4, .inl .intentDenied, .inr 6, .inl .intentDenied],
    [(['d'], 7, .live, (some 6), [7, 6, 5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e79, e2, e54],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e79 [r53, r5]), .ask (.append ['a'] e59 (some t10) none (some ['x']))],
    [.inr 1, .inl .intentDenied],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e80, e45, e46, e81],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([2], 4, none)],
    [.ask (.propose ['a'] e80 [r15, r16]), .ask (.rewind ['a'] 2 n6), .ask (.append ['a'] e13 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .intentDenied],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 4, .live, none, [4, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e82 none none none)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e34, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e34 []), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 2 r30)],
    [.inr 1, .inr 2, .inl .unknownIntent],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['b'] true), .ask (.append ['b'] e58 none (some 999) (some ['x']))],
    [.inr 0, .inl .headMoved],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] none ['e'] false)],
    [.inr 0],
    [(['e'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.decide ['a'] 999 r30)],
    [.inr 0, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e17 none (some 0) (some ['x']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43, e50, e83],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 1) ['e'] true), .ask (.propose ['e'] e50 [r5]), .ask (.decide ['a'] 3 r30)],
    [.inr 1, .inr 1, .inr 2, .inl .unknownIntent],
    [(['e'], 3, .live, (some 1), [3, 2, 1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e58 none none (some ['y']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e42 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e44 [r15])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.takeBack ['a'])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] none ['a'] false)],
    [.inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e50, e2],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.takeBack ['a']), .ask (.propose ['a'] e50 [r5]), .ask (.discard ['a']), .ask (.append ['a'] e13 none none none)],
    [.inl .branchClosed, .inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e34, e7],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e34 []), .ask (.append ['a'] e7 none none (some ['x'])), .ask (.discard ['a']), .ask (.decide ['a'] 1 r68)],
    [.inr 1, .inr 2, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e34, e44, e60, e61],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e34 []), .ask (.propose ['a'] e44 [r15]), .ask (.fork ['a'] (some 3) ['b'] false), .ask (.discard ['b']), .ask (.decide ['b'] 2 r11)],
    [.inr 1, .inr 2, .inr 3, .inr 3, .inl .alreadyResolved],
    [(['b'], 3, .discarded, (some 3), [3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43, e52, e83],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none), ([2], 3, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 0) ['d'] true), .ask (.propose ['d'] e52 [r53, r5]), .ask (.fork ['a'] (some 3) ['e'] true), .gc ['a'] []],
    [.inr 1, .inr 0, .inr 2, .inr 3, .inr 1],
    [(['e'], 3, .live, (some 3), [3, 2, 0]), (['d'], 3, .live, (some 0), [3, 2, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e41, e2, e29, e17, e50, e84],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 4, none)],
    [.ask (.propose ['a'] e41 [r5, r21]), .ask (.decide ['a'] 1 r30), .ask (.append ['a'] e17 none none none), .ask (.propose ['a'] e50 [r5]), .ask (.append ['a'] e17 none (some 6) none), .ask (.fork ['a'] (some 7) ['e'] true), .ask (.decide ['e'] 5 r68)],
    [.inr 1, .inr 3, .inr 4, .inr 5, .inr 7, .inr 7, .inl .alreadyResolved],
    [(['e'], 7, .live, (some 7), [7, 6, 5, 4, 3, 2, 1, 0]), (['a'], 7, .live, none, [7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e85 none none none)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e2, e42, e54],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e52 [r53, r5]), .ask (.append ['a'] e42 none (some 2) (some ['x'])), .ask (.append ['a'] e67 none none (some ['x']))],
    [.inr 1, .inr 3, .inl .intentDenied],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e56, e45, e46, e81],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e56 [r15, r16]), .ask (.work ['a'] t86), .ask (.append ['a'] e87 (some t86) none (some ['x']))],
    [.inr 1, .inr 3, .inl .intentDenied],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 1 r62)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] none ['c'] false)],
    [.inr 1, .inr 1],
    [(['c'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 999) ['a'] true)],
    [.inr 0, .inl .unknownCommit],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e72, e45, e46, e12, e42, e56, e88, e89, e50, e90],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none), ([7], 8, none), ([0], 9, none), ([9], 10, none)],
    [.ask (.fork ['a'] none ['e'] false), .ask (.propose ['a'] e72 [r5, r15]), .ask (.append ['a'] e12 none none (some ['x'])), .ask (.append ['a'] e42 none none none), .ask (.propose ['a'] e56 [r15, r16]), .ask (.propose ['e'] e50 [r5]), .ask (.rewind ['e'] 10 n91)],
    [.inr 0, .inr 1, .inr 4, .inr 5, .inr 6, .inr 9, .inr 10],
    [(n91, 10, .discarded, (some 10), [10, 9, 0]), (['e'], 10, .live, (some 0), [10, 9, 0]), (['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e1, e2, e43, e12, e54],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none), ([2], 4, none), ([4], 5, none)],
    [.ask (.fork ['a'] none ['d'] true), .ask (.propose ['a'] e1 [r5]), .ask (.work ['a'] t92), .ask (.finish ['d'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e12 none none none), .ask (.append ['a'] e59 (some t92) none none), .ask (.decide ['d'] 5 r11)],
    [.inr 0, .inr 1, .inr 2, .inr 3, .inr 4, .inl .intentDenied, .inl .unknownIntent],
    [(['d'], 3, .ended, (some 0), [3, 0]), (['a'], 5, .live, none, [5, 4, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.rewind ['a'] 0 n6), .ask (.decide n6 999 r64)],
    [.inr 0, .inl .unknownIntent],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e12 none (some 2) none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e58, e42, e34],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e58 none none (some ['x'])), .ask (.append ['a'] e42 none (some 1) none), .ask (.propose ['a'] e34 []), .ask (.append ['a'] e93 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inl .clientIdConflict],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e73, e45, e46, e81],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 4, none)],
    [.ask (.propose ['a'] e73 [r15]), .ask (.append ['a'] e67 none none none), .ask (.append ['a'] e59 none none none), .ask (.rewind ['a'] 5 n6), .ask (.append n6 e67 none none (some ['x']))],
    [.inr 1, .inl .intentDenied, .inl .intentDenied, .inr 5, .inl .branchClosed],
    [(n6, 5, .discarded, (some 5), [5, 4, 3, 2, 1, 0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none), ([2], 1, none)],
    [.ask (.append ['a'] e12 none none none), .ask (.append ['a'] e12 none none (some ['x'])), .ask (.append ['a'] e12 none none (some ['y'])), .ask (.append ['a'] e12 none (some 3) (some ['y']))],
    [.inr 1, .inr 2, .inr 3, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e40, e12, e31, e94, e22],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 1) ['g'] false), .ask (.append ['g'] e12 none none (some ['x'])), .ask (.propose ['g'] e31 [r32, r33]), .ask (.fork ['g'] none ['e'] true), .ask (.append ['e'] e22 none none none), .ask (.append ['e'] e95 none none (some ['x']))],
    [.inr 1, .inr 1, .inr 2, .inr 3, .inr 4, .inr 5, .inl .unknownIntent],
    [(['e'], 5, .live, (some 4), [5, 4, 3, 2, 1, 0]), (['g'], 4, .live, (some 1), [4, 3, 2, 1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40, e96, e97],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['f'] true), .ask (.finish ['f'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['a'] e96 [r49]), .ask (.append ['f'] e98 none none none)],
    [.inr 0, .inr 1, .inr 2, .inl .branchClosed],
    [(['f'], 1, .ended, (some 0), [1, 0]), (['a'], 3, .live, none, [3, 2, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e99 none none (some ['x']))],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e50, e2, e80, e100, e101, e102, e103, e12, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 1, none), ([7], 7, none), ([8], 8, none), ([7], 9, none)],
    [.ask (.propose ['a'] e50 [r5]), .ask (.propose ['a'] e80 [r15, r16]), .ask (.append ['a'] e98 (some t10) none none), .ask (.propose ['a'] e50 [r5]), .ask (.fork ['a'] (some 7) ['f'] false), .ask (.append ['a'] e12 none none (some ['y'])), .ask (.append ['f'] e42 none none none), .ask (.restore ['f'] 10 (some [['a']]))],
    [.inr 1, .inr 3, .inl .intentDenied, .inr 7, .inr 7, .inr 9, .inr 10, .inl .noWorld],
    [(['f'], 10, .live, (some 7), [10, 7, 6, 5, 4, 3, 2, 1, 0]), (['a'], 9, .live, none, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e41, e2, e56, e100, e101],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.takeBack ['a']), .ask (.propose ['a'] e41 [r5, r21]), .ask (.fork ['a'] (some 1) ['g'] true), .ask (.propose ['g'] e56 [r15, r16]), .ask (.decide ['a'] 5 r69)],
    [.inl .branchClosed, .inr 1, .inr 1, .inr 3, .inl .unknownIntent],
    [(['g'], 5, .live, (some 1), [5, 4, 3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e28, e2, e54],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 3, none)],
    [.ask (.propose ['a'] e28 [r5, r21]), .ask (.append ['a'] e67 none none none), .ask (.fork ['a'] (some 3) ['c'] true), .ask (.append ['c'] e70 none none (some ['x']))],
    [.inr 1, .inl .intentDenied, .inr 3, .inl .intentDenied],
    [(['c'], 4, .live, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e2, e40, e104, e105],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e52 [r53, r5]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r69)],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 5, .ended, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e1, e2, e40, e106],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e1 [r5]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r68)],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e12 none none none), .ask (.append ['a'] e58 none (some 0) (some ['x']))],
    [.inr 1, .inl .headMoved],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e58, e14, e60, e61, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.append ['a'] e58 none (some 0) none), .ask (.propose ['a'] e14 [r15, r16]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.work ['a'] t107), .ask (.append ['a'] e108 (some t107) none (some ['x']))],
    [.inr 1, .inr 2, .inr 5, .inr 5, .inl .branchClosed],
    [(['a'], 5, .ended, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e17],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e17 none (some 0) (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e109 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e34],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.propose ['a'] e34 []), .ask (.fork ['a'] (some 0) ['b'] true), .ask (.decide ['b'] 1 r69)],
    [.inr 1, .inr 0, .inl .alreadyResolved],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e50, e2, e43, e110],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e50 [r5]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 1 r64)],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e17 none none (some ['y'])), .ask (.append ['a'] e17 none none (some ['y']))],
    [.inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e12 none none (some ['x'])), .ask (.append ['a'] e58 none (some 999) (some ['x']))],
    [.inr 1, .inl .headMoved],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e111, e45, e46, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['g'] false), .ask (.propose ['g'] e111 [r5, r15]), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['g'] e55 none none none)],
    [.inr 0, .inr 1, .inr 4, .inl .branchClosed],
    [(['g'], 4, .ended, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e40],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] none ['f'] true), .ask (.rewind ['a'] 0 n6), .ask (.rewind ['a'] 0 n112), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .gc ['a'] []],
    [.inr 0, .inr 0, .inr 0, .inr 1, .inr 1],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17, e66, e113],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0))],
    [.ask (.append ['a'] e17 none none none), .ask (.propose ['a'] e66 []), .ask (.append ['a'] e113 (some t10) none (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e113 (some t10) none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 3, .inl .branchClosed],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17, e35, e36, e37],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.append ['a'] e17 none (some 0) none), .ask (.propose ['a'] e35 [r38, r39]), .ask (.append ['a'] e37 none none none), .ask (.append ['a'] e113 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 4, .inl .alreadyResolved],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 999 r30)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e57, e47, e114, e115],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, (some 0))],
    [.ask (.restore ['a'] 0 none), .ask (.propose ['a'] e47 [r49]), .ask (.append ['a'] e115 (some t10) none none), .ask (.discard ['a']), .ask (.append ['a'] e98 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 5, .inr 5, .inl .branchClosed],
    [(['a'], 5, .discarded, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e17, e12, e34, e43],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([1], 4, none)],
    [.ask (.append ['a'] e17 none none (some ['y'])), .ask (.append ['a'] e12 none none none), .ask (.propose ['a'] e34 []), .ask (.fork ['a'] (some 1) ['g'] false), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['g'] e95 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 1, .inr 4, .inl .branchClosed],
    [(['g'], 4, .ended, (some 1), [4, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e18, e2, e43],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1], 3, none)],
    [.ask (.propose ['a'] e18 [r5, r21]), .ask (.fork ['a'] (some 1) ['c'] false), .ask (.finish ['c'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['c'] 1 r69)],
    [.inr 1, .inr 1, .inr 3, .inl .alreadyResolved],
    [(['c'], 3, .ended, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e50, e2, e54, e43, e106],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e50 [r5]), .ask (.rewind ['a'] 1 n6), .ask (.append ['a'] e67 none none (some ['x'])), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.decide ['a'] 1 r68)],
    [.inr 1, .inr 1, .inl .intentDenied, .inr 4, .inr 5],
    [(n6, 2, .discarded, (some 1), [2, 1, 0]), (['a'], 5, .ended, none, [5, 4, 3, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e66, e67, e40],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e66 []), .ask (.append ['a'] e67 none none (some ['x'])), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e17 none (some 6) (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e2, e116],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e52 [r53, r5]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r11)],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e12 none none (some ['y'])), .ask (.append ['a'] e58 none none (some ['y']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e34, e7, e40],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e34 []), .ask (.append ['a'] e7 none none (some ['x'])), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e70 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e58, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none)],
    [.ask (.append ['a'] e58 none none (some ['y'])), .ask (.work ['a'] t107), .ask (.fork ['a'] (some 0) ['b'] true), .ask (.propose ['b'] e34 []), .ask (.append ['a'] e117 (some t107) none none)],
    [.inr 1, .inr 1, .inr 0, .inr 2, .inl .unknownIntent],
    [(['b'], 2, .live, (some 0), [2, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e27, e1, e83, e28, e118],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e27 []), .ask (.fork ['a'] (some 1) ['b'] true), .ask (.discard ['a']), .ask (.propose ['b'] e1 [r5]), .ask (.propose ['b'] e28 [r5, r21]), .ask (.append ['a'] e119 (some t10) none none)],
    [.inr 1, .inr 1, .inr 1, .inr 2, .inr 4, .inl .branchClosed],
    [(['b'], 5, .live, (some 1), [5, 4, 3, 2, 1, 0]), (['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e17],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e17 none (some 0) (some ['x'])), .ask (.append ['a'] e25 none none (some ['x']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e14, e45, e46, e81],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([2], 4, none)],
    [.ask (.propose ['a'] e14 [r15, r16]), .ask (.fork ['a'] (some 2) ['f'] true), .ask (.append ['f'] e59 none none none)],
    [.inr 1, .inr 2, .inl .intentDenied],
    [(['f'], 4, .live, (some 2), [4, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.propose ['a'] e34 []), .ask (.rewind ['a'] 0 n6), .ask (.append ['a'] e70 (some t10) none (some ['x']))],
    [.inr 1, .inr 0, .inl .unknownIntent],
    [(n6, 1, .discarded, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.takeBack n6), .ask (.discard ['a']), .ask (.propose n6 e34 []), .ask (.append ['a'] e7 none none none)],
    [.inr 0, .inr 0, .inr 0, .inr 1, .inl .branchClosed],
    [(n6, 1, .live, (some 0), [1, 0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e57, e50, e19],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none)],
    [.ask (.restore ['a'] 0 none), .ask (.propose ['a'] e50 [r5]), .ask (.discard ['a']), .ask (.rewind ['a'] 3 n6)],
    [.inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['a'], 4, .discarded, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e52, e2, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e52 [r53, r5]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e59 (some t10) none (some ['x']))],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e47, e48, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none)],
    [.ask (.propose ['a'] e47 [r49]), .ask (.rewind ['a'] 0 n6), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e37 none none (some ['x']))],
    [.inr 1, .inr 0, .inr 3, .inl .branchClosed],
    [(n6, 2, .discarded, (some 0), [2, 1, 0]), (['a'], 3, .ended, none, [3, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e34, e42, e7, e80, e74, e75, e120],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none)],
    [.ask (.propose ['a'] e34 []), .ask (.append ['a'] e42 none none none), .ask (.append ['a'] e7 none none none), .ask (.propose ['a'] e80 [r15, r16]), .ask (.append ['a'] e121 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inl .intentDenied],
    [(['a'], 7, .live, none, [7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 0) ['e'] true), .ask (.propose ['e'] e34 []), .ask (.append ['a'] e122 none none (some ['x']))],
    [.inr 1, .inr 0, .inr 2, .inl .branchClosed],
    [(['e'], 2, .live, (some 0), [2, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e1, e2, e3, e4],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e1 [r5]), .ask (.rewind ['a'] 0 n6), .ask (.append n6 e12 none none (some ['y'])), .ask (.fork n6 (some 3) ['g'] true)],
    [.inr 1, .inr 0, .inl .branchClosed, .inr 3],
    [(['g'], 3, .live, (some 3), [3, 2, 1, 0]), (n6, 4, .discarded, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e42],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n6), .ask (.append ['a'] e67 none none none), .ask (.append ['a'] e42 none none (some ['x']))],
    [.inr 0, .inl .unknownIntent, .inr 1],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e1, e2, e3, e4],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e1 [r5]), .ask (.rewind ['a'] 0 n6), .ask (.append ['a'] e67 none none none), .ask (.fork n6 (some 3) ['g'] true)],
    [.inr 1, .inr 0, .inl .unknownIntent, .inr 3],
    [(['g'], 3, .live, (some 3), [3, 2, 1, 0]), (n6, 4, .discarded, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n6), .crash n6, .ask (.discard n6)],
    [.inr 0, .inr 0, .inr 0],
    [(n6, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.append n6 e123 none none none), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inr 2, .inl .branchClosed, .inr 3],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.decide n6 999 r62), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inr 2, .inl .unknownIntent, .inr 3],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e27],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e27 []), .ask (.rewind ['a'] 2 n6), .ask (.restore n6 3 (some [['a']])), .ask (.append n6 e123 none none none)],
    [.inr 1, .inr 3, .inr 2, .inl .noWorld, .inl .branchClosed],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e27],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e27 []), .ask (.rewind ['a'] 2 n6), .ask (.restore n6 3 (some [['a']])), .ask (.rewind n6 3 n124)],
    [.inr 1, .inr 3, .inr 2, .inl .noWorld, .inl .branchClosed],
    [(n6, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e40],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n6), .ask (.rewind n6 3 n124), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inr 2, .inl .branchClosed, .inr 3],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e12 none (some 0) none), .ask (.discard ['a']), .ask (.propose ['a'] e14 [r15, r16])],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e14 [r15, r16]), .ask (.decide ['a'] 999 r69)],
    [.inr 0, .inl .branchClosed, .inl .unknownIntent],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.restore ['a'] 0 none), .ask (.propose ['a'] e1 [r5])],
    [.inr 0, .inl .noWorld, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 999 n6), .ask (.restore ['a'] 0 none)],
    [.inl .unknownCommit, .inl .noWorld],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e18, e19, e17, e12, e125],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 1, (some 0)), ([7], 7, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e18 [r5, r21]), .ask (.append ['a'] e17 none none none), .ask (.append ['a'] e12 none none none), .ask (.fork ['a'] (some 999) ['g'] false), .ask (.restore ['a'] 6 none)],
    [.inr 1, .inr 3, .inr 5, .inr 6, .inl .unknownCommit, .inr 7],
    [(['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e18, e19, e17, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.gc ['a'] [], .ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e18 [r5, r21]), .ask (.append ['a'] e17 none none none), .ask (.append ['a'] e12 none none none), .ask (.rewind ['a'] 6 n6), .ask (.restore n6 3 (some [['a']]))],
    [.inr 0, .inr 1, .inr 3, .inr 5, .inr 6, .inr 6, .inl .noWorld],
    [(n6, 6, .discarded, (some 6), [6, 5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e18, e19, e20],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.rewind ['a'] 999 n6), .ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e18 [r5, r21]), .ask (.append ['a'] e22 none none none)],
    [.inl .unknownCommit, .inr 1, .inr 3, .inl .intentDenied],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e8, e9, e18, e19, e17, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.rewind ['a'] 999 n6), .ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e18 [r5, r21]), .ask (.append ['a'] e17 none none none), .ask (.append ['a'] e12 none none none), .ask (.rewind ['a'] 6 n6)],
    [.inl .unknownCommit, .inr 1, .inr 3, .inr 5, .inr 6, .inr 6],
    [(n6, 6, .discarded, (some 6), [6, 5, 4, 3, 2, 1, 0]), (['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e23 none none none), .gc ['a'] []],
    [.inl .unknownIntent, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.decide ['a'] 0 r68), .ask (.append ['a'] e42 none (some 0) none)],
    [.inl .unknownIntent, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.decide ['a'] 0 r68), .ask (.work ['a'] t24)],
    [.inl .unknownIntent, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e42, e17, e8, e126],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0)), ([3], 4, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] true), .ask (.append ['a'] e42 none (some 0) none), .ask (.append ['a'] e17 none none (some ['x'])), .ask (.restore ['a'] 2 none)],
    [.inl .nameTaken, .inr 1, .inr 2, .inr 3],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.gc ['a'] [], .ask (.work ['a'] t86)],
    [.inr 0, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.work ['a'] t24), .ask (.work ['a'] t86)],
    [.inr 0, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u']],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e128, e129, e17],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 1, none), ([3], 3, none)],
    [.inject ['a'] (.str ['b']) ['u'], .inject ['a'] (.str ['a']) ['u'], .inject ['a'] (.str ['b']) ['u'], .ask (.append ['a'] e17 none none (some ['y'])), .replay ['a'] 4 ['q'] true none [], .resume ['q'] ['u']],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inr 4, .inl .branchClosed],
    [(['q'], 4, .live, (some 0), [4, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['d'] true), .resume ['d'] ['u']],
    [.inr 0, .inl .branchClosed],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .rename ['a'] ['r'], .ask (.fork ['r'] (some 1) ['a'] true)],
    [.inr 1, .inr 1, .inr 1],
    [(['a'], 1, .live, (some 1), [1, 0]), (['r'], 1, .live, none, [1, 0])]⟩ [['r']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.append ['g'] e12 none (some 0) none), .replay ['g'] 1 ['p'] false none [q130], .ask (.fork ['a'] (some 0) ['b'] false), .rename ['a'] ['s'], .gc ['a'] []],
    [.inr 0, .inr 1, .inr ⟨1, [], [], (some 1), true⟩, .inr 0, .inr 0, .inl .unknownBranch],
    [(['b'], 0, .live, (some 0), [0]), (['p'], 1, .live, (some 0), [1, 0]), (['g'], 1, .live, (some 0), [1, 0]), (['s'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0],
    [t10],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .apply ['a'] ['g']],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e50, e131],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] none ['b'] true), .pause ['b'] ['u'], .ask (.propose ['b'] e50 [r5])],
    [.inr 0, .inr 1, .inr 2],
    [(['b'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['b']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127],
    [],
    [([], 0, none), ([0], 1, none), ([1], 1, none)],
    [.pause ['a'] ['u'], .pause ['a'] ['u']],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127, e128],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .inject ['a'] (.str ['b']) ['u']],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e8, e57, e34, e132],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0)), ([2], 3, (some 0)), ([3], 4, none), ([4], 5, none)],
    [.pause ['a'] ['u'], .ask (.restore ['a'] 0 none), .ask (.propose ['a'] e34 [])],
    [.inr 1, .inr 2, .inr 4],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e128, e27],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.inject ['a'] (.str ['b']) ['u'], .ask (.propose ['a'] e27 [])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e133],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .resume ['a'] ['u']],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] none ['g'] true), .pause ['a'] ['u'], .ask (.fork ['a'] (some 0) ['d'] false), .replay ['d'] 1 ['b'] true none [], .gc ['a'] []],
    [.inr 0, .inr 1, .inr 0, .inr 1, .inr 1],
    [(['b'], 1, .live, (some 0), [1, 0]), (['d'], 0, .live, (some 0), [0]), (['g'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e12, e127],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e12 none none none), .pause ['a'] ['u'], .ask (.fork ['a'] (some 2) ['b'] true)],
    [.inr 1, .inr 2, .inr 2],
    [(['b'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .pause ['a'] ['u']],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e34, e18, e83],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e34 []), .ask (.propose ['a'] e18 [r5, r21]), .ask (.rewind ['a'] 3 n6), .resume n6 ['u']],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(n6, 3, .discarded, (some 3), [3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .inject ['a'] (.str ['b']) ['u']],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .resume ['a'] ['u']],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127, e129, e14, e100, e101],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.pause ['a'] ['u'], .inject ['a'] (.str ['a']) ['u'], .ask (.propose ['a'] e14 [r15, r16])],
    [.inr 1, .inr 2, .inr ⟨3, [2], [], none, true⟩],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e43],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['a'] ['g']],
    [.inr 1, .inl .unknownBranch],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.pause ['a'] ['u'], .ask (.fork ['a'] (some 0) ['f'] false)],
    [.inr 1, .inr 0],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e17 none none none), .ask (.append ['a'] e17 none none none), .replay ['a'] 2 ['p'] false (some (2, (.obj (.cons ['c'] (.str ['a']) .nil)))) []],
    [.inr 1, .inr 2, .inr 3],
    [(['p'], 3, .live, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e134, e43, e135],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0, 1], 2, (some 0)), ([1], 3, none), ([2, 3], 4, (some 0))],
    [.pause ['a'] ['u'], .ask (.fork ['a'] (some 0) ['g'] false), .apply ['a'] ['g'], .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['a'] ['g']],
    [.inr 1, .inr 0, .inr 2, .inr 3, .inr 4],
    [(['g'], 4, .live, (some 0), [4, 2, 0]), (['a'], 3, .ended, none, [3, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e66, e131],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e66 []), .rename ['a'] ['a']],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e12 none none none)],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e40, e34],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none)],
    [.replay ['a'] 0 ['b'] false none [], .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['b'] e34 []), .ask (.append ['a'] e136 (some t10) none none)],
    [.inr 0, .inr 1, .inr 2, .inl .branchClosed],
    [(['b'], 2, .live, (some 0), [2, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e79, e2, e127, e54, e106, e42],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 3, none), ([5], 5, none), ([6], 6, none)],
    [.ask (.propose ['a'] e79 [r53, r5]), .pause ['a'] ['u'], .ask (.append ['a'] e13 none none none), .pause ['a'] ['u'], .ask (.decide ['a'] 1 r68), .ask (.append ['a'] e42 none (some 6) none)],
    [.inr 1, .inr 3, .inl .intentDenied, .inr 5, .inr 6, .inr 7],
    [(['a'], 7, .live, none, [7, 6, 5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e127],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .replay ['a'] 1 ['b'] false none [q137, q138], .apply ['a'] ['b']],
    [.inr 1, .inr ⟨1, [], [], (some 1), true⟩, .inr 1],
    [(['b'], 1, .live, (some 0), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e12],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e12 none none (some ['x'])), .ask (.append ['a'] e12 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e43, e139],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([1, 2], 3, (some 0))],
    [.pause ['a'] ['u'], .replay ['a'] 1 ['p'] true none [], .ask (.finish ['p'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['p'] ['a']],
    [.inr 1, .inr 1, .inr 2, .inr 3],
    [(['p'], 2, .ended, (some 0), [2, 1, 0]), (['a'], 3, .live, none, [3, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e129, e140, e139],
    [t10, t141],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 1)), ([1, 2], 3, (some 1))],
    [.inject ['a'] (.str ['a']) ['u'], .replay ['a'] 1 ['p'] true none [], .ask (.work ['a'] t141), .rename ['a'] ['t'], .apply ['t'] ['p']],
    [.inr 1, .inr 1, .inr 1, .inr 1, .inr 3],
    [(['p'], 3, .live, (some 0), [3, 1, 0]), (['t'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e31, e142, e127, e13],
    [t10, t86],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, (some 1))],
    [.ask (.propose ['a'] e31 [r32, r33]), .ask (.work ['a'] t86), .pause ['a'] ['u'], .ask (.append ['a'] e13 (some t86) none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e129, e27],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.inject ['a'] (.str ['a']) ['u'], .ask (.propose ['a'] e27 [])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12, e127],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e12 none (some 0) (some ['y'])), .pause ['a'] ['u'], .ask (.rewind ['a'] 2 n6)],
    [.inr 1, .inr 2, .inr 2],
    [(n6, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e50, e2, e127, e110],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e50 [r5]), .pause ['a'] ['u'], .ask (.decide ['a'] 1 r64)],
    [.inr 1, .inr 3, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e17],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 1, none), ([2], 1, none), ([3], 2, none)],
    [.pause ['a'] ['u'], .pause ['a'] ['u'], .pause ['a'] ['u'], .ask (.append ['a'] e17 none (some 3) none)],
    [.inr 1, .inr 2, .inr 3, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e43],
    [t10],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .replay ['a'] 0 ['q'] true none [], .ask (.finish ['q'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['a'] ['q']],
    [.inr 1, .inr 0, .inr 1, .inl .branchClosed],
    [(['q'], 1, .ended, (some 0), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e17, e8, e9, e143, e144, e88, e89],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0)), ([2], 3, (some 0)), ([0], 4, none), ([4], 2, (some 0)), ([5], 5, none), ([6], 6, none), ([7], 7, none)],
    [.ask (.append ['a'] e17 none (some 0) (some ['y'])), .rename ['a'] ['r'], .ask (.restore ['r'] 0 (some [['a']])), .replay ['r'] 2 ['a'] true (some (1, (.obj (.cons ['c'] (.str ['c']) .nil)))) [q145]],
    [.inr 1, .inr 1, .inr 2, .inr ⟨8, [6], [], none, true⟩],
    [(['a'], 8, .live, (some 0), [8, 7, 6, 5, 4, 0]), (['r'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e1, e131, e128, e17],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 1, none), ([5], 5, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e1 [r5]), .inject ['a'] (.str ['b']) ['u'], .pause ['a'] ['u'], .ask (.append ['a'] e17 none (some 5) (some ['y']))],
    [.inr 1, .inr 2, .inr 4, .inr 5, .inr 6],
    [(['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e128, e42],
    [t10],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .inject ['a'] (.str ['b']) ['u'], .ask (.append ['a'] e42 none (some 2) (some ['x']))],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e127, e8, e134],
    [t10, t141],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, (some 1)), ([2, 1], 3, (some 1))],
    [.ask (.fork ['a'] (some 0) ['c'] true), .ask (.work ['a'] t141), .pause ['c'] ['u'], .apply ['c'] ['a']],
    [.inr 0, .inr 0, .inr 1, .inr 3],
    [(['c'], 1, .live, (some 0), [1, 0]), (['a'], 3, .live, none, [3, 2, 0])]⟩ [['c']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e34, e127, e63, e100, e101],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e34 []), .pause ['a'] ['u'], .ask (.propose ['a'] e63 [r15, r16]), .replay ['a'] 5 ['b'] false none [q146, q137, q148]],
    [.inr 1, .inr 2, .inr 3, .inr ⟨0, [5], [], (some 5), false⟩],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e66],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 2, none)],
    [.inject ['a'] (.str ['a']) ['u'], .ask (.propose ['a'] e66 []), .ask (.propose ['a'] e66 [])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t10),
    [e0, e140, e134, e135],
    [t10, t149],
    [([], 0, (some 0)), ([0], 1, (some 1)), ([0, 1], 2, (some 1)), ([1], 1, (some 0)), ([2, 3], 3, (some 0))],
    [.ask (.fork ['a'] none ['b'] true), .ask (.work ['b'] t149), .apply ['b'] ['a'], .ask (.work ['b'] t10), .apply ['b'] ['a']],
    [.inr 0, .inr 0, .inr 2, .inr 1, .inr 4],
    [(['b'], 3, .live, (some 0), [3, 1, 0]), (['a'], 4, .live, none, [4, 2, 0])]⟩ = true := by decide +kernel

end Shepherd.Vectors.Part3
