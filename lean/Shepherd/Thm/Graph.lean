module

public import Shepherd.Spec.Graph

/-! # What holds of commits as a graph -/

public noncomputable section

namespace Shepherd

/-- One name, two commits: then two objects of one name. -/
theorem Commit.id_binds {H : Hash} {c d : Commit} (h : c.id H = d.id H) : c = d ∨ Collision H := by
  by_cases hc : (c.parents, H.event c.event, c.tree.map H.tree)
      = (d.parents, H.event d.event, d.tree.map H.tree)
  · by_cases he : c.event = d.event
    · by_cases ht : c.tree = d.tree
      · left
        cases c; cases d
        simp_all
      · right
        have hm : c.tree.map H.tree = d.tree.map H.tree := by
          have := congrArg (fun x => x.2.2) hc
          exact this
        cases hct : c.tree with
        | none => cases hdt : d.tree with
          | none => rw [hct, hdt] at ht; exact absurd rfl ht
          | some u => rw [hct, hdt] at hm; cases hm
        | some t => cases hdt : d.tree with
          | none => rw [hct, hdt] at hm; cases hm
          | some u =>
            rw [hct, hdt] at hm ht
            have hm' : H.tree t = H.tree u := by simpa using hm
            exact .tree t u (fun e => ht (by rw [e])) hm'
    · right
      have : H.event c.event = H.event d.event := by
        have := congrArg (fun x => x.2.1) hc
        exact this
      exact .event _ _ he this
  · exact .inr (.commit _ _ _ _ _ _ hc h)

namespace Commits

variable {H : Hash} {s rest : Commits} {i j k head : Id} {c d : Commit} {w : List Id}

theorem has_iff : s.has i = true ↔ ∃ c, s.get i = some c := by
  simp [has, Option.isSome_iff_exists]

theorem get_cons_self : get ((i, c) :: rest) i = some c := by simp [get]

theorem get_cons_ne (h : i ≠ j) : get ((i, c) :: rest) j = get rest j := by simp [get, h]

theorem has_cons_ne (h : i ≠ j) : has ((i, c) :: rest) j = has rest j := by
  simp [has, get_cons_ne h]

theorem ne_of_has (fresh : has rest i = false) (h : has rest j = true) : i ≠ j := by
  intro e
  subst e
  simp [fresh] at h

theorem path_cons_ne (h : i ≠ j) : path ((i, c) :: rest) j = path rest j := by simp [path, h]

theorem log_eq_path : s.log head = (s.path head).map Prod.fst := by
  induction s generalizing head with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨i, c⟩ := one
    by_cases h : i = head
    · cases hp : c.parents with
      | nil => simp [log, path, h, hp]
      | cons p ps => simp [log, path, h, hp, ih]
    · simp [log, path, h, ih]

theorem path_has_none (h : has s head = false) : path s head = [] := by
  induction s with
  | nil => rfl
  | cons one rest ih =>
    obtain ⟨i, c⟩ := one
    by_cases e : i = head
    · simp [has, get, e] at h
    · rw [path_cons_ne e]
      exact ih (by rwa [has_cons_ne e] at h)

/-! ## Well-formed commits -/

theorem names_present (wf : WF H s) (h : s.get i = some c) : ∀ j ∈ names c, s.has j = true := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    obtain ⟨_, fresh, ok, wf'⟩ := wf
    intro j hj
    have inRest : has rest j = true := by
      by_cases e : a = i
      · subst e
        rw [get_cons_self] at h
        cases h
        simp only [admits, Bool.and_eq_true, List.all_eq_true] at ok
        exact ok.1 j hj
      · exact ih wf' (by rwa [get_cons_ne e] at h) j hj
    rw [has_cons_ne (ne_of_has fresh inRest)]
    exact inRest

theorem get_id (wf : WF H s) (h : s.get i = some c) : i = c.id H := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    obtain ⟨id, _, _, wf'⟩ := wf
    by_cases e : a = i
    · subst e
      rw [get_cons_self] at h
      cases h
      exact id
    · exact ih wf' (by rwa [get_cons_ne e] at h)

