"""Laws of supervision: answers combine whatever their order, and watching changes nothing."""

from __future__ import annotations

import contextlib
import itertools
import queue
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.gate_rules import STRENGTH
from shepherd_sidecar.engine.precedence import Said, combine
from shepherd_sidecar.engine.supervision import Attached, Question
from shepherd_sidecar.errors import StoreLocked
from shepherd_sidecar.protocol.intents import ProposeParams
from shepherd_sidecar.protocol.interventions import DecideParams, Ruling
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.supervision import AttachParams, SupervisorDecideResult
from tests.engine.supervising import Supervisor
from tests.support.sidecar import Sidecar, message, proposal
from tests.support.waiting import PATIENCE

some = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
fewer = settings(some, max_examples=15)
decisions = st.sampled_from(["allow", "deny", "override", "hold"])


@pytest.mark.requirement("SUPER-02")
@given(said=st.lists(decisions, min_size=1, max_size=6), data=st.data())
@some
def test_the_strongest_counts_in_any_order_and_of_equals_the_first(
    said: list[Any], data: st.DataObject
) -> None:
    voices = [Said(decision, f"s{number}") for number, decision in enumerate(said)]
    chosen = combine(voices)
    assert STRENGTH[chosen.decision] == max(STRENGTH[one.decision] for one in voices)
    assert chosen == next(one for one in voices if one.decision == chosen.decision)
    shuffled = data.draw(st.permutations(voices))
    assert combine(shuffled).decision == chosen.decision
    # Combining is associative: parts may be combined first.
    cut = data.draw(st.integers(0, len(voices)))
    parts = [combine(part) for part in (voices[:cut], voices[cut:]) if part]
    assert combine(parts) == chosen


class Panel(NamedTuple):
    """Three supervisors of one engine, and what they are asked."""

    engine: Engine
    ids: list[str]
    asked: queue.SimpleQueue[Question]
    runs: Iterator[int]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    engine = Engine(tmp_path_factory.mktemp("panel") / ".shepherd")
    asked: queue.SimpleQueue[Question] = queue.SimpleQueue()
    try:
        told = Attached(asked.put, lambda _: None, lambda *_: None)
        ids = [
            engine.supervision.attach(AttachParams(f"s{number}", timeout_ms=600_000), "test", told)
            for number in range(3)
        ]
        yield Panel(engine, ids, asked, itertools.count())
    finally:
        engine.close()


@pytest.mark.requirement("SUPER-02")
@given(
    said=st.lists(st.sampled_from(["allow", "deny", "override"]), min_size=3, max_size=3),
    order=st.permutations(range(3)),
)
@fewer
def test_a_verdict_does_not_depend_on_who_answers_first(
    panel: Panel, said: list[Any], order: list[int]
) -> None:
    """But for who is named when several deny: the first deny ends the waiting."""
    engine = panel.engine
    branch = engine.runs.start(RunStartParams(f"run {next(panel.runs)}"), "test").branch
    proposed = ProposeParams(branch, "tool_call", {"name": "bash", "arguments": {}})
    waiting = engine.propose(proposed, "test")
    questions = {
        one.supervisor: one for one in (panel.asked.get(timeout=PATIENCE) for _ in range(3))
    }
    for number in order:
        decision = said[number]
        payload = {"name": "bash", "arguments": {"n": number}} if decision == "override" else None
        answer = SupervisorDecideResult(decision, f"because {number}", payload)
        question = questions[panel.ids[number]]
        engine.supervision.answer(question, answer, "test", eager=False).result(30)
        if decision == "deny":
            break
    verdict = waiting.result(30).verdict
    expected = combine([Said(decision, f"s{number}") for number, decision in enumerate(said)])
    assert verdict.decision == expected.decision
    if expected.decision == "deny":
        first = next(number for number in order if said[number] == "deny")
        assert (verdict.by, verdict.reason) == (f"s{first}", f"because {first}")
    else:
        assert verdict.by == expected.by


