module

public import Shepherd.Spec.Care
public import Shepherd.Thm.Gc
public import Shepherd.Thm.Ops

/-! # gc leaves a well-formed store, and a crash a prefix of what was done -/

public noncomputable section

namespace Shepherd

namespace Commits

variable {H : Hash} {s t rest : Commits} {i j p : Id} {c : Commit} {w : List Id}

theorem get_mem (h : s.get i = some c) : (i, c) ∈ s := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    by_cases e : a = i
    · simp only [get, e, if_true, Option.some.injEq] at h
      simp [e, h]
    · simp only [get, e, if_false] at h
      exact List.mem_cons_of_mem _ (ih h)

theorem mem_has (h : (i, c) ∈ s) : s.has i = true := by
  induction s with
  | nil => simp at h
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    by_cases e : a = i
    · simp [has, get, e]
    · rw [has_cons_ne e]
      rcases List.mem_cons.1 h with h | h
      · exact absurd (Prod.mk.inj h).1.symm e
      · exact ih h

theorem gc_get (h : p ∈ w) : (gc s w).get p = s.get p := by
  induction s generalizing w with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    by_cases kept : a ∈ w
    · simp only [gc, kept, if_true]
      by_cases e : a = p
      · simp [get, e]
      · rw [get_cons_ne e, get_cons_ne e]
        exact ih (List.mem_append_right _ h)
    · have e : a ≠ p := fun x => kept (x ▸ h)
      simp only [gc, kept, if_false]
      rw [get_cons_ne e]
      exact ih h

/-- The log of what is wanted is as it was. -/
theorem gc_path (h : p ∈ w) : (gc s w).path p = s.path p := by
  induction s generalizing w p with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    by_cases kept : a ∈ w
    · simp only [gc, kept, if_true]
      by_cases e : a = p
      · cases hp : d.parents with
        | nil => simp [path, e, hp]
        | cons q qs =>
          have hq : q ∈ names d ++ w := by simp [names, hp]
          simp [path, e, hp, ih hq]
      · rw [path_cons_ne e, path_cons_ne e]
        exact ih (List.mem_append_right _ h)
    · have e : a ≠ p := fun x => kept (x ▸ h)
      simp only [gc, kept, if_false]
      rw [path_cons_ne e]
      exact ih h

/-- Whether a commit is admitted depends on what it names only. -/
theorem admits_congr (hg : ∀ j ∈ names c, s.get j = t.get j)
    (hp : ∀ j ∈ names c, s.path j = t.path j) : s.admits c = t.admits c := by
  have hb : s.below c = t.below c := by
    unfold below
    cases h : c.parents with
    | nil => rfl
    | cons p ps => exact hp p (by simp [names, h])
  have ha : (names c).all s.has = (names c).all t.has := by
    rw [Bool.eq_iff_iff, List.all_eq_true, List.all_eq_true]
    constructor <;> intro h j hj
    · simpa [has, hg j hj] using h j hj
    · simpa [has, hg j hj] using h j hj
  unfold admits
  rw [ha, hb]
  cases hi : c.event.intent with
  | none => simp only [hi]
  | some intent =>
    have same : ∀ k, s.asks intent k = t.asks intent k := by
      intro k
      unfold asks
      rw [hg intent (by simp [names, hi])]
    simp only [hi, same]

/-- **gc_wf**: what gc leaves is well-formed, whatever is wanted. -/
theorem gc_wf (wf : WF H s) : ∀ w, WF H (gc s w) := by
  induction s with
  | nil => exact fun _ => trivial
  | cons one rest ih =>
    obtain ⟨a, d⟩ := one
    obtain ⟨id, fresh, ok, wf'⟩ := wf
    intro w
    by_cases kept : a ∈ w
    · simp only [gc, kept, if_true]
      refine ⟨id, ?_, ?_, ih wf' _⟩
      · cases h : has (gc rest (names d ++ w)) a with
        | false => rfl
        | true =>
          obtain ⟨c, hc⟩ := has_iff.1 h
          have there := mem_has (gc_only (get_mem hc))
          rw [fresh] at there
          exact there.symm
      · rw [← ok]
        exact admits_congr (fun j hj => gc_get (List.mem_append_left _ hj))
          (fun j hj => gc_path (List.mem_append_left _ hj))
    · simp only [gc, kept, if_false]
      exact ih wf' w

end Commits

variable {H : Hash} {s t : Store} {n : Name} {b : Branch} {i : Id} {stay : List (Name × Id)}

theorem lookup_mem {l : List (Name × Id)} (h : l.lookup n = some i) : (n, i) ∈ l := by
  induction l with
  | nil => simp at h
  | cons a l ih =>
    obtain ⟨m, v⟩ := a
    by_cases e : n = m
    · subst e
      simp at h
      simp [h]
    · have ne : (n == m) = false := by simpa using e
      simp only [List.lookup, ne] at h
      exact List.mem_cons_of_mem _ (ih h)

