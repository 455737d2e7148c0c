"""Carrying the difference of two trees over to a third.

Layer: trace. The difference applies only where the third tree still is what the difference
started from; anything else is a conflict and nothing is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read, TreeChange, find_entry
from shepherd_sidecar.trace.trees import Dir, Entry, Tree, tree_bytes

Add = Callable[[Tree, Id | None, Collection[bytes]], Id]
"""Adds a tree that is the one of an id (or empty), but for these names; gives its id."""


def spelling(add: Callable[[bytes], Id]) -> Add:
    """Adds trees through ``add``, which takes their encoding."""
    return lambda tree, like, changed: add(tree_bytes(tree))


def patch(read: Read, add: Add, tree: Id, changes: Sequence[TreeChange]) -> Id | None:
    """The tree with the changes made, or None when one of them does not fit.

    A change fits when its path holds what it held before the change, or already what it holds
    after. Folders are compared by mode only: what lies in them has changes of its own.
    """
    wanted: dict[bytes, Entry | None] = {}
    for change in changes:
        names = change.path.split(b"/")
        now = find_entry(read, tree, names)
        if not _alike(now, change.before) and not _alike(now, change.after):
            return None
        wanted[change.path] = change.after
    return _rebuilt(read, add, tree, wanted, b"")


def _alike(left: Entry | None, right: Entry | None) -> bool:
    if isinstance(left, Dir) and isinstance(right, Dir):
        return left.mode == right.mode
    return left == right


def _rebuilt(
    read: Read, add: Add, like: Id | None, wanted: dict[bytes, Entry | None], prefix: bytes
) -> Id | None:
    tree = read(like) if like is not None else {}
    made = dict(tree)
    changed: set[bytes] = set()
    inner: dict[bytes, dict[bytes, Entry | None]] = {}
    for path, entry in wanted.items():
        name, slash, _ = path[len(prefix) :].partition(b"/")
        changed.add(name)
        if slash:
            inner.setdefault(name, {})[path] = entry
        elif entry is None:
            made.pop(name, None)
        elif isinstance(entry, Dir):
            # Its content comes from the changes below it; what is there already stays.
            known = tree.get(name)
            kept = known.tree if isinstance(known, Dir) else add({}, None, ())
            made[name] = Dir(entry.mode, kept)
        else:
            made[name] = entry
    for name, below in inner.items():
        folder = made.get(name)
        if not isinstance(folder, Dir):
            if any(entry is not None for entry in below.values()):
                return None
            continue
        held = folder.tree if isinstance(tree.get(name), Dir) else None
        built = _rebuilt(read, add, held, below, prefix + name + b"/")
        if built is None:
            return None
        made[name] = Dir(folder.mode, built)
    return add(made, like, changed)
