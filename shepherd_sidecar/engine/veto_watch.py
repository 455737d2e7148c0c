"""Looking whether a denied intent ran anyway.

Layer: engine. Keeps: vetoes are checked afterwards. When the workspace changed between a
denied intent and the next one, with nothing else open, the trace says ``vetoIneffective``.
"""

from __future__ import annotations

import sqlite3

from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.workspaces import NAMED, Workspaces
from shepherd_sidecar.store import branches, commits, payloads, places
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.events import INTENT_OF, is_intent

_LOOK_BACK = 64
"""Commits in which something may still be open."""


class VetoWatch:
    """Watches the worlds of one store."""

    def __init__(self, store: Store, preparer: Preparer, workspaces: Workspaces) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces

    def due(self, branch: str) -> bool:
        """Whether the last thing on a branch with a world is a denial. Brief."""
        with self._store.reading() as conn:
            found = branches.by_name(conn, branch)
            if found is None or places.get(conn, found.seq) is None:
                return False
            return self._denied(conn, commits.get(conn, found.head)) is not None

    def look(self, branch: str, author: str) -> None:
        """Capture the world and write down what a denied intent changed. Blocks for a walk."""
        with self._store.reading() as conn:
            head = commits.get(conn, branches.need(conn, branch).head)
            intent = self._denied(conn, head)
        if intent is None:
            return
        self._workspaces.capture(
            branch,
            lambda taken: (
                self._preparer.own(
                    "intervention",
                    {
                        "action": "vetoIneffective",
                        "by": "sidecar",
                        "why": "the workspace changed after a denied intent",
                        "changed": list(taken.changed[:NAMED]),
                    },
                    intent.hex,
                )
                if taken.changed
                else None
            ),
            author,
        )

    def _denied(self, conn: sqlite3.Connection, head: Node) -> Node | None:
        """The intent whose denial is the head, when nothing else is open."""
        if head.kind not in INTENT_OF or head.intent is None:
            return None
        if payloads.read(conn, self._store.root, head).get("status") != "denied":
            return None
        path = commits.walk(conn, head.seq, _LOOK_BACK)
        answered = {node.intent for node in path if node.kind in INTENT_OF}
        if any(is_intent(node.kind) and node.seq not in answered for node in path):
            return None
        return commits.get(conn, head.intent)
