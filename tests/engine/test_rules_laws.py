"""Laws of rules: folding on is folding anew; not firing changes nothing; backtest finds what was.

Every example is a real store with runs that rules supervise while they are made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.engine import reading
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.gate_file import parse
from shepherd_sidecar.engine.rules.backtest import backtest
from shepherd_sidecar.engine.rules.condition import Seen
from shepherd_sidecar.engine.rules.fold import Watch, combined, decide, strongest, view_of
from shepherd_sidecar.engine.rules.logs import Facts, Memories, seen
from shepherd_sidecar.engine.rules.touches import Touches
from shepherd_sidecar.protocol.branches import BranchRewindParams, ForkParams
from shepherd_sidecar.protocol.common import Usage
from shepherd_sidecar.protocol.converter import unstructure
from shepherd_sidecar.protocol.intents import ProposeParams, ProposeResult, ResolveParams
from shepherd_sidecar.protocol.interventions import ResumeParams
from shepherd_sidecar.protocol.runs import Agent, RunStartParams
from shepherd_sidecar.protocol.traces import LogParams
from shepherd_sidecar.store import branches, commits
from tests.support.waiting import remove

RULES = """
[[rule]]
name = "loop"
decision = "deny"
loop = { same = 3, within = 6, cycle = 2, longest = 3 }

[[rule]]
name = "agree"
decision = "inject"
message = "again?"
quiet = 2
loop = { same = 2, within = 5, same_outcome = true }

[[rule]]
name = "errors"
decision = "hold"
timeout_ms = 0
tools = ["a", "b"]
errors = { streak = 2 }

[[rule]]
name = "spent"
decision = "pause"
quiet = 3
budget = { tokens = 40 }

[[rule]]
name = "instead"
decision = "override"
tools = ["b"]
payload = { name = "c" }
budget = { calls = 2 }

[[rule]]
name = "never-c-twice"
decision = "deny"
reason = "once is enough"
tools = ["c"]
arguments = { path = "z" }

[[rule]]
name = "files"
decision = "hold"
timeout_ms = 0
files = {}

[[rule]]
name = "told"
decision = "inject"
message = "look"
files = {}
"""
NEVER = """
[[rule]]
name = "loop"
decision = "deny"
loop = { same = 1000, cycle = 100 }

[[rule]]
name = "errors"
decision = "inject"
message = "m"
errors = { streak = 1000 }

[[rule]]
name = "spent"
decision = "pause"
budget = { calls = 1000, tokens = 100000, usd = 1000, minutes = 10000 }

