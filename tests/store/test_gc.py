"""gc: what is reachable stays, the rest goes."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from shepherd_sidecar.engine import branching
from shepherd_sidecar.engine.subscriptions import Feed, pull
from shepherd_sidecar.errors import ClientIdConflict, UnknownBranch, UnknownCommit
from shepherd_sidecar.store import (
    branches,
    commits,
    gc,
    heads,
    holds,
    numbers,
    objects,
    reflog,
)
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.sweep import collect
from shepherd_sidecar.store.writer import Tx
from tests.store.kept import DO, contents, everything, play, reachable, sound
from tests.support.traces import AUTHOR, Traces, sample, traces

DAY = gc.DAY_MS


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


def test_a_branch_that_was_moved_back_is_not_left_further_on(made: Traces) -> None:
    """Others still need what its reflog first tells of; it stood further back all the same."""
    main = made.start()
    first, *_, last = made.append(main, {"n": 1}, {"n": 2}, {"n": 3})
    (fork,) = made.fork(last, "fork")
    tail = made.rewind(main, first)
    made.discard(main)
    assert collect(made.store, 0).commits == 0, "the fork needs all of them"
    sound(made)
    assert made.head(main) == first
    assert made.log(fork)[-1] == last
    with made.store.reading() as conn, pytest.raises(UnknownBranch):
        branches.need(conn, tail)
    made.store.write(lambda tx: branching.take_back(tx, main, AUTHOR) and None)
    made.append(main, {"n": 4})
    made.discard(fork)
    assert collect(made.store, 0).commits == 2, "those that only the fork needed"
    assert [payload for _, payload in contents(made, main)][1:] == [{"n": 1}, {"n": 4}]
    sound(made)


def test_a_branch_that_was_moved_back_twice_is_left_where_it_stood_last(made: Traces) -> None:
    main = made.start()
    first, second, third = made.append(main, {"n": 1}, {"n": 2}, {"n": 3})
    made.fork(third, "fork")
    made.rewind(main, first)
    made.append(main, {"n": 2}, {"n": 5})
    made.rewind(main, second)
    made.discard(main)
    assert collect(made.store, 0).commits == 1, "the one that nobody stands on"
    assert made.head(main) == second
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
