"""The shapes that both faces of the client send and read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
Status = Literal["ok", "error", "denied"]


@dataclass(frozen=True, slots=True)
class Intent:
    """What an agent asks to do."""

    kind: Literal["tool_call", "model_call"]
    payload: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an intent came to in a replay."""

    status: Status
    result: Json
    """The result as the acting function gave it; for an error ``{"error": {message, type}}``."""
    recorded: bool
    """Whether the record gave it."""


@dataclass(slots=True)
class ReplayReport:
    """What a replay came to."""

    branch: str | None
    matched: int = 0
    """Pairs answered from, or equal to, the record."""
    live: int = 0
    """Actions that really ran."""
    complete: bool = False
    head: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    differences: list[dict[str, Json]] = field(default_factory=list)
    """In ``verify``: the comparisons that were not equal."""


Machine = Callable[[Sequence[Outcome]], Intent | None]
"""An agent: from its outcomes so far to what it wants to do next, or None when it is done."""


def tool_call(name: str, arguments: dict[str, Json]) -> Intent:
    """The intent of a tool call."""
    return Intent("tool_call", {"name": name, "arguments": arguments})


def model_call(payload: dict[str, Json]) -> Intent:
    """The intent of a model call."""
    return Intent("model_call", payload)


def given(**fields: Json) -> dict[str, Json]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def wrap(result: Json) -> dict[str, Json]:
    """A result as an outcome's payload, which is an object.

    Other values are wrapped as ``{"value": ...}``, and so is an object that looks like a
    wrapped one, so that ``unwrap`` is exact.
    """
    if isinstance(result, dict) and set(result) != {"value"}:
        return result
    return {"value": result}


def unwrap(payload: dict[str, Json]) -> Json:
    """The result that ``wrap`` was given."""
    return payload["value"] if set(payload) == {"value"} else payload


def describe(error: BaseException) -> dict[str, Json]:
    """How a raised exception is recorded."""
    return {"error": {"message": str(error), "type": type(error).__name__}}


def recorded(payload: dict[str, Json]) -> Outcome:
    """The outcome in a recorded payload."""
    result = unwrap(payload["result"]) if "result" in payload else payload
    return Outcome(payload.get("status", "ok"), result, recorded=True)


def denied(verdict: dict[str, Json]) -> Outcome:
    """The outcome of an intent that was denied now."""
    said = {"status": "denied", "by": verdict["by"], "reason": verdict.get("reason", "")}
    return Outcome("denied", said, recorded=False)
