"""Function breakpoints: names of tools and kinds of events, and what they match.

Layer: dap. Pure but for reading payloads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine.gate_rules import any_glob
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.supervision import SupervisorFilter
from shepherd_sidecar.store import payloads
from shepherd_sidecar.store.commits import GONE, Node
from shepherd_sidecar.trace.events import KINDS, OUTCOME_OF, Kind

_TOOL: Final = "tool:"
_AFTER: Final = "An event of this kind is told after it happened: the agent is paused there."
INTENTS: Final[tuple[Kind, ...]] = ("tool_call", "model_call")


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """One of them."""

    id: int
    kind: Kind | None
    tools: str | None
    """A glob of tool names, in place of ``kind``."""

    @property
    def gates(self) -> bool:
        """Whether what it matches can be held before it runs."""
        return self.kind is None or self.kind in OUTCOME_OF

    def shown(self) -> dict[str, Any]:
        """As the client is told."""
        told: dict[str, Any] = {"id": self.id, "verified": True}
        return told if self.gates else {**told, "message": _AFTER}


def parse(id_: int, name: str) -> Breakpoint | None:
    """The breakpoint of a name: a kind of event, else a glob of tools; None for no name."""
    name = name.strip()
    if name in KINDS:
        return Breakpoint(id_, name, None)
    tools = name.removeprefix(_TOOL).strip()
    return Breakpoint(id_, None, tools) if tools else None


def matching(breakpoints: Iterable[Breakpoint], kind: str, tool: object) -> list[int]:
    """The ids of those that match an event of this kind (that calls this tool)."""
    return [
        one.id
        for one in breakpoints
        if (one.kind == kind if one.tools is None else _calls(one.tools, kind, tool))
    ]


def matching_entry(breakpoints: Iterable[Breakpoint], entry: Entry) -> list[int]:
    """Those that match an entry."""
    name = entry.payload.get("name") if isinstance(entry.payload, dict) else None
    return matching(breakpoints, entry.kind, name)


def matching_node(
    conn: sqlite3.Connection, root: Path, breakpoints: Sequence[Breakpoint], node: Node
) -> list[int]:
    """Those that match a commit."""
    tool = None
    if node.kind == "tool_call" and not node.flags & GONE and any(b.tools for b in breakpoints):
        tool = payloads.read(conn, root, node).get("name")
    return matching(breakpoints, node.kind, tool)


def filters(breakpoints: Iterable[Breakpoint]) -> list[SupervisorFilter]:
    """What must be asked about so that they hold: filters that let nothing through twice."""
    gating = [one for one in breakpoints if one.gates]
    kinds = [kind for kind in INTENTS if any(one.kind == kind for one in gating)]
    tools = sorted({one.tools for one in gating if one.tools is not None})
    found = [SupervisorFilter(kinds=list(kinds))] if kinds else []
    if tools and "tool_call" not in kinds:
        found.append(SupervisorFilter(kinds=["tool_call"], tools=tools))
    return found


def _calls(tools: str, kind: str, tool: object) -> bool:
    return kind == "tool_call" and isinstance(tool, str) and any_glob([tools], tool)
