module

public import Shepherd.Spec.Encode

/-! # One text, one value -/

public noncomputable section

namespace Shepherd

/-! ## Numbers -/

/-- The number that digits write. -/
def value (text : Text) : Nat := text.foldl (fun n c => 10 * n + (c.toNat - 48)) 0

theorem digit_decimal : ∀ n, n < 10 → (digit n).isDigit = true ∧ (digit n).toNat - 48 = n := by
  decide

theorem decimal_value (h : n ≤ fuel) : value (decimal fuel n) = n := by
  induction fuel generalizing n with
  | zero =>
    obtain rfl : n = 0 := by omega
    decide
  | succ fuel ih =>
    unfold decimal
    split
    · rename_i small
      simp [value, (digit_decimal n small).2]
    · have := ih (n := n / 10) (by omega)
      simp only [value] at this
      simp only [value, List.foldl_append, List.foldl_cons, List.foldl_nil, this,
        (digit_decimal (n % 10) (by omega)).2]
      omega

theorem decimal_digits (h : n ≤ fuel) : ∀ c ∈ decimal fuel n, c.isDigit = true := by
  induction fuel generalizing n with
  | zero =>
    obtain rfl : n = 0 := by omega
    decide
  | succ fuel ih =>
    unfold decimal
    split
    · rename_i small
      simp [(digit_decimal n small).1]
    · intro c hc
      rcases List.mem_append.1 hc with hc | hc
      · exact ih (by omega) c hc
      · simp only [List.mem_singleton] at hc
        rw [hc]
        exact (digit_decimal (n % 10) (by omega)).1

/-- A text that goes on with no digit. -/
def Stops (rest : Text) : Prop := rest.takeWhile Char.isDigit = []

theorem decimal_taken (n : Nat) (h : Stops r) :
    (decimal n n ++ r).takeWhile Char.isDigit = decimal n n := by
  rw [List.takeWhile_append_of_pos (decimal_digits (Nat.le_refl n)), h, List.append_nil]

theorem decimal_injective {m n : Nat} (hr : Stops r) (hs : Stops s)
    (h : decimal m m ++ r = decimal n n ++ s) : m = n ∧ r = s := by
  have same : decimal m m = decimal n n := by
    rw [← decimal_taken m hr, ← decimal_taken n hs, h]
  have e : m = n := by
    rw [← decimal_value (Nat.le_refl m), ← decimal_value (Nat.le_refl n), same]
  subst e
  exact ⟨rfl, List.append_cancel_left h⟩

theorem decimal_first (n : Nat) (r : Text) : ∃ c rest, decimal n n ++ r = c :: rest ∧ c.isDigit := by
  have all := decimal_digits (Nat.le_refl n)
  cases e : decimal n n with
  | nil =>
    have := congrArg List.length e
    unfold decimal at this
    split at this
    · simp at this
    · split at this <;> simp at this
  | cons c rest => exact ⟨c, rest ++ r, rfl, all c (by simp [e])⟩

/-- An integer begins with a digit or a minus. -/
theorem integer_first (i : Int) (r : Text) :
    ∃ c rest, integer i ++ r = c :: rest ∧ (c.isDigit = true ∨ c = '-') := by
  cases i with
  | ofNat n =>
    obtain ⟨c, rest, h, hc⟩ := decimal_first n r
    exact ⟨c, rest, h, .inl hc⟩
  | negSucc n => exact ⟨'-', _, rfl, .inr rfl⟩

theorem integer_injective {i j : Int} (hr : Stops r) (hs : Stops s)
    (h : integer i ++ r = integer j ++ s) : i = j ∧ r = s := by
  cases i with
  | ofNat m =>
    cases j with
    | ofNat n =>
      obtain ⟨rfl, e⟩ := decimal_injective hr hs h
      exact ⟨rfl, e⟩
    | negSucc n =>
      obtain ⟨c, rest, e, hc⟩ := decimal_first m r
      rw [show integer (.ofNat m) = decimal m m from rfl, e] at h
      injection h with h _
      subst h
      simp at hc
  | negSucc m =>
    cases j with
    | ofNat n =>
      obtain ⟨c, rest, e, hc⟩ := decimal_first n s
      rw [show integer (.ofNat n) = decimal n n from rfl, e] at h
      injection h with h _
      subst h
      simp at hc
    | negSucc n =>
      injection h with _ h
      obtain ⟨e, e'⟩ := decimal_injective hr hs h
      obtain rfl : m = n := by omega
      exact ⟨rfl, e'⟩

/-! ## Strings -/

/-- What a hexadecimal digit says. -/
def unhex (c : Char) : Nat := if c.isDigit then c.toNat - 48 else c.toNat - 87

theorem digit_hex : ∀ n, n < 16 → unhex (digit n) = n := by decide

/-- What follows a backslash, read. -/
def short (c : Char) : Char :=
  if c = 'b' then '\x08' else if c = 't' then '\t' else if c = 'n' then '\n'
  else if c = 'f' then '\x0c' else if c = 'r' then '\r' else c

