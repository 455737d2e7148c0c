"""Files written before they are put in place, so that putting them is a burst of renames.

Layer: worlds. Keeps: while something is being written, nothing of the folder has changed; a full
disk or a damaged object is found then. What a crash leaves lies in a folder of the store and is
removed by whoever comes next.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shepherd_sidecar.errors import StoreFull
from shepherd_sidecar.trace.tree_diff import TreeChange
from shepherd_sidecar.trace.trees import File
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import FOLDER, lstat, remove_all
from shepherd_sidecar.worlds.restore_plan import Plan
from shepherd_sidecar.worlds.write_file import NEW_FILE, write_content


class Staged:
    """Contents that are ready, by the path they are for."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._ready: dict[bytes, bytes] = {}

    def write(self, objects: Objects, plan: Plan) -> None:
        """Write every file that the plan puts anywhere. Raises StoreFull."""
        for number, change in enumerate(plan.changes):
            entry = change.after
            if not isinstance(entry, File) or change.kind == "mode":
                continue
            name = b"%d" % number
            fd = os.open(name, NEW_FILE, 0o600, dir_fd=self.fd)
            try:
                write_content(objects, fd, entry)
                os.fchmod(fd, entry.mode)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                raise StoreFull("no space to write the files; nothing was changed") from error
            finally:
                os.close(fd)
            self._ready[change.path] = name

    def place(self, change: TreeChange, dir_fd: int, name: bytes) -> bool:
        """Put what is ready for a change at its name; False when nothing is."""
        ready = self._ready.pop(change.path, None)
        if ready is None:
            return False
        if os.geteuid() == 0 and change.before is not None:
            fd = os.open(ready, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.fd)
            try:
                if keep_owner(fd, name, dir_fd) and isinstance(change.after, File):
                    os.fchmod(fd, change.after.mode)  # a new owner may have taken bits away
            finally:
                os.close(fd)
        os.rename(ready, name, src_dir_fd=self.fd, dst_dir_fd=dir_fd)
        return True


def check_room(plan: Plan) -> None:
    """Where nothing can be staged: whether the folder's disk takes what a plan writes.

    Raises:
        StoreFull: it does not.
    """
    grown = largest = 0
    for change in plan.changes:
        before, after = change.before, change.after
        if isinstance(after, File):
            grown += after.size
            largest = max(largest, after.size if before is not None else 0)
        if isinstance(before, File):
            grown -= before.size
    # Each file stands beside its place before it replaces what is there.
    needed, free = max(grown, 0) + largest, shutil.disk_usage(plan.folder).free
    if needed > free:
        raise StoreFull(
            f"{needed:,} bytes are needed and {free:,} are free; nothing was changed",
            path=printable(bytes(plan.folder)),
        )


@contextmanager
def staging(at: Path, folder: Path) -> Iterator[Staged | None]:
    """A place to write files for ``folder``: ``at``, new and empty. Afterwards it is gone.

    None where files cannot be renamed from there to the folder.
    """
    at.parent.mkdir(mode=0o700, exist_ok=True)
    clear(at)
    at.mkdir(mode=0o700)
    try:
        fd = os.open(at, FOLDER)
        try:
            same = os.fstat(fd).st_dev == os.stat(folder).st_dev
            yield Staged(fd) if same else None
        finally:
            os.close(fd)
    finally:
        clear(at)


def clear(at: Path) -> None:
    """Remove a place, with what a crash left in it."""
    with contextlib.suppress(FileNotFoundError):
        fd = os.open(at.parent, FOLDER)
        try:
            remove_all(at.name, fd)
        finally:
            os.close(fd)


def keep_owner(fd: int, name: bytes, dir_fd: int) -> bool:
    """Give a file the owner of what stands at its name, where that may be; whether it was."""
    replaced = lstat(name, dir_fd)
    if replaced is None or replaced.st_uid == os.geteuid():
        return False
    with contextlib.suppress(PermissionError):
        os.fchown(fd, replaced.st_uid, replaced.st_gid)
        return True
    return False
