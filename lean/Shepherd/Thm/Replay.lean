module

public import Shepherd.Spec.Replay

/-! # What replay keeps -/

public noncomputable section

namespace Shepherd

variable {H : Hash} {P : Machine} {record more : List Recorded} {outcomes : List Json} {head : Id}

/-- **replay**: the machine that made a record is led to the same head. -/
theorem replay (made : Made P record outcomes) :
    ∀ head, cached H P record outcomes head = .done (headAfter H head record) := by
  induction made with
  | done outcomes h =>
    intro head
    simp [cached, h, headAfter]
  | intent r rest outcomes i h _ ih =>
    intro head
    simp [cached, i, h, ih, headAfter]
  | outcome r rest outcomes i o _ ih =>
    intro head
    simp [cached, i, o, ih, headAfter]
  | beside r rest outcomes i o _ ih =>
    intro head
    simp [cached, i, o, ih, headAfter]

/-- Only the machine that could have made the record is led to its end. -/
theorem replay_only : ∀ (record : List Recorded) (outcomes : List Json) (head found : Id),
    cached H P record outcomes head = .done found → Made P record outcomes := by
  intro record
  induction record with
  | nil =>
    intro outcomes head found h
    refine .done outcomes ?_
    cases hp : P outcomes with
    | none => rfl
    | some a => simp [cached, hp] at h
  | cons r rest ih =>
    intro outcomes head found h
    by_cases i : r.event.isIntent = true
    · by_cases p : P outcomes = some (r.event.kind, r.event.payload)
      · simp only [cached, i, p, if_true] at h
        exact .intent r rest outcomes i p (ih _ _ _ h)
      · simp [cached, i, p] at h
    · have i' : r.event.isIntent = false := by simpa using i
      by_cases o : r.event.isOutcome = true
      · simp only [cached, i', o, if_true] at h
        exact .outcome r rest outcomes i' o (ih _ _ _ (by simpa using h))
      · have o' : r.event.isOutcome = false := by simpa using o
        simp only [cached, i', o'] at h
        exact .beside r rest outcomes i' o' (ih _ _ _ (by simpa using h))

theorem headAfter_append :
    headAfter H head (record ++ more) = headAfter H (headAfter H head record) more := by
  simp [headAfter]

/-- **snapshot_replay**: restoring what stood at `k` and replaying the rest gives the workspace of
replaying all, whatever the folder was before. -/
theorem snapshot_replay (k : Nat) (world : Tree) :
    worldAfter (worldAfter world (record.take k)) (record.drop k) = worldAfter world record := by
  unfold worldAfter
  rw [← List.foldl_append, List.take_append_drop]

/-- The names before `k` do not depend on what stands after. -/
theorem names_append : ∀ (record : List Recorded) (head : Id),
    names H head (record ++ more) = names H head record ++ names H (headAfter H head record) more := by
  intro record
  induction record with
  | nil =>
    intro head
    simp [names, headAfter]
  | cons r rest ih =>
    intro head
    simp [names, ih, headAfter]

theorem names_length : ∀ (record : List Recorded) (head : Id),
    (names H head record).length = record.length := by
  intro record
  induction record with
  | nil => exact fun _ => rfl
  | cons r rest ih =>
    intro head
    simp [names, ih]

/-- **intervene_frame**: an edit at `k` leaves every commit before it as it was, name for name. -/
theorem intervene_frame (k : Nat) (event : Event) (hk : k ≤ record.length) :
    (names H head (editAt record k event)).take k = (names H head record).take k := by
  have h : record = record.take k ++ record.drop k := (List.take_append_drop k record).symm
  have l : (names H head (record.take k)).length = k := by
    rw [names_length, List.length_take]
    omega
  have a : (names H head record).take k = names H head (record.take k) := by
    conv => lhs; rw [h, names_append]
    rw [List.take_append_of_le_length (by omega), List.take_of_length_le (by omega)]
  rw [a, editAt, List.append_assoc, names_append,
    List.take_append_of_le_length (by omega), List.take_of_length_le (by omega)]

/-- **intervene_noop**: an edit to the same event changes nothing. -/
theorem intervene_noop (k : Nat) (r : Recorded) (h : record[k]? = some r) :
    editAt record k r.event = record := by
  have hk : k < record.length := by
    rcases Nat.lt_or_ge k record.length with hk | hk
    · exact hk
    · simp [List.getElem?_eq_none hk] at h
  have hr : record[k] = r := by simpa [List.getElem?_eq_getElem hk] using h
  have hd : record.drop k = r :: record.drop (k + 1) := by
    rw [List.drop_eq_getElem_cons hk, hr]
  simp only [editAt, hd, List.head?_cons, Option.toList_some, List.map_cons, List.map_nil]
  rw [List.append_assoc, List.singleton_append, ← hd, List.take_append_drop]

end Shepherd
