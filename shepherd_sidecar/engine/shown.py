"""Entries that are shown again and again: each supervisor sees those before an intent.

Layer: engine. Keeps: what was forgotten or renamed meanwhile is not shown as it was.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.store import branches, commits, reflog
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

MOST: Final = 256
"""Entries that are kept."""
LONGEST: Final = 65_536
"""Bytes of a payload; whoever wants longer ones has each read anew."""


class Shown:
    """The newest entries that were made. For one thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: OrderedDict[tuple[Node, int], tuple[int, Entry]] = OrderedDict()
        """With the row of the branch that it names."""

    def before(
        self, conn: sqlite3.Connection, node: Node, count: int, max_payload: int
    ) -> list[Entry]:
        """Up to so many entries of the log that ends before ``node``, oldest first."""
        if node.parent is None or not count:
            return []
        ids: dict[int, Id] = {}
        names: dict[int, str | None] = {}
        walked = commits.walk(conn, node.parent, count)
        return [self._entry(conn, at, max_payload, ids, names) for at in reversed(walked)]

    def _entry(
        self,
        conn: sqlite3.Connection,
        node: Node,
        max_payload: int,
        ids: dict[int, Id],
        names: dict[int, str | None],
    ) -> Entry:
        key = node, max_payload  # its flags with it: a payload may be forgotten
        kept = self._kept.get(key)
        if kept is not None:
            branch, found = kept
            if branch not in names:
                names[branch] = branches.name_of(conn, branch)
            if names[branch] == found.branch:
                self._kept.move_to_end(key)
                return found
        row = reflog.get(conn, node.logged)
        made = entry(conn, self._root, node, max_payload, row, ids)
        if row is not None and max_payload <= LONGEST:
            self._kept[key] = row.branch, made
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made
