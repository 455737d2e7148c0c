module

public import Shepherd.Thm.Ops

/-! # A restore can be undone -/

public noncomputable section

namespace Shepherd

variable {H : Hash} {s : Store} {n : Name} {b : Branch} {c : Id} {e : Event}
  {paths : Option (List Path)}

/-- What is no outcome, no denial and names no intent is always recorded. -/
theorem record_plain (tree : Option Tree) (wf : s.WF H) (hb : s.branch n = some b)
    (ho : e.isOutcome = false) (hd : e.isDenial = false) (hi : e.intent = none) :
    ∃ t i, record H s n e tree = .ok (t, i) ∧ t.branch n = some { b with head := i } ∧ t.WF H
      ∧ t.commits.has i = true
      ∧ (t.commits.get i = some { parents := [b.head], event := e, tree := tree }
        ∨ Collision H) := by
  obtain ⟨c, hc⟩ : ∃ c : Commit, c = ⟨[b.head], e, tree⟩ := ⟨_, rfl⟩
  have ok : s.commits.admits c = true := by
    have := wf.2 n b hb
    simp [hc, Commits.admits, Commits.names, ho, hd, hi, this]
  have eq : record H s n e tree = .ok ((Store.mk (s.commits.insert H c) s.branches).put n
      { b with head := c.id H }, c.id H) := by
    subst hc
    simp only [record, hb, ok, if_true]
  have k : Keeps H [n] s _ := record_fine (by simp) _ _ eq
  refine ⟨_, _, eq, branch_put_self, k.wf wf, Commits.has_insert_self, ?_⟩
  rw [← hc]
  exact Commits.get_insert_self wf.1

theorem restored_plain : (restored c paths).isOutcome = false
    ∧ (restored c paths).isDenial = false ∧ (restored c paths).intent = none := by
  refine ⟨rfl, ?_, rfl⟩
  simp [Event.isDenial, Event.isVerdict, restored, Json.get, Members.get, tRestore, tVerdict]

theorem restore_done {f : Tree} (wf : s.WF H) (hb : s.branch n = some b) (hf : b.folder = some f)
    (live : b.status = .live) (hc : s.commits.has c = true) :
    ∃ t saved b', restore H s n c paths = (t, .ok saved) ∧ t.branch n = some b'
      ∧ b'.status = .live
      ∧ b'.folder = some (restoring f (s.commits.world c) paths)
      ∧ t.WF H ∧ t.commits.has saved = true
      ∧ (t.commits.world saved = f ∨ Collision H) := by
  obtain ⟨t1, saved, r1, b1, w1, h1, g1⟩ := record_plain (e := safety) (some f) wf hb
    (by decide) (by decide) rfl
  obtain ⟨o, d, i⟩ := restored_plain (c := c) (paths := paths)
  obtain ⟨t2, i2, r2, b2, w2, _, _⟩ := record_plain (e := restored c paths)
    (some (restoring f (s.commits.world c) paths)) w1 b1 o d i
  have k2 : Keeps H [n] t1 t2 := record_fine (by simp) _ _ r2
  let target := restoring f (s.commits.world c) paths
  have r3 : amend t2 n saved (fun b => { b with folder := some target })
      = .ok (t2.put n { b with head := i2, folder := some target }, saved) := by
    simp [amend, b2]
  have k3 : Keeps H [n] t2 _ := amend_fine (by simp) _ _ r3
  have all : restore H s n c paths
      = (t2.put n { b with head := i2, folder := some target }, .ok saved) := by
    simp only [restore, hb, hf, live, hc, andThen, r1]
    simp only [ne_eq, not_true, if_false, Bool.not_true, Bool.false_eq_true]
    rw [r2]
    simp only
    have done := congrArg (settle s) r3
    simp only [live] at done
    exact done
  refine ⟨_, saved, _, all, branch_put_self, live, rfl, k3.wf w2, k3.has (k2.has h1), ?_⟩
  rcases g1 with g1 | g1
  · left
    unfold Commits.world
    rw [k3.path saved (k2.has h1), k2.path saved h1, Commits.path_unfold w1.1 g1]
    simp [Commits.nearest]
  · exact .inr g1

/-- **restore_undo**: a restore, of all or of some paths, is accepted on a live branch that has a
folder, and restoring its safety commit is too and gives back the folder as it was before, all of
it; or a collision is exhibited. -/
theorem restore_undo {f : Tree} (wf : s.WF H) (hb : s.branch n = some b) (hf : b.folder = some f)
    (live : b.status = .live) (hc : s.commits.has c = true) :
    ∃ t saved, restore H s n c paths = (t, .ok saved) ∧
      ∃ u back b', restore H t n saved none = (u, .ok back) ∧ u.branch n = some b'
        ∧ (b'.folder = some f ∨ Collision H) := by
  obtain ⟨t, saved, b1, r1, hb1, live1, f1, w1, h1, g1⟩ :=
    restore_done (paths := paths) wf hb hf live hc
  obtain ⟨u, back, b2, r2, hb2, _, f2, _, _, _⟩ :=
    restore_done (paths := none) w1 hb1 f1 live1 h1
  refine ⟨t, saved, r1, u, back, b2, r2, hb2, ?_⟩
  rcases g1 with g1 | g1
  · left
    rw [f2, restoring, g1]
  · exact .inr g1

end Shepherd
