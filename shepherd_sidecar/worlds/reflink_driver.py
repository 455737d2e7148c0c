"""The driver for file systems on which files share bytes: worlds are clones of a mother.

Layer: worlds. A world costs a few calls a file and hardly any disk, or with a folder that
stands by, the difference; a snapshot costs a walk, as for the portable driver.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import EMPTY_TREE, File
from shepherd_sidecar.worlds.clone import clone, why_not
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import Availability, Objects
from shepherd_sidecar.worlds.fill_tree import Source, fill
from shepherd_sidecar.worlds.mothers import Mothers
from shepherd_sidecar.worlds.stat_cache import Folder

_MOTHERS = 4
"""Each holds what the others do not have; the rest they share."""


class ReflinkDriver(CopyDriver):
    """See the module."""

    name = "reflink"

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings)
        standing = self.settings.standing
        self.mothers = Mothers(standing / "mothers", _MOTHERS) if standing else None

    def probe(self, folder: Path) -> Availability:
        """Clone a file in ``folder``."""
        found = super().probe(folder)
        why = why_not(folder) if found.available else found.why
        return Availability(self.name, why is None, why)

    def refill(self, objects: Objects, tree: Id) -> None:
        """Keep a mother of ``tree``, and clones of it that stand by."""
        if self.mothers is not None and tree not in self.mothers.standing():
            self._bear(objects, tree, self.mothers)
        super().refill(objects, tree)

    def forget(self, keep: Collection[Id] = ()) -> None:
        """Remove what is kept at hand, but for trees in ``keep``."""
        super().forget(keep)
        if self.mothers is not None:
            self.mothers.forget(keep)

    def _lay(self, objects: Objects, tree: Id, fd: int, near: Iterable[Id] = ()) -> Folder:
        """Clone the nearest mother. Without one the first is made: the next will need it."""
        mothers = self.mothers
        if mothers is None or tree == EMPTY_TREE:
            return super()._lay(objects, tree, fd)
        mother = mothers.nearest(tree, near)
        if mother is None:
            self._bear(objects, tree, mothers)
            mother = tree
        return self._cloned(objects, tree, fd, mother, mothers)

    def _bear(self, objects: Objects, tree: Id, mothers: Mothers) -> None:
        """Make a mother of a tree, itself a clone as far as the last one used has the same."""
        last = mothers.standing()[:1]
        mothers.lay(
            tree,
            lambda fd: (
                self._cloned(objects, tree, fd, last[0], mothers)
                if last
                else fill(objects, tree, fd)
            ),
        )

    def _cloned(self, objects: Objects, tree: Id, fd: int, mother: Id, mothers: Mothers) -> Folder:
        with ExitStack() as stack:
            try:
                source = Source(stack.enter_context(mothers.opened(mother)), mother, _shared)
            except FileNotFoundError:
                source = None  # removed since
            return fill(objects, tree, fd, source)


def _shared(source: int, target: int, entry: File) -> bool:
    """Share the bytes of a mother's file, which nobody writes to."""
    if os.fstat(source).st_size != entry.size:
        return False
    clone(source, target)
    return True
