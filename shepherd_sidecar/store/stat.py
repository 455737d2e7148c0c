"""How much the store holds, and where the space goes.

Layer: store. Keeps: asking again costs what was added since: sums are kept beside the rows they
cover, and forgotten whenever something is removed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.store import schema
from shepherd_sidecar.store.commits import PACKED
from shepherd_sidecar.store.findings import paged
from shepherd_sidecar.store.layout import DATABASE, OBJECTS, WORLDS
from shepherd_sidecar.store.store import Store

_HEADER: Final = 18
"""Bytes of a compressed frame in which its size stands."""


@dataclass(frozen=True, slots=True)
class Stat:
    """Counts, and sizes in bytes."""

    schema: int
    runs: int
    branches: int
    commits: int
    blobs: int
    trees: int
    database_bytes: int
    """The database with its log."""
    object_file_bytes: int
    """Objects outside the database, as they are on the disk."""
    world_bytes: int
    """Live worlds, as they are on the disk."""
    payload_bytes: int
    """Payloads and blobs before compression."""


def stat(store: Store) -> Stat:
    """Counts and sizes as they are now."""
    with store.reading() as conn:
        runs, branches, commits, objects, trees = (
            conn.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
            for what in ("runs", "branches", "commits", "objects", "objects WHERE kind = 1")
        )
        cared = _cared(conn)
        sums = {what: _sum(conn, what) for what in ("commits", "objects")}
    _remember(store, sums, cared)
    return Stat(
        schema=schema.VERSION,
        runs=runs,
        branches=branches,
        commits=commits,
        blobs=objects - trees,
        trees=trees,
        database_bytes=database_bytes(store.root),
        object_file_bytes=disk_bytes(store.root / OBJECTS),
        world_bytes=disk_bytes(store.root / WORLDS),
        payload_bytes=sum(found[1] for found in sums.values()),
    )


def database_bytes(root: Path) -> int:
    """Size of the database with its log."""
    total = 0
    for suffix in ("", "-wal", "-shm"):
        try:
            total += (root / f"{DATABASE}{suffix}").stat().st_size
        except FileNotFoundError:
            continue
    return total


def disk_bytes(folder: Path) -> int:
    """What the files below a folder take on the disk. What is mounted there is not looked into."""
    total, linked = 0, set[tuple[int, int]]()
    if not folder.is_dir():
        return 0
    for entry in _below(str(folder), os.stat(folder).st_dev):
        found = entry.stat(follow_symlinks=False)
        if found.st_nlink > 1:
            if (found.st_dev, found.st_ino) in linked:
                continue
            linked.add((found.st_dev, found.st_ino))
        total += found.st_blocks * 512
    return total


def forget_sums(conn: sqlite3.Connection) -> None:
    """Rows were removed: what was summed up does not hold any more."""
    conn.execute("DELETE FROM totals")


def _below(folder: str, device: int) -> Iterator[os.DirEntry[str]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return  # it went away, or is not ours to look into
    for entry in entries:
        try:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.stat(follow_symlinks=False).st_dev == device:
                yield from _below(entry.path, device)
        except OSError:
            continue


def _sum(conn: sqlite3.Connection, what: str) -> tuple[int, int]:
    """Up to which row, and how many bytes: as noted, and what came since."""
    row = conn.execute("SELECT upto, bytes FROM totals WHERE what = ?", (what,)).fetchone()
    upto, total = row or (0, 0)
    columns = (
        f"seq, flags, length(payload), substr(payload, 1, {_HEADER})"
        if what == "commits"
        else "seq, kind, size, NULL"
    )
    for seq, mark, length, head in paged(conn, what, columns, upto):
        upto = seq
        if what == "objects":
            total += length if mark == 0 else 0
        elif length is not None:
            total += _frame_bytes(head, length) if mark & PACKED else length
    return upto, total


def _frame_bytes(head: bytes, stored: int) -> int:
    try:
        size = zstandard.frame_content_size(head)
    except zstandard.ZstdError:
        return stored
    return size if size >= 0 else stored


def _cared(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(max(seq), 0) FROM care").fetchone()[0])


def _remember(store: Store, sums: dict[str, tuple[int, int]], cared: int) -> None:
    def work(conn: sqlite3.Connection) -> None:
        if _cared(conn) != cared:
            return  # something was removed meanwhile
        conn.executemany(
            "INSERT OR REPLACE INTO totals(what, upto, bytes) VALUES (?, ?, ?)",
            [(what, *found) for what, found in sums.items()],
        )

    try:
        store.write(lambda tx: work(tx.conn))
    except ShepherdError:
        return  # a store that cannot be written can be measured all the same
