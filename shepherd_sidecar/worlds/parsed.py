"""Trees that were parsed already, and what lies below them.

Layer: worlds. A tree is its id, so what is kept here can never be wrong; that the store still
holds it is another question, which whoever names it in a new tree must ask. Bounded: of what
was not used for a while nothing is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sized
from typing import Final, Generic, NamedTuple, TypeVar

from shepherd_sidecar.errors import StoreCorrupt
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.tree_patch import Add
from shepherd_sidecar.trace.trees import (
    BadTree,
    Dir,
    Entry,
    File,
    Tree,
    entry_bytes,
    parse_entry,
    parse_tree,
    tree_bytes,
)
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

    def __init__(self, most: int = _ENTRIES) -> None:
        self._trees: _Recent[Tree] = _Recent(most)
        self._spelled: _Recent[bytes | dict[bytes, bytes]] = _Recent(2 * most)
        self._counts: _Recent[Counts] = _Recent(most)
        # The next version of a folder has most entries of this one: those are not made again.
        self._heads = _Heads()

    def reader(self, objects: Objects) -> Read:
        """Trees by id, out of ``objects`` where they are not known.

        Reading raises BlobMissing, and StoreCorrupt for what is no tree.
        """

        def read(tree: Id) -> Tree:
            known = self._trees.get(tree)
            if known is None:
                try:
                    data = objects.read("tree", tree)
                    known = parse_tree(data, self._heads.__getitem__)
                except BadTree as error:
                    problem = {"what": "encoding", "where": tree, "detail": str(error)}
                    raise StoreCorrupt(
                        f"tree {tree} cannot be read: {error}", problems=[problem]
                    ) from error
                self.learn(tree, known, data)
            return known

        return read

    def learn(self, tree: Id, parsed: Tree, data: bytes | dict[bytes, bytes]) -> None:
        """A tree and its encoding, or that in pieces, as ``encoded`` gives it."""
        self._trees.put(tree, parsed)
        self._spelled.put(tree, data)

    def encoded(
        self, parsed: Tree, like: Id | None, changed: Iterable[bytes]
    ) -> dict[bytes, bytes]:
        """The encoding, in pieces, of a tree that differs from ``like`` in ``changed`` at most.

        Joined they are what ``tree_bytes`` gives, without spelling again what stays.
        """
        known = self._spelled.get(like) if like is not None else None
        if known is None:
            return {name: entry_bytes(name, parsed[name]) for name in sorted(parsed)}
        if isinstance(known, bytes):
            known = _entries(known)
            if like is not None:
                self._spelled.put(like, known)
        entries = dict(known)
        for name in changed:
            entry = parsed.get(name)
            if entry is not None:
                entries[name] = entry_bytes(name, entry)
            else:
                entries.pop(name, None)
        if entries.keys() <= known.keys():
            return entries  # in their order
        return {name: entries[name] for name in sorted(entries)}

    def adder(self, objects: Objects) -> Add:
        """Adds trees to ``objects``, and knows them from then on."""

        def add(tree: Tree, like: Id | None, changed: Collection[bytes]) -> Id:
            data = self._respelled(tree, like, changed)
            name = objects.add("tree", data)
            self.learn(name, tree, data)
            return name

        return add

    def _respelled(self, tree: Tree, like: Id | None, changed: Iterable[bytes]) -> bytes:
        """The encoding of a tree that differs from ``like`` in ``changed`` at most."""
        known = self._spelled.get(like) if like is not None else None
        below = self._trees.get(like) if like is not None else None
        if below is None or not isinstance(known, bytes):
            return tree_bytes(tree)
        *pieces, _ = known.split(b"\0")
        names = sorted(below)
        if len(pieces) != len(names):
            return tree_bytes(tree)  # links are two pieces each
        for name in changed:
            at = bisect_left(names, name)
            end = at + (names[at : at + 1] == [name])
            made = entry_bytes(name, tree[name]).split(b"\0")[:-1] if name in tree else []
            if len(made) > 1:
                return tree_bytes(tree)
            pieces[at:end] = made
            names[at:end] = [name] if made else []
        return b"\0".join((*pieces, b""))

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


def _entries(data: bytes) -> dict[bytes, bytes]:
    """Name to encoded entry, of a tree's encoding. Several times as fast as parsing."""
    entries = {}
    pieces = iter(data.split(b"\0"))
    for piece in pieces:
        kind = piece[:2]
        if kind == b"f ":
            entries[piece.split(b" ", 4)[4]] = piece + b"\0"
        elif kind == b"d ":
            entries[piece.split(b" ", 3)[3]] = piece + b"\0"
        elif kind == b"l ":
            entries[piece[2:]] = piece + b"\0" + next(pieces) + b"\0"
    return entries


class _Heads(dict[bytes, tuple[bytes, Entry | None]]):
    """What entries were parsed to. Keeping the order of their use would cost twice as much."""

    def __missing__(self, head: bytes) -> tuple[bytes, Entry | None]:
        if len(self) >= _ENTRIES:
            self.clear()
        found = self[head] = parse_entry(head)
        return found


class _Recent(Generic[_Value]):
    """A dict that forgets: what was not asked for since half of it was filled."""

    def __init__(self, most: int) -> None:
        self._most = most
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
        if self._size > self._most:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = value
        # Bytes are counted as the entries of 64 bytes and more that they encode.
        self._size += 1 + (len(value) >> 6 if isinstance(value, bytes) else len(value))
