"""A program on a disk that is too small, or may not be written. Run by test_disk.py.

``python -m tests.crash.disk SCENARIO FOLDER``; ends with ``ok`` on stdout, or with a traceback.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shepherd_sidecar.errors import StoreFull, StoreReadOnly
from shepherd_sidecar.store import commits, payloads
from shepherd_sidecar.store.verify import verify
from tests.support.traces import Traces, sample, traces

_MB = 1 << 20


def fill(made: Traces, branch: str, size: int) -> list[str]:
    """Record until the disk refuses; returns what was acknowledged."""
    told, chance = [], random.Random(1)
    with pytest.raises(StoreFull) as error:
        while True:
            told += made.append(branch, {"content": chance.randbytes(size // 2).hex()})
    assert error.value.data["path"].startswith(str(made.root))
    return told


def readable(made: Traces, branch: str, told: list[str]) -> None:
    """Everything that was acknowledged is there, in order, and sound."""
    log = made.log(branch)
    assert [name for name in log if name in set(told)] == told
    with made.store.reading() as conn:
        for name in log:
            payloads.read(conn, made.root, commits.need(conn, name))
    report = verify(made.store)
    assert report.findings == [], report.findings


def try_all(made: Traces, make_room: Callable[[], None]) -> None:
    """Small events, payloads and blobs in files: each until the disk is full, and again after."""
    branch = made.start("main")
    told = made.append(branch, {"n": 1})
    for size in (100_000, 3_000, 200):
        told += fill(made, branch, size)
        readable(made, branch, told)
    with pytest.raises(StoreFull):
        for number in range(1000):
            made.blob(random.Random(number).randbytes(90_000))
    readable(made, branch, told)
    assert list((made.root / "objects").glob(".new-*")) == []
    make_room()
    told += made.append(branch, {"n": 2}, {"content": "c" * 80_000})
    made.call(branch, {"model": "m", "messages": [{"a": 1}]}, {"n": 3})
    readable(made, branch, told)


def limit(folder: Path) -> None:
    """No file may grow beyond some size."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with traces(folder / "store") as made:
        made.append(made.start("before"), {"n": 0})
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 * _MB, hard))

        def make_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))

        branch = made.start("main")
        told = fill(made, branch, 3_000)
        readable(made, branch, told)
        with pytest.raises(StoreFull):
            made.append(branch, {"content": random.Random(1).randbytes(3 * _MB).hex()})
        with pytest.raises(StoreFull):
            made.blob(random.Random(1).randbytes(3 * _MB))
        readable(made, branch, told)
        make_room()
        told += made.append(branch, {"n": 2}, {"content": "c" * 80_000})
        readable(made, branch, told)
    with traces(folder / "store") as made:
        readable(made, branch, told)


def full(folder: Path) -> None:
    """The file system has no room. ``folder`` is a small one of its own."""
    ballast = folder / "ballast"
    ballast.write_bytes(b"b" * 4 * _MB)
    with traces(folder / "store") as made:
        try_all(made, ballast.unlink)
        log = made.log("main")
    with traces(folder / "store") as made:
        assert made.log("main") == log


def full_from_the_start(folder: Path) -> None:
    """There is not even room to make a store."""
    ballast = folder / "ballast"
    with ballast.open("wb") as out, pytest.raises(OSError):
        while True:
            os.write(out.fileno(), b"b" * 4096)
    with pytest.raises(StoreFull):
        Traces(folder / "store")
    ballast.unlink()
    with traces(folder / "store") as made:
        made.append(made.start("main"), {"n": 1})
        assert verify(made.store).findings == []


def read_only(folder: Path) -> None:
    """A store on a file system that may only be read: whole, or as a crash left it."""
    with traces(folder / "store") as made:
        main = sample(made, folder / "work")
        log = made.log(main)
    crashed = folder / "crashed"
    made = Traces(folder / "store")
    made.append(main, {"content": "only in the log of the database"})
    subprocess.run(["cp", "-r", str(folder / "store"), str(crashed)], check=True)
    made.close()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    for root, more in ((folder / "store", 1), (crashed, 1)):
        with traces(root) as made:
            assert made.log(main)[:-more] == log
            readable(made, main, made.log(main))
            for attempt in (
                lambda made=made: made.append(main, {"n": 1}),
                lambda made=made: made.start("another"),
                lambda made=made: made.blob(b"b" * 90_000),
            ):
                with pytest.raises(StoreReadOnly) as error:
                    attempt()
                assert error.value.data["path"].startswith(str(root))
    with pytest.raises(StoreReadOnly):
        Traces(folder / "new")


if __name__ == "__main__":
    {
        "limit": limit,
        "full": full,
        "full_from_the_start": full_from_the_start,
        "read_only": read_only,
    }[sys.argv[1]](Path(sys.argv[2]))
    print("ok")
