"""Replay: cached, verified, live and viewed; edits, sets, divergence, and what never runs twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.conftest import Another
from tests.support.folders import shape_of
from tests.support.sidecar import Sidecar, objects_in
from tests.support.wire import WireError

Call = dict[str, Any]


def call(tool: str, **arguments: Any) -> Call:
    return {"kind": "tool_call", "payload": {"name": tool, "arguments": arguments}}


def model(text: str) -> Call:
    return {"kind": "model_call", "payload": {"model": "m", "messages": [{"content": text}]}}


def record(
    sidecar: Sidecar, branch: str, steps: list[Call], effect: str | None = "reversible"
) -> list[tuple[str, str]]:
    """Acts the steps out one by one, with a thought before each; the commits of each pair."""
    pairs = []
    for number, step in enumerate(steps):
        sidecar.append(branch, {"kind": "thought", "payload": {"n": number}})
        asked = {"branch": branch, "effect": effect, **step}
        intent = sidecar.call("intent/propose", asked)["commit"]
        pairs.append((intent, sidecar.resolve(branch, intent, payload={"n": number})["commit"]))
    sidecar.say(branch, "done")
    return pairs


class Replay:
    """One open replay."""

    def __init__(self, sidecar: Sidecar, of: str, mode: str = "cached", **params: Any) -> None:
        self.sidecar = sidecar
        opened = sidecar.call("replay/open", {"from": of, "mode": mode, **params})
        self.id, self.branch = opened["replay"], opened.get("branch")
        self.start = opened.get("head")

    def next(self, step: Call | None = None) -> dict[str, Any]:
        return dict(self.sidecar.call("replay/next", {"replay": self.id, **(step or {})}))

    def refused(self, step: Call) -> WireError:
        error = self.sidecar.error(self.sidecar.request("replay/next", {"replay": self.id, **step}))
        assert error.data["hint"]
        return error

    def check(self, result: Any, status: str = "ok") -> dict[str, Any]:
        params = {"replay": self.id, "payload": result, "status": status}
        return dict(self.sidecar.call("replay/check", params))

    def close(self) -> dict[str, Any]:
        return dict(self.sidecar.call("replay/close", {"replay": self.id}))


STEPS = [call("look", at="x"), model("hi"), call("write", n=[1, {"a": None}]), call("look", at="x")]


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


@pytest.mark.requirement("REPLAY-02")
@pytest.mark.parametrize(
    ("actual", "path"),
    [
        (call("look", at="y"), "$.payload.arguments.at"),
        (call("look"), "$.payload.arguments.at"),
        (call("list", at="x"), "$.payload.name"),
        (model("hi"), "$.kind"),
    ],
)
def test_divergence_stops_at_the_first_difference_and_shows_both_sides(
    sidecar: Sidecar, branch: str, actual: Call, path: str
) -> None:
    pairs = record(sidecar, branch, [STEPS[1], STEPS[0]])
    replay = Replay(sidecar, branch)
    replay.next(STEPS[1])
    error = replay.refused(actual)
    assert error.name == "Diverged"
    assert error.data["at"] == pairs[1][0]
    assert error.data["path"] == path
    assert error.data["expected"] == STEPS[0]
    assert error.data["actual"]["kind"] == actual["kind"]
    assert replay.refused(STEPS[0]).name == "Diverged", "a strict replay does not go on"
    closed = replay.close()
    assert (closed["complete"], closed["matched"]) == (False, 1)
    assert closed["diverged"]["path"] == path
    log = sidecar.commits(branch)
    assert closed["head"] == log[log.index(pairs[1][0]) - 1]


@pytest.mark.requirement("REPLAY-02")
def test_an_agent_that_goes_on_past_the_record_has_diverged(sidecar: Sidecar, branch: str) -> None:
    record(sidecar, branch, STEPS[:1])
    replay = Replay(sidecar, branch)
    replay.next(STEPS[0])
    error = replay.refused(call("more"))
    assert (error.name, error.data["at"]) == ("Diverged", sidecar.head(branch))
    assert error.data["expected"] is None
    stops_early = Replay(sidecar, branch)
    closed = stops_early.close()
    assert (closed["complete"], closed["matched"]) == (False, 0)
    assert "diverged" not in closed


@pytest.mark.requirement("REPLAY-07")
@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]])
def test_calls_open_together_match_as_a_set(
    sidecar: Sidecar, branch: str, order: list[int]
) -> None:
    steps = [call("look", n=n) for n in range(3)]
    intents = [sidecar.propose(branch, "look", arguments={"n": n})["commit"] for n in range(3)]
    sidecar.say(branch, "between")
    for n in (1, 0, 2):
        sidecar.resolve(branch, intents[n], payload={"n": n})
    sidecar.act(branch, "last")
    replay = Replay(sidecar, branch)
    for n in order:
        assert replay.next(steps[n])["outcome"] == {"status": "ok", "result": {"n": n}}
    replay.next(call("last"))
    assert replay.close() == {
        "matched": 4,
        "live": 0,
        "complete": True,
        "head": sidecar.head(branch),
    }


@pytest.mark.requirement("REPLAY-07")
def test_a_later_call_is_not_of_the_set(sidecar: Sidecar, branch: str) -> None:
    record(sidecar, branch, [call("one"), call("two")])
    replay = Replay(sidecar, branch)
    assert replay.refused(call("two")).name == "Diverged"


@pytest.mark.requirement("REPLAY-07")
def test_two_equal_calls_open_together_are_two(sidecar: Sidecar, branch: str) -> None:
    intents = [sidecar.propose(branch, "same")["commit"] for _ in range(2)]
    for n, intent in enumerate(intents):
        sidecar.resolve(branch, intent, payload={"n": n})
    replay = Replay(sidecar, branch)
    got = [replay.next(call("same"))["outcome"]["result"]["n"] for _ in range(2)]
    assert got == [0, 1]
    assert replay.close()["head"] == sidecar.head(branch)


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


@pytest.mark.requirement("REPLAY-06")
def test_an_edit_keeps_what_is_before_and_the_old_branch_still_replays(
    sidecar: Sidecar, branch: str
) -> None:
    """Law 7."""
    pairs = record(sidecar, branch, STEPS)
    log = sidecar.log(branch)
    at = next(e["commit"] for e in log if e["kind"] == "thought" and e["payload"] == {"n": 1})
    position = sidecar.commits(branch).index(at)
    replay = Replay(sidecar, branch, "live", edits=[{"at": at, "payload": {"n": "edited"}}])
    assert replay.start == log[position - 1]["commit"]
    assert replay.next(STEPS[1])["outcome"]["result"] == {"n": 1}
    assert replay.next(STEPS[2])["outcome"]["result"] == {"n": 2}
    assert replay.next(STEPS[3])["hit"]
    closed = replay.close()
    edited = sidecar.log(replay.branch)
    assert [e["commit"] for e in edited[:position]] == [e["commit"] for e in log[:position]]
    assert edited[position]["payload"] == {"n": "edited"}
    assert [e["payload"] for e in edited[position + 1 :]] == (
        [e["payload"] for e in log[position + 1 :]]
    )
    assert closed["head"] != log[-1]["commit"]
    assert sidecar.log(branch) == log
    again = Replay(sidecar, branch)
    for step, pair in zip(STEPS, pairs, strict=True):
        assert again.next(step)["commit"] == pair[1]
    assert again.close()["head"] == log[-1]["commit"]


@pytest.mark.requirement("REPLAY-06")
@pytest.mark.parametrize("which", ["thought", "intent", "outcome"])
def test_an_edit_to_the_same_content_changes_nothing(
    sidecar: Sidecar, branch: str, which: str
) -> None:
    """Law 8."""
    record(sidecar, branch, STEPS)
    kinds = {"thought": "thought", "intent": "tool_call", "outcome": "tool_result"}
    entry = [e for e in sidecar.log(branch) if e["kind"] == kinds[which]][1]
    edits = [{"at": entry["commit"], "payload": entry["payload"]}]
    before = objects_in(sidecar.store)
    replay = Replay(sidecar, branch, "live", edits=edits)
    # The agent goes on from where the edit is; what it asked before stands already.
    asked = [e for e in sidecar.log(branch) if e["kind"].endswith("_call")]
    for step, intent in zip(STEPS, asked, strict=True):
        if intent["depth"] >= entry["depth"]:
            assert replay.next(step)["hit"]
    assert replay.close()["head"] == sidecar.head(branch)
    assert objects_in(sidecar.store) == before


def test_what_was_merged_stays_merged_behind_an_edit(sidecar: Sidecar, branch: str) -> None:
    [other] = sidecar.fork(branch)
    sidecar.say(other, "thought elsewhere")
    at = sidecar.say(branch, "before")
    sidecar.call("branch/apply", {"branch": other, "onto": branch})
    edits = [{"at": at, "payload": {"content": "edited"}}]
    replay = Replay(sidecar, branch, "cached", edits=edits)
    replay.close()
    edited, merge = sidecar.log(replay.branch)[-2:]
    assert edited["payload"] == {"content": "edited"}
    assert merge["parents"] == [edited["commit"], sidecar.head(other)]


@pytest.mark.requirement("REPLAY-06")
def test_an_edited_outcome_stands_on_the_branch_and_the_agent_goes_on(
    sidecar: Sidecar, branch: str
) -> None:
    pairs = record(sidecar, branch, STEPS)
    edits = [{"at": pairs[0][1], "payload": {"status": "error", "result": "edited"}}]
    replay = Replay(sidecar, branch, "live", edits=edits)
    assert replay.start == pairs[0][0]
    assert replay.next(STEPS[1])["outcome"]["result"] == {"n": 1}
    outcome = next(e for e in sidecar.log(replay.branch) if e.get("intent") == pairs[0][0])
    assert outcome["payload"] == {"status": "error", "result": "edited"}


@pytest.mark.requirement("REPLAY-06")
def test_an_edited_intent_really_runs(sidecar: Sidecar, branch: str) -> None:
    pairs = record(sidecar, branch, STEPS)
    new = {"name": "look", "arguments": {"at": "elsewhere"}}
    replay = Replay(sidecar, branch, "live", edits=[{"at": pairs[0][0], "payload": new}])
    got = replay.next({"kind": "tool_call", "payload": new})
    assert got["live"]
    sidecar.resolve(replay.branch, got["commit"], payload={"other": True})
    for number, step in enumerate(STEPS[1:], 1):
        assert replay.next(step)["outcome"]["result"] == {"n": number}
    closed = replay.close()
    assert (closed["matched"], closed["live"], closed["complete"]) == (3, 1, True)
    said = [e["payload"] for e in sidecar.log(replay.branch) if e["kind"] == "tool_call"]
    assert said == [new, STEPS[2]["payload"], STEPS[3]["payload"]]


@pytest.mark.requirement("REPLAY-06")
def test_a_step_that_read_what_an_edit_changed_runs_again(sidecar: Sidecar, folder: Path) -> None:
    """What is known to have been read: paths in ``reads`` of a result."""
    started = sidecar.call("run/start", {"name": "reads", "workspace": str(folder)})
    branch, world = started["branch"], Path(started["world"]["path"])
    steps = [call("write"), call("read", of="notes.txt"), call("read", of="src/app.py")]
    first = sidecar.call("intent/propose", {"branch": branch, "effect": "reversible", **steps[0]})
    (world / "notes.txt").write_text("changed\n")
    sidecar.resolve(branch, first["commit"])
    for step in steps[1:]:
        intent = sidecar.call("intent/propose", {"branch": branch, "effect": "pure", **step})
        result = {"reads": [step["payload"]["arguments"]["of"]]}
        sidecar.resolve(branch, intent["commit"], payload=result)
    new = {"name": "write", "arguments": {"text": "other"}}
    edits = [{"at": first["commit"], "payload": new}]
    replay = Replay(sidecar, branch, "live", edits=edits)
    got = replay.next({"kind": "tool_call", "payload": new})
    assert got["live"]
    at = Path(sidecar.branch(replay.branch)["world"]["path"])
    assert shape_of(at) == shape_of(folder)
    (at / "notes.txt").write_text("otherwise\n")
    sidecar.resolve(replay.branch, got["commit"])
    again = replay.next(steps[1])
    assert again["live"], "it read what is now otherwise"
    sidecar.resolve(replay.branch, again["commit"])
    assert replay.next(steps[2])["hit"], "what this one read is as it was"


@pytest.mark.requirement("REPLAY-06")
@pytest.mark.parametrize("path", ["../outside", "a\0b", 5, None, ""])
def test_a_step_that_read_what_no_workspace_holds(sidecar: Sidecar, branch: str, path: Any) -> None:
    """A tool may say anything about what it read: it is a miss or a hit, never a fault."""
    at = sidecar.say(branch, "before")
    intent = sidecar.propose(branch, "read", effect="pure")["commit"]
    sidecar.resolve(branch, intent, payload={"reads": [path]})
    edits = [{"at": at, "payload": {"content": "edited"}}]
    replay = Replay(sidecar, branch, "live", edits=edits)
    got = replay.next(call("read"))
    assert got["live"] == (path in ("../outside", "a\0b"))


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


calls = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.booleans()), min_size=1, max_size=8
)


@pytest.mark.requirement("REPLAY-01")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=calls, data=st.data())
def test_any_machine_replays_to_the_same_head(
    sidecar: Sidecar, steps: list[tuple[str, int, bool]], data: st.DataObject
) -> None:
    """Law 4, for agents that keep several calls open and take the outcomes in any order."""
    branch = sidecar.begin(f"law 4 {next(COUNT)}")
    waiting: list[tuple[str, int]] = []
    asked: list[Call] = []
    for number, (tool, argument, keep) in enumerate(steps):
        asked.append(call(tool, n=argument))
        intent = sidecar.propose(branch, tool, arguments={"n": argument})["commit"]
        waiting.append((intent, number))
        if not keep:
            for one, n in data.draw(st.permutations(waiting)):
                sidecar.resolve(branch, one, payload={"n": n})
            waiting = []
    for one, n in waiting:
        sidecar.resolve(branch, one, payload={"n": n})
    replay = Replay(sidecar, branch)
    for step in asked:
        assert replay.next(step)["hit"]
    closed = replay.close()
    assert (closed["complete"], closed["head"]) == (True, sidecar.head(branch))


COUNT = iter(range(10**9))
