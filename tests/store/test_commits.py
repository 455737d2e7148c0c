"""Commits as rows: the skip pointers against the plain definitions, in a real database."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.errors import UnknownCommit
from shepherd_sidecar.store import commits, connection, layout, numbers, schema
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.log import log
from shepherd_sidecar.trace.merge_base import merge_base

_number = itertools.count()

Forest = tuple[dict[Id, Commit], list[Id]]


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    root: Path = tmp_path_factory.mktemp("store")
    layout.prepare(root)
    conn = connection.connect(root)
    schema.ensure(conn, root)
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("BEGIN")
    yield conn
    conn.execute("ROLLBACK")
    conn.close()


def grow(conn: sqlite3.Connection, parents: list[int | None]) -> tuple[Forest, list[Node]]:
    """A forest where commit ``i`` has the parent ``parents[i]`` (an earlier place, or none)."""
    pure: dict[Id, Commit] = {}
    order: list[Id] = []
    nodes: list[Node] = []
    known: dict[int, Any] = {}
    for parent in parents:
        above = (order[parent],) if parent is not None else ()
        commit = Commit(above, object_id("event", b"%d" % next(_number)))
        pure[commit.id] = commit
        order.append(commit.id)
        nodes.append(
            commits.insert(
                conn,
                numbers.last(conn, "commits") + 1,
                bytes.fromhex(commit.id),
                nodes[parent] if parent is not None else None,
                None,
                1,
                0,
                0,
                None,
                None,
                0,
                None,
                None,
                b"{}",
                known,
            )
        )
    return (pure, order), nodes


@st.composite
def shapes(draw: st.DrawFn) -> list[int | None]:
    """Parents of up to 40 commits; long logs are as likely as bushes."""
    shape: list[int | None] = [None]
    for place in range(1, draw(st.integers(1, 40))):
        near = draw(st.integers(0, 9))
        if near < 6:
            shape.append(place - 1)
        else:
            shape.append(draw(st.none() | st.integers(0, place - 1)) if near < 9 else None)
    return shape


@pytest.mark.requirement("FORK-04")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes(), st.data())
def test_rows_say_what_the_definitions_say(
    conn: sqlite3.Connection, shape: list[int | None], data: st.DataObject
) -> None:
    (pure, order), nodes = grow(conn, shape)
    paths = [log(pure, at) for at in order]
    for node, path in zip(nodes, paths, strict=True):
        assert node.depth == len(path) - 1
        assert [commits.at_depth(conn, node, d).hex for d in range(len(path))] == path
        assert [found.hex for found in commits.walk(conn, node.seq, 1000)] == path[::-1]
        limit = data.draw(st.integers(1, 5))
        assert [found.hex for found in commits.walk(conn, node.seq, limit)] == path[::-1][:limit]
    for _ in range(10):
        a = data.draw(st.integers(0, len(nodes) - 1))
        b = data.draw(st.integers(0, len(nodes) - 1))
        assert commits.on_log(conn, nodes[a], nodes[b]) is (order[a] in paths[b])
        point = commits.fork_point(conn, nodes[a], nodes[b])
        assert (point.hex if point else None) == merge_base(pure, order[a], order[b])


class Counting:
    """A connection that counts what is asked of it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.asked = 0

    def execute(self, *arguments: Any) -> Any:
        self.asked += 1
        return self.conn.execute(*arguments)


@pytest.mark.requirement("FORK-04")
def test_any_ancestor_is_found_in_logarithmic_steps(conn: sqlite3.Connection) -> None:
    depth = 20_000
    trunk: list[int | None] = [None, *range(depth - 1)]
    (_, order), nodes = grow(conn, [*trunk, depth // 3, *range(depth, depth + 5000)])
    asked = []
    chooser = random.Random(1)
    for _ in range(300):
        counting: Any = Counting(conn)
        wanted = chooser.randrange(depth)
        found = commits.at_depth(counting, nodes[depth - 1], wanted)
        assert found.hex == order[wanted]
        asked.append(counting.asked)
    assert max(asked) <= 6 * depth.bit_length()
    counting = Counting(conn)
    point = commits.fork_point(counting, nodes[depth - 1], nodes[-1])
    assert point is not None
    assert point.hex == order[depth // 3]
    assert counting.asked <= 12 * depth.bit_length()


def test_what_a_commit_remembers_is_one_small_jump(conn: sqlite3.Connection) -> None:
    _, nodes = grow(conn, [None, *range(400)])
    by_seq = {node.seq: node for node in nodes}
    for node in nodes[1:]:
        assert node.jump is not None
        assert by_seq[node.jump].depth < node.depth
    again = [commits.get(conn, node.seq) for node in nodes]
    assert again == nodes


def test_commits_are_found_by_id(conn: sqlite3.Connection) -> None:
    _, nodes = grow(conn, [None, 0])
    for node in nodes:
        assert commits.find(conn, node.id) == node
        assert commits.need(conn, node.hex) == node
    near = bytes([*nodes[0].id[:8], *bytes(24)])  # the index holds only the first 8 bytes
    assert commits.find(conn, near) is None
    for wrong in ("0" * 64, "", "0" * 63):
        with pytest.raises(UnknownCommit):
            commits.need(conn, wrong)
