"""Where the cursor goes: along the log of a branch, back and forth.

Layer: dap. Nothing here writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shepherd_sidecar.dap.breakpoints import Breakpoint, matching_node
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.events import OUTCOME_OF

_PAGE: Final = 1_000
_TURNS: Final = frozenset(("message", "model_call", "run_start"))


def onto(conn: sqlite3.Connection, node: Node, head: Node) -> Node:
    """The node, or where a log that was rewound meanwhile left it."""
    return (
        node if commits.on_log(conn, node, head) else commits.fork_point(conn, node, head) or head
    )


def into(conn: sqlite3.Connection, node: Node, head: Node) -> Node | None:
    """The next event; None at the end."""
    return commits.at_depth(conn, head, node.depth + 1) if node.depth < head.depth else None


def over(conn: sqlite3.Connection, node: Node, head: Node) -> Node | None:
    """From an intent to its outcome, past what happened inside; else the next event."""
    if node.kind in OUTCOME_OF:
        for answer in commits.naming(conn, node.seq):
            if answer.kind == OUTCOME_OF[node.kind] and commits.on_log(conn, answer, head):
                return answer
    return into(conn, node, head)


def out(conn: sqlite3.Connection, node: Node, head: Node) -> Node | None:
    """The beginning of the next turn, or the end; None at the end."""
    if node.depth >= head.depth:
        return None
    for one in _between(conn, node, head):
        if one.kind in _TURNS:
            return one
    return head


def back(conn: sqlite3.Connection, node: Node) -> Node | None:
    """The event before; None at the beginning."""
    return commits.get(conn, node.parent) if node.parent is not None else None


def forward_to(
    conn: sqlite3.Connection, root: Path, node: Node, end: Node, at: Sequence[Breakpoint]
) -> tuple[Node, list[int]]:
    """The next event up to ``end`` that a breakpoint matches, or the end; what it matches."""
    if at and node.depth < end.depth:
        for one in _between(conn, node, end):
            hit = matching_node(conn, root, at, one)
            if hit:
                return one, hit
    return end, []


def back_to(
    conn: sqlite3.Connection, root: Path, node: Node, at: Sequence[Breakpoint]
) -> tuple[Node, list[int]]:
    """The last event before that a breakpoint matches, or the beginning; what it matches."""
    first = commits.at_depth(conn, node, 0)
    if not at or node.parent is None:
        return first, []
    start: int | None = node.parent
    while start is not None:
        page = commits.walk(conn, start, _PAGE)
        for one in page:
            hit = matching_node(conn, root, at, one)
            if hit:
                return one, hit
        start = page[-1].parent
    return first, []


def _between(conn: sqlite3.Connection, node: Node, end: Node) -> Iterator[Node]:
    """The commits after ``node`` up to ``end``, oldest first."""
    depth = node.depth
    while depth < end.depth:
        last = commits.at_depth(conn, end, min(depth + _PAGE, end.depth))
        yield from reversed(commits.walk(conn, last.seq, last.depth - depth))
        depth = last.depth
