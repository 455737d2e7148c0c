module

public import Shepherd.Spec.Ops
public import Shepherd.Thm.Graph

/-! # What every operation keeps -/

@[expose] public noncomputable section

namespace Shepherd

variable {H : Hash} {s t u : Store} {n m : Name} {b : Branch} {ns ms : List Name} {i j : Id}
  {x : Outcome} {e : Event} {tree : Option Tree}

theorem branch_put_self : (s.put n b).branch n = some b := by simp [Store.put, Store.branch]

theorem find_filter (l : List (Name × Branch)) (h : n ≠ m) :
    (l.filter fun one => decide (one.1 ≠ n)).find? (fun one => decide (one.1 = m))
      = l.find? fun one => decide (one.1 = m) := by
  induction l with
  | nil => rfl
  | cons a l ih =>
    by_cases ha : a.1 = n
    · have hm : ¬ a.1 = m := fun e => h (ha.symm.trans e)
      rw [List.filter_cons_of_neg (by simp [ha]), ih, List.find?_cons_of_neg (by simp [hm])]
    · rw [List.filter_cons_of_pos (by simp [ha])]
      by_cases hm : a.1 = m
      · rw [List.find?_cons_of_pos (by simp [hm]), List.find?_cons_of_pos (by simp [hm])]
      · rw [List.find?_cons_of_neg (by simp [hm]), List.find?_cons_of_neg (by simp [hm]), ih]

theorem branch_put_ne (h : n ≠ m) : (s.put n b).branch m = s.branch m := by
  unfold Store.put Store.branch
  simp only
  rw [List.find?_cons_of_neg (by simp [h]), find_filter _ h]

/-- From `s` to `t` the commits that were there stay, with their logs, and so do all branches but
those of `ns`; and if `s` is well-formed, `t` is. -/
structure Keeps (H : Hash) (ns : List Name) (s t : Store) : Prop where
  wf : s.WF H → t.WF H
  get : ∀ i, s.commits.has i = true → t.commits.get i = s.commits.get i
  path : ∀ i, s.commits.has i = true → t.commits.path i = s.commits.path i
  others : ∀ n, n ∉ ns → t.branch n = s.branch n

theorem Keeps.refl : Keeps H ns s s := ⟨id, fun _ _ => rfl, fun _ _ => rfl, fun _ _ => rfl⟩

theorem Keeps.has (k : Keeps H ns s t) (h : s.commits.has i = true) : t.commits.has i = true := by
  unfold Commits.has at *
  rw [k.get i h]
  exact h

theorem Keeps.trans (k : Keeps H ns s t) (l : Keeps H ns t u) : Keeps H ns s u where
  wf := fun h => l.wf (k.wf h)
  get := fun i h => (l.get i (k.has h)).trans (k.get i h)
  path := fun i h => (l.path i (k.has h)).trans (k.path i h)
  others := fun n h => (l.others n h).trans (k.others n h)

theorem Keeps.mono (k : Keeps H ns s t) (h : ∀ n, n ∈ ns → n ∈ ms) : Keeps H ms s t where
  wf := k.wf
  get := k.get
  path := k.path
  others := fun n hn => k.others n fun hm => hn (h n hm)

theorem put_keeps (hn : n ∈ ns) (h : s.WF H → s.commits.has b.head = true) :
    Keeps H ns s (s.put n b) where
  wf := by
    intro wf
    refine ⟨wf.1, ?_⟩
    intro m c hm
    by_cases e : n = m
    · subst e
      rw [branch_put_self] at hm
      cases hm
      exact h wf
    · rw [branch_put_ne e] at hm
      exact wf.2 m c hm
  get := fun _ _ => rfl
  path := fun _ _ => rfl
  others := fun m hm => branch_put_ne fun e => hm (e ▸ hn)

theorem insert_keeps {c : Commit} (ok : s.commits.admits c = true) :
    Keeps H ns s { s with commits := s.commits.insert H c } where
  wf := by
    intro wf
    refine ⟨Commits.insert_wf wf.1 ok, ?_⟩
    intro m b hb
    have old := wf.2 m b hb
    simp only [Commits.has] at *
    rw [Commits.get_insert (by simpa [Commits.has] using old)]
    exact old
  get := fun _ h => Commits.get_insert h
  path := fun _ h => Commits.path_insert h
  others := fun _ _ => rfl

