"""What several answers to one intent say together.

Layer: engine, pure. Keeps: deny wins over hold, hold over override, override over allow; among
equals the first in the order of attaching. So the order in which answers arrive, and the order
of attaching but for ties, makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shepherd_sidecar.engine.gate_rules import STRENGTH, Decision


@dataclass(frozen=True, slots=True)
class Said:
    """One voice."""

    decision: Decision
    by: str
    """Whose: a supervisor's name, or ``rule:NAME``."""
    reason: str | None = None
    payload: Mapping[str, Any] | None = None
    """An override's."""
    timeout_ms: int | None = None
    """How long a hold lasts at most."""
    fault: str | None = None
    """Why it is a default and not an answer: ``timeout``, ``gone`` or ``invalid``."""

    @property
    def decider(self) -> str:
        """Who stands in the verdict: a default is nobody's decision."""
        return self.by if self.fault is None else self.fault

    def told(self) -> dict[str, Any]:
        """As it stands among the ``answers`` of a verdict."""
        found: dict[str, Any] = {"by": self.by, "decision": self.decision}
        for name in ("reason", "payload", "fault"):
            value = getattr(self, name)
            if value is not None:
                found[name] = value
        return found


def combine(said: Sequence[Said]) -> Said:
    """The one that counts, of voices in the order of attaching. There is at least one."""
    return max(said, key=lambda one: STRENGTH[one.decision])
