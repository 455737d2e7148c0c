"""The mapping, on small trajectories."""

from __future__ import annotations

from typing import Any

import pytest

from shepherd_sidecar.engine.atif_document import VERSIONS, parse
from shepherd_sidecar.engine.atif_events import Conversation, convert
from shepherd_sidecar.errors import ImportInvalid

Json = Any


def step(**members: Json) -> Json:
    return {"step_id": 1, "source": "agent", "message": "", **members}


def call(name: str, **arguments: Json) -> Json:
    return {"tool_call_id": name, "function_name": "bash", "arguments": arguments}


def trajectory(*steps: Json, **members: Json) -> Json:
    return {
        "schema_version": "ATIF-v1.6",
        "session_id": "s",
        "agent": {"name": "a", "version": "1", "model_name": "m"},
        "steps": [{**one, "step_id": number} for number, one in enumerate(steps, 1)],
        **members,
    }


def converted(*steps: Json, **members: Json) -> Conversation:
    return convert(parse(trajectory(*steps, **members)))


def said(conversation: Conversation) -> list[tuple[str, Json]]:
    return [(event.kind, event.payload) for event in conversation.events]


def test_a_step_of_a_user_or_the_system_is_a_message() -> None:
    found = converted(step(source="system", message="be kind"), step(source="user", message="hi"))
    assert said(found) == [
        ("message", {"role": "system", "content": "be kind"}),
        ("message", {"role": "user", "content": "hi"}),
    ]


def test_a_step_of_the_agent_is_a_model_call_its_answer_and_what_it_did() -> None:
    found = converted(
        step(source="user", message="hi"),
        step(
            message="I look around",
            model_name="m2",
            tool_calls=[call("c1", command="ls")],
            observation={"results": [{"content": "a\n"}]},
            metrics={"prompt_tokens": 5, "completion_tokens": 2, "cost_usd": 1, "logprobs": [0.5]},
        ),
    )
    kinds = [event.kind for event in found.events]
    assert kinds == [
        "message",
        "model_call",
        "model_result",
        "thought",
        "tool_call",
        "tool_result",
        "observation",
    ]
    model, answer, thought, intent, outcome, seen = found.events[1:]
    assert (model.payload, model.client_id, model.heard) == ({"model": "m2"}, "2/model", 1)
    assert answer.intent == model.client_id
    assert answer.usage == {"inputTokens": 5, "outputTokens": 2, "costUsd": 1}
    assert answer.payload == {
        "status": "ok",
        "result": {
            "content": "I look around",
            "toolCalls": [{"id": "c1", "name": "bash", "arguments": {"command": "ls"}}],
            "metrics": {"logprobs": [0.5]},
        },
    }
    assert thought.payload == {"text": "I look around"}
    assert intent.payload == {"name": "bash", "arguments": {"command": "ls"}}
    assert outcome.intent == intent.client_id == "2/c1"
    assert outcome.payload == {"status": "ok", "result": {"content": "a\n"}}
    assert seen.payload == {"content": "a\n", "calls": ["c1"]}
    assert found.notes == {}


def test_words_without_calls_are_a_message_and_reasoning_is_a_thought() -> None:
    found = converted(step(message="done", reasoning_content="nothing is left"))
    assert said(found)[2:] == [
        ("thought", {"text": "nothing is left"}),
        ("message", {"role": "assistant", "content": "done"}),
    ]


def test_a_shared_observation_stands_in_the_outcome_of_the_last_call() -> None:
    found = converted(
        step(tool_calls=[call("a"), call("b")], observation={"results": [{"content": "both"}]})
    )
    outcomes = [event.payload["result"] for event in found.events if event.kind == "tool_result"]
    assert outcomes == [{"observedWith": "b"}, {"content": "both"}]
    assert said(found)[-1] == ("observation", {"content": "both", "calls": ["a", "b"]})
    [paths] = found.notes.values()
    assert paths == ["$.steps[0].observation"]


def test_results_that_name_their_calls_go_to_them() -> None:
    results = [
        {"source_call_id": "b", "content": "of b"},
        {"source_call_id": "a", "content": None, "subagent_trajectory_ref": [{"session_id": "x"}]},
    ]
    found = converted(step(tool_calls=[call("a"), call("b")], observation={"results": results}))
    outcomes = [event.payload["result"] for event in found.events if event.kind == "tool_result"]
    assert outcomes == [
        {"content": None, "subagent_trajectory_ref": [{"session_id": "x"}]},
        {"content": "of b"},
    ]
    assert found.notes == {}


def test_a_call_without_a_result_has_no_outcome() -> None:
    found = converted(step(tool_calls=[call("a")]))
    assert [kind for kind, _ in said(found)][2:] == ["tool_call"]
    assert list(found.notes.values()) == [["$.steps[0].tool_calls[0]"]]


def test_the_model_is_shown_what_came_before() -> None:
    found = converted(
        step(source="user", message="hi"),
        step(message="m", tool_calls=[call("a")], observation={"results": [{"content": "o"}]}),
        step(message="bye"),
    )
    assert [event.heard for event in found.events if event.kind == "model_call"] == [1, 3]
    assert found.messages[:3] == [
        {"role": "user", "content": "hi"},
        {
            "role": "assistant",
            "content": "m",
            "tool_calls": [{"id": "a", "name": "bash", "arguments": {}}],
        },
        {"role": "tool", "content": "o"},
    ]


