"""The workspaces of branches: laid out, captured, restored.

Layer: engine. Between the worlds (folders) and the store (commits). Keeps: a failed snapshot
is an event and an error, never a silent stale tree; every restore is preceded by a safety
commit; the reply leaves after the tree is durable.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.ahead import Ahead
from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.engine.left_out import LeftOut
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.near import Earlier, Near
from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.errors import (
    BudgetExceeded,
    DriverUnavailable,
    NoWorld,
    ShepherdError,
    SnapshotFailed,
    StoreFull,
)
from shepherd_sidecar.protocol import common
from shepherd_sidecar.store import branches, commits, heads, objects, places, settlements
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.layout import TURNS, WORLDS
from shepherd_sidecar.store.places import Place
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.turns import Turns
from shepherd_sidecar.store.writer import Refusal, Tx
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.tree_patch import Add
from shepherd_sidecar.trace.trees import EMPTY_TREE
from shepherd_sidecar.worlds.building import building, clearing
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import Driver, NotCaptured, Snapshot, World
from shepherd_sidecar.worlds.keeper.client import Keeper
from shepherd_sidecar.worlds.materialise import STANDING
from shepherd_sidecar.worlds.registry import Registry, path_of

if TYPE_CHECKING:
    from shepherd_sidecar.worlds.watching import Watch

NAMED: Final = 1000
"""Changed paths named in one event; the count is always whole."""


class Workspaces:
    """The worlds of one store."""

    def __init__(
        self, store: Store, preparer: Preparer, limits: Limits, *, watch: bool = False
    ) -> None:
        """``watch``: this process stays, see ``Engine``."""
        self._store = store
        self._preparer = preparer
        self._limits = limits
        self._folder = store.root / WORLDS
        self.keeper = Keeper(self._folder)
        settings = Settings(
            store=store.root,
            caches=self._folder,
            standing=self._folder / STANDING,
            watch=watch,
        )
        self.ahead = Ahead(store, limits)
        self.registry = Registry(
            self._folder,
            settings,
            self.keeper,
            lambda tree: self.ahead.squash(self.registry, tree),
            mounts=watch,
        )
        self.left_out = LeftOut()
        self._locks: dict[int, threading.Lock] = {}
        self._guard = threading.Lock()
        self._turns = Turns(store.root / TURNS)
        self.finish: Callable[[int], object] = lambda branch: None
        """Carries out what was begun in a branch's world by a process that died."""
        self.changed: Callable[[int], object] = lambda branch: None
        """Told of each branch whose snapshot differs from the one before."""

    def find(self, branch: str) -> Place | None:
        """Where the branch's world stands, or None."""
        with self._store.reading() as conn:
            return places.get(conn, branches.need(conn, branch).seq)

    def is_shut(self, branch: str) -> bool:
        """Whether the branch has a world that is mounted when it is used, and is not now."""
        place = self.find(branch)
        return (
            place is not None
            and place.driver == "overlay"
            and not os.path.ismount(path_of(place.driver, place.path))
        )

    def need(self, branch: str) -> Place:
        """Where the branch's world stands. Raises NoWorld."""
        place = self.find(branch)
        if place is None:
            raise NoWorld(f"{branch!r} has no live world", branch=branch)
        return place

    @property
    def folder(self) -> Path:
        """Where worlds stand."""
        return self._folder

    @staticmethod
    def in_place(folder: Path) -> World:
        """The user's own folder."""
        return World(folder, folder, CopyDriver.name, "inPlace")

    def world(self, place: Place) -> World:
        """The live world of a branch, mounted again when it no longer was.

        One whose files did not outlast the machine's last start is laid anew as its last
        snapshot, and an event says so.

        Raises:
            NoWorld: its folder is gone.
        """
        driver, world = self.driver(place), as_world(place)
        try:
            return driver.open(world)
        except NoWorld as lost:
            renew = getattr(driver, "renew", None)
            if renew is None or place.captured is None:
                raise
            return self._renewed(place, renew, lost)

    def lay(self, branch: int, tree: Id, driver: str | None) -> World:
        """A new world apart for a branch, starting as ``tree``."""
        with self._store.reading() as conn:
            found = branches.by_seq(conn, branch)
            run = branches.run_by_seq(conn, found.run)
        wanted = driver or run.facts.get("driver")
        near = Earlier(self._store, run.workspace) if run.workspace is not None else ()
        with self.made(tree, 1, driver=wanted, near=near, mounted_at=run.workspace) as worlds:
            self._store.write(lambda tx: self.settle(tx, branch, worlds[0], tree))
        return worlds[0]

    @contextmanager
    def made(
        self,
        tree: Id,
        count: int,
        *,
        driver: str | None = None,
        near: Iterable[Id] = (),
        mounted_at: str | None = None,
    ) -> Iterator[list[World]]:
        """New worlds that start as ``tree``; inside, the store is told whose they are.

        Whatever fails, in here or inside, leaves no world behind.

        Args:
            tree: what they start as.
            count: how many.
            driver: name of a driver; the fastest that works when None.
            near: trees that differ little from ``tree``, the nearest first.
            mounted_at: where what runs inside sees the files; where they are, when None.
        """
        chosen = self.registry.choose(driver)
        worlds: list[World] = []
        with ExitStack() as held:
            held.enter_context(building(self._folder))
            content = held.enter_context(batch(self._store))
            self._check_room(count)
            held.enter_context(self.ahead.turn(chosen, content, tree, near))
            try:
                for _ in range(count):
                    at = self._folder / f"w-{secrets.token_hex(6)}"
                    world = chosen.create(content, tree, at, near)
                    if mounted_at is not None and self._confines():
                        world = replace(world, mounted_at=Path(mounted_at))
                    worlds.append(world)
                self.ahead.made(chosen)
                yield worlds
            except BaseException:
                for world in worlds:
                    chosen.destroy(world)
                raise

    def settle(self, tx: Tx, branch: int, world: World, tree: Id) -> None:
        """Write down where a branch's world stands and what it was captured as."""
        row = objects.find(tx.conn, "tree", bytes.fromhex(tree))
        places.put(
            tx.conn,
            Place(
                branch, str(world.stands_in), str(world.mounted_at), world.driver, world.place, row
            ),
        )

    def capture(
        self,
        branch: str,
        event: Callable[[Snapshot], Prepared | None],
        author: str,
        *,
        around: Callable[[Tx, heads.Head, Prepared], Refusal | None] | None = None,
        still: bool = False,
    ) -> tuple[Snapshot, Id]:
        """Capture the branch's world and record it with the event made from the snapshot.

        Returns the snapshot and the commit that carries it; when ``event`` gives None nothing
        is recorded and the commit is the head. ``around`` may refuse inside the transaction.
        ``still``: the caller holds what runs in the world still.
        """
        place = self.need(branch)
        with (
            self.taking_turns(place.branch),
            nullcontext() if still else self.held_still(place) as moving,
            batch(self._store) as content,
        ):
            taken = self.snapshot(branch, place, content, author)
            if moving is not None:
                taken = replace(taken, not_captured=(*taken.not_captured, moving))
            prepared = event(taken)

            def work(tx: Tx, prepared: Prepared) -> Id | Refusal:
                head = heads.load_open(tx, branch)
                refusal = around(tx, head, prepared) if around else None
                if refusal is not None:
                    return refusal
                row = content.insert(tx, taken.tree)
                node = record.append(tx, head, prepared, author, tree=row)
                places.captured(tx.conn, place.branch, row)
                return node.hex

            if prepared is not None:
                commit = self._store.write(lambda tx: work(tx, prepared))
                taken = replace(taken, bytes_new=content.bytes_new)
            else:
                with self._store.reading() as conn:
                    commit = commits.get(conn, branches.need(conn, branch).head).hex
        if prepared is not None:
            self.noticed(place, taken)
        elif taken.changed:
            self.changed(place.branch)
        return taken, commit

    def noticed(self, place: Place, taken: Snapshot) -> None:
        """A snapshot of a world was recorded: tell who wants to know."""
        if place.place == "inPlace":
            self._drifted(place, taken)
        if taken.changed:
            self.changed(place.branch)

    def begin_in_place(
        self, branch: int, workspace: str, driver: str | None, taken: Snapshot
    ) -> None:
        """A run begins in the user's own folder: have laid what its forks will need."""
        near = Earlier(self._store, workspace)
        self.ahead.base(self.registry, driver, branch, taken, near)

    def _drifted(self, place: Place, taken: Snapshot) -> None:
        with self._store.reading() as conn:
            branch = branches.by_seq(conn, place.branch)
            run = branches.run_by_seq(conn, branch.run)
            near = Near(self._store, commits.get(conn, branch.head))
        self.ahead.drifted(self.registry, run.facts.get("driver"), place.branch, taken, near)

    def snapshot(self, branch: str, place: Place, content: Batch, author: str) -> Snapshot:
        """Capture a world; a failure is recorded as an event before it is raised."""
        with self._store.reading() as conn:
            before = objects.id_of(conn, place.captured) if place.captured else None
        try:
            taken = self.driver(place).snapshot(content, self.world(place), before)
            return self.left_out.keep(taken)
        except (SnapshotFailed, BudgetExceeded) as error:
            self._note_failure(branch, error, author)
            raise

    @contextmanager
    def held_still(self, place: Place) -> Iterator[NotCaptured | None]:
        """Hold what runs in a world still, so that what is read, or written, is of one moment.

        Yields a note when something there would not hold still; nothing is refused for that.
        """
        home = as_world(place).stands_in
        moving: NotCaptured | None = None
        with ExitStack() as held:
            try:
                if self.keeper.is_there() and self.keeper.processes(home):
                    held.enter_context(self.keeper.freeze(home))
            except DriverUnavailable:
                moving = NotCaptured(".", "moving")
            yield moving

    def driver(self, place: Place) -> Driver:
        """The driver that keeps a world."""
        return self.registry.choose(place.driver)

    def reader(self, place: Place, content: Batch) -> Read:
        """Trees by id, parsed already where they were met before."""
        return self.driver(place).reader(content, as_world(place))

    def adder(self, place: Place, content: Batch) -> Add:
        """Adds trees, which are known from then on."""
        return self.driver(place).parsed.adder(content)

    def doubt(self, place: Place) -> bool:
        """Have the next snapshot walk everything; False when it would have done so anyhow."""
        watch = self._watch(place)
        if watch is None or watch.why is not None:
            return False
        watch.doubt()
        return True

    def is_still(self, place: Place, tree: Id) -> bool:
        """Whether a watched world surely is what was just captured as ``tree``."""
        watch = self._watch(place)
        return watch is not None and watch.is_clean(tree)

    def _watch(self, place: Place) -> Watch | None:
        driver = self.driver(place)
        return driver.watch_of(Path(place.path)) if isinstance(driver, CopyDriver) else None

    def remove(self, branch: int) -> bool:
        """Remove a branch's world; never the files of one in place."""
        with self._store.reading() as conn:
            place = places.get(conn, branch)
        if place is None:
            return False
        with self._alone(branch):
            self.driver(place).destroy(as_world(place))

            def work(tx: Tx) -> None:
                places.remove(tx.conn, branch)
                settlements.remove(tx.conn, branch)

            self._store.write(work)
        return True

    def clean(self) -> list[Path]:
        """Remove world folders that no branch has: what a crash left. Returns them."""
        with clearing(self._folder) as alone:
            if not alone:
                return []
            with self._store.reading() as conn:
                living = [Path(place.path) for place in places.every(conn)]
            return [
                path
                for driver in self.registry.drivers
                for path in driver.clean(self._folder, living)
            ]

    def forget(self) -> None:
        """Let go of what is kept at hand for trees that no branch stands at. Blocks.

        What is kept is then written to the disk, so that it outlasts the machine's next start.
        """
        keep: set[Id] = set()
        with self._store.reading() as conn:
            heads_of = [commits.get(conn, head) for head in branches.kept_heads(conn)]
            keep.update(objects.id_of(conn, node.world) for node in heads_of if node.world)
            standing = {place.branch for place in places.every(conn)}
            ends = [commits.get(conn, branches.by_seq(conn, branch).head) for branch in standing]
        for node in ends:
            laid = self.ahead.kept(self.registry, Near(self._store, node))
            if laid is not None:
                keep.add(laid)
        self.registry.forget(keep)

    @contextmanager
    def taking_turns(self, branch: int) -> Iterator[None]:
        """One at a time in a branch's world: captures and restores would see each other.

        Whoever has the turn first finishes what was begun there and broken off.
        """
        with self._alone(branch):
            self.finish(branch)
            yield

    @contextmanager
    def _alone(self, branch: int) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(branch, threading.Lock())
        with lock, self._turns.taking(branch):
            yield

    def close(self) -> None:
        """Keep what is known of the worlds for the next process."""
        self.ahead.close()
        self.registry.close()
        self.keeper.close()
        self._turns.close()

    def no_keeper(self) -> str | None:
        """Why no keeper works here; None when one does."""
        try:
            return None if self.keeper.mode else "the keeper does not say how it works"
        except DriverUnavailable as error:
            return error.message

    def _renewed(self, place: Place, renew: Callable[..., World], lost: NoWorld) -> World:
        with self._store.reading() as conn:
            assert place.captured is not None
            tree = objects.id_of(conn, place.captured)
            branch = branches.by_seq(conn, place.branch)
            head = commits.get(conn, branch.head)
        with batch(self._store) as content:
            world: World = renew(content, as_world(place), tree, Near(self._store, head))
        why = lost.data.get("why", lost.message)
        self._note(branch.name, {"what": "worldRenewed", "why": why, "tree": tree}, "sidecar")
        return world

    def _confines(self) -> bool:
        """Whether what runs in a world can see it at a place of its own."""
        return self.no_keeper() is None

    def _check_room(self, count: int) -> None:
        with self._store.reading() as conn:
            standing = places.count(conn)
        if standing + count > self._limits.worlds:
            raise BudgetExceeded(
                f"{standing} worlds stand already, {count} more would pass the limit of "
                f"{self._limits.worlds}",
                hint="discard branches and run store/gc, or fork with world: false",
                limit="worlds",
                value=standing + count,
                max=self._limits.worlds,
            )
        free = shutil.disk_usage(self._folder).free
        if free < self._limits.free_bytes:
            raise StoreFull(
                f"only {free:,} bytes are free where worlds stand", path=str(self._folder)
            )

    def _note_failure(self, branch: str, error: ShepherdError, author: str) -> None:
        said = {"what": "snapshotFailed", "error": error.name, "message": error.message}
        self._note(branch, said, author)

    def _note(self, branch: str, said: dict[str, Any], author: str) -> None:
        noted = self._preparer.own("annotation", said)
        self._store.write(lambda tx: record.append(tx, heads.load(tx, branch), noted, author))


