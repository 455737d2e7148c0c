"""The log of a branch as text: one line an event, in turns that fold.

Layer: engine. A turn begins with a message, or with a call of the model.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.engine.summary import summary, usage
from shepherd_sidecar.engine.text import clean, plural, short, when
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

PAGE: Final = 2_000
"""Events of one document."""
_PAYLOAD: Final = 16 * 1024
_BEGINS: Final = frozenset(("run_start", "message", "model_call"))
HEADER: Final = 1
"""Lines before the first event."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a log."""

    entry: Entry
    text: str
    """The line, without its indentation."""
    turn: bool
    """Whether a turn begins with it."""

    @property
    def line(self) -> str:
        """The whole line."""
        return self.text if self.turn else f"  {self.text}"


@dataclass(frozen=True, slots=True)
class Outline:
    """A page of a log."""

    branch: str
    rows: list[Row]
    header: str
    older: Id | None
    """The commit that the page before ends with."""

    @property
    def text(self) -> str:
        """The whole document."""
        return "\n".join([self.header, *(row.line for row in self.rows)]) + "\n"

    def turns(self) -> list[tuple[int, int]]:
        """The rows of each turn: the first, and the one after the last."""
        starts = [at for at, row in enumerate(self.rows) if row.turn or at == 0]
        return list(zip(starts, [*starts[1:], len(self.rows)], strict=True))


def outline(conn: sqlite3.Connection, root: Path, name: str, until: Id | None = None) -> Outline:
    """The log of a branch, or the part of it that ends at a commit.

    Raises:
        UnknownBranch, UnknownCommit.
    """
    branch = branches.need(conn, name)
    end = commits.need(conn, until) if until is not None else commits.get(conn, branch.head)
    nodes = commits.walk(conn, end.seq, PAGE)[::-1]
    run = branches.run_by_seq(conn, branch.run)
    older = nodes[0].parent
    told = [clean(name), clean(run.name), branch.status, plural(end.depth + 1, "event")]
    if older is not None:
        told.append(f"older: {commits.get(conn, older).hex}")
    return Outline(
        name,
        _rows(conn, root, nodes),
        "# " + " · ".join(told),
        commits.get(conn, older).hex if older is not None else None,
    )


def _rows(conn: sqlite3.Connection, root: Path, nodes: list[Node]) -> list[Row]:
    rows: list[Row] = []
    calls: dict[Id, dict[str, Any]] = {}
    ids: dict[int, Id] = {}
    for node in nodes:
        found = entry(conn, root, node, _PAYLOAD, ids=ids)
        if found.kind == "tool_call" and isinstance(found.payload, dict):
            calls[found.commit] = found.payload
        said = summary(found, calls.get(found.intent or ""))
        at = when(found.at) if found.at is not None else " " * 14
        told = (short(found.commit), at, f"{found.kind:<16}", said, usage(found.usage))
        rows.append(Row(found, "  ".join(told).rstrip(), found.kind in _BEGINS))
    return rows
