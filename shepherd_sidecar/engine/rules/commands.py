"""``commands``: regular expressions, searched in every command line of a call.

Layer: engine, pure. Unlike ``arguments`` it need not be told where a tool has its command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from shepherd_sidecar.engine import gate_values as values
from shepherd_sidecar.engine.gate_paths import command_lines
from shepherd_sidecar.engine.gate_rules import MOST_TEXT, IntentView, Resolve
from shepherd_sidecar.engine.gate_texts import Unreadable
from shepherd_sidecar.engine.rules.condition import Plain
from shepherd_sidecar.engine.rules.kinds import kind

_SHOWN = 80


@kind("commands")
@dataclass(frozen=True)
class Commands(Plain):
    """One of these expressions is found in a command line."""

    expressions: tuple[re.Pattern[str], ...]

    @classmethod
    def read(cls, value: Any) -> Self:
        """A list of regular expressions."""
        return cls(values.all_expressions(value))

    def look(self, view: IntentView, resolve: Resolve | None, strict: bool) -> str | None:
        """The command that was found."""
        doubt = None
        for line in command_lines(view.payload.get("arguments")):
            if isinstance(line, Unreadable):
                doubt = f"cannot be checked: {line.why}"
                continue
            for expression in self.expressions:
                found = expression.search(line, 0, MOST_TEXT)
                if found:
                    return f"the command says {found[0].strip()[:_SHOWN]!r}"
            if len(line) > MOST_TEXT:
                doubt = f"cannot be checked: a text of {len(line)} characters"
        return doubt if strict else None
