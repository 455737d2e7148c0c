"""Who gates intents, in whichever process, and what they answered.

Layer: store. A row lives as long as its supervisor's connection; ``lifelines`` tells whether it
still does, so that a row which a crash left behind delays nobody.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

import orjson


class Supervisor(NamedTuple):
    """One attached supervisor. ``seq`` is the order of attaching."""

    seq: int
    id: str
    name: str
    filter: str
    """JSON: ``kinds``, ``runs`` and ``branches`` (as rows), ``tools``, where stated."""
    timeout_ms: int
    on_timeout: str | None
    recent: int
    since: int
    """Milliseconds since the epoch."""
    author: str

    def wants(self) -> dict[str, Any]:
        """The filter as a value."""
        value: dict[str, Any] = orjson.loads(self.filter)
        return value


class Answer(NamedTuple):
    """What counts as one supervisor's answer to one question."""

    supervisor: int
    decision: str
    reason: str | None
    payload: str | None
    """JSON of an override's payload."""
    timeout_ms: int | None
    """How long a hold lasts at most."""
    fault: str | None
    """Why it is not an answer of its own: ``timeout``, ``gone`` or ``invalid``."""


_COLUMNS: Final = "seq, id, name, filter, timeout_ms, on_timeout, recent, since, author"
_ANSWER: Final = "supervisor, decision, reason, payload, timeout_ms, fault"


def add(
    conn: sqlite3.Connection,
    id_: str,
    name: str,
    wants: dict[str, Any],
    timeout_ms: int,
    on_timeout: str | None,
    recent: int,
    since: int,
    author: str,
) -> None:
    """Attach one."""
    conn.execute(
        "INSERT INTO supervisors(id, name, filter, timeout_ms, on_timeout, recent, since, author)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (id_, name, orjson.dumps(wants).decode(), timeout_ms, on_timeout, recent, since, author),
    )


def every(conn: sqlite3.Connection) -> list[Supervisor]:
    """All that are attached, in order."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM supervisors ORDER BY seq")
    return list(map(Supervisor._make, rows))


def by_id(conn: sqlite3.Connection, id_: str) -> Supervisor | None:
    """The one of this id, or None."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM supervisors WHERE id = ?", (id_,)).fetchone()
    return Supervisor._make(row) if row else None


def remove(conn: sqlite3.Connection, seq: int) -> None:
    """It is attached no more."""
    conn.execute("DELETE FROM supervisors WHERE seq = ?", (seq,))


def answers(conn: sqlite3.Connection, hold: int) -> dict[int, Answer]:
    """What was answered to a question, by the supervisor's row."""
    rows = conn.execute(f"SELECT {_ANSWER} FROM answers WHERE hold = ?", (hold,))
    return {row[0]: Answer._make(row) for row in rows}


def answer(conn: sqlite3.Connection, hold: int, said: Answer) -> None:
    """Write an answer down; there is none of this supervisor yet."""
    conn.execute(
        f"INSERT INTO answers(hold, {_ANSWER}) VALUES (?,?,?,?,?,?,?)",
        (hold, *said),
    )
