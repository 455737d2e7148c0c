"""``budget``: tokens, money, time and calls that a branch may spend.

Layer: engine, pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from shepherd_sidecar.engine import gate_values as values
from shepherd_sidecar.engine.rules.condition import Condition, Seen
from shepherd_sidecar.engine.rules.kinds import kind

_MINUTE = 60_000


class _Spent(NamedTuple):
    calls: int = 0
    tokens: float = 0
    usd: float = 0
    ms: int = 0
    last: tuple[int, int] | None = None
    """Branch and time of the last event."""


@kind("budget")
@dataclass(frozen=True)
class Budget(Condition):
    """As much as this, of anything that is named, is spent already.

    Time is that between events of one branch: what lay between a fork and the fork's first event
    is nobody's. Denied calls cost no call.
    """

    calls: int | None = None
    tokens: int | None = None
    """Input and output together."""
    usd: float | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if (self.calls, self.tokens, self.usd, self.minutes) == (None,) * 4:
            raise values.Bad("of what? calls, tokens, usd or minutes")

    def begin(self) -> _Spent:
        """Nothing."""
        return _Spent()

    def see(self, memory: _Spent, event: Seen) -> _Spent:
        """With what the event cost."""
        usage = event.usage
        calls = memory.calls + event.is_intent
        if event.is_outcome and event.payload.get("status") == "denied":
            calls = max(0, calls - 1)
        return _Spent(
            calls,
            memory.tokens + usage.get("inputTokens", 0) + usage.get("outputTokens", 0),
            memory.usd + usage.get("costUsd", 0),
            memory.ms + _since(memory, event),
            (event.branch, event.at),
        )

    def why(self, memory: _Spent, intent: Seen) -> str | None:
        """What is spent, of how much."""
        minutes = (memory.ms + _since(memory, intent)) / _MINUTE
        for name, spent, most in (
            ("calls", memory.calls, self.calls),
            ("tokens", memory.tokens, self.tokens),
            ("USD", memory.usd, self.usd),
            ("minutes", minutes, self.minutes),
        ):
            if most is not None and spent >= most:
                return f"{_number(spent)} of {_number(most)} {name} are spent"
        return None


def _since(memory: _Spent, event: Seen) -> int:
    if memory.last is None or memory.last[0] != event.branch:
        return 0
    return max(0, event.at - memory.last[1])


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
