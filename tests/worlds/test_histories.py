"""Random histories of worlds, beside a model that is a plain value.

Fork, write, snapshot, restore, discard and crash in any order: afterwards every world holds,
byte for byte, what the model holds. Together the drivers run a thousand of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.restore import apply
from shepherd_sidecar.worlds.restore_plan import plan
from tests.support.drivers import DRIVERS, Bench, bench, edit, edits
from tests.support.folders import Shape, shape_of, shapes

HISTORIES = 1_000
MOST_WORLDS = 4

which = st.integers(0, 11)
steps = st.one_of(
    st.tuples(st.just("fork"), which),
    st.tuples(st.just("write"), which, edits),
    st.tuples(st.just("snapshot"), which),
    st.tuples(st.just("restore"), which, which),
    st.tuples(st.just("discard"), which),
    st.tuples(st.just("crash"), which),
    st.tuples(st.just("stand by"), which),
)
histories = st.lists(steps, min_size=2, max_size=12)


@dataclass
class History:
    """Worlds as they are, each with what it should hold."""

    bench: Bench
    worlds: list[tuple[World, Shape]] = field(default_factory=list)
    taken: list[tuple[Id, Shape]] = field(default_factory=list)
    """Snapshots, in the order they were taken."""

    def begin(self, shape: Shape) -> None:
        self.taken.append((self.bench.tree_of(shape), shape))
        self.fork(0)

    def step(self, what: str, *about: Any) -> None:
        if what in ("fork", "crash", "stand by") or self.worlds:
            getattr(self, what.replace(" ", "_"))(*about)

    def fork(self, source: int) -> None:
        if len(self.worlds) >= MOST_WORLDS:
            return
        tree, shape = self.taken[source % len(self.taken)]
        near = (tree for tree, _ in reversed(self.taken))
        self.worlds.append((self.bench.create(tree, near), shape))

    def write(self, at: int, changes: Any) -> None:
        at %= len(self.worlds)
        world, shape = self.worlds[at]
        self.worlds[at] = world, edit(shape, world.path, changes)

    def snapshot(self, at: int) -> Id:
        world, shape = self.worlds[at % len(self.worlds)]
        tree = self.bench.snapshot(world, self.taken[-1][0])
        assert tree == self.bench.tree_of(shape)
        self.taken.append((tree, shape))
        return tree

    def restore(self, at: int, target: int) -> None:
        at %= len(self.worlds)
        world, _ = self.worlds[at]
        current = self.snapshot(at)
        tree, shape = self.taken[target % len(self.taken)]
        objects, known = self.bench.objects, self.bench.driver.known(world)
        thought = plan(objects, world.path, current, tree, known=known)
        apply(objects, thought, known)
        self.worlds[at] = world, shape

    def discard(self, at: int) -> None:
        world, _ = self.worlds.pop(at % len(self.worlds))
        self.bench.driver.destroy(world)

    def stand_by(self, source: int) -> None:
        self.bench.stand_by(self.taken[source % len(self.taken)][0])

    def crash(self, how: int) -> None:
        """Another process finds a world that no branch got, and perhaps one half made."""
        b = self.bench
        lost = b.create(self.taken[how % len(self.taken)][0])
        if how % 2 and lost.home is None:
            os.rename(lost.path, lost.path.with_name(f".{lost.path.name}.building-0"))
        if how % 3:
            b.driver.flush()
        b.driver = b.another()
        b.driver.clean(b.worlds, [world.stands_in for world, _ in self.worlds])
        self.worlds = [(b.driver.open(world), shape) for world, shape in self.worlds]

    def end(self) -> None:
        for at, (world, shape) in enumerate(self.worlds):
            assert shape_of(world.path) == shape
            self.snapshot(at)
        while self.worlds:
            self.discard(0)
        assert self.bench.left() == []


@pytest.fixture(scope="module", params=list(DRIVERS))
def new(request: pytest.FixtureRequest) -> Iterator[Callable[[], Bench]]:
    with bench(request.param) as give:
        yield give


def test_every_world_holds_what_the_model_holds(new: Callable[[], Bench]) -> None:
    ran = 0

    @given(shapes, histories)
    @settings(
        max_examples=-(-HISTORIES // len(DRIVERS)),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def holds(shape: Shape, history: list[tuple[Any, ...]]) -> None:
        nonlocal ran
        ran += 1
        told = History(new())
        told.begin(shape)
        for step in history:
            told.step(*step)
        told.end()

    holds()
    print(f"{ran} histories")
    assert ran >= -(-HISTORIES // len(DRIVERS))
