"""What coming forks need is laid before they are asked for, and they find it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.engine.ahead import DRIFTED
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.laying import Wish
from shepherd_sidecar.protocol.branches import BranchDiscardParams, ForkParams
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.snapshots import SnapshotTakeParams
from shepherd_sidecar.protocol.stores import GcParams
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.registry import LAYERS
from tests.engine.conftest import Another
from tests.engine.worlds import Run
from tests.support.folders import shape_of
from tests.support.lacking import lacking
from tests.support.waiting import PATIENCE


def _overlay_works(folder: Path) -> bool:
    made = Engine(folder / "tried" / ".shepherd")
    try:
        return made.workspaces.registry.available("overlay")
    finally:
        made.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path / "own" / ".shepherd")
    try:
        if not made.workspaces.registry.available("overlay"):
            lacking("no overlay can be mounted here")
        yield made
    finally:
        made.close()


def layers_of(engine: Engine) -> Layers:
    return Layers(engine.store.root / LAYERS)


def begun(engine: Engine, folder: Path, place: str = "inPlace") -> str:
    params = RunStartParams(
        name="main",
        workspace=str(folder),
        place=place,  # type: ignore[arg-type]
        driver="overlay",
    )
    return engine.runs.start(params, "test").branch


def taken(engine: Engine, branch: str) -> Id:
    return engine.restoring.take(SnapshotTakeParams(branch), "test").snapshot.tree


@pytest.mark.requirement("LAYING-01")
def test_the_folder_of_a_run_in_place_is_laid_in_the_background(
    another: Another, tmp_path: Path, folder: Path
) -> None:
    sidecar = another(tmp_path / "store" / ".shepherd")
    if not _overlay_works(tmp_path):
        lacking("no overlay can be mounted here")
    run = Run.start(sidecar, folder, place="inPlace", driver="overlay")
    layers = Layers(sidecar.store / LAYERS)
    tree = run.take()["snapshot"]["tree"]
    while layers.laid(tree) is None:  # the test's own time limit ends this
        time.sleep(0.01)
    [fork] = sidecar.fork(run.branch)
    world = sidecar.branch(fork)["world"]
    assert world["driver"] == "overlay"
    assert shape_of(Path(world["path"])) == shape_of(folder)


def begun_and_gone(engine: Engine, folder: Path) -> str:
    """A run of a sidecar that is gone before anything was laid."""
    before = Engine(engine.store.root)
    try:
        return begun(before, folder)
    finally:
        before.close()


@pytest.mark.requirement("LAYING-01")
def test_what_a_sidecar_gone_too_soon_left_undone_the_fork_does(
    engine: Engine, folder: Path
) -> None:
    branch = begun_and_gone(engine, folder)
    assert not layers_of(engine).folder.exists()
    [made] = engine.fork(ForkParams(at=branch), "test").branches
    assert made.world is not None
    assert shape_of(Path(made.world.path)) == shape_of(folder)


@pytest.mark.requirement("LAYING-01")
def test_the_first_change_that_the_next_sidecar_sees_has_the_folder_laid(
    engine: Engine, folder: Path
) -> None:
    branch = begun_and_gone(engine, folder)
    (folder / "notes.txt").write_text("changed\n")
    tree = taken(engine, branch)
    while layers_of(engine).laid(tree) is None:  # the test's own time limit ends this
        time.sleep(0.01)
    while engine.workspaces.ahead._laying.working():
        time.sleep(0.01)


def test_what_is_laid_ahead_does_not_outlive_the_engine(tmp_path: Path) -> None:
    """It reads the store, which is closed, and may be removed, afterwards."""
    engine = Engine(tmp_path / "own" / ".shepherd")
    begun, go_on, told = threading.Event(), threading.Event(), []

    def reason() -> None:
        begun.set()
        go_on.wait()
        with engine.store.reading():
            told.append("looked")

    def close() -> None:
        engine.close()
        told.append("closed")

    engine.workspaces.ahead._soon_do(reason)
    assert begun.wait(PATIENCE)
    closing = threading.Thread(target=close)
    closing.start()
    closing.join(0.5)
    go_on.set()
    closing.join()
    assert told == ["looked", "closed"]


@pytest.mark.requirement("LAYING-02")
def test_a_fork_waits_for_what_is_being_laid_for_it(engine: Engine, folder: Path) -> None:
    branch = begun(engine, folder)
    base = taken(engine, branch)
    (folder / "notes.txt").write_text("changed\n")
    taken(engine, branch)
    wishes = engine.workspaces.ahead._laying.wishes
    wish = Wish("layer", base)
    wishes.add(wish)
    forking = threading.Thread(target=engine.fork, args=(ForkParams(at=branch), "test"))
    with wishes.held(wish, wait=True):
        forking.start()
        forking.join(0.3)
        assert forking.is_alive(), "it lays the same once more"
        with batch(engine.store) as content:
            stack = layers_of(engine).lay(content, base)
        wishes.done(wish)
    forking.join()
    tree = taken(engine, branch)
    laid = layers_of(engine).laid(tree)
    assert laid is not None
    assert laid.layers[1:] == stack.layers


@pytest.mark.requirement("LAYING-02")
def test_what_nobody_is_laying_is_laid_by_the_fork(engine: Engine, folder: Path) -> None:
    branch = begun(engine, folder)
    base = taken(engine, branch)
    (folder / "notes.txt").write_text("changed\n")
    tree = taken(engine, branch)
    wishes = engine.workspaces.ahead._laying.wishes
    wishes.add(Wish("layer", base))
    engine.fork(ForkParams(at=branch), "test")
    assert wishes.every() == []
    assert layers_of(engine).laid(base) is not None
    assert layers_of(engine).laid(tree) is not None


@pytest.mark.requirement("LAYING-01")
def test_a_folder_that_has_drifted_is_laid_anew(engine: Engine, folder: Path) -> None:
    branch = begun(engine, folder)
    for number in range(DRIFTED):
        (folder / f"{number}").touch()
    tree = taken(engine, branch)
    while layers_of(engine).laid(tree) is None:  # the test's own time limit ends this
        time.sleep(0.01)
    while engine.workspaces.ahead._laying.working():
        time.sleep(0.01)


@pytest.mark.requirement("LAYING-03")
def test_a_run_on_a_folder_starts_from_what_the_last_left(engine: Engine, folder: Path) -> None:
    branch = begun(engine, folder, "apart")
    before = layers_of(engine).laid(taken(engine, branch))
    for number in range(150):  # so that the difference is small beside it
        (folder / f"{number}").touch()
    middle = layers_of(engine).laid(taken(engine, begun(engine, folder, "apart")))
    (folder / "notes.txt").write_text("changed\n")
    after = layers_of(engine).laid(taken(engine, begun(engine, folder, "apart")))
    assert before is not None
    assert middle is not None
    assert after is not None
    assert after.layers[1:] == middle.layers
    assert len(os.listdir(layers_of(engine).paths(after)[0])) == 1


@pytest.mark.requirement("LAYING-04")
def test_gc_lets_go_of_layers_and_leaves_those_of_worlds_and_heads(
    engine: Engine, folder: Path
) -> None:
    branch = begun(engine, folder)
    forks = engine.fork(ForkParams(at=branch, count=2), "test").branches
    trees = []
    for number, fork in enumerate(forks):
        place = engine.workspaces.need(fork.branch)
        world = engine.workspaces.world(place)
        (world.path / "notes.txt").write_text(f"{number}")
        trees.append(taken(engine, fork.branch))
        engine.fork(ForkParams(at=fork.branch, names=[f"{fork.branch} below"]), "test")
    for name in (forks[1].branch, f"{forks[1].branch} below"):
        engine.discard(BranchDiscardParams(name), "test").result()
    engine.care().gc(GcParams(keep_discarded_days=0))
    layers = layers_of(engine)
    assert layers.laid(taken(engine, branch)) is not None
    assert layers.laid(trees[0]) is not None
    assert layers.laid(trees[1]) is None
    names = [name for name in os.listdir(layers.folder) if "." not in name]
    assert len(names) == 2
    assert all((layers.folder / f"{name}.synced").exists() for name in names)
    for fork in (forks[0].branch, f"{forks[0].branch} below"):
        place = engine.workspaces.need(fork)
        assert (engine.workspaces.world(place).path / "notes.txt").read_text() == "0"
