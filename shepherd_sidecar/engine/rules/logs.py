"""Logs as rules see them, read from the store.

Layer: engine. Keeps: rules see what is recorded, and of the reflog the row that first tells
of a commit.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import orjson

from shepherd_sidecar.engine.rules.condition import Seen
from shepherd_sidecar.engine.rules.fold import Memory, Watch
from shepherd_sidecar.store import branches, commits, payloads, reflog
from shepherd_sidecar.store.commits import GONE, Node

_KEPT: Final = 512
"""Commits whose memory is kept."""
_MARK: Final = 128
"""Each commit of a depth that this divides keeps its memory: forks begin near one."""
_STEPS: Final = (8, 128, 2048)
_BARE: Final = frozenset(("thought", "message", "observation", "model_call"))
"""Kinds that rules see without their payload: they may be long, and say nothing to rules."""


class Facts:
    """Which agent and workspace a branch has; neither ever changes."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str | None, str | None]] = {}

    def of(self, conn: sqlite3.Connection, branch: int) -> tuple[str | None, str | None]:
        """Agent and workspace."""
        found = self._known.get(branch)
        if found is None:
            run = branches.run_by_seq(conn, branches.by_seq(conn, branch).run)
            found = (run.facts.get("agent") or {}).get("name"), run.workspace
            self._known[branch] = found
        return found


def seen(
    conn: sqlite3.Connection, root: Path, node: Node, facts: Facts, row: reflog.Row | None = None
) -> Seen:
    """One commit. ``row`` is the reflog's row it is told for; the commit's first when omitted."""
    row = row or reflog.get(conn, node.logged)
    bare = node.flags & GONE or node.kind in _BARE
    agent, workspace = facts.of(conn, row.branch) if row else (None, None)
    return Seen(
        kind=node.kind,
        payload={} if bare else payloads.read(conn, root, node),
        commit=node.hex,
        effect=node.effect,
        intent=commits.get(conn, node.intent).hex if node.intent is not None else None,
        at=row.at if row else 0,
        usage=orjson.loads(row.usage) if row and row.usage else {},
        branch=row.branch if row else 0,
        agent=agent,
        workspace=workspace,
    )


class Memories:
    """What rules remember at commits: found near, folded on from there.

    Inside a transaction that may be taken back, ``later`` puts off what is kept until it is not.
    """

    def __init__(self, root: Path, watch: Watch, facts: Facts) -> None:
        self.watch = watch
        self._root = root
        self._facts = facts
        self._kept: OrderedDict[bytes, Memory] = OrderedDict()

    def at(
        self,
        conn: sqlite3.Connection,
        node: Node | None,
        later: Callable[[Callable[[], None]], None] = lambda keep: keep(),
    ) -> Memory:
        """The memory of the log that ends at a commit, the commit included."""
        if node is None:
            return self.watch.begin()
        ahead, from_, memory = self._ahead(conn, node)
        keep: list[tuple[Node, Memory]] = []
        for one in reversed(ahead):
            memory = self.watch.see(memory, seen(conn, self._root, one, self._facts))
            if one.depth % _MARK == 0 or one is ahead[0]:
                keep.append((one, memory))
        if keep:
            later(lambda: self._keep(from_, keep))
        return memory

    def _ahead(
        self, conn: sqlite3.Connection, node: Node
    ) -> tuple[list[Node], Node | None, Memory]:
        """What must be folded, newest first, after which commit, and its memory."""
        ahead: list[Node] = []
        for one in _back(conn, node):
            memory = self._kept.get(one.id)
            if memory is not None:
                return ahead, one, memory
            ahead.append(one)
        return ahead, None, self.watch.begin()

    def _keep(self, before: Node | None, found: list[tuple[Node, Memory]]) -> None:
        if before is not None and before.depth % _MARK:
            self._kept.pop(before.id, None)  # the branch has moved on
        for node, memory in found:
            self._kept[node.id] = memory
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _back(conn: sqlite3.Connection, node: Node) -> Iterator[Node]:
    """The log that ends here, newest first, read in growing portions."""
    at: int | None = node.seq
    portion = iter(_STEPS)
    size = next(portion)
    while at is not None:
        listed = commits.walk(conn, at, size)
        yield from listed
        at = listed[-1].parent
        size = next(portion, size)
