"""Restore: a safety commit first, then the world; undone to the byte; nothing lost unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.worlds import Run
from tests.model.objects import tree_id
from tests.support.folders import Shape, make, shape_of, shapes
from tests.support.sidecar import Sidecar


def fill(folder: Path, shape: Shape) -> None:
    """Make a folder hold exactly this."""
    for name in os.listdir(os.fsencode(folder)):
        path = os.path.join(os.fsencode(folder), name)
        if os.path.isdir(path) and not os.path.islink(path):
            for at, _, _ in os.walk(path):
                os.chmod(at, 0o700)
            shutil.rmtree(path)
        else:
            os.unlink(path)
    make(shape, folder)


@pytest.mark.requirement("RESTORE-01", "SNAP-01")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=shapes, second=shapes, third=shapes)
def test_restore_then_undo_gives_back_every_byte(
    sidecar: Sidecar,
    tmp_path_factory: pytest.TempPathFactory,
    first: Shape,
    second: Shape,
    third: Shape,
) -> None:
    """Law 6."""
    folder = tmp_path_factory.mktemp("law6") / "workspace"
    folder.mkdir()
    make(first, folder)
    run = Run.start(sidecar, folder)
    fill(run.world, second)
    middle = run.take()["commit"]
    fill(run.world, third)
    before = shape_of(run.world)
    for to, wanted in ((run.root, first), (middle, second)):
        done = run.restore(to)
        assert shape_of(run.world) == wanted
        *_, safety, restored = run.log()
        assert (safety["commit"], restored["commit"]) == (done["safety"], done["commit"])
        assert safety["tree"] == tree_id(before)
        assert restored["tree"] == tree_id(wanted)
        assert restored["payload"] == {"action": "restore", "by": "owner", "to": to}
        assert run.take()["snapshot"]["tree"] == restored["tree"]
        assert run.log()[-1]["commit"] == done["commit"]
        run.restore(done["safety"])
        assert shape_of(run.world) == before


@pytest.mark.requirement("RESTORE-04")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(states=st.lists(shapes, min_size=2, max_size=4), data=st.data())
def test_restoring_at_k_and_replaying_the_rest_gives_the_world_of_all(
    sidecar: Sidecar,
    tmp_path_factory: pytest.TempPathFactory,
    states: list[Shape],
    data: st.DataObject,
) -> None:
    """Law 5: the rest is replayed in the world of a fork at k, and verified there."""
    folder = tmp_path_factory.mktemp("law5") / "workspace"
    folder.mkdir()
    run = Run.start(sidecar, folder)
    outcomes = []
    for number, state in enumerate(states):
        intent = sidecar.propose(run.branch, "fill", arguments={"n": number}, effect="reversible")
        fill(run.world, state)
        outcomes.append(sidecar.resolve(run.branch, intent["commit"])["commit"])
    k = data.draw(st.integers(0, len(states) - 1))
    run.restore(outcomes[k])
    assert shape_of(run.world) == states[k]
    for state in states[k + 1 :]:
        fill(run.world, state)
    assert shape_of(run.world) == states[-1]
    params = {"from": outcomes[-1], "mode": "live", "until": k + 1}
    opened = sidecar.call("replay/open", params)
    at = None
    for number, state in enumerate(states):
        payload = {"name": "fill", "arguments": {"n": number}}
        got = sidecar.call(
            "replay/next", {"replay": opened["replay"], "kind": "tool_call", "payload": payload}
        )
        assert got["hit"] == (number <= k)
        if got["live"]:
            at = Path(sidecar.branch(opened["branch"])["world"]["path"])
            fill(at, state)
            sidecar.resolve(opened["branch"], got["commit"])
    sidecar.call("replay/close", {"replay": opened["replay"]})
    assert at is None or shape_of(at) == states[-1]
    assert sidecar.log(opened["branch"])[-1]["tree"] == tree_id(states[-1])


@pytest.mark.requirement("RESTORE-02")
def test_a_preview_changes_nothing_and_says_what_would_be(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder)
    (run.world / "notes.txt").write_text("other\n")
    (run.world / "new").write_text("n")
    (run.world / "src" / "app.py").unlink()
    before, log = shape_of(run.world), run.log()
    seen = run.restore(run.root, preview=True)
    assert (shape_of(run.world), run.log()) == (before, log)
    assert "safety" not in seen
    assert "commit" not in seen
    assert {(one["path"], one["change"]) for one in seen["changes"]} == {
        ("notes.txt", "changed"),
        ("new", "removed"),
        ("src/app.py", "added"),
    }
    done = run.restore(run.root)
    assert done["changes"] == seen["changes"]
    assert shape_of(run.world) == shape_of(folder)


def test_only_the_paths_asked_for_are_restored(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder)
    (run.world / "notes.txt").write_text("kept as it is\n")
    (run.world / "src" / "app.py").unlink()
    (run.world / "src" / "new.py").write_text("n")
    done = run.restore(run.root, paths=["src"])
    assert shape_of(run.world / "src") == shape_of(folder / "src")
    assert (run.world / "notes.txt").read_text() == "kept as it is\n"
    assert run.log()[-1]["payload"]["paths"] == ["src"]
    assert {one["path"] for one in done["changes"]} == {"src/app.py", "src/new.py"}
    params = {"branch": run.branch, "to": run.root, "paths": ["nothing"]}
    sidecar.refused("PathNotFound", "snapshot/restore", params)


def test_a_branch_is_restored_to_the_world_of_another(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder)
    [fork] = sidecar.fork(run.branch)
    (run.world / "notes.txt").write_text("on the first\n")
    run.take()
    done = sidecar.call("snapshot/restore", {"branch": fork, "to": run.branch})
    assert sidecar.log(fork)[-1]["payload"]["to"] == sidecar.head(run.branch)
    at = Path(sidecar.branch(fork)["world"]["path"])
    assert shape_of(at) == shape_of(run.world)
    sidecar.call("snapshot/restore", {"branch": fork, "to": done["safety"]})
    assert shape_of(at) == shape_of(folder)


@pytest.mark.requirement("RESTORE-03")
@pytest.mark.parametrize("paths", [None, ["build"]])
def test_what_no_snapshot_holds_is_never_overwritten(
    sidecar: Sidecar, folder: Path, paths: list[str] | None
) -> None:
    """An ignored file stands where the snapshot has a folder."""
    (folder / "build").mkdir()
    (folder / "build" / "made").write_text("captured")
    run = Run.start(sidecar, folder)
    shutil.rmtree(run.world / "build")
    (run.world / ".shepherdignore").write_text("build\n")
    (run.world / "build").write_text("nowhere else")
    before, log = shape_of(run.world), run.log()
    preview = run.restore(run.root, preview=True, paths=paths)
    assert preview["conflicts"][0] == {"path": "build", "why": "ignored"}
    params = {"branch": run.branch, "to": run.root, "paths": paths}
    error = sidecar.error(sidecar.request("snapshot/restore", params))
    assert error.name == "RestoreConflict"
    assert error.data["hint"]
    assert error.data["conflicts"] == preview["conflicts"]
    assert shape_of(run.world) == before
    assert run.log() == log, "not even a safety commit"


@pytest.mark.requirement("WORKSPACE-03")
@pytest.mark.parametrize("place", ["apart", "inPlace"])
def test_the_git_of_the_user_s_own_folder_is_left_alone_unless_named(
    sidecar: Sidecar, folder: Path, place: str
) -> None:
    git = folder / ".git"
    (git / "objects").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    run = Run.start(sidecar, folder, place=place)
    (run.world / ".git" / "HEAD").write_text("ref: refs/heads/other\n")
    (run.world / ".git" / "index").write_text("i")
    (run.world / "notes.txt").write_text("changed")
    done = run.restore(run.root)
    assert (run.world / "notes.txt").read_text() == "hello\n"
    head = run.world / ".git" / "HEAD"
    if place == "apart":
        assert head.read_text() == "ref: refs/heads/main\n", "in a world it is a folder like any"
        assert done["notCaptured"] == []
        return
    assert head.read_text() == "ref: refs/heads/other\n"
    assert done["notCaptured"] == [{"path": ".git", "why": "dotGit"}]
    run.restore(run.root, paths=[".git"])
    assert head.read_text() == "ref: refs/heads/main\n"
    assert not (run.world / ".git" / "index").exists()


@pytest.mark.requirement("WORKSPACE-03")
def test_no_git_runs_and_nothing_of_the_repository_is_written(
    another: Any, tmp_path: Path, folder: Path
) -> None:
    """A ``git`` that stands first on PATH is never called."""
    fake = tmp_path / "bin"
    fake.mkdir()
    called = tmp_path / "called"
    (fake / "git").write_text(f'#!/bin/sh\necho "$@" >> {called}\n')
    (fake / "git").chmod(0o755)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    stamps = {path: path.lstat().st_ctime_ns for path in (folder / ".git").rglob("*")}
    path = f"{fake}:{os.environ['PATH']}"
    sidecar = another(tmp_path / "store", env={"PATH": path})
    for place in ("apart", "inPlace"):
        run = Run.start(sidecar, folder, place=place)
        (run.world / "notes.txt").write_text(f"{place}\n")
        run.take()
        run.restore(run.root)
        sidecar.fork(run.branch)
    assert not called.exists()
    assert {p: p.lstat().st_ctime_ns for p in (folder / ".git").rglob("*")} == stamps


def test_in_place_the_folder_itself_is_the_world(sidecar: Sidecar, folder: Path) -> None:
    before = shape_of(folder)
    run = Run.start(sidecar, folder, place="inPlace")
    assert run.world == folder
    assert sidecar.branch(run.branch)["world"]["place"] == "inPlace"
    (folder / "notes.txt").write_text("mine\n")
    assert run.take()["snapshot"]["changed"] == ["notes.txt"]
    [fork] = sidecar.fork(run.branch)
    world = sidecar.branch(fork)["world"]
    assert world["place"] == "apart"
    (Path(world["path"]) / "notes.txt").write_text("theirs\n")
    assert (folder / "notes.txt").read_text() == "mine\n"
    run.restore(run.root)
    assert shape_of(folder) == before


def test_a_store_inside_its_workspace_is_in_no_snapshot(another: Any, folder: Path) -> None:
    sidecar = another(folder / ".shepherd")
    run = Run.start(sidecar, folder, place="inPlace")
    names = sidecar.call("snapshot/read", {"commit": run.root, "path": ""})["entries"]
    assert [one["name"] for one in names] == ["notes.txt", "src"]
    (folder / "notes.txt").unlink()
    run.restore(run.root)
    assert (folder / ".shepherd" / "store.db").is_file()
    apart = Run.start(sidecar, folder)
    assert not (apart.world / ".shepherd").exists(), "the store is not visible in a world"


@pytest.mark.requirement("WORLD-03")
def test_who_still_writes_to_what_is_restored_is_named(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder)
    log = run.world / "log"
    log.write_text("one\n")
    before = run.take()["commit"]
    log.write_text("one\ntwo\n")
    with log.open("a") as out, subprocess.Popen(["sleep", "1000"], stdout=out) as process:
        told = run.restore(before)["notCaptured"]
        process.kill()
    assert [(one["path"], one["why"].split()[0]) for one in told if "sleep" in one["why"]] == [
        ("log", "heldOpen")
    ]
    assert log.read_text() == "one\n"
