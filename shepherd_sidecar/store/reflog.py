"""The reflog: what happened to a branch, when, by whom and at what cost.

Layer: store. Everything that must stay out of hashed objects stands here: times, durations,
usage, cost, authors, client ids. Each row's ``chain`` covers its content and the row before
it on the same branch, so that a change shows:

    chain = H(reflog, canonical JSON of {action, at, author, clientId?, commit, previous, usage?})

``previous`` is the chain before (64 zeros for a branch's first row), ``at`` milliseconds since
the epoch. A row's ``seq`` orders everything that happened in the store: it is the cursor of
subscriptions.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final, Literal, NamedTuple, get_args

import orjson

from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.ids import digest

Action = Literal["append", "start", "fork", "rewind", "status", "rename", "import", "replay"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
_NUMBER: Final[dict[str, int]] = {action: number for number, action in enumerate(ACTIONS)}

REWIND: Final = _NUMBER["rewind"]
FIRST: Final = bytes(32)
"""The chain before a branch's first row."""


class Row(NamedTuple):
    """One row."""

    seq: int
    branch: int
    action: int
    head: int
    at: int
    author: int
    client_id: str | None
    usage: str | None
    chain: bytes


COLUMNS: Final = "seq, branch, action, head, at, author, client_id, usage, chain"


def link(
    previous: bytes,
    action: str,
    commit: bytes,
    at: int,
    author: str,
    client_id: str | None,
    usage: str | None,
) -> bytes:
    """The chain of a row. ``usage`` is canonical JSON already."""
    told = f'"clientId":{orjson.dumps(client_id).decode()},' if client_id is not None else ""
    cost = f',"usage":{usage}' if usage is not None else ""
    content = (
        f'{{"action":"{action}","at":{at},"author":{orjson.dumps(author).decode()},{told}'
        f'"commit":"{commit.hex()}","previous":"{previous.hex()}"{cost}}}'
    )
    return digest("reflog", content.encode())


def append(
    conn: sqlite3.Connection,
    seq: int,
    branch: int,
    action: Action,
    head: int,
    commit: bytes,
    previous: bytes,
    at: int,
    author: tuple[int, str],
    client_id: str | None = None,
    usage: str | None = None,
) -> bytes:
    """Add row ``seq`` (the one after ``numbers.last``); returns its ``chain``.

    ``author`` is its row and its name.
    """
    chain = link(previous, action, commit, at, author[1], client_id, usage)
    conn.execute(
        "INSERT INTO reflog(seq, branch, action, head, at, author, client_id, usage, chain)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (seq, branch, _NUMBER[action], head, at, author[0], client_id, usage, chain),
    )
    return chain


def usage_text(usage: dict[str, Any] | None) -> str | None:
    """Canonical JSON of a usage, as the column holds it."""
    return encode(usage).decode() if usage else None


def get(conn: sqlite3.Connection, seq: int) -> Row | None:
    """The row of this number; None when gc removed it."""
    found = conn.execute(f"SELECT {COLUMNS} FROM reflog WHERE seq = ?", (seq,)).fetchone()
    return Row._make(found) if found else None


def after(conn: sqlite3.Connection, seq: int, limit: int) -> list[Row]:
    """Rows after this one, oldest first."""
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM reflog WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit)
    )
    return list(map(Row._make, rows))


def by_client(conn: sqlite3.Connection, branch: int, client_id: str) -> int | None:
    """The commit's row that this client id made on this branch, or None."""
    row = conn.execute(
        "SELECT head FROM reflog WHERE branch = ? AND client_id = ?", (branch, client_id)
    ).fetchone()
    return row[0] if row else None


class Sums(NamedTuple):
    """What the rows of one branch add up to; times in milliseconds, as in ``at``."""

    events: int
    first: int | None
    last: int | None
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    cost_usd: float | None
    duration_ms: float | None


NOTHING: Final = Sums(0, None, None, None, None, None, None, None)
_ADDED: Final = ("inputTokens", "outputTokens", "cachedTokens", "costUsd", "durationMs")


def sums(conn: sqlite3.Connection, wanted: list[int]) -> dict[int, Sums]:
    """The sums of these branches, of those that have rows. Looks through the whole reflog."""
    added = ", ".join(f"sum(usage ->> '$.{name}')" for name in _ADDED)
    recorded = ", ".join(str(_NUMBER[action]) for action in ("append", "start", "replay"))
    rows = conn.execute(
        f"SELECT branch, count(*), min(at), max(at), {added} FROM reflog"
        f" WHERE action IN ({recorded})"
        " AND branch IN (SELECT value FROM json_each(?)) GROUP BY branch",
        (orjson.dumps(wanted).decode(),),
    )
    return {branch: Sums(*found) for branch, *found in rows}
