"""kill -9 at any instant: what was acknowledged is there, in order, and the store is sound."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from shepherd_sidecar.store import branches, commits, connection, payloads
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.sweep import collect
from shepherd_sidecar.store.verify import verify
from tests.crash import writer
from tests.crash.writer import KEEPER
from tests.support.traces import traces
from tests.support.waiting import PATIENCE
from tests.support.wire import Wire

KILLS = 220
FRESH = 40
FEWEST = 50
"""How many of the kills there must be, however slow the machine is."""
BUDGET_S = 60
V1 = Path(__file__).parents[1] / "store" / "fixtures" / "v1.db"


@pytest.fixture(scope="module")
def nursery() -> Iterator[ForkServerContext]:
    """Where writers start from in milliseconds: it has imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.writer"])
    yield context


def run_and_kill(
    context: ForkServerContext, root: Path, seed: int, chance: random.Random
) -> list[tuple[str, str]]:
    """A writer's acknowledgements until it was killed after some number of them, and a moment."""
    reading, writing = context.Pipe(duplex=False)
    program = context.Process(target=_enter, args=(str(root), seed, writing), daemon=True)
    program.start()
    writing.close()
    assert program.pid is not None
    told = b""
    wanted = chance.choice([0, 0, 1, chance.randrange(60), chance.randrange(200)])
    while told.count(b"\n") < wanted:
        data = os.read(reading.fileno(), 1 << 16)
        assert data, f"the writer ended by itself: {program.exitcode}"
        told += data
    time.sleep(chance.choice([0, chance.random() * 0.003, chance.random() * 0.05]))
    os.kill(program.pid, signal.SIGKILL)
    program.join(PATIENCE)
    assert program.exitcode == -signal.SIGKILL
    while data := os.read(reading.fileno(), 1 << 16):
        told += data
    reading.close()
    program.close()
    return [tuple(line.split(" ")) for line in told.decode().splitlines()]  # type: ignore[misc]


def _enter(root: str, seed: int, writing: object) -> None:
    writer.work(root, seed, writing.fileno())  # type: ignore[attr-defined]


def look(root: Path, told: list[tuple[str, str]]) -> None:
    """Reopen: everything that was acknowledged is on its branch, in order."""
    store = Store(root)
    try:
        report = verify(store)
        assert report.findings == []
        with store.reading() as conn:
            for name in {name for name, _ in told}:
                log = [
                    node.hex
                    for node in commits.walk(conn, branches.need(conn, name).head, 1_000_000)
                ][::-1]
                place = {commit: number for number, commit in enumerate(log)}
                places = [place[commit] for of, commit in told if of == name]
                assert places == sorted(places), f"{name}: in another order"
    finally:
        store.close()


def numbers(root: Path) -> list[int]:
    """What the keeper's events say."""
    with traces(root) as made, made.store.reading() as conn:
        return [
            payloads.read(conn, root, commits.need(conn, name))["n"]
            for name in made.log(KEEPER)[1:]
        ]


@pytest.mark.requirement("CRASH-01", "CRASH-02")
def test_a_store_that_is_killed_hundreds_of_times(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    root, chance = tmp_path / "store", random.Random(20261121)
    kept: list[tuple[str, str]] = []
    end, kills, events = time.monotonic() + BUDGET_S, 0, 0
    for number in range(KILLS):
        told = run_and_kill(nursery, root, number * 100, chance)
        kept += [line for line in told if line[0] == KEEPER]
        look(root, kept + [line for line in told if line[0] != KEEPER])
        kills, events = kills + 1, events + len(told)
        if number % 5 == 4:
            tidy(root)
        if kills >= FEWEST and time.monotonic() > end:
            break
    print(f"{kills} kills, {events} acknowledged")
    assert numbers(root) == list(range(len(numbers(root)))), "a prefix of what was sent"
    leftovers(root)


def tidy(root: Path) -> None:
    """Earlier rounds go, so that looking stays quick."""
    with traces(root) as made:
        for (name,) in made.rows(
            "SELECT name FROM branches WHERE status <> 'discarded' AND name <> ?", KEEPER
        ):
            made.discard(name)
        made.write("DELETE FROM pins")
        collect(made.store, 0)


def leftovers(root: Path) -> None:
    """What the kills left of files is found and removed."""
    tidy(root)
    for path in (root / "objects").rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
    with traces(root) as made:
        collect(made.store, 0)
        report = verify(made.store)
        assert report.findings == []
        assert report.checked["orphans"] == 0
        assert list((root / "objects").glob(".*")) == []


@pytest.mark.requirement("CRASH-01")
@pytest.mark.parametrize("which", ["new", "old"])
def test_killed_while_a_store_is_made_or_upgraded(
    nursery: ForkServerContext, tmp_path: Path, which: str
) -> None:
    chance = random.Random(7)
    for number in range(FRESH):
        root = tmp_path / "store"
        shutil.rmtree(root, ignore_errors=True)
        if which == "old":
            root.mkdir()
            shutil.copy(V1, root / "store.db")
        reading, writing = nursery.Pipe(duplex=False)
        program = nursery.Process(target=_enter, args=(str(root), number, writing), daemon=True)
        program.start()
        writing.close()
        reading.close()
        time.sleep(chance.random() * 0.06)
        assert program.pid is not None
        os.kill(program.pid, signal.SIGKILL)
        program.join(PATIENCE)
        program.close()
        look(root, [])
        with traces(root) as made:
            made.append(made.start("after"), {"n": 1})
            if which == "old":
                assert len(made.log("first")) == 52


@pytest.mark.requirement("CRASH-01", "LIFE-04")
def test_a_sidecar_that_is_killed_loses_no_answered_event(tmp_path: Path) -> None:
    """The same from outside: what was answered over the wire is in the store."""
    root, chance = tmp_path / "store", random.Random(3)
    said: list[tuple[str, str]] = []
    program = [sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(root)]
    branch = None
    for number in range(8):
        with Wire.start(program) as wire:
            if branch is None:
                branch = wire.call("run/start", {"name": "run"})["branch"]
            asked: list[tuple[object, list[str]]] = []
            for more in range(chance.randrange(1, 120)):
                event = {"kind": "message", "payload": {"n": [number, more]}}
                params = {"branch": branch, "events": [event]}
                if more % 10 == 9:
                    asked.append((None, wire.call("trace/append", params)["commits"]))
                else:
                    asked.append((wire.request("trace/append", params), []))
            assert wire.process is not None
            wire.process.send_signal(signal.SIGKILL)
            late = {message["id"]: message["result"] for message in wire.until_closed()}
            for identity, commits_of in asked:
                answered = commits_of or late.get(identity, {"commits": []})["commits"]
                said += [(branch, commit) for commit in answered]
        look(root, said)
    assert len(said) > 50


def test_a_reader_is_not_disturbed_by_a_writer_that_is_killed(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    root, chance = tmp_path / "store", random.Random(11)
    run_and_kill(nursery, root, 1, chance)
    store = Store(root)
    try:
        for number in range(8):
            run_and_kill(nursery, root, number, chance)
            assert verify(store).findings == []
    finally:
        store.close()


def test_the_lock_of_a_killed_writer_is_not_waited_for(
    nursery: ForkServerContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "store"
    run_and_kill(nursery, root, 1, random.Random(2))
    monkeypatch.setattr(connection, "BUSY_MS", 3_600_000)  # who waited would never end
    with traces(root) as made:
        made.append(made.start("after"), {"n": 1})
