"""Commits: ``{parents, event, tree?}``, without clock, host, process or branch name.

Layer: trace. Replaying the same thing gives the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shepherd_sidecar.trace.canonical import decode
from shepherd_sidecar.trace.ids import Id, object_id


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit.

    ``parents``: none (root), one, or two (a merge: the branch merged into comes first).
    ``event``: id of its event. ``tree``: id of the workspace as it then was, when captured.
    """

    parents: tuple[Id, ...]
    event: Id
    tree: Id | None = None

    @property
    def id(self) -> Id:
        """``H(commit, bytes)``."""
        return object_id("commit", commit_bytes(self.parents, self.event, self.tree))


def commit_bytes(parents: Sequence[Id], event: Id, tree: Id | None = None) -> bytes:
    """Canonical bytes of a commit (members in canonical order: event, parents, tree)."""
    listed = ",".join(f'"{parent}"' for parent in parents)
    captured = f',"tree":"{tree}"' if tree is not None else ""
    return f'{{"event":"{event}","parents":[{listed}]{captured}}}'.encode()


def parse_commit(data: bytes) -> Commit:
    """The commit of canonical bytes."""
    value = decode(data)
    return Commit(tuple(value["parents"]), value["event"], value.get("tree"))
