module

public import Shepherd.Spec.Merge

/-! # Merges and memos -/

public noncomputable section

namespace Shepherd

variable {t base ours theirs source : Tree} {p q : Path} {text : TextMerge}

namespace Tree

theorem get_erase_self : (t.erase p).get p = none := by
  induction t with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨a, e⟩ := one
    by_cases h : a = p
    · simpa [erase, h] using ih
    · simpa [erase, h, get] using ih

theorem get_erase_ne (h : p ≠ q) : (t.erase p).get q = t.get q := by
  induction t with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨a, e⟩ := one
    unfold erase at ih ⊢
    by_cases ha : a = p
    · have hq : ¬ a = q := fun x => h (ha.symm.trans x)
      rw [List.filter_cons_of_neg (by simp [ha]), ih]
      simp [get, hq]
    · rw [List.filter_cons_of_pos (by simp [ha])]
      by_cases hq : a = q
      · simp [get, hq]
      · simp only [get, hq, if_false]
        exact ih

theorem get_set (v : Option Entry) : (t.set p v).get q = if p = q then v else t.get q := by
  by_cases h : p = q
  · subst h
    cases v with
    | none => simp [set, get_erase_self]
    | some e => simp [set, get]
  · cases v with
    | none => simp [set, h, get_erase_ne h]
    | some e => simp [set, get, h, get_erase_ne h]

theorem get_graft (ps : List Path) : ∀ t : Tree,
    (t.graft source ps).get q = if q ∈ ps then source.get q else t.get q := by
  induction ps with
  | nil =>
    intro t
    simp [graft]
  | cons a rest ih =>
    intro t
    simp only [graft, ih, get_set, List.mem_cons]
    by_cases hr : q ∈ rest
    · simp [hr]
    · by_cases ha : a = q
      · simp [ha]
      · have : ¬ q = a := fun x => ha x.symm
        simp [hr, ha, this]

theorem get_none (h : p ∉ t.map Prod.fst) : t.get p = none := by
  induction t with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨a, e⟩ := one
    simp only [List.map_cons, List.mem_cons, not_or] at h
    have : ¬ a = p := fun x => h.1 x.symm
    simp only [get, this, if_false]
    exact ih h.2

end Tree

theorem get_build (f : Path → Option Entry) (ps : List Path) :
    (build f ps).get q = if q ∈ ps then f q else none := by
  induction ps with
  | nil => simp [build, Tree.get]
  | cons a rest ih =>
    simp only [build, Tree.get_set, ih, List.mem_cons]
    by_cases ha : a = q
    · simp [ha]
    · have : ¬ q = a := fun x => ha x.symm
      simp [ha, this]

theorem get_merged : (merged text base ours theirs).get p
    = (mergeEntry text (base.get p) (ours.get p) (theirs.get p)).1 := by
  unfold merged
  rw [get_build]
  split
  · rfl
  · rename_i h
    simp only [paths, List.mem_append, not_or] at h
    rw [Tree.get_none h.1, Tree.get_none h.2.1, Tree.get_none h.2.2]
    simp [mergeEntry]

/-- Nothing is changed by both sides. -/
def Disjoint (base ours theirs : Tree) : Prop :=
  ∀ p, ours.get p = base.get p ∨ theirs.get p = base.get p

