"""What is mounted below a folder: the one change to a workspace that no watch tells of.

Layer: worlds.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import select
import struct
from typing import Final

_ESCAPE = re.compile(rb"\\([0-7]{3})")
_STATX: Final = {"x86_64": 332, "aarch64": 291}.get(platform.machine())
_LISTMOUNT: Final = 458  # the same on every architecture
_AT_FDCWD, _AT_SYMLINK_NOFOLLOW = -100, 0x100
_STATX_SIZE, _MNT_ID_AT = 256, 144
_MNT_ID_UNIQUE: Final = 0x4000
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def mounted_in(mount: bytes) -> bool | None:
    """Whether something is mounted in the mount at a path.

    None: the kernel does not say (before 6.8, or it is kept from saying), or does not show this
    process that mount. Takes as long however many mounts there are; to read the list of all of
    them takes milliseconds where there are many worlds.
    """
    about = ctypes.create_string_buffer(_STATX_SIZE)
    if _STATX is None or (
        _libc.syscall(_STATX, _AT_FDCWD, mount, _AT_SYMLINK_NOFOLLOW, _MNT_ID_UNIQUE, about) < 0
    ):
        return None
    (told,) = struct.unpack_from("=I", about)
    (number,) = struct.unpack_from("=Q", about, _MNT_ID_AT)
    if not told & _MNT_ID_UNIQUE:
        return None
    asked = struct.pack("=IIQQ", 24, 0, number, 0)
    found = _libc.syscall(_LISTMOUNT, asked, (ctypes.c_uint64 * 1)(), 1, 0)
    return None if found < 0 else bool(found)


class MountPoints:
    """The mounts that this process sees, read again only when the kernel says they changed."""

    def __init__(self) -> None:
        self._fd = os.open("/proc/self/mountinfo", os.O_RDONLY | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLPRI)
        self._lines = self._read()

    def changed(self) -> bool:
        """Whether something was mounted or unmounted anywhere since the last call."""
        if not self._poll.poll(0):
            return False
        self._lines = self._read()
        return True

    def below(self, folder: bytes) -> frozenset[bytes]:
        """What names the mounts below a folder (an absolute path without links)."""
        start = folder.rstrip(b"/") + b"/"
        return frozenset(line for point, line in self._lines if point.startswith(start))

    def any_below(self, folder: bytes) -> bool:
        """Whether something is mounted below a folder (as ``below``) now."""
        self.changed()
        start = folder.rstrip(b"/") + b"/"
        return any(point.startswith(start) for point, _ in self._lines)

    def close(self) -> None:
        """Let go of the list."""
        os.close(self._fd)

    def _read(self) -> list[tuple[bytes, bytes]]:
        data = b""
        os.lseek(self._fd, 0, os.SEEK_SET)
        while part := os.read(self._fd, 1 << 16):
            data += part
        found = []
        for line in data.splitlines():
            fields = line.split(b" ", 5)
            point = _ESCAPE.sub(lambda match: bytes([int(match[1], 8)]), fields[4])
            found.append((point, b" ".join(fields[:5])))
        return found
