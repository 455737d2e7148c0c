"""Random commits as Hypothesis strategies: forests, and graphs with merges."""

from __future__ import annotations

from hypothesis import strategies as st

from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.ids import Id, object_id

Graph = tuple[dict[Id, Commit], list[Id]]
"""The commits, and their ids, parents before children."""


@st.composite
def graphs(draw: st.DrawFn, most: int = 12, merges: bool = True) -> Graph:
    """Up to ``most`` commits, some roots, some with a tree, some of two parents."""
    commits: dict[Id, Commit] = {}
    order: list[Id] = []
    for number in range(draw(st.integers(1, most))):
        count = draw(st.integers(0, min(len(order), 2 if merges else 1)))
        parents: list[Id] = []
        if count:
            choices = st.sampled_from(order)
            parents = draw(st.lists(choices, min_size=count, max_size=count, unique=True))
        tree = draw(st.none() | st.integers(0, 2))
        commit = Commit(
            tuple(parents),
            object_id("event", b"%d" % number),
            None if tree is None else object_id("tree", b"%d" % tree),
        )
        commits[commit.id] = commit
        order.append(commit.id)
    return commits, order


def ancestors(commits: dict[Id, Commit], order: list[Id]) -> dict[Id, set[Id]]:
    """Every commit's history, by the definition: itself and the histories of its parents."""
    found: dict[Id, set[Id]] = {}
    for commit in order:
        found[commit] = {commit}.union(*(found[parent] for parent in commits[commit].parents))
    return found
