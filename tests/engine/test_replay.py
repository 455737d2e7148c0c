"""Replay: cached, live, verified and viewed, and what never runs twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.replaying import STEPS, Replay, call, record
from tests.support.folders import shape_of
from tests.support.sidecar import Sidecar, objects_in


@pytest.mark.requirement("REPLAY-01")
@pytest.mark.parametrize("effect", ["reversible", None])
def test_a_cached_replay_of_the_same_machine_ends_at_the_same_head(
    sidecar: Sidecar, branch: str, effect: str | None
) -> None:
    pairs = record(sidecar, branch, STEPS, effect)
    before = objects_in(sidecar.store), sidecar.log(branch)
    replay = Replay(sidecar, branch)
    for number, (step, pair) in enumerate(zip(STEPS, pairs, strict=True)):
        assert replay.next(step) == {
            "hit": True,
            "live": False,
            "outcome": {"status": "ok", "result": {"n": number}},
            "commit": pair[1],
        }
    closed = replay.close()
    assert closed == {"matched": 4, "live": 0, "complete": True, "head": sidecar.head(branch)}
    assert sidecar.head(replay.branch) == sidecar.head(branch)
    assert objects_in(sidecar.store) == before[0], "a cached replay adds no object"
    assert sidecar.log(branch) == before[1]


@pytest.mark.requirement("REPLAY-01", "INTENT-04")
def test_what_was_denied_is_denied_in_the_replay(
    sidecar: Sidecar, branch: str, tmp_path: Path
) -> None:
    gate = tmp_path / "gate.toml"
    gate.write_text('[[rule]]\nname="r"\ndecision="deny"\nreason="no"\ntools=["rm"]\n')
    gated = sidecar.begin("gated", gate=str(gate))
    sidecar.propose(gated, "rm")
    sidecar.act(gated, "look")
    replay = Replay(sidecar, gated)
    assert replay.next(call("rm"))["outcome"]["status"] == "denied"
    assert replay.next(call("look"))["hit"]
    assert replay.close()["head"] == sidecar.head(gated)


@pytest.mark.requirement("REPLAY-01")
def test_a_replay_of_a_part_and_into_a_name(sidecar: Sidecar, branch: str) -> None:
    [(_, outcome), *_] = record(sidecar, branch, STEPS)
    replay = Replay(sidecar, outcome, into=f"{branch} again")
    assert replay.branch == f"{branch} again"
    assert replay.start == sidecar.commits(branch)[0]
    assert replay.next(STEPS[0])["commit"] == outcome
    assert replay.close()["head"] == outcome
    params = {"from": branch, "mode": "cached", "into": replay.branch}
    sidecar.refused("NameTaken", "replay/open", params)


@pytest.mark.requirement("REPLAY-05")
def test_live_answers_until_pairs_and_lets_the_rest_run(sidecar: Sidecar, branch: str) -> None:
    pairs = record(sidecar, branch, STEPS)
    log = sidecar.log(branch)
    replay = Replay(sidecar, branch, "live", until=2)
    assert [replay.next(step)["commit"] for step in STEPS[:2]] == [pair[1] for pair in pairs[:2]]
    third = replay.next(STEPS[2])
    assert (third["hit"], third["live"]) == (False, True)
    assert third["verdict"] == {"decision": "allow", "by": "default"}
    sidecar.resolve(replay.branch, third["commit"], payload={"other": True})
    new = replay.next(call("look", at="elsewhere"))
    assert new["live"]
    sidecar.resolve(replay.branch, new["commit"])
    closed = replay.close()
    assert (closed["matched"], closed["live"]) == (2, 2)
    commits = sidecar.commits(replay.branch)
    shared = sidecar.commits(branch).index(pairs[2][0])
    assert commits[:shared] == sidecar.commits(branch)[:shared]
    assert sidecar.log(branch) == log


@pytest.mark.requirement("REPLAY-05", "REPLAY-02")
def test_within_until_a_live_replay_is_strict(sidecar: Sidecar, branch: str) -> None:
    """``live``: as cached for the first pairs, Diverged within those, then runs."""
    record(sidecar, branch, STEPS)
    replay = Replay(sidecar, branch, "live", until=2)
    replay.next(STEPS[0])
    assert replay.refused(call("other")).name == "Diverged"


@pytest.mark.requirement("REPLAY-03")
@pytest.mark.parametrize("mode", ["cached", "verify", "live"])
def test_nothing_irreversible_runs_twice(sidecar: Sidecar, branch: str, mode: str) -> None:
    record(sidecar, branch, [call("pay", euros=5)], effect=None)
    replay = Replay(sidecar, branch, mode, **({"until": 0} if mode == "live" else {}))
    got = replay.next(call("pay", euros=5))
    assert (got["hit"], got["live"]) == (True, False), "answered from the record"
    assert got["outcome"] == {"status": "ok", "result": {"n": 0}}


@pytest.mark.requirement("REPLAY-03")
def test_an_irreversible_twin_is_refused_unless_named(sidecar: Sidecar, branch: str) -> None:
    [(_, _), (pay, _)] = record(
        sidecar, branch, [call("look"), call("pay", euros=5)], effect="irreversible"
    )
    replay = Replay(sidecar, branch, "live", until=0)
    replay.next(call("look"))
    replay.next(call("pay", euros=5))
    error = replay.refused(call("pay", euros=5))
    assert error.name == "IrreversibleReplay"
    assert error.data["intent"] == pay
    assert pay in error.data["hint"]
    replay.close()
    named = Replay(sidecar, branch, "live", until=0, rerun=[pay])
    named.next(call("look"))
    assert named.next(call("pay", euros=5))["live"]


@pytest.mark.requirement("REPLAY-04", "RESTORE-04")
def test_verify_runs_in_the_world_and_compares_outcome_and_tree(
    sidecar: Sidecar, folder: Path
) -> None:
    started = sidecar.call("run/start", {"name": "verify", "workspace": str(folder)})
    branch, world = started["branch"], Path(started["world"]["path"])

    def write(at: Path, text: str) -> None:
        (at / "out.txt").write_text(text)

    steps = [call("write", text="one"), call("write", text="two")]
    for step in steps:
        intent = sidecar.call("intent/propose", {"branch": branch, "effect": "reversible", **step})
        write(world, step["payload"]["arguments"]["text"])
        sidecar.resolve(branch, intent["commit"], payload={"wrote": True})

    replay = Replay(sidecar, branch, "verify")
    at = Path(sidecar.branch(replay.branch)["world"]["path"])
    assert shape_of(at) == shape_of(folder), "it starts where the log starts"
    for step in steps:
        got = replay.next(step)
        assert (got["hit"], got["live"]) == (True, True)
        write(at, step["payload"]["arguments"]["text"])
        assert replay.check({"wrote": True})["same"]
    assert replay.close()["head"] == sidecar.head(branch)
    assert shape_of(at) == shape_of(world)

    for wrong, result, path in (
        ("one", {"wrote": False}, "result.wrote"),
        ("other", {"wrote": True}, "tree"),
    ):
        replay = Replay(sidecar, branch, "verify")
        at = Path(sidecar.branch(replay.branch)["world"]["path"])
        replay.next(steps[0])
        write(at, wrong)
        found = replay.check(result)
        assert not found["same"]
        assert found["path"].removeprefix("$.") == path
        assert found["expected"] != found["actual"]
        assert replay.refused(steps[1]).name == "Diverged"
        assert replay.close()["diverged"]["path"] == found["path"]


@pytest.mark.requirement("REPLAY-08")
def test_view_runs_nothing_and_adds_nothing(fresh: Sidecar) -> None:
    branch = fresh.begin()
    record(fresh, branch, STEPS)
    before = objects_in(fresh.store), fresh.call("branch/list", {})
    replay = Replay(fresh, branch, "view")
    assert replay.branch is None
    seen = []
    while (got := replay.next())["hit"]:
        seen.append(got["entry"])
    assert [entry["commit"] for entry in seen] == fresh.commits(branch)
    assert replay.close() == {"matched": 0, "live": 0, "complete": True}
    assert (objects_in(fresh.store), fresh.call("branch/list", {})) == before


@pytest.mark.parametrize(
    "params",
    [
        {"mode": "cached", "until": 1},
        {"mode": "live", "until": -1},
        {"mode": "sideways"},
        {"mode": "live", "edits": [{"at": "root", "payload": {}}]},
    ],
)
def test_a_replay_that_cannot_be_opened(
    sidecar: Sidecar, branch: str, params: dict[str, Any]
) -> None:
    for edit in params.get("edits", ()):
        edit["at"] = sidecar.commits(branch)[0]
    sidecar.refused("InvalidParams", "replay/open", {"from": branch, **params})


def test_a_replay_belongs_to_its_connection(
    sidecar: Sidecar, branch: str, another: Another, store: Path
) -> None:
    record(sidecar, branch, STEPS)
    replay = Replay(sidecar, branch)
    beside = another(store)
    beside.refused("UnknownReplay", "replay/next", {"replay": replay.id, **STEPS[0]})
    replay.next(STEPS[0])
    sidecar.refused("InvalidParams", "replay/next", {"replay": replay.id})
    sidecar.refused("InvalidParams", "replay/check", {"replay": replay.id, "payload": {}})
    replay.close()
    sidecar.refused("UnknownReplay", "replay/next", {"replay": replay.id, **STEPS[1]})


def test_a_replay_that_its_connection_left_stands_where_it_came_to(
    sidecar: Sidecar, branch: str, another: Another, store: Path
) -> None:
    pairs = record(sidecar, branch, STEPS)
    beside = another(store)
    replay = Replay(beside, branch)
    replay.next(STEPS[0])
    beside.close()
    log = sidecar.commits(branch)
    assert sidecar.head(replay.branch) == log[log.index(pairs[1][0]) - 1]
