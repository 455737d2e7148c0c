"""Snapshots: taken, read, compared, and what they do not hold."""

from __future__ import annotations

import base64
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine.worlds import Run
from tests.model.objects import h, tree_id
from tests.support.folders import Shape, make, shape_of, shapes
from tests.support.sidecar import Sidecar


@pytest.mark.requirement("SNAP-01", "OBJECT-01", "OBJECT-05")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(shape=shapes)
def test_a_world_is_equal_to_the_folder_it_was_made_from(
    sidecar: Sidecar, tmp_path_factory: pytest.TempPathFactory, shape: Shape
) -> None:
    folder = tmp_path_factory.mktemp("any") / "workspace"
    folder.mkdir()
    make(shape, folder)
    run = Run.start(sidecar, folder)
    assert shape_of(run.world) == shape_of(folder)
    [root] = run.log()
    assert root["tree"] == tree_id(shape_of(folder)), "the id that objects.md says"


@pytest.mark.requirement("INTENT-08")
def test_an_outcome_carries_the_workspace_unless_told_not_to(
    sidecar: Sidecar, folder: Path
) -> None:
    run = Run.start(sidecar, folder)
    (run.world / "new.txt").write_text("new")
    intent = sidecar.propose(run.branch)["commit"]
    done = sidecar.resolve(run.branch, intent)
    assert done["snapshot"]["changed"] == ["new.txt"]
    assert done["snapshot"]["notCaptured"] == []
    entry = sidecar.call("trace/get", {"commit": done["commit"]})
    assert entry["tree"] == done["snapshot"]["tree"] == tree_id(shape_of(run.world))
    (run.world / "later.txt").write_text("later")
    intent = sidecar.propose(run.branch, "again")["commit"]
    plain = sidecar.resolve(run.branch, intent, snapshot=False)
    assert "snapshot" not in plain
    assert "tree" not in sidecar.call("trace/get", {"commit": plain["commit"]})
    assert run.take()["snapshot"]["changed"] == ["later.txt"]


def test_taking_says_what_changed_and_records_nothing_when_nothing_did(
    sidecar: Sidecar, folder: Path
) -> None:
    run = Run.start(sidecar, folder)
    still = run.take()
    assert still["commit"] == run.root
    assert (still["snapshot"]["changed"], still["snapshot"]["bytesNew"]) == ([], 0)
    (run.world / "notes.txt").write_text("other")
    (run.world / "src" / "app.py").unlink()
    taken = run.take()
    assert taken["snapshot"]["changed"] == ["notes.txt", "src/app.py"]
    assert taken["snapshot"]["bytesNew"] == 5
    entry = run.log()[-1]
    assert (entry["commit"], entry["kind"]) == (taken["commit"], "workspace_change")
    assert entry["payload"] == {
        "why": "snapshot",
        "changed": ["notes.txt", "src/app.py"],
        "changedCount": 2,
        "notCaptured": [],
    }
    assert run.take()["commit"] == taken["commit"]


@pytest.mark.requirement("INTENT-05")
@pytest.mark.parametrize("between", [False, True])
def test_a_workspace_that_changed_after_a_denial_is_written_down(
    sidecar: Sidecar, folder: Path, tmp_path: Path, between: bool
) -> None:
    gate = tmp_path / "gate.toml"
    gate.write_text('[[rule]]\nname="r"\ndecision="deny"\nreason="no"\ntools=["rm"]\n')
    run = Run.start(sidecar, folder, gate=str(gate))
    denied = sidecar.propose(run.branch, "rm")["commit"]
    sidecar.propose(run.branch, "rm", arguments={"again": 1})
    assert not ineffective(run), "nothing changed yet"
    denied = sidecar.propose(run.branch, "rm", arguments={"again": 2})["commit"]
    (run.world / "notes.txt").unlink()
    if between:
        sidecar.say(run.branch, "I did not do anything")
    intent = sidecar.propose(run.branch, "look")["commit"]
    [said] = ineffective(run)
    assert said["intent"] == denied
    assert said["payload"]["changed"] == ["notes.txt"]
    assert said["tree"] == tree_id(shape_of(run.world))
    assert run.log()[-1]["commit"] == intent, "it stands before the next intent"
    (run.world / "src" / "app.py").unlink()
    sidecar.propose(run.branch, "look", arguments={"n": 2})
    assert len(ineffective(run)) == 1, "something is open: who did it is not known"


def ineffective(run: Run) -> list[dict[str, Any]]:
    return [e for e in run.log() if e["payload"].get("action") == "vetoIneffective"]


