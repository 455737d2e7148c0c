"""An ATIF trajectory as a checked value: versions 1.0 to 1.7 of the interchange format.

Layer: engine, pure. Keeps: what is accepted has every member the format asks for, of its
type; what is refused is named by its JSON path; members that nobody knows are kept, not lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

from shepherd_sidecar.errors import ImportInvalid
from shepherd_sidecar.trace.canonical import Json

VERSIONS: Final = tuple(f"ATIF-v1.{minor}" for minor in range(8))
MAX_EMBEDDED: Final = 8
"""Levels of trajectories inside trajectories."""

Source = Literal["system", "user", "agent"]
_SOURCES: Final = ("system", "user", "agent")
_AGENT_ONLY: Final = (
    "model_name",
    "reasoning_effort",
    "reasoning_content",
    "tool_calls",
    "metrics",
)
_USAGE: Final = {
    "prompt_tokens": "inputTokens",
    "completion_tokens": "outputTokens",
    "cached_tokens": "cachedTokens",
    "cost_usd": "costUsd",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a step."""

    id: str
    name: str
    arguments: dict[str, Json]
    extra: Json = None


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a step's observation. ``of`` is the call that it names, if it names one."""

    content: Json
    of: str | None = None
    rest: dict[str, Json] = field(default_factory=dict)
    """References to trajectories of others, and extras."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``at`` is in milliseconds since the epoch."""

    path: str
    id: int
    source: Source
    message: Json
    at: int | None
    model: str | None
    reasoning: str | None
    effort: Json
    calls: tuple[Call, ...]
    results: tuple[Result, ...] | None
    """None when the step has no observation."""
    usage: dict[str, int | float]
    metrics: dict[str, Json]
    """Metrics that are no usage: logprobs, token ids, extras."""
    copied: bool
    """The step was taken over from another trajectory; it did not happen here."""
    model_calls: int | None
    """How many model calls it stands for, where it says."""
    rest: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One agent's trajectory."""

    path: str
    version: str
    session: str | None
    id: str | None
    agent: str
    agent_version: str
    model: str | None
    tools: list[Json] | None
    agent_rest: dict[str, Json]
    steps: tuple[Step, ...]
    rest: dict[str, Json]
    """``notes``, ``final_metrics``, ``continued_trajectory_ref``, ``extra`` and the unknown."""
    embedded: tuple[Trajectory, ...] = ()


def parse(value: Json) -> Trajectory:
    """The trajectory that a JSON value is.

    Raises:
        ImportInvalid: it is none; ``data.path`` is the JSON path of the first fault.
    """
    return _trajectory(value, "$", None, 0)


def invalid(path: str, why: str) -> ImportInvalid:
    """The refusal of what stands at a JSON path."""
    return ImportInvalid(f"{path}: {why}", path=path)


def _trajectory(value: Json, path: str, inherited: str | None, depth: int) -> Trajectory:
    members = _Members(value, path)
    version = members.take("schema_version", str, inherited)
    if version not in VERSIONS:
        known = f"{VERSIONS[0]} to {VERSIONS[-1]}"
        raise invalid(f"{path}.schema_version", f"{version[:40]!r} is not known; known are {known}")
    # From 1.7 on a trajectory may be named by trajectory_id alone, or be one of a session.
    session = members.maybe("session_id", str)
    if session is None and version != VERSIONS[-1]:
        raise invalid(f"{path}.session_id", "missing")
    agent = _Members(members.take("agent", dict), f"{path}.agent")
    listed = members.take("steps", list)
    if not listed:
        raise invalid(f"{path}.steps", "a trajectory has at least one step")
    embedded = members.maybe("subagent_trajectories", list) or []
    if embedded and depth >= MAX_EMBEDDED:
        raise invalid(f"{path}.subagent_trajectories", f"nested deeper than {MAX_EMBEDDED}")
    return Trajectory(
        path=path,
        version=version,
        session=session,
        id=members.maybe("trajectory_id", str),
        agent=agent.take("name", str),
        agent_version=agent.take("version", str),
        model=agent.maybe("model_name", str),
        tools=agent.maybe("tool_definitions", list),
        agent_rest=agent.rest(),
        steps=tuple(_step(step, f"{path}.steps[{n}]", n + 1) for n, step in enumerate(listed)),
        embedded=tuple(
            _trajectory(part, f"{path}.subagent_trajectories[{n}]", version, depth + 1)
            for n, part in enumerate(embedded)
        ),
        rest=members.rest(),
    )


