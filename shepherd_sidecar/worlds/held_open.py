"""Which files of a restore somebody still holds open.

Layer: worlds. A restore puts a new file in the place of the old one, so that nobody reads half
of each. Who has the old one open goes on with it, unseen: that is said, never assumed away.

Asking the kernel for a lease costs a few microseconds a file and tells *that* somebody writes;
only then is it looked up who. Readers of a file are not told of: what they have read is theirs.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

from shepherd_sidecar.trace.tree_diff import TreeChange
from shepherd_sidecar.trace.trees import Dir, File
from shepherd_sidecar.worlds.driver import NotCaptured
from shepherd_sidecar.worlds.paths import printable

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
Identity = tuple[int, int]


def held_open(folder: Path, changes: Iterable[TreeChange]) -> tuple[NotCaptured, ...]:
    """What a restore takes from under a process: files it writes, folders it works in.

    ``why`` is ``heldOpen by NAME (PID)`` or ``cwd of NAME (PID)``. Call it before
    the restore: afterwards the old files have no name.
    """
    asked: dict[Identity, bytes] = {}
    folders: dict[Identity, bytes] = {}
    root = os.fsencode(folder)
    for change in changes:
        path = root + b"/" + change.path
        if isinstance(change.before, File):
            found = _written_by_somebody(path)
            if found is not None:
                asked[found] = change.path
        elif isinstance(change.before, Dir) and not isinstance(change.after, Dir):
            with contextlib.suppress(OSError):
                seen = os.lstat(path)
                folders[seen.st_dev, seen.st_ino] = change.path
    told = []
    if asked:
        for who, number in _descriptors():
            if number in asked:
                told.append(NotCaptured(printable(asked[number]), f"heldOpen by {who}"))
    if folders:
        for who, number in _working_folders():
            if number in folders:
                told.append(NotCaptured(printable(folders[number]), f"cwd of {who}"))
    return tuple(sorted(set(told), key=lambda one: (one.path, one.why)))


def _written_by_somebody(path: bytes) -> Identity | None:
    """The file's identity when it may be open for writing somewhere else."""
    try:
        fd = os.open(path, _READ)
    except OSError:
        return None
    try:
        # Who opens the file while it is leased has the kernel send a signal: by itself SIGIO,
        # which ends this process, so one that does nothing.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        # Where there are no leases (some file systems, files of others) it has to be looked up.
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EINVAL):
            found = os.fstat(fd)
            return found.st_dev, found.st_ino
    finally:
        os.close(fd)
    return None


def _descriptors() -> Iterator[tuple[str, Identity]]:
    own = os.getpid()
    for pid in _processes():
        if pid == own:
            continue
        base = f"/proc/{pid}/fd"
        with contextlib.suppress(OSError):
            for name in os.listdir(base):
                with contextlib.suppress(OSError):
                    mode = os.lstat(f"{base}/{name}").st_mode
                    if mode & 0o200:  # a link's bits tell how it was opened
                        found = os.stat(f"{base}/{name}")
                        yield _who(pid), (found.st_dev, found.st_ino)


def _working_folders() -> Iterator[tuple[str, Identity]]:
    for pid in _processes():
        with contextlib.suppress(OSError):
            found = os.stat(f"/proc/{pid}/cwd")
            yield _who(pid), (found.st_dev, found.st_ino)


def _processes() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def _who(pid: int) -> str:
    try:
        name = Path(f"/proc/{pid}/comm").read_bytes().strip()
    except OSError:
        return str(pid)
    return f"{printable(name)} ({pid})"
