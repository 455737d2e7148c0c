"""Writing a tree into a new folder.

Layer: worlds. Either the whole folder stands or nothing does: it is built beside its place
under another name and renamed. Content, names, permission bits and links are exact; times are
those of the writing, owners those of this process, since no tree holds either.

What is learned on the way (inode and times of each file) fills the stat cache, so the first
snapshot of the world reads almost nothing.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from shepherd_sidecar.errors import StoreCorrupt, StoreFull
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import BadTree, Dir, File, Link, Tree, parse_tree
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.reach import FOLDER, remove_all
from shepherd_sidecar.worlds.stat_cache import Folder, coarse_now, known, settle_racy
from shepherd_sidecar.worlds.write_file import NEW_FILE, write_content

_BUILDING = ".building-"
_LATER = 1 << 62


def materialise(objects: Objects, tree: Id, at: Path) -> Folder:
    """Write ``tree`` to ``at``, which must not exist; returns what the stat cache may believe.

    Raises:
        FileExistsError: something stands at ``at``.
        BlobMissing, StoreCorrupt, StoreFull, OSError: nothing is left behind.
    """
    at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = f".{at.name}{_BUILDING}{secrets.token_hex(8)}"
    parent = os.open(at.parent.resolve(), FOLDER)
    try:
        os.mkdir(beside, 0o700, dir_fd=parent)
        try:
            fd = os.open(beside, FOLDER, dir_fd=parent)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)  # tells clean() that somebody is at work here
                folder = Folder(0)
                folder.tree = tree
                _fill(objects, tree, fd, folder)
                os.fchmod(fd, 0o755)
                _rename_new(beside, at.name, parent)
            finally:
                os.close(fd)
        except BaseException as error:
            with contextlib.suppress(OSError):
                remove_all(beside, parent)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFull(f"no space to make a world in {at.parent}") from error
            raise
    finally:
        os.close(parent)
    settle_racy(folder, coarse_now())
    return folder


def clean_folder(folder: Path, living: Iterable[Path]) -> list[Path]:
    """Remove everything in ``folder`` but ``living`` and what is just being built."""
    keep = {os.fspath(path.absolute()) for path in living}
    removed = []
    try:
        fd = os.open(folder.resolve(), FOLDER)
    except FileNotFoundError:
        return []
    try:
        for name in sorted(os.listdir(fd)):
            path = folder.absolute() / name
            if os.fspath(path) in keep or _being_built(name, fd):
                continue
            remove_all(name, fd)
            removed.append(path)
    finally:
        os.close(fd)
    return removed


def _fill(objects: Objects, tree: Id, fd: int, folder: Folder) -> None:
    decode = os.fsdecode
    for name, entry in _read_tree(objects, tree).items():
        if isinstance(entry, Dir):
            folder.folders[decode(name)] = _make_folder(objects, name, entry, fd)
            continue
        if isinstance(entry, File):
            # Asking for the final bits at once saves a chmod where the umask allows them.
            file = os.open(name, NEW_FILE, entry.mode & 0o777, dir_fd=fd)
            try:
                if entry.size:
                    write_content(objects, file, entry)
                found = os.fstat(file)
                if stat.S_IMODE(found.st_mode) != entry.mode:
                    os.fchmod(file, entry.mode)
                    found = os.fstat(file)
            finally:
                os.close(file)
        else:
            _make_link(name, entry, fd)
            found = os.stat(name, dir_fd=fd, follow_symlinks=False)
        # Whether it is racy is settled at the end, against the clock of the end.
        folder.files[decode(name)] = known(found, entry, _LATER)
    folder.sum_up()


def _make_folder(objects: Objects, name: bytes, entry: Dir, parent: int) -> Folder:
    os.mkdir(name, 0o700, dir_fd=parent)
    fd = os.open(name, FOLDER, dir_fd=parent)
    try:
        inner = Folder(entry.mode)
        inner.tree = entry.tree
        _fill(objects, entry.tree, fd, inner)
        # Last: a folder may be captured without the right to write in it.
        os.fchmod(fd, entry.mode)
    finally:
        os.close(fd)
    return inner


def _make_link(name: bytes, entry: Link, fd: int) -> None:
    try:
        os.symlink(entry.target, name, dir_fd=fd)
    except FileNotFoundError:
        # An empty target: trees can spell it, Linux cannot hold it.
        raise StoreCorrupt("a link without target cannot be made", problems=[]) from None


def _read_tree(objects: Objects, tree: Id) -> Tree:
    try:
        return parse_tree(objects.read("tree", tree))
    except BadTree as error:
        problem = {"what": "encoding", "where": tree, "detail": str(error)}
        raise StoreCorrupt(f"tree {tree} cannot be read: {error}", problems=[problem]) from error


def _rename_new(source: str, name: str, parent: int) -> None:
    """Rename a folder to a name that is free; an empty folder there counts as not free."""
    try:
        os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(source, name, src_dir_fd=parent, dst_dir_fd=parent)
        return
    raise FileExistsError(errno.EEXIST, "a world would be made over something", name)


def _being_built(name: str, folder: int) -> bool:
    if _BUILDING not in name:
        return False
    try:
        fd = os.open(name, FOLDER, dir_fd=folder)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
