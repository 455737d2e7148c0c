module

public import Shepherd.Spec.Ops

/-!
# Replay from the record

An agent is a machine: the outcomes so far give the next intent, or that it is done. A record is
the events of a log from after its root, each with the tree that its commit has, if any. Intents
here come one after the other; whatever is neither intent nor outcome is kept beside.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- What an agent does next: the outcomes so far to its intent, by kind and payload. -/
abbrev Machine := List Json → Option (Kind × Json)

/-- One commit of a record, without its parent. -/
structure Recorded where
  event : Event
  tree : Option Tree := none
deriving DecidableEq

/-- The name of the commit that a recorded one makes on a head. -/
def extend (H : Hash) (head : Id) (r : Recorded) : Id :=
  Commit.id H { parents := [head], event := r.event, tree := r.tree }

/-- The head after all of a record. -/
def headAfter (H : Hash) (head : Id) (record : List Recorded) : Id := record.foldl (extend H) head

/-- The workspace one commit later: outcomes, and with them trees, are data. -/
def applied (world : Tree) (r : Recorded) : Tree := r.tree.getD world

/-- The workspace after all of a record. -/
def worldAfter (world : Tree) (record : List Recorded) : Tree := record.foldl applied world

/-- How a replay ended: the head that it made, and why it stopped. -/
inductive Replayed where
  | done (head : Id)
  /-- What the record has, and what the agent proposed, if anything. -/
  | diverged (head : Id) (expected : Kind × Json) (actual : Option (Kind × Json))
  /-- The record ends; the agent goes on. -/
  | ended (head : Id) (actual : Kind × Json)
deriving DecidableEq

/-- Answer the machine from the record, and append what was recorded. -/
def cached (H : Hash) (P : Machine) : List Recorded → List Json → Id → Replayed
  | [], outcomes, head =>
    match P outcomes with
    | none => .done head
    | some actual => .ended head actual
  | r :: rest, outcomes, head =>
    if r.event.isIntent then
      if P outcomes = some (r.event.kind, r.event.payload) then
        cached H P rest outcomes (extend H head r)
      else .diverged head (r.event.kind, r.event.payload) (P outcomes)
    else if r.event.isOutcome then
      cached H P rest (outcomes ++ [r.event.payload]) (extend H head r)
    else cached H P rest outcomes (extend H head r)

/-- A machine made this record: each intent in it is what the machine wanted after the outcomes
before it, and at its end the machine was done. The environment may have answered anything. -/
inductive Made (P : Machine) : List Recorded → List Json → Prop where
  | done (outcomes : List Json) : P outcomes = none → Made P [] outcomes
  | intent (r : Recorded) (rest : List Recorded) (outcomes : List Json) :
      r.event.isIntent = true → P outcomes = some (r.event.kind, r.event.payload) →
      Made P rest outcomes → Made P (r :: rest) outcomes
  | outcome (r : Recorded) (rest : List Recorded) (outcomes : List Json) :
      r.event.isIntent = false → r.event.isOutcome = true →
      Made P rest (outcomes ++ [r.event.payload]) → Made P (r :: rest) outcomes
  | beside (r : Recorded) (rest : List Recorded) (outcomes : List Json) :
      r.event.isIntent = false → r.event.isOutcome = false →
      Made P rest outcomes → Made P (r :: rest) outcomes

/-- Another event at the place `k` of a record. -/
def editAt (record : List Recorded) (k : Nat) (event : Event) : List Recorded :=
  record.take k ++ (record.drop k).head?.toList.map (fun r => { r with event := event })
    ++ record.drop (k + 1)

/-- The names of the commits that a record makes, oldest first. -/
def names (H : Hash) : Id → List Recorded → List Id
  | _, [] => []
  | head, r :: rest => extend H head r :: names H (extend H head r) rest

end Shepherd
