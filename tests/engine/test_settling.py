"""Settling: select, apply with conflicts as data, the user's own folder, undo."""

from __future__ import annotations

import base64
import itertools
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.conftest import Another
from tests.engine.test_restore import fill
from tests.engine.worlds import Run
from tests.support.folders import Shape, make, shape_of, shapes
from tests.support.sidecar import Sidecar, message, rows
from tests.trace.forest import Spec, disjoint, versions

LINES = "one\ntwo\nthree\nfour\nfive\n"
NUMBERS = itertools.count()


class Team:
    """A run with branches that have worlds."""

    def __init__(self, sidecar: Sidecar, folder: Path, *names: str, **params: Any) -> None:
        self.sidecar, self.folder = sidecar, folder
        self.run = Run.start(sidecar, folder, **params)
        self.trunk = self.run.branch
        mine = [f"{name} {next(NUMBERS)}" for name in names]
        self.names = sidecar.fork(self.trunk, names=mine, driver="copy") if mine else []

    def world(self, branch: str) -> Path:
        return Path(self.sidecar.branch(branch)["world"]["path"])

    def apply(self, branch: str, onto: str | None = None, **params: Any) -> dict[str, Any]:
        asked = {"branch": branch, **params}
        if not params.get("workspace"):
            asked["onto"] = onto or self.trunk
        return dict(self.sidecar.call("branch/apply", asked))

    def undo(self, done: dict[str, Any]) -> None:
        self.sidecar.call("snapshot/restore", {"branch": done["onto"], "to": done["safety"]})


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text(LINES)
    (folder / "notes.txt").write_text("hello\n")
    return folder


