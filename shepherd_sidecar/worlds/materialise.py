"""A new folder that holds a tree.

Layer: worlds. Either the whole folder stands or nothing does: it is built beside its place
under another name and renamed; what a crash leaves of it is told from what somebody is just
building by a lock.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from shepherd_sidecar.errors import StoreFull
from shepherd_sidecar.worlds.reach import FOLDER, remove_all

STANDING = "standing"
"""In the folder of the worlds: what drivers keep at hand to make worlds from. Never a world."""
_KEEPER = "keeper."
"""How the names of the keeper's own files begin."""
_BUILDING = ".building-"

Begin = Callable[[str, int], int]
"""Makes a folder under a name in an open folder, and gives it open and ``locked``."""


@contextlib.contextmanager
def staged(
    at: Path,
    begin: Begin | None = None,
    remove: Callable[[str, int], None] = remove_all,
) -> Iterator[int]:
    """A folder, open, that stands at ``at`` when the block ends well, and nowhere otherwise.

    Args:
        at: must not exist; the folders above it are made.
        begin: makes the folder; an empty one if not given.
        remove: removes what it made.

    Raises:
        FileExistsError: something stands at ``at``.
        StoreFull: also for the disk's refusals in the block.
    """
    beside = f".{at.name}{_BUILDING}{secrets.token_hex(8)}"
    try:
        at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        parent = os.open(at.parent.resolve(), FOLDER)
        try:
            fd = (begin or _empty_folder)(beside, parent)
            try:
                try:
                    yield fd
                    os.fchmod(fd, 0o755)
                    _rename_new(beside, at.name, parent)
                finally:
                    os.close(fd)
            except BaseException:
                with contextlib.suppress(OSError):
                    remove(beside, parent)
                raise
        finally:
            os.close(parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"no space to make a world in {at.parent}") from error
        raise


def clean_folder(
    folder: Path, living: Iterable[Path], remove: Callable[[str, int], None] = remove_all
) -> list[Path]:
    """Remove everything in ``folder`` but ``living``, what stands by and what is being built.

    What somebody is just taking (they hold it ``locked``) is theirs; what is being removed nobody
    takes. What cannot be removed (something is mounted in it) stays, and is no reason to stop.
    """
    keep = {os.fspath(path.absolute()) for path in living}
    removed = []
    try:
        fd = os.open(folder.resolve(), FOLDER)
    except FileNotFoundError:
        return []
    try:
        for name in sorted(os.listdir(fd)):
            path = folder.absolute() / name
            if name == STANDING or name.startswith(_KEEPER):
                continue
            if os.fspath(path) in keep:
                continue
            with contextlib.ExitStack() as held:
                try:
                    held.callback(os.close, locked(name, fd))
                except BlockingIOError:
                    continue
                except OSError:
                    pass  # no folder, or gone, or closed
                with contextlib.suppress(OSError):
                    remove(name, fd)
                    removed.append(path)
    finally:
        os.close(fd)
    return removed


def locked(name: str | Path, parent: int | None = None) -> int:
    """Open a folder with the lock that tells who clears away that somebody is at work in it.

    Raises:
        BlockingIOError: somebody else is.
    """
    fd = os.open(name, FOLDER, dir_fd=parent)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _empty_folder(name: str, parent: int) -> int:
    os.mkdir(name, 0o700, dir_fd=parent)
    return locked(name, parent)


def _rename_new(source: str, name: str, parent: int) -> None:
    """Rename a folder to a name that is free; an empty folder there counts as not free."""
    try:
        os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(source, name, src_dir_fd=parent, dst_dir_fd=parent)
        return
    raise FileExistsError(errno.EEXIST, "a world would be made over something", name)
