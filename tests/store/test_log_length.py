"""The database's log is folded in once it is long, and nobody waits for that."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.store.log_length import LONG, is_long
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx, Writer

_PAGE = 4096


@given(st.lists(st.one_of(st.integers(1, 9), st.sampled_from(["fold", "zeros"])), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_log_is_as_long_as_sqlite_says(steps: list[int | str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "db-wal"
        with closing(sqlite3.connect(Path(folder) / "db", isolation_level=None)) as conn:
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA wal_autocheckpoint = 0")
            conn.execute("PRAGMA synchronous = OFF")
            conn.execute("CREATE TABLE t(x)")
            for step in steps:
                if step == "zeros":  # room that was made ahead
                    with log.open("ab") as out:
                        out.write(bytes(8 * _PAGE))
                elif step == "fold":
                    _, frames, _ = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                    assert frames == 0 or is_long(str(log), frames)
                    assert not is_long(str(log), frames + 1)
                else:
                    conn.execute("INSERT INTO t VALUES (zeroblob(?))", (int(step) * _PAGE,))
            _, frames, _ = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            assert [is_long(str(log), n) for n in range(1, frames + 9)] == [
                n <= frames for n in range(1, frames + 9)
            ]
        assert not is_long(str(log))


def test_whoever_commits_does_not_wait_for_the_folding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_fold, folded = threading.Event(), threading.Event()
    fold = Writer._fold

    def held(writer: Writer) -> None:
        may_fold.wait()
        fold(writer)
        folded.set()

    monkeypatch.setattr(Writer, "_fold", held)
    store = Store(tmp_path / "store")
    try:
        store.write(_much)  # answered, though nothing may be folded yet
        assert is_long(f"{store.root / 'store.db'}-wal")
        later = store.submit(_much)
        assert (store.root / "store.db").stat().st_size < LONG * _PAGE
        may_fold.set()
        folded.wait()
        assert (store.root / "store.db").stat().st_size > LONG * _PAGE
        later.result()
    finally:
        may_fold.set()
        store.close()


def test_a_log_does_not_grow_with_what_is_written(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    try:
        log = Path(f"{store.root / 'store.db'}-wal")
        for _ in range(8):
            store.write(_much)
            # One more may be written before it is folded: that which was just being asked for.
            assert log.stat().st_size < 3 * LONG * _PAGE
    finally:
        store.close()
    assert not log.exists() or log.stat().st_size == 0


def _much(tx: Tx) -> None:
    """Somewhat more than makes a log long."""
    tx.conn.execute("CREATE TABLE IF NOT EXISTS much(x)")
    tx.conn.execute("INSERT INTO much VALUES (zeroblob(?))", ((LONG + 50) * _PAGE,))
