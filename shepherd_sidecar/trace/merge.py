"""merge3: three workspaces brought together, path by path.

Layer: trace. Where both sides are equal it is that; where one side is as the base was, the
other; where both changed, texts by hunks and everything else a conflict. A file that one side
renamed takes the other side's changes along. What overlaps is always reported, and in the
merged tree stands what ``onto`` has there until somebody resolves it: no byte is lost, the
trees of both sides keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_text import Choice, Hunk, is_text, merge_text
from shepherd_sidecar.trace.renames import ReadBlob, renames
from shepherd_sidecar.trace.tree_diff import Read, TreeChange, find_entry, tree_diff, walk_tree
from shepherd_sidecar.trace.tree_patch import Add, patch
from shepherd_sidecar.trace.trees import Dir, Entry, File, join_paths

_T = TypeVar("_T")

Side = Literal["onto", "branch", "base"]
Why = Literal["content", "binary", "mode", "link", "kind", "addAdd", "modifyDelete",
              "renameDelete", "renameRename"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """A file as somebody wrote it to resolve a conflict."""

    data: bytes
    mode: int = 0o644


Resolution: TypeAlias = Side | Content | tuple[Choice, ...]
"""A whole side, new content, or a choice for each hunk in order."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A path that both sides changed, each in its own way."""

    path: bytes
    """Where it stands on ``onto``, or would stand."""
    why: Why
    base: Entry | None
    onto: Entry | None
    branch: Entry | None
    hunks: tuple[Hunk, ...] = ()
    """For ``content``: the places that overlap. The rest of the file merges."""
    names: tuple[bytes, ...] = ()
    """Of renames: the name at the base, on ``onto`` and on the branch, as far as they differ."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it."""

    changes: tuple[TreeChange, ...]
    """From ``onto`` to the merged workspace, sorted by path."""
    conflicts: tuple[Conflict, ...]
    """What is not resolved, sorted by path."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Where trees and contents come from and go to."""

    read: Read
    blob: ReadBlob
    add: Callable[[bytes], Id]
    """Adds the content of a file; gives its id."""


def merge3(
    objects: Objects,
    base: Id,
    onto: Id,
    branch: Id,
    resolve: Mapping[bytes, Resolution] | None = None,
) -> Merged:
    """What ``branch`` did since ``base``, done on top of ``onto``.

    Args:
        objects: see there.
        base: tree that both sides started from.
        onto: tree that takes the changes.
        branch: tree that has them.
        resolve: by path, what to do where both changed.
    """
    return _Merge(objects, base, onto, branch, resolve or {}).run()


def merged_tree(read: Read, add: Add, onto: Id, merged: Merged) -> Id:
    """The tree of a merged workspace."""
    made = patch(read, add, onto, merged.changes)
    assert made is not None, "the changes were made against this very tree"
    return made


