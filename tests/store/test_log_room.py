"""A young log gets room ahead of what is written: nothing is lost, and nobody is overtaken."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shepherd_sidecar.store import connection
from shepherd_sidecar.store.caring import truncate_log
from shepherd_sidecar.store.layout import DATABASE
from shepherd_sidecar.store.log_room import ENOUGH, PIECE, LogRoom
from shepherd_sidecar.store.store import Store

KILLED = """
import os, sys
from pathlib import Path
from shepherd_sidecar.store.store import Store
store = Store(Path(sys.argv[1]))
while True:
    for n in range(60):
        store.write(lambda tx: tx.conn.execute(
            "INSERT INTO care(at, what, detail) VALUES (1, 'x', randomblob(5000))") and None)
        print(n, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store")
    yield opened
    opened.close()


def write(store: Store, size: int = 5000) -> None:
    store.write(
        lambda tx: (
            tx.conn.execute(
                "INSERT INTO care(at, what, detail) VALUES (1, 'x', randomblob(?))", (size,)
            )
            and None
        )
    )


def log_of(store: Store) -> Path:
    return store.root / f"{DATABASE}-wal"


def rooms() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "store-log"]


def written(store: Store, times: int = 1) -> list[int]:
    """The log's size after each write, when all room that it asked for is made."""
    sizes = []
    for _ in range(times):
        write(store)
        while making := rooms():
            for thread in making:
                if thread.ident is not None:  # else it is just being started
                    thread.join()
        sizes.append(log_of(store).stat().st_size)
    return sizes


def test_most_commits_to_a_young_log_make_it_no_longer(store: Store) -> None:
    before = log_of(store).stat().st_size
    sizes = written(store, 60)
    longer = [size for was, size in zip([before, *sizes], sizes, strict=False) if size > was]
    assert 2 <= len(longer) <= 2 + 2 * 60 * 5 * 4096 // PIECE
    with closing(sqlite3.connect(store.root / DATABASE)) as other:
        assert other.execute("SELECT count(*) FROM care").fetchone() >= (60,)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_who_commits_once_leaves_no_room(tmp_path: Path) -> None:
    Store(tmp_path / "store").close()
    store = Store(tmp_path / "store")
    try:
        (size,) = written(store)
        assert size < PIECE
    finally:
        store.close()


def test_a_log_grows_no_further_than_is_used_of_it(store: Store) -> None:
    sizes = written(store, 500)
    assert max(sizes) < ENOUGH + 2 * PIECE
    assert sizes[-1] == sizes[-2]


def test_a_log_that_was_cut_gets_room_again(store: Store) -> None:
    written(store, 20)
    assert truncate_log(store)
    assert log_of(store).stat().st_size == 0
    assert written(store, 20)[-1] > PIECE


def test_behind_the_back_of_another_writer_nothing_is_written(tmp_path: Path) -> None:
    with (
        closing(Store(tmp_path / "store")) as store,
        closing(connection.connect(store.root)) as mine,
        closing(connection.connect(store.root)) as other,
    ):
        write(store)
        room = LogRoom(store.root, mine, threading.Lock())
        other.execute("BEGIN IMMEDIATE")
        before = log_of(store).stat().st_size
        for _ in range(5):
            room.committed()
            room._size = 0  # as if it had grown
        room.close()
        assert log_of(store).stat().st_size == before
        assert mine.execute("PRAGMA busy_timeout").fetchone() == (connection.BUSY_MS,)
        other.execute("ROLLBACK")
        write(store)


def test_what_was_acknowledged_outlasts_a_kill_in_a_log_with_room(tmp_path: Path) -> None:
    root = tmp_path / "store"
    for wanted in (7, 40):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(root)], stdout=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout is not None
            for _ in range(wanted):
                assert program.stdout.readline()
            program.kill()
    with closing(Store(root)) as store, store.reading() as conn:
        assert conn.execute("SELECT count(*) FROM care").fetchone() >= (47,)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
