"""Where the live worlds of branches stand.

Layer: store.
"""

from __future__ import annotations

import sqlite3
from typing import Final, Literal, NamedTuple


class Place(NamedTuple):
    """One live world."""

    branch: int
    path: str
    """Where it stands for good; a driver may mount its files elsewhere."""
    mounted_at: str
    driver: str
    place: Literal["apart", "inPlace"]
    captured: int | None
    """Row of the tree that was captured last."""


_COLUMNS: Final = "branch, path, mounted_at, driver, place, captured"


def get(conn: sqlite3.Connection, branch: int) -> Place | None:
    """The live world of a branch, or None."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM worlds WHERE branch = ?", (branch,)).fetchone()
    return Place._make(row) if row else None


def every(conn: sqlite3.Connection) -> list[Place]:
    """All live worlds."""
    return list(map(Place._make, conn.execute(f"SELECT {_COLUMNS} FROM worlds ORDER BY branch")))


def count(conn: sqlite3.Connection) -> int:
    """How many live worlds there are."""
    (rows,) = conn.execute("SELECT count(*) FROM worlds").fetchone()
    return int(rows)


def put(conn: sqlite3.Connection, place: Place) -> None:
    """The branch's world stands here from now on."""
    conn.execute(f"INSERT OR REPLACE INTO worlds({_COLUMNS}) VALUES (?,?,?,?,?,?)", place)


def captured(conn: sqlite3.Connection, branch: int, tree: int) -> None:
    """The world was captured as this tree."""
    conn.execute("UPDATE worlds SET captured = ? WHERE branch = ?", (tree, branch))


def remove(conn: sqlite3.Connection, branch: int) -> None:
    """The branch has no world any more."""
    conn.execute("DELETE FROM worlds WHERE branch = ?", (branch,))
