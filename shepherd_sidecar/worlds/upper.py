"""A snapshot from an overlay's upper folder: what changed since its stack, and nothing else.

Layer: worlds. Everything that a mount shows and its stack does not is in the upper, so the new
tree is that of the stack with the upper's names put over it. A renamed folder shows what lies
below under its old name (``redirect``; only root has such: see ``mounts.py``). Gives the same
tree and notes as a walk of the mount (``capture.py`` decides what is captured); where the upper
alone cannot tell (rules of what to leave out changed, a budget is passed, the store has let go
of the stack's tree) ``WalkNeeded`` says so and such a walk is made.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.trees import Dir, Entry, File, Tree
from shepherd_sidecar.worlds.capture import Capture
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.ignore import IGNORE_FILE, NO_RULES, STORE_NAME, Rules
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.parsed import Counts, Parsed
from shepherd_sidecar.worlds.reach import FOLDER, Reach
from shepherd_sidecar.worlds.scan import Scan, Vanished, cannot_read
from shepherd_sidecar.worlds.stat_cache import Folder, Known, StatCache, coarse_now, is_same
from shepherd_sidecar.worlds.upper_marks import NO_MARKS, Marks, is_whiteout, marks_of, says_gone

_IGNORE = os.fsencode(IGNORE_FILE)
_NOTHING: Tree = {}
_HELD: Final = 128
"""Folders that stay open from the look at their names to the reading of their files."""


class WalkNeeded(Exception):
    """The upper does not tell: take the snapshot by a walk of the mount."""


@dataclass(frozen=True, slots=True)
class Below:
    """What an upper lies over."""

    tree: Id
    counts: Counts
    parsed: Parsed
    read: Read
    """Reads through ``parsed``."""
    userxattr: bool


class Adds(NamedTuple):
    """What one folder of an upper, with those in it, adds to the walk's account."""

    hidden: Counts = Counts()
    moved: Counts = Counts()
    entries: int = 0


class UpperFolder(Folder):
    """One folder of an upper."""

    __slots__ = ("adds", "below", "listed", "marks", "named")

    def __init__(self, mode: int, below: Id | None, marks: Marks) -> None:
        super().__init__(mode)
        self.below = below
        """The tree that shows through; None: nothing does."""
        self.marks = marks
        self.named: list[str] = []
        """Every name in it, whiteouts too: what is below under these does not show."""
        self.listed: tuple[int, int] | None = None
        """Inode and ctime of when its marks and names were read, if these tell of any change.

        A change of either sets the ctime, to no less than the clock: as ``stat_cache.known``.
        """

        self.adds = Adds()
        """What the walk of it came to, with what is below it."""

    def is_listed(self, found: os.stat_result) -> bool:
        """Whether the folder has the names and marks that were read."""
        return self.listed == (found.st_ino, found.st_ctime_ns)


