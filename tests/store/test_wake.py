"""Whoever shares a store hears of each commit, by whichever process, with a bell or without."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.store import wake
from shepherd_sidecar.store.store import Store

WRITE = """
import sys
from pathlib import Path
from shepherd_sidecar.store.store import Store
store = Store(Path(sys.argv[1]))
store.write(lambda tx: tx.conn.execute("INSERT INTO care(at, what) VALUES (1, 'x')") and None)
store.close()
"""
KINDS = [wake.Inotify, wake.Observed] if sys.platform == "linux" else [wake.Observed]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def listened(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, threading.Event]]:
    """A store and what is set when it changes; by both ways of listening."""
    monkeypatch.setattr(wake, "Inotify", request.param)
    store, woken = Store(tmp_path / "store"), threading.Event()
    store.listen(woken.set)
    try:
        yield store, woken
    finally:
        store.close()


def test_a_commit_of_another_process_is_heard(listened: tuple[Store, threading.Event]) -> None:
    store, woken = listened
    subprocess.run([sys.executable, "-c", WRITE, str(store.root)], check=True)
    assert woken.wait(30)


def test_a_commit_without_a_bell_is_heard_all_the_same(
    listened: tuple[Store, threading.Event],
) -> None:
    """As of a writer that was killed in between."""
    store, woken = listened
    conn = sqlite3.connect(store.root / "store.db", isolation_level=None)
    conn.execute("INSERT INTO care(at, what) VALUES (1, 'x')")
    assert woken.wait(30)
    conn.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the queue is inotify's")
def test_a_queue_that_was_full_counts_as_a_bell(tmp_path: Path) -> None:
    """The kernel drops what does not fit, and says so without a name."""
    heard: list[set[str]] = []
    rung = threading.Event()
    go_on = threading.Event()

    def slow(names: object) -> None:
        assert isinstance(names, set)
        heard.append(names)
        if "bell" in names:
            rung.set()
        go_on.wait(30)

    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    ear = wake.Inotify(tmp_path, slow)
    try:
        fds = [os.open(tmp_path / name, os.O_CREAT | os.O_WRONLY) for name in "ab"]
        for number in range(most + 1000):  # in turns: the same one twice would be one event
            os.pwrite(fds[number % 2], b"x", 0)
        go_on.set()
        assert rung.wait(30)
    finally:
        go_on.set()
        ear.close()
        for fd in fds:
            os.close(fd)
