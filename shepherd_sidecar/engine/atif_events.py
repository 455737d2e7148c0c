"""From an ATIF trajectory to the events of a run.

Layer: engine, pure. What maps exactly and what cannot is in protocol/atif.md. Keeps: nothing
that the trajectory says is lost, nothing that it does not say is made up, and the same
trajectory gives the same events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shepherd_sidecar.engine.atif_document import Call, Result, Step, Trajectory
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.events import Kind

MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Said:
    """One event to record.

    ``client_id`` is where it stands in the trajectory; outcomes name their intent by it. The
    ``messages`` of a model call are left to the recorder: ``heard`` of the conversation.
    """

    path: str
    kind: Kind
    payload: dict[str, Json]
    client_id: str | None = None
    intent: str | None = None
    usage: dict[str, Any] | None = None
    at: int | None = None
    heard: int | None = None


@dataclass(slots=True)
class Conversation:
    """A trajectory as events, without its first and its last."""

    name: str
    start: dict[str, Json]
    end: dict[str, Json]
    events: list[Said] = field(default_factory=list)
    messages: list[dict[str, Json]] = field(default_factory=list)
    """Everything that the model was shown, in order; a model call saw the first ``heard``."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """What could not be said exactly → the JSON paths where."""

    def note(self, what: str, path: str) -> None:
        """Remember that something could not be said exactly."""
        self.notes.setdefault(what, []).append(path)


def convert(trajectory: Trajectory) -> Conversation:
    """The events of one trajectory, embedded ones left out."""
    agent = {"name": trajectory.agent, "version": trajectory.agent_version}
    said = {
        "schemaVersion": trajectory.version,
        "sessionId": trajectory.session,
        "trajectoryId": trajectory.id,
        "model": trajectory.model,
        "agent": trajectory.agent_rest or None,
    }
    name = trajectory.session or trajectory.id or trajectory.agent
    start = {"name": name, "agent": agent, "meta": {"atif": _given(said)}}
    conversation = Conversation(name, start, dict(trajectory.rest))
    at: int | None = None
    for step in trajectory.steps:
        if step.at is None and at is not None:
            conversation.note("a step without a time has that of the step before", step.path)
        at = step.at if step.at is not None else at
        for event in _step(conversation, trajectory, step):
            conversation.events.append(_at(event, at))
    return conversation


def _step(to: Conversation, of: Trajectory, step: Step) -> Iterator[Said]:
    if step.source != "agent" or step.copied:
        yield from _told(to, step)
    else:
        yield from _acted(to, of, step)
    if step.rest:
        yield Said(step.path, "annotation", {"what": "atif", "step": step.id, "more": step.rest})


def _told(to: Conversation, step: Step) -> Iterator[Said]:
    """What came from outside, or from an earlier trajectory: nothing was done here."""
    message = _spoken(step)
    to.messages.append(message)
    copied = {"copied": True} if step.copied else {}
    yield Said(step.path, "message", {**message, **copied})
    for index, result in enumerate(step.results or ()):
        to.messages.append(_heard(result))
        yield _observed(step, index, [result.of] if result.of is not None else [])


def _acted(to: Conversation, of: Trajectory, step: Step) -> Iterator[Said]:
    thinking = step.model_calls != 0
    if step.model_calls is not None and step.model_calls > 1:
        to.note("a step of several model calls is one model call", step.path)
    if thinking:
        yield from _asked(to, of, step)
    if step.reasoning:
        yield Said(step.path, "thought", {"text": step.reasoning})
    if step.message and (step.reasoning or not step.calls or not thinking):
        yield Said(step.path, "message", {"role": "assistant", "content": step.message})
    elif step.message:
        yield Said(step.path, "thought", _thought(step.message))
    to.messages.append(_spoken(step))
    yield from _done(to, step)
    for index, result in enumerate(step.results or ()):
        to.messages.append(_heard(result))
        calls = [result.of] if result.of is not None else [call.id for call in step.calls]
        yield _observed(step, index, calls)


def _asked(to: Conversation, of: Trajectory, step: Step) -> Iterator[Said]:
    client_id = f"{step.id}/model"
    request = {
        "model": step.model or of.model,
        "tools": of.tools,
        "reasoning_effort": step.effort,
    }
    yield Said(step.path, "model_call", _given(request), client_id, heard=len(to.messages))
    answer = {
        "content": step.message,
        "reasoning": step.reasoning,
        "toolCalls": [_call(call) for call in step.calls] or None,
        "metrics": step.metrics or None,
    }
    outcome = {"status": "ok", "result": _given(answer)}
    yield Said(step.path, "model_result", outcome, None, client_id, step.usage or None)


def _done(to: Conversation, step: Step) -> Iterator[Said]:
    """The calls of a step, one after another, each with its outcome."""
    results = step.results or ()
    own: dict[str, list[Result]] = {}
    shared = [result for result in results if result.of is None]
    for result in results:
        if result.of is not None:
            own.setdefault(result.of, []).append(result)
    # A result that names no call is what was seen after all of them: it belongs to the last.
    last = step.calls[-1].id if step.calls and shared else None
    if last is not None and len(step.calls) > 1:
        to.note(
            "several calls share one observation: it stands in the outcome of the last of them",
            f"{step.path}.observation",
        )
    for index, call in enumerate(step.calls):
        path = f"{step.path}.tool_calls[{index}]"
        name = f"{step.id}/{call.id}"
        more = {"extra": call.extra} if call.extra is not None else {}
        intent = {"name": call.name, "arguments": call.arguments, **more}
        yield Said(path, "tool_call", intent, name)
        seen = own.get(call.id, []) + (shared if call.id == last else [])
        if seen:
            yield Said(path, "tool_result", _outcome(seen), None, name)
        elif last is not None:
            shares = {"status": "ok", "result": {"observedWith": last}}
            yield Said(path, "tool_result", shares, None, name)
        else:
            to.note("a call without a result is an intent without an outcome", path)


def _outcome(seen: list[Result]) -> dict[str, Json]:
    first = seen[0]
    if len(seen) == 1:
        return {"status": "ok", "result": {"content": first.content, **first.rest}}
    return {
        "status": "ok",
        "result": {"contents": [{"content": one.content, **one.rest} for one in seen]},
    }


def _observed(step: Step, index: int, calls: list[str]) -> Said:
    assert step.results is not None
    result = step.results[index]
    payload = {"content": result.content, "calls": calls, **result.rest}
    return Said(f"{step.path}.observation.results[{index}]", "observation", payload)


def _spoken(step: Step) -> dict[str, Json]:
    role = "assistant" if step.source == "agent" else step.source
    message = {"role": role, "content": step.message, "reasoning": step.reasoning}
    return _given({**message, "tool_calls": [_call(call) for call in step.calls] or None})


def _heard(result: Result) -> dict[str, Json]:
    return _given({"role": "tool", "content": result.content, "tool_call_id": result.of})


def _call(call: Call) -> dict[str, Json]:
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def _thought(message: Json) -> dict[str, Json]:
    return {"text": message} if type(message) is str else {"content": message}


def _given(members: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in members.items() if value is not None}


def _at(event: Said, at: int | None) -> Said:
    return Said(
        event.path,
        event.kind,
        event.payload,
        event.client_id,
        event.intent,
        event.usage,
        at,
        event.heard,
    )
