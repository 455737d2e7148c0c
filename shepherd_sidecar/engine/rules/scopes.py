"""``scopes``: for each agent the paths that it may name.

Layer: engine, pure but for ``resolve``, which the caller passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Self

from shepherd_sidecar.engine import gate_values as values
from shepherd_sidecar.engine.gate_globs import Globs
from shepherd_sidecar.engine.gate_paths import Unreadable, places
from shepherd_sidecar.engine.gate_rules import MOST_TEXT, IntentView, Resolve
from shepherd_sidecar.engine.rules.condition import Plain
from shepherd_sidecar.engine.rules.kinds import kind


@kind("scopes")
@dataclass(frozen=True)
class Scopes(Plain):
    """A path in the call lies outside the scope of its agent: the first whose glob matches."""

    agents: tuple[tuple[str, Globs], ...]

    @classmethod
    def read(cls, value: Any) -> Self:
        """A table of agent glob = path globs."""
        if not isinstance(value, dict) or not value:
            raise values.Bad("a table of agent = list of paths, not empty")
        return cls(tuple((agent, values.one(value, agent, values.globs)) for agent in value))

    def look(self, view: IntentView, resolve: Resolve | None, strict: bool) -> str | None:
        """The path that lies outside. Agents without a scope may name all."""
        name = view.agent or ""
        scope = next((globs for agent, globs in self.agents if fnmatchcase(name, agent)), None)
        if scope is None:
            return None
        doubt = None
        arguments = view.payload.get("arguments")
        for place in places(arguments, view.workspace, view.world, resolve, MOST_TEXT):
            if isinstance(place, Unreadable):
                doubt = f"cannot be checked: {place.why}"
            elif not scope.match(place):
                path = place.inside or place.absolute or "a path that cannot be known"
                return f"{path} is outside the scope of {name or 'an agent without a name'}"
        return doubt if strict else None
