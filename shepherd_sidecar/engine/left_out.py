"""What snapshots left out, by the tree that they took.

Layer: engine. Kept in memory: a fork says what its worlds do not hold, as far as this process took
the snapshot that they are made from.
"""

from __future__ import annotations

from typing import Final

from shepherd_sidecar.protocol.common import NotCaptured
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.driver import Snapshot

_KEPT: Final = 1_000
"""Trees; one of which nothing was left out takes no room."""


class LeftOut:
    """Of the newest snapshots of one process."""

    def __init__(self) -> None:
        self._of: dict[Id, list[NotCaptured]] = {}

    def keep(self, taken: Snapshot) -> Snapshot:
        """Remember what a snapshot left out; returns the snapshot."""
        self._of.pop(taken.tree, None)
        said = [NotCaptured(one.path, one.why) for one in taken.not_captured]
        if said:
            self._of[taken.tree] = said
            while len(self._of) > _KEPT:
                self._of.pop(next(iter(self._of)), None)
        return taken

    def of(self, tree: Id | None) -> list[NotCaptured]:
        """What the last snapshot of this tree left out; nothing when none was taken here."""
        return list(self._of.get(tree, ())) if tree is not None else []