/-- Whatever an accepted step leads to keeps all but the branches of `ns`. -/
def Fine (H : Hash) (ns : List Name) (s : Store) (x : Outcome) : Prop :=
  ∀ t i, x = .ok (t, i) → Keeps H ns s t

theorem Fine.error (r : Refused) : Fine H ns s (.error r) := by
  intro t i h
  cases h

theorem Fine.ok (k : Keeps H ns s t) : Fine H ns s (.ok (t, i)) := by
  intro t' i' h
  cases h
  exact k

theorem Fine.andThen {f : Store → Id → Outcome} (hx : Fine H ns s x)
    (hf : ∀ t i, Fine H ns t (f t i)) : Fine H ns s (andThen x f) := by
  intro u j h
  cases x with
  | error r => cases h
  | ok p =>
    obtain ⟨t, i⟩ := p
    exact (hx t i rfl).trans (hf t i u j h)

theorem settle_keeps (h : Fine H ns s x) : Keeps H ns s (settle s x).1 := by
  cases x with
  | error r => exact .refl
  | ok p => exact h p.1 p.2 rfl

theorem record_fine (hn : n ∈ ns) : Fine H ns s (record H s n e tree) := by
  intro t i h
  unfold record at h
  split at h
  · cases h
  · simp only at h
    split at h
    · rename_i ok
      cases h
      exact (insert_keeps ok).trans (put_keeps hn fun _ => Commits.has_insert_self)
    · cases h

theorem amend_fine {f : Branch → Branch} (hn : n ∈ ns) : Fine H ns s (amend s n i f) := by
  intro t j h
  unfold amend at h
  split at h
  · cases h
  · rename_i b hb
    cases h
    exact put_keeps hn fun wf => wf.2 n b hb

theorem rule_fine {r : Ruling} (hn : n ∈ ns) : Fine H ns s (rule H s n i r) := by
  refine (record_fine hn).andThen fun t v => ?_
  split
  · split
    · exact .error _
    · exact (record_fine hn).andThen fun u _ => .ok .refl
  · exact .ok .refl

theorem decide_fine {r : Ruling} (hn : n ∈ ns) : Fine H ns s (decideHeld H s n i r) := by
  unfold decideHeld
  split
  · exact .error _
  · split
    · exact .error _
    · split
      · exact .error _
      · exact (rule_fine hn).andThen fun _ _ => amend_fine hn

theorem denyAll_fine {r : Ruling} (hn : n ∈ ns) (cut : List Id) :
    ∀ s i, Fine H ns s (denyAll H n r cut s i) := by
  induction cut with
  | nil => exact fun s i => .ok .refl
  | cons a rest ih => exact fun s i => (decide_fine hn).andThen ih

theorem append_keeps {expected : Option Id} {client : Option Text} :
    Keeps H [n] s (append H s n e tree expected client).1 := by
  have hn : n ∈ [n] := by simp
  unfold append
  split
  · exact .refl
  · split
    · exact .refl
    · split
      · exact .refl
      · split
        · exact .refl
        · split
          · split
            · rename_i h
              exact record_fine hn _ _ h
            · exact .refl
          · split
            · split <;> exact .refl
            · exact settle_keeps ((record_fine hn).andThen fun _ _ => amend_fine hn)

theorem fork_keeps {o : Name} {at_ : Option Id} {world : Bool} :
    Keeps H [n] s (fork s o at_ n world).1 := by
  unfold fork
  split
  · exact .refl
  · split
    · exact .refl
    · rename_i h
      split
      · exact .refl
      · exact put_keeps (by simp) fun _ => by simpa using h

theorem discard_keeps : Keeps H [n] s (discard s n).1 := by
  unfold discard
  split
  · exact .refl
  · rename_i b hb
    exact put_keeps (by simp) fun wf => wf.2 n b hb

