"""Forgetting: a payload or a blob is removed, its hash stays.

Layer: store. Keeps: afterwards the bytes are in no row, no free page, no log and no object file
of the store, and every id can still be checked. Not covered, because the store does not own
them: live worlds, files of the workspace, exports, copies of the disk's own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from shepherd_sidecar.errors import BlobMissing, StoreLocked
from shepherd_sidecar.store import caring, commits, connection, objects, payloads, stat
from shepherd_sidecar.store.commits import COLUMNS, GONE, HAS_REFS, PACKED, Node
from shepherd_sidecar.store.findings import paged
from shepherd_sidecar.store.layout import DATABASE
from shepherd_sidecar.store.objects import FILE, FILE_ZSTD, FORGOTTEN
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id

_SAMPLE: Final = 24
_TELLING: Final = 8
"""A shorter sample would be found by chance."""
_SAMPLES: Final = 32
_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class _Gone:
    """What was removed, to be made sure of."""

    copies: int = 0
    samples: list[bytes] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def forget_event(store: Store, commit: Id, reason: str | None) -> int:
    """Remove a commit's payload, in every commit of the same event; how many copies went.

    Messages of a model call are blobs of their own, shared with the calls before and after:
    they stay.

    Raises:
        UnknownCommit: there is no such commit.
        StoreLocked: somebody else looks after the store, or its log cannot be cut: another
            process reads an older state. The payload is forgotten; do it again to be sure.
    """
    with caring.alone(store.root):
        with store.reading() as conn:
            node = commits.need(conn, commit)
            same, upto = _same_event(conn, store.root, node, 0, [])
        gone = store.write(partial(_forget_commits, node, same, upto, reason))
        _make_sure(store, gone)
        return gone.copies


def forget_blob(store: Store, blob: Id, reason: str | None) -> int:
    """Remove a blob, and the payloads that are kept as it; how many copies went.

    Raises:
        BlobMissing: there is no such blob.
        StoreLocked: as for ``forget_event``.
    """
    with caring.alone(store.root):
        gone = store.write(partial(_forget_blob, blob, reason))
        _make_sure(store, gone)
        return gone.copies


def _same_event(
    conn: sqlite3.Connection, root: Path, node: Node, after: int, found: list[int]
) -> tuple[list[int], int]:
    """The commits of the same event with rows after ``after``, and the last row looked at."""
    event = payloads.event_digest(conn, root, node)
    found, last = list(found), after
    for row in paged(conn, "commits", COLUMNS, after):
        other = Node._make(row)
        last = other.seq
        if (
            other[6:8] == node[6:8]
            and other.intent == node.intent
            and not other.flags & GONE
            and (other.seq == node.seq or payloads.event_digest(conn, root, other) == event)
        ):
            found.append(other.seq)
    return found, last


def _forget_commits(node: Node, same: list[int], upto: int, reason: str | None, tx: Tx) -> _Gone:
    gone = _Gone()
    same, _ = _same_event(tx.conn, tx.root, node, upto, same)
    for seq in same:
        _forget_commit(tx, seq, reason, gone)
    caring.note(tx.conn, tx.now, "forget", {"commit": node.hex, "copies": gone.copies})
    stat.forget_sums(tx.conn)
    return gone


def _forget_commit(tx: Tx, seq: int, reason: str | None, gone: _Gone) -> None:
    node = commits.get(tx.conn, seq)
    event = payloads.event_digest(tx.conn, tx.root, node)
    size = len(payloads.canonical_bytes(tx.conn, tx.root, node))
    stored, external = tx.conn.execute(
        "SELECT payload, external FROM commits WHERE seq = ?", (seq,)
    ).fetchone()
    tx.conn.execute(
        "UPDATE commits SET payload = NULL, external = NULL, lists = NULL, flags = ? WHERE seq = ?",
        ((node.flags | GONE) & ~(PACKED | HAS_REFS), seq),
    )
    tx.conn.execute(
        "INSERT INTO forgotten(commit_seq, event, size, at, reason) VALUES (?, ?, ?, ?, ?)",
        (seq, event, size, tx.now, reason),
    )
    gone.copies += 1
    if stored is not None:
        gone.samples += _samples(bytes(stored))
    if external is not None:
        others = tx.conn.execute("SELECT 1 FROM commits WHERE external = ?", (external,))
        if others.fetchone() is None:
            _forget_object(tx, external, gone)


def _forget_blob(blob: Id, reason: str | None, tx: Tx) -> _Gone:
    seq = objects.find(tx.conn, "blob", bytes.fromhex(blob))
    if seq is None:
        raise BlobMissing(f"the store has no blob {blob}", hash=blob)
    gone = _Gone()
    kept_as = tx.conn.execute("SELECT seq FROM commits WHERE external = ?", (seq,)).fetchall()
    for (commit,) in kept_as:
        _forget_commit(tx, commit, reason, gone)
    _forget_object(tx, seq, gone)
    detail = {"blob": blob, "copies": gone.copies, "reason": reason}
    caring.note(tx.conn, tx.now, "forget", detail)
    stat.forget_sums(tx.conn)
    return gone


def _forget_object(tx: Tx, seq: int, gone: _Gone) -> None:
    name, codec, data = tx.conn.execute(
        "SELECT id, codec, data FROM objects WHERE seq = ?", (seq,)
    ).fetchone()
    gone.files += [objects.file_of(tx.root, name, written) for written in (FILE, FILE_ZSTD)]
    if codec == FORGOTTEN:
        return
    if data is not None:
        gone.samples += _samples(bytes(data))
    tx.conn.execute("UPDATE objects SET codec = ?, data = NULL WHERE seq = ?", (FORGOTTEN, seq))
    gone.copies += 1


def _make_sure(store: Store, gone: _Gone) -> None:
    """No byte of it is left in the store's files."""
    for file in gone.files:
        file.unlink(missing_ok=True)
    if not caring.truncate_log(store, connection.BUSY_MS):
        raise StoreLocked(
            "forgotten, but another process still reads an older state of the database's log",
            hint="end what reads for so long, and forget it again",
            path=str(store.root),
        )
    # What was removed is overwritten, but a page may hold an old copy of a row that moved away.
    # Without a sample (it was removed before) there is no telling.
    if not gone.copies or _any_in(store.root / DATABASE, gone.samples):
        with store.reading() as conn:
            connection.rewrite(conn)
        caring.truncate_log(store, connection.BUSY_MS)


def _samples(stored: bytes) -> Iterator[bytes]:
    """Pieces from all over the bytes as they were stored."""
    step = max(_SAMPLE, len(stored) // _SAMPLES)
    for start in range(0, len(stored), step):
        yield stored[start : start + _SAMPLE]


def _any_in(file: Path, samples: Iterable[bytes]) -> bool:
    wanted = [sample for sample in set(samples) if len(sample) >= _TELLING]
    before = b""
    with file.open("rb") as database:
        while chunk := database.read(_CHUNK):
            window = before + chunk
            if any(sample in window for sample in wanted):
                return True
            before = window[-_SAMPLE:]
    return False
