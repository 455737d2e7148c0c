"""Carrying out a restore.

Layer: worlds. Nothing is touched while a conflict is known; each path is compared once more
just before it is written. Files are written beside their place and renamed, deletions come
last, and every folder is reached without following a link, so that one swapped in cannot lead
outside. Broken off at any point, the same plan carried out again completes it, and a restore
to ``plan.current`` undoes it.

Between that last comparison and the rename lies a moment (microseconds) in which a write by
somebody else would be lost.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shepherd_sidecar.errors import RestoreConflict, StoreFull
from shepherd_sidecar.trace.ids import digest
from shepherd_sidecar.trace.tree_diff import TreeChange
from shepherd_sidecar.trace.trees import Dir, Entry, File, Link, join_paths
from shepherd_sidecar.worlds.driver import NotCaptured, Objects
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import Reach, lstat, set_mode
from shepherd_sidecar.worlds.restore_plan import Plan
from shepherd_sidecar.worlds.staging import Staged, keep_owner
from shepherd_sidecar.worlds.standing import (
    Blocked,
    Standing,
    Ways,
    lies_below,
    reach_folder,
    replaced_folders,
    standing,
    word_for,
)
from shepherd_sidecar.worlds.stat_cache import Folder
from shepherd_sidecar.worlds.write_file import NEW_FILE, write_content

_TEMPORARY = b".shepherd-restore-"
"""Visible to snapshots on purpose: what a crash leaves is removed by the next restore."""
_BLOCKING = {
    errno.ENOTEMPTY: "changedSince",
    errno.EEXIST: "changedSince",
    errno.EISDIR: "changedSince",
    errno.ENOTDIR: "changedSince",
    errno.ENOENT: "changedSince",
    errno.ELOOP: "link",
    errno.EBUSY: "mount",
    errno.EACCES: "unwritable",
    errno.EPERM: "unwritable",
    errno.EROFS: "unwritable",
    # What the file system of the folder has not: a mode, a link, a name.
    errno.ENOSYS: "unwritable",
    errno.EOPNOTSUPP: "unwritable",
    errno.EINVAL: "unwritable",
    errno.ENAMETOOLONG: "unwritable",
}
"""What a failed call says about the thing in the way."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    written: int
    """Files, links and folders made or changed."""
    removed: int
    """Files, links and folders removed."""


def admit(plan: Plan) -> None:
    """Refuse a plan when what no snapshot holds stands in its way. Raises RestoreConflict."""
    if plan.conflicts:
        raise _conflict(plan.conflicts, 0)


def apply(
    objects: Objects,
    plan: Plan,
    known: Folder | None = None,
    staged: Staged | None = None,
    *,
    unchanged: bool = False,
) -> Restored:
    """Carry out a plan. Take a snapshot afterwards: its tree is what the folder then is.

    Args:
        objects: holds the target.
        plan: made just before; what changed since is found out.
        known: as for ``plan``.
        staged: files that were written before and only have to be put in place.
        unchanged: nobody touched the folder since the plan was made. Then each path is
            compared only just before it is written, not all of them at the start as well.

    Raises:
        RestoreConflict: ``data.conflicts`` as ``{path, why}``. ``data.done`` is how many
            paths were changed before the conflict arose: 0 when it was there at the start.
        BlobMissing, StoreCorrupt, OSError: broken off; carry it out again, or restore to
            ``plan.current``.
    """
    admit(plan)
    with Reach(plan.folder) as reach:
        work = _Work(objects, reach, known, staged)
        work.replaced = replaced_folders(plan.changes)
        if not unchanged:
            work.check(plan)
        work.do(plan)
        return Restored(work.written, work.removed)


