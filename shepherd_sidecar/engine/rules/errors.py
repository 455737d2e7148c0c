"""``errors``: one failure after another.

Layer: engine, pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shepherd_sidecar.engine.gate_rules import MOST_TEXT
from shepherd_sidecar.engine.gate_texts import Unreadable, texts_at
from shepherd_sidecar.engine.rules.condition import Condition, Seen, stands_elsewhere
from shepherd_sidecar.engine.rules.kinds import kind

_NEUTRAL = ("denied", "cancelled")
"""Outcomes that say nothing of how the agent does."""


@kind("errors")
@dataclass(frozen=True)
class Errors(Condition):
    """The last ``streak`` outcomes were all errors: by status, exit code, or ``text``.

    ``text`` is searched in what came of a call, for tools that do not say whether they failed.
    """

    streak: int = 4
    text: re.Pattern[str] | None = None

    def begin(self) -> int:
        """None so far."""
        return 0

    def see(self, memory: int, event: Seen) -> int:
        """How many came one after another."""
        if not event.is_outcome:
            return memory
        failed = self._failed(event)
        if failed is None:
            return memory
        return min(memory + 1, 1_000_000) if failed else 0

    def why(self, memory: int, intent: Seen) -> str | None:
        """How many."""
        return f"{memory} errors one after another" if memory >= self.streak else None

    def _failed(self, event: Seen) -> bool | None:
        """None when the outcome tells nothing."""
        status, result = event.payload.get("status"), event.payload.get("result")
        if status in _NEUTRAL or stands_elsewhere(event):
            return None
        code = result.get("exitCode") if isinstance(result, dict) else None
        if status == "error" or (isinstance(code, int) and code != 0):
            return True
        if self.text is None:
            return False
        return any(
            not isinstance(found, Unreadable) and self.text.search(found, 0, MOST_TEXT) is not None
            for found in texts_at(result, "*")
        )
