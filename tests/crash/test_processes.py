"""Several processes on one store at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from shepherd_sidecar.errors import StoreLocked
from shepherd_sidecar.store import commits, connection
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.verify import verify
from tests.crash import writer
from tests.support.traces import traces
from tests.support.waiting import PATIENCE

ENOUGH = 100
"""Acknowledged events, before the writers are killed."""


def several(root: str, seed: int, pipe: object) -> None:
    """A writer that shares its branch with the others."""
    writer.work(root, seed, pipe.fileno())  # type: ignore[attr-defined]


@pytest.mark.requirement("STORE-05")
def test_writers_and_a_reader_share_a_store(tmp_path: Path) -> None:
    """Nobody sees a torn state, nobody's acknowledged event is lost, whoever else writes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.writer"])
    root = tmp_path / "store"
    with traces(root) as made:
        made.start(writer.KEEPER)
    reading, writing = context.Pipe(duplex=False)
    programs = [
        context.Process(target=several, args=(str(root), seed, writing), daemon=True)
        for seed in (1, 1000, 2000)
    ]
    for program in programs:
        program.start()
    writing.close()
    os.set_blocking(reading.fileno(), False)
    told, looks = b"", 0
    store = Store(root)
    try:
        while told.count(b"\n") < ENOUGH or not looks:
            told += drained(reading.fileno())
            try:
                assert verify(store).findings == []
                looks += 1
            except StoreLocked:
                time.sleep(0.005)  # one of them is at its gc
            consistent(store)
        for program in programs:
            assert program.pid is not None
            assert program.is_alive(), f"a writer ended by itself: {program.exitcode}"
            os.kill(program.pid, signal.SIGKILL)
        for program in programs:
            program.join(PATIENCE)
            program.close()
        told += drained(reading.fileno())
        reading.close()
        assert verify(store).findings == []
        with store.reading() as conn:
            acknowledged = [line.split(" ")[1] for line in told.decode().splitlines()]
            for name in acknowledged:
                assert commits.find(conn, bytes.fromhex(name)) is not None
        assert len(acknowledged) >= ENOUGH
    finally:
        store.close()


def drained(fd: int) -> bytes:
    """What is in a pipe now."""
    parts = []
    try:
        while data := os.read(fd, 1 << 16):
            parts.append(data)
    except BlockingIOError:
        pass
    return b"".join(parts)


def consistent(store: Store) -> None:
    """As of one moment, every branch stands where its reflog says, at a commit that is there."""
    with store.frozen() as conn:
        torn = conn.execute(
            "SELECT b.name FROM branches b LEFT JOIN commits c ON c.seq = b.head"
            " LEFT JOIN reflog r ON r.seq = b.tip"
            " WHERE c.seq IS NULL OR r.head IS NOT b.head OR r.branch IS NOT b.seq"
        ).fetchall()
    assert torn == []


@pytest.mark.requirement("STORE-05")
def test_a_lock_that_is_held_too_long_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_MS", 50)
    with traces(tmp_path / "store") as made:
        main = made.start()
        other = sqlite3.connect(made.root / "store.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked) as error:
            made.append(main, {"n": 1})
        assert error.value.data["path"].endswith("store.db")
        assert len(made.log(main)) == 1
        other.execute("ROLLBACK")
        other.close()
        made.append(main, {"n": 1})
