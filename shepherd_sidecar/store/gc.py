"""What gc may remove: whatever no live or retained branch, hold, world, memo or pin needs.

Layer: store. Reads only; ``sweep`` does it. Keeps: nothing that is reachable goes; a plan that
is not carried out says the same numbers as one that is. A discarded branch goes when its time
is up, but for the part of its reflog that first tells of commits which others still need: it
then stays as a shorter discarded branch, so that what is kept has its times, cost and author.
"""

from __future__ import annotations

import sqlite3
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import zstandard

from shepherd_sidecar.errors import StoreCorrupt
from shepherd_sidecar.store import objects, settlements
from shepherd_sidecar.store.bits import Bits
from shepherd_sidecar.store.check_objects import is_named, object_files
from shepherd_sidecar.store.findings import PAGE, paged
from shepherd_sidecar.store.reach import ROW_BYTES, Reach, stored_bytes
from shepherd_sidecar.store.reflog import REWIND
from shepherd_sidecar.store.stat import database_bytes
from shepherd_sidecar.store.store import Store

DAY_MS: Final = 24 * 60 * 60 * 1000
PIN_MS: Final = DAY_MS
"""How long what a client put is kept before anything refers to it."""
_MARGIN_MS: Final = 60_000
"""A transaction has the time at which it began, and is seen when it ends."""


@dataclass(slots=True)
class Doomed:
    """A branch that goes, or that is cut back to ``keep``."""

    seq: int
    name: str
    rows: array[int] = field(default_factory=lambda: array("q"))
    """Its rows of the reflog, oldest first."""
    heads: array[int] = field(default_factory=lambda: array("q"))
    """The commit of each row."""
    keep: int = 0
    """The newest of its rows that is still needed; 0 for none."""


@dataclass(slots=True)
class Counts:
    """What goes."""

    branches: int = 0
    commits: int = 0
    blobs: int = 0
    trees: int = 0
    worlds: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Plan:
    """What may go, as of one moment."""

    reach: Reach
    doomed: dict[int, Doomed]
    upto: dict[str, int]
    """The newest row of each table at the beginning: what came later stays."""
    seen: int
    """The newest row of the reflog that was looked at."""
    began: int
    """Memos and pins of this time or later may have come since."""
    named: Bits = field(default_factory=Bits)
    """Commits that go, yet stand in the reflog of a branch that stays."""
    graves: set[int] = field(default_factory=set)
    """Rows of ``removed`` that nothing names any more."""
    orphans: list[Path] = field(default_factory=list)
    """Files that no row names."""
    counts: Counts = field(default_factory=Counts)


def plan(store: Store, keep_ms: int, max_bytes: int | None = None) -> Plan:
    """See what may go.

    Args:
        store: which.
        keep_ms: how long discarded branches stay.
        max_bytes: discarded branches go sooner, the oldest first, until the store is this small.

    Raises:
        StoreCorrupt: something needed cannot be read, so what it needs is not known.
    """
    now = time.time_ns() // 1_000_000
    with store.reading() as conn:
        upto = {
            table: conn.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()[0]
            for table in ("commits", "objects", "lists", "reflog")
        }
        try:
            reach, doomed = _choose(conn, store.root, now, now - keep_ms, max_bytes)
        except zstandard.ZstdError as error:
            raise StoreCorrupt(f"nothing was removed: {error}", problems=[]) from error
        made = Plan(reach, doomed, upto, upto["reflog"], now - _MARGIN_MS)
        _read_reflog(conn, made)
        made.orphans = list(_orphans(conn, store.root))
        _count(conn, store.root, made)
    return made


def roots(
    conn: sqlite3.Connection, reach: Reach, doomed: dict[int, Doomed], memos: int, pins: int
) -> None:
    """What is needed besides branches: what is held, settled, waits, lives, is known or pinned.

    Of memos and pins, those made at these times or later.
    """
    for intent, branch in conn.execute("SELECT intent, branch FROM holds").fetchall():
        reach.commit(conn, intent)
        doomed.pop(branch, None)
    for begun in settlements.every(conn):
        reach.commit(conn, begun.second)
        reach.object(conn, begun.before)
        reach.object(conn, begun.after)
        doomed.pop(begun.branch, None)
    for branch, captured in conn.execute("SELECT branch, captured FROM worlds").fetchall():
        if branch not in doomed and captured is not None:
            reach.object(conn, captured)
    for branch, seq in conn.execute(
        "SELECT branch, commit_seq FROM injections WHERE delivered = 0"
    ).fetchall():
        if branch not in doomed:
            reach.commit(conn, seq)
    for row in conn.execute(
        "SELECT before, after FROM memos WHERE created >= ?", (memos,)
    ).fetchall():
        for tree in row:
            if tree is not None:
                reach.object(conn, tree)
    for (pinned,) in conn.execute("SELECT object FROM pins WHERE at >= ?", (pins,)).fetchall():
        reach.object(conn, pinned)


