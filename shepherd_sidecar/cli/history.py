"""Which commits a log shows, and in which order.

Layer: cli. Keeps: children stand before parents; nothing but what is shown is read whole.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shepherd_sidecar.cli.naming import commit_of
from shepherd_sidecar.engine import branching
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import asked, entry
from shepherd_sidecar.protocol.common import Branch, Entry
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.branches import Run
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

PAYLOAD = 64 * 1024
"""Canonical bytes of a payload that is read for one line."""


@dataclass(slots=True)
class Scope:
    """What a log is about: the tips it starts from, and the run they belong to."""

    tips: list[Id]
    run: Run | None = None
    branch: Branch | None = None
    """The one branch, when it is about one."""
    labels: dict[Id, list[Branch]] = field(default_factory=dict)
    every: bool = False
    """Whether it is about all branches of the run."""


def scope(engine: Engine, name: str | None, *, every: bool, discarded: bool) -> Scope:
    """The tips that were asked for.

    Args:
        engine: of the store.
        name: a branch, a commit or a run; None: the newest run.
        every: all branches of the run, not one.
        discarded: branches that were set aside as well.

    Raises:
        UnknownBranch, UnknownCommit, UnknownRun, AmbiguousCommit.
    """
    run = run_named(engine, name)
    commit = None
    if run is None and name is not None:
        commit = commit_of(engine, name)
        run = run_of(engine, name, commit)
    known = branches_of(engine, run) if run is not None else []
    shown = [b for b in known if discarded or b.status != "discarded"] or known
    if commit is not None and not every:
        one = next((branch for branch in known if branch.branch == name), None)
        return Scope([commit], run, one, _labels(b for b in known if b in shown or b is one))
    if every or name is not None or not shown:
        return Scope([branch.head for branch in shown], run, None, _labels(shown), every=True)
    newest = max(shown, key=lambda branch: _age(engine, branch.head))
    return Scope([newest.head], run, newest, _labels(shown))


def newest_first(engine: Engine, tips: Iterable[Id], limit: int | None) -> list[Node]:
    """The ``limit`` newest commits of all histories, in the reverse order of recording."""
    with engine.store.reading() as conn:
        heap = [(-node.seq, node) for node in {commits.need(conn, tip) for tip in tips}]
        heapq.heapify(heap)
        known = {seq for seq, _ in heap}
        found: list[Node] = []
        while heap and (limit is None or len(found) < limit):
            node = heapq.heappop(heap)[1]
            found.append(node)
            for parent in parents_of(node):
                if -parent not in known:
                    known.add(-parent)
                    heapq.heappush(heap, (-parent, commits.get(conn, parent)))
    return found


def grouped(nodes: Sequence[Node]) -> list[Node]:
    """The same commits, each stretch of history in one piece, children still before parents."""
    by_seq = {node.seq: node for node in nodes}
    children = Counter(seq for node in nodes for seq in parents_of(node) if seq in by_seq)
    ready = sorted((node for node in nodes if not children[node.seq]), key=lambda node: node.seq)
    ordered = []
    while ready:
        node = ready.pop()
        ordered.append(node)
        for seq in parents_of(node):
            if seq in by_seq:
                children[seq] -= 1
                if not children[seq]:
                    ready.append(by_seq[seq])
    return ordered


def parents_of(node: Node) -> list[int]:
    """Rows of its parents."""
    return [seq for seq in (node.parent, node.second) if seq is not None]


def entries(
    engine: Engine, nodes: Iterable[Node], max_payload: int | None = PAYLOAD
) -> list[Entry]:
    """The commits as readers see them."""
    with engine.store.reading() as conn:
        return [entry(conn, engine.store.root, node, max_payload) for node in nodes]


def calls(engine: Engine, shown: Iterable[Entry]) -> dict[Id, dict[str, Any]]:
    """By commit: the tool call that an outcome or a verdict is about."""
    with engine.store.reading() as conn:
        named = [(one.commit, commits.need(conn, one.commit)) for one in shown if one.intent]
        found = ((commit, asked(conn, engine.store.root, node)) for commit, node in named)
        return {commit: call for commit, call in found if call is not None}


def run_named(engine: Engine, name: str | None) -> Run | None:
    """The run of this id, or the newest; None for what is not spelt as a run's id."""
    with engine.store.reading() as conn:
        if name is None:
            return next(iter(branches.run_page(conn, None, 1)), None)
        if not name.startswith("run-") or branches.by_name(conn, name) is not None:
            return None
        return branches.need_run(conn, name)


def run_of(engine: Engine, name: str, commit: Id) -> Run | None:
    """The run of a branch, or of the branch on which a commit was recorded first."""
    with engine.store.reading() as conn:
        branch = branches.by_name(conn, name)
        if branch is None:
            home = branches.home_of(conn, commits.need(conn, commit).logged)
            branch = branches.by_seq(conn, home) if home is not None else None
        return branches.run_by_seq(conn, branch.run) if branch is not None else None


def branches_of(engine: Engine, run: Run) -> list[Branch]:
    """The branches of a run, oldest first."""
    with engine.store.reading() as conn:
        return [branching.view(conn, branch) for branch in branches.of_run(conn, run.seq)]


def _labels(shown: Iterable[Branch]) -> dict[Id, list[Branch]]:
    labels: dict[Id, list[Branch]] = {}
    for branch in shown:
        labels.setdefault(branch.head, []).append(branch)
    return labels


def _age(engine: Engine, commit: Id) -> int:
    with engine.store.reading() as conn:
        return commits.need(conn, commit).seq
