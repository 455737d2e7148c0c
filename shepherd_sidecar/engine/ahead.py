"""What coming forks will need is laid before they are asked for.

Layer: engine. Says what is worth laying; ``laying.py`` has it done by a process of low priority.
All of it a moment after there was a reason: whoever is gone by then forks nothing, and nobody
waits for it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.errors import DriverUnavailable
from shepherd_sidecar.store.layout import LAYING
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.driver import Driver, Objects, Snapshot
from shepherd_sidecar.worlds.progress import tell
from shepherd_sidecar.worlds.registry import Registry, layered

if TYPE_CHECKING:
    from shepherd_sidecar.engine.laying import Laying, Work

SOON: Final = 1.0
"""Seconds from the first reason to the start of the process."""
DRIFTED: Final = 256
"""Changed paths since something was laid, from which on it is laid anew."""
_TRIED: Final = 64
"""Near trees that a fork looks for among the wishes."""


class Ahead:
    """What is laid ahead for one store. Nothing here blocks but ``turn`` and ``close``."""

    def __init__(self, store: Store, limits: Limits, *, soon: float = SOON) -> None:
        self._store, self._limits, self._soon = store, limits, soon
        self._reasons: list[Callable[[], None]] = []
        self._timer: threading.Timer | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._at_work = threading.Lock()
        """Held while reasons are looked into: the store stays open so long."""
        self._drift: dict[int, tuple[int, Id]] = {}
        """Of branches in place: paths changed since a tree was laid, and that tree."""

    @cached_property
    def _laying(self) -> Laying:
        # Imported when it is used: a start shall not pay for it.
        from shepherd_sidecar.engine.laying import Laying

        return Laying(self._store.root)

    def start(self) -> None:
        """Go on with what an earlier process left undone."""
        with suppress(OSError):
            if (self._store.root / LAYING).is_dir() and self._laying.wishes.every():
                self._soon_do()

    def squash(self, registry: Registry, tree: Id) -> None:
        """The layers of a tree have become many."""
        self._soon_do(lambda: self._squash(registry, tree))

    def made(self, driver: Driver) -> None:
        """Worlds were made with a driver: see that the next are as fast."""
        wanted = getattr(driver, "wanted", None)
        if wanted is not None:
            self._soon_do(lambda: self._refill(driver.name, wanted()))

    def base(
        self,
        registry: Registry,
        name: str | None,
        branch: int,
        taken: Snapshot,
        near: Iterable[Id] = (),
    ) -> None:
        """A run in place begins: lay its folder, so that its forks cost what they differ.

        Not where that would fill the disk.
        """
        self._drift[branch] = 0, taken.tree
        free = shutil.disk_usage(self._store.root).free
        if free < 2 * taken.bytes_total + self._limits.free_bytes:
            return
        self._soon_do(lambda: self._base(registry, name, taken.tree, list(islice(near, _TRIED))))

    def drifted(
        self,
        registry: Registry,
        name: str | None,
        branch: int,
        taken: Snapshot,
        near: Iterable[Id] = (),
    ) -> None:
        """A folder in place was captured: lay it anew when much has changed since it was laid.

        Whoever began the run may have been gone before anything was laid.
        """
        if branch not in self._drift and self.kept(registry, chain((taken.tree,), near)) is None:
            self.base(registry, name, branch, taken)
            return
        changed, laid = self._drift.get(branch, (0, taken.tree))
        changed += len(taken.changed)
        if changed < DRIFTED:
            self._drift[branch] = changed, laid
            return
        self._drift[branch] = 0, taken.tree
        self._soon_do(lambda: self._base(registry, name, taken.tree, [laid]))

    @contextmanager
    def turn(
        self, driver: Driver, objects: Objects, tree: Id, near: Iterable[Id]
    ) -> Iterator[None]:
        """Around the making of a world: wait for what is just being laid for it.

        What is wished for and nobody is at is laid by whoever waits, and then by nobody else.
        """
        found = self._wished(driver, tree, near)
        overlay = layered(driver)
        if found is None or overlay is None:
            yield
            return
        tell("what it starts from is being laid")
        with self._laying.turn(found) as mine:
            if mine:
                overlay.lay(objects, found, near)
            yield

    def kept(self, registry: Registry, near: Iterable[Id]) -> Id | None:
        """The first of these trees that is laid: the one a fork there would start from."""
        for overlay in filter(None, map(layered, registry.drivers)):
            return next((tree for tree in islice(near, _TRIED) if overlay.layers.laid(tree)), None)
        return None

    def close(self) -> None:
        """Start nothing any more; what is wished for waits for the next process."""
        with self._lock:
            self._closed = True
            timer = self._timer
        if timer is not None:
            timer.cancel()
            timer.join()
        with self._at_work:
            pass

    def _wished(self, driver: Driver, tree: Id, near: Iterable[Id]) -> Id | None:
        """The tree to wait for; None when none is wished for, or something as good is laid."""
        overlay = layered(driver)
        if overlay is None or not (self._store.root / LAYING).is_dir():
            return None
        wished = {wish.tree for wish in self._laying.wishes.every() if wish.work == "layer"}
        for other in chain((tree,), islice(near, _TRIED)) if wished else ():
            if overlay.layers.laid(other) is not None:
                return None
            if other in wished:
                return other
        return None

    def _squash(self, registry: Registry, tree: Id) -> None:
        for overlay in filter(None, map(layered, registry.drivers)):
            self._want("squash", tree, (), None, overlay.userxattr)

    def _refill(self, driver: str, wanted: list[Id]) -> None:
        for tree in wanted:
            self._want("refill", tree, (), driver, None)

    def _base(self, registry: Registry, name: str | None, tree: Id, near: list[Id]) -> None:
        with suppress(DriverUnavailable):
            driver = registry.choose(name)
            overlay = layered(driver)
            if overlay is None:
                self._want("refill", tree, (), driver.name, None)
            elif overlay.layers.laid(tree) is None:
                self._want("layer", tree, near, None, overlay.userxattr)

    def _want(
        self,
        work: Work,
        tree: Id,
        near: Iterable[Id],
        driver: str | None,
        userxattr: bool | None,
    ) -> None:
        self._laying.want(work, tree, near, driver, userxattr)

    def _soon_do(self, *reasons: Callable[[], None]) -> None:
        with self._lock:
            self._reasons += reasons
            if self._closed or self._timer is not None:
                return
            self._timer = threading.Timer(self._soon, self._begin)
            self._timer.name, self._timer.daemon = "laying ahead", True
            self._timer.start()

    def _begin(self) -> None:
        with self._at_work:
            with self._lock:
                self._timer = None
                reasons, self._reasons = self._reasons, []
            with suppress(OSError):  # no memory for a process: some other time
                for reason in reasons:
                    if not self._closed:
                        reason()
                if not self._closed:
                    self._laying.start()
