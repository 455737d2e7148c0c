module

public import Shepherd.Spec.Graph

/-! # Two stores become one: the union of their commits -/

@[expose] public noncomputable section

namespace Shepherd.Commits

/-- The commits of both, the second one's oldest first. -/
def sync (s : Commits) : Commits → Commits
  | [] => s
  | (i, c) :: rest => if (sync s rest).has i then sync s rest else (i, c) :: sync s rest

end Shepherd.Commits
