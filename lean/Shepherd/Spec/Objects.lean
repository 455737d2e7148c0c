module

public import Shepherd.Spec.Json

/-!
# Objects: events, worlds, commits, and their names

A commit here holds its event and its tree by value, and its parents by name. Its name is the hash
of its parents' names, the name of its event and the name of its tree. Nothing is assumed of the
hashes: what rests on them is stated as "… or a collision is exhibited".
-/

@[expose] public noncomputable section

namespace Shepherd

/-- An object's name. -/
abbrev Id := Nat

/-- The kinds of events. -/
inductive Kind where
  | runStart | runEnd | message | thought | modelCall | modelResult | toolCall | toolResult
  | observation | workspaceChange | intervention | annotation
deriving DecidableEq

/-- What replay and restore may do with an action. -/
inductive Effect where
  | pure | reversible | compensable | irreversible
deriving DecidableEq

/-- An immutable record; `intent` names the commit of the intent that it answers or rules. -/
structure Event where
  kind : Kind
  payload : Json
  intent : Option Id := none
  effect : Effect := .pure
deriving DecidableEq

/-- The outcome's kind for each kind of intent. -/
def Kind.outcome : Kind → Option Kind
  | .modelCall => some .modelResult
  | .toolCall => some .toolResult
  | _ => none

/-- The intent's kind for each kind of outcome. -/
def Kind.asks : Kind → Option Kind
  | .modelResult => some .modelCall
  | .toolResult => some .toolCall
  | _ => none

/-- Whether an event asks to act. -/
def Event.isIntent (e : Event) : Bool := e.kind.outcome.isSome

/-- Whether an event answers an intent. -/
def Event.isOutcome (e : Event) : Bool := e.kind.asks.isSome

/-- `"action"`, `"verdict"`, ... as texts that the kernel can compare. -/
def tAction : Text := ['a', 'c', 't', 'i', 'o', 'n']
def tVerdict : Text := ['v', 'e', 'r', 'd', 'i', 'c', 't']
def tDecision : Text := ['d', 'e', 'c', 'i', 's', 'i', 'o', 'n']
def tDeny : Text := ['d', 'e', 'n', 'y']
def tStatus : Text := ['s', 't', 'a', 't', 'u', 's']
def tDenied : Text := ['d', 'e', 'n', 'i', 'e', 'd']
def tHold : Text := ['h', 'o', 'l', 'd']

/-- Whether an event is the outcome `denied`. -/
def Event.isDenied (e : Event) : Bool :=
  e.isOutcome && decide (e.payload.get tStatus = some (.str tDenied))

/-- Whether an event is a verdict. -/
def Event.isVerdict (e : Event) : Bool :=
  decide (e.kind = .intervention) && decide (e.payload.get tAction = some (.str tVerdict))

/-- Whether an event is the verdict deny. -/
def Event.isDenial (e : Event) : Bool :=
  e.isVerdict && decide (e.payload.get tDecision = some (.str tDeny))

/-- Whether an event is the verdict hold. -/
def Event.isHold (e : Event) : Bool :=
  e.isVerdict && decide (e.payload.get tDecision = some (.str tHold))

/-- A path in a workspace. -/
abbrev Path := Text

/-- What stands at a path: a file's mode and content, a link's target, or a folder. -/
inductive Entry where
  | file (mode : Nat) (content : Text)
  | link (target : Text)
  | dir (mode : Nat)
deriving DecidableEq

/-- A workspace: paths with what stands there; of a path that is listed twice the first counts. -/
abbrev Tree := List (Path × Entry)

namespace Tree

/-- What stands at a path. -/
def get : Tree → Path → Option Entry
  | [], _ => none
  | (key, entry) :: rest, path => if key = path then some entry else get rest path

/-- Without a path. -/
def erase (tree : Tree) (path : Path) : Tree := tree.filter fun one => decide (one.1 ≠ path)

/-- With this at a path, or nothing. -/
def set (tree : Tree) (path : Path) : Option Entry → Tree
  | none => tree.erase path
  | some entry => (path, entry) :: tree.erase path

/-- With what `source` has at these paths. -/
def graft (tree source : Tree) : List Path → Tree
  | [] => tree
  | path :: rest => graft (tree.set path (source.get path)) source rest

/-- Two workspaces that hold the same. -/
def Same (left right : Tree) : Prop := ∀ path, left.get path = right.get path

end Tree

/-- A commit: its parents by name (of a merge the branch merged into first). -/
structure Commit where
  parents : List Id
  event : Event
  tree : Option Tree := none
deriving DecidableEq

/-- How objects get their names. Any functions at all. -/
structure Hash where
  event : Event → Id
  tree : Tree → Id
  commit : List Id → Id → Option Id → Id

/-- A commit's name. -/
def Commit.id (H : Hash) (c : Commit) : Id :=
  H.commit c.parents (H.event c.event) (c.tree.map H.tree)

/-- Two different things of one name. -/
inductive Collision (H : Hash) : Prop where
  | event (a b : Event) : a ≠ b → H.event a = H.event b → Collision H
  | tree (a b : Tree) : a ≠ b → H.tree a = H.tree b → Collision H
  | commit (p q : List Id) (e f : Id) (t u : Option Id) :
      (p, e, t) ≠ (q, f, u) → H.commit p e t = H.commit q f u → Collision H

end Shepherd
