module

public import Shepherd.Thm.Ops

/-! # The same report again -/

public noncomputable section

namespace Shepherd

variable {H : Hash} {s t : Store} {n : Name} {b : Branch} {e : Event} {i : Id} {tree : Option Tree}
  {key : Text}

/-- Where a report stands on top of a log, under its `clientId`, it is not made again. -/
theorem again {below : List (Id × Commit)} {b' : Branch} {c : Commit}
    (hb : s.branch n = some { b' with head := i, clients := (key, i) :: b'.clients })
    (live : b'.status = .live) (told : e.kind.reported = true) (plain : e.isDenied = false)
    (hp : s.commits.path i = (i, c) :: below) (hc : c.event = e) (hg : s.commits.get i = some c) :
    append H s n e tree none (some key) = (s, .ok i) := by
  have hv : vetoed s { b' with head := i, clients := (key, i) :: b'.clients } e = none := by
    unfold vetoed
    cases hi : e.intent with
    | none => rfl
    | some j =>
      by_cases o : e.isOutcome = true
      · simp [hp, o, Commits.outcome, hc, hi, plain]
      · simp [o]
  have hl : i ∈ s.commits.log i := by
    rw [Commits.log_eq_path, hp]
    simp
  simp only [live] at hb hv
  unfold append
  simp [hb, told, hv, hl, hg, hc]

/-- **append_idem**: a report that was accepted under a `clientId`, made again under it, gives the
same commit and changes nothing; or a collision is exhibited. -/
theorem append_idem (wf : s.WF H) (plain : e.isDenied = false)
    (h : append H s n e tree none (some key) = (t, .ok i)) :
    append H t n e tree none (some key) = (t, .ok i) ∨ Collision H := by
  unfold append at h
  split at h
  · cases h
  · rename_i b hb
    simp only [Option.isSome_none, Bool.false_eq_true, false_and, if_false] at h
    by_cases live : b.status = .live
    · by_cases told : e.kind.reported = true
      · simp only [live, told, ne_eq, not_true, if_false, Bool.not_true, Bool.false_eq_true] at h
        split at h
        · split at h <;> cases h
        · rename_i free
          split at h
          · rename_i known found
            split at h
            · rename_i same
              cases h
              left
              unfold append
              simp only [hb, live, told, free, found, same, Option.isSome_none, Bool.false_eq_true,
                false_and, if_false, ne_eq, not_true, Bool.not_true, and_self, if_true]
            · cases h
          · rename_i fresh
            cases hr : record H s n e tree with
            | error r => simp [hr, andThen, settle] at h
            | ok p =>
              obtain ⟨u, j⟩ := p
              have k := record_fine (H := H) (ns := [n]) (by simp) u j hr
              rcases append_extends wf hb hr with g | g
              · obtain ⟨hu, hp⟩ := g
                simp only [hr, andThen, amend, hu, settle, Prod.mk.injEq, Except.ok.injEq] at h
                obtain ⟨rfl, rfl⟩ := h
                have there : u.commits.has j = true := (k.wf wf).2 n _ hu
                obtain ⟨d, hd⟩ := Commits.has_iff.1 there
                have same : d = { parents := [b.head], event := e, tree := tree } := by
                  have un := Commits.path_unfold (k.wf wf).1 hd
                  rw [hp] at un
                  exact (Prod.mk.inj (List.cons.inj un).1).2.symm
                left
                exact again (b' := b) branch_put_self live told plain hp rfl (by
                  rw [← same]
                  exact hd)
              · exact .inr g
      · simp [live, told] at h
    · simp [live] at h

end Shepherd
