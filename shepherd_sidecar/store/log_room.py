"""Room in the database's log before it is needed: a commit that makes a file longer costs double.

Layer: store. Keeps: what is written lies behind everything that is in the log, and nobody can be
writing it meanwhile. To make a file longer the file system must write its own journal, which
takes as long again as the commit's bytes (on ext4 0.4 to 0.8 ms). So whoever goes on committing
to a young log makes it longer by a piece of zeros now and then, beside what anybody waits for;
SQLite takes zeros for the end of the log, and writes over them.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from shepherd_sidecar.store import connection
from shepherd_sidecar.store.layout import DATABASE

PIECE: Final = 512 << 10
"""Bytes that are added at once."""
ENOUGH: Final = 4 << 20
"""Bytes of a log that is long enough: SQLite folds a longer one in, and begins it again."""
_GREW: Final = 2
"""Commits that made the log longer until it first gets room: who commits once needs none."""


class LogRoom:
    """The room in the log of one store, as one process sees to it.

    Args:
        root: the store's folder.
        conn: the connection that commits.
        turn: held by whoever uses the connection.
    """

    def __init__(self, root: Path, conn: sqlite3.Connection, turn: threading.Lock) -> None:
        self._log = os.fspath(root / f"{DATABASE}-wal")
        self._conn, self._turn = conn, turn
        self._looking = threading.Lock()
        self._size = 0
        self._grew = 0
        self._making: threading.Thread | None = None

    def committed(self) -> None:
        """Something was committed, and whoever waited for that was told."""
        if not self._looking.acquire(blocking=False):
            return  # somebody else has just come for the same
        try:
            size = os.stat(self._log).st_size
            grew, self._size = size != self._size, size  # shorter: it was begun anew
            self._grew += grew
            if grew and self._grew >= _GREW and size < ENOUGH and not self._is_making():
                self._making = threading.Thread(target=self._make, name="store-log", daemon=True)
                self._making.start()
        except (OSError, RuntimeError):
            pass  # no log yet, or no memory for a thread: it goes without
        finally:
            self._looking.release()

    def close(self) -> None:
        """Wait for what is being made. Nothing is committed any more, and the turn is free."""
        with self._looking:
            making = self._making
        if making is not None:
            making.join()

    def _is_making(self) -> bool:
        return self._making is not None and self._making.is_alive()

    def _make(self) -> None:
        with suppress(OSError, sqlite3.Error):  # a full disk, or another process writes just now
            log = os.open(self._log, os.O_WRONLY | os.O_CLOEXEC)
            try:
                with self._turn, _alone(self._conn):
                    end = os.fstat(log).st_size
                    os.pwrite(log, bytes(PIECE), end)
                    self._size = end + PIECE
                os.fdatasync(log)  # else the next commit would have to
            finally:
                os.close(log)


@contextmanager
def _alone(conn: sqlite3.Connection) -> Iterator[None]:
    """Nobody else writes to the database inside the block. Raises at once when somebody does."""
    conn.execute("PRAGMA busy_timeout = 0")
    try:
        conn.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            conn.execute("ROLLBACK")
    finally:
        conn.execute(f"PRAGMA busy_timeout = {connection.BUSY_MS}")
