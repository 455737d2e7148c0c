"""State as a fold over events: ``state = fold(apply, events, start)``.

Layer: trace. A state is never stored as truth; it follows from the log, so it can be had at
any commit, and of two equal logs it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Final, Literal, TypeVar

from shepherd_sidecar.trace.events import Event, is_intent, is_outcome
from shepherd_sidecar.trace.ids import Id

S = TypeVar("S")
E = TypeVar("E")

Status = Literal["empty", "live", "paused", "finished", "failed", "exhausted", "stopped"]
_ENDS: Final[Mapping[Any, Status]] = {
    "finished": "finished",
    "failed": "failed",
    "exhausted": "exhausted",
    "stopped": "stopped",
}


def fold(apply: Callable[[S, E], S], events: Iterable[E], start: S) -> S:
    """``apply(… apply(apply(start, e1), e2) …, en)``."""
    return reduce(apply, events, start)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a view shows of a log."""

    status: Status = "empty"
    """Whether the run goes on, by the log alone."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Events of each kind."""
    open: Mapping[Id, Event] = field(default_factory=dict)
    """Commit → intent, for intents without an outcome, oldest first."""
    held: frozenset[Id] = frozenset()
    """The open intents that wait for a decision."""


def summarise(entries: Iterable[tuple[Id, Event]]) -> Summary:
    """The summary of a log, given as commit ids with their events, oldest first."""
    return fold(apply, entries, Summary())


def apply(state: Summary, entry: tuple[Id, Event]) -> Summary:
    """The summary one event later."""
    commit, event = entry
    counts = {**state.counts, event.kind: state.counts.get(event.kind, 0) + 1}
    state = replace(state, counts=counts)
    if is_intent(event.kind):
        return replace(state, open={**state.open, commit: event})
    if is_outcome(event.kind) and event.intent is not None:
        left = {intent: asked for intent, asked in state.open.items() if intent != event.intent}
        return replace(state, open=left, held=state.held - {event.intent})
    if event.kind == "run_start":
        return replace(state, status="live")
    if event.kind == "run_end":
        return replace(state, status=_ENDS.get(event.payload.get("status"), "finished"))
    if event.kind == "intervention":
        return _intervened(state, event)
    return state


def _intervened(state: Summary, event: Event) -> Summary:
    intent = event.intent
    match event.payload.get("action"), event.payload.get("decision"):
        case "pause", _:
            return replace(state, status="paused") if state.status == "live" else state
        case "resume", _:
            return replace(state, status="live") if state.status == "paused" else state
        case "verdict", "hold" if intent is not None and intent in state.open:
            return replace(state, held=state.held | {intent})
        case "verdict", decision if decision != "hold":
            return replace(state, held=state.held - {intent})
        case _:
            return state
