"""Branches: mutable names for heads, and the runs they belong to.

Layer: store.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from shepherd_sidecar.errors import BranchClosed, NameTaken, UnknownBranch, UnknownRun

Status = Literal["live", "paused", "finished", "failed", "exhausted", "stopped", "discarded"]
_ONE_BY_ONE: Final = 10
"""Numbers below which the first free one is looked for."""
ENDED: Final = frozenset(("finished", "failed", "exhausted", "stopped", "discarded"))


@dataclass(slots=True)
class Branch:
    """One branch as its row says."""

    seq: int
    name: str
    run: int
    head: int
    status: Status
    origin: int | None
    """The branch it was forked from."""
    fork_point: int | None
    """The commit it was forked at."""
    tip: int
    """Its newest reflog row."""
    created: int
    """Milliseconds since the epoch."""
    changed: int | None
    """When its status last changed, in milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run as its row says."""

    seq: int
    id: str
    name: str
    started: int
    """Milliseconds since the epoch."""
    workspace: str | None
    facts: dict[str, Any]
    """``agent``, ``place``, ``driver``, ``gate``, where given; ``watched`` for overlaps."""


_COLUMNS: Final = "seq, name, run, head, status, origin, fork_point, tip, created, changed"


def by_name(conn: sqlite3.Connection, name: str) -> Branch | None:
    """The branch of this name, or None."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM branches WHERE name = ?", (name,)).fetchone()
    return Branch(*row) if row else None


def by_seq(conn: sqlite3.Connection, seq: int) -> Branch:
    """The branch of this row."""
    return Branch(
        *conn.execute(f"SELECT {_COLUMNS} FROM branches WHERE seq = ?", (seq,)).fetchone()
    )


def need(conn: sqlite3.Connection, name: str) -> Branch:
    """The branch of this name.

    Raises:
        UnknownBranch: there is none.
    """
    branch = by_name(conn, name)
    if branch is None:
        raise UnknownBranch(f"no branch {name!r}", branch=name)
    return branch


def need_open(conn: sqlite3.Connection, name: str) -> Branch:
    """The branch of this name, which must still take events.

    Raises:
        UnknownBranch: there is none.
        BranchClosed: it has ended, or was discarded.
    """
    branch = need(conn, name)
    if branch.status in ENDED:
        raise BranchClosed(f"branch {name!r} is {branch.status}", branch=name, status=branch.status)
    return branch


def insert(
    conn: sqlite3.Connection,
    name: str,
    run: int,
    head: int,
    created: int,
    origin: int | None = None,
    fork_point: int | None = None,
) -> int:
    """Add a branch; its first reflog row is the caller's to add (``moved``).

    Raises:
        NameTaken: there is one of this name.
    """
    try:
        row = conn.execute(
            "INSERT INTO branches(name, run, head, status, origin, fork_point, tip, created)"
            " VALUES (?, ?, ?, 'live', ?, ?, 0, ?)",
            (name, run, head, origin, fork_point, created),
        )
    except sqlite3.IntegrityError:
        raise NameTaken(f"a branch {name!r} exists", branch=name) from None
    assert row.lastrowid is not None
    return row.lastrowid


def moved(conn: sqlite3.Connection, seq: int, head: int, tip: int) -> None:
    """The branch stands at ``head``; its newest reflog row is ``tip``."""
    conn.execute("UPDATE branches SET head = ?, tip = ? WHERE seq = ?", (head, tip, seq))


def set_status(conn: sqlite3.Connection, seq: int, status: Status, at: int) -> None:
    """Change the status; ``at`` in milliseconds since the epoch."""
    conn.execute("UPDATE branches SET status = ?, changed = ? WHERE seq = ?", (status, at, seq))


def rename(conn: sqlite3.Connection, seq: int, name: str) -> None:
    """Give it another name. Raises NameTaken."""
    try:
        conn.execute("UPDATE branches SET name = ? WHERE seq = ?", (name, seq))
    except sqlite3.IntegrityError:
        raise NameTaken(f"a branch {name!r} exists", branch=name) from None


