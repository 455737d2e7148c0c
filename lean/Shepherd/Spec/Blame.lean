module

public import Shepherd.Spec.Objects

/-!
# Who wrote a line

A file has versions, oldest first. Between one and the next an alignment says from which place of
the one each line of the other comes, if from any; how it finds that is not said here, only that
a line comes from one that says the same.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- The lines of a file, at one moment. -/
abbrev Version := List Text

/-- Where a line comes from: which version wrote it, and where it stood there. -/
structure Source where
  version : Nat
  place : Nat
deriving DecidableEq

/-- For each line of a version the place of the one before that it comes from; none: it is new. -/
abbrev Kept := List (Option Nat)

/-- Who wrote the first version. -/
def first (version : Version) : List Source := version.mapIdx fun i _ => ⟨0, i⟩

/-- Who wrote each line of the next version, of this number. -/
def follow (blamed : List Source) (kept : Kept) (number : Nat) : List Source :=
  kept.mapIdx fun i from_ => ((from_.bind fun j => blamed[j]?).getD ⟨number, i⟩)

/-- An alignment fits two versions: a line comes from one that says the same. -/
def Fits (before after : Version) (kept : Kept) : Prop :=
  kept.length = after.length
    ∧ ∀ i j : Nat, kept[i]? = some (some j) → ∃ text, before[j]? = some text ∧ after[i]? = some text

/-- Versions up to a number, each aligned with the one before, and who wrote the last one's lines. -/
inductive Blamed (versions : Nat → Version) : Nat → List Source → Prop where
  | first : Blamed versions 0 (Shepherd.first (versions 0))
  | follow (number : Nat) (blamed : List Source) (kept : Kept) :
      Blamed versions number blamed → Fits (versions number) (versions (number + 1)) kept →
      Blamed versions (number + 1) (Shepherd.follow blamed kept (number + 1))

end Shepherd
