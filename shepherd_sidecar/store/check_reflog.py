"""The reflog's chains, and the branches that stand at their ends.

Layer: store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args

from shepherd_sidecar.store import reflog
from shepherd_sidecar.store.bits import Bits
from shepherd_sidecar.store.branches import Status
from shepherd_sidecar.store.findings import Finding, paged
from shepherd_sidecar.store.reflog import ACTIONS, Row


@dataclass(slots=True)
class _End:
    """The newest row of a branch so far, and both chains that the next one may follow."""

    seq: int
    head: int
    stored: bytes
    right: bytes


def check_reflog(conn: sqlite3.Connection, seen: Callable[[str], None]) -> Iterator[Finding]:
    """Every row: its chain recomputed from its content and the row before; then the branches.

    The end of the reflog and the branches are looked at as of one moment: others go on writing.
    """
    check = _Chains(conn, seen)
    yield from check.rows()
    conn.execute("BEGIN")
    try:
        yield from check.rows()
        yield from check.untold()
        yield from _check_branches(conn, check.ends)
    finally:
        conn.execute("ROLLBACK")


class _Chains:
    def __init__(self, conn: sqlite3.Connection, seen: Callable[[str], None]) -> None:
        self.ends: dict[int, _End] = {}
        self._conn = conn
        self._seen = seen
        self._at = 0
        self._names: dict[int, str] = {}
        self._authors: dict[int, str] = {}
        self._told = Bits()

    def rows(self) -> Iterator[Finding]:
        """The rows after those that were looked at before."""
        for found in paged(self._conn, "reflog", reflog.COLUMNS, self._at):
            self._seen("reflog")
            row = Row._make(found)
            self._at = row.seq
            yield from self._one(row)

    def untold(self) -> Iterator[Finding]:
        """Commits that say a row tells of them, and none does."""
        for seq, name, logged in paged(self._conn, "commits", "seq, id, logged"):
            if logged != 0 and seq not in self._told:
                where = name.hex() if isinstance(name, bytes) else repr(name)
                yield Finding("chain", where, f"no row of the reflog has it, nor row {logged}")

    def _one(self, row: Row) -> Iterator[Finding]:
        name = self._name("branches", self._names, row.branch)
        if name is None:
            yield Finding("chain", f"row {row.seq}", f"no branch has the row {row.branch}")
            return
        where = f"{name} row {row.seq}"
        commit, logged = commit_of(self._conn, row.head)
        if logged is not None and self._told.add(row.head) and logged != row.seq:
            detail = f"logged is {logged}; row {row.seq} is the first that tells of it"
            derived = ("commits", row.head, "logged", row.seq)
            yield Finding("row", commit.hex() if commit else where, detail, derived=derived)
        if commit is None:
            yield Finding("missing", where, f"its commit (row {row.head})", branch=row.branch)
        author = self._name("authors", self._authors, row.author)
        end = self.ends.get(row.branch)
        before = (end.stored, end.right) if end is not None else (reflog.FIRST,)
        right = [recomputed(row, previous, commit, author) for previous in before]
        if row.chain not in right:
            detail = "the row, or the one before it, is not what was written"
            yield Finding("chain", where, detail, branch=row.branch)
        self.ends[row.branch] = _End(row.seq, row.head, row.chain, right[0] or row.chain)

    def _name(self, table: str, known: dict[int, str], seq: int) -> str | None:
        if seq not in known:
            known.update(self._conn.execute(f"SELECT seq, name FROM {table}"))
        return known.get(seq)


def recomputed(row: Row, previous: bytes, commit: bytes | None, author: str | None) -> bytes | None:
    """The chain that a row must have; None when the row makes no sense."""
    if commit is None or author is None or not 0 <= row.action < len(ACTIONS):
        return None
    try:
        return reflog.link(
            previous, ACTIONS[row.action], commit, row.at, author, row.client_id, row.usage
        )
    except (TypeError, ValueError, AttributeError):
        return None


def commit_of(conn: sqlite3.Connection, seq: int) -> tuple[bytes | None, int | None]:
    """The id of a commit and its first row; of one that gc removed only the id is known."""
    row = conn.execute(
        "SELECT id, logged FROM commits WHERE seq = ?1"
        " UNION ALL SELECT id, NULL FROM removed WHERE seq = ?1",
        (seq,),
    ).fetchone()
    return (bytes(row[0]), row[1]) if row else (None, None)


def _check_branches(conn: sqlite3.Connection, ends: dict[int, _End]) -> Iterator[Finding]:
    statuses = get_args(Status)
    for seq, name, run, head, status, origin, fork_point, tip in conn.execute(
        "SELECT seq, name, run, head, status, origin, fork_point, tip FROM branches"
    ):
        end = ends.get(seq)
        if end is None:
            yield Finding("chain", name, "has no row in the reflog", branch=seq)
            continue
        for column, found, right in (("head", head, end.head), ("tip", tip, end.seq)):
            if found != right:
                detail = f"{column} is row {found}; the reflog says {right}"
                yield Finding("row", name, detail, derived=("branches", seq, column, right))
        if not _has(conn, "commits", end.head):
            yield Finding("missing", name, f"its head (row {end.head})", branch=seq)
        if fork_point is not None and not _has(conn, "commits", fork_point):
            yield Finding("missing", name, f"the commit it was forked at (row {fork_point})")
        if origin is not None and not _has(conn, "branches", origin):
            yield Finding(
                "row",
                name,
                "the branch it was forked from",
                derived=("branches", seq, "origin", None),
            )
        if not _has(conn, "runs", run):
            yield Finding("missing", name, f"its run (row {run})", branch=seq)
        if status not in statuses:
            detail = f"status {status!r} is none"
            yield Finding("row", name, detail, derived=("branches", seq, "status", "failed"))


def _has(conn: sqlite3.Connection, table: str, seq: int) -> bool:
    return conn.execute(f"SELECT 1 FROM {table} WHERE seq = ?", (seq,)).fetchone() is not None
