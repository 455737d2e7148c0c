"""Looking whether a denied intent ran anyway.

Layer: engine. Keeps: vetoes are checked afterwards. When the workspace changed between a
denied intent and the next one, with nothing else open, the trace says ``vetoIneffective``. What
that means in the user's own folder ``attribution`` says.
"""

from __future__ import annotations

import sqlite3

from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.workspaces import NAMED, Workspaces
from shepherd_sidecar.store import branches, commits, payloads
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.events import INTENT_OF, is_intent

LOOK_BACK = 64
"""Commits in which something may still be open."""


class VetoWatch:
    """Watches the worlds of one store."""

    def __init__(self, store: Store, preparer: Preparer, workspaces: Workspaces) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces

    def look(self, branch: str, author: str) -> None:
        """Capture the world and write down what a denied intent changed. Blocks for a walk."""
        with self._store.reading() as conn:
            head = commits.get(conn, branches.need(conn, branch).head)
            intent = self.denied(conn, head)
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

    def denied(self, conn: sqlite3.Connection, head: Node) -> Node | None:
        """The last intent before ``head`` when it was denied and nothing else is open."""
        path = commits.walk(conn, head.seq, LOOK_BACK)
        outcomes = {node.intent: node for node in path if node.kind in INTENT_OF}
        intents = [node for node in path if is_intent(node.kind)]
        if not intents or any(node.seq not in outcomes for node in intents):
            return None
        outcome = outcomes[intents[0].seq]
        if payloads.read(conn, self._store.root, outcome).get("status") != "denied":
            return None
        return intents[0]
