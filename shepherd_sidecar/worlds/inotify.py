"""One queue of changes from the kernel: inotify, as far as ``watching`` needs it.

Layer: worlds. Built on watchdog's bindings of the three system calls and its constants, not on
its observers: those are also told of every file that is opened for reading (a snapshot would
flood itself), hold moves back for half a second, and do not say when the queue overflowed.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from watchdog.observers import inotify_c
from watchdog.observers.inotify_c import InotifyConstants as In

IS_FOLDER: Final = int(In.IN_ISDIR)
CAME: Final = In.IN_CREATE | In.IN_MOVED_TO
WENT: Final = In.IN_DELETE | In.IN_MOVED_FROM
SELF_GONE: Final = In.IN_DELETE_SELF | In.IN_MOVE_SELF
UNMOUNTED: Final = int(In.IN_UNMOUNT)
OVERFLOW: Final = int(In.IN_Q_OVERFLOW)
IGNORED: Final = int(In.IN_IGNORED)
_WANTED: Final = (
    CAME | WENT | SELF_GONE | In.IN_MODIFY | In.IN_ATTRIB | In.IN_CLOSE_WRITE
    | In.IN_ONLYDIR | In.IN_EXCL_UNLINK
)  # fmt: skip
"""``IN_CLOSE_WRITE`` too: it comes when the last mapping for writing ends."""
_unwatch: Final[Callable[[int, int], int]] = cast(Any, inotify_c.inotify_rm_watch)
_HEAD: Final = struct.Struct("iIII")
_LOCAL: Final = frozenset(
    (
        *(0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0x858458F6, 0x794C7630),
        *(0xF2F52010, 0x2FC12FC1, 0xCA451A4E, 0x3153464A, 0x52654973, 0x2011BAB0, 0x4D44),
        *(0x7366746E, 0xE0F5E1E2),
    )
)
"""ext, xfs, btrfs, tmpfs, ramfs, overlay, f2fs, zfs, bcachefs, jfs, reiserfs, exfat, fat, ntfs3,
erofs: this kernel makes every change to these itself. Elsewhere (NFS, SMB, FUSE, 9p ...) others
change files without a word."""

Event = tuple[int, int, bytes]
"""Watch number, mask, name within the watched folder (perhaps padded with NUL)."""


class Queue:
    """One inotify instance. Not safe to use from several threads at once."""

    def __init__(self) -> None:
        """Raises OSError (EMFILE: the user has no instance left)."""
        fd = inotify_c.inotify_init()
        if fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init")
        os.set_inheritable(fd, False)
        os.set_blocking(fd, False)
        self.fd: int = fd

    def watch(self, folder: int) -> int:
        """Watch an open folder; the number is the same for the same folder.

        Raises:
            OSError: ENOSPC when the user has no watch left.
        """
        path = b"/proc/self/fd/%d" % folder
        number: int = inotify_c.inotify_add_watch(self.fd, path, _WANTED)
        if number < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")
        return number

    def unwatch(self, number: int) -> None:
        """Watch it no more; one that is gone already does no harm."""
        _unwatch(self.fd, number)

    def read(self) -> Iterator[Event]:
        """The events of every change whose system call has returned before this call.

        The kernel queues an event within the call that makes the change, so whoever reads the
        queue to the end that it has now knows of all of them: no cookie is needed.
        """
        left: int = struct.unpack("i", fcntl.ioctl(self.fd, termios.FIONREAD, b"\0\0\0\0"))[0]
        while left > 0:
            data = os.read(self.fd, max(left, 4096))
            left -= len(data)
            at, end = 0, len(data)
            while at < end:
                number, mask, _, length = _HEAD.unpack_from(data, at)
                at += 16 + length
                yield number, mask, data[at - length : at]

    def close(self) -> None:
        """Let go of it and of all its watches."""
        os.close(self.fd)


def is_local(folder: int) -> bool:
    """Whether nothing but this kernel changes the file system that an open folder is on."""
    room = ctypes.create_string_buffer(512)
    if ctypes.CDLL(None, use_errno=True).fstatfs(folder, room) != 0:
        return False
    kind: int = ctypes.c_long.from_buffer(room).value
    return (kind & 0xFFFFFFFF) in _LOCAL


def most_watches() -> int:
    """How many watches one user may have."""
    try:
        return int(Path("/proc/sys/fs/inotify/max_user_watches").read_text())
    except (OSError, ValueError):
        return 8192
