"""Stores made of whatever comes, what they hold, and what gc must leave of it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from shepherd_sidecar.engine import branching, record
from shepherd_sidecar.store import commits, heads, objects, payloads
from shepherd_sidecar.store.verify import verify
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.events import blob_refs
from shepherd_sidecar.trace.trees import Dir, File, Link, parse_tree, tree_bytes
from tests.support.traces import AUTHOR, Traces


def sound(made: Traces) -> None:
    assert verify(made.store).findings == []


def with_tree(made: Traces, branch: str, content: bytes) -> str:
    """A commit that carries a small workspace."""

    def work(tx: Tx) -> str:
        blob = objects.prepare(made.root, "blob", content)
        objects.insert(tx.conn, blob)
        inner = objects.prepare(
            made.root, "tree", tree_bytes({b"file": File(0o644, len(content), blob.id)})
        )
        objects.insert(tx.conn, inner)
        outer = objects.prepare(
            made.root, "tree", tree_bytes({b"in": Dir(0o755, inner.id), b"l": Link(b"in/file")})
        )
        head = heads.load_open(tx, branch)
        event = made.engine.preparer.own("workspace_change", {"why": "test"})
        row = objects.insert(tx.conn, outer)
        return record.append(tx, head, event, AUTHOR, tree=row).hex

    return made.store.write(work)


def merge(made: Traces, onto: str, other: str) -> str:
    """A commit with two parents."""

    def work(tx: Tx) -> str:
        head, second = heads.load_open(tx, onto), heads.load(tx, other).node
        event = made.engine.preparer.own("intervention", {"action": "merge", "by": AUTHOR})
        return record.append(tx, head, event, AUTHOR, second=second).hex

    return made.store.write(work)


def everything(made: Traces) -> dict[str, set[str]]:
    """Ids of all commits and objects."""
    return {
        "commits": {row[0].hex() for row in made.rows("SELECT id FROM commits")},
        "objects": {row[0].hex() for row in made.rows("SELECT id FROM objects")},
    }


def reachable(made: Traces, expired: int) -> dict[str, set[str]]:
    """The definition, said once more and naively."""
    found: dict[str, set[str]] = {"commits": set(), "objects": set()}
    waiting: list[tuple[str, str]] = []
    with made.store.reading() as conn:
        for head, point, status, changed in conn.execute(
            "SELECT head, fork_point, status, coalesce(changed, created) FROM branches"
        ):
            if status != "discarded" or changed >= expired:
                waiting += [("commits", commits.get(conn, seq).hex) for seq in (head, point) if seq]
        while waiting:
            kind, name = waiting.pop()
            if name in found[kind]:
                continue
            found[kind].add(name)
            if kind == "objects":
                row = conn.execute(
                    "SELECT seq, kind FROM objects WHERE id = ?", (bytes.fromhex(name),)
                ).fetchone()
                if row[1] == 1:
                    tree = parse_tree(objects.read_seq(conn, made.root, row[0]))
                    waiting += [
                        ("objects", entry.tree if isinstance(entry, Dir) else entry.blob)
                        for entry in tree.values()
                        if not isinstance(entry, Link)
                    ]
                continue
            node = commits.need(conn, name)
            above = [seq for seq in (node.parent, node.second, node.intent) if seq is not None]
            waiting += [("commits", commits.get(conn, seq).hex) for seq in above]
            if node.flags & commits.OWN_TREE and node.world is not None:
                waiting.append(("objects", objects.id_of(conn, node.world)))
            (external,) = conn.execute(
                "SELECT external FROM commits WHERE seq = ?", (node.seq,)
            ).fetchone()
            if external is not None:
                waiting.append(("objects", objects.id_of(conn, external)))
            waiting += [("objects", ref) for ref in blob_refs(payloads.read(conn, made.root, node))]
    return found


def contents(made: Traces, branch: str) -> list[tuple[str, Any]]:
    """Everything on a log."""
    with made.store.reading() as conn:
        return [
            (name, payloads.read(conn, made.root, commits.need(conn, name)))
            for name in made.log(branch)
        ]


DO = st.lists(
    st.tuples(
        st.sampled_from(
            ["append", "append", "call", "tree", "blob", "large", "fork", "fork at", "discard",
             "rewind", "merge", "start", "take back"]
        ),
        st.integers(0, 2**16),
        st.integers(0, 2**16),
    ),
    max_size=40,
)  # fmt: skip


def play(made: Traces, script: list[tuple[str, int, int]]) -> None:
    """A store made of whatever comes."""
    made.start()
    messages = [{"role": "user", "content": str(number)} for number in range(6)]
    for what, one, two in script:
        rows = made.rows("SELECT name, status FROM branches ORDER BY seq")
        names = [name for name, status in rows if status != "discarded"]
        if what == "start" or not names:
            made.start(f"run-{one % 3}")
            continue
        branch = names[one % len(names)]
        if what == "append":
            made.append(branch, {"n": two % 3}, client_id=None)
        elif what == "call":
            made.call(branch, {"model": "m", "messages": messages[: two % 6]}, {"n": two % 2})
        elif what == "tree":
            with_tree(made, branch, b"content %d" % (two % 3))
        elif what == "blob":
            made.append(branch, {"at": [{"$blob": made.blob(b"blob %d" % (two % 4))}]})
        elif what == "large":
            made.append(branch, {"content": f"{two % 2}" * 66_000})
        elif what == "fork":
            made.fork(branch)
        elif what == "fork at":
            log = made.log(branch)
            made.fork(log[two % len(log)])
        elif what == "discard":
            made.discard(branch, days_ago=two % 60)
        elif what == "rewind":
            log = made.log(branch)
            tail = made.rewind(branch, log[two % len(log)])
            made.write("UPDATE branches SET changed = 0 WHERE name = ? AND ?", tail, two % 2)
        elif what == "merge":
            merge(made, branch, names[two % len(names)])
        elif what == "take back":
            set_aside = [name for name, status in rows if status == "discarded"]
            if set_aside:
                name = set_aside[two % len(set_aside)]
                made.store.write(
                    lambda tx, name=name: branching.take_back(tx, name, AUTHOR) and None
                )