/-- A character of a string, read; none at its end. -/
def unescape : Text → Option (Char × Text)
  | [] => none
  | c :: rest =>
    if c = '\x22' then none
    else if c = '\\' then
      match rest with
      | [] => none
      | k :: rest =>
        if k = 'u' then
          match rest with
          | _ :: _ :: a :: b :: rest => some (Char.ofNat (16 * unhex a + unhex b), rest)
          | _ => none
        else some (short k, rest)
    else some (c, rest)

theorem unescape_escape (c : Char) (rest : Text) :
    unescape (escape c ++ rest) = some (c, rest) := by
  unfold escape
  split
  · rename_i h
    rcases h with rfl | rfl <;> rfl
  · rename_i plain
    split
    · subst c; rfl
    · split
      · subst c; rfl
      · split
        · subst c; rfl
        · split
          · subst c; rfl
          · split
            · subst c; rfl
            · split
              · rename_i small
                simp only [List.cons_append, List.nil_append, unescape]
                rw [digit_hex _ (by omega), digit_hex _ (by omega),
                  show 16 * (c.toNat / 16) + c.toNat % 16 = c.toNat by omega, Char.ofNat_toNat]
                simp
              · have h1 : c ≠ '\x22' := fun e => plain (.inl e)
                have h2 : c ≠ '\\' := fun e => plain (.inr e)
                simp [unescape, h1, h2]

theorem quoted_injective {t u : Text} (h : quoted t ++ r = quoted u ++ s) : t = u ∧ r = s := by
  induction t generalizing u with
  | nil =>
    cases u with
    | nil =>
      injection h with _ h
      exact ⟨rfl, h⟩
    | cons d u =>
      have := congrArg unescape h
      simp only [quoted, List.append_assoc, unescape_escape] at this
      simp [unescape] at this
  | cons c t ih =>
    cases u with
    | nil =>
      have := congrArg unescape h
      simp only [quoted, List.append_assoc, unescape_escape] at this
      simp [unescape] at this
    | cons d u =>
      have := congrArg unescape h
      simp only [quoted, List.append_assoc, unescape_escape, Option.some.injEq,
        Prod.mk.injEq] at this
      obtain ⟨rfl, tail⟩ := this
      obtain ⟨rfl, e⟩ := ih tail
      exact ⟨rfl, e⟩

/-! ## Values -/

/-- What kind of value begins with this character. -/
def begins (c : Char) : Nat :=
  if c.isDigit ∨ c = '-' then 0 else if c = 'n' then 1 else if c = 't' then 2
  else if c = 'f' then 3 else if c = '\x22' then 4 else if c = '[' then 5 else if c = '{' then 6
  else 7

/-- The kind of a value. -/
def Json.shape : Json → Nat
  | .int _ => 0 | .null => 1 | .bool true => 2 | .bool false => 3 | .str _ => 4 | .arr _ => 5
  | .obj _ => 6

theorem Json.begins_text (v : Json) (r : Text) :
    ∃ c rest, v.text ++ r = c :: rest ∧ begins c = v.shape := by
  match v with
  | .null => exact ⟨_, _, rfl, by decide⟩
  | .bool true => exact ⟨_, _, rfl, by decide⟩
  | .bool false => exact ⟨_, _, rfl, by decide⟩
  | .str _ => exact ⟨_, _, rfl, by simp [begins, Json.shape]⟩
  | .arr _ => exact ⟨_, _, rfl, by simp [begins, Json.shape]⟩
  | .obj _ => exact ⟨_, _, rfl, by simp [begins, Json.shape]⟩
  | .int i =>
    obtain ⟨c, rest, h, hc⟩ := integer_first i r
    exact ⟨c, rest, h, by simp [begins, Json.shape, hc]⟩

theorem Json.same_shape {v w : Json} (h : v.text ++ r = w.text ++ s) : v.shape = w.shape := by
  obtain ⟨c, _, hv, hc⟩ := v.begins_text r
  obtain ⟨d, _, hw, hd⟩ := w.begins_text s
  rw [hv, hw] at h
  injection h with h _
  rw [← hc, ← hd, h]

theorem Json.text_ne (v : Json) (hc : begins c = 7) : v.text ++ r ≠ c :: s := by
  intro h
  obtain ⟨d, _, hv, hd⟩ := v.begins_text r
  rw [hv] at h
  injection h with h _
  rw [h, hc] at hd
  match v with
  | .null | .bool true | .bool false | .str _ | .arr _ | .obj _ | .int _ => cases hd

theorem Items.stops (items : Items) (r : Text) : Stops (items.more ++ r) := by
  cases items <;> simp [Stops, Items.more]

theorem Members.stops (members : Members) (r : Text) : Stops (members.more ++ r) := by
  cases members <;> simp [Stops, Members.more]

