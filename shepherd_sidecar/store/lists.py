"""Lists of blobs as paths in a trie: a conversation costs what its new messages cost.

Layer: store. Keeps: storage grows linearly in the turns. A model call repeats all messages
before it; as a path in the trie it shares every prefix with the calls before. The hashed
event still names every blob: this is only how it is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

EMPTY = 0
"""The list of nothing; every other list is a row that extends another by one item."""


def extend(conn: sqlite3.Connection, items: Sequence[int]) -> int:
    """The list of these rows of ``objects``, made where it is new."""
    at, known = EMPTY, True
    for item in items:
        row = (
            known
            and conn.execute(
                "SELECT seq FROM lists WHERE prev = ? AND item = ?", (at, item)
            ).fetchone()
        )
        if row:
            at = row[0]
            continue
        known = False
        made = conn.execute("INSERT INTO lists(prev, item) VALUES (?, ?)", (at, item)).lastrowid
        assert made is not None
        at = made
    return at


def ids(conn: sqlite3.Connection, at: int) -> list[str]:
    """The blob ids in a list, in order."""
    rows = conn.execute(
        "WITH RECURSIVE path(seq, prev, item, n) AS ("
        " SELECT seq, prev, item, 0 FROM lists WHERE seq = ?"
        " UNION ALL"
        " SELECT l.seq, l.prev, l.item, n + 1 FROM path JOIN lists l ON l.seq = path.prev)"
        " SELECT o.id FROM path JOIN objects o ON o.seq = path.item ORDER BY n DESC",
        (at,),
    )
    return [bytes(row[0]).hex() for row in rows]
