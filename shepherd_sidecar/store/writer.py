"""The one writer: a thread that groups whatever is waiting into one durable transaction.

Layer: store. Keeps: an acknowledged write is never lost. A result is handed out only after
``COMMIT`` with ``synchronous=FULL``; what fails leaves nothing of itself behind.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from shepherd_sidecar.errors import ShuttingDown
from shepherd_sidecar.store import connection
from shepherd_sidecar.store.layout import DATABASE
from shepherd_sidecar.store.log_length import LONG, is_long
from shepherd_sidecar.store.log_room import LogRoom

T = TypeVar("T")

GROUP: Final = 512
"""At most so many writes share a transaction; more wait for the next."""
EAGER_S: Final = 0.002
"""A disk that took longer for its last commit is not waited for by callers."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a write returns to fail with ``error`` and still keep what it wrote."""

    error: Exception


class Tx:
    """An open write transaction. Used only on the writer's thread, inside one write.

    ``now`` is the transaction's time in milliseconds since the epoch. ``cache`` is for whoever
    wants to remember rows between transactions; it is emptied when another process has
    written, and when anything was rolled back.
    """

    def __init__(self, conn: sqlite3.Connection, root: Path) -> None:
        self.conn = conn
        self.root = root
        self.now = 0
        self.cache: dict[Any, Any] = {}
        self._after: list[Callable[[], None]] = []
        self._last: dict[Any, Callable[[], None]] = {}

    def before_commit(self, key: Any, action: Callable[[], None]) -> None:
        """Run ``action`` once as the last thing of this transaction, the newest for a key.

        What many writes of a group would repeat is done once so: moving a branch's row.
        """
        self._last[key] = action

    def settle(self) -> None:
        """Do now what was left for the end: before statements that must see it."""
        last, self._last = self._last, {}
        for action in last.values():
            action()

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once this transaction is durable; never when it fails."""
        self._after.append(action)


class _Write(Generic[T]):
    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Tx], T | Refusal]) -> None:
        self.work = work
        self.future: Future[T] = Future()


class _Fold:
    """Stands in the queue for folding the log into the database."""


_Answer = tuple[Future[Any], bool, Any]
"""A caller's future, whether its write succeeded, and its result or error."""


class Writer:
    """Owns the write connection.

    Args:
        root: the store's folder.
        committed: called on the writer's thread after each durable transaction.
    """

    def __init__(self, root: Path, committed: Callable[[], None]) -> None:
        self._path = root / "store.db"
        self._tx = Tx(connection.connect(root), root)
        # Folding the log in is for after the answer; should that fail, SQLite does it itself.
        self._tx.conn.execute(f"PRAGMA wal_autocheckpoint = {4 * LONG}")
        self._log = f"{root / DATABASE}-wal"
        self._folding = False
        self._committed = committed
        self._queue: queue.SimpleQueue[_Write[Any] | _Fold | None] = queue.SimpleQueue()
        self._seen_version: int | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._room = LogRoom(root, self._tx.conn, self._turn)
        self._waiting = 0
        self._pace_s = 0.0
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(
        self, work: Callable[[Tx], T | Refusal], *, eager: bool = False, waits: bool = False
    ) -> Future[T]:
        """Do ``work`` in the next transaction; the future resolves once it is durable.

        ``eager``: do it now, on the caller's thread, when nothing else waits and the disk has
        been answering within milliseconds. It saves waking a thread twice, which costs about
        as much as the commit; a slow disk never holds the caller up more than once.

        ``waits``: do it there however slow the disk: the caller waits for it anyway.

        ``work`` may be run again from the start (when a neighbour in the group failed), so it
        changes nothing but the database until ``after_commit``.
        """
        write: _Write[T] = _Write(work)
        with self._lock:
            if self._closed:
                raise ShuttingDown("the store is closing")
            now = waits or (eager and self._pace_s < EAGER_S)
            now = now and not self._waiting and self._turn.acquire(blocking=False)
            if not now:
                self._waiting += 1
                self._queue.put(write)
        if now:
            try:
                answers = self._commit([write])
            finally:
                self._turn.release()
            self._answer(answers)
        return write.future

    def close(self) -> None:
        """Finish what is waiting, then close. Doing it again changes nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        closing = False
        while not closing:
            group: list[_Write[Any]] = []
            item = self._queue.get()
            while item is not None:
                if isinstance(item, _Fold):
                    break
                group.append(item)
                if len(group) >= GROUP:
                    break
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
            closing = item is None
            taken = len(group)
            # A write whose caller gave up before it began is not begun.
            group = [write for write in group if write.future.set_running_or_notify_cancel()]
            with self._turn:
                answers = self._commit(group) if group else []
            # Before anyone is answered: whoever is may write again at once, on its own thread.
            with self._lock:
                self._waiting -= taken
            self._answer(answers)
            if isinstance(item, _Fold):
                self._fold()
        self._room.close()
        with self._turn:
            self._tx.conn.close()

    def _commit(self, group: list[_Write[Any]]) -> list[_Answer]:
        """One transaction for the whole group; when a member fails, one for each.

        Nobody is answered yet, so that whoever is can have the next turn.
        """
        tx = self._tx
        start = time.perf_counter()
        results: list[Any] = []
        try:
            self._begin()
        except sqlite3.Error as error:
            self._roll_back()
            refused = connection.translate(error, self._path)
            return [(write.future, False, refused) for write in group]
        try:
            for write in group:
                changes = tx.conn.total_changes
                try:
                    results.append((True, write.work(tx)))
                except Exception as error:
                    if isinstance(error, sqlite3.Error) or tx.conn.total_changes != changes:
                        raise
                    results.append((False, error))
            tx.settle()
            tx.conn.execute("COMMIT")
        except Exception as error:
            self._roll_back()
            if len(group) > 1:
                return [answer for write in group for answer in self._commit([write])]
            if isinstance(error, sqlite3.Error):
                return [(group[0].future, False, connection.translate(error, self._path))]
            return [(group[0].future, False, error)]
        self._pace_s = (time.perf_counter() - start) / len(group)
        after, tx._after = tx._after, []
        for action in after:
            action()
        return [
            (write.future, False, result.error)
            if isinstance(result, Refusal)
            else (write.future, good, result)
            for write, (good, result) in zip(group, results, strict=True)
        ]

    def _answer(self, answers: list[_Answer]) -> None:
        for future, good, result in answers:
            if good:
                future.set_result(result)
            else:
                future.set_exception(result)
        if answers:
            self._committed()
            self._room.committed()
            if is_long(self._log):
                with self._lock:
                    if not self._folding:
                        self._folding = True
                        self._waiting += 1  # nobody commits before it: the log stays short
                        self._queue.put(_Fold())

    def _fold(self) -> None:
        """Fold the log into the database, as far as nobody reads what was before."""
        with self._turn, suppress(sqlite3.Error):  # the next commit tries again
            self._tx.conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
        with self._lock:
            self._folding = False
            self._waiting -= 1

    def _begin(self) -> None:
        tx = self._tx
        tx.conn.execute("BEGIN IMMEDIATE")
        version = tx.conn.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            tx.cache.clear()
            self._seen_version = version
        tx.now = time.time_ns() // 1_000_000

    def _roll_back(self) -> None:
        tx = self._tx
        tx.cache.clear()
        tx._after.clear()
        tx._last.clear()
        if tx.conn.in_transaction:
            tx.conn.execute("ROLLBACK")
