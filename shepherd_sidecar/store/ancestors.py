"""The nearest common ancestor of two commits: what a merge compares both sides with.

Layer: store. Says the same as ``trace/merge_base.py``, without reading whole histories: it walks
back from both sides, newest row first, and stops when nothing is left but what lies below a
common ancestor. Its cost follows what was done since.
"""

from __future__ import annotations

import heapq
import sqlite3
from typing import Final

from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node

_LEFT: Final = 1
_RIGHT: Final = 2
_BELOW: Final = 4
"""An ancestor of a common ancestor."""


def merge_base(conn: sqlite3.Connection, onto: Node, other: Node) -> Node | None:
    """The commit to merge from, or None when nothing is common; see ``trace/merge_base.py``."""
    found = nearest_common(conn, onto, other)
    if not found:
        return None

    def rank(node: Node) -> tuple[int, int, bytes]:
        placed = node.depth if commits.on_log(conn, node, onto) else -1
        return -placed, -node.depth, node.id

    return min(found, key=rank)


def nearest_common(conn: sqlite3.Connection, left: Node, right: Node) -> list[Node]:
    """The common ancestors that are no ancestors of another one.

    Parents have smaller rows than their children, so whoever is looked at newest first is
    reached from all its descendants before it is judged.
    """
    marks = {left.seq: _LEFT}
    marks[right.seq] = marks.get(right.seq, 0) | _RIGHT
    waiting = [-seq for seq in marks]
    heapq.heapify(waiting)
    open_ones = len(waiting)
    found = []
    while waiting and open_ones:
        node = commits.get(conn, -heapq.heappop(waiting))
        mark = marks.pop(node.seq)
        if not mark & _BELOW:
            open_ones -= 1
            if mark == _LEFT | _RIGHT:
                found.append(node)
                mark |= _BELOW
        for parent in (node.parent, node.second):
            if parent is None:
                continue
            known = marks.get(parent)
            if known is None:
                heapq.heappush(waiting, -parent)
            marks[parent] = (known or 0) | mark
            was_open = known is not None and not known & _BELOW
            is_open = not marks[parent] & _BELOW
            open_ones += is_open - was_open
    return found
