"""Branches as threads: which are debugged, where each stands, and what waits on it.

Layer: dap. Nothing here writes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any, Final

from shepherd_sidecar.engine.supervised import compile_filter, within
from shepherd_sidecar.engine.supervision import Question
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.supervision import SupervisorFilter
from shepherd_sidecar.store import branches
from shepherd_sidecar.store.branches import ENDED, Branch
from shepherd_sidecar.trace.events import Kind
from shepherd_sidecar.trace.ids import Id

MOST: Final = 200
"""Threads of one session: the newest branches."""


@dataclass(slots=True)
class Held:
    """An intent that waits."""

    intent: Id
    kind: Kind
    proposed: dict[str, Any]
    payload: dict[str, Any]
    """What is to run in its place: changed by hand."""
    by: str
    reason: str
    questions: list[Question]
    """The debugger's own; none: something else holds it."""

    @property
    def edited(self) -> bool:
        """Whether it was changed."""
        return self.payload != self.proposed


@dataclass(slots=True)
class Thread:
    """One branch."""

    id: int
    name: str
    status: str
    cursor: Id | None = None
    """Where it stands; None while it runs."""
    held: list[Held] = field(default_factory=list)
    """Oldest first."""
    paused: bool = False
    """Whether the debugger paused it."""

    @property
    def ended(self) -> bool:
        """Whether it takes no more events."""
        return self.status in ENDED

    @property
    def shown(self) -> str:
        """Its name for people."""
        return self.name if self.status == "live" else f"{self.name} ({self.status})"

    def waiting(self, intent: Id | None) -> Held | None:
        """What waits under this intent."""
        return next((one for one in self.held if one.intent == intent), None)

    def stopped(self) -> Id:
        """Where it stands. Raises InvalidParams while it runs."""
        if self.cursor is None:
            raise InvalidParams.at("$.threadId", f"{self.name!r} runs: pause it first")
        return self.cursor


class Scope:
    """Which branches are debugged.

    Those of a run; those that come from a branch; or, where neither is named, those that go on,
    the newest run's, and whatever begins later.
    """

    def __init__(self, conn: sqlite3.Connection, asked: SupervisorFilter) -> None:
        self._wants = compile_filter(conn, asked)
        newest = branches.run_page(conn, None, 1)
        self._newest = newest[0].seq if newest else 0

    def find(self, conn: sqlite3.Connection, known: dict[int, Thread]) -> list[Branch]:
        """The branches, oldest first."""
        found = [
            branch
            for branch in branches.page(conn, None, None, 5 * MOST)
            if within(conn, self._wants, branch)
            and (branch.seq in known or self._wants or self._goes_on(branch))
        ]
        return found[:MOST][::-1]

    def _goes_on(self, branch: Branch) -> bool:
        return branch.run >= self._newest or branch.status not in ENDED