class _Merge:
    def __init__(
        self, objects: Objects, base: Id, onto: Id, branch: Id, resolve: Mapping[bytes, Resolution]
    ) -> None:
        self.objects, self.read = objects, objects.read
        self.base, self.onto, self.branch = base, onto, branch
        self.resolve = resolve
        self.ours = {c.path: c for c in tree_diff(self.read, base, onto)}
        self.theirs = {c.path: c for c in tree_diff(self.read, base, branch)}
        self.wanted: dict[bytes, Entry | None] = {}
        self.conflicts: list[Conflict] = []
        self.done: set[bytes] = set()
        """Paths that are decided."""

    def run(self) -> Merged:
        if self.ours and self.theirs:
            self._renamed()
            self._whole_folders()
        for path, change in self.theirs.items():
            if path not in self.done:
                self._path(change, self.ours.get(path))
        self._keep_ways()
        changes = [
            TreeChange(path, self._at(self.onto, path), entry)
            for path, entry in sorted(self.wanted.items())
        ]
        return Merged(
            tuple(change for change in changes if change.before != change.after),
            tuple(sorted(self.conflicts, key=lambda conflict: conflict.path)),
        )

    # --- one path ------------------------------------------------------------------------

    def _path(self, theirs: TreeChange, ours: TreeChange | None) -> None:
        if ours is None:
            self.wanted[theirs.path] = theirs.after
        elif ours.after != theirs.after and not _both_folders(ours.after, theirs.after):
            self._both(theirs.path, theirs.before, ours.after, theirs.after)
        elif isinstance(ours.after, Dir) and isinstance(theirs.after, Dir):
            self._folder_mode(theirs.path, theirs.before, ours.after, theirs.after)

    def _both(
        self,
        path: bytes,
        base: Entry | None,
        onto: Entry | None,
        branch: Entry | None,
        names: tuple[bytes, ...] = (),
    ) -> None:
        """Both sides changed the path, in different ways."""
        if isinstance(base, File) and isinstance(onto, File) and isinstance(branch, File):
            self._files(path, base, onto, branch, names)
            return
        if onto is None or branch is None:
            why: Why = "modifyDelete"
        elif type(onto) is not type(branch):
            why = "kind"
        else:
            why = "addAdd" if base is None else "link"
        self._conflict(Conflict(path, why, base, onto, branch, names=names))

    def _files(
        self, path: bytes, base: File, onto: File, branch: File, names: tuple[bytes, ...]
    ) -> None:
        mode = _three(base.mode, onto.mode, branch.mode)
        same = _three(base.blob, onto.blob, branch.blob)
        if same is not None:
            if mode is not None:
                size = onto.size if same == onto.blob else branch.size
                self.wanted[path] = File(mode, size, same)
                return
            self._conflict(Conflict(path, "mode", base, onto, branch, names=names))
            return
        old, left, right = (self.objects.blob(side.blob) for side in (base, onto, branch))
        if not all(map(is_text, (old, left, right))):
            self._conflict(Conflict(path, "binary", base, onto, branch, names=names))
            return
        chosen = self.resolve.get(path)
        choices = chosen if isinstance(chosen, tuple) else ()
        text = merge_text(old, left, right, choices)
        if text.data is not None and mode is not None:
            self.wanted[path] = File(mode, len(text.data), self.objects.add(text.data))
            return
        why: Why = "mode" if text.data is not None else "content"
        hunks = text.hunks if text.data is None else ()
        self._conflict(Conflict(path, why, base, onto, branch, hunks, names))

    def _folder_mode(self, path: bytes, base: Entry | None, onto: Dir, branch: Dir) -> None:
        before = base.mode if isinstance(base, Dir) else None
        mode = _three(before, onto.mode, branch.mode)
        if mode is not None:
            self.wanted[path] = replace(onto, mode=mode)
        else:
            self._conflict(Conflict(path, "mode", base, onto, branch))

    # --- renames -------------------------------------------------------------------------

    def _renamed(self) -> None:
        left = renames(self.objects.blob, list(self.ours.values()))
        right = renames(self.objects.blob, list(self.theirs.values()))
        for source, here in left.items():
            there = right.pop(source, None)
            if there is not None:
                self._renamed_twice(source, here, there)
            elif source in self.theirs:
                self._follow(source, here, self.ours[here].after, self.theirs[source].after, True)
        for source, there in right.items():
            if source in self.ours:
                after = self.ours[source].after
                self._follow(source, there, after, self.theirs[there].after, False)

    def _renamed_twice(self, source: bytes, here: bytes, there: bytes) -> None:
        base, onto, branch = self._sides(source, here, there)
        self.done |= {source, here, there}
        if here == there:
            if onto != branch:
                self._both(here, base, onto, branch, (source, here, there))
            return
        # Both names stay: which one is meant only a reader can say.
        if there in self.ours:
            self._path(self.theirs[there], self.ours[there])
        else:
            self.wanted[there] = branch
        names = (source, here, there)
        self._conflict(Conflict(here, "renameRename", base, onto, branch, names=names))

    def _follow(
        self, source: bytes, target: bytes, onto: Entry | None, branch: Entry | None, ours: bool
    ) -> None:
        """One side renamed the file, the other changed or removed it under its old name."""
        other = self.theirs if ours else self.ours
        if target in other:
            return  # both put something there: judged by its path
        base = self._at(self.base, source)
        self.done |= {source, target}
        if not ours:
            self.wanted[source] = None
        names = (source, target, source) if ours else (source, source, target)
        if onto is None or branch is None:
            if not ours:
                self.wanted.pop(source)
                self.wanted[target] = branch
            self._conflict(Conflict(target, "renameDelete", base, onto, branch, names=names))
            return
        if onto != branch:
            self._both(target, base, onto, branch, names)
            if target not in self.wanted and not ours:
                # The change of the other name stands until this is resolved.
                self.wanted.pop(source)
        else:
            self.wanted[target] = branch

    # --- folders -------------------------------------------------------------------------

    def _whole_folders(self) -> None:
        """A folder that one side made something else while the other worked in it."""
        for mine, other in ((self.theirs, self.ours), (self.ours, self.theirs)):
            for path, change in mine.items():
                if not isinstance(change.before, Dir) or change.after is None:
                    continue
                if isinstance(change.after, Dir) or path in self.done:
                    continue
                inside = path + b"/"
                worked_in = (
                    at not in mine or mine[at].after != done.after
                    for at, done in other.items()
                    if at.startswith(inside)
                )
                if any(worked_in):
                    self.done.add(path)
                    self.done.update(at for at in self.theirs if at.startswith(inside))
                    base, onto, branch = self._sides(path, path, path)
                    self._conflict(Conflict(path, "kind", base, onto, branch))

    def _keep_ways(self) -> None:
        """Folders needed for what stays are kept or made; a file in the way is a conflict."""
        folders: set[bytes] = set()
        for path, entry in sorted(self.wanted.items()):
            if entry is None:
                continue
            for above in _above(path):
                if above in folders:
                    continue
                stands = self.wanted.get(above, _UNKNOWN)
                if stands is _UNKNOWN:
                    stands = self._at(self.onto, above)
                if isinstance(stands, Dir):
                    folders.add(above)
                    continue
                if stands is None:
                    folder = self._at(self.branch, above)
                    assert isinstance(folder, Dir), "what the branch has lies in its folders"
                    self.wanted[above] = folder
                    continue
                self._give_up_below(above)
                break
        for path, entry in sorted(self.wanted.items(), reverse=True):
            if entry is None and isinstance(self._at(self.onto, path), Dir) and self._holds(path):
                del self.wanted[path]

    def _give_up_below(self, above: bytes) -> None:
        base, onto, branch = self._sides(above, above, above)
        for path in [at for at in self.wanted if at.startswith(above + b"/")]:
            del self.wanted[path]
        if all(conflict.path != above for conflict in self.conflicts):
            self._conflict(Conflict(above, "kind", base, onto, branch))

    def _holds(self, folder: bytes) -> bool:
        """Whether anything stays in a folder that was to go."""
        held = self._at(self.onto, folder)
        assert isinstance(held, Dir)
        inside = folder + b"/"
        if any(at.startswith(inside) and entry is not None for at, entry in self.wanted.items()):
            return True
        return any(
            self.wanted.get(path, entry) is not None
            for path, entry in walk_tree(self.read, held.tree, inside)
        )

    # --- conflicts -----------------------------------------------------------------------

    def _conflict(self, conflict: Conflict) -> None:
        chosen = self.resolve.get(conflict.path)
        if chosen is None or (isinstance(chosen, tuple) and conflict.why != "content"):
            self.conflicts.append(conflict)
        elif isinstance(chosen, Content):
            blob = self.objects.add(chosen.data)
            self._put(conflict, File(chosen.mode, len(chosen.data), blob), None)
        elif isinstance(chosen, tuple):
            self.conflicts.append(conflict)  # fewer choices than hunks
        else:
            entry = {"onto": conflict.onto, "branch": conflict.branch, "base": conflict.base}
            self._put(conflict, entry[chosen], chosen)

    def _put(self, conflict: Conflict, entry: Entry | None, side: Side | None) -> None:
        """Make a path what somebody decided, with everything below it."""
        path = conflict.path
        for name in set(conflict.names) - {path}:
            if self._at(self.onto, name) is not None:
                self.wanted[name] = None
            else:
                self.wanted.pop(name, None)
        if side == "onto":
            self.wanted.pop(path, None)
            return
        held = self._at(self.onto, path)
        if isinstance(held, Dir):
            for inner, _ in walk_tree(self.read, held.tree, path + b"/"):
                self.wanted[inner] = None
        self.wanted[path] = entry
        if isinstance(entry, Dir):
            for inner, below in walk_tree(self.read, entry.tree, path + b"/"):
                self.wanted[inner] = below

    def _at(self, tree: Id, path: bytes) -> Entry | None:
        return find_entry(self.read, tree, path.split(b"/"))

    def _sides(
        self, base: bytes, onto: bytes, branch: bytes
    ) -> tuple[Entry | None, Entry | None, Entry | None]:
        return (
            self._at(self.base, base),
            self._at(self.onto, onto),
            self._at(self.branch, branch),
        )


_UNKNOWN: Any = object()


def _three(base: _T | None, onto: _T, branch: _T) -> _T | None:
    """The three-way rule for one value; None when both sides changed it."""
    if onto in (branch, base):
        return branch
    return onto if branch == base else None


def _both_folders(left: Entry | None, right: Entry | None) -> bool:
    return isinstance(left, Dir) and isinstance(right, Dir)


def _above(path: bytes) -> Iterator[bytes]:
    names = path.split(b"/")
    return (join_paths(names[:length]) for length in range(1, len(names)))
