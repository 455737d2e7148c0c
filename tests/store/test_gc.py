"""gc: what is reachable stays, the rest goes, and nothing in between is ever wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.engine import branching, record
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.subscriptions import Feed, pull
from shepherd_sidecar.errors import ClientIdConflict, StoreLocked, UnknownBranch, UnknownCommit
from shepherd_sidecar.store import (
    branches,
    commits,
    gc,
    heads,
    holds,
    numbers,
    objects,
    payloads,
    reflog,
)
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.sweep import _Sweep, collect
from shepherd_sidecar.store.verify import verify
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.events import blob_refs
from shepherd_sidecar.trace.ids import object_id
from shepherd_sidecar.trace.trees import Dir, File, Link, parse_tree, tree_bytes
from tests.support.traces import AUTHOR, Traces, sample, traces

DAY = gc.DAY_MS


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


def test_a_store_without_discarded_branches_keeps_everything(made: Traces, tmp_path: Path) -> None:
    sample(made, tmp_path / "work")
    before = everything(made)
    assert collect(made.store, 30 * DAY) == gc.Counts()
    assert everything(made) == before
    sound(made)


@pytest.mark.requirement("STORE-02", "BRANCH-01")
def test_a_discarded_branch_goes_when_its_time_is_up(made: Traces, tmp_path: Path) -> None:
    main = sample(made, tmp_path / "work")
    before = everything(made)
    log = contents(made, main)
    (own,) = set(made.log("gone")) - set(made.log(main))
    assert collect(made.store, DAY) == gc.Counts(), "it is retained"

    promised = collect(made.store, 0, dry_run=True)
    assert everything(made) == before
    done = collect(made.store, 0)
    assert done == promised
    assert (done.branches, done.commits) == (1, 1)
    assert before["commits"] - everything(made)["commits"] == {own}
    assert contents(made, main) == log
    with made.store.reading() as conn, pytest.raises(UnknownBranch):
        branches.need(conn, "gone")
    with made.store.reading() as conn, pytest.raises(UnknownCommit):
        commits.need(conn, own)
    assert collect(made.store, 0) == gc.Counts()
    sound(made)


def test_what_others_were_forked_from_keeps_its_times(made: Traces) -> None:
    """The discarded origin is cut back to what its forks share; then it goes with them."""
    main = made.start()
    shared = made.append(main, {"n": 1}, {"n": 2})
    (fork,) = made.fork(main, "fork")
    made.append(main, {"n": 3}, {"n": 4})
    made.append(fork, {"n": 5})
    made.discard(main)
    done = collect(made.store, 0)
    assert (done.branches, done.commits) == (0, 2)
    with made.store.reading() as conn:
        for name in shared:
            logged = reflog.get(conn, commits.need(conn, name).logged)
            assert logged is not None
            assert branches.by_seq(conn, logged.branch).name == main
        assert branching.view(conn, branches.need(conn, fork)).forked_from is not None
    assert made.head(main) == shared[-1]
    sound(made)
    made.fork(shared[0], "again")
    made.discard(fork)
    made.discard("again")
    done = collect(made.store, 0)
    assert (done.branches, done.commits) == (3, 4)
    assert everything(made) == {"commits": set(), "objects": set()}
    assert made.rows("SELECT * FROM runs") == []
    sound(made)


def test_a_live_branch_outlives_the_tail_that_was_cut_off_it(made: Traces) -> None:
    """Its reflog still names what is gone: the chain holds, and readers pass over it."""
    main = made.start()
    (first,) = made.append(main, {"n": 1})
    feed = Feed(0, 1000)
    made.append(main, {"n": 2}, client_id="two")
    made.rewind(main, first)
    made.append(main, {"n": 3})
    assert collect(made.store, 0).commits == 1
    sound(made)
    told = [found.payload for found in pull(made.store, feed)]
    assert told == [{"name": "run"}, {"n": 1}, {"n": 3}]
    with pytest.raises(ClientIdConflict):
        made.append(main, {"n": 2}, client_id="two")
    assert len(made.rows("SELECT * FROM removed")) == 1
    made.discard(main)
    collect(made.store, 0)
    assert made.rows("SELECT * FROM removed") == [], "nothing names it any more"
    sound(made)


def test_numbers_are_never_used_twice(made: Traces) -> None:
    """A cursor means the same for ever; so do the rows that other processes remember."""
    keep = made.start("keep")
    drop = made.start("drop")
    made.append(drop, {"n": 1}, {"n": 2})
    made.discard(drop)
    newest = {
        table: made.rows(f"SELECT max(seq) FROM {table}")[0][0]
        for table in ("reflog", "commits", "branches", "runs")
    }
    with made.store.reading() as conn:
        cursor = numbers.last(conn, "reflog")
    collect(made.store, 0)
    with made.store.reading() as conn:
        assert numbers.last(conn, "reflog") == cursor
        assert reflog.after(conn, cursor, 10) == []
    feed = Feed(cursor, 1000)
    made.append(keep, {"n": 3})
    other = made.start("other")
    assert [found.payload for found in pull(made.store, feed)] == [{"n": 3}, {"name": other}]
    for table, before in newest.items():
        rows = made.rows(f"SELECT seq FROM {table} WHERE seq > ?", before)
        assert rows, table
    sound(made)


def test_what_is_needed_without_a_branch_stays(made: Traces, tmp_path: Path) -> None:
    main = made.start()
    held = made.start("held")
    (intent,) = made.append(held, {"name": "deploy"}, kind="tool_call")

    def hold(tx: Tx) -> None:
        node, branch = commits.need(tx.conn, intent), heads.load(tx, held).branch.seq
        holds.add(tx.conn, node.seq, branch, tx.now, None, "deny", None, "asked", "me")

    made.store.write(hold)
    made.discard(held, days_ago=90)
    put = made.blob(b"put a moment ago, to be named soon")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "file").write_text("captured")
    world = made.start("world", tmp_path / "work")
    assert collect(made.store, 0) == gc.Counts()
    made.append(main, {"content": {"$blob": put}})
    assert made.log(held)[-1] == intent
    assert made.head(world)

    made.write("UPDATE pins SET at = at - ?", 2 * gc.PIN_MS)
    loose = made.blob(b"put long ago")
    made.write("UPDATE pins SET at = at - ?", 2 * gc.PIN_MS)
    assert collect(made.store, 0).blobs == 1
    assert loose not in everything(made)["objects"]
    assert put in everything(made)["objects"]
    sound(made)


def test_worlds_of_branches_that_go_are_removed(made: Traces, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "file").write_text("of the user")
    main = made.start("main", tmp_path / "work")
    made.discard(main)
    done = collect(made.store, 0, remove_world=made.engine.workspaces.remove)
    assert done.worlds == 1
    assert (tmp_path / "work" / "file").read_text() == "of the user"
    assert made.rows("SELECT * FROM worlds") == []


def test_the_oldest_go_first_until_the_store_is_small_enough(made: Traces) -> None:
    made.start("main")
    for number in range(4):
        branch = made.start(f"old-{number}")
        made.append(branch, {"data": {"$blob": made.blob(os.urandom(100_000))}})
        made.discard(branch, days_ago=4 - number)
    made.write("UPDATE pins SET at = 0")
    with made.store.reading() as conn:
        size = gc._fixed_bytes(conn, made.root)
    promised = collect(made.store, 30 * DAY, size + 250_000, dry_run=True)
    done = collect(made.store, 30 * DAY, size + 250_000)
    assert done == promised
    assert done.branches == 2
    names = [name for (name,) in made.rows("SELECT name FROM branches ORDER BY seq")]
    assert names == ["main", "old-2", "old-3"]
    assert collect(made.store, 30 * DAY, 10**12) == gc.Counts()
    sound(made)


def test_files_go_and_the_database_shrinks(made: Traces) -> None:
    main = made.start()
    keep, drop = made.fork(main, "keep", "drop")
    made.append(keep, {"content": "k" * 70_000})
    for number in range(30):
        made.append(drop, {"number": number, "content": os.urandom(30_000).hex()})
    made.append(drop, {"content": os.urandom(50_000).hex()})
    made.discard(drop)
    files = {path for path in (made.root / "objects").rglob("*") if path.is_file()}
    assert len(files) == 2
    size = (made.root / "store.db").stat().st_size + (made.root / "store.db-wal").stat().st_size
    collect(made.store, 0)
    left = {path for path in (made.root / "objects").rglob("*") if path.is_file()}
    assert len(left) == 1
    assert (made.root / "store.db-wal").stat().st_size == 0
    assert (made.root / "store.db").stat().st_size < size / 2
    sound(made)


@pytest.mark.requirement("CRASH-02")
def test_half_written_files_are_gone_after_the_next_start(tmp_path: Path) -> None:
    Store(tmp_path / "store").close()
    half, young = (tmp_path / "store" / "objects" / f".new-1-{name}" for name in ("a", "b"))
    half.write_bytes(b"half")
    young.write_bytes(b"somebody may be writing it")
    os.utime(half, (0, 0))
    Store(tmp_path / "store").close()
    assert not half.exists()
    assert young.exists()


@pytest.mark.requirement("CRASH-02")
def test_what_a_crash_left_is_removed_once_it_is_old(made: Traces) -> None:
    objects.prepare(made.root, "blob", os.urandom(70_000))
    (made.root / "objects" / ".new-1-abc").write_bytes(b"half")
    assert collect(made.store, 0).bytes == 0, "they may be on their way into the store"
    for path in (made.root / "objects").rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
    assert collect(made.store, 0).bytes > 70_000
    assert not [path for path in (made.root / "objects").rglob("*") if path.is_file()]


def test_content_that_is_needed_again_while_gc_is_at_work_stays(made: Traces) -> None:
    """Another process finds in the store what gc was about to remove."""
    main = made.start()
    (drop,) = made.fork(main, "drop")
    tree = with_tree(made, drop, b"content of a file")
    (event,) = made.append(
        drop, {"model": "m", "messages": [{"a": 1}, {"b": 2}]}, kind="model_call"
    )
    made.append(drop, {"content": "c" * 70_000})
    made.discard(drop)
    before = everything(made)
    plan = gc.plan(made.store, 0)
    assert plan.counts.commits == 3
    sweep = _Sweep(made.store, plan)

    other = Store(made.root)
    try:
        with traces(made.root) as second:
            (again,) = second.fork(main, "again")
            assert with_tree(second, again, b"content of a file") == tree
            sweep.run(lambda branch: None)
            sound(made)
            payload = {"model": "m", "messages": [{"a": 1}, {"b": 2}]}
            second.append(again, payload, kind="model_call")
            second.append(again, {"content": "c" * 70_000})
    finally:
        other.close()
    assert everything(made) == before
    assert made.log("again")[-2] == event
    sound(made)


def test_a_snapshot_that_relied_on_what_gc_removed_is_refused(made: Traces) -> None:
    main = made.start()
    (drop,) = made.fork(main, "drop")
    with_tree(made, drop, b"content of a file")
    made.discard(drop)
    with batch(made.store) as content:
        blob = object_id("blob", b"content of a file")
        assert content.has("blob", blob)
        tree = content.add("tree", tree_bytes({b"file": File(0o644, 17, blob)}))
        collect(made.store, 0)
        with pytest.raises(StoreLocked):
            made.store.write(lambda tx: content.insert(tx, tree))
    sound(made)


def test_a_branch_that_is_taken_back_meanwhile_stays(made: Traces) -> None:
    main = made.start()
    (drop,) = made.fork(main, "drop")
    made.append(drop, {"n": 1})
    made.discard(drop)
    sweep = _Sweep(made.store, gc.plan(made.store, 0))
    made.store.write(lambda tx: branching.take_back(tx, drop, AUTHOR) and None)
    assert sweep.run(lambda branch: None).branches == 0
    made.append(drop, {"n": 2})
    assert len(made.log(drop)) == 3
    sound(made)


@pytest.mark.parametrize("steps", range(1, 32, 2))
def test_wherever_it_stops_nothing_is_wrong_and_the_next_goes_on(
    made: Traces, tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a crash would: after each of its transactions."""
    main = sample(made, tmp_path / "work")
    made.append("side", {"content": "s" * 70_000})
    made.discard("side")
    log = contents(made, main)
    write, left = made.store.write, steps

    class Stopped(Exception):
        pass

    def counted(work: Any) -> Any:
        nonlocal left
        if not left:
            raise Stopped
        left -= 1
        return write(work)

    monkeypatch.setattr("shepherd_sidecar.store.sweep._STEP", 2)
    monkeypatch.setattr(made.store, "write", counted)
    with contextlib.suppress(Stopped):
        collect(made.store, 0)
    monkeypatch.undo()
    sound(made)
    assert contents(made, main) == log
    collect(made.store, 0)
    sound(made)
    assert everything(made) == reachable(made, 2**60)


