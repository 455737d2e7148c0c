"""Row numbers that are used once.

Layer: store. Cursors and references outlive rows: the number of a removed row must not come
back for another. SQLite's AUTOINCREMENT would see to it at the cost of one more page in every
commit. Here only removing the newest row of a table costs anything: a trigger writes its
number down, and whoever inserts counts on from there.
"""

from __future__ import annotations

import sqlite3
from typing import Final, Literal

Table = Literal["commits", "reflog"]
TABLES: Final[tuple[Table, ...]] = ("commits", "reflog")


def last(conn: sqlite3.Connection, table: Table) -> int:
    """The newest number ever given in a table, removed rows included; 0 when there is none."""
    row = conn.execute(
        f"SELECT max(coalesce((SELECT max(seq) FROM {table}), 0),"
        " coalesce((SELECT seq FROM highest WHERE name = ?), 0))",
        (table,),
    ).fetchone()
    return int(row[0])


def create(conn: sqlite3.Connection) -> None:
    """The table and triggers that keep the numbers of removed rows."""
    conn.execute("CREATE TABLE highest (name TEXT PRIMARY KEY, seq INTEGER NOT NULL)")
    for table in TABLES:
        conn.execute(
            f"CREATE TRIGGER highest_of_{table} BEFORE DELETE ON {table}"
            f" WHEN old.seq = (SELECT max(seq) FROM {table}) BEGIN"
            f" INSERT INTO highest VALUES ('{table}', old.seq)"
            " ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq); END"
        )