mutual
theorem Json.text_injective (v w : Json) {r s : Text} (hr : Stops r) (hs : Stops s)
    (h : v.text ++ r = w.text ++ s) : v = w ∧ r = s := by
  have same := Json.same_shape h
  match v, w with
  | .null, .null => exact ⟨rfl, List.append_cancel_left h⟩
  | .bool true, .bool true => exact ⟨rfl, List.append_cancel_left h⟩
  | .bool false, .bool false => exact ⟨rfl, List.append_cancel_left h⟩
  | .int i, .int j =>
    obtain ⟨rfl, e⟩ := integer_injective hr hs h
    exact ⟨rfl, e⟩
  | .str t, .str u =>
    injection h with _ h
    obtain ⟨rfl, e⟩ := quoted_injective h
    exact ⟨rfl, e⟩
  | .arr items, .arr others =>
    injection h with _ h
    obtain ⟨rfl, e⟩ := Items.text_injective items others hr hs h
    exact ⟨rfl, e⟩
  | .obj members, .obj others =>
    injection h with _ h
    obtain ⟨rfl, e⟩ := Members.text_injective members others hr hs h
    exact ⟨rfl, e⟩

theorem Items.text_injective (v w : Items) {r s : Text} (hr : Stops r) (hs : Stops s)
    (h : v.text ++ r = w.text ++ s) : v = w ∧ r = s := by
  match v, w with
  | .nil, .nil => exact ⟨rfl, List.append_cancel_left h⟩
  | .nil, .cons b bs =>
    simp only [Items.text, List.append_assoc] at h
    exact absurd h.symm (b.text_ne (by decide))
  | .cons a as, .nil =>
    simp only [Items.text, List.append_assoc] at h
    exact absurd h (a.text_ne (by decide))
  | .cons a as, .cons b bs =>
    simp only [Items.text, List.append_assoc] at h
    obtain ⟨rfl, tail⟩ := Json.text_injective a b (as.stops r) (bs.stops s) h
    obtain ⟨rfl, e⟩ := Items.more_injective as bs hr hs tail
    exact ⟨rfl, e⟩

theorem Items.more_injective (v w : Items) {r s : Text} (hr : Stops r) (hs : Stops s)
    (h : v.more ++ r = w.more ++ s) : v = w ∧ r = s := by
  match v, w with
  | .nil, .nil => exact ⟨rfl, List.append_cancel_left h⟩
  | .nil, .cons b bs => simp [Items.more] at h
  | .cons a as, .nil => simp [Items.more] at h
  | .cons a as, .cons b bs =>
    simp only [Items.more, List.cons_append, List.append_assoc, List.cons.injEq, true_and] at h
    obtain ⟨rfl, tail⟩ := Json.text_injective a b (as.stops r) (bs.stops s) h
    obtain ⟨rfl, e⟩ := Items.more_injective as bs hr hs tail
    exact ⟨rfl, e⟩

theorem Members.text_injective (v w : Members) {r s : Text} (hr : Stops r) (hs : Stops s)
    (h : v.text ++ r = w.text ++ s) : v = w ∧ r = s := by
  match v, w with
  | .nil, .nil => exact ⟨rfl, List.append_cancel_left h⟩
  | .nil, .cons k b bs => simp [Members.text] at h
  | .cons k a as, .nil => simp [Members.text] at h
  | .cons k a as, .cons l b bs =>
    simp only [Members.text, List.cons_append, List.append_assoc, List.cons.injEq, true_and] at h
    obtain ⟨rfl, rest⟩ := quoted_injective h
    injection rest with _ rest
    obtain ⟨rfl, tail⟩ := Json.text_injective a b (as.stops r) (bs.stops s) rest
    obtain ⟨rfl, e⟩ := Members.more_injective as bs hr hs tail
    exact ⟨rfl, e⟩

theorem Members.more_injective (v w : Members) {r s : Text} (hr : Stops r) (hs : Stops s)
    (h : v.more ++ r = w.more ++ s) : v = w ∧ r = s := by
  match v, w with
  | .nil, .nil => exact ⟨rfl, List.append_cancel_left h⟩
  | .nil, .cons k b bs => simp [Members.more] at h
  | .cons k a as, .nil => simp [Members.more] at h
  | .cons k a as, .cons l b bs =>
    simp only [Members.more, List.cons_append, List.append_assoc, List.cons.injEq, true_and] at h
    obtain ⟨rfl, rest⟩ := quoted_injective h
    injection rest with _ rest
    obtain ⟨rfl, tail⟩ := Json.text_injective a b (as.stops r) (bs.stops s) rest
    obtain ⟨rfl, e⟩ := Members.more_injective as bs hr hs tail
    exact ⟨rfl, e⟩
end

/-- **encode_injective**: two values of the same canonical bytes are the same value. -/
theorem encode_injective {v w : Json} (h : v.bytes = w.bytes) : v = w := by
  have decoded := congrArg ByteArray.utf8Decode? h
  simp only [Json.bytes, List.utf8Decode?_utf8Encode, Option.some.injEq] at decoded
  have same : v.text = w.text := by simpa using decoded
  exact (Json.text_injective v w (r := []) (s := []) rfl rfl (by simp [same])).1

end Shepherd
