"""Marks: branches that somebody selected among their siblings.

Layer: store.
"""

from __future__ import annotations

import sqlite3


def selected(conn: sqlite3.Connection, branch: int) -> bool:
    """Whether the branch is selected."""
    row = conn.execute("SELECT 1 FROM marks WHERE branch = ?", (branch,)).fetchone()
    return row is not None


def select(conn: sqlite3.Connection, branch: int, at: int) -> None:
    """The branch is selected, and no branch that began at the same commit of its run is."""
    conn.execute(
        "DELETE FROM marks WHERE branch IN (SELECT other.seq FROM branches other, branches mine"
        " WHERE mine.seq = ? AND other.run = mine.run AND other.fork_point IS mine.fork_point)",
        (branch,),
    )
    conn.execute("INSERT INTO marks(branch, at) VALUES (?, ?)", (branch, at))
