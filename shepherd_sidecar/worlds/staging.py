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
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from shepherd_sidecar.errors import StoreFull
from shepherd_sidecar.trace.tree_diff import TreeChange
from shepherd_sidecar.trace.trees import File
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import FOLDER, lstat, remove_all
from shepherd_sidecar.worlds.restore_plan import Plan
from shepherd_sidecar.worlds.write_file import (
    NEW_FILE,
    SMALL,
    check_size,
    write_all,
    write_content,
)

_FILES, _BYTES = 1_024, 16 << 20
"""What is read before it is written: so many files, or so much."""
_ALONE: Final = 100
"""Files that are written before threads are worth their start."""
_THREADS: Final = 2


class Staged:
    """Contents that are ready, by the path they are for."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._ready: dict[bytes, bytes] = {}

    def write(self, objects: Objects, plan: Plan) -> None:
        """Write every file that the plan puts anywhere. Raises StoreFull."""
        files = [
            (change.path, change.after)
            for change in plan.changes
            if isinstance(change.after, File) and change.kind != "mode"
        ]
        try:
            for number, portion in enumerate(_portions(files)):
                self._portion(objects, b"%d" % number, portion)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise StoreFull("no space to write the files; nothing was changed") from error

    def _portion(self, objects: Objects, folder: bytes, files: list[tuple[bytes, File]]) -> None:
        """Read some files, then write them.

        Threads write while nothing is read (both want the interpreter), into folders of their
        own (in one they would wait for each other).
        """
        small = [at for at in files if at[1].size < SMALL]
        held = objects.read_small({entry.blob for _, entry in small})
        for _, entry in small:
            check_size(entry, len(held[entry.blob]))

        def write(part: int, parts: int) -> None:
            into = b"%b.%d" % (folder, part)
            os.mkdir(into, 0o700, dir_fd=self.fd)
            for number, (path, entry) in enumerate(small[part::parts]):
                name = self._ready[path] = b"%b/%d" % (into, number)
                self._make(name, entry, partial(write_all, data=held[entry.blob]))

        if len(small) < _ALONE:
            write(0, 1)
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                for done in [pool.submit(write, part, _THREADS) for part in range(_THREADS)]:
                    done.result()
        for number, (path, entry) in enumerate(at for at in files if at[1].size >= SMALL):
            name = self._ready[path] = b"%b-%d" % (folder, number)
            self._make(name, entry, partial(write_content, objects, entry=entry))

    def _make(self, name: bytes, entry: File, fill: Callable[[int], None]) -> None:
        # Asking for the final bits at once saves a chmod where the umask allows them.
        fd = os.open(name, NEW_FILE, entry.mode & 0o777, dir_fd=self.fd)
        try:
            fill(fd)
            if stat.S_IMODE(os.fstat(fd).st_mode) != entry.mode:
                os.fchmod(fd, entry.mode)
        finally:
            os.close(fd)

    def place(self, change: TreeChange, dir_fd: int, name: bytes) -> bool:
        """Put what is ready for a change at its name; False when nothing is."""
        ready = self._ready.pop(change.path, None)
        if ready is None:
            return False
        if os.geteuid() == 0 and change.before is not None and foreign(name, dir_fd) is not None:
            fd = os.open(ready, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.fd)
            try:
                if keep_owner(fd, name, dir_fd) and isinstance(change.after, File):
                    os.fchmod(fd, change.after.mode)  # a new owner may have taken bits away
            finally:
                os.close(fd)
        os.rename(ready, name, src_dir_fd=self.fd, dst_dir_fd=dir_fd)
        return True


def _portions(files: list[tuple[bytes, File]]) -> Iterator[list[tuple[bytes, File]]]:
    portion: list[tuple[bytes, File]] = []
    size = 0
    for at in files:
        portion.append(at)
        size += at[1].size if at[1].size < SMALL else 0
        if len(portion) >= _FILES or size >= _BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


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
            yield Staged(fd) if _one_mount(fd, folder) else None
        finally:
            os.close(fd)
    finally:
        clear(at)


def _one_mount(fd: int, folder: Path) -> bool:
    """Whether files can be renamed from an open folder to another one.

    Two mounts of one file system have its device in common, and the kernel refuses all the same.
    """
    other = os.open(folder, FOLDER)
    try:
        same_device = os.fstat(fd).st_dev == os.fstat(other).st_dev
        return same_device and _mount_of(fd) == _mount_of(other)
    finally:
        os.close(other)


def _mount_of(fd: int) -> str:
    with open(f"/proc/self/fdinfo/{fd}", encoding="ascii") as told:
        return next(line for line in told if line.startswith("mnt_id:"))


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
    replaced = foreign(name, dir_fd)
    if replaced is None:
        return False
    with contextlib.suppress(PermissionError):
        os.fchown(fd, replaced.st_uid, replaced.st_gid)
        return True
    return False


def foreign(name: bytes, dir_fd: int) -> os.stat_result | None:
    """The status of what stands at a name when it belongs to somebody else."""
    found = lstat(name, dir_fd)
    return found if found is not None and found.st_uid != os.geteuid() else None
