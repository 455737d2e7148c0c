"""The driver for btrfs: worlds are snapshots of a mother's subvolume.

Layer: worlds. A world costs a transaction of the file system (some ms) and the difference of
two trees, whatever the size; a snapshot costs a walk, as for the portable driver: the mother's
stat cache holds for its snapshots, which keep inodes and times.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import tree_diff
from shepherd_sidecar.worlds import subvolumes
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import Availability, Objects, World
from shepherd_sidecar.worlds.fill_tree import fill
from shepherd_sidecar.worlds.materialise import Begin, clean_folder, staged
from shepherd_sidecar.worlds.mothers import Mothers
from shepherd_sidecar.worlds.patch_tree import patch
from shepherd_sidecar.worlds.reach import FOLDER, Reach
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache

_MOTHERS: Final = 16
"""They share what they have in common."""
_FAR: Final = 64
"""Changed paths from which on a tree gets a mother of its own."""


class BtrfsDriver(CopyDriver):
    """See the module."""

    name = "btrfs"

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings)
        self.standby = None  # a snapshot is as good
        standing = self.settings.standing
        folder = standing / "subvolumes" if standing else None
        self.mothers = Mothers(folder, _MOTHERS, subvolumes.remove) if folder else None

    def probe(self, folder: Path) -> Availability:
        """Make a subvolume in ``folder``, a snapshot of it, and remove both."""
        try:
            fd = os.open(folder.resolve(), FOLDER)
        except OSError as error:
            return Availability(self.name, False, f"{folder}: {error.strerror}")
        try:
            why = subvolumes.may_be_made(fd)
        finally:
            os.close(fd)
        return Availability(self.name, why is None, why and f"{folder}: {why}")

    def create(self, objects: Objects, tree: Id, at: Path, near: Iterable[Id] = ()) -> World:
        """A snapshot of the nearest mother, patched; see ``Driver.create``."""
        mothers = self.mothers
        if mothers is None:
            return super().create(objects, tree, at)
        mother = mothers.nearest(tree, near)
        with ExitStack() as stack:
            if mother is None or self._is_far(objects, mother, tree):
                self._bear(objects, tree, mother, mothers)
                mother = tree
            try:
                source = stack.enter_context(mothers.opened(mother))
            except FileNotFoundError:  # removed since: as if there were none
                return super().create(objects, tree, at)
            with staged(at, _snapshot_of(source), subvolumes.remove) as fd:
                patch(objects, fd, mother, tree)
            file = self._cache_file(at)
            if file is not None:
                with contextlib.suppress(OSError):  # costs a reading of every file
                    os.link(mothers.stat(mother), file)
        return World(path=at, mounted_at=at, driver=self.name, place="apart")

    def destroy(self, world: World) -> None:
        """Remove the world."""
        if world.place == "apart":
            with Reach(world.path.parent.resolve()) as reach:
                subvolumes.remove(world.path.name, reach.root)
        super().destroy(world)

    def clean(self, folder: Path, living: Iterable[Path]) -> list[Path]:
        """Remove what a crash left; what another process is just building stays."""
        return clean_folder(folder, self._with_caches(living), subvolumes.remove)

    def wanted(self) -> list[Id]:
        """Nothing: mothers are made when they are needed."""
        return []

    def refill(self, objects: Objects, tree: Id) -> None:
        """Make a mother of ``tree``."""
        if self.mothers is not None and tree not in self.mothers.standing():
            last = self.mothers.standing()[:1]
            self._bear(objects, tree, last[0] if last else None, self.mothers)

    def forget(self, keep: Collection[Id] = ()) -> None:
        """Remove the mothers, but those of trees in ``keep``."""
        if self.mothers is not None:
            self.mothers.forget(keep)

    def _is_far(self, objects: Objects, mother: Id, tree: Id) -> bool:
        return len(tree_diff(tree_reader(objects), mother, tree)) > _FAR

    def _bear(self, objects: Objects, tree: Id, near: Id | None, mothers: Mothers) -> None:
        """Make a mother of a tree, itself a snapshot of a near one."""
        if near is None:
            mothers.lay(tree, lambda fd: fill(objects, tree, fd), subvolumes.create)
            return

        def patched(fd: int) -> Folder | None:
            cache = StatCache(mothers.stat(near))
            # Their tree may be gone from the store; the records are as good as ever.
            records = cache.load(os.fstat(fd).st_ino, lambda _: True)
            return patch(objects, fd, near, tree, records)

        with mothers.opened(near) as source:
            mothers.lay(tree, patched, _snapshot_of(source))


def _snapshot_of(source: int) -> Begin:
    return lambda name, parent: subvolumes.snapshot(source, name, parent)
