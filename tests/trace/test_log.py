"""Logs, histories, worlds and merge bases, against the definitions read naively."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.log import history, is_ancestor, log, world
from shepherd_sidecar.trace.merge_base import merge_base, nearest_common
from shepherd_sidecar.trace.trees import EMPTY_TREE
from tests.trace.graphs import Graph, ancestors, graphs


@given(graphs())
def test_a_log_is_the_first_parent_path(graph: Graph) -> None:
    commits, order = graph
    for head in order:
        path = log(commits, head)
        assert path[-1] == head
        assert commits[path[0]].parents == ()
        for above, below in pairwise(path):
            assert commits[below].parents[0] == above


@given(graphs())
def test_a_history_is_all_ancestors(graph: Graph) -> None:
    commits, order = graph
    expected = ancestors(commits, order)
    for head in order:
        assert history(commits, head) == expected[head]
        for other in order:
            assert is_ancestor(commits, other, head) is (other in expected[head])
        assert set(log(commits, head)) <= expected[head]


@given(graphs())
def test_a_world_is_the_newest_tree_on_the_log(graph: Graph) -> None:
    commits, order = graph
    for head in order:
        trees = [tree for at in log(commits, head) if (tree := commits[at].tree) is not None]
        assert world(commits, head) == (trees[-1] if trees else EMPTY_TREE)


@given(graphs(), st.data())
def test_a_merge_base_is_a_nearest_common_ancestor(graph: Graph, data: st.DataObject) -> None:
    commits, order = graph
    above = ancestors(commits, order)
    onto, other = data.draw(st.sampled_from(order)), data.draw(st.sampled_from(order))
    common = above[onto] & above[other]
    nearest = {c for c in common if not any(c in above[d] for d in common - {c})}
    assert nearest_common(commits, onto, other) == nearest
    base = merge_base(commits, onto, other)
    if not common:
        assert base is None
        return
    assert base in nearest
    on_log = [c for c in log(commits, onto) if c in nearest]
    if on_log:
        assert base == on_log[-1]
    if onto in above[other]:
        assert base == onto
    if other in above[onto]:
        assert base == other


@given(graphs(merges=False), st.data())
def test_without_merges_the_base_is_the_deepest_shared_commit(
    graph: Graph, data: st.DataObject
) -> None:
    commits, order = graph
    left, right = data.draw(st.sampled_from(order)), data.draw(st.sampled_from(order))
    shared = [a for a, b in zip(log(commits, left), log(commits, right), strict=False) if a == b]
    assert merge_base(commits, left, right) == (shared[-1] if shared else None)
    assert merge_base(commits, right, left) == merge_base(commits, left, right)


def commit(commits: dict[Id, Commit], *parents: Id) -> Id:
    made = Commit(parents, object_id("event", b"%d" % len(commits)))
    commits[made.id] = made
    return made.id


def test_of_two_bases_the_one_on_the_log_is_taken() -> None:
    commits: dict[Id, Commit] = {}
    root = commit(commits)
    left, right = commit(commits, root), commit(commits, root)
    crossed, back = commit(commits, left, right), commit(commits, right, left)
    assert nearest_common(commits, crossed, back) == {left, right}
    assert merge_base(commits, crossed, back) == left
    assert merge_base(commits, back, crossed) == right


def test_of_two_bases_that_are_not_on_the_log_the_deeper_is_taken() -> None:
    commits: dict[Id, Commit] = {}
    root = commit(commits)
    left, short = commit(commits, root), commit(commits, root)
    long = commit(commits, short)
    crossed, back = commit(commits, left, long), commit(commits, long, left)
    onto = commit(commits, root, crossed)
    assert nearest_common(commits, onto, back) == {left, long}
    assert merge_base(commits, onto, back) == long


def test_a_log_of_many_commits_needs_no_stack() -> None:
    commits: dict[Id, Commit] = {}
    head = commit(commits)
    for _ in range(5_000):
        head = commit(commits, head)
    assert len(log(commits, head)) == len(history(commits, head)) == 5_001


@pytest.mark.requirement("APPEND-14", "FORK-01")
@given(graphs(), st.data())
def test_one_more_commit_changes_nothing_of_the_others(graph: Graph, data: st.DataObject) -> None:
    commits, order = graph
    before = [(log(commits, at), history(commits, at), world(commits, at)) for at in order]
    commit(commits, data.draw(st.sampled_from(order)))
    after = [(log(commits, at), history(commits, at), world(commits, at)) for at in order]
    assert after == before
