module

@[expose] public noncomputable section

namespace Shepherd

/-- An object's name. -/
abbrev Id := Nat

end Shepherd
