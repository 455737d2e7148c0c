"""Overlaps that were told: of two branches, each place once.

Layer: store. Places are lines of the file as it was where both branches came from, so that they
stay the same while both go on.
"""

from __future__ import annotations

import sqlite3
from typing import Final

WHOLE: Final = (0, 0)
"""The place of what has no lines."""
FILE: Final = (-1, -1)
"""Both changed the file, in places that do not touch."""


def is_new(
    conn: sqlite3.Connection,
    pair: tuple[int, int],
    base: bytes,
    path: bytes,
    place: tuple[int, int],
) -> bool:
    """Whether nothing that touches this place was told yet; of ``FILE``, nothing at all."""
    return (
        conn.execute(
            'SELECT 1 FROM overlaps WHERE "left" = ? AND "right" = ? AND base = ? AND path = ?'
            " AND (? < 0 OR (low >= 0 AND low <= ? AND ? <= high))",
            (*pair, base, path, place[0], place[1], place[0]),
        ).fetchone()
        is None
    )


def add(
    conn: sqlite3.Connection,
    pair: tuple[int, int],
    base: bytes,
    path: bytes,
    place: tuple[int, int],
) -> None:
    """It is told."""
    conn.execute(
        'INSERT INTO overlaps("left", "right", base, path, low, high) VALUES (?,?,?,?,?,?)',
        (*pair, base, path, *place),
    )
