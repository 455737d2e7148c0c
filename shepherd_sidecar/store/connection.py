"""Connections to the database, and what its errors mean to a user.

Layer: store. Keeps: an acknowledged write is on the disk (WAL, ``synchronous=FULL``).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shepherd_sidecar.errors import (
    ShepherdError,
    StoreCorrupt,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
)
from shepherd_sidecar.store.layout import DATABASE, NO_ROOM

BUSY_MS = 10_000
WAL_LIMIT_BYTES = 16 * 1024 * 1024
CACHE_KIB = 1024
INCREMENTAL = 2
"""``PRAGMA auto_vacuum``: space that is free goes back to the disk when gc says so."""
_UNSHARED = (
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_IOERR_SHMLOCK,
    sqlite3.SQLITE_IOERR_LOCK,
)
"""What file systems answer that know no shared memory or no locks: FAT by FUSE, some networks'."""


def connect(root: Path) -> sqlite3.Connection:
    """Open the database of a store, in autocommit mode, usable from any one thread at a time."""
    path = root / DATABASE
    with translated(path):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        conn = sqlite3.connect(_uri(path), uri=True, isolation_level=None, check_same_thread=False)
        try:
            conn.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            conn.execute("PRAGMA synchronous = FULL")
            conn.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
            conn.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            conn.execute("PRAGMA temp_store = MEMORY")
            conn.execute("PRAGMA secure_delete = ON")  # nothing removed stays readable in a page
        except BaseException:
            conn.close()
            raise
        return conn


def _uri(path: Path) -> str:
    """How to open the database where it may be written, and where it may only be read.

    SQLite reads a database with a log only when it can make the log's index, or when it is told
    that nobody writes: which is so where there is no log and none can be made.
    """
    name = path.as_uri()
    if os.access(path.parent, os.W_OK):
        return name
    log = path.with_name(f"{path.name}-wal")
    return f"{name}?mode=ro" if log.exists() else f"{name}?immutable=1"


def rewrite(conn: sqlite3.Connection) -> None:
    """Write the whole database anew, without free space. Other writers wait meanwhile."""
    conn.execute("PRAGMA temp_store = FILE")  # what is rewritten need not fit into memory
    try:
        conn.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")
        conn.execute("VACUUM")
    finally:
        conn.execute("PRAGMA temp_store = MEMORY")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the database's and the disk's errors into ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise ours(error, path) from error


def ours(error: sqlite3.Error | OSError, path: Path) -> ShepherdError:
    """The error of ours for one of the database's or the disk's."""
    return translate(error, path) if isinstance(error, sqlite3.Error) else _from_errno(error, path)


def translate(error: sqlite3.Error, path: Path) -> ShepherdError:
    """The error of ours that says what a user can do about one of SQLite's."""
    where = str(path)
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _UNSHARED:
        return StoreReadOnly(
            f"this file system cannot hold a store: processes cannot share it ({error})",
            hint="name a store on another disk with --store or $SHEPHERD_STORE",
            path=where,
        )
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(f"another process held the lock for {BUSY_MS // 1000} s", path=where)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreReadOnly(f"the database cannot be written: {error}", path=where)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StoreFull(f"the disk refused the write: {error}", path=where)
        case sqlite3.SQLITE_NOTADB:
            return StoreCorrupt(
                "this is no database, or not one byte of its head is left",
                hint="put back a copy, or move it away: a new one is made,"
                " and `shepherd-sidecar import` takes in what was exported",
                path=where,
                problems=[],
            )
        case sqlite3.SQLITE_CORRUPT:
            return StoreCorrupt(f"the database is damaged: {error}", path=where, problems=[])
        case _:
            return StoreCorrupt(f"the database failed: {error}", path=where, problems=[])


def _from_errno(error: OSError, path: Path) -> ShepherdError:
    where = str(error.filename or path)
    if error.errno in NO_ROOM:
        return StoreFull(f"the disk refused the write: {error.strerror}", path=where)
    return StoreReadOnly(f"the store cannot be used: {error.strerror}", path=where)
