"""What a crash leaves of worlds is found and removed; what somebody is building stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.errors import BudgetExceeded, NameTaken
from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.snapshots import SnapshotTakeParams
from shepherd_sidecar.store import branches, commits, payloads
from shepherd_sidecar.worlds import layers, overlay_driver, overlay_home
from shepherd_sidecar.worlds.building import building
from shepherd_sidecar.worlds.keeper.client import Keeper
from tests.engine.conftest import Another
from tests.engine.worlds import Run
from tests.support.lacking import lacking
from tests.support.sidecar import Sidecar


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path / "own" / ".shepherd", Limits(worlds=4))
    yield made
    made.close()


def started(engine: Engine, folder: Path) -> str:
    params = RunStartParams(name="main", workspace=str(folder))
    return engine.runs.start(params, "test").branch


def standing(engine: Engine) -> set[str]:
    worlds = engine.store.root / "worlds"
    return {path.name for path in worlds.iterdir() if path.name.startswith("w-")}


def _overlay(folder: Path) -> str:
    """The name of the driver, where it works."""
    tried = Engine(folder / "tried" / ".shepherd")
    try:
        if not tried.workspaces.registry.available("overlay"):
            lacking("no overlay can be mounted here")
    finally:
        tried.close()
    return "overlay"


@pytest.mark.requirement("FORK-03")
def test_a_fork_that_fails_leaves_no_world(engine: Engine, folder: Path) -> None:
    branch = started(engine, folder)
    before = standing(engine)
    with pytest.raises(NameTaken):
        engine.fork(ForkParams(at=branch, names=["one", branch]), "test")
    assert standing(engine) == before


@pytest.mark.requirement("WORLD-01")
def test_what_a_crash_left_is_removed_and_nothing_else(engine: Engine, folder: Path) -> None:
    branch = started(engine, folder)
    engine.fork(ForkParams(at=branch, names=["second"]), "test")
    living = standing(engine)
    left = engine.store.root / "worlds" / "w-000000000000"
    (left / "inside").mkdir(parents=True)
    with building(engine.store.root / "worlds"):
        assert engine.workspaces.clean() == [], "somebody is building: it may be theirs"
    assert left.is_dir()
    assert left in engine.workspaces.clean()
    assert standing(engine) == living
    assert engine.workspaces.clean() == []


@pytest.mark.requirement("WORLD-01")
def test_a_sidecar_looks_for_leftovers_by_itself(
    another: Another, fresh: Sidecar, folder: Path
) -> None:
    run = Run.start(fresh, folder)
    left = fresh.store / "worlds" / "w-000000000000"
    left.mkdir()
    second = another(fresh.store)
    while left.exists():  # the test's own time limit ends this
        second.call("branch/get", {"branch": run.branch})
    assert run.world.is_dir()


@pytest.mark.requirement("OVERLAY-02")
def test_a_world_that_did_not_outlast_the_machine_stands_as_its_last_snapshot(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the last start of the machine is called is changed, and the world is not mounted."""
    if not engine.workspaces.registry.available("overlay"):
        lacking("no overlay can be mounted here")
    params = RunStartParams(name="main", workspace=str(folder), driver="overlay")
    branch = engine.runs.start(params, "test").branch
    place = engine.workspaces.need(branch)
    world = engine.workspaces.world(place)
    (world.path / "notes.txt").write_text("captured")
    engine.restoring.take(SnapshotTakeParams(branch), "test")
    (world.path / "notes.txt").write_text("never captured")
    assert engine.workspaces.keeper.unmount(world.stands_in)
    for module in (layers, overlay_home, overlay_driver):
        monkeypatch.setattr(module, "boot", lambda: "0123456789ab")
    again = engine.workspaces.world(engine.workspaces.need(branch))
    assert (again.path / "notes.txt").read_text() == "captured"
    assert engine.workspaces.world(engine.workspaces.need(branch)).path == again.path
    with engine.store.reading() as conn:
        head = commits.get(conn, branches.need(conn, branch).head)
        said = payloads.read(conn, engine.store.root, head)
    assert said is not None
    assert said["what"] == "worldRenewed"


@pytest.mark.requirement("OVERLAY-04")
def test_a_world_that_is_shut_is_mounted_again_when_it_is_asked_for(
    another: Another, tmp_path: Path, folder: Path
) -> None:
    store = tmp_path / "store" / ".shepherd"
    run = Run.start(another(store), folder, driver=_overlay(tmp_path))
    (run.world / "notes.txt").write_text("written")
    keeper = Keeper(store / "worlds")
    [home] = (store / "worlds").glob("w-*")
    assert keeper.unmount(home)
    keeper.close()
    assert not (run.world / "notes.txt").exists()
    world = run.sidecar.branch(run.branch)["world"]
    assert (Path(world["path"]) / "notes.txt").read_text() == "written"


@pytest.mark.requirement("OVERLAY-04")
def test_who_does_not_stay_makes_no_mounts_unasked(engine: Engine, folder: Path) -> None:
    place = engine.workspaces.need(started(engine, folder))
    assert place.driver != "overlay"


@pytest.mark.requirement("WORLD-02")
def test_more_worlds_than_the_limit_are_refused_aloud(engine: Engine, folder: Path) -> None:
    branch = started(engine, folder)
    with pytest.raises(BudgetExceeded, match="worlds stand already") as refused:
        engine.fork(ForkParams(at=branch, count=4), "test")
    assert refused.value.data["max"] == 4
    assert len(standing(engine)) == 1
    assert len(engine.fork(ForkParams(at=branch, count=3), "test").branches) == 3