/-- **merge_clean_replay**: changes that touch no path in common merge without a conflict; each
path has what the side that changed it made of it; and the order of the sides makes no
difference. -/
theorem merge_clean_replay (d : Disjoint base ours theirs) :
    conflicts text base ours theirs = []
      ∧ (∀ p, (merged text base ours theirs).get p
          = if ours.get p = base.get p then theirs.get p else ours.get p)
      ∧ Tree.Same (merged text base ours theirs) (merged text base theirs ours) := by
  refine ⟨?_, ?_, ?_⟩
  · simp only [conflicts, List.filter_eq_nil_iff]
    intro p _
    rcases d p with h | h
    · by_cases e : base.get p = theirs.get p <;> simp [mergeEntry, h, e]
    · by_cases e : ours.get p = base.get p <;> simp [mergeEntry, h, e]
  · intro p
    rw [get_merged]
    rcases d p with h | h
    · by_cases e : base.get p = theirs.get p <;> simp [mergeEntry, h, e]
    · by_cases e : ours.get p = base.get p <;> simp [mergeEntry, h, e]
  · intro p
    rw [get_merged, get_merged]
    rcases d p with h | h
    · by_cases e : base.get p = theirs.get p
      · simp [mergeEntry, h, e]
      · have e' : ¬ theirs.get p = base.get p := fun x => e x.symm
        simp [mergeEntry, h, e, e']
    · by_cases e : ours.get p = base.get p
      · simp [mergeEntry, h, e]
      · have e' : ¬ base.get p = ours.get p := fun x => e x.symm
        simp [mergeEntry, h, e, e']

/-- **merge_conflict_detected**: a path that both sides changed, each in its own way, is reported,
unless the text merge made one of both. -/
theorem merge_conflict_detected (ho : ours.get p ≠ base.get p) (ht : theirs.get p ≠ base.get p)
    (ne : ours.get p ≠ theirs.get p) (no : text (base.get p) (ours.get p) (theirs.get p) = none) :
    p ∈ conflicts text base ours theirs := by
  have here : p ∈ paths base ours theirs := by
    refine Decidable.byContradiction fun h => ?_
    simp only [paths, List.mem_append, not_or] at h
    exact ho ((Tree.get_none h.2.1).trans (Tree.get_none h.1).symm)
  simp [conflicts, here, mergeEntry, ho, ht, ne, no]

/-- **memo_sound**: for a step that looks at nothing but `reads`, and writes only where it read or
where its memo notes a difference, an answer from the memo is what running it again would give. -/
theorem memo_sound (f : Doing) (reads : List Path) (was now : Tree) (outcome : Json) (made : Tree)
    (only : ∀ a b : Tree, (∀ p ∈ reads, a.get p = b.get p) → f a = f b)
    (wrote : ∀ p ∈ (f was).2.2, p ∈ reads ∨ p ∈ (memoOf f reads was).changed)
    (hit : reuse (memoOf f reads was) now = some (outcome, made)) :
    outcome = (rerun f now).1 ∧ Tree.Same made (rerun f now).2 := by
  unfold reuse at hit
  split at hit
  · rename_i same
    simp only [List.all_eq_true, decide_eq_true_eq] at same
    cases hit
    have e : f now = f was := only now was same
    refine ⟨by simp [rerun, memoOf, e], ?_⟩
    intro p
    simp only [rerun, e, Tree.get_graft]
    by_cases hp : p ∈ (f was).2.2
    · simp only [hp, if_true]
      by_cases hc : p ∈ (memoOf f reads was).changed
      · simp only [hc, if_true]
        simp [memoOf, rerun, Tree.get_graft, hp]
      · simp only [hc, if_false]
        have hr : p ∈ reads := (wrote p hp).resolve_right hc
        have hs := same p hr
        have : ¬ (was.get p ≠ (rerun f was).2.get p) := by
          intro ne
          exact hc (by simp [memoOf, hp, ne])
        have := Decidable.not_not.1 this
        simp only [rerun, Tree.get_graft, hp, if_true] at this
        rw [hs]
        exact this
    · have hc : p ∉ (memoOf f reads was).changed := by simp [memoOf, hp]
      simp [hp, hc]
  · cases hit

/-- A step that writes without having read. -/
def blind : Doing := fun _ => (.null, [(['x'], .file 0 ['1'])], [['x']])

/-- Why `memo_sound` asks that much: a step that wrote what was there already leaves no difference,
so its memo, used where something else is there, does not write it. -/
theorem memo_blind_write :
    (reuse (memoOf blind [] [(['x'], .file 0 ['1'])]) [(['x'], .file 0 ['2'])]).map Prod.snd
      ≠ some (rerun blind [(['x'], .file 0 ['2'])]).2 := by decide

end Shepherd
