"""No outcome comes before its verdict, whichever way it is reported and whatever happens meanwhile:
not while a rule holds the intent, not while a pause does, not while supervisors are asked."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.engine import reading
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.supervision import Attached, Question
from shepherd_sidecar.errors import IntentDenied
from shepherd_sidecar.protocol.branches import BranchRenameParams, BranchRewindParams, ForkParams
from shepherd_sidecar.protocol.intents import ProposeParams, ProposeResult, ResolveParams
from shepherd_sidecar.protocol.interventions import (
    DecideParams,
    PauseParams,
    ResumeParams,
    Ruling,
)
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.supervision import (
    AttachParams,
    SupervisorDecideResult,
    SupervisorFilter,
)
from shepherd_sidecar.protocol.traces import AppendParams, LogParams, NewEvent

GATE = """
[[rule]]
name = "ask"
decision = "hold"
reason = "somebody decides"
tools = ["held"]
"""
LIMITS = Limits()
DONE = {"status": "ok", "result": {}}


class Stage:
    """An agent's sidecar that may be started anew, another of the same agent, and a supervisor."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.agent, self.second, self.other = (Engine(root) for _ in range(3))
        (root / "gate.toml").write_text(GATE)
        self.asked: queue.SimpleQueue[Question] = queue.SimpleQueue()
        told = Attached(self.asked.put, lambda _: None, lambda *_: None)
        wanted = SupervisorFilter(tools=["asked"])
        self.other.supervision.attach(
            AttachParams("guard", filter=wanted, timeout_ms=600_000), "test", told
        )
        self.numbers = itertools.count()

    def close(self) -> None:
        for engine in (self.agent, self.second, self.other):
            engine.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage") / ".shepherd")
    try:
        yield made
    finally:
        made.close()


class Act:
    """One intent that waits, on a branch of its own."""

    def __init__(self, stage: Stage, tool: str) -> None:
        self.stage, self.tool = stage, tool
        number = next(stage.numbers)
        self.branch = stage.agent.runs.start(RunStartParams(f"run {number}"), "agent").branch
        if tool == "paused":
            stage.other.pause(PauseParams(self.branch, "owner"), "owner").result(30)
        self.client = f"call {number}"
        self.waiting = self.propose()
        self.question = stage.asked.get(timeout=30) if tool == "asked" else None
        self.intent = self._intent()

    def propose(self) -> Future[ProposeResult]:
        """Also when it was proposed before: it is the same intent."""
        payload = {"name": self.tool, "arguments": {}}
        return self.stage.agent.propose(
            ProposeParams(self.branch, "tool_call", payload, client_id=self.client), "agent"
        )

    def settle(self) -> None:
        """Until what was proposed is recorded: a later write's turn comes after it."""
        self.stage.agent.store.write(lambda _: None)

    def _intent(self) -> str:
        """Its commit."""
        self.settle()
        return next(one.commit for one in self.log() if one.kind == "tool_call")

    def log(self) -> list[Any]:
        return reading.log(self.stage.agent.store, LogParams(branch=self.branch), LIMITS).entries

    def decide(self) -> None:
        """Allow it, as whoever is waited for."""
        if self.question is not None:
            allowed = SupervisorDecideResult("allow")
            supervision = self.stage.other.supervision
            supervision.answer(self.question, allowed, "guard", eager=False).result(30)
        elif self.tool == "paused":
            self.stage.other.resume(ResumeParams(self.branch, "owner"), "owner").result(30)
        else:
            allow = DecideParams(self.intent, Ruling("allow"), "owner", self.branch)
            self.stage.other.intents.decide(allow, "owner").result(30)


def resolve(engine: Engine, act: Act) -> None:
    params = ResolveParams(act.branch, act.intent, {}, "ok")
    engine.reporting.resolve_only(params, "agent").result(30)


def resolve_with_files(engine: Engine, act: Act) -> None:
    engine.resolve(ResolveParams(act.branch, act.intent, {}, "ok"), "agent")


