module

public import Shepherd.Spec.Objects

/-! # Merge of three workspaces, path by path; and steps that are answered from a memo -/

@[expose] public noncomputable section

namespace Shepherd

/-- A merge of texts: of base, ours and theirs; none when it is none. -/
abbrev TextMerge := Option Entry → Option Entry → Option Entry → Option (Option Entry)

/-- What comes of a path, and whether that is a conflict. -/
def mergeEntry (text : TextMerge) (base ours theirs : Option Entry) : Option Entry × Bool :=
  if ours = theirs then (ours, false)
  else if ours = base then (theirs, false)
  else if theirs = base then (ours, false)
  else match text base ours theirs with
    | some merged => (merged, false)
    | none => (ours, true)

/-- A workspace with this at each of these paths. -/
def build (f : Path → Option Entry) : List Path → Tree
  | [] => []
  | path :: rest => (build f rest).set path (f path)

/-- Every path of three workspaces. -/
def paths (base ours theirs : Tree) : List Path :=
  base.map Prod.fst ++ (ours.map Prod.fst ++ theirs.map Prod.fst)

/-- The merged workspace. -/
def merged (text : TextMerge) (base ours theirs : Tree) : Tree :=
  build (fun p => (mergeEntry text (base.get p) (ours.get p) (theirs.get p)).1)
    (paths base ours theirs)

/-- The paths that are in conflict. -/
def conflicts (text : TextMerge) (base ours theirs : Tree) : List Path :=
  (paths base ours theirs).filter fun p =>
    (mergeEntry text (base.get p) (ours.get p) (theirs.get p)).2

/-- A deterministic step: of a workspace, its outcome and what it writes, where. -/
abbrev Doing := Tree → Json × Tree × List Path

/-- The step, really run. -/
def rerun (f : Doing) (world : Tree) : Json × Tree :=
  ((f world).1, world.graft (f world).2.1 (f world).2.2)

/-- What is kept of a step that ran: what it read, its outcome, and the difference it made. -/
structure Memo where
  before : Tree
  after : Tree
  reads : List Path
  changed : List Path
  outcome : Json

/-- The memo of a step that ran in a workspace. Of what it wrote, what was so already is no
difference. -/
def memoOf (f : Doing) (reads : List Path) (world : Tree) : Memo where
  before := world
  after := (rerun f world).2
  reads := reads
  changed := (f world).2.2.filter fun p => decide (world.get p ≠ (rerun f world).2.get p)
  outcome := (f world).1

/-- Answer from a memo, if all that was read is as it was. -/
def reuse (m : Memo) (world : Tree) : Option (Json × Tree) :=
  if m.reads.all fun p => decide (world.get p = m.before.get p) then
    some (m.outcome, world.graft m.after m.changed)
  else none

end Shepherd
