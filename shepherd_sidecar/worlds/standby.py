"""Folders that stand by: each holds a known tree and is given away as a world.

Layer: worlds. A fork then costs a rename and the difference of two trees, whatever the size.
The file system is the index: a folder is named by its tree, and who renames it away has it,
so that two processes never take the same. What is wanted is written down; somebody who has
time fills up (``refill``). Nothing depends on what stands here: all of it may be lost.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from shepherd_sidecar.errors import BlobMissing, StoreCorrupt
from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.trace.tree_diff import walk_tree
from shepherd_sidecar.trace.trees import File
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.fill_tree import fill
from shepherd_sidecar.worlds.materialise import clean_folder, locked, staged
from shepherd_sidecar.worlds.patch_tree import patch
from shepherd_sidecar.worlds.reach import FOLDER
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache

_LOOKED_AT: Final = 200
"""Near trees that are tried; the further, the less is saved."""
_WANTED: Final = ".wanted"
_STAT: Final = ".stat"
_WANTED_S: Final = 24 * 60 * 60
"""A tree that was not forked for so long is not wanted any more."""


Lay = Callable[[Objects, Id, int], Folder]
"""Writes a tree into an empty open folder, as ``fill`` does."""


@dataclass(frozen=True, slots=True)
class Stock:
    """How much may stand by."""

    trees: int = 2
    """Trees: those forked last."""
    copies: int = 2
    """Folders of each."""
    files: int = 100_000
    """Files and links in all of them."""
    bytes: int = 4 << 30
    """Sum of their sizes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A folder that stands by."""

    name: str
    tree: Id
    files: int
    bytes: int


class Standby:
    """See the module. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, stock: Stock | None = None, lay: Lay = fill) -> None:
        """``folder``: on the file system of the worlds; made when it is needed."""
        self.folder = folder
        self.stock = stock or Stock()
        self.lay = lay

    def claim(
        self, objects: Objects, tree: Id, at: Path, near: Iterable[Id], cache: Path | None
    ) -> bool:
        """Make a world of ``tree`` at ``at`` from what stands by; False when nothing fits.

        Args:
            objects: holds the trees, and what differs.
            tree: what the world starts as.
            at: must not exist.
            near: trees to start from otherwise, the nearest first; read as far as needed.
            cache: where the stat cache of the world will be looked for.

        Raises:
            As ``staged`` and ``patch``, but for what would be wrong with the folder taken.
        """
        standing: dict[Id, list[str]] = {}
        for one in self.standing():
            standing.setdefault(one.tree, []).append(one.name)
        if not standing:
            return False
        for candidate in chain((tree,), islice(near, _LOOKED_AT)):
            for name in standing.get(candidate, ()):
                if self._take(objects, name, candidate, tree, at):
                    if cache is not None:
                        with contextlib.suppress(OSError):  # costs a reading of every file
                            os.rename(self._stat(name), cache)
                    return True
        return False

    def want(self, tree: Id) -> None:
        """Write down that this tree was forked just now, and may be again."""
        mark = self.folder / f"{tree}{_WANTED}"
        with contextlib.suppress(OSError):  # a full disk: nothing will stand by
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mark.touch(mode=0o600)

    def wanted(self) -> list[Id]:
        """The trees of which less stands by than should, the last forked first."""
        there = [one.tree for one in self.standing()]
        return [tree for tree in self._recent() if there.count(tree) < self.stock.copies]

    def refill(self, objects: Objects, tree: Id) -> None:
        """Lay folders of ``tree`` until enough stand by, as far as the budget goes.

        Takes as long as writing the tree does: for a process with time. Folders of trees that
        are not wanted any more are turned into folders of this one, or removed. Does nothing
        while somebody else is filling up.

        Raises:
            As ``staged`` and ``fill``.
        """
        with self._alone() as alone:
            if not alone:
                return
            recent = {tree, *self._recent()}
            self._clear()
            stale = [one for one in self.standing() if one.tree not in recent]
            read = tree_reader(objects)
            entries = [entry for _, entry in walk_tree(read, tree)]
            size = sum(entry.size for entry in entries if isinstance(entry, File))
            files = len(entries)
            while self._short(tree, files, size, stale):
                name = f"{tree}.{files}.{size}.{secrets.token_hex(4)}"
                if not (stale and self._turn(objects, stale.pop(), tree, name)):
                    with staged(self.folder / name) as fd:
                        self._keep(name, fd, self.lay(objects, tree, fd))
            self._clear(recent)

    def forget(self, keep: Collection[Id] = ()) -> None:
        """Remove what stands by, but for trees in ``keep`` that were forked within a day.

        Removes as well what a crash left. Does nothing while somebody is filling up.
        """
        if not self.folder.is_dir():
            return
        with self._alone() as alone:
            if not alone:
                return
            self._clear(set(keep).intersection(self._recent()))

    def standing(self) -> list[Standing]:
        """What stands by."""
        found = []
        for name in self._names():
            parts = name.split(".")
            if len(parts) == 4 and is_id(parts[0]):
                found.append(Standing(name, parts[0], int(parts[1]), int(parts[2])))
        return found

    def _take(self, objects: Objects, name: str, before: Id, tree: Id, at: Path) -> bool:
        """Rename a folder away and patch it; False when another has it, or it is unfit."""
        if os.path.lexists(at):
            raise FileExistsError(f"a world would be made over something: {at}")
        try:
            with staged(at, lambda beside, parent: self._away(name, beside, parent)) as fd:
                patch(objects, fd, before, tree)
        except (FileNotFoundError, FileExistsError, NotADirectoryError, BlockingIOError):
            return False
        return True

    def _turn(self, objects: Objects, old: Standing, tree: Id, name: str) -> bool:
        """Turn what stands by for a tree into another."""
        known = StatCache(self._stat(old.name))
        try:
            begin = staged(self.folder / name, lambda b, parent: self._away(old.name, b, parent))
            with begin as fd:
                # Their tree may be gone from the store; the records are as good as ever.
                records = known.load(os.fstat(fd).st_ino, lambda _: True)
                self._keep(name, fd, patch(objects, fd, old.tree, tree, records))
        except (BlobMissing, StoreCorrupt, OSError):
            return False
        finally:
            self._stat(old.name).unlink(missing_ok=True)
        return True

    def _away(self, name: str, beside: str, parent: int) -> int:
        here = os.open(self.folder, FOLDER)
        try:
            fd = locked(name, here)
            try:
                os.rename(name, beside, src_dir_fd=here, dst_dir_fd=parent)
            except BaseException:
                os.close(fd)
                raise
        finally:
            os.close(here)
        return fd

    def _keep(self, name: str, fd: int, records: Folder | None) -> None:
        """Write the stat cache that goes with a folder, before anybody sees the folder."""
        if records is not None:
            cache, inode = StatCache(self._stat(name)), os.fstat(fd).st_ino
            cache.believe(records, inode, 1)
            cache.save(inode)

    def _short(self, tree: Id, files: int, size: int, stale: list[Standing]) -> bool:
        """Whether another folder of the tree is wanted and there is room for it."""
        there = self.standing()
        if sum(one.tree == tree for one in there) >= self.stock.copies:
            return False
        others = [one for one in there if one not in stale]
        return (
            sum(one.files for one in others) + files <= self.stock.files
            and sum(one.bytes for one in others) + size <= self.stock.bytes
        )

    def _clear(self, trees: Collection[Id] | None = None) -> None:
        """Remove all but what stands by and is wanted of these trees, or of any."""
        names = {one.name for one in self.standing() if trees is None or one.tree in trees}
        names |= {f"{name}{_STAT}" for name in names}
        names |= {f"{tree}{_WANTED}" for tree in self._recent() if trees is None or tree in trees}
        clean_folder(self.folder, [self.folder / name for name in names])

    def _recent(self) -> list[Id]:
        """The trees forked last, the very last first."""
        since = time.time() - _WANTED_S
        marks = []
        for name in self._names():
            if name.endswith(_WANTED):
                with contextlib.suppress(FileNotFoundError):
                    at = (self.folder / name).lstat().st_mtime
                    if at >= since:
                        marks.append((at, name.removesuffix(_WANTED)))
        marks.sort(reverse=True)
        return [tree for _, tree in marks[: self.stock.trees]]

    def _stat(self, name: str) -> Path:
        return self.folder / f"{name}{_STAT}"

    def _names(self) -> list[str]:
        try:
            return sorted(os.listdir(self.folder))
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _alone(self) -> Iterator[bool]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            fd = locked(self.folder)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            os.close(fd)
