"""Whoever shares a store hears of each commit, by whichever process, with a bell or without."""

from __future__ import annotations

import ctypes
import errno
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

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
KILLED = """
import os, sys
from pathlib import Path
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.wake import Bell
Bell.ring = lambda self: os.kill(os.getpid(), 9)
Store(Path(sys.argv[1])).write(
    lambda tx: tx.conn.execute("INSERT INTO care(at, what) VALUES (1, 'killed')") and None
)
"""
KINDS: list[type[wake.Ear]] = [wake.Observed, wake.Polled]
if sys.platform == "linux":
    KINDS.append(wake.Inotify)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def listened(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, threading.Event]]:
    """A store and what is set when it changes; by every way of listening."""
    monkeypatch.setattr(wake, "listen", request.param)
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


def test_a_commit_of_this_process_is_heard(listened: tuple[Store, threading.Event]) -> None:
    store, woken = listened
    store.write(lambda tx: tx.conn.execute("INSERT INTO care(at, what) VALUES (1, 'x')") and None)
    assert woken.wait(30)


def test_a_commit_without_a_bell_is_heard_all_the_same(
    listened: tuple[Store, threading.Event],
) -> None:
    """The writer is killed in between; when it is heard, what it wrote is there to be read."""
    store, woken = listened
    killed = subprocess.Popen([sys.executable, "-c", KILLED, str(store.root)])
    try:
        while True:
            assert woken.wait(30)
            woken.clear()
            with store.reading() as conn:
                if conn.execute("SELECT 1 FROM care WHERE what = 'killed'").fetchone():
                    break
    finally:
        assert killed.wait(30) == -9


@pytest.mark.skipif(sys.platform != "linux", reason="inotify's")
def test_when_no_instance_is_left_the_store_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for a wake-up must not wait for ever because an editor took them all."""
    from watchdog.observers import inotify_c

    def none_left() -> int:
        ctypes.set_errno(errno.EMFILE)
        return -1

    monkeypatch.setattr(inotify_c, "inotify_init", none_left)
    store, woken = Store(tmp_path / "store"), threading.Event()
    try:
        store.listen(woken.set)
        subprocess.run([sys.executable, "-c", WRITE, str(store.root)], check=True)
        assert woken.wait(30)
    finally:
        store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="inotify's")
def test_a_commit_is_one_wake_up_however_much_it_writes(tmp_path: Path) -> None:
    store, other = Store(tmp_path / "store"), Store(tmp_path / "store")
    heard: SimpleQueue[int] = SimpleQueue()
    store.listen(lambda: heard.put(1))
    try:
        other.write(
            lambda tx: (
                tx.conn.executemany(
                    "INSERT INTO care(at, what) VALUES (?, ?)", [(n, "x" * 900) for n in range(500)]
                )
                and None
            )
        )
        heard.get(timeout=30)
        with pytest.raises(Empty):
            heard.get(timeout=0.3)
    finally:
        other.close()
        store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="inotify's")
def test_the_patient_are_woken_less_and_miss_nothing(tmp_path: Path) -> None:
    """A hundred commits are a few wake-ups, and the last one comes after the last commit."""
    store, other = Store(tmp_path / "store"), Store(tmp_path / "store")
    seen: SimpleQueue[int] = SimpleQueue()

    def look() -> None:
        with store.reading() as conn:
            seen.put(conn.execute("SELECT count(*) FROM care WHERE what = 'x'").fetchone()[0])

    store.listen(look, 0.2)
    try:
        for _ in range(100):
            other.write(
                lambda tx: tx.conn.execute("INSERT INTO care(at, what) VALUES (1, 'x')") and None
            )
        times = 1
        while seen.get(timeout=30) < 100:
            times += 1
        assert times < 100
    finally:
        other.close()
        store.close()
