"""Overlay mounts by the kernel's own calls: made, taken away, listed.

Layer: worlds. Knows the kernel, nothing of worlds. A mount is made by one call where its options
fit into a page. Else, and to hear what the kernel says about a failure, it is made whole by
``fsopen`` … ``fsmount`` and only then put in its place; a failure leaves nothing mounted. Kernels
before 6.7 (no ``lowerdir+``) get the same by mount(2).

Without root everything here works inside a user and mount namespace of one's own, with
``userxattr``.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

_FSOPEN, _FSCONFIG, _FSMOUNT, _MOVE_MOUNT = 430, 431, 432, 429  # the same on every architecture
_CLOEXEC: Final = 1
_SET_FLAG, _SET_STRING, _CMD_CREATE = 0, 1, 6
_ATTR_NOSUID, _ATTR_NODEV = 0x2, 0x4
_F_EMPTY_PATH: Final = 0x4
_AT_FDCWD: Final = -100
_MS_NOSUID, _MS_NODEV = 0x2, 0x4
_MNT_DETACH, _UMOUNT_NOFOLLOW = 0x2, 0x8

MOST_LOWERS: Final = 500
"""Lower folders that the kernel takes in one mount."""
_PAGE: Final = 4096
"""Bytes of options that mount(2) takes."""
_LONGEST: Final = 255
"""Bytes that ``fsconfig`` takes as a string."""
_PLAIN: Final = re.compile(rb"[^\\:,]*")
_FIXED: Final = ((b"index", b"off"), (b"metacopy", b"off"))
"""Off, whatever the system's default: a layer must mean the same in every mount."""
_ODD: Final = re.compile(rb"[\\\s#]")
"""What mountinfo writes in octal."""
_OCTAL: Final = re.compile(rb"\\([0-7]{3})")

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long
_umount2 = _libc.umount2
_mount = _libc.mount


class MountFailed(OSError):
    """The kernel refused a mount; ``strerror`` says why in its words as far as it gave any."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo."""

    at: bytes
    """Where it is."""
    kind: str
    """File system, e.g. ``overlay``."""
    options: str
    """Options of the mount and of the file system, with ``,`` between them."""


def mount_overlay(
    at: bytes,
    lowers: Sequence[bytes],
    upper: bytes,
    work: bytes,
    *,
    userxattr: bool,
    volatile: bool = True,
) -> None:
    """Mount ``lowers`` (the top first) and a writable ``upper`` at the folder ``at``.

    Args:
        at: an existing folder, absolute.
        lowers: existing folders, absolute; none may change while the mount stands.
        upper: an existing folder that no other mount uses.
        work: an empty folder on the file system of ``upper``; a volatile mount never takes one
            that was used before.
        userxattr: keep whiteouts and the like in ``user.`` attributes, for who is not root.
        volatile: never wait for the disk; after a crash of the system the upper is lost.

    Raises:
        MountFailed: nothing is mounted.
    """
    flags = [b"volatile"] * volatile + [b"userxattr"] * userxattr
    fixed = [*_FIXED, (b"redirect_dir", b"nofollow" if userxattr else b"on")]
    if _mounted_at_once(at, lowers, upper, work, fixed, flags):
        return
    with ExitStack() as opened:
        context = _fsopen(opened)
        if context is not None and _configured(context, lowers, upper, work, fixed, flags, opened):
            mounted = _syscall(
                _FSMOUNT, context, _CLOEXEC, ctypes.c_uint(_ATTR_NOSUID | _ATTR_NODEV)
            )
            if mounted < 0:
                raise _refused(context, at)
            opened.callback(os.close, mounted)
            if _syscall(_MOVE_MOUNT, mounted, b"", _AT_FDCWD, at, _F_EMPTY_PATH) < 0:
                raise _refused(None, at)
            return
        _mount_by_page(at, lowers, upper, work, fixed, flags, opened)


def unmount(at: bytes, *, busy_too: bool = False) -> bool:
    """Take away the mount at ``at``; whether nothing is mounted there any more.

    False: a process has a file, its folder or a mount of its own in there. With ``busy_too``
    it is taken out of sight even so, and ends when the last of these lets go.

    Raises:
        MountFailed: the kernel refuses (no right to).
    """
    if _umount2(at, _UMOUNT_NOFOLLOW | (_MNT_DETACH if busy_too else 0)) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOENT):
        return True  # nothing is mounted there
    if code == errno.EBUSY:
        return False
    raise MountFailed(code, os.strerror(code), os.fsdecode(at))


def is_mounted(at: bytes) -> bool:
    """Whether something (with a device of its own, as every overlay has) is mounted there."""
    try:
        return os.lstat(at).st_dev != os.lstat(at.rstrip(b"/").rpartition(b"/")[0] or b"/").st_dev
    except (FileNotFoundError, NotADirectoryError):
        return False


def all_mounts(below: bytes = b"/", process: int | str = "self") -> Iterator[Mount]:
    """The mounts that a process sees at or below a folder, the last mounted last."""
    inside = below.rstrip(b"/") + b"/"
    spelled = b"" if _ODD.search(inside) else inside[:-1]
    with open(f"/proc/{process}/mountinfo", "rb") as lines:
        for line in lines:
            if spelled not in line:
                continue  # nearly every line, and taking one apart is dear
            words = line.split()
            at = _OCTAL.sub(lambda code: bytes([int(code[1], 8)]), words[4])
            if (at + b"/").startswith(inside):
                rest = words.index(b"-", 6)
                options = words[5] + b"," + words[rest + 3]
                yield Mount(at, os.fsdecode(words[rest + 1]), os.fsdecode(options))


