"""State is a fold over events."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.events import INTENT_OF, OUTCOME_OF, Event, is_intent
from shepherd_sidecar.trace.fold import Summary, apply, fold, summarise

NUMBERS = st.lists(st.integers(-9, 9))
IDS = [f"{n:064x}" for n in range(12)]

EVENTS = st.builds(
    Event,
    kind=st.sampled_from(
        ["run_start", "message", *OUTCOME_OF, *INTENT_OF, "intervention", "run_end"]
    ),
    payload=st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["ok", "failed", "stopped", 5]),
            "action": st.sampled_from(["pause", "resume", "verdict", "inject"]),
            "decision": st.sampled_from(["hold", "deny", "allow"]),
        },
    ),
    effect=st.just("pure"),
    intent=st.none() | st.sampled_from(IDS),
)
LOGS = st.lists(EVENTS, max_size=12).map(lambda events: list(zip(IDS, events, strict=False)))


@given(NUMBERS, NUMBERS, st.integers())
def test_folding_two_logs_is_folding_one_after_the_other(a: Any, b: Any, start: int) -> None:
    def step(state: int, event: int) -> int:
        return state * 31 + event

    assert fold(step, a + b, start) == fold(step, b, fold(step, a, start))
    assert fold(step, [], start) == start


@given(LOGS, LOGS)
def test_a_summary_can_go_on_from_any_commit(log: Any, more: Any) -> None:
    assert summarise(log + more) == fold(apply, more, summarise(log))


@given(LOGS)
def test_a_summary_counts_and_knows_what_is_open(log: Any) -> None:
    state = summarise(log)
    assert sum(state.counts.values()) == len(log)
    for kind, count in state.counts.items():
        assert count == sum(event.kind == kind for _, event in log)
    open_intents = {}
    for at, event in log:
        if is_intent(event.kind):
            open_intents[at] = event
        elif event.kind in INTENT_OF:
            open_intents.pop(event.intent, None)
    assert dict(state.open) == open_intents
    assert list(state.open) == list(open_intents)
    assert state.held <= state.open.keys()


def test_a_summary_follows_a_run() -> None:
    def event(kind: Any, payload: Any = None, intent: str | None = None) -> Event:
        return Event(kind, payload or {}, "pure", intent)

    start = ("s", event("run_start"))
    call = ("c", event("tool_call", {"name": "x"}))
    hold = ("h", event("intervention", {"action": "verdict", "decision": "hold"}, "c"))
    deny = ("d", event("intervention", {"action": "verdict", "decision": "deny"}, "c"))
    result = ("r", event(OUTCOME_OF["tool_call"], {"status": "denied"}, "c"))
    pause = ("p", event("intervention", {"action": "pause"}))
    resume = ("q", event("intervention", {"action": "resume"}))
    end = ("e", event("run_end", {"status": "exhausted"}))
    assert summarise([]) == Summary()
    assert summarise([start]).status == "live"
    assert summarise([start, call, hold]).held == {"c"}
    assert summarise([start, call, hold, deny]).held == frozenset()
    assert list(summarise([start, call, hold, deny]).open) == ["c"]
    assert not summarise([start, call, hold, deny, result]).open
    assert summarise([start, pause]).status == "paused"
    assert summarise([start, pause, resume]).status == "live"
    assert summarise([start, end]).status == "exhausted"
    assert summarise([start, end, pause, resume]).status == "exhausted"