def test_others_write_while_gc_is_at_work(made: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes so many rows at a time, and lets others write in between."""
    main = made.start()
    (drop,) = made.fork(main, "drop")
    for number in range(20):
        made.append(drop, *({"n": [number, index]} for index in range(400)))
    made.discard(drop)
    stop = threading.Event()
    sent: list[str] = []
    write, sweeping, turns = made.store.write, threading.get_ident(), 0

    def writer() -> None:
        while not stop.is_set():
            sent.extend(made.append(main, {"n": len(sent)}))

    def counted(work: Any) -> Any:
        nonlocal turns
        turns += threading.get_ident() == sweeping
        return write(work)

    monkeypatch.setattr(made.store, "write", counted)
    thread = threading.Thread(target=writer)
    thread.start()
    try:
        done = collect(made.store, 0)
    finally:
        stop.set()
        thread.join()
    assert done.commits == 8000
    assert made.log(main)[1:] == sent
    assert turns > 8, "none of its transactions is long"
    sound(made)


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


@pytest.mark.requirement("STORE-02")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DO)
def test_gc_keeps_exactly_what_is_reachable(script: list[tuple[str, int, int]]) -> None:
    """Law 12, against the definition said naively."""
    folder = Path(tempfile.mkdtemp())
    try:
        with traces(folder / "store") as made:
            play(made, script)
            sound(made)
            made.write("DELETE FROM pins")
            expired = int(time.time() * 1000) - 30 * DAY
            expected = reachable(made, expired)
            kept = [
                name
                for name, status, changed in made.rows("SELECT name, status, changed FROM branches")
                if status != "discarded" or changed >= expired
            ]
            logs = {name: contents(made, name) for name in kept}
            promised = collect(made.store, 30 * DAY, dry_run=True)
            assert collect(made.store, 30 * DAY) == promised
            assert everything(made) == expected
            assert {name: contents(made, name) for name in kept} == logs
            sound(made)
            assert collect(made.store, 30 * DAY) == gc.Counts()
            listed = [
                at
                for (text,) in made.rows("SELECT lists FROM commits WHERE lists IS NOT NULL")
                for at in orjson.loads(text).values()
            ]
            named = {seq for (seq,) in made.rows("SELECT prev FROM lists")} | set(listed)
            assert {seq for (seq,) in made.rows("SELECT seq FROM lists")} <= named
    finally:
        shutil.rmtree(folder)
