"""Merge bases in the store: what the definition says, and no whole history is read for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.store import ancestors, commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_base import merge_base, nearest_common
from tests.store.test_commits import Counting
from tests.support.traces import traces
from tests.trace.graphs import Graph, graphs


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    with traces(tmp_path / "store"):
        pass
    return sqlite3.connect(tmp_path / "store" / "store.db", isolation_level=None)


def plant(conn: sqlite3.Connection, found: dict[Id, Commit], order: list[Id]) -> dict[Id, Node]:
    """The graph as rows."""
    conn.execute("DELETE FROM commits")
    nodes: dict[Id, Node] = {}
    for seq, name in enumerate(order, 1):
        parents = [nodes[parent] for parent in found[name].parents]
        first = parents[0] if parents else None
        second = parents[1].seq if len(parents) > 1 else None
        nodes[name] = commits.insert(
            conn, seq, bytes.fromhex(name), first, second,
            1, 0, 0, None, None, 0, None, None, b"{}", {},
        )  # fmt: skip
    return nodes


@pytest.mark.requirement("SETTLE-02")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs(), st.data())
def test_the_store_finds_the_base_that_the_definition_names(
    conn: sqlite3.Connection, graph: Graph, data: st.DataObject
) -> None:
    found, order = graph
    nodes = plant(conn, found, order)
    left, right = (data.draw(st.sampled_from(order)) for _ in range(2))
    near = ancestors.nearest_common(conn, nodes[left], nodes[right])
    assert {node.hex for node in near} == nearest_common(found, left, right)
    base = ancestors.merge_base(conn, nodes[left], nodes[right])
    assert (base.hex if base else None) == merge_base(found, left, right)


def test_it_reads_what_was_done_since_and_not_the_history(tmp_path: Path) -> None:
    with traces(tmp_path / "store") as made:
        branch = made.start()
        for number in range(0, 3000, 500):
            made.append(branch, *({"n": number + more} for more in range(500)))
        (side,) = made.fork(branch)
        made.append(side, {"n": "side"})
        made.append(branch, {"n": "trunk"})
        with made.store.reading() as conn:
            heads = [commits.need(conn, made.head(name)) for name in (branch, side)]
            counting = Counting(conn)
            assert ancestors.merge_base(counting, *heads)  # type: ignore[arg-type]
            assert counting.asked < 20
