"""Landlock: what a process may do with files, held by the kernel beside mounts and modes.

Layer: worlds. It is the second wall behind the view, and the only one where no namespaces can
be made. Keeps: what the kernel's version of it has is used, what it lacks is said.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable, Sequence
from typing import Final

from shepherd_sidecar.worlds.confine import calls

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_FIRST: Final = (1 << 13) - 1
"""The rights of the first version."""
_OF_FILES: Final = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL
_TCP: Final = 0b11
_SCOPES: Final = 0b11
"""Abstract sockets and signals stay within the sandbox."""

READ: Final = EXECUTE | READ_FILE | READ_DIR
"""Looking and running."""
DEVICE: Final = READ_FILE | WRITE_FILE | READ_DIR | _IOCTL | _TRUNCATE
"""Using terminals and the like."""
ALL: Final = _FIRST | _REFER | _TRUNCATE | _IOCTL


def version() -> int:
    """The version that the kernel has; 0: none, or it is switched off."""
    try:
        return calls.syscall("landlock", _CREATE, None, 0, _VERSION)
    except OSError:
        return 0


class Rules:
    """What a process may do with files, as far as it is known; it holds nobody yet.

    Args:
        rights: paths, and what may be done at and below each; one that is not there is left out.
        tcp: whether TCP connections may be made and taken.
        version: what ``version()`` gave, not 0.
        scoped: whether abstract sockets and signals are held too. What a namespace of its own
            holds already may be left to that: a checkpoint is told of by an abstract socket.

    Raises:
        OSError: there are none.
    """

    def __init__(
        self, rights: Iterable[tuple[str, int]], *, tcp: bool, version: int, scoped: bool = True
    ) -> None:
        self._handled = _FIRST
        for at_least, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL)):
            self._handled |= right if version >= at_least else 0
        net = _TCP if version >= 4 and not tcp else 0
        scopes = _SCOPES if version >= 6 and scoped else 0
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        attributes = struct.pack("=QQQ", self._handled, net, scopes)
        self._fd = calls.syscall("landlock", _CREATE, attributes, size, 0)
        self.allow(rights)

    def allow(self, rights: Iterable[tuple[str, int]]) -> None:
        """Give further rights. Raises OSError."""
        for path, allowed in rights:
            _allow(self._fd, path, allowed & self._handled)

    def hold(self) -> None:
        """Hold this process and all its children; there is no way back. Raises OSError."""
        try:
            calls.syscall("landlock", _RESTRICT, self._fd, 0)
        finally:
            os.close(self._fd)


def lacks(version: int, *, isolated: Sequence[str]) -> list[tuple[str, str]]:
    """What this version cannot hold that nothing else (the namespaces ``isolated``) does."""
    if version == 0:
        return [("landlock", "the kernel has none, or it is switched off")]
    missing = []
    if version < 3 and "mnt" not in isolated:
        missing.append(("truncate", "the kernel's Landlock is older than version 3"))
    if version < 6 and "net" not in isolated:
        why = "the kernel's Landlock is older than version 6"
        missing.append(("abstractSockets", f"on the host's network, and {why}"))
    return missing


def _allow(rules: int, path: str, allowed: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            allowed &= _OF_FILES
        calls.syscall("landlock", _ADD, rules, _PATH_BENEATH, struct.pack("=Qi", allowed, fd), 0)
    finally:
        os.close(fd)
