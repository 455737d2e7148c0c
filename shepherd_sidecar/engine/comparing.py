"""Comparing two logs: what they share, where they part, how their workspaces differ.

Layer: engine.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.entries import entry, resolve
from shepherd_sidecar.engine.tree_reading import file_patches
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.protocol.traces import Aligned, DiffParams, DiffResult, Divergence
from shepherd_sidecar.store import commits, payloads
from shepherd_sidecar.store.commits import GONE, Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.diff import align, first_divergence
from shepherd_sidecar.trace.events import Event
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import tree_diff
from shepherd_sidecar.worlds.capture import tree_reader

MOST: Final = 2_000
"""Entries after the base that are compared on each side: the first ones."""


def diff(store: Store, params: DiffParams) -> DiffResult:
    """Compare two branches or commits. Blocks for long logs."""
    with store.reading() as conn, batch(store) as content:
        heads = [resolve(conn, params.left), resolve(conn, params.right)]
        base = commits.fork_point(conn, *heads)
        left, right = (_after(conn, base, head) for head in heads)
        said = [[_event(conn, store.root, node) for node in side] for side in (left, right)]
        rows = align(*(_names(*side) for side in zip((left, right), said, strict=True)))
        parting = first_divergence(*said)
        changes = tree_diff(
            tree_reader(content), world_tree(conn, heads[0]), world_tree(conn, heads[1])
        )
        return DiffResult(
            left=[entry(conn, store.root, node, 4096, about=params.about) for node in left],
            right=[entry(conn, store.root, node, 4096, about=params.about) for node in right],
            rows=[
                Aligned(left=_hex(left, row.left), right=_hex(right, row.right), same=row.same)
                for row in rows
            ],
            files=file_patches(changes),
            base=base.hex if base is not None else None,
            first_divergence=Divergence(
                path=parting.path,
                left=_hex(left, parting.index),
                right=_hex(right, parting.index),
            )
            if parting is not None
            else None,
        )


def _after(conn: sqlite3.Connection, base: Node | None, head: Node) -> list[Node]:
    """The commits after ``base`` on the log of ``head``, oldest first, at most ``MOST``."""
    first = base.depth + 1 if base is not None else 0
    if head.depth < first:
        return []
    last = commits.at_depth(conn, head, min(head.depth, first + MOST - 1))
    return commits.walk(conn, last.seq, last.depth - first + 1)[::-1]


def _event(conn: sqlite3.Connection, root: Path, node: Node) -> Event | Id:
    """The event of a commit, or only its id when the payload was forgotten."""
    if node.flags & GONE:
        return payloads.event_digest(conn, root, node).hex()
    # Without the intent's id: it differs on every row after the first difference.
    return Event(node.kind, payloads.read(conn, root, node), node.effect)


def _names(nodes: list[Node], events: list[Event | Id]) -> list[str]:
    """What makes each event the same on both sides: what it says, and to which intent."""
    names: dict[int, str] = {}
    for node, event in zip(nodes, events, strict=True):
        name = event.id if isinstance(event, Event) else event
        if node.intent is not None:
            name += names.get(node.intent, str(node.intent))  # or one from before they part
        names[node.seq] = name
    return list(names.values())


def _hex(side: list[Node], index: int | None) -> Id | None:
    return side[index].hex if index is not None and index < len(side) else None
