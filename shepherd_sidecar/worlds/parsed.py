"""Trees that were parsed already, and what lies below them.

Layer: worlds. A tree is its id, so what is kept here can never be wrong; that the store still
holds it is another question, which whoever names it in a new tree must ask. Bounded: of what
was not used for a while nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Final, Generic, NamedTuple, TypeVar

from shepherd_sidecar.errors import StoreCorrupt
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.trees import BadTree, Dir, Entry, File, Tree, parse_tree
from shepherd_sidecar.worlds.driver import Objects

_ENTRIES: Final = 50_000
"""Names kept before what was not used since is let go (twice as many at most)."""

_Value = TypeVar("_Value", bound=Sized)


class Counts(NamedTuple):
    """What lies in a folder and below it."""

    files: int = 0
    """Files and links."""
    bytes: int = 0
    """Sum of the file sizes."""
    largest: int = 0
    """Size of the largest file, or more where what was taken away was not looked at."""
    folders: int = 0
    """Folders, without itself."""

    def and_also(self, other: Counts, folders: int = 0) -> Counts:
        """Both together, and some more folders."""
        return Counts(
            self.files + other.files,
            self.bytes + other.bytes,
            max(self.largest, other.largest),
            self.folders + other.folders + folders,
        )

    def without(self, other: Counts, folders: int = 0) -> Counts:
        """What stays when the other, and some folders, are taken away."""
        return Counts(
            self.files - other.files,
            self.bytes - other.bytes,
            self.largest,
            self.folders - other.folders - folders,
        )


class Parsed:
    """Trees and counts by id. Safe for several threads; a tree given out is not to be changed."""

    def __init__(self) -> None:
        self._trees: _Recent[Tree] = _Recent()
        self._counts: _Recent[Counts] = _Recent()

    def reader(self, objects: Objects) -> Read:
        """Trees by id, out of ``objects`` where they are not known.

        Reading raises BlobMissing, and StoreCorrupt for what is no tree.
        """

        def read(tree: Id) -> Tree:
            known = self._trees.get(tree)
            if known is None:
                try:
                    known = parse_tree(objects.read("tree", tree))
                except BadTree as error:
                    problem = {"what": "encoding", "where": tree, "detail": str(error)}
                    raise StoreCorrupt(
                        f"tree {tree} cannot be read: {error}", problems=[problem]
                    ) from error
                self._trees.put(tree, known)
            return known

        return read

    def learn(self, tree: Id, parsed: Tree) -> None:
        """A tree that was just made."""
        self._trees.put(tree, parsed)

    def count(self, read: Read, tree: Id) -> Counts:
        """What lies below a tree. Costs a look at every folder the first time."""
        known = self._counts.get(tree)
        if known is None:
            known = Counts()
            for entry in read(tree).values():
                known = known.and_also(self.count_entry(read, entry), isinstance(entry, Dir))
            self._counts.put(tree, known)
        return known

    def count_entry(self, read: Read, entry: Entry) -> Counts:
        """An entry with all below it; of a folder, without the folder itself."""
        if isinstance(entry, Dir):
            return self.count(read, entry.tree)
        size = entry.size if isinstance(entry, File) else 0
        return Counts(1, size, size)


class _Recent(Generic[_Value]):
    """A dict that forgets: what was not asked for since half of it was filled."""

    def __init__(self) -> None:
        self._young: dict[Id, _Value] = {}
        self._old: dict[Id, _Value] = {}
        self._size = 0

    def get(self, key: Id) -> _Value | None:
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Id, value: _Value) -> None:
        if self._size > _ENTRIES:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = value
        self._size += len(value) + 1
