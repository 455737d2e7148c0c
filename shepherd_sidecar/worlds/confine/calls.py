"""The kernel's calls that confining needs and Python has not.

Layer: worlds. Knows the kernel, nothing of worlds. Everything raises ``OSError`` with the call's
name.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Final

MACHINE: Final = platform.machine()
_OPEN_TREE, _MOVE_MOUNT, _FSOPEN, _FSCONFIG, _FSMOUNT = 428, 429, 430, 431, 432
_OPENAT2, _MOUNT_SETATTR = 437, 442  # these are the same on every architecture
_PIVOT_ROOT: Final = {"x86_64": 155, "aarch64": 41}.get(MACHINE)

AT_FDCWD: Final = -100
_AT_SYMLINK_NOFOLLOW, _AT_EMPTY_PATH, _AT_RECURSIVE = 0x100, 0x1000, 0x8000
_CLOEXEC: Final = os.O_CLOEXEC
_FROM_EMPTY, _TO_EMPTY = 0x4, 0x40
_SET_FLAG, _SET_STRING, _CMD_CREATE = 0, 1, 6
_MNT_DETACH: Final = 0x2

RDONLY, NOSUID, NODEV, NOEXEC = 0x1, 0x2, 0x4, 0x8
"""Attributes of a mount."""
NO_MAGIC, NO_SYMLINKS, BENEATH, IN_ROOT = 0x02, 0x04, 0x08, 0x10
"""How ``open_path`` resolves."""

# PyDLL keeps the interpreter's lock: in a fork there is no other thread to give it back.
_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def syscall(what: str, number: int | None, *arguments: object) -> int:
    """Call the kernel. Raises OSError."""
    if number is None:
        raise OSError(38, f"{what}: its number on {MACHINE} is not known")
    result: int = _libc.syscall(number, *arguments)
    if result < 0:
        _raise(what)
    return result


def open_path(path: str, resolve: int = 0, at: int = AT_FDCWD) -> int:
    """A descriptor that only names the file at ``path``; links are followed as ``resolve`` says."""
    how = struct.pack("=QQQ", os.O_PATH | os.O_CLOEXEC, 0, resolve)
    return syscall(f"openat2 {path}", _OPENAT2, at, os.fsencode(path), how, len(how))


def clone_mount(fd: int) -> int:
    """A mount of its own, in no place yet, of the tree of mounts at what ``fd`` names."""
    flags = 1 | _CLOEXEC | _AT_EMPTY_PATH | _AT_RECURSIVE
    return syscall("open_tree", _OPEN_TREE, fd, b"", flags)


def set_mount(fd: int, attributes: int, *, recursive: bool = True) -> None:
    """Give a mount (and with ``recursive`` all below it) further attributes."""
    flags = _AT_EMPTY_PATH | (_AT_RECURSIVE if recursive else 0)
    data = struct.pack("=QQQQ", attributes, 0, 0, 0)
    syscall("mount_setattr", _MOUNT_SETATTR, fd, b"", flags, data, len(data))


def new_mount(kind: bytes, attributes: int, **options: str) -> int:
    """A mount of a new file system, in no place yet."""
    name = kind.decode()
    context = syscall(f"fsopen {name}", _FSOPEN, kind, 1)
    try:
        for key, value in options.items():
            named = key.encode()
            if value:
                syscall(f"{name} {key}", _FSCONFIG, context, _SET_STRING, named, value.encode(), 0)
            else:
                syscall(f"{name} {key}", _FSCONFIG, context, _SET_FLAG, named, None, 0)
        syscall(f"make {name}", _FSCONFIG, context, _CMD_CREATE, None, None, 0)
        return syscall(f"mount {name}", _FSMOUNT, context, 1, attributes)
    finally:
        os.close(context)


def place_mount(mount: int, at: int | str) -> None:
    """Put a mount in its place: a path, or what a descriptor names."""
    where, path, flags = (at, b"", _TO_EMPTY) if isinstance(at, int) else (AT_FDCWD, at, 0)
    named = os.fsencode(path)
    syscall("move_mount", _MOVE_MOUNT, mount, b"", where, named, _FROM_EMPTY | flags)


def change_root(root: int) -> None:
    """Make what ``root`` names the root, and let go of everything that was seen before."""
    os.fchdir(root)
    syscall("pivot_root", _PIVOT_ROOT, b".", b".")
    if _libc.umount2(b".", _MNT_DETACH) < 0:
        _raise("umount the old root")
    os.chdir("/")


def set_process(what: int, value: int) -> None:
    """Set an attribute of this process (prctl)."""
    if _libc.prctl(what, value, 0, 0, 0) < 0:
        _raise(f"prctl {what}")


def _raise(what: str) -> None:
    code = ctypes.get_errno()
    raise OSError(code, f"{what}: {os.strerror(code)}")