@pytest.mark.requirement("SNAP-02")
def test_what_is_not_captured_is_named_with_its_reason(
    sidecar: Sidecar, folder: Path, tmp_path: Path
) -> None:
    (folder / ".shepherdignore").write_text("*.log\n/build/\n")
    (folder / "x.log").write_text("noise")
    (folder / "build").mkdir()
    run = Run.start(sidecar, folder)
    os.mkfifo(run.world / "pipe")
    (run.world / "y.log").write_text("noise")
    with socket.socket(socket.AF_UNIX) as open_socket:
        here = os.getcwd()
        os.chdir(run.world)  # the address of a socket must be short
        try:
            open_socket.bind("s.sock")
        finally:
            os.chdir(here)
        (run.world / "notes.txt").write_text("changed")
        left = {one["path"]: one["why"] for one in run.take()["snapshot"]["notCaptured"]}
    assert left == {"pipe": "fifo", "s.sock": "socket", "y.log": "ignored"}
    assert run.log()[-1]["payload"]["notCaptured"] == (
        [{"path": path, "why": why} for path, why in sorted(left.items())]
    )
    assert not (run.world / "x.log").exists(), "what was not captured is not in the world"


@pytest.mark.requirement("SNAP-06")
def test_anything_can_be_read_as_it_was(sidecar: Sidecar, folder: Path) -> None:
    (folder / "link").symlink_to("src/app.py")
    (folder / "src" / "app.py").chmod(0o755)
    (folder / os.fsdecode(b"odd\xff")).write_bytes(b"\x00\xff")
    big = os.urandom(200_000)
    (folder / "big").write_bytes(big)
    run = Run.start(sidecar, folder)
    (run.world / "src" / "app.py").write_text("print('two')\n")
    later = run.take()["commit"]
    [tree] = {run.log()[0]["tree"]}

    def read(path: str, **params: Any) -> dict[str, Any]:
        return dict(sidecar.call("snapshot/read", {"path": path, "commit": run.root, **params}))

    assert run.read(run.root, "src/app.py") == b"print('one')\n"
    assert run.read(later, "src/app.py") == b"print('two')\n"
    assert read("src/app.py")["mode"] == 0o755
    assert run.read(run.root, "big", offset=150_000, length=10) == big[150_000:150_010]
    assert run.read(run.root, "big", offset=199_999, length=10) == big[-1:]
    assert run.read(run.root, "big", offset=10**9) == b""
    assert read("link") == {
        "kind": "link",
        "size": 10,
        "data": base64.b64encode(b"src/app.py").decode(),
    }
    assert run.read(run.root, "odd\\xff") == b"\x00\xff"
    listed = sidecar.call("snapshot/read", {"path": "", "tree": tree})
    assert [one["name"] for one in listed["entries"]] == [
        "big",
        "link",
        "notes.txt",
        "odd\\xff",
        "src",
    ]
    assert (listed["kind"], listed["size"]) == ("dir", 5)
    [app] = read("src")["entries"]
    assert app == {
        "name": "app.py",
        "kind": "file",
        "mode": 0o755,
        "size": 13,
        "id": h("blob", b"print('one')\n"),
    }


@pytest.mark.requirement("SNAP-06")
@pytest.mark.parametrize(
    "path", ["nothing", "src/nothing", "notes.txt/x", "link/app.py", "/etc/passwd"]
)
def test_a_path_that_is_not_there(sidecar: Sidecar, folder: Path, path: str) -> None:
    (folder / "link").symlink_to("src")
    run = Run.start(sidecar, folder)
    params = {"commit": run.root, "path": path}
    assert sidecar.refused("PathNotFound", "snapshot/read", params).data["path"] == path


@pytest.mark.parametrize(
    "change",
    [
        {"path": "../x"},
        {"path": "a\0b"},
        {"offset": -1},
        {"length": -1},
        {"tree": "0" * 64},
        {"commit": None},
    ],
)
def test_a_reading_that_cannot_be_one(
    sidecar: Sidecar, folder: Path, change: dict[str, Any]
) -> None:
    run = Run.start(sidecar, folder)
    params = {"commit": run.root, "path": "notes.txt", **change}
    sidecar.refused("InvalidParams", "snapshot/read", params)


def test_two_workspaces_are_compared(sidecar: Sidecar, folder: Path) -> None:
    (folder / "gone").write_text("away")
    (folder / "moved").write_text("the same content, elsewhere")
    run = Run.start(sidecar, folder)
    (run.world / "gone").unlink()
    (run.world / "moved").rename(run.world / "src" / "moved here")
    (run.world / "notes.txt").write_text("longer than before\n")
    (run.world / "new").write_text("n")
    run.take()
    trees = [entry["tree"] for entry in run.log()]
    wanted = {
        "added": [{"path": "new", "change": "added", "size": 1}],
        "removed": [{"path": "gone", "change": "removed"}],
        "changed": [{"path": "notes.txt", "change": "changed", "size": 19}],
        "renamed": [{"path": "src/moved here", "change": "renamed", "was": "moved", "size": 27}],
    }
    for left, right in ((run.root, run.branch), (trees[0], trees[1]), (trees[0], run.branch)):
        assert sidecar.call("snapshot/diff", {"left": left, "right": right}) == wanted
    back = sidecar.call("snapshot/diff", {"left": run.branch, "right": run.root})
    assert [one["path"] for one in back["added"]] == ["gone"]
    same = sidecar.call("snapshot/diff", {"left": run.root, "right": run.root})
    assert same == {"added": [], "removed": [], "changed": [], "renamed": []}
    files = sidecar.call("trace/diff", {"left": run.root, "right": run.branch})["files"]
    assert {one["path"] for one in files} == {"new", "gone", "notes.txt", "src/moved here"}