theorem branch_listed (hb : s.branch n = some b) : (n, b) ∈ s.branches := by
  simp only [Store.branch, Option.map_eq_some_iff] at hb
  obtain ⟨⟨m, x⟩, hf, rfl⟩ := hb
  have hm : m = n := by simpa using List.find?_some hf
  subst hm
  exact List.mem_of_find?_eq_some hf

theorem root_of {x : Branch} (hm : (n, x) ∈ s.branches) (hb : s.branch n = some b)
    (k : b.kept = true) (hi : i ∈ b.ends) : i ∈ s.roots := by
  unfold Store.roots
  rw [List.mem_flatMap]
  exact ⟨(n, x), hm, by simp [hb, k, hi]⟩

/-- **collect_wf**: a store is well-formed after gc, whichever shorter branches it left. -/
theorem collect_wf (wf : s.WF H) (h : s.collect stay = some t) : t.WF H := by
  unfold Store.collect at h
  simp only at h
  split at h
  · rename_i ok
    cases h
    refine ⟨Commits.gc_wf wf.1 _, ?_⟩
    intro n b hb
    have hm := branch_listed hb
    simp only [List.mem_filterMap] at hm
    obtain ⟨⟨q, x⟩, hq, he⟩ := hm
    simp only at he
    cases hs : s.branch q with
    | none => simp [hs] at he
    | some b0 =>
      simp only [hs] at he
      by_cases k : b0.kept = true
      · simp only [k, if_true, Option.some.injEq, Prod.mk.injEq] at he
        obtain ⟨_, rfl⟩ := he
        have hr := root_of hq hs k (i := b0.head) (by simp [Branch.ends])
        have there := wf.2 q b0 hs
        unfold Commits.has at there ⊢
        rw [Commits.gc_get hr]
        exact there
      · simp only [k] at he
        simp only [Bool.false_eq_true, if_false, Option.map_eq_some_iff] at he
        obtain ⟨head, hl, he⟩ := he
        cases he
        have fine := List.all_eq_true.1 ok _ (lookup_mem hl)
        unfold Store.shorter at fine
        simp only [hs, Bool.and_eq_true] at fine
        exact fine.2
  · cases h

/-- **collect_keeps**: a branch that was not set aside keeps its log and its world through gc, and
so do its fork point and the intents that wait on it. -/
theorem collect_keeps (h : s.collect stay = some t) (hb : s.branch n = some b)
    (k : b.kept = true) (hi : i ∈ b.ends) :
    t.commits.path i = s.commits.path i ∧ t.commits.world i = s.commits.world i := by
  have hr := root_of (branch_listed hb) hb k hi
  unfold Store.collect at h
  simp only at h
  split at h
  · cases h
    have p := Commits.gc_path (s := s.commits) hr
    exact ⟨p, by unfold Commits.world; rw [p]⟩
  · cases h

theorem run_append (first rest : List Op) :
    ∀ s, (run H s (first ++ rest)).1 = (run H (run H s first).1 rest).1 := by
  induction first with
  | nil => exact fun _ => rfl
  | cons op more ih =>
    intro s
    simp only [List.cons_append, run]
    exact ih _

/-- **recovery_prefix**: requests become durable one after the other, and a crash leaves the first
`k` of them, with all that were acknowledged. Then the store is well-formed; it has every commit
of what was acknowledged, with its log, as it was; and it has none that without the crash would
not be there. -/
theorem recovery_prefix (wf : s.WF H) (ops : List Op) (acknowledged k : Nat)
    (h : acknowledged ≤ k) :
    (run H s (ops.take k)).1.WF H
      ∧ (∀ i, (run H s (ops.take acknowledged)).1.commits.has i = true →
          (run H s (ops.take k)).1.commits.get i
              = (run H s (ops.take acknowledged)).1.commits.get i
            ∧ (run H s (ops.take k)).1.commits.path i
              = (run H s (ops.take acknowledged)).1.commits.path i)
      ∧ (∀ i, (run H s (ops.take k)).1.commits.has i = true →
          (run H s ops).1.commits.get i = (run H s (ops.take k)).1.commits.get i
            ∧ (run H s ops).1.commits.path i = (run H s (ops.take k)).1.commits.path i) := by
  refine ⟨append_preserves_wf wf _, ?_, ?_⟩
  · intro i hi
    obtain ⟨d, rfl⟩ := Nat.exists_eq_add_of_le h
    rw [List.take_add, run_append]
    have more := run_keeps (H := H) ((ops.drop acknowledged).take d)
      (run H s (ops.take acknowledged)).1
    exact ⟨more.get i hi, more.path i hi⟩
  · intro i hi
    have e : (run H s ops).1 = (run H (run H s (ops.take k)).1 (ops.drop k)).1 := by
      rw [← run_append, List.take_append_drop]
    have more := run_keeps (H := H) (ops.drop k) (run H s (ops.take k)).1
    rw [e]
    exact ⟨more.get i hi, more.path i hi⟩

end Shepherd
