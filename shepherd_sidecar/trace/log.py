"""Commits as a graph: logs, histories, and the world that a commit stands in.

Layer: trace. ``commits`` is any finite map from ids to commits that holds the parents of all
it holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import EMPTY_TREE

Commits = Mapping[Id, Commit]


def log(commits: Commits, head: Id) -> list[Id]:
    """The first-parent path from the root to ``head``, both included."""
    path = [head]
    while commits[path[-1]].parents:
        path.append(commits[path[-1]].parents[0])
    return path[::-1]


def history(commits: Commits, head: Id) -> set[Id]:
    """All ancestors of ``head``, itself included."""
    return set(upward(commits, head))


def is_ancestor(commits: Commits, ancestor: Id, head: Id) -> bool:
    """Whether ``ancestor`` is in the history of ``head``; every commit is its own ancestor."""
    return ancestor in upward(commits, head)


def upward(commits: Commits, head: Id) -> Iterator[Id]:
    """The history of ``head``, each commit once, those that are few steps away first."""
    seen = {head}
    ahead = deque(seen)
    while ahead:
        at = ahead.popleft()
        yield at
        for parent in commits[at].parents:
            if parent not in seen:
                seen.add(parent)
                ahead.append(parent)


def world(commits: Commits, head: Id) -> Id:
    """The tree of the nearest commit at or before ``head`` on its log that has one."""
    at = head
    while commits[at].tree is None and commits[at].parents:
        at = commits[at].parents[0]
    return commits[at].tree or EMPTY_TREE
