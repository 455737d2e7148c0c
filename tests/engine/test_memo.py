"""Memo: a step whose inputs are unchanged gives its outcome and its files; else it is a miss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.worlds import Run
from tests.model.objects import h_json, tree_id
from tests.support.folders import shape_of
from tests.support.sidecar import NO_ID, Sidecar

STEP: dict[str, Any] = {"name": "compile", "sourceHash": "cc 1.0", "inputs": {"strict": True}}


def build(run: Run, text: str = "compiled\n") -> None:
    (run.world / "out.txt").write_text(text)


def stored(run: Run, **params: Any) -> str:
    """The step runs and is kept; then the world goes back to before it."""
    before = run.take()["commit"]
    build(run)
    asked = {**STEP, "branch": run.branch, "outcome": {"ok": 1}, "since": before}
    key = run.sidecar.call("memo/store", {**asked, "reads": ["src/app.py"], **params})["key"]
    run.restore(before)
    return str(key)


def called(run: Run, **params: Any) -> dict[str, Any]:
    return dict(run.sidecar.call("memo/call", {**STEP, "branch": run.branch, **params}))


@pytest.fixture
def run(sidecar: Sidecar, folder: Path) -> Run:
    # What is kept is kept for the whole store: each test has sources of its own.
    (folder / "src" / "app.py").write_text(f"# {folder}\n")
    return Run.start(sidecar, folder)


@pytest.mark.requirement("MEMO-01", "OBJECT-01")
def test_a_hit_gives_the_outcome_and_the_files(run: Run) -> None:
    key = stored(run)
    assert key == h_json("memo", STEP)
    (run.world / "notes.txt").write_text("nothing that it read\n")
    got = called(run)
    assert (got["hit"], got["outcome"], got["key"]) == (True, {"ok": 1}, key)
    assert (run.world / "out.txt").read_text() == "compiled\n"
    assert (run.world / "notes.txt").read_text() == "nothing that it read\n"
    entry = run.log()[-1]
    assert (entry["commit"], entry["kind"]) == (got["commit"], "annotation")
    assert entry["tree"] == tree_id(shape_of(run.world))
    [fork] = run.sidecar.fork(run.root)
    assert run.sidecar.call("memo/call", {**STEP, "branch": fork})["hit"]


@pytest.mark.requirement("MEMO-01")
@pytest.mark.parametrize(
    "change", [{"name": "link"}, {"sourceHash": "cc 1.1"}, {"inputs": {"strict": 1}}]
)
def test_another_step_is_a_miss(run: Run, change: dict[str, Any]) -> None:
    stored(run)
    before, log = shape_of(run.world), run.log()
    got = called(run, **change)
    assert got == {"hit": False, "key": h_json("memo", {**STEP, **change})}
    assert (shape_of(run.world), run.log()) == (before, log)


@pytest.mark.requirement("MEMO-01")
@pytest.mark.parametrize("how", ["changed", "gone", "link"])
def test_a_read_that_is_otherwise_is_a_miss(run: Run, how: str) -> None:
    stored(run)
    source = run.world / "src" / "app.py"
    text = source.read_text()
    source.unlink()
    if how == "changed":
        source.write_text(text + "# more\n")
    elif how == "link":
        (run.world / "elsewhere").write_text(text)
        source.symlink_to("../elsewhere")
    before = shape_of(run.world)
    assert called(run) == {"hit": False, "key": h_json("memo", STEP)}
    assert shape_of(run.world) == before


@pytest.mark.requirement("MEMO-01")
def test_a_conflict_is_a_miss_that_leaves_the_world_as_it_was(run: Run) -> None:
    stored(run)
    build(run, "somebody else's\n")
    before = shape_of(run.world)
    assert not called(run)["hit"]
    assert shape_of(run.world) == before


@pytest.mark.requirement("MEMO-02")
@pytest.mark.parametrize("present", ["as it wrote it", "somebody else's\n", None])
def test_what_it_wrote_without_a_difference_must_be_there_again(
    run: Run, present: str | None
) -> None:
    """A step that writes what is there already changes nothing, and would elsewhere."""
    build(run)
    before = run.take()["commit"]
    build(run)
    asked = {**STEP, "branch": run.branch, "outcome": 1, "since": before}
    run.sidecar.call("memo/store", {**asked, "writes": ["out.txt", "src/app.py"]})
    if present is None:
        (run.world / "out.txt").unlink()
    elif present != "as it wrote it":
        build(run, present)
    assert called(run)["hit"] == (present == "as it wrote it")


@pytest.mark.requirement("MEMO-02", "MEMO-01")
def test_what_it_wrote_with_a_difference_is_written(run: Run) -> None:
    stored(run, writes=["out.txt"])
    assert called(run)["hit"]
    assert (run.world / "out.txt").read_text() == "compiled\n"


@pytest.mark.requirement("MEMO-01")
def test_a_branch_that_has_ended_is_refused_and_its_world_untouched(run: Run) -> None:
    stored(run)
    run.sidecar.call("branch/discard", {"branch": run.branch})
    before = shape_of(run.world)
    params = {**STEP, "branch": run.branch}
    assert run.sidecar.error(run.sidecar.request("memo/call", params)).name == "BranchClosed"
    assert shape_of(run.world) == before


@pytest.mark.requirement("MEMO-01", "TRACE-03")
def test_a_memo_that_cannot_be_one(run: Run) -> None:
    good = {**STEP, "branch": run.branch, "outcome": 1}
    for change, name in (
        ({"branch": "nobody's"}, "UnknownBranch"),
        ({"since": NO_ID}, "UnknownCommit"),
        ({"reads": ["../x"]}, "InvalidParams"),
        ({"reads": [""]}, "InvalidParams"),
        ({"writes": ["../x"]}, "InvalidParams"),
        ({"inputs": {"n": 2**53}}, "InvalidParams"),
        ({"outcome": {"n": 2**53}}, "InvalidParams"),
        ({"outcome": "ghp_" + "Ab3" * 12}, "InvalidParams"),
    ):
        run.sidecar.refused(name, "memo/store", {**good, **change})
    run.sidecar.refused("UnknownBranch", "memo/call", {**STEP, "branch": "nobody's"})
