"""What verify finds, in a form that repair can act on.

Layer: store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

What = Literal["hash", "missing", "chain", "row", "intent", "outcome", "denied", "file", "database"]

PAGE: Final = 1000
"""Rows read at a time: a transaction that stays open would keep the log from shrinking."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. The rows of what must be done about it, where something can."""

    what: What
    """Which rule it breaks."""
    where: str
    """Object id, branch or path."""
    detail: str
    """In words."""
    object: int | None = None
    """Row of a damaged blob or tree."""
    commit: int | None = None
    """Row of a damaged commit."""
    needs: int | None = None
    """Row of a commit that names what is not there."""
    branch: int | None = None
    """Row of a branch whose own record is damaged."""
    derived: tuple[str, int, str, Any] | None = None
    """Table, row, column and what it must be, where that follows from other rows."""


def paged(
    conn: sqlite3.Connection, table: str, columns: str, start: int = 0
) -> Iterator[tuple[Any, ...]]:
    """Rows of a table after row ``start``, by rising ``seq`` (the first of the columns)."""
    at = start
    while True:
        rows = conn.execute(
            f"SELECT {columns} FROM {table} WHERE seq > ? ORDER BY seq LIMIT {PAGE}", (at,)
        ).fetchall()
        yield from rows
        if len(rows) < PAGE:
            return
        at = rows[-1][0]