class _Work:
    def __init__(
        self, objects: Objects, reach: Reach, known: Folder | None, staged: Staged | None
    ) -> None:
        self.objects, self.reach = objects, reach
        self.staged = staged
        self.replaced: frozenset[bytes] = frozenset()
        self.written = self.removed = 0
        self.ways = Ways(known)
        self.reopened: dict[bytes, int] = {}
        """Modes of folders that had to be opened for writing, to be set back."""

    def check(self, plan: Plan) -> None:
        found = []
        for change in plan.changes:
            stands, why = self._stands(change)
            if stands == "other":
                found.append(NotCaptured(printable(change.path), why))
        if found:
            raise _conflict(tuple(found), 0)

    def do(self, plan: Plan) -> None:
        modes: dict[bytes, int] = {}
        try:
            self._change(plan, modes)
        except BaseException:
            with contextlib.suppress(OSError, Blocked):
                self._set_modes(self.reopened)
            raise
        self._set_modes({**self.reopened, **modes})

    def _change(self, plan: Plan, modes: dict[bytes, int]) -> None:
        """Change everything but the ``modes`` that folders get."""
        emptied: set[bytes] = set()
        for change in plan.changes:
            after = change.after
            if after is None:
                continue
            if isinstance(after, Dir):
                modes[change.path] = after.mode
            elif isinstance(change.before, Dir):
                inside = change.path + b"/"
                below = [c for c in plan.changes if c.path.startswith(inside)]
                for inner in reversed(below):
                    self._guarded(inner, self._remove)
                emptied.update(inner.path for inner in below)
            self._guarded(change, self._write)
        for change in reversed(plan.changes):
            if change.after is None and change.path not in emptied:
                self._guarded(change, self._remove)

    def _set_modes(self, modes: Mapping[bytes, int]) -> None:
        # Last and from the inside out: a folder may come back without the right to write in it.
        for path, mode in sorted(modes.items(), reverse=True):
            names = path.split(b"/")
            dir_fd = reach_folder(self.reach, names[:-1])
            if dir_fd is not None and lstat(names[-1], dir_fd) is not None:
                set_mode(names[-1], mode, dir_fd)

    def _guarded(self, change: TreeChange, act: Callable[[TreeChange], bool]) -> None:
        """Do one thing; what a system call says is in the way becomes a conflict."""
        try:
            if act(change):
                if change.after is None:
                    self.removed += 1
                else:
                    self.written += 1
        except Blocked:
            raise self._stopped(change, "link") from None
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFull(
                    f"no space to restore {printable(change.path)}; {self._done} paths were",
                    hint="free space and restore again; what was begun is completed",
                    done=self._done,
                ) from error
            why = _BLOCKING.get(error.errno or 0)
            if why is None:
                raise
            raise self._stopped(change, why) from error

    @property
    def _done(self) -> int:
        return self.written + self.removed

    def _stopped(self, change: TreeChange, why: str) -> RestoreConflict:
        return _conflict((NotCaptured(printable(change.path), why),), self._done)

    def _stands(self, change: TreeChange) -> tuple[Standing, str]:
        names, known, name = self.ways.to(change.path)
        try:
            dir_fd = reach_folder(self.reach, names)
        except Blocked:
            below = lies_below([*names, name], self.replaced)
            return ("nothing", "") if below else ("other", "link")
        if dir_fd is None:
            return "nothing", ""
        stands = standing(dir_fd, name, change.before, change.after, known)
        return stands, word_for(dir_fd, name, known) if stands == "other" else ""

    def _again(self, change: TreeChange) -> Standing:
        """Look once more, just before the deed."""
        stands, why = self._stands(change)
        if stands == "other":
            raise self._stopped(change, why)
        return stands

    def _place(self, path: bytes) -> tuple[int, bytes]:
        """The open folder of a path, made writable, and the name in it."""
        names, _, name = self.ways.to(path)
        dir_fd = reach_folder(self.reach, names)
        if dir_fd is None:
            raise Blocked
        if os.geteuid() != 0:
            mode = stat.S_IMODE(os.fstat(dir_fd).st_mode)
            if not mode & stat.S_IWUSR:
                os.fchmod(dir_fd, mode | stat.S_IRWXU)
                if names:
                    self.reopened[join_paths(names)] = mode
        return dir_fd, name

    def _write(self, change: TreeChange) -> bool:
        stands = self._again(change)
        before, after = change.before, change.after
        if stands == "after" or after is None:
            return False
        dir_fd, name = self._place(change.path)
        if isinstance(after, Dir):
            if isinstance(before, Dir) and stands == "before":
                return True  # its mode is set at the end
            if stands == "before":
                os.unlink(name, dir_fd=dir_fd)
            os.mkdir(name, 0o700, dir_fd=dir_fd)
            return True
        if stands == "before" and isinstance(before, Dir):
            os.rmdir(name, dir_fd=dir_fd)
        if stands == "before" and isinstance(after, File) and change.kind == "mode":
            found = lstat(name, dir_fd)
            # Through a hard link the mode would change for others too: those are rewritten.
            if found is not None and found.st_nlink == 1:
                set_mode(name, after.mode, dir_fd)
                return True
        if self.staged is None or not self.staged.place(change, dir_fd, name):
            self._put(dir_fd, name, after)
        return True

    def _put(self, dir_fd: int, name: bytes, entry: Entry) -> None:
        """Write a file or link beside its place, then rename."""
        beside = _beside(name)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=dir_fd)  # left by a crash
        try:
            if isinstance(entry, Link):
                os.symlink(entry.target, beside, dir_fd=dir_fd)
            elif isinstance(entry, File):
                fd = os.open(beside, NEW_FILE, 0o600, dir_fd=dir_fd)
                try:
                    write_content(self.objects, fd, entry)
                    keep_owner(fd, name, dir_fd)
                    if stat.S_IMODE(os.fstat(fd).st_mode) != entry.mode:
                        os.fchmod(fd, entry.mode)  # FAT knows no modes, and refuses
                finally:
                    os.close(fd)
            os.rename(beside, name, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside, dir_fd=dir_fd)
            raise

    def _remove(self, change: TreeChange) -> bool:
        if self._again(change) == "nothing":
            return False
        dir_fd, name = self._place(change.path)
        if isinstance(change.before, Dir):
            os.rmdir(name, dir_fd=dir_fd)
        else:
            os.unlink(name, dir_fd=dir_fd)
        return True


def sweep(folder: Path, changes: Iterable[TreeChange]) -> None:
    """Remove what a carrying out that was killed left beside the paths of these changes."""
    with Reach(folder) as reach:
        for change in changes:
            *names, name = change.path.split(b"/")
            with contextlib.suppress(OSError):
                os.unlink(_beside(name), dir_fd=reach.folder(names))


def _beside(name: bytes) -> bytes:
    return _TEMPORARY + digest("memo", name).hex()[:24].encode()


def _conflict(found: tuple[NotCaptured, ...], done: int) -> RestoreConflict:
    first = ", ".join(f"{c.path} ({c.why})" for c in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    what = "nothing was changed" if not done else f"{done} paths were changed before"
    return RestoreConflict(
        f"restoring would overwrite what no snapshot holds: {first}{more}; {what}",
        conflicts=[{"path": c.path, "why": c.why} for c in found],
        done=done,
    )
