"""A store: its folder, its one writer, its readers, and what happens after a commit.

Layer: store. The facade that the layers above hold.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from shepherd_sidecar.store import connection, layout, objects, schema, wake
from shepherd_sidecar.store.writer import Refusal, Tx, Writer

T = TypeVar("T")


class Store:
    """An open store. Many processes may have the same one open.

    Args:
        root: the store's folder (``.shepherd``); made when it is not there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._database = self.root / layout.DATABASE
        layout.prepare(self.root)
        first = connection.connect(self.root)
        try:
            with connection.translated(self.root / layout.DATABASE):
                schema.ensure(first, self.root)
        except BaseException:
            first.close()
            raise
        with suppress(OSError):
            for path in objects.leftovers(self.root):
                path.unlink(missing_ok=True)
        self._readers = [first]
        self._listeners: list[tuple[Callable[[], None], float]] = []
        self._ear: wake.Ear | None = None
        self._lock = threading.Lock()
        self._bell = wake.Bell(self.root)
        self._writer = Writer(self.root, self._committed)

    def submit(self, work: Callable[[Tx], T | Refusal], *, eager: bool = False) -> Future[T]:
        """Write: ``work`` runs in the next transaction; the future resolves when it is durable.

        See ``Writer.submit`` for ``eager``.
        """
        return self._writer.submit(work, eager=eager)

    def write(self, work: Callable[[Tx], T | Refusal]) -> T:
        """Write and wait until it is durable."""
        return self._writer.submit(work, waits=True).result()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with, for the length of the block."""
        conn = self._borrow()
        try:
            yield conn
        except sqlite3.Error as error:
            raise connection.translate(error, self._database) from error
        finally:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            with self._lock:
                self._readers.append(conn)

    @contextmanager
    def frozen(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one moment of the store for the length of the block.

        Keep it short: the log of the database cannot shrink meanwhile.
        """
        with self.reading() as conn:
            conn.execute("BEGIN")
            yield conn

    def listen(self, woken: Callable[[], None], patience_s: float = 0.0) -> None:
        """Call ``woken`` after every commit by this or, from now on, any other process.

        It is called on threads of the store, may be called once for several commits, or for
        none, and must not block. When every listener is patient, it may be called so much later:
        each wake-up takes time from the process that writes.
        """
        with self._lock:
            self._listeners.append((woken, patience_s))
            if self._ear is None:
                self._ear = wake.listen(self.root, self._tell)

    def unlisten(self, woken: Callable[[], None]) -> None:
        """Stop calling ``woken``."""
        with self._lock:
            self._listeners = [one for one in self._listeners if one[0] != woken]

    def close(self) -> None:
        """Finish all writes and close. The log is folded into the database and truncated."""
        if self._ear is not None:
            self._ear.close()
        self._writer.close()
        self._bell.close()
        conn = self._borrow()
        try:
            conn.execute("PRAGMA busy_timeout = 0")
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            pass  # another process is at work; the last one out does it
        finally:
            conn.close()
            for reader in self._readers:
                reader.close()
            self._readers.clear()

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._readers:
                return self._readers.pop()
        return connection.connect(self.root)

    def _committed(self) -> None:
        rung = self._bell.ring()
        if not (rung and self._ear is not None and self._ear.prompt):
            self._tell()

    def _tell(self) -> float:
        """Wake all; for how long the most impatient need not be woken again."""
        listeners = tuple(self._listeners)
        for woken, _ in listeners:
            woken()
        return min((patience_s for _, patience_s in listeners), default=0.0)
