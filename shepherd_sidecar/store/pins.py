"""Pins: what a client put and nothing refers to yet, which gc leaves for a while.

Layer: store.
"""

from __future__ import annotations

import sqlite3


def add(conn: sqlite3.Connection, seq: int, now: int) -> None:
    """An object was put (again) at this time, in milliseconds since the epoch."""
    conn.execute("INSERT OR REPLACE INTO pins(object, at) VALUES (?, ?)", (seq, now))