theorem takeBack_keeps : Keeps H [n] s (takeBack s n).1 := by
  unfold takeBack
  split
  · exact .refl
  · rename_i b hb
    split
    · exact .refl
    · exact put_keeps (by simp) fun wf => wf.2 n b hb

theorem finish_keeps {status : Text} : Keeps H [n] s (finish H s n status).1 := by
  have hn : n ∈ [n] := by simp
  unfold finish
  split
  · exact .refl
  · split
    · exact .refl
    · exact settle_keeps ((record_fine hn).andThen fun _ _ => amend_fine hn)

theorem work_keeps {folder : Tree} : Keeps H [n] s (work s n folder).1 := by
  unfold work
  split
  · exact .refl
  · rename_i b hb
    split
    · exact .refl
    · exact put_keeps (by simp) fun wf => wf.2 n b hb

theorem propose_keeps {rulings : List Ruling} : Keeps H [n] s (propose H s n e rulings).1 := by
  have hn : n ∈ [n] := by simp
  unfold propose
  split
  · exact .refl
  · split
    · exact .refl
    · split
      · exact .refl
      · refine settle_keeps ((record_fine hn).andThen fun t i => ?_)
        simp only
        split
        · exact .ok .refl
        · exact (rule_fine hn).andThen fun _ _ => .ok .refl
        · exact (rule_fine hn).andThen fun _ _ => .ok .refl
        · exact (rule_fine hn).andThen fun _ _ => amend_fine hn

theorem mem_log_has {s : Commits} (h : i ∈ s.log j) : s.has i = true := by
  induction s generalizing j with
  | nil => simp [Commits.log] at h
  | cons one rest ih =>
    obtain ⟨a, c⟩ := one
    by_cases ea : a = i
    · simp [Commits.has, Commits.get, ea]
    · rw [Commits.has_cons_ne ea]
      by_cases e : a = j
      · subst e
        cases hp : c.parents with
        | nil =>
          simp [Commits.log, hp] at h
          exact absurd h.symm ea
        | cons p ps =>
          simp [Commits.log, hp] at h
          rcases h with h | h
          · exact absurd h.symm ea
          · exact ih h
      · simp [Commits.log, e] at h
        exact ih h

theorem rewind_keeps {tail : Name} : Keeps H [n, tail] s (rewind H s n i tail).1 := by
  have hn : n ∈ [n, tail] := by simp
  unfold rewind
  split
  · exact .refl
  · rename_i b hb
    split
    · exact .refl
    · split
      · exact .refl
      · rename_i known
        split
        · exact .refl
        · simp only
          refine settle_keeps ?_
          intro u j h
          have known : s.commits.has i = true := mem_log_has (by simpa using known)
          revert h
          generalize hx : denyAll H n _ _ s b.head = y
          intro h
          cases y with
          | error r => cases h
          | ok p =>
            obtain ⟨t, v⟩ := p
            have k : Keeps H [n, tail] s t := denyAll_fine hn _ _ _ _ _ hx
            refine k.trans ?_
            simp only [andThen] at h
            split at h
            · cases h
            · rename_i last hl
              cases h
              refine Keeps.trans (put_keeps (n := tail) (by simp) ?_)
                (put_keeps hn fun _ => k.has known)
              exact fun wf => wf.2 n last hl

theorem restore_keeps {paths : Option (List Path)} :
    Keeps H [n] s (restore H s n i paths).1 := by
  have hn : n ∈ [n] := by simp
  unfold restore
  split
  · exact .refl
  · split
    · exact .refl
    · split
      · exact .refl
      · split
        · exact .refl
        · exact settle_keeps ((record_fine hn).andThen fun _ _ =>
            (record_fine hn).andThen fun _ _ => amend_fine hn)

theorem act_keeps (op : Op) : Keeps H op.about s (act H s op).1 := by
  cases op with
  | append => exact append_keeps
  | fork => exact fork_keeps
  | discard => exact discard_keeps
  | takeBack => exact takeBack_keeps
  | finish => exact finish_keeps
  | work => exact work_keeps
  | propose => exact propose_keeps
  | decide => exact settle_keeps (decide_fine (by simp [Op.about]))
  | rewind => exact rewind_keeps
  | restore => exact restore_keeps

