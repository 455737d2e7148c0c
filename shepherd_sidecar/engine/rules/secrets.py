"""``secrets``: a call that carries a secret.

Layer: engine, pure. What a secret is, the store's redaction says (trace/redaction_rules.py and
``redaction.toml``): the recorded call holds a mark where one was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from shepherd_sidecar.engine.gate_texts import Unreadable, opened, texts_at
from shepherd_sidecar.engine.rules.condition import Condition, Seen
from shepherd_sidecar.engine.rules.kinds import kind

_MARK: Final = re.compile(r"\[redacted:([^\]\s]+)\]")


@kind("secrets")
@dataclass(frozen=True)
class Secrets(Condition):
    """The call's arguments hold a secret that one of these globs names (a redaction rule)."""

    kinds: tuple[str, ...] = ("*",)

    def why(self, memory: None, intent: Seen) -> str | None:
        """Which kind of secret."""
        for text in texts_at(opened(intent.payload.get("arguments")), "*"):
            if isinstance(text, Unreadable):
                continue
            for name in _MARK.findall(text):
                if any(fnmatchcase(name, glob) for glob in self.kinds):
                    return f"the call carries a secret: {name}"
        return None
