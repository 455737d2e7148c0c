"""Many small objects in few statements.

Layer: store. A snapshot after a hundred edits adds several hundred objects: asking for each
and adding each on its own takes longer than the commit that makes them durable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

from shepherd_sidecar.store import objects
from shepherd_sidecar.store.objects import DAMAGED, KIND, RAW, ContentKind, New

_AT_ONCE: Final = 200
"""Ids that one question asks for."""


def insert_all(conn: sqlite3.Connection, new: Collection[New]) -> int:
    """Rows for all of this content, as ``objects.insert`` makes them.

    Returns how many bytes of blobs the store did not hold whole before.
    """
    held = _codecs(conn, [one.name for one in new])
    fresh: list[New] = []
    size = 0
    for one in new:
        key = one.name, KIND[one.kind]
        codec = held.get(key)
        if codec is not None and codec != DAMAGED:
            continue
        if codec == DAMAGED or one.data is None:
            objects.insert(conn, one)
        else:
            fresh.append(one)
        held[key] = RAW  # the same may come twice
        size += one.size if one.kind == "blob" else 0
    conn.executemany(
        "INSERT INTO objects(id, kind, codec, size, data) VALUES (?, ?, ?, ?, ?)", map(_row, fresh)
    )
    return size


def held(conn: sqlite3.Connection, kind: ContentKind, names: Collection[bytes]) -> set[bytes]:
    """Which of these digests the store has whole."""
    number = KIND[kind]
    return {
        name
        for (name, kind_number), codec in _codecs(conn, names).items()
        if kind_number == number and codec != DAMAGED
    }


def _codecs(conn: sqlite3.Connection, names: Iterable[bytes]) -> dict[tuple[bytes, int], int]:
    """Digest and kind of each row of these digests, to its codec."""
    found: dict[tuple[bytes, int], int] = {}
    ahead = iter(names)
    while part := [name[:8] for name in islice(ahead, _AT_ONCE)]:
        marks = ",".join("?" * len(part))
        rows = conn.execute(
            f"SELECT id, kind, codec FROM objects WHERE substr(id, 1, 8) IN ({marks})", part
        )
        found.update(((name, kind), codec) for name, kind, codec in rows)
    return found


def _row(new: New) -> tuple[bytes, int, int, int, bytes]:
    assert new.data is not None, "large content is inserted on its own"
    codec, data = objects.pack(new.data)
    return new.name, KIND[new.kind], codec, new.size, data
