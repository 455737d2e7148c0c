"""The difference of two trees, path by path.

Layer: trace. Descends only where ids differ, so its cost follows the change and not the size
of the workspace. Applying the difference of A and B to A gives B.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import Dir, Entry, File, Tree

Read = Callable[[Id], Tree]
"""Gives the tree of an id."""

ChangeKind = Literal["added", "removed", "content", "mode", "kind"]


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One path that differs. A folder that only holds changes is not itself one."""

    path: bytes
    """Names with ``/`` between them, as the file system gave them."""
    before: Entry | None
    """None when the path is new."""
    after: Entry | None
    """None when the path is gone."""

    @property
    def kind(self) -> ChangeKind:
        """What happened: ``kind`` when a file became a folder or the like."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        if type(self.before) is not type(self.after):
            return "kind"
        if isinstance(self.before, Dir):
            return "mode"
        if isinstance(self.before, File) and isinstance(self.after, File):
            return "mode" if self.before.blob == self.after.blob else "content"
        return "content"


@dataclass(frozen=True, slots=True)
class Rename:
    """The same content under another name."""

    source: bytes
    """The path that is gone."""
    target: bytes
    """The path that is new."""
    before: File
    """The entry as it was."""
    after: File
    """The entry as it is; its mode may differ."""


def tree_diff(read: Read, left: Id, right: Id) -> list[TreeChange]:
    """Every path that differs from ``left`` to ``right``, sorted by path.

    Folders that are new or gone are listed with everything in them.
    """
    if left == right:
        return []
    changes = list(_between(read, b"", read(left), read(right)))
    changes.sort(key=lambda change: change.path)
    return changes


def pair_renames(changes: Sequence[TreeChange]) -> tuple[list[Rename], list[TreeChange]]:
    """Pair files that are gone with new ones of the same blob; returns pairs and the rest.

    Of several with one blob, those with the same name pair first, then in order of path.
    Empty files do not pair: their equality says nothing.
    """
    gone: dict[Id, list[TreeChange]] = defaultdict(list)
    for change in changes:
        if isinstance(change.before, File) and change.after is None and change.before.size:
            gone[change.before.blob].append(change)
    new = [c for c in changes if c.before is None and isinstance(c.after, File)]
    pairs: dict[bytes, TreeChange] = {}  # target path -> what is gone
    for same_name in (True, False):
        for change in new:
            assert isinstance(change.after, File)
            candidates = gone.get(change.after.blob)
            if change.path in pairs or not candidates:
                continue
            name = change.path.rpartition(b"/")[2]
            for candidate in candidates:
                if not same_name or candidate.path.rpartition(b"/")[2] == name:
                    pairs[change.path] = candidate
                    candidates.remove(candidate)
                    break
    renames = []
    for change in new:
        source = pairs.get(change.path)
        if source is not None:
            assert isinstance(source.before, File)
            assert isinstance(change.after, File)
            renames.append(Rename(source.path, change.path, source.before, change.after))
    used = {r.source for r in renames} | {r.target for r in renames}
    return renames, [c for c in changes if c.path not in used]


def walk_tree(read: Read, tree: Id, prefix: bytes = b"") -> Iterator[tuple[bytes, Entry]]:
    """Every path below a tree with its entry, folders before what they hold."""
    for name, entry in sorted(read(tree).items()):
        path = prefix + name
        yield path, entry
        if isinstance(entry, Dir):
            yield from walk_tree(read, entry.tree, path + b"/")


def find_entry(read: Read, tree: Id, names: Sequence[bytes]) -> Entry | None:
    """The entry at a path given as names, or None when nothing is there.

    The root itself has no entry: ``names`` must not be empty.
    """
    for name in names[:-1]:
        entry = read(tree).get(name)
        if not isinstance(entry, Dir):
            return None
        tree = entry.tree
    return read(tree).get(names[-1])


def _between(read: Read, prefix: bytes, left: Tree, right: Tree) -> Iterator[TreeChange]:
    # Readers that remember give the same entry for the same bytes: most need no comparing.
    differ = [
        (name, before, after)
        for name, before in left.items()
        if (after := right.get(name)) is not before and after != before
    ]
    new = [(name, None, after) for name, after in right.items() if name not in left]
    for name, before, after in (*differ, *new):
        path = prefix + name
        if isinstance(before, Dir) and isinstance(after, Dir):
            if before.mode != after.mode:
                yield TreeChange(path, before, after)
            if before.tree != after.tree:
                yield from _between(read, path + b"/", read(before.tree), read(after.tree))
            continue
        yield TreeChange(path, before, after)
        if isinstance(before, Dir):
            for inner, entry in walk_tree(read, before.tree, path + b"/"):
                yield TreeChange(inner, entry, None)
        if isinstance(after, Dir):
            for inner, entry in walk_tree(read, after.tree, path + b"/"):
                yield TreeChange(inner, None, entry)
