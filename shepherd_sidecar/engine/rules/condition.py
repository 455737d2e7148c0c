"""What a kind of rule is: a condition with settings, and perhaps a memory.

Layer: engine, pure. Keeps: ``see`` and ``why`` are functions of their arguments. A memory is an
immutable value that does not grow with the log, so each event costs the same.

A kind of one's own:

    from dataclasses import dataclass
    from shepherd_sidecar.engine.rules.condition import Condition, Seen
    from shepherd_sidecar.engine.rules.kinds import kind

    @kind("deploys")  # deploys = { most = 3 } in a rule
    @dataclass(frozen=True)
    class Deploys(Condition):
        most: int

        def begin(self):
            return 0

        def see(self, count, event):
            return count + (event.tool == "deploy")

        def why(self, count, intent):
            return f"{count} deploys already" if count >= self.most else None
"""

from __future__ import annotations

import re
import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar, get_args, get_type_hints

from shepherd_sidecar.engine import gate_values as values
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.events import Effect, Kind, is_intent, is_outcome
from shepherd_sidecar.trace.ids import Id

if TYPE_CHECKING:
    from shepherd_sidecar.engine.gate_rules import IntentView, Resolve


C = TypeVar("C")


class Touch(NamedTuple):
    """A call that names a file, of any branch of the store."""

    row: int
    """Where it stands in the order of everything that happened."""
    branch: int
    agent: str | None
    workspace: str
    path: str
    """Relative to the workspace."""
    intent: Id


@dataclass(frozen=True, slots=True)
class Seen:
    """One event of a log, as rules see it: what is recorded, redacted, with its reflog row."""

    kind: Kind
    payload: Mapping[str, Json]
    commit: Id = ""
    effect: Effect = "pure"
    intent: Id | None = None
    """The intent that it answers or rules."""
    at: int = 0
    """Milliseconds since the epoch."""
    usage: Mapping[str, float] = field(default_factory=dict)
    """``inputTokens``, ``outputTokens``, ``costUsd`` …, where reported."""
    branch: int = 0
    agent: str | None = None
    workspace: str | None = None
    near: tuple[Touch, ...] = ()
    """For the intent that is decided: what was touched lately in its workspace, oldest first."""

    @property
    def is_intent(self) -> bool:
        """Whether it asks to act."""
        return is_intent(self.kind)

    @property
    def is_outcome(self) -> bool:
        """Whether it answers an intent."""
        return is_outcome(self.kind)

    @property
    def tool(self) -> str | None:
        """The tool of a tool call."""
        name = self.payload.get("name")
        return name if self.kind == "tool_call" and isinstance(name, str) else None


def stands_elsewhere(outcome: Seen) -> bool:
    """Whether an imported call's outcome stands with that of another (protocol/atif.md)."""
    result = outcome.payload.get("result")
    return isinstance(result, dict) and set(result) == {"observedWith"}


class Plain(ABC):
    """A condition on the intent alone."""

    @abstractmethod
    def look(self, view: IntentView, resolve: Resolve | None, strict: bool) -> str | None:
        """Why it matches, in words or ``""``; None when it does not.

        ``strict``: what cannot be looked at counts as a match.
        """

    @classmethod
    @abstractmethod
    def read(cls, value: Any) -> Self:
        """The condition of a value in the file. Raises ``gate_values.Bad``."""


class Condition(ABC):
    """A condition on the log before an intent. Its settings are the fields of its dataclass.

    It sees the intents that the rule's other conditions match, their outcomes, and every event
    that is neither.
    """

    def begin(self) -> Any:
        """The memory before the first event."""
        return None

    def see(self, memory: Any, event: Seen) -> Any:
        """The memory after one more event."""
        return memory

    @abstractmethod
    def why(self, memory: Any, intent: Seen) -> str | None:
        """Why it holds for an intent that comes next; None when it does not."""

    def under(self, decision: str) -> Self:
        """The condition in a rule of this decision."""
        return self

    @classmethod
    def read(cls, value: Any) -> Self:
        """The condition of a table in the file. Raises ``gate_values.Bad``."""
        return settings(cls, value)


_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    int: values.count,
    float: values.amount,
    str: values.text,
    bool: values.truth,
    tuple[str, ...]: values.texts,
    re.Pattern[str]: values.expression,
}


def settings(cls: type[C], value: Any) -> C:
    """A dataclass from a table: keys are names of fields, types are checked."""
    if not isinstance(value, dict):
        raise values.Bad("a table of settings is needed; {} takes the defaults")
    hints = get_type_hints(cls)
    public = [one for one in fields(cls) if one.init]  # type: ignore[arg-type]
    values.only(value, {one.name for one in public})
    found = {}
    for one in public:
        if one.name in value:
            found[one.name] = values.one(value, one.name, _READERS[_bare(hints[one.name])])
        elif one.default is MISSING and one.default_factory is MISSING:
            raise values.Bad(f"{one.name}: needed")
    return cls(**found)


def _bare(hint: Any) -> Any:
    """A type without ``| None``."""
    if isinstance(hint, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not types.NoneType)
    return hint