def free_name(conn: sqlite3.Connection, wanted: str) -> str:
    """``wanted``, or ``wanted-2``, ``wanted-3``, … : one that no branch has.

    The first such, unless very many have been given away and some of them renamed since.
    """

    def taken(number: int) -> bool:
        name = wanted if number == 1 else f"{wanted}-{number}"
        return conn.execute("SELECT 1 FROM branches WHERE name = ?", (name,)).fetchone() is not None

    low = next((number for number in range(1, _ONE_BY_ONE) if not taken(number)), None)
    if low is None:
        low, high = _ONE_BY_ONE - 1, _ONE_BY_ONE
        while taken(high):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if taken(middle) else (low, middle)
        low = high
    return wanted if low == 1 else f"{wanted}-{low}"


def insert_run(
    conn: sqlite3.Connection,
    run_id: str,
    name: str,
    started: int,
    workspace: str | None,
    facts: dict[str, Any],
) -> int:
    """Add a run."""
    row = conn.execute(
        "INSERT INTO runs(id, name, started, workspace, facts) VALUES (?, ?, ?, ?, ?)",
        (run_id, name, started, workspace, orjson.dumps(facts).decode()),
    )
    assert row.lastrowid is not None
    return row.lastrowid


def run_by_seq(conn: sqlite3.Connection, seq: int) -> Run:
    """The run of this row."""
    return _run(conn.execute(f"SELECT {_RUN} FROM runs WHERE seq = ?", (seq,)).fetchone())


def need_run(conn: sqlite3.Connection, run_id: str) -> Run:
    """The run of this id. Raises UnknownRun."""
    row = conn.execute(f"SELECT {_RUN} FROM runs WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise UnknownRun(f"no run {run_id!r}", run=run_id)
    return _run(row)


def kept_heads(conn: sqlite3.Connection) -> list[int]:
    """The heads of all branches that are not discarded, each once."""
    rows = conn.execute("SELECT DISTINCT head FROM branches WHERE status != 'discarded'")
    return [head for (head,) in rows]


def last_runs_on(conn: sqlite3.Connection, workspace: str, limit: int) -> list[Run]:
    """The last runs on a folder, newest first."""
    rows = conn.execute(
        f"SELECT {_RUN} FROM runs WHERE workspace = ? ORDER BY seq DESC LIMIT ?", (workspace, limit)
    )
    return [_run(row) for row in rows]


def note(conn: sqlite3.Connection, run: int, name: str, value: Any) -> None:
    """Write down one more fact about a run."""
    facts = {**run_by_seq(conn, run).facts, name: value}
    conn.execute("UPDATE runs SET facts = ? WHERE seq = ?", (orjson.dumps(facts).decode(), run))


def of_run(conn: sqlite3.Connection, run: int) -> list[Branch]:
    """The branches of a run, oldest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM branches WHERE run = ? ORDER BY seq", (run,))
    return [Branch(*row) for row in rows]


def name_of(conn: sqlite3.Connection, seq: int | None) -> str | None:
    """The name of the branch of this row, or None."""
    row = conn.execute("SELECT name FROM branches WHERE seq = ?", (seq,)).fetchone()
    return row[0] if row else None


def home_of(conn: sqlite3.Connection, logged: int) -> int | None:
    """The branch on which a commit was first recorded, by the commit's reflog row."""
    row = conn.execute("SELECT branch FROM reflog WHERE seq = ?", (logged,)).fetchone()
    return row[0] if row else None


def page(conn: sqlite3.Connection, run: int | None, before: int | None, limit: int) -> list[Branch]:
    """Branches, newest first, older than row ``before``."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM branches WHERE (?1 IS NULL OR run = ?1)"
        " AND (?2 IS NULL OR seq < ?2) ORDER BY seq DESC LIMIT ?3",
        (run, before, limit),
    )
    return [Branch(*row) for row in rows]


def run_page(conn: sqlite3.Connection, before: int | None, limit: int) -> list[Run]:
    """Runs, newest first, older than row ``before``."""
    rows = conn.execute(
        f"SELECT {_RUN} FROM runs WHERE (?1 IS NULL OR seq < ?1) ORDER BY seq DESC LIMIT ?2",
        (before, limit),
    )
    return [_run(row) for row in rows]


_RUN: Final = "seq, id, name, started, workspace, facts"


def _run(row: Any) -> Run:
    seq, run_id, name, started, workspace, facts = row
    return Run(seq, run_id, name, started, workspace, orjson.loads(facts or "{}"))
