"""``runs`` and ``branches``: what the store holds.

Layer: cli.
"""

from __future__ import annotations

from collections import Counter

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.naming import short
from shepherd_sidecar.cli.table import Table
from shepherd_sidecar.engine import branching
from shepherd_sidecar.engine.text import ago, clean
from shepherd_sidecar.protocol.branches import BranchListResult
from shepherd_sidecar.protocol.common import Branch
from shepherd_sidecar.protocol.runs import Run, RunListResult

_PAGE = 200


def run(context: Context) -> int:
    """List the runs, newest first; returns the exit code."""
    store, limit = context.engine.store, context.arguments.limit or None
    found: list[Run] = []
    cursor = context.arguments.cursor
    while limit is None or len(found) < limit:
        size = _PAGE if limit is None else min(_PAGE, limit - len(found))
        page = branching.runs(store, size, cursor)
        found += page.runs
        cursor = page.next_cursor
        if cursor is None:
            break
    if context.json:
        context.result(RunListResult(runs=found, next_cursor=cursor))
        return 0
    table = Table(context, ("run", "name", "started", "agent", "branches", "workspace"))
    for one in found:
        agent = f"{one.agent.name} {one.agent.version or ''}".strip() if one.agent else ""
        live = [branch for branch in one.branches if branch.status != "discarded"]
        table.row(
            ("id", one.run),
            ("title", clean(one.name)),
            ("time", ago(one.started_at)),
            ("", clean(agent)),
            ("", _statuses(live)),
            ("", clean(one.workspace or "")),
        )
    table.print("no runs yet")
    return 0


def list_branches(context: Context) -> int:
    """List branches, newest first; returns the exit code."""
    asked = context.arguments
    store, limit = context.engine.store, asked.limit or None
    found: list[Branch] = []
    cursor = asked.cursor
    while limit is None or len(found) < limit:
        size = _PAGE if limit is None else min(_PAGE, limit - len(found))
        page = branching.page(store, asked.run, size, cursor)
        found += page.branches
        cursor = page.next_cursor
        if cursor is None:
            break
    if context.json:
        context.result(BranchListResult(branches=found, next_cursor=cursor))
        return 0
    table = Table(context, ("branch", "status", "head", "commits", "forked from", "run", "world"))
    for one in found:
        if one.status == "discarded" and not asked.discarded:
            continue
        origin = one.forked_from
        table.row(
            ("branch" if one.status in ("live", "paused") else "ended", clean(one.branch)),
            ("", one.status),
            ("id", short(one.head)),
            ("", str(one.depth + 1)),
            ("", f"{clean(origin.branch or '')} {short(origin.commit)}" if origin else ""),
            ("time", one.run),
            ("", clean(one.world.path) if one.world else ""),
        )
    table.print("no branches")
    return 0


def _statuses(branches: list[Branch]) -> str:
    counted = Counter(branch.status for branch in branches)
    return ", ".join(f"{number} {status}" for status, number in counted.most_common())
