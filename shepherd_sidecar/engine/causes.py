"""What led to an event, and what it led to, on one log.

Layer: engine. Causes are what the trace itself says: an outcome's intent, the intent that a
verdict is about, the branch that a merge took in; and, for what an agent chose to do, the last
words before it: the answer of its model, its thought, or the message that it was given.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.events import INTENT_OF, OUTCOME_OF

_NEAR: Final = 256
"""Commits that are looked at to either side."""
_WORDS: Final = frozenset(("model_result", "thought", "message"))
_HEARD: Final = frozenset(("tool_result", "message", "observation"))
"""What a model is told before it is called again."""


def causes(conn: sqlite3.Connection, node: Node) -> list[Node]:
    """What led to an event, the nearest first."""
    found: list[Node] = []
    if node.intent is not None:
        found.append(commits.get(conn, node.intent))
    if node.second is not None:
        found.append(commits.get(conn, node.second))
    if node.parent is not None and not found:
        found += _before(node, commits.walk(conn, node.parent, _NEAR))
    return found


def effects(conn: sqlite3.Connection, node: Node, head: Node) -> list[Node]:
    """What an event led to on the log of ``head``, the nearest first."""
    if not commits.on_log(conn, node, head):
        return []
    last = commits.at_depth(conn, head, min(head.depth, node.depth + _NEAR))
    after = commits.walk(conn, last.seq, last.depth - node.depth)[::-1]
    path = [*commits.walk(conn, node.seq, _NEAR)[::-1], *after]
    start = len(path) - len(after)
    found = []
    for at, later in enumerate(after, start):
        if later.intent is not None or later.second is not None:
            named = node.seq in (later.intent, later.second)
        else:
            named = node in _before(later, path[max(at - _NEAR, 0) : at][::-1])
        if named:
            found.append(later)
    return found


def _before(node: Node, older: list[Node]) -> list[Node]:
    """The causes of what names none, among the commits before it, newest first."""
    if node.kind == "tool_call":
        return [next(iter(one for one in older if one.kind in _WORDS), older[0])] if older else []
    if node.kind in OUTCOME_OF:
        heard = []
        for one in older:
            if one.kind in OUTCOME_OF and one.kind == node.kind:
                break
            if one.kind in _HEARD:
                heard.append(one)
        return heard or older[:1]
    if node.kind in INTENT_OF:
        return []
    return older[:1]
