"""``loop``: the same call over and over, or a few calls in a circle.

Layer: engine, pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from shepherd_sidecar.engine.gate_texts import opened
from shepherd_sidecar.engine.rules.condition import Condition, Seen, stands_elsewhere
from shepherd_sidecar.engine.rules.kinds import kind
from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.ids import Id, digest

_LENGTH: Final = 8
"""Bytes of a digest that are kept."""
_TO_COME: Final = b""
"""The outcome of the intent that is judged; None is one that is not known."""


class _Call(NamedTuple):
    commit: Id
    what: bytes
    outcome: bytes | None


_Memory = tuple[_Call, ...]


@kind("loop")
@dataclass(frozen=True)
class Loop(Condition):
    """The same tool call again, or a circle of calls.

    The intent would be the ``same``-th equal call among the last ``within``, or would close a
    circle of up to ``longest`` calls for the ``cycle``-th time. Calls are equal when name and
    arguments are, ``ignore`` aside (names of arguments).
    """

    same: int = 3
    within: int = 12
    cycle: int = 3
    longest: int = 4
    ignore: tuple[str, ...] = ()
    same_outcome: bool = False
    """Whether equal calls count only when their outcomes were equal, too."""

    def begin(self) -> _Memory:
        """No calls."""
        return ()

    def see(self, memory: _Memory, event: Seen) -> _Memory:
        """The last calls, with what came of them."""
        if event.kind == "tool_call":
            most = max(self.within, self.longest * self.cycle) - 1
            call = _Call(event.commit, self._what(event), None)
            return (*memory, call)[-most:] if most else ()
        if event.is_outcome and self.same_outcome and not stands_elsewhere(event):
            told = digest("event", encode(event.payload))[:_LENGTH]
            return tuple(
                call._replace(outcome=told) if call.commit == event.intent else call
                for call in memory
            )
        return memory

    def why(self, memory: _Memory, intent: Seen) -> str | None:
        """How often, of how many."""
        if intent.kind != "tool_call":
            return None
        calls = (*memory, _Call(intent.commit, self._what(intent), _TO_COME))
        recent = calls[-self.within :]
        equal = [call for call in recent if self._equal(call, recent[-1])]
        if len(equal) >= self.same and self._agree(equal):
            return f"the same call {len(equal)} times in the last {len(recent)}"
        for length in range(2, self.longest + 1):
            last = calls[-length * self.cycle :]
            if len(last) == length * self.cycle and all(
                self._equal(call, last[at % length]) for at, call in enumerate(last)
            ):
                rounds = [last[at::length] for at in range(length)]
                # One call over and over is no circle: ``same`` judges it.
                if len({call.what for call in last}) > 1 and all(map(self._agree, rounds)):
                    return f"the same {length} calls in a circle, {self.cycle} times"
        return None

    def _equal(self, one: _Call, other: _Call) -> bool:
        return one.what == other.what

    def _agree(self, calls: tuple[_Call, ...] | list[_Call]) -> bool:
        if not self.same_outcome:
            return True
        outcomes = {call.outcome for call in calls} - {_TO_COME}
        return None not in outcomes and len(outcomes) <= 1

    def _what(self, event: Seen) -> bytes:
        arguments = opened(event.payload.get("arguments"))
        if isinstance(arguments, dict) and self.ignore:
            arguments = {key: arguments[key] for key in arguments if key not in self.ignore}
        return digest("event", encode([event.payload.get("name"), arguments]))[:_LENGTH]
