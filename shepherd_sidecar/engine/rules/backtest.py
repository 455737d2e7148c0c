"""What rules would have done on recorded branches.

Layer: engine. Reads the store, writes nothing. Keeps: on the log of a branch that these rules
supervised live it finds the firings that were recorded, and no others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from shepherd_sidecar.engine.gate_rules import Rules, matches, said
from shepherd_sidecar.engine.rules.condition import Seen
from shepherd_sidecar.engine.rules.fold import (
    Firing,
    Memory,
    Watch,
    combined,
    strongest,
    view_of,
)
from shepherd_sidecar.engine.rules.logs import Facts, seen
from shepherd_sidecar.engine.rules.touches import Touches
from shepherd_sidecar.protocol.method import message
from shepherd_sidecar.store import branches, commits, reflog
from shepherd_sidecar.store.branches import Branch
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id

PASSED_FROM = 0.5
"""A run passed when its reward is at least this."""


@message
class Fired:
    """A rule that would have acted at an intent."""

    rule: str
    action: str
    why: str | None
    acts: bool
    """Whether it would be acted on: of several verdicts only the strongest is."""
    intent: Id
    number: int
    """Of the branch's intents, from 1."""
    fraction: float
    """The part of the branch's intents that came before, 0 to 1."""


@message
class RunTest:
    """What rules would have done on one branch."""

    run: str
    branch: str
    source: str | None
    """The file it was read from."""
    task: str | None
    reward: float | None
    passed: bool | None
    """None when no reward was recorded."""
    intents: int
    fired: list[Fired]
    """Everything, in order."""


@message
class RuleTest:
    """How good one rule is, over all runs; ``rule`` is None for all rules together."""

    rule: str | None
    action: str | None
    failed: int
    """Failed runs in which it would have acted."""
    passed: int
    """Passed runs in which it would have acted: wrongly, as far as the reward tells."""
    unknown: int
    """Runs without a reward in which it would have acted."""
    firings: int
    first: float | None
    """The middle (median) of how far in it acted first, over the runs in which it acted."""
    precision: float | None
    """Of the runs with a reward in which it acted, the part that failed."""
    recall: float | None
    """Of the runs that failed, the part in which it acted."""


@message
class BacktestResult:
    """A whole backtest."""

    runs: list[RunTest]
    rules: list[RuleTest]
    total: RuleTest
    failed: int
    passed: int
    unknown: int


def backtest(
    store: Store,
    files: Sequence[Rules],
    names: Sequence[str] | None = None,
    source: str | None = None,
    passed_from: float = PASSED_FROM,
) -> list[RunTest]:
    """Test rules on the branches of these names, or on all; oldest branch first.

    Raises:
        UnknownBranch: there is no branch of that name.
    """
    watch, facts = Watch(files), Facts()
    touches = Touches(store.root, facts)
    with store.reading() as conn:
        if names is not None:
            chosen = [branches.need(conn, name) for name in names]
        else:
            chosen = sorted(_every(conn), key=lambda branch: branch.seq)
        return [
            _one(conn, store.root, watch, facts, touches, branch, source, passed_from)
            for branch in chosen
        ]


def judge(runs: Sequence[RunTest], files: Sequence[Rules]) -> BacktestResult:
    """What the runs say about each rule, in the order of the files, and about all together."""
    rules = [rule for one in files for rule in one.rules]
    return BacktestResult(
        runs=list(runs),
        rules=[_judge(runs, rule.name, rule.decision) for rule in rules],
        total=_judge(runs, None, None),
        failed=sum(run.passed is False for run in runs),
        passed=sum(run.passed is True for run in runs),
        unknown=sum(run.passed is None for run in runs),
    )


def _every(conn: sqlite3.Connection) -> Iterator[Branch]:
    before: int | None = None
    while page := branches.page(conn, None, before, 500):
        yield from page
        before = page[-1].seq


