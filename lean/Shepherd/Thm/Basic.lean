module

public import Shepherd.Spec.Basic

public noncomputable section

namespace Shepherd

theorem id_refl (a : Id) : a = a := rfl

end Shepherd
