"""What stands at a path, compared with what a tree says.

Layer: worlds. Restore asks this before it touches anything, and once more just before each
write: what no snapshot holds is never overwritten.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from typing import Literal

from shepherd_sidecar.trace.ids import hasher
from shepherd_sidecar.trace.tree_diff import TreeChange
from shepherd_sidecar.trace.trees import Dir, Entry, File, Link, join_paths
from shepherd_sidecar.worlds.reach import Reach, lstat
from shepherd_sidecar.worlds.scan import special_kind
from shepherd_sidecar.worlds.stat_cache import Folder, is_same

Standing = Literal["nothing", "before", "after", "other"]
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_CHUNK = 1 << 20


class Blocked(Exception):
    """The way to a path leads through a link, or a file stands where a folder should."""


def reach_folder(reach: Reach, names: Sequence[bytes]) -> int | None:
    """The open folder, or None when it (or one on the way) is not there."""
    try:
        return reach.folder(names)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            raise Blocked from error
        raise


def replaced_folders(changes: Iterable[TreeChange]) -> frozenset[bytes]:
    """Paths that become a folder, or cease to be one, by being something else.

    That a way leads through one of them and cannot be gone only means that the change was not
    made yet, or was made already: what lies below is not there, and nothing is in the way.
    """
    return frozenset(
        change.path
        for change in changes
        if change.kind == "kind" and Dir in (type(change.before), type(change.after))
    )


def lies_below(names: Sequence[bytes], folders: frozenset[bytes]) -> bool:
    """Whether the path lies below one of the folders."""
    if not folders:
        return False
    return any(join_paths(names[:length]) in folders for length in range(1, len(names)))


def standing(
    dir_fd: int, name: bytes, before: Entry | None, after: Entry | None, known: Folder | None
) -> Standing:
    """Which of the two entries stands at a name (``before`` is asked first).

    ``known``: what the stat cache knows of the folder; a file it vouches for is not read.
    """
    found = lstat(name, dir_fd)
    if found is None:
        return "nothing"
    if before is not None and _is(dir_fd, name, found, before, known):
        return "before"
    if after is not None and _is(dir_fd, name, found, after, None):
        return "after"
    return "other"


def word_for(dir_fd: int, name: bytes, known: Folder | None) -> str:
    """Why something that stands in the way is in no snapshot."""
    if known is not None:
        text = os.fsdecode(name)
        why = known.left_out.get(text) or known.left_out.get(text + "/")
        if why is not None:
            return why
    found = lstat(name, dir_fd)
    if found is not None and not (
        stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode) or stat.S_ISLNK(found.st_mode)
    ):
        return special_kind(found.st_mode)
    return "changedSince"


class Ways:
    """Where paths lie; what was found of a folder serves for the next path in it."""

    def __init__(self, known: Folder | None) -> None:
        self._known = known
        self._at = b""
        self._found: tuple[list[bytes], Folder | None] = ([], known)

    def to(self, path: bytes) -> tuple[list[bytes], Folder | None, bytes]:
        """The names of a path's folder, what the stat cache knows of that, and the name in it."""
        at, _, name = path.rpartition(b"/")
        if at != self._at:
            names = at.split(b"/") if at else []
            self._at, self._found = at, (names, known_folder(self._known, names))
        return *self._found, name


def known_folder(root: Folder | None, names: Sequence[bytes]) -> Folder | None:
    """What the stat cache knows of a folder."""
    for name in names:
        if root is None:
            return None
        root = root.folders.get(os.fsdecode(name))
    return root


def _is(
    dir_fd: int, name: bytes, found: os.stat_result, entry: Entry, known: Folder | None
) -> bool:
    if isinstance(entry, Dir):
        return stat.S_ISDIR(found.st_mode)
    if isinstance(entry, Link):
        return stat.S_ISLNK(found.st_mode) and os.readlink(name, dir_fd=dir_fd) == entry.target
    if not stat.S_ISREG(found.st_mode) or found.st_size != entry.size:
        return False
    record = known.files.get(os.fsdecode(name)) if known is not None else None
    if record is not None and is_same(record, found) and record[5] == entry:
        return True
    return stat.S_IMODE(found.st_mode) == entry.mode and _has_content(dir_fd, name, entry)


def _has_content(dir_fd: int, name: bytes, entry: File) -> bool:
    try:
        fd = os.open(name, _READ, dir_fd=dir_fd)
    except OSError:
        return False
    try:
        sum_of = hasher("blob")
        while chunk := os.read(fd, _CHUNK):
            sum_of.update(chunk)
    finally:
        os.close(fd)
    return sum_of.hexdigest() == entry.blob
