module

public import Shepherd.Thm.Graph

/-! # The history of a merge -/

public noncomputable section

namespace Shepherd.Commits

variable {s : Commits} {i k p q : Id} {c : Commit}

/-- **merge_ancestors**: the history of a merge is itself and the histories of both sides. -/
theorem merge_ancestors (here : s.get i = some c) (sides : c.parents = [p, q])
    (plain : c.event.intent = none) :
    Reach s i k ↔ (k = i ∧ s.has i = true) ∨ Reach s p k ∨ Reach s q k := by
  constructor
  · intro h
    cases h with
    | self _ known => exact .inl ⟨rfl, known⟩
    | step _ j _ d hd hj r =>
      have e : d = c := by
        rw [here] at hd
        exact (Option.some.inj hd).symm
      subst e
      simp only [names, sides, plain, Option.toList_none, List.append_nil, List.mem_cons,
        List.not_mem_nil, or_false] at hj
      rcases hj with rfl | rfl
      · exact .inr (.inl r)
      · exact .inr (.inr r)
  · rintro (⟨rfl, known⟩ | r | r)
    · exact .self _ known
    · exact .step i p k c here (by simp [names, sides]) r
    · exact .step i q k c here (by simp [names, sides]) r

/-- So the order of the sides makes no difference to what is in a merge's history, and a branch
that is merged into itself gains only the merge. -/
theorem merge_symmetric {t : Commits} {j : Id} {d : Commit}
    (hs : s.get i = some c) (hc : c.parents = [p, q]) (ec : c.event.intent = none)
    (ht : t.get j = some d) (hd : d.parents = [q, p]) (ed : d.event.intent = none)
    (left : ∀ k, Reach s p k ↔ Reach t p k) (right : ∀ k, Reach s q k ↔ Reach t q k)
    (hi : k ≠ i) (hj : k ≠ j) : Reach s i k ↔ Reach t j k := by
  rw [merge_ancestors hs hc ec, merge_ancestors ht hd ed]
  simp only [hi, hj, false_and, false_or, left, right]
  exact Or.comm

end Shepherd.Commits
