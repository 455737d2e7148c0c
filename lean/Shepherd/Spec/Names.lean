module

public import Shepherd.Spec.Encode
public import Shepherd.Spec.Ops

/-!
# Names from bytes

What the names of the model are when they are made as the program makes them: of the canonical bytes
of each object, with one digest for each kind of object. A name within an object is a number here;
there it is its digits in a string.
-/

@[expose] public noncomputable section

namespace Shepherd

/-- How bytes get their names. Any functions at all. -/
structure Digest where
  event : ByteArray → Id
  tree : ByteArray → Id
  commit : ByteArray → Id

/-- Two different byte strings of one name. -/
inductive Digest.Clash (D : Digest) : Prop where
  | event (a b : ByteArray) : a ≠ b → D.event a = D.event b → Clash D
  | tree (a b : ByteArray) : a ≠ b → D.tree a = D.tree b → Clash D
  | commit (a b : ByteArray) : a ≠ b → D.commit a = D.commit b → Clash D

def tEffect : Text := ['e', 'f', 'f', 'e', 'c', 't']
def tIntent : Text := ['i', 'n', 't', 'e', 'n', 't']
def tKind : Text := ['k', 'i', 'n', 'd']
def tEvent : Text := ['e', 'v', 'e', 'n', 't']
def tParents : Text := ['p', 'a', 'r', 'e', 'n', 't', 's']
def tTree : Text := ['t', 'r', 'e', 'e']

def Kind.text : Kind → Text
  | .runStart => ['r', 'u', 'n', '_', 's', 't', 'a', 'r', 't']
  | .runEnd => ['r', 'u', 'n', '_', 'e', 'n', 'd']
  | .message => ['m', 'e', 's', 's', 'a', 'g', 'e']
  | .thought => ['t', 'h', 'o', 'u', 'g', 'h', 't']
  | .modelCall => ['m', 'o', 'd', 'e', 'l', '_', 'c', 'a', 'l', 'l']
  | .modelResult => ['m', 'o', 'd', 'e', 'l', '_', 'r', 'e', 's', 'u', 'l', 't']
  | .toolCall => ['t', 'o', 'o', 'l', '_', 'c', 'a', 'l', 'l']
  | .toolResult => ['t', 'o', 'o', 'l', '_', 'r', 'e', 's', 'u', 'l', 't']
  | .observation => ['o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n']
  | .workspaceChange =>
    ['w', 'o', 'r', 'k', 's', 'p', 'a', 'c', 'e', '_', 'c', 'h', 'a', 'n', 'g', 'e']
  | .intervention => ['i', 'n', 't', 'e', 'r', 'v', 'e', 'n', 't', 'i', 'o', 'n']
  | .annotation => ['a', 'n', 'n', 'o', 't', 'a', 't', 'i', 'o', 'n']

def Effect.text : Effect → Text
  | .pure => ['p', 'u', 'r', 'e']
  | .reversible => ['r', 'e', 'v', 'e', 'r', 's', 'i', 'b', 'l', 'e']
  | .compensable => ['c', 'o', 'm', 'p', 'e', 'n', 's', 'a', 'b', 'l', 'e']
  | .irreversible => ['i', 'r', 'r', 'e', 'v', 'e', 'r', 's', 'i', 'b', 'l', 'e']

/-- A name within an object. -/
def named (i : Id) : Json := .int (.ofNat i)

/-- An event, as it is written. -/
def Event.json (e : Event) : Json :=
  .obj (.cons tEffect (.str e.effect.text) (.with tIntent (e.intent.map named)
    (.cons tKind (.str e.kind.text) (.cons tPayload e.payload .nil))))

/-- Values as the items of an array. -/
def Items.of : List Json → Items
  | [] => .nil
  | value :: rest => .cons value (of rest)

/-- A path and what stands there, as it is written. -/
def entryJson : Path × Entry → Json
  | (path, .file mode content) =>
    .arr (.cons (.str path) (.cons (.int (.ofNat mode)) (.cons (.str content) .nil)))
  | (path, .link target) => .arr (.cons (.str path) (.cons (.str target) .nil))
  | (path, .dir mode) => .arr (.cons (.str path) (.cons (.int (.ofNat mode)) .nil))

/-- A workspace, as it is written here (the program writes a Merkle tree of folders). -/
def Tree.json (tree : Tree) : Json := .arr (.of (tree.map entryJson))

/-- A commit, as it is written: its parents, and the names of its event and its tree. -/
def commitJson (parents : List Id) (event : Id) (tree : Option Id) : Json :=
  .obj (.cons tEvent (named event) (.cons tParents (.arr (.of (parents.map named)))
    (.with tTree (tree.map named) .nil)))

/-- Names of objects, made of their canonical bytes. -/
def Digest.hash (D : Digest) : Hash where
  event e := D.event e.json.bytes
  tree t := D.tree t.json.bytes
  commit parents event tree := D.commit (commitJson parents event tree).bytes

end Shepherd
