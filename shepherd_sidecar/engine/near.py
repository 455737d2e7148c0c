"""Trees a world may start from, because they differ little from the one it is to be.

Layer: engine. Reads commits and no trees; a driver asks for as many as it needs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shepherd_sidecar.store import branches, commits, objects
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id

_LOOK_BACK: Final = 64
"""Commits before the one asked for whose trees are tried one by one."""
_RUNS: Final = 4
"""Runs on the same folder that are looked at."""


@dataclass(frozen=True, slots=True)
class Near:
    """Trees that are likely to differ little from the one at a commit, the nearest first."""

    store: Store
    node: Node

    def __iter__(self) -> Iterator[Id]:
        told: set[int | None] = {self.node.world, None}
        at = self.node
        with self.store.reading() as conn:
            # Step by step at first, then by leaps: what is far need not be the very nearest.
            for step in itertools.count():
                above = at.parent if step < _LOOK_BACK else at.jump
                found = commits.at(conn, above) if above is not None else None
                if found is None:
                    return
                at = found
                if at.world is not None and at.world not in told:
                    told.add(at.world)
                    yield objects.id_of(conn, at.world)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Trees that the last runs on a folder ended and began with, of the newest run first."""

    store: Store
    workspace: str

    def __iter__(self) -> Iterator[Id]:
        told: set[int | None] = {None}
        with self.store.reading() as conn:
            for run in branches.last_runs_on(conn, self.workspace, _RUNS):
                for branch in reversed(branches.of_run(conn, run.seq)):
                    for at in (branch.head, branch.fork_point):
                        node = commits.get(conn, at) if at is not None else None
                        if node is not None and node.world not in told and node.world is not None:
                            told.add(node.world)
                            yield objects.id_of(conn, node.world)
