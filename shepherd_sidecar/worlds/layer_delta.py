"""The difference of two trees as a layer: what overlay puts over the one to get the other.

Layer: worlds. Thought out first, from the trees alone (``Delta``), then written. Descends only
where ids differ, so the cost follows the change. What is gone is a whiteout (a device 0/0,
which needs no rights), a new folder is opaque: nothing below shows through.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import Final

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.trees import Dir, File, Link, Tree
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.fill_tree import fill, make_link
from shepherd_sidecar.worlds.parsed import Counts, Parsed
from shepherd_sidecar.worlds.reach import FOLDER
from shepherd_sidecar.worlds.write_file import NEW_FILE, write_content

WHITEOUT: Final = stat.S_IFCHR
"""Type of the file, with device number 0, that says: what is below this name is gone."""


def opaque_attribute(userxattr: bool) -> str:
    """The attribute that says ``y`` on a folder through which nothing shows."""
    return "user.overlay.opaque" if userxattr else "trusted.overlay.opaque"


def redirect_attribute(userxattr: bool) -> str:
    """The attribute that says where below a folder lies what shows through it."""
    return "user.overlay.redirect" if userxattr else "trusted.overlay.redirect"


@dataclass(slots=True)
class _Step:
    """What there is to do in one folder."""

    gone: list[bytes] = field(default_factory=list)
    leaves: list[tuple[bytes, File | Link]] = field(default_factory=list)
    whole: list[tuple[bytes, Dir]] = field(default_factory=list)
    """Folders of which nothing is below, or nothing stays."""
    within: list[tuple[bytes, int, _Step]] = field(default_factory=list)
    """Folders that are below too: name, mode, what to do in them."""


class Delta:
    """What leads from one tree to another."""

    def __init__(self, parsed: Parsed, read: Read, before: Id, after: Id) -> None:
        """Raises BlobMissing when the store has not the trees (any more)."""
        self._parsed, self._read = parsed, read
        self.new = Counts()
        """What the layer will hold."""
        self.lost = Counts()
        """What it hides."""
        self.entries = 0
        """Names that the layer will hold."""
        self._root = self._compare(read(before), read(after))

    def write(self, objects: Objects, fd: int, userxattr: bool) -> None:
        """Write the layer into the empty folder open at ``fd``.

        Raises:
            BlobMissing, StoreCorrupt, OSError: broken off.
        """
        _Writer(objects, opaque_attribute(userxattr)).step(self._root, fd)

    def _compare(self, before: Tree, after: Tree) -> _Step:
        step = _Step()
        for name, was in before.items():
            if name not in after:
                step.gone.append(name)
                self._lose(was)
        for name, entry in after.items():
            old = before.get(name)
            if old is entry or old == entry:
                continue
            if not isinstance(entry, Dir):
                step.leaves.append((name, entry))
                self.new = self.new.and_also(self._parsed.count_entry(self._read, entry))
                if old is not None:
                    self._lose(old)
            elif isinstance(old, Dir) and self._shares(old, entry):
                inner = _Step()
                if old.tree != entry.tree:
                    inner = self._compare(self._read(old.tree), self._read(entry.tree))
                step.within.append((name, entry.mode, inner))
            else:
                step.whole.append((name, entry))
                below = self._parsed.count(self._read, entry.tree)
                self.new = self.new.and_also(below, folders=1)
                self.entries += below.files + below.folders
                if old is not None:
                    self._lose(old)
        self.entries += len(step.gone) + len(step.leaves) + len(step.whole) + len(step.within)
        return step

    def _lose(self, entry: File | Link | Dir) -> None:
        below = self._parsed.count_entry(self._read, entry)
        self.lost = self.lost.and_also(below, folders=isinstance(entry, Dir))

    def _shares(self, before: Dir, after: Dir) -> bool:
        """Whether anything in the folder stays: else it is quicker written anew."""
        if before.tree == after.tree:
            return True
        old, new = self._read(before.tree), self._read(after.tree)
        return any(
            entry == was or (isinstance(entry, Dir) and isinstance(was, Dir))
            for name, entry in new.items()
            if (was := old.get(name)) is not None
        )


class _Writer:
    def __init__(self, objects: Objects, opaque: str) -> None:
        self._objects, self._opaque = objects, opaque

    def step(self, step: _Step, fd: int) -> None:
        for name in step.gone:
            os.mknod(name, WHITEOUT, 0, dir_fd=fd)
        for name, entry in step.leaves:
            if isinstance(entry, Link):
                make_link(name, entry, fd)
            else:
                self._file(name, entry, fd)
        for name, whole in step.whole:
            inner = _new_folder(name, fd)
            try:
                fill(self._objects, whole.tree, inner)
                os.setxattr(inner, self._opaque, b"y")
                os.fchmod(inner, whole.mode)
            finally:
                os.close(inner)
        for name, mode, below in step.within:
            inner = _new_folder(name, fd)
            try:
                self.step(below, inner)
                os.fchmod(inner, mode)
            finally:
                os.close(inner)

    def _file(self, name: bytes, entry: File, fd: int) -> None:
        file = os.open(name, NEW_FILE, entry.mode & 0o777, dir_fd=fd)
        try:
            if entry.size:
                write_content(self._objects, file, entry)
            if stat.S_IMODE(os.fstat(file).st_mode) != entry.mode:
                os.fchmod(file, entry.mode)
        finally:
            os.close(file)


def _new_folder(name: bytes, fd: int) -> int:
    os.mkdir(name, 0o700, dir_fd=fd)
    return os.open(name, FOLDER, dir_fd=fd)
