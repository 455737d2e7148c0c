module

public import Shepherd.Spec.Meta

/-!
# What the sidecar answered, case by case

Commits are numbered in the order in which the sidecar showed them; their names are looked up in
what it showed. So the model answers with the sidecar's numbers exactly when it makes the same
commits: of the same parents, event and tree.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- An answer that is a commit and nothing else. -/
instance (n : Nat) : OfNat Reply n := ⟨{ commit := n }⟩

def Deed.ask (op : Op) : Deed := .step (.ask op)
def Deed.gc (n : Name) (stay : List (Name × Id)) : Deed := .step (.gc n stay)
def Deed.crash (n : Name) : Deed := .step (.crash n)

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
  asked : List Deed
  answers : List (Refused ⊕ Reply)
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

/-- Whether an answer is the one that was told, but for the order of paths. -/
def said : Except Refused Reply → Refused ⊕ Reply → Bool
  | .error e, .inl f => decide (e = f)
  | .ok a, .inr b =>
    decide ({ a with paths := [] } = { b with paths := [] })
      && a.paths.all (fun p => decide (p ∈ b.paths))
      && b.paths.all fun p => decide (p ∈ a.paths)
  | _, _ => false

/-- Whether these are the answers that were told. -/
def allSaid : List (Except Refused Reply) → List (Refused ⊕ Reply) → Bool
  | [], [] => true
  | a :: as, b :: bs => said a b && allSaid as bs
  | _, _ => false

/-- The branch that a run begins with, and its first event. -/
def first : Name := ['a']
def start : Json := .obj (.cons ['n', 'a', 'm', 'e'] (.str ['r']) .nil)

/-- Whether the model says what the sidecar said, and has these branches paused. -/
def agrees (k : Case) (paused : List Name := []) : Bool :=
  let after := deeds k.hash { store := begin k.hash first start k.folder } k.asked
  let store := after.1.store
  allSaid after.2 k.answers
    && decide (store.branches.length = k.branches.length)
    && (k.branches.all fun one =>
      match store.branch one.1 with
      | none => false
      | some b => decide ((b.head, b.status, b.forkedFrom.map Prod.snd, store.log one.1) = one.2))
    && paused.all (fun n => decide (n ∈ after.1.paused))
    && after.1.paused.all fun n => decide (n ∈ paused)

end Case

end Shepherd