def append(engine: Engine, act: Act) -> None:
    outcome = NewEvent("tool_result", DONE, intent=act.intent)
    engine.append(AppendParams(act.branch, [outcome]), "agent").result(30)


def append_by_client_id(engine: Engine, act: Act) -> None:
    outcome = NewEvent("tool_result", DONE, intent_client_id=act.client)
    engine.append(AppendParams(act.branch, [outcome]), "agent").result(30)


def append_among_others(engine: Engine, act: Act) -> None:
    """All or none: what stands beside it is refused with it."""
    said = NewEvent("message", {"role": "assistant", "content": "done"})
    again = NewEvent("tool_call", {"name": act.tool, "arguments": {}}, client_id=act.client)
    outcome = NewEvent("tool_result", DONE, intent_client_id=act.client)
    engine.append(AppendParams(act.branch, [said, again, outcome]), "agent").result(30)


def right_behind_the_proposal(engine: Engine, act: Act) -> None:
    """Sent before the proposal is answered, into the same transaction as like as not."""
    act.propose()
    append_by_client_id(act.stage.agent, act)


WAYS: list[Callable[[Engine, Act], None]] = [
    resolve,
    resolve_with_files,
    append,
    append_by_client_id,
    append_among_others,
    right_behind_the_proposal,
]


def say(act: Act) -> None:
    said = NewEvent("message", {"role": "assistant", "content": "well"})
    act.stage.agent.append(AppendParams(act.branch, [said]), "agent").result(30)


def rename(act: Act) -> None:
    name = f"renamed {next(act.stage.numbers)}"
    act.stage.second.rename(BranchRenameParams(act.branch, name), "agent").result(30)
    act.branch = name


def fork(act: Act) -> None:
    """Somebody else goes on from there: that changes nothing here."""
    forked = act.stage.agent.fork(ForkParams(act.branch), "agent").branches[0].branch
    said = NewEvent("message", {"role": "assistant", "content": "elsewhere"})
    act.stage.agent.append(AppendParams(forked, [said]), "agent").result(30)


def restart(act: Act) -> None:
    """The agent's sidecar ends and comes back; the hold outlives it."""
    act.stage.agent.close()
    act.stage.agent = Engine(act.stage.root)
    again(act)


def rewind(act: Act) -> None:
    """Back to the intent: what it waits for is not cut off with what came after."""
    if act.tool != "held":  # what a rewind makes of a rule's hold: see its own tests
        act.stage.agent.rewind(BranchRewindParams(act.branch, act.intent), "agent").result(30)


def again(act: Act) -> None:
    act.waiting = act.propose()
    act.settle()


MEANWHILE = [say, rename, fork, restart, rewind, again]


@pytest.mark.requirement("INTENT-04")
@given(
    tool=st.sampled_from(["asked", "paused", "held"]),
    meanwhile=st.lists(st.sampled_from(MEANWHILE), max_size=4),
    ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=3),
    elsewhere=st.booleans(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_outcome_waits_for_the_verdict(
    stage: Stage,
    tool: str,
    meanwhile: list[Callable[[Act], None]],
    ways: list[Callable[[Engine, Act], None]],
    elsewhere: bool,
) -> None:
    """Reported too early it is refused and written down; after an allow it is taken."""
    act = Act(stage, tool)
    for step in meanwhile:
        step(act)
    for way in ways:
        before = {one.commit for one in act.log()}
        with pytest.raises(IntentDenied):
            way(stage.second if elsewhere else stage.agent, act)
        [noted] = [one for one in act.log() if one.commit not in before]
        assert noted.payload["action"] == "vetoIneffective"
        assert noted.intent == act.intent
    act.decide()
    assert act.waiting.result(30).verdict.decision == "allow"
    ways[-1](stage.second if elsewhere else stage.agent, act)
    kinds = [(one.kind, (one.payload or {}).get("decision")) for one in act.log()]
    kinds.reverse()
    outcome = [kind for kind, _ in kinds].index("tool_result")
    assert ("intervention", "allow") in kinds[:outcome]
    assert [kind for kind, _ in kinds].count("tool_result") == 1