@pytest.mark.requirement("SETTLE-02")
def test_many_files_are_written_whole_and_with_their_modes(
    sidecar: Sidecar, tmp_path: Path
) -> None:
    """More than one thread, and more than one portion, writes at once."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "stays.txt").write_text("stays\n")
    team = Team(sidecar, folder, "many", driver="copy")
    world = team.world(team.names[0])
    for number in range(1100):
        path = world / f"part-{number % 7}" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{number % 50}\n" * (number % 11))  # many are the same, or empty
        path.chmod((0o644, 0o600, 0o777, 0o4755)[number % 4])
    for name in ("large", "another"):
        (world / name).write_bytes(name.encode() * 50_000)
    (folder / "mine.txt").write_text("the user's\n")
    done = team.apply(team.names[0], workspace=True)
    assert len(done["changes"]) == 7 + 1100 + 2
    (folder / "mine.txt").rename(world / "mine.txt")
    assert shape_of(folder) == {k: v for k, v in shape_of(world).items() if k != b"mine.txt"}
    (world / "mine.txt").rename(folder / "mine.txt")
    team.undo(done)
    assert sorted(os.listdir(folder)) == ["mine.txt", "stays.txt"]


@pytest.mark.requirement("SETTLE-02")
def test_what_two_branches_did_comes_together_in_the_world(sidecar: Sidecar, lines: Path) -> None:
    team = Team(sidecar, lines, "a", "b")
    left, right = team.names
    (team.world(left) / "src" / "app.py").write_text(LINES.replace("one", "ONE"))
    (team.world(right) / "src" / "app.py").write_text(LINES.replace("five", "FIVE"))
    (team.world(right) / "notes.txt").unlink()
    (team.world(right) / "new").mkdir()
    (team.world(right) / "new" / "run.sh").write_text("#!/bin/sh\n")
    (team.world(right) / "new" / "run.sh").chmod(0o755)
    first = team.apply(left)
    before = sidecar.head(team.trunk)
    second = team.apply(right, reason="both are done")
    world = team.world(team.trunk)
    assert (world / "src" / "app.py").read_text() == "ONE\ntwo\nthree\nfour\nFIVE\n"
    assert not (world / "notes.txt").exists()
    assert stat.S_IMODE((world / "new" / "run.sh").stat().st_mode) == 0o755
    assert {(one["path"], one["change"]) for one in second["changes"]} == {
        ("new", "added"), ("new/run.sh", "added"), ("notes.txt", "removed"),
        ("src/app.py", "changed"),
    }  # fmt: skip
    [entry] = [one for one in sidecar.log(team.trunk) if one["commit"] == second["commit"]]
    assert entry["parents"] == [before, sidecar.head(right)]
    assert entry["payload"] == {
        "action": "apply",
        "by": "owner",
        "reason": "both are done",
        "from": sidecar.head(right),
        "base": team.run.root,
    }
    assert first["base"] == second["base"] == team.run.root
    assert (lines / "notes.txt").exists(), "the user's own folder is as it was"
    # What a branch did after it was applied is applied from there.
    (team.world(right) / "more").write_text("more\n")
    third = team.apply(right)
    assert [one["path"] for one in third["changes"]] == ["more"]
    assert third["base"] == entry["parents"][1]
    nothing = team.apply(right)
    assert (nothing["changes"], nothing.get("commit")) == ([], None)
    assert team.run.take()["snapshot"]["changed"] == []


@pytest.mark.requirement("SETTLE-03")
def test_a_conflict_is_data_and_nothing_happens_until_it_is_resolved(
    sidecar: Sidecar, lines: Path
) -> None:
    team = Team(sidecar, lines, "a", "b")
    left, right = team.names
    (team.world(left) / "src" / "app.py").write_text(LINES.replace("two", "TWO"))
    (team.world(right) / "src" / "app.py").write_text(
        LINES.replace("two", "2").replace("five", "5")
    )
    (team.world(right) / "new").write_text("n\n")
    team.apply(left)
    team.sidecar.call("snapshot/take", {"branch": right})
    before, known, world = rows(sidecar.store), sidecar.log(team.trunk), team.world(team.trunk)
    shape = shape_of(world)
    told = team.apply(right)
    assert (told.get("commit"), told.get("safety"), told["changes"]) == (None, None, [])
    [conflict] = told["conflicts"]
    assert (conflict["path"], conflict["why"]) == ("src/app.py", "content")
    assert conflict["hunks"] == [
        {
            "base": {"from": 2, "to": 2, "text": "two\n"},
            "onto": {"from": 2, "to": 2, "text": "TWO\n"},
            "branch": {"from": 2, "to": 2, "text": "2\n"},
        }
    ]
    assert conflict["branch"]["size"] == len(LINES) - 5
    assert (sidecar.log(team.trunk), shape_of(world)) == (known, shape)
    assert {**rows(sidecar.store), "objects": before["objects"]} == before
    for wrong in (
        {"src/other.py": {"take": "onto"}},
        {"src/app.py": {}},
        {"src/app.py": {"take": "onto", "data": ""}},
        {"src/app.py": {"hunks": ["onto", "branch"]}},
        {"src/app.py": {"data": "not base64!"}},
        {"src/app.py": {"take": "onto", "mode": 0o755}},
    ):
        asked = {"branch": right, "onto": team.trunk, "resolve": wrong}
        sidecar.refused("InvalidParams", "branch/apply", asked)
    for how, text in (
        ({"hunks": ["both"]}, "one\nTWO\n2\nthree\nfour\n5\n"),
        ({"hunks": ["branch"]}, "one\n2\nthree\nfour\n5\n"),
        ({"take": "onto"}, LINES.replace("two", "TWO")),
        ({"take": "base"}, LINES),
        ({"data": base64.b64encode(b"mine\n").decode()}, "mine\n"),
    ):
        resolve = {"src/app.py": how}
        asked = team.apply(right, resolve=resolve, preview=True)
        assert (asked.get("commit"), asked["conflicts"]) == (None, [])
        assert shape_of(world) == shape
        [at] = sidecar.fork(team.trunk, driver="copy")
        done = team.apply(right, at, resolve=resolve)
        assert done["conflicts"] == []
        assert (team.world(at) / "src" / "app.py").read_text() == text
        assert (team.world(at) / "new").read_text() == "n\n"
        assert "resolved" in sidecar.log(at)[-1]["payload"]


@pytest.mark.requirement("SETTLE-03")
def test_what_is_no_text_conflicts_as_a_whole(sidecar: Sidecar, lines: Path) -> None:
    (lines / "image").write_bytes(b"\0base")
    (lines / "link").symlink_to("notes.txt")
    (lines / "old").write_text(LINES)
    (lines / "mode").write_text("m\n")
    team = Team(sidecar, lines, "a", "b")
    left, right = (team.world(name) for name in team.names)
    (left / "image").write_bytes(b"\0left")
    (right / "image").write_bytes(b"\0right")
    for at, to in ((left, "src"), (right, "image")):
        (at / "link").unlink()
        (at / "link").symlink_to(to)
    (left / "old").rename(left / "moved")
    (right / "old").unlink()
    (left / "notes.txt").unlink()
    (left / "notes.txt").mkdir()
    (right / "notes.txt").write_text("edited\n")
    (left / "mode").chmod(0o600)
    (right / "mode").chmod(0o755)
    team.apply(team.names[0])
    told = team.apply(team.names[1])
    found = {one["path"]: one for one in told["conflicts"]}
    assert {path: one["why"] for path, one in found.items()} == {
        "image": "binary", "link": "link", "moved": "renameDelete", "notes.txt": "kind",
        "mode": "mode",
    }  # fmt: skip
    assert found["link"]["branch"] == {"kind": "link", "target": "image"}
    assert found["moved"]["names"] == ["old", "moved", "old"]
    assert found["notes.txt"]["onto"]["kind"] == "dir"
    done = team.apply(team.names[1], resolve={path: {"take": "branch"} for path in found})
    world = team.world(team.trunk)
    assert (world / "image").read_bytes() == b"\0right"
    assert (world / "notes.txt").read_text() == "edited\n"
    assert not (world / "moved").exists()
    assert os.readlink(world / "link") == "image"
    team.undo(done)
    assert shape_of(world) == shape_of(left)


@pytest.mark.requirement("SETTLE-04")
def test_the_user_s_folder_takes_it_only_when_asked_and_keeps_what_the_user_did(
    sidecar: Sidecar, lines: Path
) -> None:
    (lines / ".git").mkdir()
    (lines / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    team = Team(sidecar, lines)
    world = team.world(team.trunk)
    (world / "src" / "app.py").write_text(LINES.replace("one", "ONE"))
    (world / "new").write_text("n\n")
    (world / ".git" / "HEAD").write_text("ref: refs/heads/agent\n")
    # The user works on: elsewhere, and in the same file.
    (lines / "notes.txt").write_text("the user's\n")
    (lines / "src" / "app.py").write_text(LINES.replace("five", "FIVE"))
    before = shape_of(lines)
    seen = team.apply(team.trunk, workspace=True, preview=True)
    assert shape_of(lines) == before
    done = team.apply(team.trunk, workspace=True)
    assert done["onto"] == seen["onto"]
    assert (lines / "src" / "app.py").read_text() == "ONE\ntwo\nthree\nfour\nFIVE\n"
    assert (lines / "notes.txt").read_text() == "the user's\n"
    assert (lines / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"
    assert {"path": ".git", "why": "dotGit"} in done["notCaptured"]
    assert sidecar.branch(done["onto"])["world"]["place"] == "inPlace"
    log = sidecar.log(done["onto"])
    assert [one["payload"].get("why") for one in log if one["kind"] == "workspace_change"] == [
        "user"
    ]
    team.undo(done)
    assert shape_of(lines) == before
    # A place that both changed.
    (world / "notes.txt").write_text("the agent's\n")
    told = team.apply(team.trunk, workspace=True)
    assert [one["path"] for one in told["conflicts"]] == ["notes.txt"]
    assert shape_of(lines) == before
    assert len([one for one in sidecar.call("branch/list", {})["branches"]
                if one.get("world", {}).get("path") == str(lines)]) == 1  # fmt: skip


def test_a_run_without_a_folder_cannot_be_settled_into_one(sidecar: Sidecar, branch: str) -> None:
    asked: dict[str, Any] = {"branch": branch, "workspace": True}
    sidecar.refused("NoWorld", "branch/apply", asked)
    for wrong in ({"onto": branch}, {}, {"onto": "x", "workspace": True}):
        sidecar.refused("InvalidParams", "branch/apply", {"branch": branch, **wrong})
    sidecar.refused("UnknownBranch", "branch/apply", {"branch": branch, "onto": "nothing"})
    other = sidecar.begin("another run altogether", meta={"other": True})
    sidecar.refused("UnknownCommit", "branch/apply", {"branch": branch, "onto": other})


def test_branches_without_worlds_merge_what_was_recorded(sidecar: Sidecar, lines: Path) -> None:
    team = Team(sidecar, lines, "a", "b")
    (team.world(team.names[0]) / "new").write_text("n\n")
    [bare] = sidecar.fork(team.trunk, world=False)
    done = team.apply(team.names[0], bare)
    assert "safety" not in done
    assert team.run.read(done["commit"], "new") == b"n\n"
    assert "world" not in sidecar.branch(bare)
    sidecar.call("run/end", {"branch": bare, "status": "finished"})
    asked = {"branch": team.names[1], "onto": bare}
    sidecar.refused("BranchClosed", "branch/apply", asked)
    sidecar.call("branch/discard", {"branch": team.names[1]})
    asked = {"branch": team.names[1], "onto": team.trunk}
    sidecar.refused("BranchClosed", "branch/apply", asked)
    assert team.apply(bare)["commit"], "what has ended may well be applied"


def test_branches_of_a_run_without_a_folder_merge_their_histories(
    sidecar: Sidecar, branch: str
) -> None:
    [other] = sidecar.fork(branch)
    sidecar.append(other, message("thought elsewhere"))
    done = sidecar.call("branch/apply", {"branch": other, "onto": branch})
    assert (done["conflicts"], done["changes"]) == ([], [])
    merge = sidecar.log(branch)[-1]
    assert merge["commit"] == done["commit"]
    assert merge["parents"] == [done["base"], sidecar.head(other)]
    assert "tree" not in merge, "nobody ever had files"
    asked = {"commit": branch, "path": "a"}
    sidecar.refused("PathNotFound", "snapshot/read", {**asked, "commit": merge["commit"]})


@pytest.mark.requirement("SETTLE-07")
def test_one_branch_is_selected_and_the_others_are_named(sidecar: Sidecar, lines: Path) -> None:
    team = Team(sidecar, lines, "a", "b", "c")
    first, second, third = team.names
    sidecar.call("run/end", {"branch": first, "status": "finished"})
    chosen = sidecar.call("branch/select", {"branch": first, "by": "judge", "reason": "passes"})
    assert chosen["branch"]["selected"] is True
    assert [one["branch"] for one in chosen["siblings"]] == [second, third]
    said = {"action": "select", "by": "judge", "reason": "passes"}
    assert sidecar.log(first)[-1]["payload"] == said
    sidecar.call("branch/discard", {"branch": third})
    again = sidecar.call("branch/select", {"branch": second})
    assert [one["branch"] for one in again["siblings"]] == [first]
    assert "selected" not in sidecar.branch(first)
    sidecar.refused("BranchClosed", "branch/select", {"branch": third})
    back = sidecar.call("branch/discard", {"branch": third, "restore": True})
    assert back["branch"]["status"] == "live", "a discard is undone"


@pytest.mark.requirement("SETTLE-08")
def test_what_no_snapshot_holds_refuses_the_whole(sidecar: Sidecar, lines: Path) -> None:
    team = Team(sidecar, lines)
    world = team.world(team.trunk)
    (world / "build").mkdir()
    (world / "build" / "made").write_text("m\n")
    (world / "notes.txt").write_text("changed\n")
    (lines / ".shepherdignore").write_text("build\n")
    (lines / "build").write_text("the user's own, in no snapshot")
    before = shape_of(lines)
    asked = {"branch": team.trunk, "workspace": True}
    error = sidecar.error(sidecar.request("branch/apply", asked))
    assert error.name == "MergeConflict"
    assert {"path": "build", "why": "ignored"} in error.data["conflicts"]
    assert shape_of(lines) == before
    (lines / "build").unlink()
    assert team.apply(team.trunk, workspace=True)["commit"]
    assert (lines / "build" / "made").read_text() == "m\n"


def test_two_processes_settle_into_one_world_one_after_the_other(
    sidecar: Sidecar, lines: Path, another: Another, store: Path
) -> None:
    beside = another(store)
    team = Team(sidecar, lines, *"abcdef")
    for number, name in enumerate(team.names):
        (team.world(name) / f"file {number}").write_text(f"{number}\n")
    waiting = [
        (one, one.request("branch/apply", {"branch": name, "onto": team.trunk}))
        for one, name in zip(itertools.cycle((sidecar, beside)), team.names)
    ]
    assert all(one.result(sent)["commit"] for one, sent in waiting)
    assert {path.name for path in team.world(team.trunk).iterdir()} >= {
        f"file {number}" for number in range(6)
    }
    assert team.run.take()["snapshot"]["changed"] == []


# --- laws -------------------------------------------------------------------------------------


def put(folder: Path, spec: Spec) -> None:
    fill(folder, _shape(spec))


def _shape(spec: Spec) -> Shape:
    made: Shape = {}
    for name, what in spec.items():
        if isinstance(what, bytes):
            made[name.encode()] = ("file", 0o644, what)
        elif isinstance(what, str):
            made[name.encode()] = ("link", what.encode())
        else:
            made[name.encode()] = ("dir", 0o755, _shape(what))
    return made


def start(
    sidecar: Sidecar, factory: pytest.TempPathFactory, made: tuple[Spec, Spec, Spec]
) -> tuple[Team, list[str]]:
    folder = factory.mktemp("law11") / "workspace"
    folder.mkdir()
    base, left, right = made
    make(_shape(base), folder)
    team = Team(sidecar, folder, "left", "right", "one", "two")
    put(team.world(team.names[0]), left)
    put(team.world(team.names[1]), right)
    return team, team.names


@pytest.mark.requirement("SETTLE-01")
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=disjoint())
def test_disjoint_changes_are_clean_and_commute(
    sidecar: Sidecar, tmp_path_factory: pytest.TempPathFactory, made: tuple[Spec, Spec, Spec]
) -> None:
    """Law 11, over the wire and on the disk."""
    team, (left, right, one, two) = start(sidecar, tmp_path_factory, made)
    for onto, order in ((one, (left, right)), (two, (right, left))):
        for name in order:
            assert team.apply(name, onto)["conflicts"] == []
    assert shape_of(team.world(one)) == shape_of(team.world(two))


@pytest.mark.requirement("SETTLE-01")
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=versions())
def test_what_overlaps_is_told_whichever_comes_first(
    sidecar: Sidecar, tmp_path_factory: pytest.TempPathFactory, made: tuple[Spec, Spec, Spec]
) -> None:
    team, (left, right, one, two) = start(sidecar, tmp_path_factory, made)
    told = []
    for onto, (first, second) in ((one, (left, right)), (two, (right, left))):
        assert team.apply(first, onto)["conflicts"] == []
        before = shape_of(team.world(onto))
        got = team.apply(second, onto)
        told.append(bool(got["conflicts"]))
        if got["conflicts"]:
            assert shape_of(team.world(onto)) == before
            resolve = {one["path"]: {"take": "onto"} for one in got["conflicts"]}
            got = team.apply(second, onto, resolve=resolve)
        if got.get("safety"):
            team.undo(got)
            assert shape_of(team.world(onto)) == before
    assert told[0] == told[1]


@pytest.mark.requirement("SETTLE-06")
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=shapes, second=shapes, edited=st.booleans())
def test_apply_then_undo_gives_back_every_byte(
    sidecar: Sidecar,
    tmp_path_factory: pytest.TempPathFactory,
    first: Shape,
    second: Shape,
    edited: bool,
) -> None:
    folder = tmp_path_factory.mktemp("undo") / "workspace"
    folder.mkdir()
    make(first, folder)
    team = Team(sidecar, folder, "a")
    fill(team.world(team.names[0]), second)
    world = team.world(team.trunk)
    if edited:
        (world / "edited meanwhile").write_text("by somebody else")
    before = shape_of(world)
    done = team.apply(team.names[0])
    assert done["conflicts"] == []
    if done.get("safety"):
        wanted = {
            **second,
            **({b"edited meanwhile": before[b"edited meanwhile"]} if edited else {}),
        }
        assert shape_of(world) == wanted
        team.undo(done)
    assert shape_of(world) == before


@pytest.mark.requirement("SETTLE-02", "SETTLE-06")
def test_it_is_the_same_with_every_driver_there_is(sidecar: Sidecar, lines: Path) -> None:
    told = sidecar.call("initialize", {})
    drivers = told["capabilities"]["experimental"]["shepherd"]["drivers"]
    for driver in [one["name"] for one in drivers if one["available"]]:
        run = Run.start(sidecar, lines, driver=driver)
        [fork] = sidecar.fork(run.branch, names=[f"with {driver}"], driver=driver)
        script = "echo more >> src/app.py; rm notes.txt; mkdir new; ln -s ../src new/link"
        assert sidecar.call("world/exec", {"branch": fork, "argv": ["sh", "-c", script]})
        params = {"branch": fork, "onto": run.branch}
        done = sidecar.call("branch/apply", params)
        got = run.exec("sh", "-c", "tail -1 src/app.py; readlink new/link; ls")
        assert got["stdout"] == "more\n../src\nnew\nsrc\n", driver
        sidecar.call("snapshot/restore", {"branch": run.branch, "to": done["safety"]})
        assert run.exec("ls")["stdout"] == "notes.txt\nsrc\n", driver