[[rule]]
name = "files"
decision = "hold"
files = {}
secrets = {}
"""
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("act"),
            st.integers(0, 3),
            st.sampled_from("abc"),
            st.sampled_from("xyz"),
            st.sampled_from(("ok", "ok", "error", None)),
        ),
        st.tuples(st.just("fork"), st.integers(0, 3)),
        st.tuples(st.just("rewind"), st.integers(0, 3), st.integers(0, 9)),
    ),
    min_size=6,
    max_size=30,
)


@contextmanager
def store(rules: str | None) -> Iterator[Engine]:
    folder = Path(tempfile.mkdtemp(prefix="rules-"))
    try:
        with closing(Engine(folder / "store")) as engine:
            if rules is not None:
                (engine.store.root / "supervisor.toml").write_text(rules)
            yield engine
    finally:
        remove(folder)


def play(engine: Engine, steps: list[Any], workspace: Path | None = None) -> list[str]:
    """Do the steps; returns the branches."""
    place = {"workspace": str(workspace), "place": "inPlace"} if workspace is not None else {}
    names = ["one", "two"]
    for name in names:
        engine.runs.start(RunStartParams(name, agent=Agent(name), **place), "agent")  # type: ignore[arg-type]
    for step in steps:
        branch = names[step[1] % len(names)]
        if step[0] == "act":
            act(engine, branch, *step[2:])
        elif step[0] == "fork" and workspace is None:
            names += [one.branch for one in engine.fork(ForkParams(branch), "agent").branches]
        elif step[0] == "rewind" and workspace is None:
            log = events(engine, branch)
            # Not between an intent and what was said of it: that would be cut off.
            ends = [a.commit for a, b in pairwise(log) if b.is_intent]
            to = [*ends, log[-1].commit][step[2] % (len(ends) + 1)]
            engine.rewind(BranchRewindParams(branch, to), "agent").result()
    return names


def act(engine: Engine, branch: str, tool: str, file: str, status: Any) -> None:
    payload = {"name": tool, "arguments": {"path": file}}
    asked = engine.propose(ProposeParams(branch, "tool_call", payload), "agent")
    verdict = answered(engine, branch, asked)
    if verdict.verdict.decision != "deny" and status is not None:
        usage = Usage(input_tokens=5, output_tokens=3)
        outcome = ResolveParams(branch, verdict.commit, {"of": file}, status, usage=usage)
        engine.reporting.resolve_only(outcome, "agent").result()


def answered(engine: Engine, branch: str, asked: Future[ProposeResult]) -> ProposeResult:
    """The answer; a branch that a rule paused is let go on."""
    with engine.store.reading() as conn:
        engine.store.write(lambda tx: None)  # the proposal is in
        paused = branches.need(conn, branch).status == "paused"
    if paused:
        engine.resume(ResumeParams(branch, "test"), "test").result()
    return asked.result(30)


def path(engine: Engine, branch: str) -> list[str]:
    """The commits of a log, oldest first."""
    asked = LogParams(branch=branch, order="oldest", limit=1000, max_payload=0)
    return [one.commit for one in reading.log(engine.store, asked, engine.limits).entries]


def events(engine: Engine, branch: str) -> list[Seen]:
    with engine.store.reading() as conn:
        head = commits.get(conn, branches.need(conn, branch).head)
        facts = Facts()
        log = reversed(commits.walk(conn, head.seq, head.depth + 1))
        return [seen(conn, engine.store.root, node, facts) for node in log]


def recorded(engine: Engine, branch: str) -> set[tuple[str, str, str]]:
    """What the log says that rules did: intent, action, rule."""
    found = set()
    for event in events(engine, branch):
        by = str(event.payload.get("by"))
        if event.kind == "intervention" and by.startswith("rule:") and event.intent:
            action = event.payload.get("decision") or event.payload["action"]
            found.add((event.intent, str(action), by.removeprefix("rule:")))
    return found


@pytest.mark.requirement("RULE-07")
@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_a_backtest_finds_what_rules_did_live(steps: list[Any]) -> None:
    with store(RULES) as engine:
        live = play(engine, steps)
        files = engine.gates.files(None)
        for branch in live:
            [run] = backtest(engine.store, files, [branch])
            assert {(f.intent, f.action, f.rule) for f in run.fired if f.acts} == recorded(
                engine, branch
            )
            again = backtest(engine.store, files, [branch])
            assert list(map(unstructure, again)) == [unstructure(run)]


@pytest.mark.requirement("RULE-07")
@settings(max_examples=10, deadline=None)
@given(STEPS)
def test_a_backtest_finds_who_was_at_the_same_file(steps: list[Any]) -> None:
    with store(RULES) as engine, tempfile.TemporaryDirectory() as folder:
        live = play(engine, steps, Path(folder))
        for run, branch in zip(
            backtest(engine.store, engine.gates.files(None), live), live, strict=True
        ):
            assert {(f.intent, f.action, f.rule) for f in run.fired if f.acts} == recorded(
                engine, branch
            )


@pytest.mark.requirement("RULE-05")
@settings(max_examples=20, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_folding_on_is_folding_from_the_beginning(steps: list[Any], random: Any) -> None:
    files = [parse(RULES, Path("supervisor.toml"))]
    watch = Watch(files)
    with store(None) as engine:
        names = play(engine, steps)
        root = engine.store.root
        with engine.store.reading() as conn:
            nodes = list(commits.newest_first(conn))
            random.shuffle(nodes)
            kept = Memories(root, watch, Facts())
            for node in nodes:
                assert kept.at(conn, node) == Memories(root, watch, Facts()).at(conn, node)
            rows = [random.randrange(1, 200) for _ in range(20)]
            touches = Touches(root, Facts())
            for row in rows:
                assert touches.before(conn, row, "w") == Touches(root, Facts()).before(
                    conn, row, "w"
                )
        for branch in names:
            log = events(engine, branch)
            for at, event in enumerate(log):
                if event.is_intent:
                    view = view_of(event)
                    memory = watch.begin()
                    for before in log[:at]:
                        memory = watch.see(memory, before)
                    ruling = strongest(combined(files, view), watch.fired(memory, event), view)
                    said = decide(files, log[:at], event)
                    assert said == (None if ruling.by == "default" else ruling)


@pytest.mark.requirement("RULE-06")
@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_rules_that_do_not_fire_change_nothing(steps: list[Any]) -> None:
    logs = []
    for rules in (None, NEVER):
        with store(rules) as engine:
            logs.append([path(engine, branch) for branch in play(engine, steps)])
    assert logs[0] == logs[1]


def test_a_memory_does_not_grow_with_the_log() -> None:
    watch = Watch([parse(RULES, Path("supervisor.toml"))])
    memory = watch.begin()
    sizes = []
    for number in range(3000):
        payload = {"name": "a", "arguments": {"path": str(number % 7)}}
        event = Seen("tool_call", payload, commit=f"{number:064x}")
        memory = watch.see(memory, event)
        sizes.append(len(repr(memory)))
        memory = watch.see(memory, replace(event, kind="tool_result", payload={"status": "ok"}))
    assert sizes[2999] <= sizes[300] + 200
