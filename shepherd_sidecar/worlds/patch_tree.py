"""Turning a folder that holds one tree into one that holds another.

Layer: worlds. For folders that only their maker knows (what stands by in the store, what is
being built): nothing that stands there is looked at first. Descends only where the trees
differ, so the cost follows the change. A folder of the user's is ``restore.py``'s business.

The records of the stat cache may be carried along: those of untouched files stay.
"""

from __future__ import annotations

import os
import stat

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import Dir, File, Link, Tree
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.fill_tree import fill, make_link, read_tree
from shepherd_sidecar.worlds.reach import FOLDER, remove_all, set_mode
from shepherd_sidecar.worlds.stat_cache import Folder, coarse_now, known
from shepherd_sidecar.worlds.write_file import NEW_FILE, write_content


def patch(
    objects: Objects, fd: int, before: Id, after: Id, records: Folder | None = None
) -> Folder | None:
    """Make the folder open at ``fd``, which holds ``before``, hold ``after``.

    Returns the records of the folder as it then is, when those of ``before`` are given
    (which stay as they are).

    Raises:
        BlobMissing, StoreCorrupt, OSError: broken off; the folder is of no use any more.
    """
    if before == after:
        return records
    here = read_tree(objects, before)
    there = read_tree(objects, after)
    new = _copy(records, after)
    for name in here.keys() - there.keys():
        _take_out(name, here, fd, new)
    for name, entry in there.items():
        old = here.get(name)
        if old == entry:
            continue
        if isinstance(entry, Dir) and isinstance(old, Dir):
            _inner(objects, name, old, entry, fd, new)
        elif (
            isinstance(entry, File)
            and isinstance(old, File)
            and (entry.blob, entry.size) == (old.blob, old.size)
        ):
            set_mode(name, entry.mode, fd)
            _note(name, entry, fd, new)
        else:
            if old is not None:
                _take_out(name, here, fd, new)
            _put(objects, name, entry, fd, new)
    if new is not None:
        new.sum_up()
    return new


def _copy(records: Folder | None, tree: Id) -> Folder | None:
    if records is None:
        return None
    new = Folder(records.mode)
    new.files, new.folders = dict(records.files), dict(records.folders)
    new.rules, new.tree = records.rules, tree
    return new


def _inner(
    objects: Objects, name: bytes, old: Dir, entry: Dir, fd: int, records: Folder | None
) -> None:
    """Patch a folder in the folder."""
    below = records.folders.get(os.fsdecode(name)) if records is not None else None
    if old.tree != entry.tree:
        if old.mode & stat.S_IRWXU != stat.S_IRWXU:
            set_mode(name, 0o700, fd)  # closed by its captured mode
        inner = os.open(name, FOLDER, dir_fd=fd)
        try:
            below = patch(objects, inner, old.tree, entry.tree, below)
            os.fchmod(inner, entry.mode)
        finally:
            os.close(inner)
    else:
        set_mode(name, entry.mode, fd)
        below = _copy(below, entry.tree)
        if below is not None:
            below.sum_up()
    if records is not None and below is not None:
        below.mode = entry.mode
        records.folders[os.fsdecode(name)] = below


def _take_out(name: bytes, here: Tree, fd: int, records: Folder | None) -> None:
    if isinstance(here[name], Dir):
        remove_all(name, fd)
    else:
        os.unlink(name, dir_fd=fd)
    if records is not None:
        text = os.fsdecode(name)
        records.files.pop(text, None)
        records.folders.pop(text, None)


def _put(
    objects: Objects, name: bytes, entry: File | Link | Dir, fd: int, records: Folder | None
) -> None:
    if isinstance(entry, Dir):
        os.mkdir(name, 0o700, dir_fd=fd)
        inner = os.open(name, FOLDER, dir_fd=fd)
        try:
            made = fill(objects, entry.tree, inner)
            os.fchmod(inner, entry.mode)
        finally:
            os.close(inner)
        if records is not None:
            made.mode = entry.mode
            records.folders[os.fsdecode(name)] = made
        return
    if isinstance(entry, Link):
        make_link(name, entry, fd)
    else:
        file = os.open(name, NEW_FILE, 0o600, dir_fd=fd)
        try:
            write_content(objects, file, entry)
            os.fchmod(file, entry.mode)
        finally:
            os.close(file)
    _note(name, entry, fd, records)


def _note(name: bytes, entry: File | Link, fd: int, records: Folder | None) -> None:
    if records is not None:
        found = os.stat(name, dir_fd=fd, follow_symlinks=False)
        records.files[os.fsdecode(name)] = known(found, entry, coarse_now())
