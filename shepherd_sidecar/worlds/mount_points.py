"""What is mounted below a folder: the one change to a workspace that no watch tells of.

Layer: worlds.
"""

from __future__ import annotations

import os
import re
import select

_ESCAPE = re.compile(rb"\\([0-7]{3})")


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
