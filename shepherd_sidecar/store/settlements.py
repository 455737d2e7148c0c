"""The journal of settling: what is being written into a world, until all of it is.

Layer: store. Keeps: a row is durable before the first file is touched and goes with the commit
that says it is done; whoever finds one whose writer died carries it out to the end.
"""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple


class Settlement(NamedTuple):
    """One that was begun. Rows of this store."""

    branch: int
    """Whose world is written to."""
    second: int
    """The commit that is merged."""
    before: int
    """Tree of the world as it was."""
    after: int
    """Tree of the world as it shall be."""
    payload: str
    """What its commit will say, as JSON."""
    author: str


_COLUMNS: Final = "branch, second, before, after, payload, author"


def get(conn: sqlite3.Connection, branch: int) -> Settlement | None:
    """The one that was begun in a branch's world, or None."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM settlements WHERE branch = ?", (branch,)).fetchone()
    return Settlement._make(row) if row else None


def every(conn: sqlite3.Connection) -> list[Settlement]:
    """All that were begun and are not done."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM settlements ORDER BY branch")
    return list(map(Settlement._make, rows))


def put(conn: sqlite3.Connection, settlement: Settlement) -> None:
    """It begins."""
    conn.execute(f"INSERT INTO settlements({_COLUMNS}) VALUES (?,?,?,?,?,?)", settlement)


def remove(conn: sqlite3.Connection, branch: int) -> None:
    """It is done, or was taken back."""
    conn.execute("DELETE FROM settlements WHERE branch = ?", (branch,))
