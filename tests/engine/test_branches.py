"""Branches: forked, rewound, set aside, taken back, renamed, listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import Another
from tests.support.folders import shape_of
from tests.support.sidecar import NO_ID, Sidecar, message, objects_in, rows


@pytest.mark.requirement("FORK-01")
@pytest.mark.parametrize("world", [True, False])
def test_a_fork_adds_no_object(fresh: Sidecar, folder: Path, world: bool) -> None:
    branch = fresh.begin(workspace=str(folder))
    fresh.append(branch, *(message(str(n)) for n in range(50)))
    middle = fresh.commits(branch)[25]
    before = objects_in(fresh.store)
    made = fresh.fork(branch, count=3, world=world) + fresh.fork(middle, count=2, world=world)
    assert objects_in(fresh.store) == before
    assert fresh.log(made[0]) == fresh.log(branch)
    assert fresh.commits(made[-1]) == fresh.commits(branch)[:26]
    assert fresh.branch(made[-1])["forkedFrom"] == {"commit": middle, "branch": branch}


@pytest.mark.requirement("FORK-01")
def test_a_fork_of_a_fork_of_a_fork_goes_its_own_way(sidecar: Sidecar, branch: str) -> None:
    at, logs = branch, {}
    for depth in range(6):
        sidecar.say(at, f"level {depth}")
        logs[at] = sidecar.log(at)
        [at] = sidecar.fork(at)
    sidecar.say(at, "the last")
    assert {name: sidecar.log(name) for name in logs} == logs
    assert len(sidecar.commits(at)) == 8


@pytest.mark.requirement("FORK-02")
def test_a_forked_world_is_a_second_folder(sidecar: Sidecar, folder: Path) -> None:
    started = sidecar.call("run/start", {"name": "worlds", "workspace": str(folder)})
    first = Path(started["world"]["path"])
    assert first != folder, "apart: the folder itself is not touched"
    (first / "src" / "app.py").write_text("print('two')\n")
    intent, outcome = sidecar.act(started["branch"])
    forked = sidecar.call("branch/fork", {"at": started["branch"], "count": 2})
    second, third = (Path(one["world"]["path"]) for one in forked["branches"])
    early = sidecar.call("branch/fork", {"at": intent})["branches"][0]
    old = Path(early["world"]["path"])
    assert shape_of(second) == shape_of(third) == shape_of(first)
    assert shape_of(old) == shape_of(folder), "the world of the commit, not of the present"
    (second / "new.txt").write_text("second")
    (first / "notes.txt").unlink()
    (third / "src" / "app.py").rename(third / "src" / "main.py")
    assert (folder / "notes.txt").exists()
    assert not (first / "new.txt").exists()
    assert (second / "src").is_dir()
    assert shape_of(old) == shape_of(folder)
    assert (
        sidecar.call("trace/get", {"commit": outcome})["tree"]
        != (sidecar.call("trace/get", {"commit": sidecar.commits(started["branch"])[0]})["tree"])
    )


@pytest.mark.requirement("FORK-03")
def test_either_all_of_the_branches_are_made_or_none(sidecar: Sidecar, branch: str) -> None:
    made = sidecar.fork(branch, count=3, names=["left", "mid", "right"])
    assert made == ["left", "mid", "right"]
    for names in (["new", "left"], ["new", "new"], ["new", NO_ID]):
        params = {"at": branch, "count": 2, "names": names}
        sidecar.refused("NameTaken", "branch/fork", params)
    for change in (
        {"count": 0},
        {"count": 1001},
        {"count": 2, "names": ["one"]},
        {"names": [""]},
        {"names": ["x" * 201]},
        {"names": ["two\nlines"]},
    ):
        sidecar.refused("InvalidParams", "branch/fork", {"at": branch, **change})
    sidecar.refused("UnknownBranch", "branch/get", {"branch": "new"})


@pytest.mark.requirement("FORK-04")
def test_a_fork_writes_as_much_at_any_depth(sidecar: Sidecar) -> None:
    """Rows, not time: the branch and one row of its reflog."""
    branch = sidecar.begin("deep")
    added = []
    for _ in range(3):
        before = rows(sidecar.store)
        sidecar.fork(branch)
        after = rows(sidecar.store)
        added.append({name: after[name] - before[name] for name in after})
        sidecar.append(branch, *(message("x") for _ in range(2000)))
    assert added[0] == added[1] == added[2]
    assert {name: n for name, n in added[0].items() if n} == {"branches": 1, "reflog": 1}


@pytest.mark.requirement("BRANCH-01")
def test_a_discard_changes_the_status_and_is_undone(sidecar: Sidecar, branch: str) -> None:
    sidecar.say(branch, "x")
    [fork] = sidecar.fork(branch)
    sidecar.say(fork, "y")
    parent, child = sidecar.branch(branch), sidecar.branch(fork)
    before = objects_in(sidecar.store)
    gone = sidecar.call("branch/discard", {"branch": fork})
    assert gone["branch"] == {**child, "status": "discarded"}
    assert gone["undoUntil"]
    assert sidecar.branch(branch) == parent
    assert sidecar.call("branch/discard", {"branch": fork})["branch"] == gone["branch"]
    back = sidecar.call("branch/discard", {"branch": fork, "restore": True})
    assert back["branch"] == sidecar.branch(fork) == child
    assert objects_in(sidecar.store) == before
    sidecar.refused("BranchClosed", "branch/discard", {"branch": fork, "restore": True})


@pytest.mark.requirement("BRANCH-02")
def test_a_rewind_keeps_the_tail(sidecar: Sidecar, branch: str) -> None:
    kept = sidecar.say(branch, "kept")
    sidecar.append(branch, message("a"), message("b"))
    whole = sidecar.commits(branch)
    before = objects_in(sidecar.store)
    done = sidecar.call("branch/rewind", {"branch": branch, "to": kept})
    assert done["head"] == sidecar.head(branch) == kept
    assert sidecar.branch(done["tail"])["status"] == "discarded"
    assert sidecar.branch(done["tail"])["forkedFrom"] == {"commit": kept, "branch": branch}
    assert sidecar.commits(done["tail"]) == whole
    assert objects_in(sidecar.store) == before
    sidecar.say(branch, "another way")
    sidecar.call("branch/discard", {"branch": done["tail"], "restore": True})
    assert sidecar.say(done["tail"], "goes on")
    sidecar.call("run/end", {"branch": branch, "status": "finished"})
    sidecar.refused("BranchClosed", "branch/rewind", {"branch": branch, "to": kept})


@pytest.mark.requirement("BRANCH-03")
def test_a_rename_changes_the_name_and_nothing_else(sidecar: Sidecar, branch: str) -> None:
    sidecar.append(branch, message("x", clientId="c"))
    [fork] = sidecar.fork(branch)
    before, log = sidecar.branch(branch), sidecar.log(branch)
    new = f"{branch} renamed"
    assert sidecar.call("branch/rename", {"branch": branch, "name": new}) == (
        {**before, "branch": new}
    )
    assert [{**e, "branch": branch} for e in sidecar.log(new)] == log
    assert sidecar.branch(fork)["forkedFrom"]["branch"] == new
    assert sidecar.append(new, message("x", clientId="c")) == [before["head"]]
    sidecar.refused("UnknownBranch", "branch/get", {"branch": branch})
    sidecar.refused("NameTaken", "branch/rename", {"branch": new, "name": fork})
    sidecar.refused("NameTaken", "branch/rename", {"branch": new, "name": NO_ID})
    sidecar.refused("InvalidParams", "branch/rename", {"branch": new, "name": ""})


@pytest.mark.requirement("BRANCH-03")
def test_branches_and_runs_are_paged_newest_first(fresh: Sidecar) -> None:
    branch = fresh.begin("first", agent={"name": "demo", "version": "1"})
    names = [branch, *fresh.fork(branch, count=9), fresh.begin("second")]

    def pages(method: str, key: str, **params: object) -> list[str]:
        found, cursor = [], None
        while True:
            page = fresh.call(method, {"limit": 3, "cursor": cursor, **params})
            assert len(page[key]) <= 3
            found += [one.get("branch") or one["name"] for one in page[key]]
            cursor = page.get("nextCursor")
            if cursor is None:
                return found

    assert pages("branch/list", "branches") == names[::-1]
    run = fresh.branch(branch)["run"]
    assert pages("branch/list", "branches", run=run) == names[-2::-1]
    assert pages("run/list", "runs") == ["second", "first"]
    [_, first] = fresh.call("run/list", {})["runs"]
    assert first["agent"] == {"name": "demo", "version": "1"}
    assert [one["branch"] for one in first["branches"]] == names[:-1]


def test_two_processes_see_one_another_s_branches(
    sidecar: Sidecar, branch: str, another: Another, store: Path
) -> None:
    beside = another(store)
    [fork] = beside.fork(branch)
    mine = sidecar.say(fork, "from the first")
    assert beside.say(fork, "from the second") != mine
    assert sidecar.commits(fork) == beside.commits(fork)
    sidecar.call("branch/rename", {"branch": fork, "name": f"{fork} renamed"})
    beside.refused("UnknownBranch", "trace/append", {"branch": fork, "events": [message("x")]})
    sidecar.call("branch/discard", {"branch": f"{fork} renamed"})
    beside.refused(
        "BranchClosed", "trace/append", {"branch": f"{fork} renamed", "events": [message("x")]}
    )
