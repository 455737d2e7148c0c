"""Carrying out what gc planned, a little at a time, while others go on writing.

Layer: store. Keeps: each step is one short transaction that leaves the store well-formed, so a
crash between two of them leaves nothing wrong and the next gc goes on; what names goes before
what is named; each step first looks at what came since, and what is needed again stays. Files
go after the rows that named them are gone for good, and never while somebody adds them again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from shepherd_sidecar.store import caring, commits, gc, objects, reflog, stat
from shepherd_sidecar.store.bits import Bits
from shepherd_sidecar.store.check_objects import is_named
from shepherd_sidecar.store.findings import PAGE
from shepherd_sidecar.store.gc import PIN_MS, Counts, Doomed, Plan
from shepherd_sidecar.store.objects import FILE, FILE_ZSTD
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.verify import Progress
from shepherd_sidecar.store.writer import Tx

FOR_EVER: Final = 1 << 62
_STEP: Final = 1000
"""Rows removed in one transaction: others wait no longer than it takes."""
_PAGES: Final = 2000
"""Pages of the database given back to the disk in one transaction."""


def collect(
    store: Store,
    keep_ms: int,
    max_bytes: int | None = None,
    *,
    dry_run: bool = False,
    remove_world: Callable[[int], object] = lambda branch: None,
    progress: Progress | None = None,
) -> Counts:
    """Remove what nothing needs any more; ``dry_run`` only counts it.

    ``remove_world`` is called with the row of each branch that goes and has a live world.

    Raises:
        StoreLocked: somebody else looks after the store just now.
        StoreCorrupt: it is damaged: nothing is removed.
    """
    with caring.alone(store.root):
        plan = gc.plan(store, keep_ms, max_bytes)
        return plan.counts if dry_run else _Sweep(store, plan, progress).run(remove_world)


def remove_unreached(store: Store) -> None:
    """Remove what no branch needs, discarded ones included; for one who has the store's care."""
    _Sweep(store, gc.plan(store, FOR_EVER)).run(lambda branch: None)


