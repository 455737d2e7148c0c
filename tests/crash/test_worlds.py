"""kill -9 of a sidecar in the middle of each operation on worlds, over the wire.

Afterwards the next sidecar finds a sound store, every world as it was or as it was to be, nothing
mounted, running or lying about that belongs to no branch, and the folder untouched.
"""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.filesystems import mounts_below
from tests.support.folders import Shape, marks, shape_of
from tests.support.lacking import lacking
from tests.support.living import living
from tests.support.sidecar import Sidecar
from tests.support.waiting import until

ROUNDS = int(os.environ.get("SHEPHERD_KILLS", "2"))
"""How often each operation is killed."""
FILES = 150
FORKS = 3
Looks = Callable[[Sidecar], None]
"""What must hold once the operation was killed, or not."""


@dataclass
class Scene:
    """A run in a world apart, and what each world that nobody touches should hold."""

    store: Path
    folder: Path
    driver: str
    chance: random.Random
    branch: str = ""
    root: str = ""
    number: int = 0
    shapes: dict[str, Shape] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    happened: set[tuple[str, bool]] = field(default_factory=set)
    """Operations, with whether a killed one had come to its end all the same."""

    def begin(self, sidecar: Sidecar) -> None:
        told = sidecar.call("initialize", {"capabilities": {}})["capabilities"]["experimental"]
        drivers = {one["name"]: one for one in told["shepherd"]["drivers"]}
        if not drivers[self.driver]["available"]:
            lacking(drivers[self.driver]["why"])
        params = {"name": "main", "workspace": str(self.folder), "driver": self.driver}
        started = sidecar.call("run/start", params)
        self.branch, self.root = started["branch"], started["head"]
        [kept] = sidecar.fork(self.branch, names=["kept"])
        (self.world(sidecar, kept) / "mine").write_text("kept")
        self.shapes[kept] = shape_of(self.world(sidecar, kept))

    def world(self, sidecar: Sidecar, branch: str) -> Path:
        return Path(sidecar.branch(branch)["world"]["path"])

    def change(self, sidecar: Sidecar) -> Path:
        """Something that no snapshot holds yet."""
        self.number += 1
        world = self.world(sidecar, self.branch)
        (world / "last").write_text(str(self.number))
        for at in range(0, FILES, 5):
            (world / "d" / f"f{at}").write_text(f"{self.number} " * 300)
        return world

    def fork(self, sidecar: Sidecar) -> tuple[str, dict[str, Any], Looks]:
        self.number += 1
        names = [f"fork {self.number}.{one}" for one in range(FORKS)]

        def look(later: Sidecar) -> None:
            made = [name for name in self.branches(later) if name in names]
            assert made in ([], names[::-1]), "all of them, or none"
            for name in made:
                assert shape_of(self.world(later, name)) == shape_of(self.folder)
                later.call("branch/discard", {"branch": name})
            self.happened.add(("fork", bool(made)))

        return "branch/fork", {"at": self.root, "count": FORKS, "names": names}, look

    def take(self, sidecar: Sidecar) -> tuple[str, dict[str, Any], Looks]:
        held, before = shape_of(self.change(sidecar)), sidecar.head(self.branch)

        def look(later: Sidecar) -> None:
            assert shape_of(self.world(later, self.branch)) == held
            self.happened.add(("take", later.head(self.branch) != before))
            later.call("snapshot/take", {"branch": self.branch})
            [fork] = later.fork(self.branch)
            assert shape_of(self.world(later, fork)) == held
            later.call("branch/discard", {"branch": fork})

        return "snapshot/take", {"branch": self.branch}, look

    def restore(self, sidecar: Sidecar) -> tuple[str, dict[str, Any], Looks]:
        held, known = shape_of(self.change(sidecar)), set(sidecar.commits(self.branch))

        def look(later: Sidecar) -> None:
            new = [entry for entry in later.log(self.branch) if entry["commit"] not in known]
            done = any(entry["kind"] == "intervention" for entry in new)
            self.happened.add(("restore", done))
            wanted = shape_of(self.folder)
            if done:
                assert shape_of(self.world(later, self.branch)) == wanted
            asked = {"branch": self.branch, "to": self.root}
            later.call("snapshot/restore", asked)  # what was begun is completed
            assert shape_of(self.world(later, self.branch)) == wanted
            if new:  # the safety commit came first: there the way back is
                later.call("snapshot/restore", {**asked, "to": new[0]["commit"]})
                assert shape_of(self.world(later, self.branch)) == held

        return "snapshot/restore", {"branch": self.branch, "to": self.root}, look

    def exec(self, sidecar: Sidecar) -> tuple[str, dict[str, Any], Looks]:
        self.number += 1
        word = f"killed-{os.getpid()}-{self.driver}-{self.number}"
        script = "for n in 1 2 3 4 5 6 7 8; do echo $n > step$n; sleep 0.005; done"
        argv = ["sh", "-c", script, word]

        def look(later: Sidecar) -> None:
            until(lambda: not living(word), "the command outlived its sidecar")
            steps = sorted(self.world(later, self.branch).glob("step*"))
            assert [path.name for path in steps] == [f"step{n + 1}" for n in range(len(steps))]
            self.happened.add(("exec", len(steps) == 8))
            for path in steps:
                path.unlink()

        return "world/exec", {"branch": self.branch, "argv": argv}, look

    def discard(self, sidecar: Sidecar) -> tuple[str, dict[str, Any], Looks]:
        [fork] = sidecar.fork(self.root)

        def look(later: Sidecar) -> None:
            done = later.branch(fork)["status"] == "discarded"
            self.happened.add(("discard", done))
            if done:
                later.call("branch/discard", {"branch": fork, "restore": True})
            assert shape_of(self.world(later, fork)) == shape_of(self.folder)
            later.call("branch/discard", {"branch": fork})

        return "branch/discard", {"branch": fork}, look

    def gc(self, sidecar: Sidecar) -> tuple[str, dict[str, Any], Looks]:
        def look(later: Sidecar) -> None:
            self.happened.add(("gc", len(self.branches(later)) == 2))
            later.call("store/gc", {"keepDiscardedDays": 0})
            assert self.branches(later) == ["kept", self.branch]

        return "store/gc", {"keepDiscardedDays": 0}, look

    def branches(self, sidecar: Sidecar) -> list[str]:
        return [one["branch"] for one in sidecar.call("branch/list", {"limit": 1000})["branches"]]

    def look(self, sidecar: Sidecar) -> None:
        """What must hold after any of them."""
        worlds = self.store / "worlds"
        until(lambda: _homes(worlds) == self.placed(), "a world of nobody's is left")
        assert {Path(at).parent.name for at in mounts_below(worlds)} <= self.placed()
        for branch, shape in self.shapes.items():
            assert shape_of(self.world(sidecar, branch)) == shape
        assert sidecar.call("store/verify")["ok"]

    def placed(self) -> set[str]:
        """The homes of worlds that branches have."""
        database = f"file:{self.store / 'store.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(database, uri=True)) as db:
            return {Path(path).name for (path,) in db.execute("SELECT path FROM worlds")}


