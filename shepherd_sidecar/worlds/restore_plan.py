"""What a restore would do, before anything is done.

Layer: worlds. A plan names every path it will change, everything in its way that no snapshot
holds (``conflicts``), and everything it leaves alone (``not_captured``). Making one changes
nothing. In the user's own folder ``.git`` is left alone unless asked for by name.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shepherd_sidecar.errors import PathNotFound, SnapshotFailed
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read, TreeChange, find_entry, tree_diff
from shepherd_sidecar.trace.trees import BadTree, Dir, join_paths, split_path
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.driver import NotCaptured, Objects, Place
from shepherd_sidecar.worlds.ignore import STORE_NAME
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import FOLDER, Reach, lstat
from shepherd_sidecar.worlds.standing import (
    Blocked,
    Ways,
    known_folder,
    lies_below,
    reach_folder,
    replaced_folders,
    standing,
    word_for,
)
from shepherd_sidecar.worlds.stat_cache import Folder

_GIT = b".git"
_STORE = os.fsencode(STORE_NAME)


@dataclass(frozen=True, slots=True)
class Plan:
    """A restore that was thought through."""

    folder: Path
    """The folder to change."""
    current: Id
    """The folder as it is: the safety snapshot. Restoring to it undoes this."""
    target: Id
    """The tree to bring back, as far as ``changes`` go."""
    changes: tuple[TreeChange, ...]
    """Every path that will differ, sorted."""
    conflicts: tuple[NotCaptured, ...]
    """What stands in the way and no snapshot holds. Not empty: the restore will be refused."""
    not_captured: tuple[NotCaptured, ...]
    """What is left as it is: ``dotGit``, and with ``keep`` what would have been in the way."""


def plan(
    objects: Objects,
    folder: Path,
    current: Id,
    target: Id,
    paths: Sequence[bytes] | None = None,
    *,
    place: Place = "apart",
    known: Folder | None = None,
    keep: bool = False,
    read: Read | None = None,
) -> Plan:
    """What it takes to bring ``folder`` from ``current`` to ``target``.

    Args:
        objects: holds both trees.
        folder: the folder, captured as ``current`` just before.
        current: its tree.
        target: the tree to go to.
        paths: only these (relative, bytes; with all below them). None or an empty path: all.
        place: in place, ``.git`` is left alone unless a path names it.
        known: the stat cache's root after that capture; without it files are read to compare.
        keep: leave what no snapshot holds where it is, with the folders it lies in, instead
            of counting it as a conflict. It is named in ``not_captured``.
        read: gives trees that may be known already.

    Raises:
        PathNotFound: an asked path is in neither tree.
        SnapshotFailed: the folder cannot be opened.
    """
    read = read or tree_reader(objects)
    asked = _asked(read, current, target, paths)
    changes = [c for c in tree_diff(read, current, target) if _selected(c, asked)]
    changes, left = _without_own(changes, asked, place)
    look = _Look(folder, known, read, keep)
    look.replaced = replaced_folders(changes)
    with look.reach:
        for change in changes:
            look.at(change)
        for new, gone in _spelt_anew(changes):
            look.same_file(new, gone)
    changes, stuck = _around(changes, {**left, **look.kept})
    conflicts = {**look.conflicts, **stuck}
    return Plan(
        folder,
        current,
        target,
        tuple(changes),
        _notes(conflicts.items()),
        _notes([*left.items(), *look.kept.items()]),
    )


class _Look:
    """Finds what stands in the way of changes."""

    def __init__(self, folder: Path, known: Folder | None, read: Read, keep: bool) -> None:
        try:
            root = os.open(folder, FOLDER)
        except OSError as error:
            shown = printable(os.fsencode(folder))
            raise SnapshotFailed(
                f"{shown} cannot be opened: {error.strerror}", path=shown
            ) from error
        self.reach = Reach(root)
        os.close(root)
        self.known, self.read, self.keep = known, read, keep
        self.ways = Ways(known)
        self.replaced: frozenset[bytes] = frozenset()
        self.conflicts: dict[bytes, str] = {}
        self.kept: dict[bytes, str] = {}

    def at(self, change: TreeChange) -> None:
        names, known, name = self.ways.to(change.path)
        try:
            dir_fd = reach_folder(self.reach, names)
            if dir_fd is None:
                return  # apply makes the folder, or the thing to remove is gone already
            stands = standing(dir_fd, name, change.before, change.after, known)
            if stands == "other":
                self.conflicts[change.path] = word_for(dir_fd, name, known)
            elif (
                stands == "before"
                and isinstance(change.before, Dir)
                and not isinstance(change.after, Dir)
            ):
                self._inside(change.before.tree, [*names, name], may_stay=change.after is None)
        except Blocked:
            if not lies_below([*names, name], self.replaced):
                self.conflicts[change.path] = "link"

    def same_file(self, new: bytes, gone: bytes) -> None:
        """Two names that this file system takes for one: the removal would take both.

        No snapshot has the new one, and yet it is there as the other is. Inodes do not tell:
        some file systems make them up for each name.
        """
        with contextlib.suppress(Blocked):
            if self._is_there(new) and self._is_there(gone):
                self.conflicts[new] = "sameName"

    def _is_there(self, path: bytes) -> bool:
        names, _, name = self.ways.to(path)
        dir_fd = reach_folder(self.reach, names)
        return dir_fd is not None and lstat(name, dir_fd) is not None

    def _inside(self, tree: Id, names: list[bytes], may_stay: bool) -> None:
        """Look for what the snapshot does not hold directly in a folder that is to go.

        The folders in it are changes of their own and looked into in their turn.
        """
        dir_fd = reach_folder(self.reach, names)
        if dir_fd is None:
            return
        held = self.read(tree)
        known = known_folder(self.known, names)
        for text in os.listdir(dir_fd):
            name = os.fsencode(text)
            if name not in held:
                path = join_paths([*names, name])
                found = self.kept if self.keep and may_stay else self.conflicts
                found[path] = word_for(dir_fd, name, known)


def _asked(
    read: Read, current: Id, target: Id, paths: Sequence[bytes] | None
) -> list[list[bytes]] | None:
    if paths is None:
        return None
    asked = []
    for path in paths:
        try:
            names = split_path(path)
        except BadTree as error:
            raise PathNotFound(f"{printable(path)} is no path: {error}") from None
        if not names:
            return None
        if not any(find_entry(read, tree, names) for tree in (current, target)):
            shown = printable(path)
            raise PathNotFound(f"neither snapshot holds {shown}", path=shown)
        asked.append(names)
    return asked


def _selected(change: TreeChange, asked: list[list[bytes]] | None) -> bool:
    """Asked for, or a folder that must be made for something asked for."""
    if asked is None:
        return True
    names = change.path.split(b"/")
    makes_folder = isinstance(change.after, Dir) and not isinstance(change.before, Dir)
    return any(
        names[: len(path)] == path or (makes_folder and path[: len(names)] == names)
        for path in asked
    )


def _without_own(
    changes: list[TreeChange], asked: list[list[bytes]] | None, place: Place
) -> tuple[list[TreeChange], dict[bytes, str]]:
    """The changes without those in a store, and in place without those in ``.git``."""
    kept = []
    left: dict[bytes, str] = {}
    for change in changes:
        names = change.path.split(b"/")
        named = any(_GIT in path and names[: len(path)] == path for path in asked or ())
        if _STORE in names and (
            names[-1] != _STORE or Dir in (type(change.before), type(change.after))
        ):
            # No capture makes such a tree, but one may come from elsewhere.
            left[join_paths(names[: names.index(_STORE) + 1])] = "store"
        elif place == "inPlace" and _GIT in names and not named:
            left[join_paths(names[: names.index(_GIT) + 1])] = "dotGit"
        else:
            kept.append(change)
    return kept, left


def _spelt_anew(changes: Sequence[TreeChange]) -> Iterator[tuple[bytes, bytes]]:
    """New paths that differ from one that goes by upper and lower case only, with that one."""
    gone = {os.fsdecode(c.path).casefold(): c.path for c in changes if c.after is None}
    for change in changes if gone else ():
        if change.before is None:
            old = gone.get(os.fsdecode(change.path).casefold())
            if old is not None:
                yield change.path, old


def _around(
    changes: list[TreeChange], staying: dict[bytes, str]
) -> tuple[list[TreeChange], dict[bytes, str]]:
    """The changes without the removal of folders in which something stays.

    Such a folder cannot become a file or link either: that is a conflict.
    """
    holding = {
        join_paths(names[:length])
        for names in (path.split(b"/") for path in staying)
        for length in range(1, len(names))
    }
    kept = []
    stuck: dict[bytes, str] = {}
    for change in changes:
        if change.path in holding and isinstance(change.before, Dir):
            if change.after is None:
                continue
            if not isinstance(change.after, Dir):
                inside = min(p for p in staying if p.startswith(change.path + b"/"))
                stuck[inside] = staying[inside]
        kept.append(change)
    return kept, stuck


def _notes(found: Iterable[tuple[bytes, str]]) -> tuple[NotCaptured, ...]:
    return tuple(NotCaptured(printable(path), why) for path, why in sorted(found))
