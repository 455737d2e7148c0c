"""Intents that wait for a decision, and messages that wait for an agent.

Layer: store. Both outlive the process that made them.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final, Literal, NamedTuple

import orjson


class Hold(NamedTuple):
    """One waiting intent on one branch."""

    seq: int
    intent: int
    branch: int
    since: int
    """Milliseconds since the epoch."""
    deadline: int | None
    """When ``fallback`` applies, in milliseconds since the epoch; None: never by itself."""
    fallback: Literal["allow", "deny"]
    ruling: str | None
    """JSON of the verdict that applies once the branch is resumed, when a pause holds it."""
    reason: str
    by: str
    asked: str | None
    """JSON of the question, when supervisors are being asked; see ``engine/questions``."""


_COLUMNS: Final = "seq, intent, branch, since, deadline, fallback, ruling, reason, by, asked"


def add(
    conn: sqlite3.Connection,
    intent: int,
    branch: int,
    since: int,
    deadline: int | None,
    fallback: str,
    ruling: dict[str, Any] | None,
    reason: str,
    by: str,
    asked: str | None = None,
) -> Hold:
    """Hold an intent."""
    text = orjson.dumps(ruling).decode() if ruling is not None else None
    row = conn.execute(
        "INSERT INTO holds(intent, branch, since, deadline, fallback, ruling, reason, by, asked)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (intent, branch, since, deadline, fallback, text, reason, by, asked),
    )
    assert row.lastrowid is not None
    return get(conn, row.lastrowid)


def turn(
    conn: sqlite3.Connection,
    seq: int,
    since: int,
    deadline: int,
    fallback: str,
    reason: str,
    by: str,
    asked: str | None = None,
) -> Hold:
    """A hold becomes another's: whoever waits for it goes on waiting."""
    conn.execute(
        "UPDATE holds SET since = ?, deadline = ?, fallback = ?, ruling = NULL, reason = ?,"
        " by = ?, asked = ? WHERE seq = ?",
        (since, deadline, fallback, reason, by, asked, seq),
    )
    return get(conn, seq)


def postpone(conn: sqlite3.Connection, seq: int, deadline: int) -> None:
    """Something is due at another time."""
    conn.execute("UPDATE holds SET deadline = ? WHERE seq = ?", (deadline, seq))


def questions(conn: sqlite3.Connection) -> list[Hold]:
    """The intents that supervisors are being asked about, oldest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM holds WHERE asked IS NOT NULL ORDER BY seq")
    return list(map(Hold._make, rows))


def find(conn: sqlite3.Connection, seq: int) -> Hold | None:
    """The hold of a row; None when it was decided."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM holds WHERE seq = ?", (seq,)).fetchone()
    return Hold._make(row) if row else None


def get(conn: sqlite3.Connection, seq: int) -> Hold:
    """The hold of a row, which was written just now."""
    found = find(conn, seq)
    assert found is not None
    return found


def every(conn: sqlite3.Connection) -> list[Hold]:
    """All waiting intents, oldest first."""
    return list(map(Hold._make, conn.execute(f"SELECT {_COLUMNS} FROM holds ORDER BY seq")))


def of_branch(conn: sqlite3.Connection, branch: int) -> list[Hold]:
    """The waiting intents of a branch, oldest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM holds WHERE branch = ? ORDER BY seq", (branch,))
    return list(map(Hold._make, rows))


def of_intent(conn: sqlite3.Connection, intent: int) -> list[Hold]:
    """The holds of one intent: one for each branch that proposed it."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM holds WHERE intent = ? ORDER BY seq", (intent,))
    return list(map(Hold._make, rows))


def ruling_of(hold: Hold) -> dict[str, Any]:
    """The verdict that applies once the branch is resumed."""
    assert hold.ruling is not None
    ruling: dict[str, Any] = orjson.loads(hold.ruling)
    return ruling


def remove(conn: sqlite3.Connection, seq: int) -> None:
    """It was decided."""
    conn.execute("DELETE FROM holds WHERE seq = ?", (seq,))


def add_injection(conn: sqlite3.Connection, commit: int, branch: int) -> None:
    """A message waits for the branch's agent."""
    conn.execute(
        "INSERT OR REPLACE INTO injections(commit_seq, branch, delivered) VALUES (?, ?, 0)",
        (commit, branch),
    )


def injected(conn: sqlite3.Connection, branch: int) -> bool:
    """Whether a message waits for this branch's agent."""
    found = conn.execute(
        "SELECT 1 FROM injections WHERE branch = ? AND delivered = 0 LIMIT 1", (branch,)
    ).fetchone()
    return found is not None


def deliver(conn: sqlite3.Connection, branch: int) -> list[int]:
    """The commits whose messages wait for this branch, oldest first; they wait no more."""
    waiting = conn.execute(
        "SELECT commit_seq FROM injections WHERE branch = ? AND delivered = 0 ORDER BY commit_seq",
        (branch,),
    ).fetchall()
    if waiting:
        conn.execute(
            "UPDATE injections SET delivered = 1 WHERE branch = ? AND delivered = 0", (branch,)
        )
    return [row[0] for row in waiting]