def mounted_below(folder: int) -> frozenset[str]:
    """Relative paths of what is mounted below an open folder, not at it."""
    root = os.readlink(b"/proc/self/fd/%d" % folder)
    inside = root.rstrip(b"/") + b"/"
    data = b""
    fd = os.open("/proc/self/mountinfo", os.O_RDONLY | os.O_CLOEXEC)
    try:
        while part := os.read(fd, 1 << 16):
            data += part
    finally:
        os.close(fd)
    # Seldom looked into: nearly always there is nothing.
    if _ODD.search(root) is None and inside not in data:
        return frozenset()
    return frozenset(os.fsdecode(m.at[len(inside) :]) for m in all_mounts(root) if m.at != root)


def _fsopen(opened: ExitStack) -> int | None:
    """A new overlay, not yet configured; None when the kernel has no such call."""
    context: int = _syscall(_FSOPEN, b"overlay", _CLOEXEC)
    if context < 0:
        code = ctypes.get_errno()
        if code == errno.ENOSYS:
            return None
        why = "the kernel has no overlay" if code == errno.ENODEV else os.strerror(code)
        raise MountFailed(code, why)
    opened.callback(os.close, context)
    return context


def _configured(
    context: int,
    lowers: Sequence[bytes],
    upper: bytes,
    work: bytes,
    fixed: Sequence[tuple[bytes, bytes]],
    flags: Sequence[bytes],
    opened: ExitStack,
) -> bool:
    """Give the options; False when the kernel does not know ``lowerdir+``."""
    for count, lower in enumerate(lowers):
        if _config(context, _SET_STRING, b"lowerdir+", _spelled(lower, opened)) < 0:
            if count == 0 and ctypes.get_errno() == errno.EINVAL and os.path.isdir(lower):
                return False
            raise _refused(context, lower)
    paths = ((b"upperdir", _spelled(upper, opened)), (b"workdir", _spelled(work, opened)))
    for key, value in (*paths, *fixed):
        if _config(context, _SET_STRING, key, value) < 0:
            raise _refused(context, value)
    for flag in flags:
        if _config(context, _SET_FLAG, flag, None) < 0:
            raise _refused(context, flag)
    if _config(context, _CMD_CREATE, None, None) < 0:
        raise _refused(context, upper)
    return True


def _config(context: int, command: int, key: bytes | None, value: bytes | None) -> int:
    result: int = _syscall(_FSCONFIG, context, command, key, value, 0)
    return result


def _spelled(path: bytes, opened: ExitStack) -> bytes:
    """The path, or when that is too long or odd for an option another way to the folder."""
    if len(path) <= _LONGEST and _PLAIN.fullmatch(path):
        return path
    return _by_descriptor(path, opened)


def _by_descriptor(path: bytes, opened: ExitStack) -> bytes:
    try:
        fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise MountFailed(error.errno, error.strerror, os.fsdecode(path)) from None
    opened.callback(os.close, fd)
    return b"/proc/self/fd/%d" % fd


def _mounted_at_once(
    at: bytes,
    lowers: Sequence[bytes],
    upper: bytes,
    work: bytes,
    fixed: Sequence[tuple[bytes, bytes]],
    flags: Sequence[bytes],
) -> bool:
    """One call where all options fit into it; a third of the time of a call for each.

    False: they do not, or the kernel refused, which it gives no reason for here.
    """
    if not all(map(_PLAIN.fullmatch, (*lowers, upper, work))):
        return False
    return _by_page(at, b":".join(lowers), (upper, work), fixed, flags) == 0


def _by_page(
    at: bytes,
    layers: bytes,
    above: tuple[bytes, bytes],
    fixed: Sequence[tuple[bytes, bytes]],
    flags: Sequence[bytes],
) -> int:
    """mount(2), whose options must fit into a page; the number of the error, or 0."""
    pairs = ((b"lowerdir", layers), (b"upperdir", above[0]), (b"workdir", above[1]), *fixed)
    options = b",".join([*(b"%b=%b" % pair for pair in pairs), *flags])
    if len(options) >= _PAGE:
        return errno.E2BIG
    flagged = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    return 0 if _mount(b"overlay", at, b"overlay", flagged, options) == 0 else ctypes.get_errno()


def _mount_by_page(
    at: bytes,
    lowers: Sequence[bytes],
    upper: bytes,
    work: bytes,
    fixed: Sequence[tuple[bytes, bytes]],
    flags: Sequence[bytes],
    opened: ExitStack,
) -> None:
    """The same by mount(2), with descriptors for paths."""
    layers = b":".join(_by_descriptor(lower, opened) for lower in lowers)
    above = _by_descriptor(upper, opened), _by_descriptor(work, opened)
    code = _by_page(at, layers, above, fixed, flags)
    if code == errno.E2BIG:
        raise MountFailed(code, f"this kernel takes no {len(lowers)} layers in one mount")
    if code:
        raise MountFailed(code, os.strerror(code), os.fsdecode(at))


def _refused(context: int | None, about: bytes) -> MountFailed:
    """The error of the last call, with what the kernel says of it."""
    code = ctypes.get_errno()
    said = []
    while context is not None:
        try:
            message = os.read(context, 1024)
        except OSError:
            break
        if message[:2] == b"e ":
            said.append(message[2:].decode("utf-8", "replace").strip())
    why = "; ".join(said) or os.strerror(code)
    return MountFailed(code, why, os.fsdecode(about))
