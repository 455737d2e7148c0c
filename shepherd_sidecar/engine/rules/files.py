"""``files``: two agents at the same file at once.

Layer: engine, pure. Which calls of other branches touched what, ``touches`` says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from shepherd_sidecar.engine.rules.condition import Condition, Seen
from shepherd_sidecar.engine.rules.kinds import kind
from shepherd_sidecar.engine.rules.touches import named_files

_MILD = ("inject", "pause")


@kind("files")
@dataclass(frozen=True)
class Files(Condition):
    """The call names a file that a call of another branch named lately, in the same workspace.

    ``once``: only once for each touch of the other, not when this branch has touched the file
    after it. So it is under inject and pause, unless the rule says otherwise.
    """

    once: bool | None = None

    def under(self, decision: str) -> Self:
        """Those who are warned or paused are so once."""
        return self if self.once is not None else replace(self, once=decision in _MILD)

    def why(self, memory: None, intent: Seen) -> str | None:
        """Which file, and who else is at it."""
        for path in named_files(intent):
            for touch in reversed(intent.near):
                if touch.path != path:
                    continue
                if touch.branch != intent.branch:
                    return f"{path} is being changed by {touch.agent or 'another branch'}, too"
                if self.once:
                    break
        return None
