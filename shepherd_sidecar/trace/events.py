"""Events: immutable typed records of what crossed between agent and environment.

Layer: trace. An event is ``{kind, payload, intent?, effect}``; its bytes are canonical JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from shepherd_sidecar.trace.canonical import Json, decode, encode
from shepherd_sidecar.trace.ids import Id, is_id, object_id

Kind = Literal[
    "run_start",
    "message",
    "thought",
    "model_call",
    "model_result",
    "tool_call",
    "tool_result",
    "observation",
    "workspace_change",
    "intervention",
    "annotation",
    "run_end",
]
ReportedKind = Literal[
    "message",
    "thought",
    "model_call",
    "model_result",
    "tool_call",
    "tool_result",
    "observation",
    "workspace_change",
    "annotation",
]
"""Kinds that clients report; the others only the sidecar records: they could forge verdicts."""
Effect = Literal["pure", "reversible", "compensable", "irreversible"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
EFFECTS: Final[tuple[Effect, ...]] = get_args(Effect)

OUTCOME_OF: Final[dict[str, Kind]] = {"model_call": "model_result", "tool_call": "tool_result"}
"""The outcome's kind for each kind of intent."""
INTENT_OF: Final[dict[str, str]] = {outcome: intent for intent, outcome in OUTCOME_OF.items()}

_DEFAULT_EFFECT: Final[dict[str, Effect]] = {
    "model_call": "irreversible",
    "tool_call": "irreversible",
    "workspace_change": "reversible",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``intent`` is the id of the commit that holds the intent it answers or rules."""

    kind: Kind
    payload: dict[str, Json]
    effect: Effect
    intent: Id | None = None

    @property
    def id(self) -> Id:
        """``H(event, bytes)``."""
        return object_id("event", event_bytes(self))


def default_effect(kind: Kind) -> Effect:
    """The effect class of an event whose reporter named none: an action is assumed the worst."""
    return _DEFAULT_EFFECT.get(kind, "pure")


def event_bytes(event: Event) -> bytes:
    """Canonical bytes of an event."""
    return frame(event.kind, event.effect, event.intent, encode(event.payload))


def frame(kind: str, effect: str, intent: Id | None, payload: bytes) -> bytes:
    """Canonical bytes of an event whose payload is canonical already.

    The four members stand in canonical order (effect, intent, kind, payload).
    """
    named = f'"intent":"{intent}",' if intent is not None else ""
    return f'{{"effect":"{effect}",{named}"kind":"{kind}","payload":'.encode() + payload + b"}"


def parse_event(data: bytes) -> Event:
    """The event of canonical bytes."""
    value = decode(data)
    return Event(value["kind"], value["payload"], value["effect"], value.get("intent"))


def is_intent(kind: str) -> bool:
    """Whether an event of this kind asks to act."""
    return kind in OUTCOME_OF


def is_outcome(kind: str) -> bool:
    """Whether an event of this kind answers an intent."""
    return kind in INTENT_OF


def blob_refs(value: Json) -> Iterator[Id]:
    """Every blob that a payload refers to, in order of appearance."""
    stack: list[Any] = [value]
    while stack:
        part = stack.pop()
        if type(part) is dict:
            if len(part) == 1 and "$blob" in part and is_id(part["$blob"]):
                yield part["$blob"]
            else:
                stack.extend(reversed(part.values()))
        elif type(part) is list:
            stack.extend(reversed(part))
