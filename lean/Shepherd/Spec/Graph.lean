module

public import Shepherd.Spec.Objects

/-!
# Commits as a graph

A store's commits are a list, newest first: what a commit names stands behind it. So every walk
goes down the list once, and ends.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- Named commits, newest first. -/
abbrev Commits := List (Id × Commit)

namespace Commits

/-- The commit of a name. -/
def get : Commits → Id → Option Commit
  | [], _ => none
  | (i, c) :: rest, wanted => if i = wanted then some c else get rest wanted

/-- Whether a name is known. -/
def has (s : Commits) (i : Id) : Bool := (s.get i).isSome

/-- The first-parent path to a commit, from it down to its root. -/
def log : Commits → Id → List Id
  | [], _ => []
  | (i, c) :: rest, head =>
    if i = head then
      head :: match c.parents with
        | [] => []
        | parent :: _ => log rest parent
    else log rest head

/-- The commits on that path. -/
def path : Commits → Id → List (Id × Commit)
  | [], _ => []
  | (i, c) :: rest, head =>
    if i = head then
      (i, c) :: match c.parents with
        | [] => []
        | parent :: _ => path rest parent
    else path rest head

/-- The nearest tree at or before the first of these commits; none when none has one. -/
def nearest : List (Id × Commit) → Option Tree
  | [] => none
  | (_, c) :: before =>
    match c.tree with
    | some tree => some tree
    | none => nearest before

/-- The workspace at a commit: the nearest captured tree on its log, else the empty one. -/
def world (s : Commits) (head : Id) : Tree := (nearest (s.path head)).getD []

/-- What a commit names: its parents, and the intent of its event. -/
def names (c : Commit) : List Id := c.parents ++ c.event.intent.toList

/-- What can be reached from a commit by names. -/
inductive Reach (s : Commits) : Id → Id → Prop where
  | self (i : Id) : s.has i = true → Reach s i i
  | step (i j k : Id) (c : Commit) :
      s.get i = some c → j ∈ names c → Reach s j k → Reach s i k

/-- One pass that keeps what is wanted, and all that it names. -/
def gc : Commits → List Id → Commits
  | [], _ => []
  | (i, c) :: rest, wanted =>
    if i ∈ wanted then (i, c) :: gc rest (names c ++ wanted) else gc rest wanted

/-- The outcome of an intent, on a path. -/
def outcome (path : List (Id × Commit)) (intent : Id) : Option (Id × Commit) :=
  path.find? fun one => one.2.event.isOutcome && decide (one.2.event.intent = some intent)

/-- Whether an intent was denied, on a path. -/
def denied (path : List (Id × Commit)) (intent : Id) : Bool :=
  path.any fun one => one.2.event.isDenial && decide (one.2.event.intent = some intent)

/-- Whether an intent was held, on a path, and nothing else was ever said of it. -/
def waits (path : List (Id × Commit)) (intent : Id) : Bool :=
  (path.any fun one => one.2.event.isHold && decide (one.2.event.intent = some intent)) &&
  path.all fun one => !one.2.event.isVerdict || one.2.event.isHold
    || !decide (one.2.event.intent = some intent)

/-- The commits below a commit on its log. -/
def below (s : Commits) (c : Commit) : List (Id × Commit) :=
  match c.parents with
  | [] => []
  | parent :: _ => s.path parent

/-- Whether what a commit records is an intent that an outcome of this kind answers. -/
def asks (s : Commits) (intent : Id) (kind : Kind) : Bool :=
  decide (((s.get intent).bind fun asked => asked.event.kind.outcome) = some kind)

/-- Whether a commit may stand on top of the commits `s`:
what it names is there; an outcome's intent is on its log, of its kind, has no outcome there, and
after a deny, or while it waits, only the outcome `denied`; a deny comes before any outcome. -/
def admits (s : Commits) (c : Commit) : Bool :=
  (names c).all s.has &&
  let e := c.event
  (!e.isOutcome || match e.intent with
    | none => false
    | some intent =>
      s.asks intent e.kind && (s.below c).any (fun one => decide (one.1 = intent))
        && (outcome (s.below c) intent).isNone
        && (!(denied (s.below c) intent || waits (s.below c) intent) || e.isDenied)) &&
  (!e.isDenial || match e.intent with
    | none => false
    | some intent => (outcome (s.below c) intent).isNone)

/-- **Well-formed**: every commit has its name by its content, stands once, and is admitted by
those behind it. -/
def WF (H : Hash) : Commits → Prop
  | [] => True
  | (i, c) :: rest => i = c.id H ∧ has rest i = false ∧ admits rest c = true ∧ WF H rest

/-- With a commit, if it is not there. -/
def insert (H : Hash) (s : Commits) (c : Commit) : Commits :=
  if s.has (c.id H) then s else (c.id H, c) :: s

end Commits

end Shepherd
