"""Reaching folders below a root so that no symbolic link can lead outside.

Layer: worlds. Every step is opened by name from the folder before it, as a folder, without
following a link (openat with O_DIRECTORY and O_NOFOLLOW). A link swapped in at any moment
makes the step fail; it is never walked through. ``..`` is never a name here.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Sequence

from shepherd_sidecar.worlds.mounts import all_mounts

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""Flags that open a folder and nothing else."""
_DEPTH = 100
_SUBVOLUME = 256
"""Inode of a btrfs subvolume's own folder: another device, and yet no mount."""


class Reach:
    """Open folders below one root; those on the way to the last one asked for stay open.

    Asking in the order of a walk costs about one open a folder.
    """

    def __init__(self, root: str | os.PathLike[str] | int) -> None:
        self.root = os.dup(root) if isinstance(root, int) else os.open(root, FOLDER)
        self._way: list[tuple[bytes, int]] = []
        self._last: Sequence[bytes] | None = None
        """The folder that is open now, as it was asked for."""

    def folder(self, names: Sequence[bytes]) -> int:
        """The descriptor of a folder, valid until the next call.

        Raises:
            OSError: ENOENT, ENOTDIR or ELOOP when a step is no folder (or a link).
        """
        if names == self._last:
            return self._way[-1][1] if self._way else self.root
        self._last = None
        shared = 0
        for (name, _), asked in zip(self._way, names, strict=False):
            if name != asked:
                break
            shared += 1
        self._close_to(shared)
        for name in names[shared:]:
            fd = os.open(name, FOLDER, dir_fd=self._way[-1][1] if self._way else self.root)
            self._way.append((name, fd))
        self._last = list(names)
        return self._way[-1][1] if self._way else self.root

    def forget(self) -> None:
        """Close all but the root: after a folder was replaced."""
        self._close_to(0)

    def close(self) -> None:
        """Close everything."""
        self._close_to(0)
        os.close(self.root)

    def __enter__(self) -> Reach:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _close_to(self, length: int) -> None:
        self._last = None
        while len(self._way) > length:
            os.close(self._way.pop()[1])


def lstat(name: bytes | str, dir_fd: int) -> os.stat_result | None:
    """The status of a name in a folder, or None when nothing is there."""
    try:
        return os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except FileNotFoundError:
        return None


def set_mode(name: bytes, mode: int, dir_fd: int) -> None:
    """Change a mode in a way that cannot be led through a link, also on what may not be read."""
    fd = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=dir_fd)
    try:
        found = os.fstat(fd).st_mode
        if stat.S_ISLNK(found):
            raise OSError(errno.ELOOP, "a link stands here", os.fsdecode(name))
        if stat.S_IMODE(found) != mode:
            os.chmod(f"/proc/self/fd/{fd}", mode)
    finally:
        os.close(fd)


def refuse_mounts(name: bytes | str, dir_fd: int) -> None:
    """Raise OSError (EBUSY) when something is mounted at or below a name."""
    at = os.path.join(os.readlink(b"/proc/self/fd/%d" % dir_fd), os.fsencode(name))
    # A bind mount of the same file system has the same device: only the kernel's list tells.
    for mount in all_mounts(at):
        raise OSError(errno.EBUSY, "something is mounted here", os.fsdecode(mount.at))


def remove_all(name: bytes | str, dir_fd: int) -> None:
    """Remove a name and all below it, never through a link or into another mount.

    Raises:
        OSError: when something could not be removed; EBUSY, before anything is, when
            something is mounted at or below the name.
    """
    lifted = [os.fsencode(name)]
    refuse_mounts(name, dir_fd)
    while lifted:
        _remove(lifted.pop(), dir_fd, 0, dir_fd, lifted)


def _remove(name: bytes, dir_fd: int, depth: int, top: int, lifted: list[bytes]) -> None:
    found = lstat(name, dir_fd)
    if found is None:
        return
    if not stat.S_ISDIR(found.st_mode):
        os.unlink(name, dir_fd=dir_fd)
        return
    if stat.S_IMODE(found.st_mode) & stat.S_IRWXU != stat.S_IRWXU:
        set_mode(name, 0o700, dir_fd)  # closed by its captured mode
    if depth > _DEPTH:
        # Neither the stack nor the descriptors last for any depth: go on from the top.
        high = b".removing-" + secrets.token_hex(8).encode()
        os.rename(name, high, src_dir_fd=dir_fd, dst_dir_fd=top)
        lifted.append(high)
        return
    fd = os.open(name, FOLDER, dir_fd=dir_fd)
    try:
        here = os.fstat(fd)
        if here.st_dev != os.fstat(dir_fd).st_dev and here.st_ino != _SUBVOLUME:
            raise OSError(errno.EBUSY, "something is mounted here", os.fsdecode(name))
        for inner in os.listdir(fd):
            _remove(os.fsencode(inner), fd, depth + 1, top, lifted)
    finally:
        os.close(fd)
    os.rmdir(name, dir_fd=dir_fd)
