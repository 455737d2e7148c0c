"""What the keeper does in a process's folder: its exit code written down, its output bounded.

Layer: worlds. The keeper imports this: nothing heavy. A stream's file keeps its length and the
offsets in it; what is older than the newest part is given back to the disk as a hole.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from typing import Final

FOLDER: Final = "processes"
"""The store's folder of processes, beside that of worlds."""
EXIT: Final = struct.Struct("=i")
STREAMS: Final = ("stdout", "stderr")
KEPT: Final = 8 << 20
"""Bytes of each stream that stay, at least."""
_SLACK: Final = 4 << 20
_PUNCH: Final = 0x01 | 0x02  # keep the size
_BLOCK: Final = 4096

_libc = ctypes.CDLL(None, use_errno=True)


def kept_from(size: int) -> int:
    """The first byte of a stream of this size that is sure to be there."""
    return 0 if size <= KEPT + _SLACK else (size - KEPT) // _BLOCK * _BLOCK


def bound(folder: str, key: str) -> None:
    """Give the older parts of a process's output back to the disk."""
    for stream in STREAMS:
        with contextlib.suppress(OSError):
            path = os.path.join(folder, key, stream)
            found = os.stat(path)
            first = kept_from(found.st_size)
            if first and found.st_blocks * 512 > KEPT + 2 * _SLACK:
                fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
                try:
                    _libc.fallocate(fd, _PUNCH, ctypes.c_long(0), ctypes.c_long(first))
                finally:
                    os.close(fd)


def write_exit(folder: str, key: str, status: int) -> None:
    """Write down with what a process ended, unless that was done.

    Args:
        folder: the store's folder of processes.
        key: its id; without a folder of this name nothing is written.
        status: the file in which its pid 1 left the exit code; empty when it was killed.
    """
    code = os.pread(status, EXIT.size, 0)
    with contextlib.suppress(OSError):
        path = os.path.join(folder, key, "exit")
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(fd).st_size != EXIT.size:
                os.pwrite(fd, code if len(code) == EXIT.size else EXIT.pack(-9), 0)
        finally:
            os.close(fd)
