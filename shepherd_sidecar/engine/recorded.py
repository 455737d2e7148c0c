"""A recorded log, read as a replay needs it: by position, a stretch at a time.

Layer: engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shepherd_sidecar.store import commits, payloads
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.events import INTENT_OF, is_intent

_STRETCH: Final = 256


class Recorded:
    """The log that ends at ``end``. A position is a depth: 0 is the root."""

    def __init__(self, store: Store, end: Node) -> None:
        self._store = store
        self.end = end
        self._stretches: dict[int, list[Node]] = {}

    def at(self, depth: int) -> Node:
        """The commit at a position."""
        number, offset = divmod(depth, _STRETCH)
        if number not in self._stretches:
            first = number * _STRETCH
            last = min(first + _STRETCH - 1, self.end.depth)
            with self._store.reading() as conn:
                top = commits.at_depth(conn, self.end, last)
                self._stretches[number] = commits.walk(conn, top.seq, last - first + 1)[::-1]
        return self._stretches[number][offset]

    def forget_before(self, depth: int) -> None:
        """Positions before this one are not asked for any more."""
        for number in [n for n in self._stretches if (n + 1) * _STRETCH <= depth]:
            del self._stretches[number]

    def from_(self, depth: int) -> Iterator[Node]:
        """The commits from a position on."""
        for position in range(depth, self.end.depth + 1):
            yield self.at(position)

    def open_together(self, depth: int, matched: set[int]) -> list[Node]:
        """The intents that may come next from a position on.

        They are the first unmatched one, and those recorded before its outcome.
        """
        found: list[Node] = []
        for node in self.from_(depth):
            if is_intent(node.kind) and node.depth not in matched:
                found.append(node)
            elif found and node.kind in INTENT_OF and node.intent == found[0].seq:
                break
        return found

    def outcome(self, intent: Node) -> Node | None:
        """The recorded outcome of an intent, or None when the record ends before it."""
        with self._store.reading() as conn:
            naming = commits.naming(conn, intent.seq)
        for node in naming:
            # Outcomes stand near their intents: the stretch at hand mostly answers.
            on_log = node.depth <= self.end.depth and self.at(node.depth).seq == node.seq
            if node.kind in INTENT_OF and on_log:
                return node
        return None

    def payload(self, node: Node) -> bytes:
        """Canonical payload of a commit."""
        with self._store.reading() as conn:
            return payloads.canonical_bytes(conn, self._store.root, node)
