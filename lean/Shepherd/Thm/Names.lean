module

public import Shepherd.Spec.Names
public import Shepherd.Thm.Encode
public import Shepherd.Thm.Graph

/-! # Names of bytes bind what is written in them -/

public noncomputable section

namespace Shepherd

theorem Kind.text_injective {a b : Kind} (h : a.text = b.text) : a = b := by
  cases a <;> cases b <;> first | rfl | exact absurd h (by decide)

theorem Effect.text_injective {a b : Effect} (h : a.text = b.text) : a = b := by
  cases a <;> cases b <;> first | rfl | exact absurd h (by decide)

theorem named_injective {i j : Id} (h : named i = named j) : i = j := by
  injection h with h
  injection h

theorem Event.json_injective {a b : Event} (h : a.json = b.json) : a = b := by
  obtain ⟨ka, pa, ia, ea⟩ := a
  obtain ⟨kb, pb, ib, eb⟩ := b
  have differ : tIntent ≠ tKind := by decide
  cases ia <;> cases ib <;>
    simp [Event.json, Members.with, named, Int.ofNat_inj, differ, differ.symm] at h
  · obtain ⟨he, hk, rfl⟩ := h
    rw [Kind.text_injective hk, Effect.text_injective he]
  · obtain ⟨he, rfl, hk, rfl⟩ := h
    rw [Kind.text_injective hk, Effect.text_injective he]

theorem Items.of_injective {α : Type} {f : α → Json} (inj : ∀ a b, f a = f b → a = b)
    {l m : List α} (h : Items.of (l.map f) = Items.of (m.map f)) : l = m := by
  induction l generalizing m with
  | nil =>
    cases m with
    | nil => rfl
    | cons b m => cases h
  | cons a l ih =>
    cases m with
    | nil => cases h
    | cons b m =>
      simp only [List.map_cons, Items.of, Items.cons.injEq] at h
      rw [inj a b h.1, ih h.2]

theorem entryJson_injective (a b : Path × Entry) (h : entryJson a = entryJson b) : a = b := by
  obtain ⟨p, x⟩ := a
  obtain ⟨q, y⟩ := b
  cases x <;> cases y <;> simp [entryJson, Int.ofNat_inj] at h <;> simp [h]

theorem Tree.json_injective {s t : Tree} (h : s.json = t.json) : s = t := by
  simp only [Tree.json, Json.arr.injEq] at h
  exact Items.of_injective entryJson_injective h

theorem commitJson_injective {p q : List Id} {e f : Id} {t u : Option Id}
    (h : commitJson p e t = commitJson q f u) : (p, e, t) = (q, f, u) := by
  simp only [commitJson, Json.obj.injEq, Members.cons.injEq, Json.arr.injEq, true_and] at h
  obtain ⟨he, hp, ht⟩ := h
  rw [named_injective he, Items.of_injective (fun _ _ => named_injective) hp]
  cases t <;> cases u <;> simp [Members.with] at ht
  · rfl
  · rw [named_injective ht]

/-- Two objects of one name are two byte strings of one name. -/
theorem Digest.clash {D : Digest} (h : Collision D.hash) : D.Clash := by
  cases h with
  | event a b differ same =>
    exact .event _ _ (fun e => differ (Event.json_injective (encode_injective e))) same
  | tree a b differ same =>
    exact .tree _ _ (fun e => differ (Tree.json_injective (encode_injective e))) same
  | commit p q e f t u differ same =>
    exact .commit _ _ (fun e => differ (commitJson_injective (encode_injective e))) same

/-- **name_binds**: one name, one commit, with all of its event and of its tree; or two different
byte strings of one name are exhibited. -/
theorem Digest.name_binds {D : Digest} {c d : Commit} (h : c.id D.hash = d.id D.hash) :
    c = d ∨ D.Clash :=
  (Commit.id_binds h).imp_right clash

/-- `head_binds_history`, of bytes: two stores that have a head in common have its whole history in
common, commit for commit, its log and its world, or two different byte strings of one name are
exhibited. -/
theorem Digest.head_binds_history {D : Digest} {s t : Commits} {head : Id}
    (wf : Commits.WF D.hash s) (wt : Commits.WF D.hash t)
    (hs : s.has head = true) (ht : t.has head = true) :
    ((∀ i, Commits.Reach s head i ↔ Commits.Reach t head i)
      ∧ (∀ i, Commits.Reach s head i → s.get i = t.get i)
      ∧ s.log head = t.log head ∧ s.world head = t.world head) ∨ D.Clash :=
  (Commits.head_binds_history wf wt hs ht).imp_right clash

end Shepherd
