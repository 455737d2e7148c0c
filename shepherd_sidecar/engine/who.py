"""Who did something: the name by which people know the author of a commit.

Layer: engine. The reflog names the connection; one that gave no name is the run's agent.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.attribution import USER
from shepherd_sidecar.store import branches, payloads, reflog
from shepherd_sidecar.store.commits import GONE, Node

_ROLES: Final = frozenset(("agent", "owner", "supervisor", "observer"))
"""What a connection is called that gave no name of its own."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who did it."""

    name: str
    person: bool = False
    """Whether it was the user, in their own folder."""
    began: bool = False
    """Whether the run began with it: nobody in the trace did it."""


def who(conn: sqlite3.Connection, root: Path, node: Node) -> Who:
    """Who made a commit."""
    if node.kind == "run_start":
        return Who("before the run", began=True)
    if node.kind == "workspace_change" and not node.flags & GONE:
        why = payloads.read(conn, root, node).get("why")
        if why == USER:
            return Who("you", person=True)
    row = reflog.get(conn, node.logged)
    if row is None:
        return Who("somebody")
    (author,) = conn.execute("SELECT name FROM authors WHERE seq = ?", (row.author,)).fetchone()
    if author not in _ROLES:
        return Who(author)
    run = branches.run_by_seq(conn, branches.by_seq(conn, row.branch).run)
    agent = run.facts.get("agent")
    name = agent.get("name") if isinstance(agent, dict) else None
    return Who(name if isinstance(name, str) else author)
