"""Payloads as they are kept: packed, moved out, or with their lists elsewhere.

Layer: store. The hashed event always has the whole payload; this is where the two meet.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

import orjson
import zstandard

from shepherd_sidecar.errors import PayloadForgotten, StoreCorrupt
from shepherd_sidecar.store import commits, lists, objects
from shepherd_sidecar.store.commits import GONE, PACKED, Node
from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.events import frame
from shepherd_sidecar.trace.ids import Id, digest

LISTED: Final = ("messages", "tools")
"""Members of a model call that are kept as lists of blobs."""

UNKNOWN: Final = bytes(32)
"""In place of an event's id, when the event was damaged and set aside."""

_UNREADABLE: Final = (zstandard.ZstdError, ValueError, TypeError, AttributeError)


def read(conn: sqlite3.Connection, root: Path, node: Node) -> dict[str, Any]:
    """The whole payload of a commit's event.

    Raises:
        PayloadForgotten: it was removed.
        StoreCorrupt: what is kept cannot be read.
    """
    stored, listed = _columns(conn, root, node)
    try:
        return _whole(conn, stored, listed)
    except _UNREADABLE as error:
        raise damaged(node, str(error)) from error


def canonical_bytes(conn: sqlite3.Connection, root: Path, node: Node) -> bytes:
    """Canonical bytes of the whole payload. Raises as ``read`` does."""
    stored, listed = _columns(conn, root, node)
    if not listed:
        return stored
    try:
        return encode(_whole(conn, stored, listed))
    except _UNREADABLE as error:
        raise damaged(node, str(error)) from error


def event_digest(conn: sqlite3.Connection, root: Path, node: Node) -> bytes:
    """The id of a commit's event, recomputed; as it was noted when the payload was forgotten."""
    if node.flags & GONE:
        row = conn.execute(
            "SELECT event FROM forgotten WHERE commit_seq = ?", (node.seq,)
        ).fetchone()
        return bytes(row[0])
    intent = commits.get(conn, node.intent).hex if node.intent is not None else None
    return digest_of(node, intent, canonical_bytes(conn, root, node))


def digest_of(node: Node, intent: Id | None, payload: bytes) -> bytes:
    """The id of a commit's event from its canonical payload."""
    return digest("event", frame(node.kind, node.effect, intent, payload))


def damaged(node: Node, why: str) -> StoreCorrupt:
    """What is kept of a commit is not what was recorded."""
    problem = {"what": "hash", "where": node.hex, "detail": why}
    return StoreCorrupt(f"commit {node.hex} is damaged: {why}", problems=[problem])


def _whole(conn: sqlite3.Connection, stored: bytes, listed: dict[str, int]) -> dict[str, Any]:
    payload: dict[str, Any] = orjson.loads(stored)
    for member, at in listed.items():
        payload[member] = [{"$blob": name} for name in lists.ids(conn, at)]
    return payload


def _columns(conn: sqlite3.Connection, root: Path, node: Node) -> tuple[bytes, dict[str, int]]:
    if node.flags & GONE:
        raise PayloadForgotten(f"the payload of {node.hex} was forgotten", commit=node.hex)
    stored, external, listed = conn.execute(
        "SELECT payload, external, lists FROM commits WHERE seq = ?", (node.seq,)
    ).fetchone()
    try:
        if external is not None:
            data = objects.read_seq(conn, root, external)
        else:
            data = objects.unpack_frame(stored) if node.flags & PACKED else bytes(stored)
        return data, orjson.loads(listed) if listed else {}
    except _UNREADABLE as error:
        raise damaged(node, str(error)) from error
