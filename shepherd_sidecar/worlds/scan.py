"""The first half of a snapshot: a walk that looks at every name and reads no content.

Layer: worlds. Never follows a link, never crosses into another file system, never enters the
store. What cannot be captured is named. The walk finds which files must be read
(``Scan.unread``) and counts the budget before any of them is.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from typing import Protocol

from shepherd_sidecar.errors import SnapshotFailed
from shepherd_sidecar.worlds.ignore import IGNORE_FILE, MOST_BYTES, NO_RULES, STORE_NAME, Rules
from shepherd_sidecar.worlds.limits import Limits, Tally, too_deep
from shepherd_sidecar.worlds.mounts import mounted_below
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import FOLDER
from shepherd_sidecar.worlds.stat_cache import Folder


class Vanished(Exception):
    """A folder went away between being listed and being opened: the walk must start again.

    It may have been renamed to a place that was walked before, and its files would be
    missing from the snapshot without a word.
    """


class Watcher(Protocol):
    """Told of every folder that a walk lists, so that it hears of what changes there later."""

    def enter(self, path: str, fd: int) -> None:
        """A folder (its path with ``/``, or empty), open, is about to be listed."""


@dataclass(slots=True)
class Unread:
    """A file or link whose content must be read, and the folder it goes into."""

    path: str
    """Path of the folder with its ``/``, or empty."""
    folder: Folder
    name: str
    found: os.stat_result


@dataclass(slots=True)
class Scan:
    """One walk."""

    store: tuple[int, int] | None
    """Device and inode of the store: left out wherever it lies."""
    limits: Limits
    watcher: Watcher | None = None
    tally: Tally = field(init=False)
    unread: list[Unread] = field(default_factory=list)
    not_captured: list[tuple[str, str]] = field(default_factory=list)
    """Path and why."""
    _device: int = 0
    _root: int = -1
    _whole: bool = True
    """Not so: nothing was mounted or unmounted since the last walk."""
    _mounts: frozenset[str] | None = None
    """Paths of what is mounted below: a bind mount may be of the same device."""

    def __post_init__(self) -> None:
        self.tally = Tally(self.limits)

    def run(self, root: int, old: Folder | None) -> Folder:
        """Walk the folder open at ``root``, with what was known of it.

        Folders that have nothing new come back as the very objects of ``old``.

        Raises:
            Vanished: see there. BudgetExceeded, SnapshotFailed.
        """
        self._device = os.fstat(root).st_dev
        self._root = root
        if self._whole:
            self._mounts = mounted_below(root)
        folder = self._folder(root, 0, "", old, NO_RULES, 0)
        self.tally.check()
        return folder

    def _folder(
        self, fd: int, mode: int, path: str, old: Folder | None, above: Rules, depth: int
    ) -> Folder:
        if self.watcher is not None:
            self.watcher.enter(path, fd)
        try:
            with os.scandir(fd) as listing:
                entries = {entry.name: entry for entry in listing}
        except OSError as error:
            raise cannot_read(path, error) from error
        rules = self._rules(fd, path, above) if IGNORE_FILE in entries else above
        new = Folder(mode)
        new.rules = rules.digest
        if old is not None and old.largest > self.limits.bytes_per_file:
            old = None  # the limit was lowered since: judge each file again
        # Names judged before under the same rules need not be judged again.
        judged = old if old is not None and old.rules == new.rules else None
        was = old.files if old is not None else {}
        files, inner = new.files, []
        unread_before = len(self.unread)
        for name, entry in entries.items():
            if entry.is_dir(follow_symlinks=False):
                inner.append(name)
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone since it was listed, as if the walk had come a moment later
            except OSError:
                self._leave_out(new, path, name, "unreadable")
                continue
            record = was.get(name)
            if (  # is_same(), written out: this is the hot line of the whole layer
                record is not None
                and record[0] == found.st_ctime_ns
                and record[1] == found.st_mtime_ns
                and record[2] == found.st_size
                and record[3] == found.st_ino
                and record[4] == found.st_mode
                and (judged is not None or not rules.ignores(path + name, False))
            ):
                files[name] = record
            else:
                self._unknown(new, path, name, found, rules, judged)
        del entries
        self._count(new, path, old, self.unread[unread_before:])
        same = (
            judged is not None
            and len(self.unread) == unread_before
            and len(files) == len(was)
            and mode == judged.mode
        )
        for name in inner:
            same &= self._inner(fd, path, name, new, judged, old, rules, depth + 1)
        if judged is not None and same and len(new.folders) == len(judged.folders):
            if new.left_out != judged.left_out:
                judged.left_out = new.left_out
            return judged
        return new

    def _inner(
        self,
        fd: int,
        path: str,
        name: str,
        new: Folder,
        judged: Folder | None,
        old: Folder | None,
        rules: Rules,
        depth: int,
    ) -> bool:
        """Walk one folder in a folder; whether it is as it was."""
        if name == STORE_NAME:
            self._leave_out(new, path, name, "store")
            return True
        if rules.layers and self._ignored(path, name, True, rules, judged):
            self._leave_out(new, path, name + "/", "ignored")
            return True
        if depth > self.limits.depth:
            raise too_deep(path + name, self.limits)
        known = old.folders.get(name) if old is not None else None
        try:
            inner = os.open(name, FOLDER, dir_fd=fd)
        except PermissionError:
            self._leave_out(new, path, name, "unreadable")
            return known is None
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise Vanished(path + name) from error
            raise cannot_read(path + name, error) from error
        try:
            found = os.fstat(inner)
            if found.st_dev != self._device or self._is_mount(path + name, known):
                self._leave_out(new, path, name, "mount")
                return known is None
            if (found.st_dev, found.st_ino) == self.store:
                self._leave_out(new, path, name, "store")
                return known is None
            mode = stat.S_IMODE(found.st_mode)
            folder = self._folder(inner, mode, f"{path}{name}/", known, rules, depth)
        finally:
            os.close(inner)
        new.folders[name] = folder
        return folder is known

    def _is_mount(self, path: str, known: Folder | None) -> bool:
        if self._mounts is None:
            if known is not None:
                return False
            self._mounts = mounted_below(self._root)
        return path in self._mounts

    def _unknown(
        self,
        new: Folder,
        path: str,
        name: str,
        found: os.stat_result,
        rules: Rules,
        judged: Folder | None,
    ) -> None:
        """Judge a name that is new or changed."""
        if rules.layers and self._ignored(path, name, False, rules, judged):
            self._leave_out(new, path, name, "ignored")
            return
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)):
            self._leave_out(new, path, name, special_kind(found.st_mode))
            return
        if stat.S_ISREG(found.st_mode) and found.st_size > self.limits.bytes_per_file:
            if self.limits.leave_out_large:
                self._leave_out(new, path, name, "overBudget")
                return
            self.tally.large.append((found.st_size, path + name))
        self.unread.append(Unread(path, new, name, found))

    def _ignored(
        self, path: str, name: str, is_folder: bool, rules: Rules, judged: Folder | None
    ) -> bool:
        if judged is not None:
            if name in (judged.folders if is_folder else judged.files):
                return False
            if judged.left_out.get(name + "/" if is_folder else name) == "ignored":
                return True
        return rules.ignores(path + name, is_folder)

    def _count(self, new: Folder, path: str, old: Folder | None, unread: list[Unread]) -> None:
        if old is not None and not unread and len(new.files) == len(old.files):
            size, new.linked, new.attributed = old.size, old.linked, old.attributed
        else:
            size = sum(r[2] for r in new.files.values() if stat.S_ISREG(r[4]))
            size += sum(u.found.st_size for u in unread if stat.S_ISREG(u.found.st_mode))
            linked = old.linked.items() if old is not None else ()
            new.linked = {name: inode for name, inode in linked if name in new.files}
            if old is not None and old.attributed:
                new.attributed = old.attributed & new.files.keys()
        if not self.tally.add(path, len(new.files) + len(unread), size):
            self.tally.check(complete=False)

    def _rules(self, fd: int, path: str, above: Rules) -> Rules:
        try:
            file = os.open(IGNORE_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=fd)
        except FileNotFoundError:
            return above
        except OSError as error:
            if error.errno == errno.ELOOP:
                return above  # as Git: a link is no file of rules
            raise cannot_read(path + IGNORE_FILE, error) from error
        with os.fdopen(file, "rb") as text:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                return above
            return above.below(path, text.read(MOST_BYTES))

    def _leave_out(self, folder: Folder, path: str, name: str, why: str) -> None:
        folder.left_out[name] = why
        self.not_captured.append((path + name.rstrip("/"), why))


def special_kind(mode: int) -> str:
    """The word for what is neither file, link nor folder."""
    if stat.S_ISSOCK(mode):
        return "socket"
    return "fifo" if stat.S_ISFIFO(mode) else "device"


def cannot_read(path: str, error: OSError) -> SnapshotFailed:
    """The failure of a snapshot at a path; not for what is merely forbidden."""
    shown = printable(os.fsencode(path)) or "the workspace"
    return SnapshotFailed(f"{shown} could not be read: {error.strerror}", path=shown)
