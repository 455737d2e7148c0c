module

public import Shepherd.Spec.Sync
public import Shepherd.Thm.Care

/-! # A union of well-formed stores is one -/

public noncomputable section

namespace Shepherd.Commits

variable {H : Hash} {s t : Commits} {i j : Id} {c : Commit}

theorem has_cons (h : s.has j = true) : has ((i, c) :: s) j = true := by
  by_cases e : i = j
  · simp [has, get, e]
  · rw [has_cons_ne e]
    exact h

theorem sync_has_left (h : s.has j = true) : ∀ t, (sync s t).has j = true := by
  intro t
  induction t with
  | nil => exact h
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    simp only [sync]
    split
    · exact ih
    · exact has_cons ih

theorem sync_has_right (h : t.has j = true) : (sync s t).has j = true := by
  induction t with
  | nil => simp [has, get] at h
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    by_cases e : a = j
    · subst e
      simp only [sync]
      split
      · assumption
      · simp [has, get]
    · have old := ih (by rwa [has_cons_ne e] at h)
      simp only [sync]
      split
      · exact old
      · exact has_cons old

theorem sync_wf (free : ¬ Collision H) (ws : WF H s) : ∀ t, WF H t → WF H (sync s t) := by
  intro t
  induction t with
  | nil => exact fun _ => ws
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    intro wt
    obtain ⟨id, _, ok, wr⟩ := wt
    have u := ih wr
    have old : ∀ k ∈ names d, has rest k = true := by
      have all := ok
      simp only [admits, Bool.and_eq_true, List.all_eq_true] at all
      exact all.1
    simp only [sync]
    split
    · exact u
    · rename_i new
      refine ⟨id, by simpa using new, ?_, u⟩
      rw [← ok]
      exact admits_congr
        (fun k hk => same_get u wr free (sync_has_right (old k hk)) (old k hk))
        (fun k hk => same_path u wr free _ k (Nat.le_refl _) (sync_has_right (old k hk)) (old k hk))

/-- **sync_closure**: the union of two well-formed stores is well-formed, and each one's commits
are in it, with their logs, as they were; or a collision is exhibited. -/
theorem sync_closure (ws : WF H s) (wt : WF H t) :
    (WF H (sync s t)
      ∧ (∀ k, s.has k = true → (sync s t).get k = s.get k ∧ (sync s t).path k = s.path k)
      ∧ (∀ k, t.has k = true → (sync s t).get k = t.get k ∧ (sync s t).path k = t.path k))
    ∨ Collision H := by
  by_cases free : Collision H
  · exact .inr free
  · left
    have u := sync_wf free ws t wt
    refine ⟨u, ?_, ?_⟩
    · intro k hk
      have there := sync_has_left hk t
      exact ⟨same_get u ws free there hk, same_path u ws free _ k (Nat.le_refl _) there hk⟩
    · intro k hk
      have there := sync_has_right (s := s) hk
      exact ⟨same_get u wt free there hk, same_path u wt free _ k (Nat.le_refl _) there hk⟩

end Shepherd.Commits
