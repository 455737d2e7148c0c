"""Entries: commits as readers see them, with what the reflog knows.

Layer: engine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from shepherd_sidecar.engine.prepare import rfc3339
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.common import Entry, Usage
from shepherd_sidecar.store import branches, commits, objects, payloads, reflog
from shepherd_sidecar.store.commits import GONE, OWN_TREE, Node
from shepherd_sidecar.trace.commits import commit_bytes
from shepherd_sidecar.trace.ids import Id, digest, is_id

_TOLD: Final = 64 * 1024
"""Canonical bytes of a payload that is looked into to say what it is about."""


def entry(
    conn: sqlite3.Connection,
    root: Path,
    node: Node,
    max_payload: int | None = None,
    row: reflog.Row | None = None,
    ids: dict[int, Id] | None = None,
    *,
    about: bool = False,
) -> Entry:
    """One entry. ``row`` is the reflog's row it is told for; the commit's first when omitted.

    ``max_payload`` (canonical bytes) leaves longer payloads out; None leaves out none. ``ids``
    remembers the ids of commits from one entry of a page to the next. ``about``: with what it is
    about, which may take a look at its intent.

    Raises:
        StoreCorrupt: what is kept does not hash to the commit's id; nothing of it is given out.
    """
    if row is None:
        row = reflog.get(conn, node.logged)
    ids = {} if ids is None else ids
    ids[node.seq] = node.hex
    intent = _id(conn, node.intent, ids) if node.intent is not None else None
    parents = [_id(conn, seq, ids) for seq in (node.parent, node.second) if seq]
    own = node.flags & OWN_TREE and node.world is not None
    tree = objects.id_of(conn, node.world) if own and node.world is not None else None
    payload, size, gone = None, None, None
    looked: Any = None
    if node.flags & GONE:
        gone = True
        event = payloads.event_digest(conn, root, node)
    else:
        data = payloads.canonical_bytes(conn, root, node)
        event = payloads.digest_of(node, intent, data)
        if digest("commit", commit_bytes(parents, event.hex(), tree)) != node.id:
            raise payloads.damaged(node, "its content does not hash to the id")
        if max_payload is None or len(data) <= max_payload:
            payload = orjson.loads(data)
        else:
            size = len(data)
            looked = orjson.loads(data) if about and size <= _TOLD else None
    whole = looked if payload is None else payload
    said, stands_out = None, None
    if about:
        from shepherd_sidecar.engine import summary  # a start does not wait for it

        call = asked(conn, root, node)
        said = "(forgotten)" if gone else summary.about(node.kind, whole, size or 0, call)
        stands_out = summary.flag(node.kind, whole)
    return Entry(
        commit=node.hex,
        parents=parents,
        kind=node.kind,
        effect=node.effect,
        event=event.hex(),
        depth=node.depth,
        intent=intent,
        tree=tree,
        payload=payload,
        payload_size=size,
        forgotten=gone,
        branch=branches.name_of(conn, row.branch) if row else None,
        at=rfc3339(row.at) if row else None,
        usage=_usage(row.usage) if row else None,
        client_id=row.client_id if row else None,
        about=said,
        flag=stands_out,
    )


def asked(conn: sqlite3.Connection, root: Path, node: Node) -> dict[str, Any] | None:
    """The payload of the tool call that a commit answers or rules."""
    call = commits.get(conn, node.intent) if node.intent is not None else None
    if call is None or call.kind != "tool_call" or call.flags & GONE:
        return None
    return payloads.read(conn, root, call)


def _id(conn: sqlite3.Connection, seq: int, known: dict[int, Id]) -> Id:
    found = known.get(seq)
    if found is None:
        found = known[seq] = commits.get(conn, seq).hex
    return found


def resolve(conn: sqlite3.Connection, name: str) -> Node:
    """The commit that a branch name or a commit id means.

    A name is tried first when it is not spelt as an id.

    Raises:
        UnknownBranch, UnknownCommit.
    """
    if is_id(name):
        return commits.need(conn, name)
    return commits.get(conn, branches.need(conn, name).head)


def one_of(given: Sequence[tuple[str, object]]) -> None:
    """Refuse unless exactly one of these members is given."""
    present = [name for name, value in given if value not in (None, False)]
    if len(present) != 1:
        names = ", ".join(name for name, _ in given)
        raise InvalidParams.at("$", f"give exactly one of {names}")


def _usage(text: str | None) -> Usage | None:
    if text is None:
        return None
    value = orjson.loads(text)
    return Usage(
        input_tokens=value.get("inputTokens"),
        output_tokens=value.get("outputTokens"),
        cached_tokens=value.get("cachedTokens"),
        cost_usd=value.get("costUsd"),
        duration_ms=value.get("durationMs"),
    )


def usage_dict(usage: Usage | None) -> dict[str, int | float] | None:
    """A usage as the reflog keeps it."""
    if usage is None:
        return None
    pairs = (
        ("inputTokens", usage.input_tokens),
        ("outputTokens", usage.output_tokens),
        ("cachedTokens", usage.cached_tokens),
        ("costUsd", usage.cost_usd),
        ("durationMs", usage.duration_ms),
    )
    return {name: value for name, value in pairs if value is not None} or None