@dataclass(slots=True)
class UpperScan(Scan):
    """A walk of an upper."""

    objects: Objects | None = None
    below: Below | None = None
    hidden: Counts = field(default_factory=Counts)
    """What lies below the upper and does not show, at least not where it lies."""
    moved: Counts = field(default_factory=Counts)
    """What lies below renamed folders, and shows in them."""
    entries: int = 0
    """Names in the upper."""
    stale: int = 0
    """Those of them that are as they were."""
    held: dict[str, int] = field(default_factory=dict)
    """Open folders with files to be read, by their paths; who walks closes them."""
    started: int = field(default_factory=coarse_now)
    """What is stamped with no less may have come after it was looked at."""
    still: set[int] = field(default_factory=set)
    """Folders known from before (``id``) that are, with all below, as they were."""

    def run_upper(self, root: int, old: Folder | None) -> UpperFolder:
        """Walk the upper open at ``root``, with what was known of it.

        Raises:
            Vanished, WalkNeeded, SnapshotFailed.
        """
        assert self.below is not None
        found = os.fstat(root)
        known = old if isinstance(old, UpperFolder) and old.is_listed(found) else None
        new = UpperFolder(0, self.below.tree, NO_MARKS)
        if isinstance(old, UpperFolder) and old.below == new.below:
            for name, inner in old.folders.items():
                if isinstance(inner, UpperFolder):
                    self._is_still(root, name, inner)
        folder = self._upper(root, found, new, "", old, known, NO_RULES, 0)
        stays = self.stays()
        limits = self.limits
        if (
            (self.tally.large and not limits.leave_out_large)
            or stays.files + self.tally.files > limits.files
            or stays.bytes + self.tally.bytes > limits.bytes
        ):
            raise WalkNeeded  # that names the offenders
        return folder

    def stays(self) -> Counts:
        """What lies below the upper and shows, wherever."""
        assert self.below is not None
        return self.below.counts.and_also(self.moved).without(self.hidden)

    def _upper(
        self,
        fd: int,
        found: os.stat_result,
        new: UpperFolder,
        path: str,
        old: Folder | None,
        listed: UpperFolder | None,
        above: Rules,
        depth: int,
    ) -> UpperFolder:
        """Walk one folder, ``found`` before it is listed; ``listed`` has the names it has."""
        assert self.below is not None
        if listed is None or listed.left_out:
            inner, others = _names(fd, path)
            new.named = [*inner, *others]
        else:
            new.named, inner = listed.named, list(listed.folders)
            others = [name for name in new.named if name not in listed.folders]
        if found.st_ctime_ns < self.started:
            new.listed = found.st_ino, found.st_ctime_ns
        self.entries += len(new.named)
        tree = self.below.read(new.below) if new.below is not None else _NOTHING
        rules = self._rules_of(fd, path, tree, IGNORE_FILE in others, above)
        new.rules = rules.digest
        if old is not None and old.largest > self.limits.bytes_per_file:
            old = None  # the limit was lowered since: judge each file again
        # Names judged before under the same rules need not be judged again.
        judged = old if old is not None and old.rules == new.rules else None
        was = old.files if old is not None else {}
        unread_before = len(self.unread)
        for name in others:
            if tree and (under := tree.get(os.fsencode(name))) is not None:
                self._hide(under)
            self._look(fd, path, name, new, was, judged, rules)
        self._count(new, path, old, self.unread[unread_before:])
        same = (
            isinstance(judged, UpperFolder)
            and len(self.unread) == unread_before
            and len(new.files) == len(was)
            and (new.mode, new.below, new.named) == (judged.mode, judged.below, judged.named)
        )
        for name in inner:
            same &= self._upper_inner(fd, path, name, tree, new, judged, old, rules, depth + 1)
        if (
            same
            and isinstance(judged, UpperFolder)
            and len(new.folders) == len(judged.folders)  # one may have become a whiteout
            and new.left_out == judged.left_out
        ):
            judged.listed, judged.marks = new.listed, new.marks
            return judged  # with its tree, which need not be made again
        return new

    def _look(
        self,
        fd: int,
        path: str,
        name: str,
        new: UpperFolder,
        was: Mapping[str, Known],
        judged: Folder | None,
        rules: Rules,
    ) -> None:
        """Look at a name that is no folder."""
        try:
            found = os.stat(name, dir_fd=fd, follow_symlinks=False)
        except FileNotFoundError:
            return  # gone since it was listed, as if the walk had come a moment later
        except OSError:
            self._leave_out(new, path, name, "unreadable")
            return
        record = was.get(name)
        if (
            record is not None
            and is_same(record, found)
            and (judged is not None or not rules.ignores(path + name, False))
        ):
            new.files[name] = record
            self.stale += 1
        elif says_gone(found):
            self.stale += judged is not None
        else:
            self._unknown(new, path, name, found, rules, judged)

    def _upper_inner(
        self,
        fd: int,
        path: str,
        name: str,
        tree: Tree,
        new: UpperFolder,
        judged: Folder | None,
        old: Folder | None,
        rules: Rules,
        depth: int,
    ) -> bool:
        """Walk one folder in a folder; whether it is as it was."""
        assert self.below is not None
        known = judged.folders.get(name) if judged is not None else None
        if (
            isinstance(known, UpperFolder)
            and id(known) in self.still
            and isinstance(judged, UpperFolder)
            and new.below == judged.below
        ):
            new.folders[name] = known
            self.tally.files += known.files_below
            self.tally.bytes += known.bytes_below
            self._account(known.adds)
            self.stale += known.adds.entries + 1
            return True
        under = tree.get(os.fsencode(name)) if tree else None
        why = None
        if name == STORE_NAME:
            why = "store"
        elif rules.layers and self._ignored(path, name, True, rules, judged):
            why = "ignored"
        elif depth > self.limits.depth:
            raise WalkNeeded  # that names the path
        if why is None:
            try:
                inner = os.open(name, FOLDER, dir_fd=fd)
            except PermissionError:
                why = "unreadable"
            except (FileNotFoundError, NotADirectoryError) as error:
                raise Vanished(path + name) from error
            except OSError as error:
                raise cannot_read(path + name, error) from error
        if why is not None:
            self._leave_out(new, path, name + "/" * (why == "ignored"), why)
            if under is not None:
                self._hide(under)
            return True
        here, unread = f"{path}{name}/", len(self.unread)
        before = self.hidden, self.moved, self.entries
        self.hidden, self.moved, self.entries = Counts(), Counts(), 0
        try:
            found = os.fstat(inner)
            known = old.folders.get(name) if old is not None else None
            listed = known if isinstance(known, UpperFolder) and known.is_listed(found) else None
            marks = listed.marks if listed is not None else marks_of(inner, self.below.userxattr)
            shows = self._shows(marks, under, tree, rules, depth)
            mode = stat.S_IMODE(found.st_mode)
            if shows is not None and not mode & stat.S_IXUSR and os.geteuid() != 0:
                raise WalkNeeded  # what shows through can be listed but not read
            folder = UpperFolder(mode, shows, marks)
            folder = self._upper(inner, found, folder, here, known, listed, rules, depth)
            if len(self.held) < _HELD and any(at.path == here for at in self.unread[unread:][:1]):
                self.held[here], inner = inner, -1
        finally:
            if inner >= 0:
                os.close(inner)
        folder.adds = adds = Adds(self.hidden, self.moved, self.entries)
        self.hidden, self.moved, self.entries = before
        self._account(adds)
        new.folders[name] = folder
        self.stale += folder is known
        return folder is known

    def _account(self, adds: Adds) -> None:
        self.hidden = self.hidden.and_also(adds.hidden)
        self.moved = self.moved.and_also(adds.moved)
        self.entries += adds.entries

    def _is_still(self, root: int, path: str, known: UpperFolder) -> bool:
        """Look whether a folder, with all below it, is as it was; opens none.

        A way that leads through a link by now leads to another inode than the one known, or to
        the same one, which then was moved a moment later.
        """
        try:
            found = os.stat(path, dir_fd=root, follow_symlinks=False)
            still = (
                known.is_listed(found)
                and stat.S_ISDIR(found.st_mode)
                and not known.left_out
                and known.tree is not None
                and known.largest <= self.limits.bytes_per_file
                and all(
                    is_same(record, os.stat(f"{path}/{name}", dir_fd=root, follow_symlinks=False))
                    for name, record in known.files.items()
                )
            )
        except OSError:
            still = False
        for name, inner in known.folders.items():
            still &= isinstance(inner, UpperFolder) and self._is_still(
                root, f"{path}/{name}", inner
            )
        if still:
            self.still.add(id(known))
        return still

    def _shows(
        self, marks: Marks, under: Entry | None, beside: Tree, rules: Rules, depth: int
    ) -> Id | None:
        """The tree that shows through an upper's folder.

        ``under`` lies below under its name, ``beside`` under that of the folder it is in.
        """
        assert self.below is not None
        moved = marks.redirect
        if moved is None and not marks.opaque and isinstance(under, Dir):
            return under.tree
        if under is not None:
            self._hide(under)
        if moved is None:
            return None
        found = self._below_at(moved, beside)
        if found is None:
            return None
        if rules.layers:
            raise WalkNeeded  # what shows through was judged under another path
        if self._height(found) + depth > self.limits.depth:
            raise WalkNeeded  # that names the path
        self.moved = self.moved.and_also(self.below.parsed.count(self.below.read, found))
        return found

    def _below_at(self, moved: bytes, beside: Tree) -> Id | None:
        """The tree of the folder that a renamed one was: in the same folder, or by its path."""
        assert self.below is not None
        found: Entry | None = Dir(0, self.below.tree)
        if not moved.startswith(b"/"):
            found = beside.get(moved)
        else:
            for name in filter(None, moved.split(b"/")):
                found = self.below.read(found.tree).get(name) if isinstance(found, Dir) else None
        return found.tree if isinstance(found, Dir) else None

    def _height(self, tree: Id) -> int:
        """Folders in folders below a tree."""
        assert self.below is not None
        inner = {entry.tree for entry in self.below.read(tree).values() if isinstance(entry, Dir)}
        return max((1 + self._height(other) for other in inner), default=0)

    def _hide(self, under: Entry) -> None:
        assert self.below is not None
        self.hidden = self.hidden.and_also(self.below.parsed.count_entry(self.below.read, under))

    def _rules_of(self, fd: int, path: str, tree: Tree, own: bool, above: Rules) -> Rules:
        """The rules in force in a folder; those of below must be those of the upper too."""
        assert self.objects is not None
        under = tree.get(_IGNORE)
        rules = above
        if isinstance(under, File):
            rules = above.below(path, self.objects.read("blob", under.blob))
        if not own:
            return rules
        mine = above if is_whiteout(IGNORE_FILE, fd) else self._rules(fd, path, above)
        if tree and mine.digest != rules.digest:
            raise WalkNeeded  # what shows through was judged by other rules
        return mine


