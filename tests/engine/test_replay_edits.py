"""Replays of a record that was edited: what stays, what really runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.replaying import STEPS, Replay, call, record
from tests.support.folders import shape_of
from tests.support.sidecar import Sidecar, objects_in


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
