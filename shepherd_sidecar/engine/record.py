"""Recording: prepared events become commits at the head of a branch.

Layer: engine. Runs inside a write transaction. Keeps the store well-formed: blobs that are
named are present, an outcome answers an open intent of its kind on its own path, a denied
intent has no outcome but ``denied``, the same client id never makes two commits.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from shepherd_sidecar.engine.prepare import Prepared
from shepherd_sidecar.errors import (
    BlobMissing,
    ClientIdConflict,
    HeadMoved,
    IntentAlreadyResolved,
    IntentDenied,
    InvalidParams,
    UnknownCommit,
    UnknownIntent,
)
from shepherd_sidecar.store import commits, heads, lists, objects, payloads, reflog
from shepherd_sidecar.store.commits import (
    EFFECT_NUMBER,
    GONE,
    HAS_REFS,
    KIND_NUMBER,
    OWN_TREE,
    PACKED,
    Node,
)
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.commits import commit_bytes
from shepherd_sidecar.trace.events import INTENT_OF, frame
from shepherd_sidecar.trace.ids import Id, digest

_NEWEST: Final = "newest commit"
_STRIDES: Final = "strides"


def expect_head(head: Head, expected: Id | None) -> None:
    """Refuse to go on when the branch stands elsewhere.

    Raises:
        HeadMoved: with the head as it is.
    """
    if expected is not None and expected != head.id:
        raise HeadMoved(
            f"{head.branch.name!r} stands at {head.id}, not at {expected}",
            head=head.id,
            expected=expected,
        )


def append(
    tx: Tx,
    head: Head,
    event: Prepared,
    author: str,
    *,
    tree: int | None = None,
    second: Node | None = None,
) -> Node:
    """Add one event at the head of a branch; returns its commit.

    ``tree`` is the row of the workspace's tree as it now is. ``second`` is the other parent
    of a merge.

    Raises:
        UnknownIntent, IntentAlreadyResolved, IntentDenied, ClientIdConflict, BlobMissing:
            nothing was changed.
    """
    if event.client_id is not None:
        known = reflog.by_client(tx.conn, head.branch.seq, event.client_id)
        if known is not None:
            return _repeated(tx, head, _still_here(tx, known, event), event)
    intent = _intent_of(tx, head, event)
    for ref in event.refs:
        if objects.find(tx.conn, "blob", bytes.fromhex(ref)) is None:
            raise BlobMissing(f"the payload refers to blob {ref}, which is not here", hash=ref)
    node = insert(tx, head.node, event, intent, tree=tree, second=second)
    heads.log(tx, head, node, "append", author, event.client_id, event.usage, event.at)
    return node


def insert(
    tx: Tx,
    parent: Node | None,
    event: Prepared,
    intent: Node | None,
    *,
    tree: int | None = None,
    second: Node | None = None,
) -> Node:
    """The commit of ``event`` after ``parent``: found when it exists, made when it does not."""
    name = digest(
        "event", frame(event.kind, event.effect, intent.hex if intent else None, event.payload)
    )
    parents = [node.hex for node in (parent, second) if node is not None]
    tree_name = objects.id_of(tx.conn, tree) if tree is not None else None
    commit = digest("commit", commit_bytes(parents, name.hex(), tree_name))
    # Only the newest commit of the store surely has no child: elsewhere it may be here already.
    if parent is None or tx.cache.get(_NEWEST) != parent.seq:
        found = commits.find(tx.conn, commit)
        if found is not None:
            if not found.logged:  # gc had begun to remove it
                commits.tell(tx.conn, found.seq, heads.next_row(tx))
                found = commits.get(tx.conn, found.seq)
            return found
    for blob in event.blobs:
        objects.insert(tx.conn, blob)
    flags = (OWN_TREE if tree is not None else 0) | (HAS_REFS if event.refs else 0)
    data, external, codec = event.kept if event.kept is not None else event.payload, None, 0
    if len(data) >= objects.FILE_FROM:
        external = objects.insert(tx.conn, objects.prepare(tx.root, "blob", data))
        stored = None
    else:
        codec, stored = objects.pack(data)
    node = commits.insert(
        tx.conn,
        heads.next_row(tx, "commits"),
        commit,
        parent,
        second.seq if second is not None else None,
        KIND_NUMBER[event.kind],
        EFFECT_NUMBER[event.effect],
        flags | (PACKED if codec == objects.ZSTD else 0),
        intent.seq if intent is not None else None,
        tree if tree is not None else (parent.world if parent is not None else None),
        heads.next_row(tx),
        _list_column(tx, event),
        external,
        stored,
        tx.cache.setdefault(_STRIDES, {}),
    )
    tx.cache[_NEWEST], tx.cache["commits"] = node.seq, node.seq + 1
    return node


def check_open(tx: Tx, head: Head, intent: Node) -> None:
    """Refuse an outcome for an intent that has one on this path.

    Raises:
        IntentDenied: the outcome is ``denied``.
        IntentAlreadyResolved: it is another.
    """
    for node in commits.naming(tx.conn, intent.seq):
        if node.kind not in INTENT_OF or not commits.on_log(tx.conn, node, head.node):
            continue
        payload = {} if node.flags & GONE else payloads.read(tx.conn, tx.root, node)
        if payload.get("status") == "denied":
            raise IntentDenied(
                f"intent {intent.hex} was denied: {payload.get('reason')}",
                intent=intent.hex,
                outcome=node.hex,
            )
        raise IntentAlreadyResolved(
            f"intent {intent.hex} has the outcome {node.hex}", intent=intent.hex, outcome=node.hex
        )


def find_intent(tx: Tx, head: Head, event: Prepared) -> Node | None:
    """The intent that an outcome names, wherever it is; None when there is none."""
    if event.intent is not None:
        return commits.find(tx.conn, bytes.fromhex(event.intent))
    if event.intent_client_id is not None:
        seq = reflog.by_client(tx.conn, head.branch.seq, event.intent_client_id)
        return commits.get(tx.conn, seq) if seq is not None else None
    return None


def _intent_of(tx: Tx, head: Head, event: Prepared) -> Node | None:
    named = event.intent or event.intent_client_id
    if named is None:
        return None
    intent = find_intent(tx, head, event)
    if intent is None or not commits.on_log(tx.conn, intent, head.node):
        raise UnknownIntent(f"no intent {named} on {head.branch.name!r}", intent=named)
    wanted = INTENT_OF.get(event.kind)
    if wanted is not None:
        if intent.kind != wanted:
            raise UnknownIntent(
                f"a {event.kind} answers a {wanted}; {named} is a {intent.kind}", intent=named
            )
        check_open(tx, head, intent)
    return intent


def _still_here(tx: Tx, seq: int, event: Prepared) -> Node:
    try:
        return commits.get(tx.conn, seq)
    except UnknownCommit:
        raise ClientIdConflict(
            f"clientId {event.client_id!r} is a commit that a rewind cut off and gc removed",
            hint="after a rewind new events need new clientIds",
        ) from None


def _repeated(tx: Tx, head: Head, node: Node, event: Prepared) -> Node:
    if not commits.on_log(tx.conn, node, head.node):
        # Its verdict stands on the tail: here it would look as if nobody had objected.
        raise ClientIdConflict(
            f"clientId {event.client_id!r} is commit {node.hex}, which a rewind cut off",
            hint="after a rewind new events need new clientIds",
            commit=node.hex,
        )
    intent = commits.get(tx.conn, node.intent).hex if node.intent is not None else None
    named = event.intent if event.intent_client_id is None else intent
    same = payloads.event_digest(tx.conn, tx.root, node) == digest(
        "event", frame(event.kind, event.effect, named, event.payload)
    )
    if not same:
        raise ClientIdConflict(
            f"clientId {event.client_id!r} is commit {node.hex}, which says something else",
            commit=node.hex,
        )
    return node


def _list_column(tx: Tx, event: Prepared) -> str | None:
    if not event.lists:
        return None
    column: dict[str, Any] = {}
    for member, names in event.lists.items():
        rows = []
        for name in names:
            row = objects.find(tx.conn, "blob", bytes.fromhex(name))
            if row is None:
                raise InvalidParams(f"$.payload.{member}: blob {name} is not here")
            rows.append(row)
        column[member] = lists.extend(tx.conn, rows)
    return orjson.dumps(column).decode()
