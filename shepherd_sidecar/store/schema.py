"""The tables, and how an older store becomes a newer one.

Layer: store. Migrations are sqlite-utils' and applied in order, each in a transaction;
``PRAGMA user_version`` repeats the count, so that an up-to-date store opens without them.

Rows refer to each other by ``seq`` (small integers, local to one store). Ids are 32 bytes
and found through an index over their first 8: a third of the size of a full index, and the
one writer looks before it inserts. A ``seq`` that leaves the process (cursors, world folders)
or is remembered between transactions is never used twice, whatever gc removes.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from shepherd_sidecar.errors import StoreTooNew
from shepherd_sidecar.store import connection, numbers
from shepherd_sidecar.store.layout import BELL

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

VERSION = 4


def version(conn: sqlite3.Connection) -> int:
    """The layout's version; 0 for an empty database."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def ensure(conn: sqlite3.Connection, root: Path) -> None:
    """Bring the store to this version.

    Raises:
        StoreTooNew: it was written by a newer one; nothing is touched.
    """
    found = version(conn)
    if found == VERSION:
        return
    if found > VERSION:
        raise StoreTooNew(
            f"the store has layout {found}; this version knows {VERSION}",
            found=found,
            supported=VERSION,
        )
    from sqlite_utils import Database

    # Two processes may open the same old or new store at once: one migrates, the other waits.
    fd = os.open(root / BELL, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        if version(conn) == VERSION:
            return
        # Only a database without tables takes this at once; an older one is rewritten below.
        conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
        conn.execute("PRAGMA journal_mode = WAL")
        migrations().apply(Database(conn))
        if conn.execute("PRAGMA auto_vacuum").fetchone()[0] != connection.INCREMENTAL:
            connection.rewrite(conn)
        conn.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        os.close(fd)


def migrations() -> Migrations:
    """Every change of layout, oldest first."""
    from sqlite_utils import Migrations

    steps = Migrations("shepherd-sidecar")

    @steps(name="1 objects, commits, branches, reflog")
    def _first(db: Database) -> None:
        db.table("objects").create(
            {"seq": int, "id": bytes, "kind": int, "codec": int, "size": int, "data": bytes},
            pk="seq",
            not_null={"id", "kind", "codec", "size"},
        )
        db.table("commits").create(
            {
                "seq": int,
                "id": bytes,
                "parent": int,
                "second": int,
                "depth": int,
                "jump": int,
                "kind": int,
                "effect": int,
                "flags": int,
                "intent": int,
                "world": int,
                "logged": int,
                "lists": str,
                "external": int,
                "payload": bytes,
            },
            pk="seq",
            not_null={"id", "depth", "kind", "effect", "flags", "logged"},
        )
        db.table("branches").create(
            {
                "seq": int,
                "name": str,
                "run": int,
                "head": int,
                "status": str,
                "origin": int,
                "fork_point": int,
                "tip": int,
                "created": int,
                "changed": int,
            },
            pk="seq",
            not_null={"name", "run", "head", "status", "tip", "created"},
        )
        db.table("branches").create_index(["name"], unique=True)
        db.table("branches").create_index(["run"])
        db.table("runs").create(
            {"seq": int, "id": str, "name": str, "started": int, "workspace": str, "facts": str},
            pk="seq",
            not_null={"id", "name", "started"},
        )
        db.table("runs").create_index(["id"], unique=True)
        db.table("reflog").create(
            {
                "seq": int,
                "branch": int,
                "action": int,
                "head": int,
                "at": int,
                "author": int,
                "client_id": str,
                "usage": str,
                "chain": bytes,
            },
            pk="seq",
            not_null={"branch", "action", "head", "at", "author", "chain"},
        )
        db.table("authors").create({"seq": int, "name": str}, pk="seq", not_null={"name"})
        db.table("authors").create_index(["name"], unique=True)
        db.table("lists").create({"seq": int, "prev": int, "item": int}, pk="seq")
        db.table("lists").create_index(["prev", "item"], unique=True)
        db.table("forgotten").create(
            {"commit_seq": int, "event": bytes, "size": int, "at": int, "reason": str},
            pk="commit_seq",
            not_null={"event", "at"},
        )
        db.table("holds").create(
            {
                "seq": int,
                "intent": int,
                "branch": int,
                "since": int,
                "deadline": int,
                "fallback": str,
                "ruling": str,
                "reason": str,
                "by": str,
            },
            pk="seq",
        )
        db.table("injections").create(
            {"commit_seq": int, "branch": int, "delivered": int}, pk="commit_seq"
        )
        db.table("injections").create_index(["branch", "delivered"])
        db.table("worlds").create(
            {
                "branch": int,
                "path": str,
                "mounted_at": str,
                "driver": str,
                "place": str,
                "captured": int,
            },
            pk="branch",
        )
        # sqlite-utils has no words for indexes over expressions or parts of a table.
        db.execute("CREATE INDEX objects_by_id ON objects(substr(id, 1, 8))")
        db.execute("CREATE INDEX commits_by_id ON commits(substr(id, 1, 8))")
        db.execute("CREATE INDEX commits_by_intent ON commits(intent) WHERE intent IS NOT NULL")
        db.execute(
            "CREATE UNIQUE INDEX reflog_by_client ON reflog(branch, client_id)"
            " WHERE client_id IS NOT NULL"
        )

    @steps(name="2 numbers are used once; memos, and what the care of the store needs")
    def _second(db: Database) -> None:
        for table in ("runs", "branches", "holds"):
            _use_numbers_once(db, table)
        numbers.create(db.conn)
        # Forks say the same at the same commit: one commit waits for several agents.
        db.execute("ALTER TABLE injections RENAME TO injections_before")
        db.execute("DROP INDEX idx_injections_branch_delivered")
        db.table("injections").create(
            {"commit_seq": int, "branch": int, "delivered": int}, pk=("commit_seq", "branch")
        )
        db.execute("INSERT INTO injections SELECT * FROM injections_before")
        db.execute("DROP TABLE injections_before")
        db.table("injections").create_index(["branch", "delivered"])
        db.table("memos").create(
            {
                "key": bytes,
                "outcome": str,
                "reads": str,
                "before": int,
                "after": int,
                "created": int,
            },
            pk="key",
            not_null={"outcome", "created"},
        )
        # What a client put and nothing refers to yet: gc leaves it for a while.
        db.table("pins").create({"object": int, "at": int}, pk="object", not_null={"at"})
        # Commits that gc removed and rows of the reflog still name.
        db.table("removed").create({"seq": int, "id": bytes}, pk="seq", not_null={"id"})
        # What was done to the store as a whole: gc, forget, import, repair.
        db.table("care").create(
            {"seq": int, "at": int, "what": str, "detail": str}, pk="seq", not_null={"at", "what"}
        )
        # Sums up to the rows named, so that stat need not read everything again.
        db.table("totals").create({"what": str, "upto": int, "bytes": int}, pk="what")
        db.execute("CREATE INDEX objects_trees ON objects(seq) WHERE kind = 1")

    @steps(name="3 supervisors of other processes, and what they answered")
    def _third(db: Database) -> None:
        db.table("supervisors").create(
            {
                "seq": int,
                "id": str,
                "name": str,
                "filter": str,
                "timeout_ms": int,
                "on_timeout": str,
                "recent": int,
                "since": int,
                "author": str,
            },
            pk="seq",
            not_null={"id", "name", "filter", "timeout_ms", "recent", "since", "author"},
        )
        _use_numbers_once(db, "supervisors")
        db.execute("CREATE UNIQUE INDEX supervisors_by_id ON supervisors(id)")
        # Whom an intent waits for; null when a rule, a person or a pause holds it.
        db.execute("ALTER TABLE holds ADD COLUMN asked TEXT")
        db.table("answers").create(
            {
                "hold": int,
                "supervisor": int,
                "decision": str,
                "reason": str,
                "payload": str,
                "timeout_ms": int,
                "fault": str,
            },
            pk=("hold", "supervisor"),
            not_null={"decision"},
        )
        db.execute(
            "CREATE TRIGGER answers_of_hold AFTER DELETE ON holds"
            " BEGIN DELETE FROM answers WHERE hold = old.seq; END"
        )

    @steps(name="4 settling: its journal, selected branches, overlaps that were told")
    def _fourth(db: Database) -> None:
        db.table("settlements").create(
            {
                "branch": int,
                "second": int,
                "before": int,
                "after": int,
                "payload": str,
                "author": str,
            },
            pk="branch",
            not_null={"second", "before", "after", "payload", "author"},
        )
        db.table("marks").create({"branch": int, "at": int}, pk="branch", not_null={"at"})
        db.table("overlaps").create(
            {"left": int, "right": int, "base": bytes, "path": bytes, "low": int, "high": int},
            not_null={"left", "right", "base", "path", "low", "high"},
        )
        db.table("overlaps").create_index(["left", "right"])

    return steps


def _use_numbers_once(db: Database, table: str) -> None:
    """Rebuild a table so that the number of a removed row does not come back."""
    conn = db.conn
    made = conn.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()[0]
    indexes = conn.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (table,),
    ).fetchall()
    conn.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    conn.execute(made.replace("INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT", 1))
    conn.execute(f"INSERT INTO {table} SELECT * FROM {table}_before ORDER BY seq")
    conn.execute(f"DROP TABLE {table}_before")
    for (index,) in indexes:
        conn.execute(index)