@pytest.mark.requirement("SNAP-03", "WORKSPACE-02")
def test_a_workspace_that_vanished_is_an_event_and_an_error(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder, place="inPlace")
    intent = sidecar.propose(run.branch)["commit"]
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    done = sidecar.resolve(run.branch, intent)
    assert done["snapshotFailed"]["name"] == "SnapshotFailed"
    assert str(folder) in done["snapshotFailed"]["message"]
    assert "snapshot" not in done
    error = sidecar.error(sidecar.request("snapshot/take", {"branch": run.branch}))
    assert error.name == "SnapshotFailed"
    assert error.data["hint"]
    assert str(folder) in error.message
    assert not [e for e in run.log()[1:] if "tree" in e], "no stale tree in its place"
    said = [e["payload"]["what"] for e in run.log() if e["kind"] == "annotation"]
    assert said == ["snapshotFailed"] * 2
    restoring = sidecar.request("snapshot/restore", {"branch": run.branch, "to": run.root})
    assert sidecar.error(restoring).name == "SnapshotFailed"
    assert not folder.exists()
    sidecar.say(run.branch, "the trace goes on")
    elsewhere.rename(folder)
    (folder / "notes.txt").write_text("back")
    assert run.take()["snapshot"]["changed"] == ["notes.txt"]
    assert sidecar.call("store/verify", {})["ok"]


@pytest.mark.requirement("WORKSPACE-02")
@pytest.mark.parametrize("driver", ["copy", None])
def test_a_world_that_vanished_leaves_the_others(
    sidecar: Sidecar, folder: Path, driver: str | None
) -> None:
    run = Run.start(sidecar, folder, driver=driver)
    [fork] = sidecar.fork(run.branch)
    homes = sidecar.store / "worlds"
    [home] = [at for at in homes.iterdir() if run.world.is_relative_to(at)]
    # What is mounted in there withstands: of such a world the rest is gone.
    shutil.rmtree(home, ignore_errors=True)
    error = sidecar.error(sidecar.request("snapshot/take", {"branch": run.branch}))
    assert error.name in ("SnapshotFailed", "NoWorld")
    assert error.data["hint"]
    params = {"branch": run.branch, "argv": ["true"]}
    assert sidecar.error(sidecar.request("world/exec", params)).data["hint"]
    assert sidecar.call("snapshot/take", {"branch": fork})["snapshot"]["files"] == 2


@pytest.mark.requirement("REWIND-01")
def test_what_a_rewind_leaves_in_the_world_is_named_by_the_next_snapshot(
    sidecar: Sidecar, folder: Path
) -> None:
    run = Run.start(sidecar, folder)
    (run.world / "notes.txt").write_text("cut off")
    run.take()
    sidecar.call("branch/rewind", {"branch": run.branch, "to": run.root})
    assert (run.world / "notes.txt").read_text() == "cut off"
    (run.world / "new").touch()
    assert run.take()["snapshot"]["changed"] == ["new", "notes.txt"]
    sidecar.call("branch/rewind", {"branch": run.branch, "to": run.root})
    run.restore(run.root)
    assert (run.world / "notes.txt").read_text() == "hello\n"
    assert not (run.world / "new").exists()


@pytest.mark.requirement("SNAP-05")
def test_no_link_is_followed_out_of_the_workspace(
    sidecar: Sidecar, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("not yours")
    (folder / "out").symlink_to(outside)
    (folder / "secret").symlink_to(outside / "secret")
    run = Run.start(sidecar, folder)
    assert (run.world / "out").is_symlink()
    params = {"commit": run.root, "path": "out/secret"}
    sidecar.refused("PathNotFound", "snapshot/read", params)
    assert run.read(run.root, "secret") == str(outside / "secret").encode()
    # A folder becomes a link to the outside: a restore makes it a folder, not what it points to.
    shutil.rmtree(run.world / "src")
    (run.world / "src").symlink_to(outside)
    run.restore(run.root)
    assert shape_of(run.world) == shape_of(folder)
    assert os.listdir(outside) == ["secret"]


def test_a_branch_without_a_world_says_so(sidecar: Sidecar, branch: str) -> None:
    for method, more in (
        ("snapshot/take", {}),
        ("snapshot/restore", {"to": branch}),
        ("world/exec", {"argv": ["true"]}),
    ):
        sidecar.refused("NoWorld", method, {"branch": branch, **more})


@pytest.mark.requirement("SNAP-04")
def test_a_workspace_over_a_limit_is_refused_with_the_worst_offenders(
    sidecar: Sidecar, folder: Path
) -> None:
    (folder / "data").mkdir()
    with (folder / "data" / "huge.bin").open("wb") as huge:
        huge.truncate(600 << 20)  # a hole: no disk is used, its size counts all the same
    params = {"name": "too much", "workspace": str(folder)}
    error = sidecar.refused("BudgetExceeded", "run/start", params)
    assert error.data["offenders"][0]["path"] == "data/huge.bin"
    assert error.data["max"] < error.data["value"] == 600 << 20