def _homes(worlds: Path) -> set[str]:
    return {path.name for path in worlds.glob("w-*")} | {path.name for path in worlds.glob(".w-*")}


@pytest.fixture(params=["copy", "overlay"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    folder = tmp_path / "workspace"
    (folder / "d").mkdir(parents=True)
    for at in range(FILES):
        (folder / "d" / f"f{at}").write_text(f"{at} " * 300)
    made = Scene(tmp_path / ".shepherd", folder, request.param, random.Random(request.param))
    yield made
    assert mounts_below(tmp_path) == []


@pytest.mark.requirement("CRASH-06")
def test_a_sidecar_that_is_killed_leaves_worlds_as_they_were_or_were_to_be(scene: Scene) -> None:
    before = marks(scene.folder)
    operations = (scene.fork, scene.take, scene.restore, scene.exec, scene.discard, scene.gc)
    with Sidecar.on(scene.store) as sidecar:
        scene.begin(sidecar)
        for operation in operations:  # once to its end: how long it takes
            method, params, look = operation(sidecar)
            start = time.perf_counter()
            sidecar.call(method, params)
            scene.took[method] = time.perf_counter() - start
            look(sidecar)
    looks: list[Looks] = []
    for operation in operations * ROUNDS:
        with Sidecar.on(scene.store) as doomed:
            for look in looks:
                look(doomed)
            method, params, last = operation(doomed)
            looks = [last, scene.look]
            doomed.request(method, params)
            # Not to wait for anything: to be somewhere else each time.
            time.sleep(scene.chance.random() * 1.2 * scene.took[method])
            assert doomed.process is not None
            doomed.process.kill()
            doomed.process.wait()
    with Sidecar.on(scene.store) as sidecar:
        for look in looks:
            look(sidecar)
    print(sorted(scene.happened))
    assert marks(scene.folder) == before