theorem run_keeps (ops : List Op) : ∀ s, Keeps H (ops.flatMap Op.about) s (run H s ops).1 := by
  induction ops with
  | nil => exact fun s => .refl
  | cons op rest ih =>
    intro s
    have one : Keeps H (List.flatMap Op.about (op :: rest)) s (act H s op).1 :=
      (act_keeps op).mono fun n hn => by simp [hn]
    have all : Keeps H (List.flatMap Op.about (op :: rest)) (act H s op).1
        (run H (act H s op).1 rest).1 :=
      (ih _).mono fun n hn => by
        rw [List.flatMap_cons]
        exact List.mem_append_right _ hn
    exact one.trans all

/-- **append_preserves_wf**: whatever is asked of a well-formed store, in whatever order, it stays
well-formed. -/
theorem append_preserves_wf (wf : s.WF H) (ops : List Op) : (run H s ops).1.WF H :=
  (run_keeps ops s).wf wf

/-- A commit that is there stays there, unchanged, whatever is asked of the store. -/
theorem commits_stay (ops : List Op) (h : s.commits.has i = true) :
    (run H s ops).1.commits.get i = s.commits.get i := (run_keeps ops s).get i h

/-- **fork_isolated**: whatever is asked of other branches, a branch keeps its head, its log, its
captured world and its folder. -/
theorem fork_isolated (wf : s.WF H) (hb : s.branch n = some b) (ops : List Op)
    (apart : ∀ op ∈ ops, n ∉ op.about) :
    (run H s ops).1.branch n = some b ∧ (run H s ops).1.log n = s.log n
      ∧ (run H s ops).1.world n = s.world n := by
  have k := run_keeps (H := H) ops s
  have hn : n ∉ ops.flatMap Op.about := by
    simp only [List.mem_flatMap, not_exists, not_and]
    exact apart
  have hb' : (run H s ops).1.branch n = some b := (k.others n hn).trans hb
  have p := k.path b.head (wf.2 n b hb)
  refine ⟨hb', ?_, ?_⟩
  · simp only [Store.log, hb', hb, Commits.log_eq_path, p]
  · simp only [Store.world, hb', hb, Commits.world, p]

theorem fork_accepted {o : Name} {at_ : Option Id} {world : Bool}
    (h : (fork s o at_ n world).2 = .ok j) :
    fork s o at_ n world = (s.put n
      { head := j, forkedFrom := some (o, j),
        folder := if world then Commits.nearest (s.commits.path j) else none }, .ok j) := by
  unfold fork at h ⊢
  split at h
  · cases h
  · rename_i c hc
    by_cases h1 : s.commits.has c = true
    · by_cases h2 : (s.branch n).isSome = true
      · simp [h1, h2] at h
      · simp only [h1, h2] at h ⊢
        simp only [Bool.not_true, Bool.false_eq_true, if_false, Except.ok.injEq] at h ⊢
        rw [h]
    · simp [h1] at h

/-- **fork_const**: a fork adds no commit, and its world is that of the commit it starts at. -/
theorem fork_const {o : Name} {at_ : Option Id} {world : Bool}
    (h : (fork s o at_ n world).2 = .ok j) :
    (fork s o at_ n world).1.commits = s.commits
      ∧ (fork s o at_ n world).1.log n = s.commits.log j
      ∧ (fork s o at_ n world).1.world n = s.commits.world j
      ∧ (world = true → ((fork s o at_ n world).1.branch n).bind Branch.folder
          = Commits.nearest (s.commits.path j)) := by
  rw [fork_accepted h]
  refine ⟨rfl, ?_, ?_, ?_⟩
  · simp only [Store.log, branch_put_self]
    rfl
  · simp only [Store.world, branch_put_self]
    rfl
  · intro w
    simp [branch_put_self, w]

/-- A branch that is set aside leaves every other branch, and every commit, as it was. -/
theorem discard_parent_untouched (h : n ≠ m) :
    (discard s n).1.commits = s.commits ∧ (discard s n).1.branch m = s.branch m := by
  refine ⟨?_, (discard_keeps (H := ⟨fun _ => 0, fun _ => 0, fun _ _ _ => 0⟩)).others m ?_⟩
  · unfold discard
    split <;> rfl
  · simpa using fun e => h e.symm

/-- **veto_safe**, of whatever was asked: in every store that a well-formed one becomes, a denied
intent has no outcome but `denied` on any branch. -/
theorem veto_safe (wf : s.WF H) (ops : List Op) {c : Commit} (head : Id)
    (hd : Commits.denied ((run H s ops).1.commits.path head) j = true)
    (hm : (i, c) ∈ (run H s ops).1.commits.path head) (ho : c.event.isOutcome = true)
    (hi : c.event.intent = some j) : c.event.isDenied = true :=
  Commits.veto_safe (append_preserves_wf wf ops).1 hd hm ho hi

/-- **held_refused**: what somebody waits for on a branch has no outcome there before a decision,
whatever the log says of it. -/
theorem held_refused {e : Event} {tree : Option Tree} {expected : Option Id} {client : Option Text}
    (hb : s.branch n = some b) (hj : j ∈ b.held) (ho : e.isOutcome = true)
    (hi : e.intent = some j) (on : (s.commits.path b.head).any (fun one => decide (one.1 = j)) = true)
    (unanswered : Commits.outcome (s.commits.path b.head) j = none) :
    ∃ why, (append H s n e tree expected client).2 = .error why := by
  have hv : ∃ why, vetoed s b e = some (j, why) := by
    by_cases hd : Commits.denied (s.commits.path b.head) j = true
    · exact ⟨tDenied, by simp [vetoed, hi, ho, on, unanswered, hd]⟩
    · exact ⟨tHeld, by simp [vetoed, hi, ho, on, unanswered, hd, hj]⟩
  obtain ⟨why, hv⟩ := hv
  unfold append
  simp only [hb, hv]
  split
  · exact ⟨_, rfl⟩
  · split
    · exact ⟨_, rfl⟩
    · split
      · exact ⟨_, rfl⟩
      · split <;> exact ⟨_, rfl⟩

/-- **observe_nonperturbing**: what observers ask changes nothing: the store at the end, and every
answer of the store, are as if they had not been there. -/
theorem observe_nonperturbing (requests : List Request) : ∀ x : Sidecar,
    (serveAll H x requests).1.store = (run H x.store (requests.filterMap Request.op?)).1
      ∧ (serveAll H x requests).2 = (run H x.store (requests.filterMap Request.op?)).2 := by
  induction requests with
  | nil => exact fun x => ⟨rfl, rfl⟩
  | cons request rest ih =>
    intro x
    cases request with
    | op op =>
      have := ih (serve H x (.op op)).1
      simp only [serveAll, List.filterMap_cons, Request.op?, run]
      exact ⟨this.1, by simp [serve] at this ⊢; exact this.2⟩
    | observe n =>
      have := ih (serve H x (.observe n)).1
      simpa [serveAll, Request.op?, serve] using this
    | unobserve n =>
      have := ih (serve H x (.unobserve n)).1
      simpa [serveAll, Request.op?, serve] using this

/-- **append_extends**: a new commit stands on top of the log as it was. -/
theorem append_extends (wf : s.WF H) (hb : s.branch n = some b)
    (h : record H s n e tree = .ok (t, i)) :
    (t.branch n = some { b with head := i }
      ∧ t.commits.path i = (i, { parents := [b.head], event := e, tree := tree })
          :: s.commits.path b.head) ∨ Collision H := by
  have k := record_fine (H := H) (ns := [n]) (by simp) t i h
  unfold record at h
  rw [hb] at h
  simp only at h
  split at h
  · cases h
    rcases Commits.get_insert_self (c := { parents := [b.head], event := e, tree := tree }) wf.1
      with g | g
    · left
      refine ⟨branch_put_self, ?_⟩
      rw [Commits.path_unfold (k.wf wf).1 g]
      simp only [List.cons.injEq, true_and]
      exact k.path _ (wf.2 n b hb)
    · exact .inr g
  · cases h

end Shepherd
