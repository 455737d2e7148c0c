"""Subvolumes of btrfs by the kernel's own calls: made, snapshot, destroyed.

Layer: worlds. Knows the kernel, nothing of worlds.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import struct
from typing import Final

from shepherd_sidecar.worlds.materialise import locked
from shepherd_sidecar.worlds.reach import lstat, refuse_mounts, remove_all

_CREATE_V2: Final = 0x50009418
_SNAP_CREATE_V2: Final = 0x50009417
_SNAP_DESTROY: Final = 0x5000940F
_ARGS: Final = struct.Struct("=q4088s")
"""``btrfs_ioctl_vol_args``: a descriptor and a name."""
_ARGS_V2: Final = struct.Struct("=qQQ32x4040s")
"""``btrfs_ioctl_vol_args_v2``: a descriptor, a transaction, flags, unused, a name."""
_ROOT_INODE: Final = 256
"""Of every subvolume's own folder."""


def create(name: str, parent: int) -> int:
    """A new empty subvolume in an open folder; it comes open and ``locked``.

    Raises:
        OSError: ENOTTY where the file system is another.
    """
    _ioctl(parent, _CREATE_V2, _ARGS_V2.pack(0, 0, 0, os.fsencode(name)))
    return _opened(name, parent)


def snapshot(source: int, name: str, parent: int) -> int:
    """A writable snapshot of the subvolume open at ``source``; it comes open and ``locked``."""
    _ioctl(parent, _SNAP_CREATE_V2, _ARGS_V2.pack(source, 0, 0, os.fsencode(name)))
    return _opened(name, parent)


def remove(name: str, parent: int) -> None:
    """Remove a subvolume, or anything else, and all below it.

    Raises:
        OSError: as for ``remove_all``.
    """
    refuse_mounts(name, parent)
    found = lstat(name, parent)
    if found is None:
        return
    if stat.S_ISDIR(found.st_mode) and found.st_ino == _ROOT_INODE:
        # Refused to who is not root (but for user_subvol_rm_allowed), and while another
        # subvolume lies inside: then it is emptied like any folder.
        with contextlib.suppress(OSError):
            _ioctl(parent, _SNAP_DESTROY, _ARGS.pack(0, os.fsencode(name)))
            return
    remove_all(name, parent)


def may_be_made(folder: int) -> str | None:
    """Why no subvolume can be made in an open folder; None when one can."""
    name = f".probe-{os.getpid()}"
    try:
        fd = create(name, folder)
    except OSError as error:
        if error.errno in (errno.ENOTTY, errno.EOPNOTSUPP):
            return "its file system is not btrfs"
        return f"no subvolume can be made: {error.strerror}"
    try:
        os.close(snapshot(fd, name + "-2", folder))
    except OSError as error:
        return f"no snapshot of a subvolume can be made: {error.strerror}"
    finally:
        os.close(fd)
        for left in (name, name + "-2"):
            remove(left, folder)
    return None


def _ioctl(fd: int, request: int, argument: bytes) -> None:
    fcntl.ioctl(fd, request, bytearray(argument))  # Python takes no bytes of this length


def _opened(name: str, parent: int) -> int:
    try:
        return locked(name, parent)
    except BaseException:
        remove(name, parent)
        raise
