"""Work in the background stands back while somebody writes to the store, and only then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shepherd_sidecar.engine import pace
from shepherd_sidecar.engine.pace import Pace


class Clock:
    """Time that passes only when somebody says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept = 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


def written(store: Path, at: int) -> None:
    """Somebody wrote to the store."""
    log = store / "store.db-wal"
    log.touch()
    os.utime(log, ns=(at, at))


def test_it_pauses_while_somebody_writes_and_not_when_it_is_waited_for(
    tmp_path: Path, clock: Clock
) -> None:
    at_work = Pace(tmp_path)
    for turn in range(1, 4):
        written(tmp_path, turn)
        clock.now += 1
        at_work.bite()
        assert clock.slept == turn
        for _ in range(10):  # nobody writes
            clock.now += 1
            at_work.bite()
        assert clock.slept == turn
    written(tmp_path, 4)
    at_work.bite()  # too soon to look again
    assert clock.slept == 3
    at_work.hurried = True
    clock.now += 1
    at_work.bite()
    assert clock.slept == 3