@pytest.mark.requirement("SUPER-03")
def test_what_cannot_be_shown_keeps_no_other_waiting(tmp_path: Path) -> None:
    """A commit before the intent is damaged: others are asked all the same."""
    engine = Engine(tmp_path / ".shepherd")
    asked: queue.SimpleQueue[Question] = queue.SimpleQueue()
    try:
        branches = [
            engine.runs.start(RunStartParams(name), "test").branch for name in ("damaged", "sound")
        ]
        engine.store.write(
            lambda tx: (
                tx.conn.execute(
                    "UPDATE commits SET payload = x'7b7d' WHERE seq ="
                    " (SELECT head FROM branches WHERE name = 'damaged')"
                )
                and None
            )
        )
        told = Attached(asked.put, lambda _: None, lambda *_: None)
        wanted = AttachParams("guard", timeout_ms=600_000, on_timeout="deny")
        guard = engine.supervision.attach(wanted, "test", told)
        payload = {"name": "bash", "arguments": {}}
        waiting = [
            engine.propose(ProposeParams(branch, "tool_call", payload), "test")
            for branch in branches
        ]
        question = asked.get(timeout=30)
        assert question.branch == "sound"
        allow = SupervisorDecideResult("allow")
        engine.supervision.answer(question, allow, "test", eager=False).result(30)
        assert waiting[1].result(30).verdict.decision == "allow"
        assert not waiting[0].done()
        engine.supervision.detach(guard, any_of_them=False).result(30)
        verdict = waiting[0].result(30).verdict
        assert (verdict.decision, verdict.by) == ("deny", "gone")
    finally:
        engine.close()


@pytest.mark.requirement("HOLD-02")
def test_a_store_that_cannot_be_read_for_a_moment_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(tmp_path / ".shepherd")
    try:
        (engine.store.root / "gate.toml").write_text(
            '[[rule]]\nname = "ask"\ndecision = "hold"\nreason = "somebody decides"\n'
        )
        frozen, failures = engine.store.frozen, iter([True, True])

        def locked() -> contextlib.AbstractContextManager[sqlite3.Connection]:
            if threading.current_thread().name == "holds" and next(failures, False):
                raise StoreLocked("another process held the lock", path="store.db")
            return frozen()

        monkeypatch.setattr(engine.store, "frozen", locked)
        branch = engine.runs.start(RunStartParams("run"), "test").branch
        payload = {"name": "bash", "arguments": {}}
        waiting = engine.propose(ProposeParams(branch, "tool_call", payload), "test", eager=True)
        engine.store.write(lambda _: None)
        [held] = engine.intents.held().held
        engine.intents.decide(DecideParams(held.intent, Ruling("allow"), "ana"), "test").result(30)
        assert waiting.result(30).verdict.decision == "allow"
        assert next(failures, None) is None
    finally:
        engine.close()


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sidecar, Sidecar]]:
    """Two agents on stores of their own; the first is watched by an observer and a supervisor."""
    base = tmp_path_factory.mktemp("twins")
    with contextlib.ExitStack() as stack:
        watched, alone = (
            stack.enter_context(Sidecar.on(base / name / ".shepherd", "agent"))
            for name in ("watched", "alone")
        )
        for sidecar in (watched, alone):
            sidecar.call("run/list", {})
        for role in ("observer", "supervisor"):
            watching = stack.enter_context(Sidecar.on(watched.store, role))
            Supervisor(watching, "watcher", gate=False)
            watching.call("trace/subscribe", {"all": True})
        yield watched, alone


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), texts),
        st.tuples(st.just("act"), texts),
        st.tuples(st.just("propose"), texts),
        st.tuples(st.just("fork"), st.just("")),
    ),
    max_size=8,
)


@pytest.mark.requirement("SUPER-08")
@given(script=steps)
@fewer
def test_what_is_recorded_and_answered_is_the_same_bytes_watched_or_not(
    twins: tuple[Sidecar, Sidecar], script: list[tuple[str, str]]
) -> None:
    told = [play(sidecar, script) for sidecar in twins]
    assert told[0] == told[1]


def play(sidecar: Sidecar, script: list[tuple[str, str]]) -> list[Any]:
    """Carry a script out; every answer but times and random names, and every commit."""
    started = sidecar.call("run/start", {"name": "run"})
    branch = started["branch"]
    told: list[Any] = [branch, started["head"]]
    for what, text in script:
        if what == "say":
            told.append(sidecar.call("trace/append", {"branch": branch, "events": [message(text)]}))
        elif what == "fork":
            [branch] = sidecar.fork(branch)
            told.append(branch)
        else:
            told.append(
                sidecar.call("intent/propose", proposal(branch, "bash", arguments={"x": text}))
            )
            if what == "act":
                params = {
                    "branch": branch,
                    "intent": told[-1]["commit"],
                    "payload": {"said": text},
                    "status": "ok",
                }
                told.append(sidecar.call("intent/resolve", params))
    return [*told, *sidecar.commits(branch)]
