module

public import Shepherd.Spec.Blame

/-! # Blame names one who wrote the line -/

public noncomputable section

namespace Shepherd

variable {versions : Nat → Version} {n i : Nat} {blamed : List Source} {b : Source}

/-- **blame_sound**: the version that is named for a line did have this line, at the place that is
named; and from it on every version had it: nobody after it wrote the line anew. -/
theorem blame_sound (h : Blamed versions n blamed) (hb : blamed[i]? = some b) :
    b.version ≤ n ∧ ∃ text, (versions n)[i]? = some text
      ∧ (versions b.version)[b.place]? = some text
      ∧ ∀ k, b.version ≤ k → k ≤ n → text ∈ versions k := by
  induction h generalizing i b with
  | first =>
    simp only [first, List.getElem?_mapIdx, Option.map_eq_some_iff] at hb
    obtain ⟨text, ht, rfl⟩ := hb
    refine ⟨Nat.le_refl _, text, ht, ht, ?_⟩
    intro k _ hk
    have e : k = 0 := Nat.le_zero.1 hk
    subst e
    exact List.mem_of_getElem? ht
  | follow number before kept _ fits ih =>
    simp only [follow, List.getElem?_mapIdx, Option.map_eq_some_iff] at hb
    obtain ⟨from_, hk, hb⟩ := hb
    have new : b = ⟨number + 1, i⟩ → b.version ≤ number + 1 ∧ ∃ text,
        (versions (number + 1))[i]? = some text ∧ (versions b.version)[b.place]? = some text
          ∧ ∀ k, b.version ≤ k → k ≤ number + 1 → text ∈ versions k := by
      rintro rfl
      have hi : i < (versions (number + 1)).length := by
        rw [← fits.1]
        exact (List.getElem?_eq_some_iff.1 hk).1
      refine ⟨Nat.le_refl _, _, List.getElem?_eq_getElem hi, List.getElem?_eq_getElem hi, ?_⟩
      intro k lo up
      have e : k = number + 1 := Nat.le_antisymm up lo
      subst e
      exact List.getElem_mem hi
    cases from_ with
    | none =>
      simp only [Option.bind_none, Option.getD_none] at hb
      exact new hb.symm
    | some j =>
      simp only [Option.bind_some] at hb
      cases hj : before[j]? with
      | none =>
        simp only [hj, Option.getD_none] at hb
        exact new hb.symm
      | some known =>
        simp only [hj, Option.getD_some] at hb
        subst hb
        obtain ⟨le, text, here, there, stays⟩ := ih hj
        obtain ⟨same, was, is⟩ := fits.2 i j hk
        have e : same = text := by
          rw [was] at here
          exact Option.some.inj here
        subst e
        refine ⟨Nat.le_succ_of_le le, same, is, there, ?_⟩
        intro k lo up
        rcases Nat.lt_or_ge number k with lt | ge
        · have e : k = number + 1 := Nat.le_antisymm up lt
          subst e
          exact List.mem_of_getElem? is
        · exact stays k lo ge

end Shepherd