/-- A log goes on at the first parent. -/
theorem path_unfold (wf : WF H s) (h : s.get i = some c) :
    s.path i = (i, c) :: match c.parents with
      | [] => []
      | parent :: _ => s.path parent := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    have wf0 := wf
    obtain ⟨_, fresh, ok, wf'⟩ := wf
    have older : ∀ p ∈ c.parents, a ≠ p := by
      intro p hp
      refine ne_of_has fresh ?_
      by_cases e : a = i
      · subst e
        rw [get_cons_self] at h
        cases h
        simp only [admits, Bool.and_eq_true, List.all_eq_true] at ok
        exact ok.1 p (by simp [names, hp])
      · exact names_present wf' (by rwa [get_cons_ne e] at h) p (by simp [names, hp])
    by_cases e : a = i
    · subst e
      rw [get_cons_self] at h
      cases h
      cases hp : c.parents with
      | nil => simp [path, hp]
      | cons p ps =>
        have : a ≠ p := older p (by simp [hp])
        simp [path, hp, this]
    · rw [path_cons_ne e, ih wf' (by rwa [get_cons_ne e] at h)]
      cases hp : c.parents with
      | nil => rfl
      | cons p ps => simp [path_cons_ne (older p (by simp [hp]))]

/-- How many commits stand at or behind a name. -/
def age : Commits → Id → Nat
  | [], _ => 0
  | (i, _) :: rest, wanted => if i = wanted then rest.length + 1 else age rest wanted

theorem age_le : age s i ≤ s.length := by
  induction s with
  | nil => simp [age]
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    simp only [age, List.length_cons]
    split <;> omega

/-- What a commit names is older. -/
theorem older (wf : WF H s) (h : s.get i = some c) (hj : j ∈ names c) : age s j < age s i := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    obtain ⟨_, fresh, ok, wf'⟩ := wf
    by_cases e : a = i
    · subst e
      rw [get_cons_self] at h
      cases h
      simp only [admits, Bool.and_eq_true, List.all_eq_true] at ok
      have ne : a ≠ j := ne_of_has fresh (ok.1 j hj)
      have := age_le (s := rest) (i := j)
      simp [age, ne]
      omega
    · rw [get_cons_ne e] at h
      have ne : a ≠ j := ne_of_has fresh (names_present wf' h j hj)
      simp only [age, e, ne, if_false]
      exact ih wf' h

theorem reach_age (wf : WF H s) (h : Reach s i k) : age s k ≤ age s i := by
  induction h with
  | self => exact Nat.le_refl _
  | step i j k c hc hj _ ih => exact Nat.le_trans ih (Nat.le_of_lt (older wf hc hj))

/-- **acyclic**: nothing that a commit names leads back to it. -/
theorem acyclic (wf : WF H s) (h : s.get i = some c) (hj : j ∈ names c) : ¬ Reach s j i := by
  intro r
  have := reach_age wf r
  have := older wf h hj
  omega

theorem reach_has (h : Reach s i k) : s.has i = true ∧ s.has k = true := by
  induction h with
  | self i h => exact ⟨h, h⟩
  | step i j k c hc _ _ ih => exact ⟨has_iff.2 ⟨c, hc⟩, ih.2⟩

theorem Reach.trans (h : Reach s i j) (h' : Reach s j k) : Reach s i k := by
  induction h with
  | self => exact h'
  | step i m _ c hc hm _ ih => exact .step i m k c hc hm (ih h')

/-! ## Adding a commit -/

theorem get_insert (h : s.has j = true) : (insert H s c).get j = s.get j := by
  unfold insert
  split
  · rfl
  · rename_i fresh
    exact get_cons_ne (ne_of_has (by simpa using fresh) h)

theorem path_insert (h : s.has j = true) : (insert H s c).path j = s.path j := by
  unfold insert
  split
  · rfl
  · rename_i fresh
    exact path_cons_ne (ne_of_has (by simpa using fresh) h)

theorem has_insert_self : (insert H s c).has (c.id H) = true := by
  unfold insert
  split
  · assumption
  · simp [has, get]

/-- The new name stands for the new commit, or a collision is exhibited. -/
theorem get_insert_self (wf : WF H s) :
    (insert H s c).get (c.id H) = some c ∨ Collision H := by
  unfold insert
  split
  · rename_i known
    obtain ⟨d, hd⟩ := has_iff.1 known
    rcases Commit.id_binds (get_id wf hd) with e | e
    · left
      rw [hd, e]
    · exact .inr e
  · exact .inl get_cons_self

theorem insert_wf (wf : WF H s) (ok : s.admits c = true) : WF H (insert H s c) := by
  unfold insert
  split
  · exact wf
  · rename_i fresh
    exact ⟨rfl, by simpa using fresh, ok, wf⟩

/-! ## Same head, same history -/

theorem same_get (wf : WF H s) {t : Commits} (wt : WF H t) (free : ¬ Collision H)
    (hs : s.has i = true) (ht : t.has i = true) : s.get i = t.get i := by
  obtain ⟨c, hc⟩ := has_iff.1 hs
  obtain ⟨d, hd⟩ := has_iff.1 ht
  have e : c.id H = d.id H := by rw [← get_id wf hc, ← get_id wt hd]
  rcases Commit.id_binds e with e | e
  · rw [hc, hd, e]
  · exact absurd e free

theorem same_reach (wf : WF H s) {t : Commits} (wt : WF H t) (free : ¬ Collision H)
    (ht : t.has i = true) (r : Reach s i k) : Reach t i k := by
  induction r with
  | self => exact .self _ ht
  | step i j k c hc hj _ ih =>
    have e := same_get wf wt free (has_iff.2 ⟨c, hc⟩) ht
    have hct : t.get i = some c := by rw [← e, hc]
    exact .step i j k c hct hj (ih (names_present wt hct j hj))

theorem same_path (wf : WF H s) {t : Commits} (wt : WF H t) (free : ¬ Collision H) :
    ∀ (n : Nat) (i : Id), age s i ≤ n → s.has i = true → t.has i = true → s.path i = t.path i := by
  intro n
  induction n with
  | zero =>
    intro i hn hs ht
    exfalso
    obtain ⟨c, hc⟩ := has_iff.1 hs
    clear ht wt
    induction s with
    | nil => simp [get] at hc
    | cons one rest ih =>
      obtain ⟨a, ca⟩ := one
      by_cases e : a = i
      · simp [age, e] at hn
      · rw [get_cons_ne e] at hc
        rw [has_cons_ne e] at hs
        simp only [age, e, if_false] at hn
        exact ih wf.2.2.2 hn hs hc
  | succ n ih =>
    intro i hn hs ht
    obtain ⟨c, hc⟩ := has_iff.1 hs
    have hct : t.get i = some c := by rw [← same_get wf wt free hs ht, hc]
    rw [path_unfold wf hc, path_unfold wt hct]
    cases hp : c.parents with
    | nil => rfl
    | cons p ps =>
      have hpn : p ∈ names c := by simp [names, hp]
      have := older wf hc hpn
      simp only [List.cons.injEq, true_and]
      exact ih p (by omega) (names_present wf hc p hpn) (names_present wt hct p hpn)

/-- **head_binds_history**: two stores that have a head in common have its whole history in
common, commit for commit, its log and its world, or a collision is exhibited. -/
theorem head_binds_history (wf : WF H s) {t : Commits} (wt : WF H t)
    (hs : s.has head = true) (ht : t.has head = true) :
    ((∀ i, Reach s head i ↔ Reach t head i) ∧ (∀ i, Reach s head i → s.get i = t.get i)
      ∧ s.log head = t.log head ∧ s.world head = t.world head) ∨ Collision H := by
  by_cases free : Collision H
  · exact .inr free
  · left
    have p := same_path wf wt free _ head (Nat.le_refl _) hs ht
    refine ⟨fun i => ⟨same_reach wf wt free ht, same_reach wt wf free hs⟩, ?_, ?_, ?_⟩
    · intro i r
      exact same_get wf wt free (reach_has r).2 (reach_has (same_reach wf wt free ht r)).2
    · rw [log_eq_path, log_eq_path, p]
    · rw [world, world, p]

/-! ## Vetoes -/

theorem outcome_not_denial {e : Event} (h : e.isOutcome = true) : e.isDenial = false := by
  unfold Event.isOutcome Kind.asks at h
  unfold Event.isDenial Event.isVerdict
  cases hk : e.kind <;> simp_all

theorem outcome_none {p : List (Id × Commit)} (h : (outcome p j).isNone = true)
    (hm : (i, c) ∈ p) (ho : c.event.isOutcome = true) : c.event.intent ≠ some j := by
  intro e
  simp only [outcome, Option.isNone_iff_eq_none, List.find?_eq_none] at h
  have := h (i, c) hm
  simp [ho, e] at this

/-- **veto_safe**: where an intent was denied, its only outcome is `denied`; whichever of the two
stands first on the log. -/
theorem veto_safe (wf : WF H s) (hd : denied (s.path head) j = true)
    (hm : (i, c) ∈ s.path head) (ho : c.event.isOutcome = true)
    (hi : c.event.intent = some j) : c.event.isDenied = true := by
  induction s generalizing head with
  | nil => simp [path] at hm
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    obtain ⟨_, _, ok, wf'⟩ := wf
    by_cases e : a = head
    · simp only [admits, Bool.and_eq_true] at ok
      obtain ⟨_, okOutcome, okDenial⟩ := ok
      cases hp : ca.parents with
      | nil =>
        simp [path, e, hp] at hm hd
        obtain ⟨_, rfl⟩ := hm
        simp [denied, outcome_not_denial ho] at hd
      | cons p ps =>
        have hb : below rest ca = path rest p := by simp [below, hp]
        rw [hb] at okOutcome okDenial
        simp only [path, e, hp, if_true] at hm hd
        simp only [denied, List.any_cons, Bool.or_eq_true, Bool.and_eq_true,
          decide_eq_true_eq] at hd
        rcases List.mem_cons.1 hm with hm | hm
        · obtain ⟨_, rfl⟩ := Prod.mk.inj hm
          rcases hd with hd | hd
          · rw [outcome_not_denial ho] at hd
            simp at hd
          · simp only [ho, Bool.not_true, Bool.false_or, hi, Bool.and_eq_true] at okOutcome
            have := okOutcome.2
            simp only [denied, hd, Bool.true_or, Bool.not_true, Bool.false_or] at this
            exact this
        · rcases hd with hd | hd
          · simp only [hd.1, Bool.not_true, Bool.false_or, hd.2] at okDenial
            exact absurd hi (outcome_none okDenial hm ho)
          · exact ih wf' hd hm
    · rw [path_cons_ne e] at hm hd
      exact ih wf' hd hm

/-- **hold_safe**: while an intent waits on a log, no outcome but `denied` stands on top of that
log; of which branch the hold was makes no difference. -/
theorem hold_safe (wf : WF H s) (h : s.get i = some c) (ho : c.event.isOutcome = true)
    (hi : c.event.intent = some j) (hw : waits (s.below c) j = true) :
    c.event.isDenied = true := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    obtain ⟨_, fresh, ok, wf'⟩ := wf
    have same : ∀ d, (∀ p ∈ d.parents, has rest p = true) →
        below ((a, ca) :: rest) d = below rest d := by
      intro d old
      unfold below
      cases hp : d.parents with
      | nil => rfl
      | cons p ps => exact path_cons_ne (ne_of_has fresh (old p (by simp [hp])))
    by_cases e : a = i
    · subst e
      rw [get_cons_self] at h
      cases h
      simp only [admits, Bool.and_eq_true, List.all_eq_true] at ok
      rw [same _ fun p hp => ok.1 p (by simp [names, hp])] at hw
      have okOutcome := ok.2.1
      simp only [ho, Bool.not_true, Bool.false_or, hi, Bool.and_eq_true] at okOutcome
      have := okOutcome.2
      simpa [hw] using this
    · rw [get_cons_ne e] at h
      rw [same _ fun p hp => names_present wf' h p (by simp [names, hp])] at hw
      exact ih wf' h hw

/-- No log holds two outcomes of one intent: what stands above one is none. -/
theorem outcome_once (wf : WF H s) (h : s.get i = some c) (ho : c.event.isOutcome = true)
    (hi : c.event.intent = some j) (parent : Id) (hp : c.parents.head? = some parent)
    (hm : (k, d) ∈ s.path parent) (hd : d.event.isOutcome = true) : d.event.intent ≠ some j := by
  induction s with
  | nil => simp [get] at h
  | cons one rest ih =>
    obtain ⟨a, ca⟩ := one
    obtain ⟨_, fresh, ok, wf'⟩ := wf
    cases hps : c.parents with
    | nil => simp [hps] at hp
    | cons p ps =>
      rw [hps] at hp
      simp only [List.head?_cons, Option.some.injEq] at hp
      subst hp
      by_cases e : a = i
      · subst e
        rw [get_cons_self] at h
        cases h
        simp only [admits, Bool.and_eq_true, List.all_eq_true] at ok
        have hpr : has rest p = true := ok.1 p (by simp [names, hps])
        rw [path_cons_ne (ne_of_has fresh hpr)] at hm
        have okOutcome := ok.2.1
        have hb : below rest c = path rest p := by simp [below, hps]
        rw [hb] at okOutcome
        simp only [ho, Bool.not_true, Bool.false_or, hi, Bool.and_eq_true] at okOutcome
        exact outcome_none okOutcome.1.2 hm hd
      · rw [get_cons_ne e] at h
        have hpr : has rest p = true := names_present wf' h p (by simp [names, hps])
        rw [path_cons_ne (ne_of_has fresh hpr)] at hm
        exact ih wf' h hm

end Commits

end Shepherd
