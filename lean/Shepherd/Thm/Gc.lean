module

public import Shepherd.Thm.Graph

/-! # What gc keeps -/

public noncomputable section

namespace Shepherd.Commits

variable {H : Hash} {s rest : Commits} {i k r : Id} {c : Commit} {w : List Id}

/-- What an older commit reaches is older than the newest. -/
theorem reach_rest (fresh : has rest i = false) (wf : WF H rest)
    (h : Reach ((i, c) :: rest) r k) : r ≠ i → Reach rest r k := by
  induction h with
  | self a ha =>
    intro ne
    exact .self a (by rwa [has_cons_ne (Ne.symm ne)] at ha)
  | step a j k d hd hj _ ih =>
    intro ne
    rw [get_cons_ne (Ne.symm ne)] at hd
    have ne' : i ≠ j := ne_of_has fresh (names_present wf hd j hj)
    exact .step a j k d hd hj (ih (Ne.symm ne'))

/-- **gc_preserves_reachable**: what can be reached from a root is kept, unchanged. -/
theorem gc_preserves_reachable (wf : WF H s) (hr : r ∈ w) (h : Reach s r k) :
    (gc s w).get k = s.get k := by
  induction s generalizing w r with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨i, c⟩ := one
    obtain ⟨_, fresh, ok, wf'⟩ := wf
    have present : ∀ j ∈ names c, has rest j = true := by
      simp only [admits, Bool.and_eq_true, List.all_eq_true] at ok
      exact ok.1
    by_cases e : r = i
    · subst e
      simp only [gc, hr, if_true]
      cases h with
      | self => rw [get_cons_self, get_cons_self]
      | step _ j _ d hd hj hjk =>
        rw [get_cons_self] at hd
        cases hd
        have below := reach_rest fresh wf' hjk (Ne.symm (ne_of_has fresh (present j hj)))
        have ne := ne_of_has fresh (reach_has below).2
        rw [get_cons_ne ne, get_cons_ne ne]
        exact ih wf' (List.mem_append_left _ hj) below
    · have below := reach_rest fresh wf' h e
      have ne := ne_of_has fresh (reach_has below).2
      rw [get_cons_ne ne]
      by_cases kept : i ∈ w
      · simp only [gc, kept, if_true]
        rw [get_cons_ne ne]
        exact ih wf' (List.mem_append_right _ hr) below
      · simp only [gc, kept, if_false]
        exact ih wf' hr below

/-- gc invents nothing: what it leaves was there. -/
theorem gc_only (h : (i, c) ∈ gc s w) : (i, c) ∈ s := by
  induction s generalizing w with
  | nil => simp [gc] at h
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    by_cases kept : a ∈ w
    · simp only [gc, kept, if_true, List.mem_cons] at h
      rcases h with h | h
      · simp [h]
      · exact List.mem_cons_of_mem _ (ih h)
    · simp only [gc, kept, if_false] at h
      exact List.mem_cons_of_mem _ (ih h)

end Shepherd.Commits