class UpperCapture(Capture):
    """One attempt at a snapshot from an upper."""

    def __init__(
        self, objects: Objects, upper: Path, cache: StatCache, limits: Limits, below: Below
    ) -> None:
        super().__init__(objects, upper, cache, limits, None)
        self.below = below
        self.upper = UpperScan(None, limits, objects=objects, below=below)
        self.scan = self.upper
        self.entries = 0
        """Names in the upper."""
        self.stale = 0
        """Those of them that were in it, as they are, at the last snapshot."""

    def run(self) -> None:
        """Take it. Raises Vanished when another attempt may succeed; WalkNeeded."""
        try:
            root_fd = os.open(self.root, FOLDER)
        except OSError as error:
            raise self._lost(error.strerror) from error
        try:
            here = os.fstat(root_fd).st_ino
            old = self.cache.load(here, partial(self.objects.has, "tree"))
            folder = self.upper.run_upper(root_fd, old)
            self.entries, self.stale = self.upper.entries, self.upper.stale
            stays = self.upper.stays()
            self.files = stays.files + self.scan.tally.files
            self.bytes_total = stays.bytes + self.scan.tally.bytes
            with Reach(root_fd) as reach:
                self._read(reach)
            self.tree = self._sealed(folder)
        finally:
            os.close(root_fd)
            for fd in self.upper.held.values():
                os.close(fd)
        self.not_captured = self._not_captured(folder)
        self.cache.believe(folder, here, len(self.scan.unread))

    def _opened(self, reach: Reach, path: str) -> int:
        held = self.upper.held.get(path)
        return held if held is not None else super()._opened(reach, path)

    def _sealed(self, folder: UpperFolder) -> Id:
        """Add the trees of what is new, the innermost first."""
        if folder.tree is not None:
            return folder.tree
        tree = dict(self.below.read(folder.below)) if folder.below is not None else {}
        named = list(map(os.fsencode, folder.named))
        for name in named:
            tree.pop(name, None)
        for text, record in folder.files.items():
            tree[os.fsencode(text)] = record[5]
        for text, inner in folder.folders.items():
            assert isinstance(inner, UpperFolder)
            tree[os.fsencode(text)] = Dir(inner.mode, self._sealed(inner))
        folder.sum_up()
        pieces = self.below.parsed.encoded(tree, folder.below, named)
        folder.tree = self.objects.add("tree", b"".join(pieces.values()))
        self.below.parsed.learn(folder.tree, tree, pieces)
        return folder.tree


def _names(fd: int, path: str) -> tuple[list[str], list[str]]:
    """The folders in a folder, and all else in it."""
    inner: list[str] = []
    others: list[str] = []
    try:
        with os.scandir(fd) as listing:
            for entry in listing:
                (inner if entry.is_dir(follow_symlinks=False) else others).append(entry.name)
    except OSError as error:
        raise cannot_read(path, error) from error
    return inner, others
