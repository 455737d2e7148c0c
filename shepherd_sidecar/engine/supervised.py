"""Whether an event is one that a supervisor's filter lets through.

Layer: engine. Keeps: a branch that was forked or renamed is still its origin's: an agent does
not leave its supervisor by branching.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shepherd_sidecar.engine.gate_rules import any_glob
from shepherd_sidecar.protocol.supervision import SupervisorFilter
from shepherd_sidecar.store import branches, commits, payloads
from shepherd_sidecar.store.branches import Branch
from shepherd_sidecar.store.commits import GONE, Node
from shepherd_sidecar.store.reflog import Row


def compile_filter(conn: sqlite3.Connection, asked: SupervisorFilter | None) -> dict[str, Any]:
    """A filter as it is kept: runs and branches by row, whatever they are called later.

    Raises:
        UnknownRun, UnknownBranch: it names one that is not there.
    """
    found: dict[str, Any] = {}
    if asked is None:
        return found
    if asked.kinds is not None:
        found["kinds"] = list(asked.kinds)
    if asked.tools is not None:
        found["tools"] = list(asked.tools)
    if asked.runs is not None:
        found["runs"] = [branches.need_run(conn, run).seq for run in asked.runs]
        found["runIds"] = list(asked.runs)  # gc may remove the runs
    if asked.branches is not None:
        found["branches"] = [branches.need(conn, name).seq for name in asked.branches]
    return found


def shown_filter(conn: sqlite3.Connection, wants: dict[str, Any]) -> SupervisorFilter | None:
    """A kept filter as readers see it now."""
    if not wants:
        return None
    rows = wants.get("branches")
    return SupervisorFilter(
        kinds=wants.get("kinds"),
        tools=wants.get("tools"),
        runs=wants.get("runIds"),
        branches=(
            [name for seq in rows if (name := branches.name_of(conn, seq)) is not None]
            if rows is not None
            else None
        ),
    )


def matches(
    conn: sqlite3.Connection, wants: dict[str, Any], kind: str, tool: str | None, branch: Branch
) -> bool:
    """Whether an event of this kind (and tool) on this branch is let through."""
    if (kinds := wants.get("kinds")) is not None and kind not in kinds:
        return False
    if (tools := wants.get("tools")) is not None and not any_glob(tools, tool):
        return False
    return within(conn, wants, branch)


def within(conn: sqlite3.Connection, wants: dict[str, Any], branch: Branch) -> bool:
    """Whether a branch is one of those named, or comes from one."""
    if (runs := wants.get("runs")) is not None and branch.run not in runs:
        return False
    named = wants.get("branches")
    if named is None:
        return True
    seq: int | None = branch.seq
    while seq is not None:
        if seq in named:
            return True
        seq = branches.by_seq(conn, seq).origin
    return False


@dataclass(frozen=True, slots=True)
class Told:
    """Which commits are pushed to a supervisor.

    A veto that was in vain is told to whoever supervises the branch, whatever else it follows.
    """

    root: Path
    wants: dict[str, Any]
    watch: bool

    def __call__(self, conn: sqlite3.Connection, node: Node, row: Row) -> bool:
        """Whether this commit is."""
        home = branches.name_of(conn, row.branch)
        branch = branches.by_name(conn, home) if home is not None else None  # or gc removed it
        if branch is None or not within(conn, self.wants, branch):
            return False
        if self._in_vain(conn, node):
            return True
        kinds, tools = self.wants.get("kinds"), self.wants.get("tools")
        if not self.watch or (kinds is not None and node.kind not in kinds):
            return False
        return tools is None or any_glob(tools, self._tool(conn, node))

    def _in_vain(self, conn: sqlite3.Connection, node: Node) -> bool:
        if node.kind != "intervention" or node.intent is None or node.flags & GONE:
            return False
        return payloads.read(conn, self.root, node).get("action") == "vetoIneffective"

    def _tool(self, conn: sqlite3.Connection, node: Node) -> str | None:
        """The tool that an event is about."""
        intent = node if node.intent is None else commits.get(conn, node.intent)
        if intent.kind != "tool_call" or intent.flags & GONE:
            return None
        name = payloads.read(conn, self.root, intent).get("name")
        return name if isinstance(name, str) else None
