"""Looking after the whole store: one at a time, and written down.

Layer: store. Verify, gc, forget, export and import exclude one another, in all processes.
Recording goes on meanwhile, so what they look at only grows.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from shepherd_sidecar.errors import StoreLocked, StoreReadOnly
from shepherd_sidecar.store.layout import OBJECTS
from shepherd_sidecar.store.store import Store


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Nobody else looks after the store for the length of the block.

    Raises:
        StoreLocked: somebody does. Nothing is waited for: it may take minutes.
    """
    path = root / OBJECTS
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StoreReadOnly(f"{path} cannot be opened: {error.strerror}", path=str(path)) from error
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreLocked(
                "another verify, gc, forget, export or import is at work on this store",
                hint="wait until it has finished and try again",
                path=str(root),
            ) from None
        yield
    finally:
        os.close(fd)


def note(conn: sqlite3.Connection, at: int, what: str, detail: dict[str, Any]) -> None:
    """Write down what was done to the store as a whole."""
    conn.execute(
        "INSERT INTO care(at, what, detail) VALUES (?, ?, ?)",
        (at, what, orjson.dumps(detail).decode()),
    )


def truncate_log(store: Store, wait_ms: int = 200) -> bool:
    """Fold the database's log into the database and cut it to nothing; whether that was possible.

    It is not while another process reads an older state for longer than ``wait_ms``.
    """
    with store.reading() as conn:
        before = conn.execute("PRAGMA busy_timeout").fetchone()[0]
        conn.execute(f"PRAGMA busy_timeout = {wait_ms}")
        try:
            busy = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            conn.execute(f"PRAGMA busy_timeout = {before}")
    return not busy