class _Sweep:
    def __init__(self, store: Store, plan: Plan, progress: Progress | None = None) -> None:
        self._progress = progress
        self._store = store
        self._plan = plan
        self._counts = Counts(bytes=plan.counts.bytes)

    def run(self, remove_world: Callable[[int], object]) -> Counts:
        plan, counts = self._plan, self._counts
        self._step(lambda tx: None)
        for branch in list(plan.doomed.values()):
            if branch.seq in plan.doomed and self._has_world(branch.seq):
                remove_world(branch.seq)
                counts.worlds += 1
        for branch in list(plan.doomed.values()):
            while self._step(partial(self._shorten, branch)):
                pass
            counts.branches += branch.seq in plan.doomed and not branch.keep
        counts.commits = self._remove("commits", self._remove_commits)
        self._remove("lists", self._remove_lists)
        self._remove("objects", self._remove_objects)
        for number in range(0, len(plan.orphans), _STEP):
            self._unlink(plan.orphans[number : number + _STEP])
        self._store.write(self._finish)
        self._give_back()
        return counts

    def _step(self, work: Callable[[Tx], int | None]) -> int:
        """One short transaction, which looks at what came since the one before first."""

        def step(tx: Tx) -> tuple[int, int]:
            tx.settle()
            tx.cache.clear()
            seen = self._look_again(tx.conn)
            done = work(tx) or 0
            tx.cache.clear()
            return seen, done

        # The work may be done twice, after a neighbour in its group failed: what it notes here
        # only keeps more, and how far it looked counts once it is durable.
        self._plan.seen, done = self._store.write(step)
        return done

    def _look_again(self, conn: sqlite3.Connection) -> int:
        plan, seen = self._plan, self._plan.seen
        while rows := reflog.after(conn, seen, PAGE):
            for row in rows:
                plan.doomed.pop(row.branch, None)
                plan.reach.commit(conn, row.head)
                logged = conn.execute(
                    "SELECT logged FROM commits WHERE seq = ?", (row.head,)
                ).fetchone()
                if logged is not None and reflog.get(conn, logged[0]) is None:
                    commits.tell(conn, row.head, row.seq)
            seen = rows[-1].seq
        gc.roots(conn, plan.reach, plan.doomed, plan.began, plan.began)
        return seen

    def _has_world(self, branch: int) -> bool:
        with self._store.reading() as conn:
            row = conn.execute("SELECT 1 FROM worlds WHERE branch = ?", (branch,)).fetchone()
        return row is not None

    def _shorten(self, branch: Doomed, tx: Tx) -> int:
        """Remove the newest rows of a branch, and with the last of them the branch."""
        conn, plan = tx.conn, self._plan
        row = conn.execute("SELECT tip FROM branches WHERE seq = ?", (branch.seq,)).fetchone()
        if branch.seq not in plan.doomed or row is None:
            return 0
        left = len(branch.rows)
        while left and branch.rows[left - 1] > row[0]:
            left -= 1  # removed by the step before
        first = left
        while left and first - left < _STEP and branch.rows[left - 1] not in plan.reach.logged:
            left -= 1
            seq, head = branch.rows[left], branch.heads[left]
            conn.execute("UPDATE commits SET logged = 0 WHERE seq = ? AND logged = ?", (head, seq))
            conn.execute("DELETE FROM reflog WHERE seq = ?", (seq,))
        if left == first:
            branch.keep = row[0]
            self._keep_named(conn, branch, left)
            return 0
        if left:
            conn.execute(
                "UPDATE branches SET head = ?, tip = ? WHERE seq = ?",
                (branch.heads[left - 1], branch.rows[left - 1], branch.seq),
            )
            return first - left
        for statement in (
            "DELETE FROM holds WHERE branch = ?",
            "DELETE FROM injections WHERE branch = ?",
            "DELETE FROM worlds WHERE branch = ?",
            "DELETE FROM marks WHERE branch = ?",
            "DELETE FROM overlaps WHERE ? IN (left, right)",
            "UPDATE branches SET origin = NULL WHERE origin = ?",
            "DELETE FROM branches WHERE seq = ?",
        ):
            conn.execute(statement, (branch.seq,))
        branch.keep = 0
        return 0

    def _keep_named(self, conn: sqlite3.Connection, branch: Doomed, left: int) -> None:
        reach = self._plan.reach
        for head in branch.heads[:left]:
            if head > 0 and head not in reach.commits:
                self._plan.named.add(head)
        (point,) = conn.execute(
            "SELECT fork_point FROM branches WHERE seq = ?", (branch.seq,)
        ).fetchone()
        if point is not None and point not in reach.commits:
            conn.execute("UPDATE branches SET fork_point = NULL WHERE seq = ?", (branch.seq,))

    def _remove(self, table: str, remove: Callable[[Bits, list[int], Tx], int]) -> int:
        """Remove the rows that are still not needed, newest first; how many."""
        needed: Bits = getattr(self._plan.reach, table)
        below, total = self._plan.upto[table], 0
        while True:
            with self._store.reading() as conn:
                rows = gc.unreached(conn, table, needed, below)
                going = [row[0] for row in islice(rows, _STEP)]
            if not going:
                return total
            total += self._step(partial(remove, needed, going))
            below = going[-1] - 1
            if self._progress is not None:
                self._progress(table, total)

    def _remove_commits(self, needed: Bits, going: list[int], tx: Tx) -> int:
        going = [seq for seq in going if seq not in needed]
        named = [(seq,) for seq in going if seq in self._plan.named]
        tx.conn.executemany(
            "INSERT OR IGNORE INTO removed(seq, id) SELECT seq, id FROM commits WHERE seq = ?",
            named,
        )
        for statement in (
            "DELETE FROM forgotten WHERE commit_seq = ?",
            "DELETE FROM injections WHERE commit_seq = ?",
        ):
            tx.conn.executemany(statement, [(seq,) for seq in going])
        return _delete(tx.conn, "commits", going)

    def _remove_lists(self, needed: Bits, going: list[int], tx: Tx) -> int:
        return _delete(tx.conn, "lists", [seq for seq in going if seq not in needed])

    def _remove_objects(self, needed: Bits, going: list[int], tx: Tx) -> int:
        going = [seq for seq in going if seq not in needed]
        files: list[Path] = []
        kinds = [0, 0]
        for seq in going:
            row = tx.conn.execute(
                "SELECT id, kind, codec FROM objects WHERE seq = ?", (seq,)
            ).fetchone()
            if row is None:
                continue
            kinds[row[1]] += 1
            if row[2] in (FILE, FILE_ZSTD):
                files.append(objects.file_of(tx.root, row[0], row[2]))

        def done() -> None:
            self._counts.blobs += kinds[0]
            self._counts.trees += kinds[1]
            self._plan.orphans += files

        tx.after_commit(done)
        return _delete(tx.conn, "objects", going)

    def _unlink(self, paths: Iterable[Path]) -> None:
        """Remove files, under the lock of the one writer: nobody names one meanwhile."""

        def work(tx: Tx) -> None:
            for path in paths:
                if path.name.startswith("."):
                    path.unlink(missing_ok=True)
                    continue
                codec = FILE_ZSTD if path.suffix else FILE
                name = bytes.fromhex(path.parent.name + path.stem)
                if not is_named(tx.conn, name, codec):
                    path.unlink(missing_ok=True)

        self._store.write(work)

    def _finish(self, tx: Tx) -> None:
        conn, counts = tx.conn, self._counts
        conn.executemany("DELETE FROM removed WHERE seq = ?", [(s,) for s in self._plan.graves])
        conn.execute("DELETE FROM runs WHERE seq NOT IN (SELECT run FROM branches)")
        conn.execute("DELETE FROM pins WHERE at < ?", (tx.now - PIN_MS,))
        stat.forget_sums(conn)
        told = {name: getattr(counts, name) for name in Counts.__slots__}
        caring.note(conn, tx.now, "gc", told)

    def _give_back(self) -> None:
        """Return free pages to the disk; what another process holds up is left to the next gc."""
        free, before = self._store.write(lambda tx: _shrink(tx.conn)), None
        while free and free != before:
            free, before = self._store.write(lambda tx: _shrink(tx.conn)), free
        caring.truncate_log(self._store)


def _shrink(conn: sqlite3.Connection) -> int:
    conn.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
    return int(conn.execute("PRAGMA freelist_count").fetchone()[0])


def _delete(conn: sqlite3.Connection, table: str, going: list[int]) -> int:
    # Not total_changes: that counts what triggers do as well.
    return conn.executemany(
        f"DELETE FROM {table} WHERE seq = ?", [(seq,) for seq in going]
    ).rowcount
