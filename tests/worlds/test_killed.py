"""kill -9 at any moment of any driver's work: nothing leaks, nothing else is touched."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.worlds.driver import World
from tests.support.drivers import DRIVERS, Bench, bench, edit
from tests.support.folders import Shape, shape_of

KILLS = 6
SHAPE: Shape = {
    b"d%d" % n: ("dir", 0o555, {b"f%d" % k: ("file", 0o644, b"%d" % k * 999) for k in range(15)})
    for n in range(8)
}


@pytest.fixture(scope="module", params=list(DRIVERS))
def new(request: pytest.FixtureRequest) -> Iterator[tuple[str, Callable[[], Bench]]]:
    with bench(request.param) as give:
        yield request.param, give


def test_what_a_killed_process_leaves_is_found_and_removed(
    new: tuple[str, Callable[[], Bench]],
) -> None:
    name, give = new
    base = give().base
    # In a process of its own: there nothing else runs that a fork might tear apart.
    program = f"from {__name__} import work; work({name!r}, {os.fspath(base)!r})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    print(done.stdout)


def work(name: str, base: str) -> None:
    """Kill children at random moments, and look after each."""
    b = Bench(Path(base), DRIVERS[name])
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    print("seed", seed)
    tree = b.tree_of(SHAPE)
    start = time.perf_counter()
    living = b.create(tree)
    other = edit(SHAPE, living.path, [(3, b"mine", ("file", 0o600, b"kept"))])
    b.snapshot(living)
    once = time.perf_counter() - start
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            try:
                busy(b.another(), b)
            finally:
                os._exit(1)
        time.sleep(chance.random() * 4 * once)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the child ended by itself"
        look(b, living, other)
    b.driver.destroy(living)
    b.end()
    print("killed", KILLS)


def busy(driver: object, b: Bench) -> None:
    """All that a driver does, over and over."""
    b.driver = driver  # type: ignore[assignment]
    tree = b.tree_of(SHAPE)
    near = b.tree_of(edit(SHAPE, None, [(5, b"f7", None), (2, b"g", ("file", 0o755, b"x"))]))
    while True:
        b.stand_by(tree)
        worlds = [b.create(tree), b.create(near, [tree])]
        (worlds[1].path / "new").write_text("new")
        for world in worlds:
            b.snapshot(world, tree)
            b.driver.flush()
        for world in worlds:
            b.driver.destroy(world)
        b.forget()


def look(b: Bench, living: World, model: Shape) -> None:
    b.clean([living.stands_in])
    assert [name for name in b.left() if not name.endswith(".stat")] == [living.stands_in.name]
    assert len(b.left()) <= 2
    assert shape_of(living.path) == model
    b.forget()
    standing = b.worlds / "standing"
    kept = list(standing.glob("*/*")) if standing.exists() else []
    assert kept == [], kept
    world = b.create(b.tree_of(SHAPE))
    assert shape_of(world.path) == SHAPE
    b.driver.destroy(world)
