"""Which files the calls of all branches named lately.

Layer: engine. Reads the store in the order of the reflog. Keeps: what is told for a row is a
function of the ``WITHIN`` rows before it, so it does not matter when the reading began.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.gate_paths import Unreadable, places
from shepherd_sidecar.engine.gate_rules import MOST_TEXT
from shepherd_sidecar.engine.rules.condition import Seen, Touch
from shepherd_sidecar.engine.rules.logs import Facts, seen
from shepherd_sidecar.store import commits, reflog

WITHIN: Final = 1000
"""Rows of the reflog that are looked back on."""


def named_files(intent: Seen) -> list[str]:
    """The files in the workspace that a call names, once each; what only reads names none."""
    if intent.kind != "tool_call" or intent.effect == "pure":
        return []
    found: dict[str, None] = {}
    arguments = intent.payload.get("arguments")
    for place in places(arguments, intent.workspace, None, None, MOST_TEXT):
        if not isinstance(place, Unreadable) and place.inside not in (None, "."):
            found[str(place.inside)] = None
    return list(found)


class Touches:
    """The touches of one store, read on as it grows."""

    def __init__(self, root: Path, facts: Facts) -> None:
        self._root = root
        self._facts = facts
        self._known: tuple[int, tuple[Touch, ...]] = (0, ())
        """The row up to which all was read, and what was touched until then."""

    def before(
        self,
        conn: sqlite3.Connection,
        row: int,
        workspace: str | None,
        later: Callable[[Callable[[], None]], None] = lambda keep: keep(),
    ) -> tuple[Touch, ...]:
        """What was touched in a workspace in the rows before this one, oldest first.

        ``later``: see ``logs.Memories``.
        """
        if workspace is None:
            return ()
        first = max(row - WITHIN, 1)
        read, known = self._known
        if not first - 1 <= read < row:  # a gap, or back in time
            read, known = first - 1, ()
        touches = [touch for touch in known if touch.row >= first]
        for one in reflog.after(conn, read, row - 1 - read):
            if one.seq < row:
                touches = self._take(conn, one, touches)
        found = tuple(touches)

        def keep() -> None:
            self._known = row - 1, found

        later(keep)
        return tuple(touch for touch in found if touch.workspace == workspace)

    def _take(self, conn: sqlite3.Connection, row: reflog.Row, touches: list[Touch]) -> list[Touch]:
        if reflog.ACTIONS[row.action] != "append":
            return touches
        node = commits.at(conn, row.head)
        if node is None or node.kind not in ("tool_call", "tool_result", "run_end"):
            return touches
        event = seen(conn, self._root, node, self._facts, row)
        if event.kind == "tool_call" and event.workspace is not None:
            where = row.seq, row.branch, event.agent, event.workspace
            touches += [Touch(*where, path, event.commit) for path in named_files(event)]
        elif event.kind == "run_end":
            return [one for one in touches if one.branch != row.branch]
        elif event.payload.get("status") == "denied":
            return [
                one for one in touches if (one.branch, one.intent) != (row.branch, event.intent)
            ]
        return touches