def _one(
    conn: sqlite3.Connection,
    root: Path,
    watch: Watch,
    facts: Facts,
    touches: Touches,
    branch: Branch,
    source: str | None,
    passed_from: float,
) -> RunTest:
    head = commits.get(conn, branch.head)
    own = _own_rows(conn, branch.seq)
    memory = watch.begin()
    found: list[tuple[int, Seen, list[tuple[Firing, bool]]]] = []
    intents = 0
    end: object = None
    for node in reversed(commits.walk(conn, head.seq, head.depth + 1)):
        event = seen(conn, root, node, facts)
        if event.is_intent:
            intents += 1
            here = seen(conn, root, node, facts, reflog.get(conn, own.get(node.seq, node.logged)))
            if here.kind == "tool_call":
                row = own.get(node.seq, node.logged)
                here = replace(here, near=touches.before(conn, row, here.workspace))
            if fired := _fired(watch, memory, here):
                found.append((intents, event, fired))
        elif event.kind == "run_end":
            end = event.payload.get("payload")
        memory = watch.see(memory, event)
    told = end if isinstance(end, dict) else {}
    reward, task = told.get("reward"), told.get("task")
    reward = float(reward) if isinstance(reward, int | float) else None
    return RunTest(
        run=branches.run_by_seq(conn, branch.run).name,
        branch=branch.name,
        source=source,
        task=task if isinstance(task, str) else None,
        reward=reward,
        passed=reward >= passed_from if reward is not None else None,
        intents=intents,
        fired=[
            Fired(
                rule=one.rule.name,
                action=one.action,
                why=said(one.rule.reason, one.why),
                acts=acts,
                intent=event.commit,
                number=number,
                fraction=(number - 1) / intents,
            )
            for number, event, fired in found
            for one, acts in fired
        ],
    )


def _own_rows(conn: sqlite3.Connection, branch: int) -> dict[int, int]:
    """Commits that another branch recorded before: their row on this branch."""
    rows = conn.execute(
        "SELECT r.head, min(r.seq) FROM reflog r JOIN commits c ON c.seq = r.head"
        " WHERE r.branch = ? AND r.action = ? AND r.seq <> c.logged GROUP BY r.head",
        (branch, reflog.ACTIONS.index("append")),
    )
    return dict(rows.fetchall())


def _fired(watch: Watch, memory: Memory, intent: Seen) -> list[tuple[Firing, bool]]:
    """Every rule that fires at an intent, and whether it would be acted on."""
    view = view_of(intent)
    alone = [
        Firing(rules, rule, why)
        for rules in watch.files
        for rule in rules.rules
        if not rule.watches and (why := matches(rule, view)) is not None
    ]
    back = watch.fired(memory, intent)
    if not alone and not back:
        return []
    ruling = strongest(combined(watch.files, view), back, view)
    pause = next((one for one in back if one.action == "pause"), None)

    def acts(one: Firing) -> bool:
        if one.action == "inject":
            return True
        if one.action == "pause":
            return one is pause and ruling.decision != "deny"
        return ruling.by == f"rule:{one.rule.name}" and ruling.decision == one.action

    return [(one, acts(one)) for one in alone + back]


def _judge(runs: Sequence[RunTest], rule: str | None, action: str | None) -> RuleTest:
    mine = [(run, [one for one in run.fired if rule in (None, one.rule)]) for run in runs]
    acted = [(run, fired) for run, fired in mine if fired]
    failed = sum(run.passed is False for run, _ in acted)
    passed = sum(run.passed is True for run, _ in acted)
    all_failed = sum(run.passed is False for run in runs)
    return RuleTest(
        rule=rule,
        action=action,
        failed=failed,
        passed=passed,
        unknown=len(acted) - failed - passed,
        firings=sum(len(fired) for _, fired in acted),
        first=median(fired[0].fraction for _, fired in acted) if acted else None,
        precision=failed / (failed + passed) if failed + passed else None,
        recall=failed / all_failed if all_failed else None,
    )