def as_world(place: Place) -> World:
    """A row as the drivers see it, before one opens it."""
    path = Path(place.path)
    home = path if place.place == "apart" else None
    return World(path, Path(place.mounted_at), place.driver, place.place, home)


def world_view(world: World) -> common.World:
    """A live world as readers see it."""
    return common.World(str(world.path), str(world.mounted_at), world.driver, world.place)


def world_tree(conn: sqlite3.Connection, node: Node) -> Id:
    """``world(c)``: the tree of the nearest commit at or before it that has one."""
    return objects.id_of(conn, node.world) if node.world is not None else EMPTY_TREE


def change_payload(taken: Snapshot, why: str) -> dict[str, Any]:
    """The payload of a ``workspace_change``: what changed and what was not captured."""
    return {
        "why": why,
        "changed": list(taken.changed[:NAMED]),
        "changedCount": len(taken.changed),
        "notCaptured": [{"path": at.path, "why": at.why} for at in taken.not_captured[:NAMED]],
    }


def snapshot_view(taken: Snapshot) -> common.Snapshot:
    """A snapshot as readers see it."""
    return common.Snapshot(
        tree=taken.tree,
        files=taken.files,
        bytes_total=taken.bytes_total,
        bytes_new=taken.bytes_new,
        ms=round(taken.ms, 3),
        driver=taken.driver,
        not_captured=[common.NotCaptured(at.path, at.why) for at in taken.not_captured],
        changed=list(taken.changed),
    )


def elapsed_ms(start: float) -> float:
    """Milliseconds since ``time.perf_counter()`` was ``start``."""
    return round((time.perf_counter() - start) * 1000, 3)
