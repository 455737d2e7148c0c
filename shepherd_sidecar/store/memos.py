"""Memos as rows: the outcome of a deterministic step, what it read, what it changed.

Layer: store.
"""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

import orjson


class Memo(NamedTuple):
    """One memo."""

    outcome: Any
    """JSON, as it was given."""
    reads: dict[str, str | None]
    """Path → what it held before the step; None when nothing was there."""
    before: int
    """Row of the workspace's tree before the step."""
    after: int
    """Row of the workspace's tree after it."""


def get(conn: sqlite3.Connection, key: bytes) -> Memo | None:
    """The memo of a key, or None."""
    row = conn.execute(
        "SELECT outcome, reads, before, after FROM memos WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    return Memo(orjson.loads(row[0]), orjson.loads(row[1] or "{}"), row[2], row[3])


def put(conn: sqlite3.Connection, key: bytes, memo: Memo, now: int) -> None:
    """Keep a memo; the newest of a key counts. ``now`` in milliseconds since the epoch."""
    conn.execute(
        "INSERT OR REPLACE INTO memos(key, outcome, reads, before, after, created)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            key,
            orjson.dumps(memo.outcome).decode(),
            orjson.dumps(memo.reads).decode(),
            memo.before,
            memo.after,
            now,
        ),
    )