def unreached(
    conn: sqlite3.Connection, table: str, needed: Bits, below: int
) -> Iterator[tuple[int, ...]]:
    """Rows of ``commits``, ``lists`` or ``objects`` that may go, newest first.

    Each with its stored bytes (0 for lists), and for objects its kind.
    """
    columns = {
        "commits": "seq, coalesce(length(payload), 0)",
        "lists": "seq, 0",
        "objects": "seq, coalesce(length(data), 0), kind, codec",
    }[table]
    while True:
        rows = conn.execute(
            f"SELECT {columns} FROM {table} WHERE seq <= ? ORDER BY seq DESC LIMIT {PAGE}",
            (below,),
        ).fetchall()
        for row in rows:
            if row[0] not in needed:
                yield row
        if len(rows) < PAGE:
            return
        below = rows[-1][0] - 1


def _choose(
    conn: sqlite3.Connection, root: Path, now: int, expired: int, max_bytes: int | None
) -> tuple[Reach, dict[int, Doomed]]:
    """Which branches go, and what all the others need."""
    reach = Reach(root)
    discarded: list[tuple[int, Doomed, list[int]]] = []
    for seq, name, head, fork_point, status, changed in conn.execute(
        "SELECT seq, name, head, fork_point, status, coalesce(changed, created) FROM branches"
    ).fetchall():
        ends = [head] if fork_point is None else [head, fork_point]
        if status == "discarded":
            discarded.append((changed, Doomed(seq, name), ends))
        else:
            for end in ends:
                reach.commit(conn, end)
    doomed = {branch.seq: branch for _, branch, _ in discarded}
    roots(conn, reach, doomed, 0, now - PIN_MS)
    spare = None if max_bytes is None else max_bytes - _fixed_bytes(conn, root)
    room = True
    for changed, branch, ends in sorted(discarded, key=lambda found: -found[0]):
        if branch.seq not in doomed:
            pass  # it has a held intent
        elif changed <= expired or not room:
            continue
        more = reach if spare is None else Reach(root, reach)
        for end in ends:
            more.commit(conn, end)
        if branch.seq in doomed and spare is not None and more.bytes > spare:
            room = False
            continue
        reach = more
        doomed.pop(branch.seq, None)
    roots(conn, reach, doomed, 0, now - PIN_MS)
    return reach, doomed


def _fixed_bytes(conn: sqlite3.Connection, root: Path) -> int:
    """What the store takes besides the content of commits and objects."""
    content: int = 0
    for table, column in (("commits", "payload"), ("objects", "data")):
        count, inline = conn.execute(
            f"SELECT count(*), coalesce(sum(length({column})), 0) FROM {table}"
        ).fetchone()
        content += count * ROW_BYTES + inline
    free: int = conn.execute("PRAGMA freelist_count").fetchone()[0]
    page: int = conn.execute("PRAGMA page_size").fetchone()[0]
    return max(0, database_bytes(root) - free * page - content)


def _read_reflog(conn: sqlite3.Connection, made: Plan) -> None:
    """The rows of branches that go; the commits that go and are named by rows that stay."""
    made.graves = {seq for (seq,) in conn.execute("SELECT seq FROM removed")}
    for seq, branch, head, action in paged(conn, "reflog", "seq, branch, head, action"):
        going = made.doomed.get(branch)
        if going is not None:
            going.rows.append(seq)
            going.heads.append(head)
            # A branch that was moved back is not left further on than it stood.
            back = action == REWIND and going.keep and head in made.reach.commits
            if back:
                made.reach.logged.add(seq)
            if back or seq in made.reach.logged:
                going.keep = seq
        else:
            _stays(made, head)
    for going in made.doomed.values():
        for seq, head in zip(going.rows, going.heads, strict=True):
            if seq <= going.keep:
                _stays(made, head)


def _stays(made: Plan, head: int) -> None:
    made.graves.discard(head)
    if head > 0 and head not in made.reach.commits:
        made.named.add(head)


def _orphans(conn: sqlite3.Connection, root: Path) -> Iterator[Path]:
    yield from objects.leftovers(root)
    young = time.time() - objects.YOUNG_S
    for name, codec, path in object_files(root):
        if path.lstat().st_mtime < young and not is_named(conn, name, codec):
            yield path


def _count(conn: sqlite3.Connection, root: Path, made: Plan) -> None:
    counts, reach = made.counts, made.reach
    counts.branches = sum(not going.keep for going in made.doomed.values())
    worlds = {branch for (branch,) in conn.execute("SELECT branch FROM worlds")}
    counts.worlds = len(worlds & made.doomed.keys())
    for _, size in unreached(conn, "commits", reach.commits, made.upto["commits"]):
        counts.commits += 1
        counts.bytes += size
    for seq, size, kind, codec in unreached(conn, "objects", reach.objects, made.upto["objects"]):
        counts.trees += kind
        counts.blobs += 1 - kind
        (name,) = conn.execute("SELECT id FROM objects WHERE seq = ?", (seq,)).fetchone()
        counts.bytes += stored_bytes(root, name, codec, size)
    counts.bytes += sum(path.lstat().st_size for path in made.orphans)
