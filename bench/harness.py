"""What every measurement shares: where it runs, interleaved rounds, rows and their targets.

A measurement is a module with ``rows(run) -> Iterator[Row]``. It never asserts a time: a row
states its target and whether this run met it.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FOLDER = "/var/tmp"  # by convention not in memory


@dataclass(frozen=True)
class Run:
    """One run of the measurements, in an emptied folder of its own."""

    base: Path
    quick: bool = False

    def folder(self, name: str) -> Path:
        """An empty folder; what an earlier measurement left there is gone."""
        path = self.base / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def some(self, full: int, quick: int) -> int:
        """How many: fewer in a quick run."""
        return quick if self.quick else full


@dataclass(frozen=True)
class Sample:
    """What was measured, a list of values for each round."""

    rounds: Sequence[Sequence[float]]

    @classmethod
    def of(cls, *values: float) -> Sample:
        """One round."""
        return cls([values])

    def at(self, share: float) -> float:
        """The value that this share of all values does not exceed (nearest rank)."""
        values = sorted(value for part in self.rounds for value in part)
        return values[max(math.ceil(share * len(values)) - 1, 0)]

    @property
    def p50(self) -> float:
        return self.at(0.5)

    def turned(self, unit: float) -> Sample:
        """Times as rates: ``unit`` over each value."""
        return Sample([[unit / value for value in part] for part in self.rounds])


@dataclass(frozen=True)
class Target:
    """A bound on a row: on its median, or on how many times its floor it is."""

    limit: float
    at_most: bool = True
    times: bool = False

    def text(self, row: Row) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{sign} {number(self.limit)}{'x' if self.times else f' {row.unit}'}"

    def met(self, row: Row) -> bool:
        median = row.ours.p50 if row.ours is not None else None
        found = row.ratio if self.times else median
        assert found is not None, "a row with a target was measured, in times beside a floor"
        return found <= self.limit if self.at_most else found >= self.limit


def at_most(limit: float) -> Target:
    return Target(limit)


def at_least(limit: float) -> Target:
    return Target(limit, at_most=False)


def times_at_most(limit: float) -> Target:
    return Target(limit, times=True)


def times_at_least(limit: float) -> Target:
    return Target(limit, at_most=False, times=True)


@dataclass(frozen=True)
class Row:
    """One line of the table. ``beside`` names the floor or peer that ``floor`` is a sample of."""

    work: str
    unit: str
    ours: Sample | None
    """None when it could not be measured: a fact then says why."""
    beside: str = ""
    floor: Sample | None = None
    targets: tuple[Target, ...] = ()
    facts: list[str] = field(default_factory=list)
    """What else is worth knowing: goes below the table."""
    high: bool = False
    """More is better: the worse end is p5, not p95."""

    @classmethod
    def absent(cls, work: str, why: str) -> Row:
        """What could not be measured here."""
        return cls(work, "", None, facts=[f"could not be measured: {why}"])

    @property
    def ratio(self) -> float | None:
        """Ours over the floor: the median of the rounds' ratios, so that drift cancels."""
        if self.floor is None or self.ours is None:
            return None
        pairs = zip(self.ours.rounds, self.floor.rounds, strict=True)
        return statistics.median(
            statistics.median(ours) / statistics.median(floor) for ours, floor in pairs
        )

    @property
    def met(self) -> bool:
        return all(target.met(self) for target in self.targets)


Work = Callable[[], Sequence[float]]


def interleave(rounds: int, *works: Work) -> list[Sample]:
    """Run each work once a round, in turning order, after a round that does not count."""
    found: list[list[Sequence[float]]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for step in range(len(works)):
            index = (turn + step) % len(works)
            values = works[index]()
            if turn:
                found[index].append(values)
    return [Sample(values) for values in found]


def ms(work: Callable[[], object]) -> float:
    """How long it took, in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def size_of(folder: Path) -> int:
    """Bytes of all files."""
    return sum(
        os.lstat(Path(at) / name).st_size for at, _, names in os.walk(folder) for name in names
    )


def number(value: float) -> str:
    """Three digits that count, thousands apart."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.{max(2 - math.floor(math.log10(abs(value))), 0)}f}" if value else "0"
