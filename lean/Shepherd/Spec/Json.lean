module

/-!
# JSON values

An object is a list of members, in the order in which RFC 8785 writes them. Numbers are integers:
other numbers are outside of this model.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- Unicode text, character by character. -/
abbrev Text := List Char

mutual
/-- A JSON value. -/
inductive Json where
  | null
  | bool (value : Bool)
  | int (value : Int)
  | str (text : Text)
  | arr (items : Items)
  | obj (members : Members)

/-- The items of an array. -/
inductive Items where
  | nil
  | cons (head : Json) (tail : Items)

/-- The members of an object, in order. -/
inductive Members where
  | nil
  | cons (key : Text) (value : Json) (tail : Members)
end

deriving instance DecidableEq for Json, Items, Members

/-- The first member of this name. -/
def Members.get : Members → Text → Option Json
  | .nil, _ => none
  | .cons key value tail, wanted => if key = wanted then some value else tail.get wanted

/-- A member of a value; none when it is no object or lacks the member. -/
def Json.get : Json → Text → Option Json
  | .obj members, wanted => members.get wanted
  | _, _ => none

end Shepherd
