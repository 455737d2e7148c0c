"""A fork in a long trace: at any depth the same, and no object is added."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.harness import Row, Run, at_most, interleave, ms
from bench.material import Bare, append_params, observation, texts
from bench.pipe import Pipe, message
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.runs import RunStartParams


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("fork")
    count = run.some(100_000, 2_000)
    commits = fill(folder / "store", count)
    bare = Bare(folder / "bare.db")
    rng = random.Random(1)
    ids = itertools.count(1)
    with Pipe.serve(folder / "store") as sidecar:
        before = objects(folder / "store")

        def ours() -> list[float]:
            chosen = rng.choices(commits, k=20)
            return sidecar.serial(
                [message("branch/fork", {"at": at, "world": False}, next(ids)) for at in chosen]
            )

        def floor() -> list[float]:
            return [ms(lambda: bare.insert(b"x" * 100)) for _ in range(20)]

        for _ in range(run.some(60, 1)):
            floor()  # see bench/append.py: a young log is slow
        found, beside = interleave(run.some(20, 3), ours, floor)
        after = objects(folder / "store")
    bare.close()
    if after != before:
        raise RuntimeError(f"forks added objects: {before} became {after}")
    yield Row(
        f"fork at any of {count:,} events, no world",
        "ms",
        found,
        "bare SQLite commit of 100 B",
        beside,
        (at_most(2),),
        ["the rows of commits, objects and lists were counted before and after: none was added."],
    )


def fill(store: Path, count: int) -> list[str]:
    """A trace of so many small events; its commits."""
    engine = Engine(store)
    branch = engine.runs.start(RunStartParams(name="bench"), "bench").branch
    text = texts(100)
    commits: list[str] = []
    for _ in range(0, count, 500):
        events = [observation(next(text)) for _ in range(500)]
        commits += engine.append(append_params(branch, events), "bench").result().commits
    engine.close()
    return commits


def objects(store: Path) -> dict[str, int]:
    """How many immutable rows there are."""
    with closing(sqlite3.connect(f"file:{store / 'store.db'}?mode=ro", uri=True)) as db:
        return {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("commits", "objects", "lists")
        }