def _step(value: Json, path: str, number: int) -> Step:
    members = _Members(value, path)
    step_id = members.take("step_id", int)
    if step_id != number:
        raise invalid(f"{path}.step_id", f"steps are numbered from 1 without gaps; {number} is due")
    source = members.take("source", str)
    if source not in _SOURCES:
        raise invalid(f"{path}.source", f"one of {', '.join(_SOURCES)}")
    if source != "agent":
        for name in _AGENT_ONLY:
            if members.has(name):
                raise invalid(
                    f"{path}.{name}", f"only steps of an agent have it, not of a {source}"
                )
    calls = _calls(members.maybe("tool_calls", list) or [], path)
    metrics = _Members(members.maybe("metrics", dict) or {}, f"{path}.metrics")
    return Step(
        path=path,
        id=step_id,
        source=cast(Source, source),
        message=_content(members.take("message", object), f"{path}.message"),
        at=_time(members.maybe("timestamp", str), f"{path}.timestamp"),
        model=members.maybe("model_name", str),
        reasoning=members.maybe("reasoning_content", str),
        effort=members.maybe("reasoning_effort", object),
        calls=calls,
        results=_results(members.maybe("observation", dict), path, {call.id for call in calls}),
        usage=_usage(metrics),
        metrics=metrics.rest(),
        copied=members.maybe("is_copied_context", bool) or False,
        model_calls=members.maybe("llm_call_count", int),
        rest=members.rest(),
    )


def _calls(listed: list[Json], path: str) -> tuple[Call, ...]:
    calls: dict[str, Call] = {}
    for index, value in enumerate(listed):
        where = f"{path}.tool_calls[{index}]"
        members = _Members(value, where)
        call = Call(
            members.take("tool_call_id", str),
            members.take("function_name", str),
            members.take("arguments", dict),
            members.rest() or None,
        )
        if not call.name:
            raise invalid(f"{where}.function_name", "a tool call names its tool")
        if call.id in calls:
            raise invalid(f"{where}.tool_call_id", "another call of this step has the same id")
        calls[call.id] = call
    return tuple(calls.values())


def _results(
    observation: dict[str, Json] | None, path: str, calls: set[str]
) -> tuple[Result, ...] | None:
    if observation is None:
        return None
    listed = _Members(observation, f"{path}.observation").take("results", list)
    results = []
    for index, value in enumerate(listed):
        where = f"{path}.observation.results[{index}]"
        members = _Members(value, where)
        of = members.maybe("source_call_id", str)
        if of is not None and of not in calls:
            raise invalid(f"{where}.source_call_id", "no tool call of this step has this id")
        content = members.maybe("content", object)
        if content is not None:
            content = _content(content, f"{where}.content")
        results.append(Result(content, of, members.rest()))
    return tuple(results)


def _content(value: Json, path: str) -> Json:
    """A text, or a list of parts that each say their type."""
    if type(value) is list:
        for index, part in enumerate(value):
            _Members(part, f"{path}[{index}]").take("type", str)
    elif type(value) is not str:
        raise invalid(path, "a text or a list of content parts")
    return value


def _usage(metrics: _Members) -> dict[str, int | float]:
    usage: dict[str, int | float] = {}
    for name, ours in _USAGE.items():
        amount = metrics.maybe(name, float if name == "cost_usd" else int)
        if amount is not None:
            if amount < 0:
                raise invalid(f"{metrics.path}.{name}", "0 or more")
            usage[ours] = amount
    return usage


def _time(text: str | None, path: str) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        milliseconds = round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise invalid(path, "times are ISO 8601, as 2026-01-31T12:00:00Z") from None
    if milliseconds < 0:
        raise invalid(path, "before 1970")
    return milliseconds


class _Members:
    """A JSON object that is taken apart; what was not taken is the rest."""

    def __init__(self, value: Json, path: str) -> None:
        if type(value) is not dict:
            raise invalid(path, "an object is needed")
        self.path = path
        self._left: dict[str, Json] = dict(value)

    def has(self, name: str) -> bool:
        return self._left.get(name) is not None

    def take(self, name: str, kind: type, default: Json = None) -> Any:
        found = self.maybe(name, kind)
        if found is None:
            found = default
        if found is None:
            raise invalid(f"{self.path}.{name}", "missing")
        return found

    def maybe(self, name: str, kind: type) -> Any:
        found = self._left.pop(name, None)
        if found is None or kind is object:
            return found
        fits = type(found) is kind or (kind is float and type(found) is int)
        if not fits:
            raise invalid(f"{self.path}.{name}", f"{_WORDS[kind]} is needed")
        return found

    def rest(self) -> dict[str, Json]:
        return {name: value for name, value in self._left.items() if value is not None}


_WORDS: Final[Mapping[type, str]] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
