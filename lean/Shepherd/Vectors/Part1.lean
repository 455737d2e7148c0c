module

public import Shepherd.Vectors.Case

/-! Written by tests/lean/vectors.py: what the sidecar answered. -/

@[expose] public noncomputable section

namespace Shepherd.Vectors.Part1

open Shepherd

def e0 : Event := ⟨.runStart, (.obj (.cons ['n', 'a', 'm', 'e'] (.str ['r']) .nil)), none, .pure⟩
def n1 : Name := ['a', '-', 't', 'a', 'i', 'l']
def e2 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e3 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'a', 'f', 'e', 't', 'y']) .nil)), none, .reversible⟩
def e4 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['p', 'a', 't', 'h', 's'] (.arr (.cons (.str ['a']) .nil)) (.cons ['t', 'o'] (.int 0) .nil))))), none, .pure⟩
def e5 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .irreversible⟩
def t6 : Tree := [(['a'], .file 420 ['1']), (['l'], .link ['a'])]
def e7 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def r8 : Ruling := ⟨.override, ['u'], (some ['y']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def n9 : Name := ['a', '-', 't', 'a', 'i', 'l', '-', 't', 'a', 'i', 'l']
def e10 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e11 : Event := ⟨.message, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e12 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']) .nil)), none, .pure⟩
def e13 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .irreversible⟩
def e14 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 1), .pure⟩
def e15 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 1), .pure⟩
def e16 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def r17 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'h'], (some ['h']), none⟩
def r18 : Ruling := ⟨.hold, ['r', 'u', 'l', 'e', ':', 'k'], (some ['k']), none⟩
def r19 : Ruling := ⟨.deny, ['u'], (some ['y']), none⟩
def r20 : Ruling := ⟨.allow, ['u'], (some ['y']), none⟩
def r21 : Ruling := ⟨.deny, ['u'], (some ['x']), none⟩
def e22 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .irreversible⟩
def r23 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def r24 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))⟩
def e25 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['b']) .nil)), none, .pure⟩
def e26 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e27 : Event := ⟨.thought, (.obj (.cons ['c'] (.str ['a']) .nil)), none, .pure⟩
def e28 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e29 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'k']) .nil))), none, .pure⟩
def e30 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 2), .pure⟩
def e31 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 2), .pure⟩
def e32 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .pure⟩
def e33 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 5), .pure⟩
def e34 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 5), .pure⟩
def e35 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 5), .pure⟩
def r36 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'n'], (some ['n']), none⟩
def r37 : Ruling := ⟨.deny, ['r', 'u', 'l', 'e', ':', 'm'], (some ['m']), none⟩
def e38 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 5), .pure⟩
def e39 : Event := ⟨.runEnd, (.obj (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['f', 'a', 'i', 'l', 'e', 'd']) .nil)), none, .pure⟩
def e40 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .pure⟩
def e41 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 1), .pure⟩
def e42 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e43 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 1), .pure⟩
def e44 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e45 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .pure⟩
def e46 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 2), .pure⟩
def e47 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def e48 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e49 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def e50 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), none, .pure⟩
def e51 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 0) .nil)))), none, .pure⟩
def e52 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))), none, .irreversible⟩
def e53 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 3), .pure⟩
def e54 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 3), .pure⟩
def e55 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .irreversible⟩
def e56 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n', 'm']) .nil))), none, .irreversible⟩
def e57 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 4), .pure⟩
def e58 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 4), .pure⟩
def e59 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .irreversible⟩
def r60 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))))⟩
def e61 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e62 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .irreversible⟩
def e63 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 1), .pure⟩
def r64 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def e65 : Event := ⟨.modelCall, (.obj (.cons ['m', 'o', 'd', 'e', 'l'] (.str ['m']) .nil)), none, .pure⟩
def e66 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e67 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e68 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .pure⟩
def e69 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 't', 'o', 'I', 'n', 'e', 'f', 'f', 'e', 'c', 't', 'i', 'v', 'e']) (.cons ['b', 'y'] (.str ['s', 'i', 'd', 'e', 'c', 'a', 'r']) (.cons ['w', 'h', 'y'] (.str ['h', 'e', 'l', 'd']) .nil)))), (some 1), .pure⟩
def t70 : Tree := [(['a'], .file 420 ['2'])]
def e71 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 999), .pure⟩
def e72 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'h']) .nil))), none, .pure⟩
def t73 : Tree := [(['a'], .file 420 ['1']), (['d'], .dir 493), (['d', '/', 'b'], .file 420 ['3'])]
def e74 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 1), .pure⟩
def e75 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def e76 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e77 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 4), .pure⟩
def e78 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil)))))), (some 4), .pure⟩
def e79 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e80 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 1), .pure⟩
def n81 : Name := ['g', '-', 't', 'a', 'i', 'l']
def e82 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))), none, .pure⟩
def e83 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['k', 'h']) .nil))), none, .irreversible⟩
def e84 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 3), .pure⟩
def e85 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 1) .nil)))), none, .pure⟩
def e86 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'h']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['h']) .nil))))), (some 5), .pure⟩
def e87 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 5), .pure⟩
def e88 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 5), .pure⟩
def e89 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 999), .pure⟩
def e90 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e91 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e92 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .pure⟩
def e93 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))) .nil))))), (some 2), .pure⟩
def r94 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def r95 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'p'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 2) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))))⟩
def e96 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 2), .pure⟩
def e97 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['h', 'n']) .nil))), none, .pure⟩
def e98 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .pure⟩
def e99 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 4), .pure⟩
def e100 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 4), .pure⟩
def e101 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['o', 'p']) .nil))), none, .irreversible⟩
def t102 : Tree := []
def e103 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 0), .pure⟩
def e104 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 2), .pure⟩
def e105 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e106 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))) .nil))))), (some 3), .pure⟩
def r107 : Ruling := ⟨.allow, ['u'], (some ['x']), none⟩
def e108 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil))))), (some 3), .pure⟩
def t109 : Tree := [(['b'], .file 420 ['1']), (['l'], .link ['a'])]
def e110 : Event := ⟨.modelResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 7), .pure⟩
def e111 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .irreversible⟩
def e112 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) .nil))))), (some 3), .pure⟩
def e113 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'n']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['n']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 3), .pure⟩
def e114 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 4), .pure⟩
def e115 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['b']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 3), .pure⟩
def e116 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['a', 'l', 'l', 'o', 'w']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 1), .pure⟩
def e117 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['d', 'e', 'n', 'y']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) .nil))))), (some 2), .pure⟩
def e118 : Event := ⟨.toolResult, (.obj (.cons ['b', 'y'] (.str ['u']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['y']) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['d', 'e', 'n', 'i', 'e', 'd']) .nil)))), (some 2), .pure⟩
def r119 : Ruling := ⟨.override, ['u'], (some ['x']), (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))))⟩
def e120 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .irreversible⟩
def e121 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 6) .nil)))), none, .pure⟩
def e122 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['a']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['e', 'r', 'r', 'o', 'r']) .nil))), (some 0), .pure⟩
def e123 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 't', 'o', 'r', 'e']) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['t', 'o'] (.int 2) .nil)))), none, .pure⟩
def e124 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj .nil) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e125 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['b']) .nil)))), none, .pure⟩
def e126 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['i', 'n', 'j', 'e', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['m', 'e', 's', 's', 'a', 'g', 'e'] (.str ['a']) .nil)))), none, .pure⟩
def r127 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['a']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q128 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r127]⟩
def e129 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e130 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 2), .pure⟩
def e131 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .irreversible⟩
def e132 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['a']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 1), .pure⟩
def e133 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), none, .irreversible⟩
def e134 : Event := ⟨.workspaceChange, (.obj (.cons ['w', 'h', 'y'] (.str ['s', 'e', 't', 't', 'l', 'e']) .nil)), none, .reversible⟩
def e135 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 7) .nil))))), none, .pure⟩
def t136 : Tree := [(['a'], .file 493 ['2']), (['l'], .link ['a'])]
def q137 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))), [r36]⟩
def q138 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['g']) .nil))), []⟩
def e139 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), none, .pure⟩
def e140 : Event := ⟨.toolResult, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['c']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))), (some 1), .pure⟩
def e141 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['u']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['z']) .nil))) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['x']) .nil)))))), (some 3), .pure⟩
def e142 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 4) .nil))))), none, .pure⟩
def e143 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 4) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 5) .nil))))), none, .pure⟩
def e144 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['p', 'a', 'u', 's', 'e']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['h', 'o', 'l', 'd']) (.cons ['r', 'e', 'a', 's', 'o', 'n'] (.str ['p', 'a', 'u', 's', 'e', 'd']) .nil))))), (some 3), .pure⟩
def e145 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['r', 'e', 's', 'u', 'm', 'e']) (.cons ['b', 'y'] (.str ['u']) .nil))), none, .pure⟩
def e146 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 3) .nil))))), none, .pure⟩
def e147 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 3) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 4) .nil))))), none, .pure⟩
def q148 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj .nil) (.cons ['n', 'a', 'm', 'e'] (.str ['m', 'n']) .nil))), [r36, r37]⟩
def e149 : Event := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), none, .irreversible⟩
def e150 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['v', 'e', 'r', 'd', 'i', 'c', 't']) (.cons ['b', 'y'] (.str ['r', 'u', 'l', 'e', ':', 'o']) (.cons ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n'] (.str ['o', 'v', 'e', 'r', 'r', 'i', 'd', 'e']) (.cons ['p', 'a', 'y', 'l', 'o', 'a', 'd'] (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['b']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))) .nil))))), (some 3), .pure⟩
def r151 : Ruling := ⟨.override, ['r', 'u', 'l', 'e', ':', 'o'], none, (some (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['d'] (.int 1) (.cons ['w'] (.str ['b']) .nil))) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))))⟩
def q152 : Asked := ⟨.toolCall, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['w'] (.str ['b']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['o']) .nil))), [r151]⟩
def e153 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 0) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 1) .nil))))), none, .pure⟩
def e154 : Event := ⟨.intervention, (.obj (.cons ['a', 'c', 't', 'i', 'o', 'n'] (.str ['a', 'p', 'p', 'l', 'y']) (.cons ['b', 'a', 's', 'e'] (.int 1) (.cons ['b', 'y'] (.str ['o', 'w', 'n', 'e', 'r']) (.cons ['f', 'r', 'o', 'm'] (.int 2) .nil))))), none, .pure⟩
def t155 : Tree := [(['a'], .file 420 ['3']), (['l'], .link ['b'])]

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.append n1 e2 none none (some ['y']))],
    [.inr 0, .inl .branchClosed],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .crash n1],
    [.inr 0, .inr 0],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4, e5],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e5 []), .ask (.rewind ['a'] 2 n1), .ask (.append n1 e7 none none none)],
    [.inr 1, .inr 3, .inr 2, .inl .branchClosed],
    [(n1, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.decide ['a'] 2 r8)],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4, e5],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e5 []), .ask (.rewind ['a'] 2 n1), .ask (.rewind n1 3 n9)],
    [.inr 1, .inr 3, .inr 2, .inl .branchClosed],
    [(n1, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e2 none (some 0) none), .ask (.discard ['a']), .ask (.append ['a'] e10 none none none)],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 999 n1)],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.gc ['a'] []],
    [.inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e11 none none (some ['x']))],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] true)],
    [.inl .nameTaken],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e11],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e11 none none none)],
    [.inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e13, e14, e15, e16],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e13 [r17, r18]), .ask (.decide ['a'] 1 r19), .ask (.decide ['a'] 1 r20)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a'])],
    [.inr 0],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.rewind ['a'] 0 n1)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.discard ['a'])],
    [.inr 0, .inr 0],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.decide ['a'] 0 r21)],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e22 [r23, r24])],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e5, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e5 []), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 2) ['e'] false)],
    [.inr 1, .inr 2, .inr 2],
    [(['e'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.rewind ['a'] 0 n1)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.fork ['a'] none ['a'] false)],
    [.inr 0, .inl .nameTaken],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e25, e5, e26],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e25 none none none), .ask (.propose ['a'] e5 []), .ask (.append ['a'] e26 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['b'] true), .gc ['a'] []],
    [.inr 0, .inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e27],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.takeBack ['a']), .ask (.append ['a'] e27 none none none), .ask (.discard ['a']), .ask (.append ['a'] e28 none none none)],
    [.inl .branchClosed, .inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e27, e29, e30, e31, e32, e33, e34, e35],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none), ([7], 8, none)],
    [.ask (.append ['a'] e27 none none (some ['x'])), .ask (.propose ['a'] e29 [r17, r18]), .ask (.append ['a'] e26 none none none), .ask (.propose ['a'] e32 [r36, r37]), .ask (.append ['a'] e38 none none none)],
    [.inr 1, .inr 2, .inl .intentDenied, .inr 5, .inl .intentDenied],
    [(['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e2 none (some 999) (some ['x']))],
    [.inl .headMoved],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e39],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] none ['g'] false), .ask (.append ['g'] e11 none (some 0) (some ['y']))],
    [.inr 1, .inr 1, .inl .headMoved],
    [(['g'], 1, .live, (some 1), [1, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e40, e41, e42, e43],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e40 [r36]), .ask (.append ['a'] e10 none none none)],
    [.inr 1, .inl .intentDenied],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e2 none (some 0) none), .ask (.append ['a'] e44 none none (some ['x']))],
    [.inr 1, .inl .unknownIntent],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 999) ['f'] false)],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e45, e14],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e45 [r17]), .ask (.discard ['a']), .ask (.append ['a'] e44 (some t6) none none)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e45, e14],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e45 [r17]), .ask (.discard ['a']), .ask (.rewind ['a'] 2 n1)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.takeBack n1)],
    [.inr 0, .inr 0],
    [(n1, 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.restore ['a'] 0 none)],
    [.inr 1, .inl .noWorld],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e2, e40, e46, e47],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.append ['a'] e2 none none none), .ask (.propose ['a'] e40 [r36]), .ask (.rewind ['a'] 4 n1), .ask (.append n1 e48 none none none)],
    [.inr 1, .inr 2, .inr 4, .inl .branchClosed],
    [(n1, 4, .discarded, (some 4), [4, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['g'] false), .ask (.fork ['a'] (some 0) ['g'] true)],
    [.inr 0, .inl .nameTaken],
    [(['g'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e49 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e50, e28],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e50 []), .ask (.append ['a'] e28 none none (some ['x']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e51, e52, e53],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['d'] true), .ask (.restore ['a'] 0 none), .ask (.propose ['a'] e52 [r17]), .ask (.append ['d'] e54 none none none)],
    [.inr 0, .inr 1, .inr 3, .inl .unknownIntent],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e55, e41, e42],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e55 [r17, r36]), .ask (.rewind ['a'] 2 n1), .ask (.append n1 e27 none none none)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(n1, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 999) ['b'] true)],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e2, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e2 none none (some ['x'])), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.restore ['a'] 2 (some [['a']]))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e56, e41, e42, e32, e57, e58, e2],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 7, none)],
    [.ask (.propose ['a'] e56 [r36, r37]), .ask (.propose ['a'] e32 [r36, r37]), .ask (.append ['a'] e2 none (some 6) (some ['y']))],
    [.inr 1, .inr 4, .inr 7],
    [(['a'], 7, .live, none, [7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['f'] true), .ask (.fork ['a'] (some 0) ['g'] false), .ask (.fork ['f'] none ['e'] true), .gc ['a'] []],
    [.inr 0, .inr 0, .inr 0, .inr 0],
    [(['e'], 0, .live, (some 0), [0]), (['g'], 0, .live, (some 0), [0]), (['f'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e59, e14],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['c'] false), .ask (.propose ['c'] e59 [r60, r17]), .ask (.restore ['a'] 2 (some [['a']]))],
    [.inr 0, .inr 0, .inr 1, .inl .branchClosed],
    [(['c'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e61 none none (some ['x']))],
    [.inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e11 none (some 1) none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['b'] true), .ask (.append ['b'] e11 none (some 0) none)],
    [.inr 0, .inr 1],
    [(['b'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e27],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e27 none none none), .ask (.rewind ['a'] 1 n1), .ask (.fork n1 none ['a'] true)],
    [.inr 1, .inr 1, .inl .nameTaken],
    [(n1, 1, .discarded, (some 1), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.append n1 e2 none (some 0) none)],
    [.inr 0, .inl .branchClosed],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['a'] true)],
    [.inr 0, .inl .nameTaken],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .gc ['a'] []],
    [.inr 0, .inr 1, .inr 1],
    [(['g'], 0, .live, (some 0), [0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] none ['f'] false), .ask (.fork ['f'] none ['a'] false)],
    [.inr 0, .inl .nameTaken],
    [(['f'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e56, e41, e42, e12],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e56 [r36, r37]), .ask (.fork ['a'] (some 3) ['b'] true), .ask (.finish ['b'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['b'] e28 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['b'], 4, .ended, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e62, e63],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e62 [r64])],
    [.inr 1],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e65, e66],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e65 []), .ask (.append ['a'] e66 none none none), .ask (.append ['a'] e67 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.append ['a'] e11 none none (some ['x'])), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.fork ['a'] (some 2) ['f'] false)],
    [.inr 1, .inr 2, .inr 2],
    [(['f'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e68, e14, e69],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e68 [r17, r18]), .ask (.work ['a'] t70), .ask (.append ['a'] e10 (some t70) none none)],
    [.inr 1, .inr 2, .inl .intentDenied],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e39],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] none ['b'] true), .ask (.finish ['b'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['b'] (some 999) ['c'] false)],
    [.inr 0, .inr 1, .inl .unknownCommit],
    [(['b'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e65 []), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r8)],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.append ['a'] e71 none none none)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] (some 0) ['c'] true), .ask (.fork ['a'] none ['b'] false), .gc ['a'] [(['a'], 0)]],
    [.inr 0, .inr 0, .inr 0, .inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['c'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e65, e72, e30],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e65 []), .ask (.propose ['a'] e72 [r60, r17]), .ask (.fork ['a'] (some 3) ['e'] false), .ask (.discard ['a']), .ask (.fork ['a'] (some 3) ['e'] true)],
    [.inr 1, .inr 2, .inr 3, .inr 3, .inl .nameTaken],
    [(['e'], 3, .live, (some 3), [3, 2, 1, 0]), (['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e55, e41, e42],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['c'] true), .ask (.propose ['c'] e55 [r17, r36]), .ask (.discard ['c']), .ask (.work ['c'] t73), .ask (.append ['c'] e10 (some t73) none none)],
    [.inr 0, .inr 1, .inr 3, .inr 3, .inl .branchClosed],
    [(['c'], 3, .discarded, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e22, e74],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e22 [r23, r24]), .ask (.decide ['a'] 1 r8)],
    [.inr 1, .inl .alreadyResolved],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e65],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.propose ['a'] e65 []), .ask (.append n1 e75 none none none)],
    [.inr 0, .inr 1, .inl .branchClosed],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.append ['c'] e76 none none (some ['x']))],
    [.inr 0, .inl .unknownIntent],
    [(['c'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e72, e14, e69, e52, e77, e78],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.ask (.propose ['a'] e72 [r60, r17]), .ask (.append ['a'] e44 (some t6) none (some ['x'])), .ask (.propose ['a'] e52 [r17]), .ask (.decide ['a'] 4 r8)],
    [.inr 1, .inl .intentDenied, .inr 4, .inr 6],
    [(['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e65, e79],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e65 []), .ask (.fork ['a'] (some 1) ['f'] true), .ask (.append ['f'] e79 none none (some ['x']))],
    [.inr 1, .inr 1, .inr 2],
    [(['f'], 2, .live, (some 1), [2, 1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e65 []), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.work ['a'] t73), .ask (.append ['a'] e66 (some t73) none none)],
    [.inr 1, .inr 2, .inr 2, .inl .branchClosed],
    [(['a'], 2, .ended, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e13, e14, e80],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1], 3, none)],
    [.ask (.propose ['a'] e13 [r17, r18]), .ask (.fork ['a'] (some 1) ['f'] true), .ask (.append ['f'] e80 none none none), .ask (.append ['f'] e28 none none none)],
    [.inr 1, .inr 1, .inr 3, .inl .alreadyResolved],
    [(['f'], 3, .live, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.fork ['a'] (some 0) ['g'] true), .ask (.discard ['g']), .ask (.rewind ['g'] 2 n81)],
    [.inr 0, .inr 0, .inl .branchClosed],
    [(['g'], 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.append ['a'] e2 none (some 0) none)],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.rewind ['a'] 1 n1)],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['b'] true), .ask (.propose ['a'] e65 []), .ask (.append ['b'] e67 none none none)],
    [.inr 0, .inr 1, .inl .unknownIntent],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e59, e14, e69],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([1], 3, none), ([3], 3, none)],
    [.ask (.propose ['a'] e59 [r60, r17]), .ask (.rewind ['a'] 1 n1), .ask (.append ['a'] e80 (some t6) none none), .ask (.append ['a'] e44 (some t6) none (some ['x']))],
    [.inr 1, .inr 1, .inl .intentDenied, .inl .intentDenied],
    [(n1, 2, .discarded, (some 1), [2, 1, 0]), (['a'], 4, .live, none, [4, 3, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e5],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.propose ['a'] e5 []), .ask (.discard ['a']), .ask (.decide ['a'] 1 r20)],
    [.inr 1, .inr 1, .inl .alreadyResolved],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e72, e14],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e72 [r60, r17]), .ask (.fork ['a'] (some 2) ['b'] true), .ask (.discard ['b']), .ask (.append ['b'] e80 (some t6) none none)],
    [.inr 1, .inr 2, .inr 2, .inl .branchClosed],
    [(['b'], 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .crash ['a']],
    [.inr 0, .inr 0],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.propose ['a'] e45 [r17])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e82, e74, e80],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e82 [r23, r24]), .ask (.append ['a'] e80 none none none), .ask (.rewind ['a'] 3 n1), .ask (.append n1 e44 none none (some ['x']))],
    [.inr 1, .inr 3, .inr 3, .inl .branchClosed],
    [(n1, 3, .discarded, (some 3), [3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e2 none (some 0) (some ['y'])), .ask (.append ['a'] e11 none none (some ['y']))],
    [.inr 1, .inl .clientIdConflict],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65, e40, e46, e47],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e65 []), .ask (.propose ['a'] e40 [r36]), .ask (.discard ['a']), .ask (.append ['a'] e26 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 4, .inl .branchClosed],
    [(['a'], 4, .discarded, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e83, e14, e62, e84],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['c'] true), .ask (.fork ['a'] (some 0) ['e'] true), .ask (.propose ['c'] e83 [r17, r18]), .ask (.propose ['e'] e62 [r64]), .ask (.decide ['a'] 4 r21)],
    [.inr 0, .inr 0, .inr 1, .inr 3, .inl .unknownIntent],
    [(['e'], 4, .live, (some 0), [4, 3, 0]), (['c'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e32, e41, e42],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.propose ['a'] e32 [r36, r37]), .ask (.decide n1 1 r8)],
    [.inr 0, .inr 1, .inl .alreadyResolved],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e2],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e2 none none (some ['x'])), .ask (.append ['a'] e2 none (some 0) (some ['x']))],
    [.inr 1, .inl .headMoved],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e52, e14, e3, e85, e45, e86, e87, e88],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0)), ([3], 4, (some 0)), ([4], 5, none), ([5], 6, none), ([6], 7, none), ([7], 8, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.restore ['a'] 1 none), .ask (.propose ['a'] e45 [r17]), .ask (.decide ['a'] 5 r21)],
    [.inr 1, .inr 3, .inr 5, .inr 7],
    [(['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] none ['g'] true)],
    [.inr 0, .inr 0],
    [(['g'], 0, .live, (some 0), [0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e29, e14, e69],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e29 [r17, r18]), .ask (.append ['a'] e28 none none (some ['x']))],
    [.inr 1, .inl .intentDenied],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e39],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e89 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e39, e50],
    [],
    [([], 0, none), ([0], 1, none), ([0], 2, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 1) ['g'] false), .ask (.propose ['c'] e50 []), .ask (.append ['g'] e90 none none (some ['x']))],
    [.inr 0, .inr 1, .inr 1, .inr 2, .inl .unknownIntent],
    [(['g'], 1, .live, (some 1), [1, 0]), (['c'], 2, .live, (some 0), [2, 0]), (['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e62, e63, e5, e91, e39],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.propose ['a'] e62 [r64]), .ask (.propose ['a'] e5 []), .ask (.append ['a'] e91 none none none), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e54 none none none)],
    [.inr 1, .inr 3, .inr 4, .inr 5, .inl .branchClosed],
    [(['a'], 5, .ended, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2, e92, e93],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e2 none none (some ['x'])), .ask (.rewind ['a'] 1 n1), .ask (.propose ['a'] e92 [r94, r95]), .ask (.append n1 e96 none none (some ['x']))],
    [.inr 1, .inr 1, .inr 2, .inl .branchClosed],
    [(n1, 1, .discarded, (some 1), [1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e2],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.append ['a'] e2 none none (some ['x'])), .ask (.discard ['a']), .ask (.append ['a'] e2 none none (some ['x']))],
    [.inr 1, .inr 1, .inl .branchClosed],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e97, e41, e42],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e97 [r17, r36]), .ask (.discard ['a']), .ask (.append ['a'] e79 none none none)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e40, e41, e42, e98, e99, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([0], 4, none), ([4], 5, none), ([3], 6, none)],
    [.ask (.propose ['a'] e40 [r36]), .ask (.fork ['a'] (some 0) ['f'] true), .ask (.propose ['f'] e98 [r64]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e100 (some t6) none none)],
    [.inr 1, .inr 0, .inr 4, .inr 6, .inl .branchClosed],
    [(['f'], 5, .live, (some 0), [5, 4, 0]), (['a'], 6, .ended, none, [6, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['f'] false), .ask (.append ['a'] e11 none none none), .ask (.discard ['a']), .ask (.fork ['a'] (some 1) ['c'] false), .ask (.fork ['a'] none ['e'] false), .gc ['a'] [(['a'], 1)]],
    [.inr 0, .inr 1, .inr 1, .inr 1, .inr 1, .inr 1],
    [(['e'], 1, .live, (some 1), [1, 0]), (['c'], 1, .live, (some 1), [1, 0]), (['f'], 0, .live, (some 0), [0]), (['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e2, e101, e93],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e2 none (some 0) (some ['y'])), .ask (.propose ['a'] e101 [r94, r95]), .ask (.discard ['a']), .ask (.append ['a'] e26 (some t6) none none)],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.fork ['a'] (some 999) ['a'] false)],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e50],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['g'] false), .ask (.propose ['g'] e50 []), .ask (.decide ['g'] 1 r19)],
    [.inr 0, .inr 1, .inl .alreadyResolved],
    [(['g'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.restore ['a'] 999 (some [['a']]))],
    [.inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11, e50, e27],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e11 none (some 0) none), .ask (.propose ['a'] e50 []), .ask (.append ['a'] e27 none (some 2) (some ['x'])), .ask (.append ['a'] e27 none (some 3) (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 3],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e59, e14],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e59 [r60, r17]), .ask (.discard ['a']), .ask (.append ['a'] e10 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65, e79],
    [t6, t102],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 1))],
    [.ask (.propose ['a'] e65 []), .ask (.work ['a'] t102), .ask (.append ['a'] e79 (some t102) none none), .ask (.append ['a'] e66 none none (some ['x']))],
    [.inr 1, .inr 1, .inr 2, .inl .alreadyResolved],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e14],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.rewind ['a'] 2 n1), .ask (.append n1 e44 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(n1, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.propose ['a'] e40 [r36])],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.append ['a'] e27 none (some 999) none)],
    [.inl .headMoved],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e103 none none (some ['x']))],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] none ['c'] true), .ask (.finish ['c'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.propose ['c'] e98 [r64])],
    [.inr 0, .inr 1, .inl .branchClosed],
    [(['c'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e45, e14],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e45 [r17]), .ask (.discard ['a']), .ask (.append ['a'] e67 none none (some ['x']))],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.fork ['a'] none ['c'] false), .ask (.finish ['c'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.restore ['c'] 1 (some [['a']]))],
    [.inr 0, .inr 1, .inl .noWorld],
    [(['c'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e55, e41, e42],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e55 [r17, r36]), .ask (.discard ['a']), .ask (.decide ['a'] 1 r20)],
    [.inr 1, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e45, e14, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e45 [r17]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.work ['a'] t70), .ask (.append ['a'] e28 (some t70) none none)],
    [.inr 1, .inr 3, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e50, e101, e93, e104],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e50 []), .ask (.propose ['a'] e101 [r94, r95]), .ask (.append ['a'] e104 none none none), .ask (.rewind ['a'] 3 n1), .ask (.append n1 e90 none none none)],
    [.inr 1, .inr 2, .inr 4, .inr 3, .inl .branchClosed],
    [(n1, 4, .discarded, (some 3), [4, 3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.restore ['a'] 999 none)],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e5, e80],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0))],
    [.ask (.propose ['a'] e5 []), .ask (.append ['a'] e80 (some t6) none (some ['x']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e98, e63, e65, e39],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([0], 4, none)],
    [.ask (.fork ['a'] none ['g'] false), .ask (.propose ['a'] e98 [r64]), .ask (.propose ['a'] e65 []), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['g'] e105 none none none)],
    [.inr 0, .inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['g'], 4, .ended, (some 0), [4, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .ask (.fork ['a'] none ['a'] false)],
    [.inr 0, .inl .nameTaken],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11, e29, e30, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.fork ['a'] (some 0) ['b'] false), .ask (.append ['b'] e11 none none none), .ask (.propose ['b'] e29 [r17, r18]), .ask (.finish ['b'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['b'] e104 none none (some ['x']))],
    [.inr 0, .inr 1, .inr 2, .inr 4, .inl .branchClosed],
    [(['b'], 4, .ended, (some 0), [4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65, e67],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 1, none)],
    [.ask (.propose ['a'] e65 []), .ask (.append ['a'] e67 none none (some ['x'])), .ask (.propose ['a'] e65 []), .ask (.discard ['a']), .ask (.decide ['a'] 3 r8)],
    [.inr 1, .inr 2, .inr 3, .inr 3, .inl .alreadyResolved],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e14, e22, e106],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.propose ['a'] e22 [r23, r24]), .ask (.rewind ['a'] 4 n1), .ask (.decide n1 1 r107)],
    [.inr 1, .inr 3, .inr 4, .inl .alreadyResolved],
    [(n1, 4, .discarded, (some 4), [4, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e45, e14],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.fork ['a'] none ['d'] true), .ask (.propose ['a'] e45 [r17]), .ask (.discard ['a']), .gc ['a'] [(['a'], 2)]],
    [.inr 0, .inr 1, .inr 2, .inr 2],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e65, e67, e45, e53, e108, e39],
    [t6, t109],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 1)), ([0], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([2], 1, none)],
    [.ask (.propose ['a'] e65 []), .ask (.fork ['a'] (some 0) ['b'] true), .ask (.work ['a'] t109), .ask (.append ['a'] e67 (some t109) none none), .ask (.propose ['b'] e45 [r17]), .ask (.decide ['b'] 3 r107), .ask (.finish ['b'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.propose ['a'] e65 []), .ask (.append ['b'] e110 none none none)],
    [.inr 1, .inr 0, .inr 1, .inr 2, .inr 3, .inr 5, .inr 6, .inr 7, .inl .branchClosed],
    [(['b'], 6, .ended, (some 0), [6, 5, 4, 3, 0]), (['a'], 7, .live, none, [7, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .crash ['a']],
    [.inr 1, .inr 1],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e14],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.discard ['a']), .ask (.append ['a'] e79 none none none)],
    [.inr 1, .inr 2, .inl .branchClosed],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e13, e14],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e13 [r17, r18]), .ask (.discard ['a']), .gc ['a'] [(['a'], 2)]],
    [.inr 1, .inr 2, .inr 2],
    [(['a'], 2, .discarded, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e14],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.fork ['a'] (some 2) ['e'] false), .ask (.decide ['e'] 1 r19)],
    [.inr 1, .inr 2, .inl .alreadyResolved],
    [(['e'], 2, .live, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e40, e41, e42],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e40 [r36]), .ask (.discard ['a']), .ask (.append ['a'] e44 (some t6) none (some ['x']))],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .discarded, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e51, e111, e112, e113],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.restore ['a'] 0 none), .ask (.propose ['a'] e111 [r36]), .ask (.fork ['a'] (some 3) ['g'] true), .ask (.discard ['g']), .ask (.append ['g'] e114 none none none)],
    [.inr 1, .inr 3, .inr 3, .inr 3, .inl .branchClosed],
    [(['g'], 3, .discarded, (some 3), [3, 2, 1, 0]), (['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e82, e74, e39, e25],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([2], 4, none)],
    [.ask (.propose ['a'] e82 [r23, r24]), .ask (.fork ['a'] none ['g'] false), .ask (.finish ['g'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e25 none none (some ['x'])), .ask (.append ['a'] e115 none none (some ['x']))],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inl .clientIdConflict],
    [(['g'], 3, .ended, (some 2), [3, 2, 1, 0]), (['a'], 4, .live, none, [4, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e52, e14, e12, e116],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .ask (.decide ['a'] 1 r20), .ask (.append ['a'] e44 (some t6) none (some ['x']))],
    [.inr 1, .inr 3, .inr 4, .inl .branchClosed],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e65, e45, e30, e117, e118],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.propose ['c'] e65 []), .ask (.propose ['c'] e45 [r17]), .ask (.decide ['c'] 2 r19), .ask (.discard ['a']), .ask (.decide ['a'] 4 r8)],
    [.inr 0, .inr 1, .inr 2, .inr 4, .inr 0, .inl .unknownIntent],
    [(['c'], 5, .live, (some 0), [5, 4, 3, 2, 1, 0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e111, e41, e42],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['c'] true), .ask (.discard ['a']), .ask (.fork ['a'] none ['f'] true), .ask (.propose ['c'] e111 [r36]), .ask (.fork ['a'] (some 1) ['g'] false), .gc ['a'] [(['a'], 0)]],
    [.inr 0, .inr 0, .inr 0, .inr 1, .inr 1, .inr 0],
    [(['g'], 1, .live, (some 1), [1, 0]), (['f'], 0, .live, (some 0), [0]), (['c'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e14, e50],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.propose ['a'] e50 []), .ask (.rewind ['a'] 3 n1), .ask (.decide n1 1 r8)],
    [.inr 1, .inr 3, .inr 3, .inl .alreadyResolved],
    [(n1, 3, .discarded, (some 3), [3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e82, e74, e44, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e82 [r23, r24]), .ask (.append ['a'] e44 none none none), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.work ['a'] t102), .ask (.append ['a'] e28 (some t102) none none)],
    [.inr 1, .inr 3, .inr 4, .inr 4, .inl .branchClosed],
    [(['a'], 4, .ended, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e29, e14, e39],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e29 [r17, r18]), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.rewind ['a'] 0 n1)],
    [.inr 1, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11, e2, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.append ['a'] e11 none none none), .ask (.append ['a'] e2 none (some 1) (some ['y'])), .ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .ask (.append ['a'] e11 none none (some ['y']))],
    [.inr 1, .inr 2, .inr 3, .inl .branchClosed],
    [(['a'], 3, .ended, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.append n1 e2 none none (some ['y'])), .crash n1],
    [.inr 0, .inl .branchClosed, .inr 0],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e52, e14, e27],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.propose ['a'] e52 [r17]), .ask (.append ['a'] e27 none none (some ['x'])), .ask (.fork n1 (some 3) ['g'] true), .crash ['g']],
    [.inr 1, .inr 3, .inr 3, .inr 3],
    [(['g'], 3, .live, (some 3), [3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.append ['a'] e28 none none none), .crash n1],
    [.inr 0, .inl .unknownIntent, .inr 0],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e27],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n1), .crash n1, .ask (.append ['a'] e27 none none (some ['x']))],
    [.inr 0, .inr 0, .inr 1],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 0 n1), .ask (.restore ['a'] 0 none), .ask (.discard n1)],
    [.inr 0, .inl .noWorld, .inr 0],
    [(n1, 0, .discarded, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n1), .ask (.decide n1 999 r21), .ask (.decide n1 0 r119)],
    [.inr 1, .inr 2, .inl .unknownIntent, .inl .unknownIntent],
    [(n1, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n1), .ask (.decide n1 999 r21), .ask (.rewind n1 3 n9)],
    [.inr 1, .inr 2, .inl .unknownIntent, .inl .branchClosed],
    [(n1, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4, e5, e12],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([2], 4, none)],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e5 []), .ask (.rewind ['a'] 2 n1), .ask (.restore n1 3 (some [['a']])), .ask (.finish ['a'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd'])],
    [.inr 1, .inr 3, .inr 2, .inl .noWorld, .inr 4],
    [(n1, 3, .discarded, (some 2), [3, 2, 1, 0]), (['a'], 4, .ended, none, [4, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.rewind ['a'] 2 n1), .ask (.rewind n1 3 n9), .ask (.decide ['a'] 2 r8)],
    [.inr 1, .inr 2, .inl .branchClosed, .inl .unknownIntent],
    [(n1, 2, .discarded, (some 2), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.append ['a'] e80 none none (some ['x'])), .ask (.append ['a'] e28 none none (some ['x']))],
    [.inr 0, .inl .branchClosed, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.restore ['a'] 0 none)],
    [.inr 0, .inl .noWorld],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .ask (.propose ['a'] e120 [r36, r37]), .ask (.propose ['a'] e52 [r17])],
    [.inr 0, .inl .branchClosed, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.rewind ['a'] 999 n1), .ask (.decide ['a'] 999 r19)],
    [.inl .unknownCommit, .inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.append ['a'] e11 none none none), .ask (.fork ['a'] (some 999) ['g'] false)],
    [.inr 1, .inl .unknownCommit],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e11],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.gc ['a'] [], .ask (.append ['a'] e11 none none none)],
    [.inr 0, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e3, e4, e68, e53, e11, e2, e121],
    [t6],
    [([], 0, (some 0)), ([0], 1, (some 0)), ([1], 2, (some 0)), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none), ([6], 1, (some 0)), ([7], 7, (some 0))],
    [.ask (.restore ['a'] 0 (some [['a']])), .ask (.propose ['a'] e68 [r17, r18]), .ask (.append ['a'] e11 none none none), .ask (.append ['a'] e2 none none none), .ask (.rewind ['a'] 6 n1), .ask (.restore n1 3 (some [['a']])), .ask (.restore ['a'] 6 none)],
    [.inr 1, .inr 3, .inr 5, .inr 6, .inr 6, .inl .noWorld, .inr 7],
    [(n1, 6, .discarded, (some 6), [6, 5, 4, 3, 2, 1, 0]), (['a'], 8, .live, none, [8, 7, 6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.rewind ['a'] 999 n1), .ask (.fork ['a'] (some 999) ['g'] false)],
    [.inl .unknownCommit, .inl .unknownCommit],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e122 none none none), .ask (.decide ['a'] 0 r20)],
    [.inl .unknownIntent, .inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.append ['a'] e122 none none none), .ask (.takeBack ['a'])],
    [.inl .unknownIntent, .inl .branchClosed],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e27, e11, e3, e123],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, (some 0)), ([3], 4, (some 0))],
    [.ask (.decide ['a'] 0 r20), .ask (.append ['a'] e27 none (some 0) none), .ask (.append ['a'] e11 none none (some ['x'])), .ask (.restore ['a'] 2 none)],
    [.inl .unknownIntent, .inr 1, .inr 2, .inr 3],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] true), .ask (.decide ['a'] 0 r20)],
    [.inl .nameTaken, .inl .unknownIntent],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['a'] true), .ask (.work ['a'] t70)],
    [.inl .nameTaken, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.work ['a'] t70), .gc ['a'] []],
    [.inr 0, .inr 0],
    [(['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e50, e124],
    [t6, t70],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 1))],
    [.ask (.work ['a'] t70), .ask (.propose ['a'] e50 []), .ask (.append ['a'] e124 (some t70) none none), .ask (.fork ['a'] (some 0) ['b'] true)],
    [.inr 0, .inr 1, .inr 2, .inr 0],
    [(['b'], 0, .live, (some 0), [0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e125, e126],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 1, none)],
    [.inject ['a'] (.str ['b']) ['u'], .inject ['a'] (.str ['a']) ['u'], .inject ['a'] (.str ['b']) ['u'], .replay ['a'] 3 ['p'] false none [q128]],
    [.inr 1, .inr 2, .inr 3, .inr ⟨3, [], [], (some 3), true⟩],
    [(['p'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 3, .live, none, [3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['d'] true), .apply ['d'] ['a']],
    [.inr 0, .inr 0],
    [(['d'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.rename ['a'] ['r'], .apply ['r'] ['g']],
    [.inr 0, .inl .unknownBranch],
    [(['r'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.rename ['a'] ['t'], .ask (.discard ['t']), .rename ['t'] ['t']],
    [.inr 0, .inr 0, .inr 0],
    [(['t'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e68, e130],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e68 [r17, r18])],
    [.inr 1, .inr 2],
    [(['a'], 3, .live, none, [3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] none ['b'] true), .ask (.rewind ['a'] 0 n1), .apply ['b'] n1],
    [.inr 0, .inr 0, .inl .branchClosed],
    [(n1, 0, .discarded, (some 0), [0]), (['b'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .ask (.discard ['a'])],
    [.inr 1, .inr 1],
    [(['a'], 1, .discarded, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e131, e132],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.replay ['a'] 0 ['q'] true none [q128]],
    [.inr ⟨2, [1], [], none, true⟩],
    [(['q'], 2, .live, (some 0), [2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e129, e11],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 2, none)],
    [.replay ['a'] 0 ['b'] false none [q128], .pause ['b'] ['u'], .ask (.append ['b'] e11 none (some 1) (some ['x'])), .ask (.append ['b'] e11 none (some 2) none)],
    [.inr ⟨0, [], [], (some 0), true⟩, .inr 1, .inr 2, .inr 3],
    [(['b'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['b']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .apply ['a'] ['g']],
    [.inr 1, .inl .unknownBranch],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e111, e41, e42, e133, e57, e58, e134, e135],
    [t6, t136],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([0], 4, none), ([4], 5, none), ([5], 6, none), ([3], 7, (some 1)), ([6, 7], 8, (some 1))],
    [.ask (.propose ['a'] e111 [r36]), .ask (.work ['a'] t136), .replay ['a'] 3 ['p'] false (some (1, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['a']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['n']) .nil))))) [q137, q138], .apply ['a'] ['p']],
    [.inr 1, .inr 3, .inr ⟨6, [4], [], none, false⟩, .inr 8],
    [(['p'], 8, .live, (some 0), [8, 6, 5, 4, 0]), (['a'], 7, .live, none, [7, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0],
    [],
    [([], 0, none)],
    [.ask (.discard ['a']), .inject ['a'] (.str ['a']) ['u']],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] (some 0) ['e'] false), .apply ['e'] ['a']],
    [.inr 0, .inr 0],
    [(['e'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e11],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e11 none none (some ['y']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.discard ['a']), .resume ['a'] ['u']],
    [.inr 0, .inl .branchClosed],
    [(['a'], 0, .discarded, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.replay ['a'] 0 ['q'] true none [], .apply ['a'] ['q']],
    [.inr 0, .inr 0],
    [(['q'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e39],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.ask (.finish ['a'] ['f', 'a', 'i', 'l', 'e', 'd']), .resume ['a'] ['u']],
    [.inr 1, .inl .branchClosed],
    [(['a'], 1, .ended, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e139, e46, e47],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e139 [r36, r37])],
    [.inr 1, .inr 2],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e129, e2],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e2 none none (some ['x']))],
    [.inr 1, .inr 2],
    [(['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e125],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.rewind ['a'] 0 n1), .inject ['a'] (.str ['b']) ['u'], .rename ['a'] ['t'], .gc ['a'] []],
    [.inr 0, .inr 1, .inr 1, .inl .unknownBranch],
    [(['t'], 1, .live, none, [1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129],
    [],
    [([], 0, none), ([0], 1, none)],
    [.pause ['a'] ['u'], .ask (.fork ['a'] (some 1) ['b'] false), .gc ['a'] []],
    [.inr 1, .inr 1, .inr 1],
    [(['b'], 1, .live, (some 1), [1, 0]), (['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e22, e130],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.replay ['a'] 0 ['q'] false none [], .pause ['q'] ['u'], .ask (.propose ['q'] e22 [r23, r24])],
    [.inr 0, .inr 1, .inr 2],
    [(['q'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['q']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e129, e27],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none)],
    [.pause ['a'] ['u'], .ask (.append ['a'] e27 none (some 1) none), .replay ['a'] 2 ['q'] false (some (2, (.obj (.cons ['c'] (.str ['a']) .nil)))) [q128]],
    [.inr 1, .inr 2, .inr ⟨2, [], [], (some 2), true⟩],
    [(['q'], 2, .live, (some 1), [2, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e129],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.pause ['a'] ['u'], .rename ['a'] ['a']],
    [.inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.append ['t'] e2 none none none), .ask (.fork ['t'] (some 2) ['a'] false), .ask (.fork ['a'] (some 0) ['e'] true), .rename ['e'] ['a']],
    [.inl .unknownBranch, .inl .unknownCommit, .inr 0, .inl .nameTaken],
    [(['e'], 0, .live, (some 0), [0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e50, e130, e25],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e50 []), .ask (.append ['a'] e25 none (some 3) (some ['y']))],
    [.inr 1, .inr 2, .inr 4],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e5, e44, e140],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([1], 3, none)],
    [.ask (.propose ['a'] e5 []), .ask (.append ['a'] e44 none none none), .replay ['a'] 2 ['b'] false (some (2, (.obj (.cons ['r', 'e', 's', 'u', 'l', 't'] (.obj (.cons ['c'] (.str ['c']) .nil)) (.cons ['s', 't', 'a', 't', 'u', 's'] (.str ['o', 'k']) .nil))))) [], .ask (.decide ['b'] 1 r107)],
    [.inr 1, .inr 2, .inr 3, .inl .alreadyResolved],
    [(['b'], 3, .live, (some 1), [3, 1, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e129, e68, e130],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none)],
    [.ask (.fork ['a'] (some 0) ['b'] false), .rename ['b'] ['s'], .pause ['s'] ['u'], .ask (.propose ['s'] e68 [r17, r18]), .replay ['a'] 3 ['q'] false none []],
    [.inr 0, .inr 0, .inr 1, .inr 2, .inr ⟨1, [], [], none, false⟩],
    [(['q'], 1, .live, (some 0), [1, 0]), (['s'], 3, .live, (some 0), [3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ [['s']] = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e22, e74],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none)],
    [.rename ['a'] ['r'], .rename ['r'] ['t'], .ask (.propose ['t'] e22 [r23, r24]), .replay ['t'] 2 ['p'] false (some (1, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['c']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['p', 'o']) .nil))))) [q138]],
    [.inr 0, .inr 0, .inr 1, .inr ⟨0, [], [], (some 1), false⟩],
    [(['p'], 0, .live, (some 0), [0]), (['t'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e126, e40, e46, e47],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.inject ['a'] (.str ['a']) ['u'], .ask (.propose ['a'] e40 [r36])],
    [.inr 1, .inr ⟨2, [1], [], none, true⟩],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e125, e27, e29, e53, e141],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([0], 2, none), ([1], 3, none), ([3], 4, none), ([4], 5, none)],
    [.replay ['a'] 0 ['b'] false none [], .inject ['b'] (.str ['b']) ['u'], .ask (.append ['a'] e27 none (some 0) (some ['y'])), .ask (.propose ['b'] e29 [r17, r18]), .ask (.decide ['b'] 3 r119)],
    [.inr 0, .inr 1, .inr 2, .inr 3, .inr ⟨5, [1], [], none, true⟩],
    [(['b'], 5, .live, (some 0), [5, 4, 3, 1, 0]), (['a'], 2, .live, none, [2, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e12],
    [],
    [([], 0, none), ([0], 1, none)],
    [.ask (.fork ['a'] (some 0) ['c'] false), .ask (.finish ['c'] ['f', 'i', 'n', 'i', 's', 'h', 'e', 'd']), .rename ['c'] ['c']],
    [.inr 0, .inr 1, .inr 1],
    [(['c'], 1, .ended, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e111, e46, e47],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none)],
    [.pause ['a'] ['u'], .ask (.propose ['a'] e111 [r36])],
    [.inr 1, .inr 2],
    [(['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e111, e41, e42, e2, e142, e143],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([0, 4], 5, (some 0)), ([4, 5], 6, (some 0))],
    [.ask (.fork ['a'] (some 0) ['e'] true), .ask (.propose ['e'] e111 [r36]), .ask (.append ['e'] e2 none none none), .replay ['a'] 4 ['q'] false none [], .apply ['e'] ['q'], .apply ['q'] ['e']],
    [.inr 0, .inr 1, .inr 4, .inr ⟨0, [], [], none, false⟩, .inr 5, .inr 6],
    [(['q'], 5, .live, (some 0), [5, 0]), (['e'], 6, .live, (some 0), [6, 4, 3, 2, 1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨none,
    [e0, e129, e125, e82, e144, e145, e106],
    [],
    [([], 0, none), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none), ([5], 6, none)],
    [.pause ['a'] ['u'], .inject ['a'] (.str ['b']) ['u'], .ask (.propose ['a'] e82 [r23, r24]), .resume ['a'] ['u']],
    [.inr 1, .inr 2, .inr 3, .inr ⟨5, [2], [], none, true⟩],
    [(['a'], 6, .live, none, [6, 5, 4, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e120, e41, e42, e146, e3, e147],
    [t6, t136],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([0, 3], 4, (some 0)), ([3], 5, (some 1)), ([5, 4], 6, (some 1))],
    [.ask (.propose ['a'] e120 [r36, r37]), .replay ['a'] 2 ['q'] true none [q148], .apply ['a'] ['q'], .ask (.work ['a'] t136), .apply ['q'] ['a']],
    [.inr 1, .inr ⟨0, [], [], (some 1), false⟩, .inr 4, .inr 3, .inr 6],
    [(['q'], 4, .live, (some 0), [4, 0]), (['a'], 6, .live, none, [6, 5, 3, 2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e129],
    [t6],
    [([], 0, (some 0)), ([0], 1, none)],
    [.pause ['a'] ['u'], .gc ['a'] []],
    [.inr 1, .inr 1],
    [(['a'], 1, .live, none, [1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e126, e129, e40, e112, e113],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([2], 3, none), ([3], 4, none), ([4], 5, none)],
    [.inject ['a'] (.str ['a']) ['u'], .pause ['a'] ['u'], .ask (.propose ['a'] e40 [r36])],
    [.inr 1, .inr 2, .inr ⟨3, [1], [], none, true⟩],
    [(['a'], 5, .live, none, [5, 4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e45, e14, e149, e150],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, none), ([0], 3, none), ([3], 4, none)],
    [.ask (.propose ['a'] e45 [r17]), .replay ['a'] 1 ['b'] true (some (1, (.obj (.cons ['a', 'r', 'g', 'u', 'm', 'e', 'n', 't', 's'] (.obj (.cons ['e'] (.str ['c']) .nil)) (.cons ['n', 'a', 'm', 'e'] (.str ['h']) .nil))))) [q152]],
    [.inr 1, .inr ⟨4, [3], [], none, false⟩],
    [(['b'], 4, .live, (some 0), [4, 3, 0]), (['a'], 2, .live, none, [2, 1, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0],
    [t6],
    [([], 0, (some 0))],
    [.ask (.fork ['a'] none ['c'] false), .rename ['a'] ['s'], .ask (.fork ['c'] (some 0) ['d'] true), .gc ['a'] []],
    [.inr 0, .inr 0, .inr 0, .inl .unknownBranch],
    [(['d'], 0, .live, (some 0), [0]), (['c'], 0, .live, (some 0), [0]), (['s'], 0, .live, none, [0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e5, e153, e154],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([0, 1], 2, (some 0)), ([1, 2], 3, (some 0))],
    [.rename ['a'] ['t'], .ask (.fork ['t'] none ['g'] true), .ask (.propose ['g'] e5 []), .apply ['g'] ['t'], .apply ['t'] ['g']],
    [.inr 0, .inr 0, .inr 1, .inr 2, .inr 3],
    [(['g'], 3, .live, (some 0), [3, 1, 0]), (['t'], 2, .live, none, [2, 0])]⟩ = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e50, e44, e129],
    [t6],
    [([], 0, (some 0)), ([0], 1, none), ([1], 2, (some 0)), ([2], 3, none), ([3], 3, none)],
    [.ask (.propose ['a'] e50 []), .ask (.append ['a'] e44 (some t6) none none), .pause ['a'] ['u'], .pause ['a'] ['u'], .ask (.fork ['a'] (some 4) ['g'] true), .apply ['a'] ['g']],
    [.inr 1, .inr 2, .inr 3, .inr 4, .inr 4, .inr 4],
    [(['g'], 4, .live, (some 4), [4, 3, 2, 1, 0]), (['a'], 4, .live, none, [4, 3, 2, 1, 0])]⟩ [['a']] = true := by decide +kernel

example : Case.agrees ⟨(some t6),
    [e0, e134],
    [t6, t155],
    [([], 0, (some 0)), ([0], 1, (some 1))],
    [.ask (.fork ['a'] none ['b'] true), .ask (.work ['a'] t70), .ask (.work ['b'] t155), .apply ['b'] ['a']],
    [.inr 0, .inr 0, .inr 0, .inr ⟨0, [], [['a'], ['l']], none, true⟩],
    [(['b'], 1, .live, (some 0), [1, 0]), (['a'], 0, .live, none, [0])]⟩ = true := by decide +kernel

end Shepherd.Vectors.Part1
