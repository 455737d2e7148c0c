"""The folder of one overlay world: its upper, and what that lies over.

Layer: worlds. The home never moves and is all there is of a world: any process can mount it
again from this. ``world.json`` names the layers below; ``upper`` is what the world changed;
``work-…`` is the kernel's, new for each mount; the mount is at ``root``.

While an upper becomes a layer (``next`` is set) a crash may come at any point: either the upper
is still here and ``stack`` holds, or it has left and ``next`` does.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from shepherd_sidecar.errors import NoWorld
from shepherd_sidecar.worlds.layer_stack import Stack
from shepherd_sidecar.worlds.layers import boot
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import FOLDER, remove_all
from shepherd_sidecar.worlds.write_file import write_all

RECORD: Final = "world.json"
UPPER: Final = "upper"
ROOT: Final = "root"
CACHE: Final = "upper.stat"
_SHOWN: Final = 0o755
"""Permission bits of a world's root, which no tree holds."""
_WORK: Final = "work-"
_NEW: Final = ".new"
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a home says of its world."""

    stack: Stack
    """What the upper lies over."""
    boot: str
    """When the upper was last certainly whole; it is never synced."""
    next: Stack | None = None
    """What the world lies over once its upper has become a layer."""


def furnish(fd: int, stack: Stack) -> None:
    """Make the content of a new home in an empty folder."""
    _new_upper(fd)
    os.mkdir(ROOT, 0o700, dir_fd=fd)
    _write(fd, RECORD, Record(stack, boot()))


def refurnish(fd: int, stack: Stack) -> None:
    """Give a home whose upper is gone a new one, over ``stack``.

    The record comes first: an empty upper must never lie over what the old one lay over.
    """
    with suppress(FileNotFoundError):
        os.unlink(CACHE, dir_fd=fd)
    write(fd, Record(stack, boot()))
    _new_upper(fd)


def give_up(fd: int, stack: Stack) -> None:
    """Remove the upper of a home, which does not open again before it is refurnished."""
    write(fd, Record(stack, ""))
    remove_all(UPPER, fd)


def has_upper(fd: int, home: Path) -> bool:
    """Whether there is an upper. Raises NoWorld: what has its name leads elsewhere."""
    try:
        os.close(os.open(UPPER, FOLDER, dir_fd=fd))
    except FileNotFoundError:
        return False
    except OSError:
        raise lost(home, "what its upper was is no folder") from None
    return True


def new_work(fd: int, *, again: bool) -> str:
    """An empty work folder; its name. ``again``: in place of that before; nothing is mounted."""
    for name in os.listdir(fd) if again else ():
        if name.startswith(_WORK):
            remove_all(name, fd)
    name = _WORK + secrets.token_hex(4)
    os.mkdir(name, 0o700, dir_fd=fd)
    return name


def write(fd: int, record: Record) -> None:
    """Say what the world is, whole or not at all."""
    beside = f"{RECORD}{_NEW}"
    with suppress(FileNotFoundError):
        os.unlink(beside, dir_fd=fd)
    _write(fd, beside, record)
    os.rename(beside, RECORD, src_dir_fd=fd, dst_dir_fd=fd)


def read(fd: int, home: Path) -> Record:
    """What the home says. Raises NoWorld when that cannot be read."""
    try:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        with open(os.open(RECORD, flags, dir_fd=fd), "rb") as file:
            return msgspec.json.decode(file.read(), type=Record)
    except (OSError, msgspec.DecodeError):
        raise lost(home, "its record is gone or damaged") from None


@contextmanager
def new(home: Path) -> Iterator[int]:
    """A new home, open and locked; it is gone again when the block fails.

    Raises:
        FileExistsError: something stands there.
    """
    os.mkdir(home, 0o700)
    with alone_in(home) as fd:
        yield fd


@contextmanager
def alone_in(home: Path) -> Iterator[int]:
    """The home, open, with nobody else snapshotting, mounting or removing it.

    Raises:
        NoWorld: there is no such home.
    """
    try:
        fd = os.open(home, FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        raise lost(home, "its folder is gone") from None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield fd
    finally:
        os.close(fd)


def is_home(folder: Path) -> bool:
    """Whether the folder is a home, or was about to become one when its maker died."""
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return not names or UPPER in names or RECORD in names


def _new_upper(fd: int) -> None:
    os.mkdir(UPPER, dir_fd=fd)
    os.chmod(UPPER, _SHOWN, dir_fd=fd)  # the umask may have taken something


def _write(fd: int, name: str, record: Record) -> None:
    file = os.open(name, _NEW_FILE, 0o600, dir_fd=fd)
    try:
        write_all(file, msgspec.json.encode(record))
    finally:
        os.close(file)


def lost(home: Path, why: str) -> NoWorld:
    """The error of a world that cannot stand again by itself."""
    shown = printable(os.fsencode(home))
    return NoWorld(
        f"the world in {shown} is lost: {why}",
        hint="its last snapshot is in the store: fork from it, or restore the branch",
        path=shown,
        why=why,
    )