def test_copied_context_did_not_happen_here() -> None:
    found = converted(step(message="old", is_copied_context=True, tool_calls=[call("a")]))
    [(kind, payload)] = said(found)
    assert (kind, payload["copied"], payload["role"]) == ("message", True, "assistant")


def test_a_step_that_asked_no_model_has_no_model_call() -> None:
    found = converted(step(message="by rule", tool_calls=[call("a")], llm_call_count=0))
    assert [kind for kind, _ in said(found)] == ["message", "tool_call"]


def test_extras_and_unknown_members_are_kept() -> None:
    found = converted(
        step(message="m", extra={"k": 1}, novelty=True), extra={"e": 2}, notes="n", more=[3]
    )
    assert said(found)[-1] == (
        "annotation",
        {"what": "atif", "step": 1, "more": {"extra": {"k": 1}, "novelty": True}},
    )
    assert found.end == {"extra": {"e": 2}, "notes": "n", "more": [3]}


def test_a_time_without_a_zone_is_utc_and_a_missing_one_is_that_before() -> None:
    found = converted(
        step(source="user", message="a", timestamp="2026-01-01T00:00:00"),
        step(source="user", message="b"),
        step(source="user", message="c", timestamp="2026-01-01T01:00:00.5+01:00"),
    )
    start = 1767225600000
    assert [event.at for event in found.events] == [start, start, start + 500]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_known_version_is_accepted(version: str) -> None:
    assert converted(step(source="user", message="a"), schema_version=version).events


def test_version_1_7_needs_no_session_and_embeds_trajectories() -> None:
    inner = trajectory(step(source="user", message="in"), trajectory_id="t2")
    del inner["session_id"], inner["schema_version"]
    whole = trajectory(
        step(source="user", message="out"),
        schema_version="ATIF-v1.7",
        session_id=None,
        trajectory_id="t1",
        subagent_trajectories=[inner],
    )
    parsed = parse(whole)
    assert parsed.embedded[0].id == "t2"
    assert convert(parsed).name == "t1"


ok = step(source="user", message="a")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([], "$"),
        ({}, "$.schema_version"),
        (trajectory(ok, schema_version="ATIF-v2.0"), "$.schema_version"),
        (trajectory(ok, schema_version="ATIF-v1.99"), "$.schema_version"),
        (trajectory(ok, schema_version="OTLP"), "$.schema_version"),
        (trajectory(ok, schema_version=1.6), "$.schema_version"),
        (trajectory(ok, session_id=None), "$.session_id"),
        (trajectory(ok, agent="a"), "$.agent"),
        (trajectory(ok, agent={"name": "a"}), "$.agent.version"),
        (trajectory(), "$.steps"),
        (trajectory(ok, steps=None), "$.steps"),
        (trajectory(ok, steps=[1]), "$.steps[0]"),
        (trajectory(ok, steps=[{**ok, "step_id": 2}]), "$.steps[0].step_id"),
        (trajectory(ok, steps=[{**ok, "step_id": True}]), "$.steps[0].step_id"),
        (trajectory(ok, {**ok, "source": "robot"}), "$.steps[1].source"),
        (trajectory(ok, {**ok, "message": None}), "$.steps[1].message"),
        (trajectory(ok, {**ok, "message": 5}), "$.steps[1].message"),
        (trajectory({**ok, "message": [{"text": "a"}]}), "$.steps[0].message[0].type"),
        (trajectory({**ok, "tool_calls": [call("a")]}), "$.steps[0].tool_calls"),
        (trajectory({**ok, "timestamp": "yesterday"}), "$.steps[0].timestamp"),
        (trajectory({**ok, "timestamp": "0001-01-01T00:00:00"}), "$.steps[0].timestamp"),
        (trajectory(step(tool_calls=[{}])), "$.steps[0].tool_calls[0].tool_call_id"),
        (trajectory(step(tool_calls=[call("a"), call("a")])), "$.steps[0].tool_calls[1]"),
        (
            trajectory(step(tool_calls=[{**call("a"), "arguments": "ls"}])),
            "$.steps[0].tool_calls[0].arguments",
        ),
        (
            trajectory(step(tool_calls=[{**call("a"), "function_name": ""}])),
            "$.steps[0].tool_calls[0].function_name",
        ),
        (trajectory(step(observation={})), "$.steps[0].observation.results"),
        (
            trajectory(step(observation={"results": [{"source_call_id": "x"}]})),
            "$.steps[0].observation.results[0].source_call_id",
        ),
        (trajectory(step(metrics={"prompt_tokens": "5"})), "$.steps[0].metrics.prompt_tokens"),
        (trajectory(step(metrics={"cost_usd": -1})), "$.steps[0].metrics.cost_usd"),
    ],
)
def test_what_is_no_atif_is_refused_by_its_place(value: Json, path: str) -> None:
    with pytest.raises(ImportInvalid) as caught:
        parse(value)
    assert caught.value.data["path"].startswith(path)
