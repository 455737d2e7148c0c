"""What a replay takes for the same, and where it stops."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.replaying import STEPS, Call, Replay, call, model, record
from tests.support.sidecar import Sidecar

calls = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.booleans()), min_size=1, max_size=8
)


COUNT = iter(range(10**9))


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
