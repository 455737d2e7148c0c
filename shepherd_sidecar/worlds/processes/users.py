"""Numbering the users of a copy's own user namespace.

Layer: worlds. Who is in the namespace above may do so: the keeper, or a sidecar in its stead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import Final

from shepherd_sidecar.worlds import namespaces

_PARENT: Final = 0xB702
"""The request for the namespace above one, as a descriptor."""


def map_users(pid: int, *, whole: bool) -> None:
    """Number the users of a process's own user namespace as those of the one above it.

    That one may be another copy's, and only who is in it may do so: a fork goes there.

    Args:
        pid: which.
        whole: all of them, or only this process's own.

    Raises:
        OSError: it was refused, or the process has ended.
    """
    if map_users_here(pid, whole=whole):
        return
    own_uid, own_gid = os.geteuid(), os.getegid()
    above = _above(pid)
    try:
        writing = os.fork()
        if writing == 0:
            code = 1
            try:
                namespaces.join(above, namespaces.NEW_USER)
                _number(pid, own_uid, own_gid, whole=whole)
                code = 0
            finally:
                os._exit(code)
        if os.waitpid(writing, 0)[1] != 0:
            raise PermissionError(1, "the users of a copy could not be numbered")
    finally:
        os.close(above)


def map_users_here(pid: int, *, whole: bool) -> bool:
    """As ``map_users``, when the namespace above is this process's own; else False."""
    above = _above(pid)
    try:
        ours = os.fstat(above).st_ino == os.stat("/proc/self/ns/user").st_ino
    finally:
        os.close(above)
    if ours:
        _number(pid, os.geteuid(), os.getegid(), whole=whole)
    return ours


def _above(pid: int) -> int:
    """A descriptor of the user namespace above a process's own."""
    own = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return fcntl.ioctl(own, _PARENT)
    finally:
        os.close(own)


def _number(pid: int, uid: int, gid: int, *, whole: bool) -> None:
    if not whole:
        with contextlib.suppress(OSError):
            _write(f"/proc/{pid}/setgroups", "deny")
    for name, user in (("uid_map", uid), ("gid_map", gid)):
        line = "0 0 4294967295" if whole else f"{user} {user} 1"
        _write(f"/proc/{pid}/{name}", line)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
