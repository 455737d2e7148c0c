"""Trees and contents in memory, and random ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.merge import Objects
from shepherd_sidecar.trace.tree_diff import walk_tree
from shepherd_sidecar.trace.trees import Dir, Entry, File, Link, Tree, parse_tree, tree_bytes

Spec = dict[str, "bytes | str | Spec"]
"""Content of a file, target of a link (text), or a folder."""


@dataclass
class Forest:
    """Objects by id."""

    kept: dict[Id, bytes] = field(default_factory=dict)

    def plant(self, spec: Spec) -> Id:
        """The tree of a spec."""
        tree: Tree = {}
        for name, what in spec.items():
            tree[name.encode()] = self._entry(what)
        return self.add_tree(tree_bytes(tree))

    def _entry(self, what: bytes | str | Spec) -> Entry:
        if isinstance(what, bytes):
            return File(0o644, len(what), self.add_blob(what))
        if isinstance(what, str):
            return Link(what.encode())
        return Dir(0o755, self.plant(what))

    def add_tree(self, data: bytes) -> Id:
        return self._add("tree", data)

    def add_blob(self, data: bytes) -> Id:
        return self._add("blob", data)

    def _add(self, kind, data: bytes) -> Id:  # type: ignore[no-untyped-def]
        name = object_id(kind, data)
        self.kept[name] = data
        return name

    def read(self, tree: Id) -> Tree:
        return parse_tree(self.kept[tree])

    def flat(self, tree: Id) -> dict[str, Entry]:
        """Paths with their entries; of folders only the mode counts."""
        return {
            path.decode(): Dir(entry.mode, "") if isinstance(entry, Dir) else entry
            for path, entry in walk_tree(self.read, tree)
        }

    def text(self, tree: Id, path: str) -> bytes:
        entry = self.flat(tree)[path]
        assert isinstance(entry, File)
        return self.kept[entry.blob]

    @property
    def objects(self) -> Objects:
        return Objects(self.read, self.kept.__getitem__, self.add_blob)


_lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n", b"e"]), max_size=6)
_texts = _lines.map(b"".join)
_binaries = st.sampled_from([b"\0one", b"\0two"])
_leaves = st.one_of(_texts, _binaries, st.sampled_from(["here", "there"]))
_names = st.sampled_from(["p", "q", "r", "s"])
specs = st.recursive(
    st.dictionaries(_names, _leaves, max_size=4),
    lambda inner: st.dictionaries(_names, st.one_of(_leaves, inner), max_size=4),
    max_leaves=8,
)


@st.composite
def versions(draw: st.DrawFn, names: str = "pqrs") -> tuple[Spec, Spec, Spec]:
    """A workspace, and what two made of it, each touching only some of its names."""
    base = draw(specs)
    return base, edited(draw, base, names), edited(draw, base, names)


def edited(draw: st.DrawFn, spec: Spec, names: str) -> Spec:
    """The workspace after some edits to these of its names."""
    made = dict(spec)
    for name in draw(st.lists(st.sampled_from(list(names)), max_size=3)):
        was = made.pop(name, None)
        how = draw(st.sampled_from(["keep", "drop", "put", "move", "line", "inside"]))
        if how == "put" or (was is None and how != "drop"):
            made[name] = draw(st.one_of(_leaves, specs))
        elif how == "move" and was is not None:
            made[draw(st.sampled_from(list(names)))] = was
        elif how == "line" and isinstance(was, bytes):
            lines = was.splitlines(keepends=True)
            lines.insert(draw(st.integers(0, len(lines))), b"new\n")
            made[name] = b"".join(lines)
        elif how == "inside" and isinstance(was, dict):
            made[name] = edited(draw, was, "pqrs")
        elif how != "drop" and was is not None:
            made[name] = was
    return made


@st.composite
def disjoint(draw: st.DrawFn) -> tuple[Spec, Spec, Spec]:
    """As ``versions``; no name is touched by both."""
    base = draw(specs)
    return base, edited(draw, base, "pq"), edited(draw, base, "rs")
