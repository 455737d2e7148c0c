module

public import Shepherd.Spec.Ops

/-!
# What becomes of a whole store: gc, and a crash

gc takes the branches that were set aside, and what nothing needs any more. Of a branch that goes
it may leave a shorter one, whose commits others need as well: which, is its own choice, and an
argument here.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- Whether gc leaves a branch as it is: it was not set aside, or somebody waits there. -/
def Branch.kept (b : Branch) : Bool := decide (b.status ≠ .discarded) || decide (b.held ≠ [])

/-- What a branch needs: its head, its fork point, and intents that wait. -/
def Branch.ends (b : Branch) : List Id := b.head :: ((b.forkedFrom.map Prod.snd).toList ++ b.held)

namespace Store

/-- What must stay. -/
def roots (s : Store) : List Id :=
  s.branches.flatMap fun one =>
    match s.branch one.1 with
    | none => []
    | some b => if b.kept then b.ends else []

/-- Whether a branch that goes may be left at this commit: it is on its log, and stays anyway. -/
def shorter (s : Store) (after : Commits) (one : Name × Id) : Bool :=
  match s.branch one.1 with
  | none => false
  | some b => !b.kept && decide (one.2 ∈ s.commits.log b.head) && after.has one.2

/-- gc; none when `stay` is none that it may choose. -/
def collect (s : Store) (stay : List (Name × Id)) : Option Store :=
  let after := s.commits.gc s.roots
  let cut := stay.filter fun one => !(s.branch one.1).any Branch.kept
  if cut.all (s.shorter after) then
    some { commits := after, branches := s.branches.filterMap fun one =>
      match s.branch one.1 with
      | none => none
      | some b =>
        if b.kept then some (one.1, b)
        else (cut.lookup one.1).map fun head => (one.1, { b with head := head, folder := none }) }
  else none

end Store

/-- A request, a gc, or a crash of the sidecar, after which another opens the store. -/
inductive Step where
  | ask (op : Op)
  | gc (n : Name) (stay : List (Name × Id))
  | crash (n : Name)

/-- The head of a branch, as an answer. -/
def headOf (s : Store) (n : Name) : Answer :=
  match s.branch n with
  | none => (s, .error .unknownBranch)
  | some b => (s, .ok b.head)

/-- What becomes of the store; after a gc or a crash, the head of a branch is asked for. What was
acknowledged is durable: a crash takes nothing. -/
def step (H : Hash) (s : Store) : Step → Answer
  | .ask op => act H s op
  | .gc n stay =>
    match s.collect stay with
    | none => (s, .error .notKept)
    | some s' => headOf s' n
  | .crash n => headOf s n

/-- Step after step: the store at the end, and every answer. -/
def steps (H : Hash) : Store → List Step → Store × List (Except Refused Id)
  | s, [] => (s, [])
  | s, one :: rest =>
    let answer := step H s one
    let after := steps H answer.1 rest
    (after.1, answer.2 :: after.2)

end Shepherd
