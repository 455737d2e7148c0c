module

public import Shepherd.Spec.Care

/-!
# What the sidecar answered, case by case

Commits are numbered in the order in which the sidecar showed them; their names are looked up in
what it showed. So the model answers with the sidecar's numbers exactly when it makes the same
commits: of the same parents, event and tree.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- A case, and what the sidecar told of it. -/
structure Case where
  /-- The workspace at the beginning, if there was one. -/
  folder : Option Tree
  /-- The events that it showed, each once. -/
  events : List Event
  /-- The workspaces that commits carry, each once. -/
  trees : List Tree
  /-- Every commit: its parents, and the places of its event and tree in the lists above. -/
  commits : List (List Id × Nat × Option Nat)
  asked : List Step
  answers : List (Refused ⊕ Id)
  /-- At the end: head, status and fork point of each branch, and its log from the head down. -/
  branches : List (Name × Id × Status × Option Id × List Id)

/-- The place of something in a list; its length when it is not there. -/
def place {α : Type} (same : α → α → Bool) (l : List α) (a : α) : Nat := l.findIdx (same a)

/-- Whether two workspaces hold the same. -/
def Tree.same (s t : Tree) : Bool :=
  s.all (fun one => decide (t.get one.1 = some one.2))
    && t.all fun one => decide (s.get one.1 = some one.2)

namespace Case

def hash (k : Case) : Hash where
  event := place (fun a b => decide (a = b)) k.events
  tree := place Tree.same k.trees
  commit := fun p e t => place (fun a b => decide (a = b)) k.commits (p, e, t)

def told : Except Refused Id → Refused ⊕ Id
  | .error e => .inl e
  | .ok i => .inr i

/-- The branch that a run begins with, and its first event. -/
def first : Name := ['a']
def start : Json := .obj (.cons ['n', 'a', 'm', 'e'] (.str ['r']) .nil)

/-- Whether the model says what the sidecar said. -/
def agrees (k : Case) : Bool :=
  let after := steps k.hash (begin k.hash first start k.folder) k.asked
  decide (after.2.map told = k.answers)
    && decide (after.1.branches.length = k.branches.length)
    && k.branches.all fun one =>
      match after.1.branch one.1 with
      | none => false
      | some b => decide ((b.head, b.status, b.forkedFrom.map Prod.snd, after.1.log one.1) = one.2)

end Case

end Shepherd
