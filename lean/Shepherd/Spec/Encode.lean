module

public import Shepherd.Spec.Objects

/-!
# Canonical text and bytes

RFC 8785 for the values of this model, which hold their members in the order in which it writes
them. What is hashed is these bytes.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- A digit, decimal or of base 16. -/
def digit (n : Nat) : Char := Char.ofNat (if n < 10 then 48 + n else 87 + n)

/-- The decimal digits of a number; the first argument is at least as large. -/
def decimal : Nat → Nat → Text
  | 0, n => [digit n]
  | fuel + 1, n => if n < 10 then [digit n] else decimal fuel (n / 10) ++ [digit (n % 10)]

/-- An integer. -/
def integer : Int → Text
  | .ofNat n => decimal n n
  | .negSucc n => '-' :: decimal (n + 1) (n + 1)

/-- A character within a string. -/
def escape (c : Char) : Text :=
  if c = '\x22' ∨ c = '\\' then ['\\', c]
  else if c = '\x08' then ['\\', 'b']
  else if c = '\t' then ['\\', 't']
  else if c = '\n' then ['\\', 'n']
  else if c = '\x0c' then ['\\', 'f']
  else if c = '\r' then ['\\', 'r']
  else if c.toNat < 32 then ['\\', 'u', '0', '0', digit (c.toNat / 16), digit (c.toNat % 16)]
  else [c]

/-- The rest of a string, with the quote that ends it. -/
def quoted : Text → Text
  | [] => ['\x22']
  | c :: rest => escape c ++ quoted rest

mutual
/-- The canonical text of a value. -/
def Json.text : Json → Text
  | .null => ['n', 'u', 'l', 'l']
  | .bool true => ['t', 'r', 'u', 'e']
  | .bool false => ['f', 'a', 'l', 's', 'e']
  | .int value => integer value
  | .str text => '\x22' :: quoted text
  | .arr items => '[' :: items.text
  | .obj members => '{' :: members.text

/-- All of an array after its bracket. -/
def Items.text : Items → Text
  | .nil => [']']
  | .cons head tail => head.text ++ tail.more

/-- The rest of an array. -/
def Items.more : Items → Text
  | .nil => [']']
  | .cons head tail => ',' :: (head.text ++ tail.more)

/-- All of an object after its brace. -/
def Members.text : Members → Text
  | .nil => ['}']
  | .cons key value tail => '\x22' :: (quoted key ++ ':' :: (value.text ++ tail.more))

/-- The rest of an object. -/
def Members.more : Members → Text
  | .nil => ['}']
  | .cons key value tail => ',' :: '\x22' :: (quoted key ++ ':' :: (value.text ++ tail.more))
end

/-- The canonical bytes of a value: what is hashed. -/
def Json.bytes (value : Json) : ByteArray := value.text.utf8Encode

end Shepherd
