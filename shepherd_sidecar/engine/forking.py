"""Forks: new branches, each with a second live world beside the first.

Layer: engine. Keeps: a fork adds no object, and either every branch stands with its world or
nothing does. The worlds are made first and become the branches' own in the very transaction
that makes the branches.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from shepherd_sidecar.engine import branching, interventions
from shepherd_sidecar.engine.entries import resolve
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.near import Near
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.workspaces import Workspaces, elapsed_ms, world_tree, world_view
from shepherd_sidecar.protocol.branches import ForkedBranch, ForkParams, ForkResult
from shepherd_sidecar.store import branches
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.driver import World


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fork starts."""

    node: Node
    tree: Id | None
    """The workspace there; None when the run has none."""
    workspace: str | None
    """The folder that the run works on, by its own name."""
    driver: str | None
    """The driver that the run asked for."""


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """Processes that go with a fork."""

    commit: Id
    """Where it starts: what they were copied at."""
    move_in: Callable[[list[World], ExitStack], None]
    """Starts them; what it adds to the stack undoes that when the fork fails."""


class Forking:
    """Forks branches of one store."""

    def __init__(
        self, store: Store, preparer: Preparer, workspaces: Workspaces, limits: Limits
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces
        self._limits = limits

    def fork(
        self, params: ForkParams, author: str, inhabitants: Inhabitants | None = None
    ) -> ForkResult:
        """New branches at a commit, with live worlds where its run has a workspace. Blocks.

        Args:
            params: as asked.
            author: who asks.
            inhabitants: what moves into the worlds before there are branches.

        Raises:
            UnknownCommit, UnknownBranch, NameTaken, InvalidParams: there is no such place, or
                a name is taken.
            DriverUnavailable, BudgetExceeded, StoreFull: a world cannot be made.
        """
        start = time.perf_counter()
        count = branching.how_many(params.count, params.names, self._limits)
        at = params.at if inhabitants is None else inhabitants.commit
        origin = self._origin(params, at)
        with ExitStack() as undo:
            worlds: list[World] = []
            if params.world and origin.tree is not None:
                worlds = undo.enter_context(
                    self._workspaces.made(
                        origin.tree,
                        count,
                        driver=params.driver or origin.driver,
                        near=Near(self._store, origin.node),
                        mounted_at=origin.workspace,
                    )
                )
            failed = undo.enter_context(ExitStack())
            if inhabitants is not None:
                inhabitants.move_in(worlds, failed)

            def work(tx: Tx) -> list[ForkedBranch]:
                heads = branching.fork(
                    tx, params.at, count, params.names, author, self._limits, origin.node
                )
                for head in heads:
                    interventions.note(
                        tx, self._preparer, head, "fork", params, author, at=origin.node.hex
                    )
                for head, world in zip(heads, worlds, strict=False):
                    assert origin.tree is not None
                    self._workspaces.settle(tx, head.branch.seq, world, origin.tree)
                return [
                    ForkedBranch(
                        branch=head.branch.name,
                        head=head.id,
                        world=world_view(worlds[index]) if worlds else None,
                    )
                    for index, head in enumerate(heads)
                ]

            made = self._store.write(work)
            failed.pop_all()
        left = self._workspaces.left_out.of(origin.tree if worlds else None)
        return ForkResult(branches=made, ms=elapsed_ms(start), not_captured=left)

    def _origin(self, params: ForkParams, at: str) -> Origin:
        with self._store.reading() as conn:
            node = resolve(conn, at)
            run = branches.run_by_seq(conn, branching.home_of(conn, params.at, node).run)
            tree = world_tree(conn, node) if node.world is not None else None
        return Origin(node, tree, run.workspace, run.facts.get("driver"))
