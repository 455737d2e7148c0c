"""A million events: the memory they stream through, and what the store is like afterwards."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.harness import Row, Run, Sample, at_most, interleave, ms, times_at_most
from bench.material import observation, texts
from bench.pipe import Pipe, message


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("million")
    count = run.some(1_000_000, 20_000)
    yield from _stream(folder / "long", count)
    ids = itertools.count(1)
    with Pipe.serve(folder / "long") as long, Pipe.serve(folder / "empty") as empty:
        empty.call("run/start", {"name": "bench"})
        yield from _page(run, long, folder / "long", count, ids)
        yield _append(run, long, empty, count, ids)


def _stream(store: Path, count: int) -> Iterator[Row]:
    text = texts()
    with Pipe.serve(store) as sidecar:
        sidecar.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        idle = sidecar.resident()
        sidecar.call("run/start", {"name": "bench"})
        prepared = [
            message("trace/record", {"branch": "bench", "events": _events(text)})
            for _ in range(200)
        ]
        samples: list[tuple[float, float]] = []  # share of the events sent, MB
        sent = 0
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                samples.append((sent / count, sidecar.resident()))

        watching = threading.Thread(target=watch)
        watching.start()
        start = time.perf_counter()
        for number, data in zip(range(0, count, 100), itertools.cycle(prepared)):
            sidecar.send(data)
            sent = number
        sidecar.call("branch/get", {"branch": "bench"})
        took = time.perf_counter() - start
        over.set()
        watching.join()
        sidecar.end()
    with closing(sqlite3.connect(store / "store.db")) as db:
        (kept,) = db.execute("SELECT count(*) FROM commits").fetchone()
    if kept != count + 1:
        raise RuntimeError(f"{count} events were sent, {kept - 1} are there")
    early = [mb for share, mb in samples if 0.1 <= share < 0.3] or [idle]
    late = [mb for share, mb in samples if share >= 0.8] or [idle]
    most = max([idle, *(mb for _, mb in samples)])
    yield Row("resident memory after initialize", "MB", Sample.of(idle), targets=(at_most(60),))
    yield Row(
        f"resident memory, {count:,} events of 1 KB streaming in",
        "MB",
        Sample([late]),
        "the first tenth to three tenths",
        Sample([early]),
        (at_most(60), times_at_most(1.05)),
        [
            f"the most was {most:.1f} MB; {count / took:,.0f} events/s were taken in meanwhile,"
            " 100 a trace/record notification."
        ],
    )


def _events(text: Iterator[str]) -> list[dict[str, object]]:
    return [observation(next(text)) for _ in range(100)]


def _page(run: Run, long: Pipe, store: Path, count: int, ids: Iterator[int]) -> Iterator[Row]:
    with closing(sqlite3.connect(f"file:{store / 'store.db'}?mode=ro", uri=True)) as db:
        for order, sql in (("newest", "DESC"), ("oldest", "ASC")):
            params = {"branch": "bench", "order": order}

            def ours(params: dict[str, str] = params) -> list[float]:
                return long.serial([message("trace/log", params, next(ids)) for _ in range(10)])

            def floor(sql: str = sql) -> list[float]:
                select = f"SELECT id, payload FROM commits ORDER BY seq {sql} LIMIT 100"
                return [ms(lambda: db.execute(select).fetchall()) for _ in range(10)]

            found, beside = interleave(run.some(10, 3), ours, floor)
            yield Row(
                f"first page of trace/log, {order} 100 of {count:,}",
                "ms",
                found,
                "one SELECT of the same rows",
                beside,
                (at_most(20),),
            )


def _append(run: Run, long: Pipe, empty: Pipe, count: int, ids: Iterator[int]) -> Row:
    text = texts(seed=9)

    def append(server: Pipe) -> list[float]:
        events = [observation(next(text)) for _ in range(run.some(50, 20))]
        return server.serial(
            message("trace/append", {"branch": "bench", "events": [event]}, next(ids))
            for event in events
        )

    for _ in range(run.some(6, 1)):
        append(empty)  # see bench/append.py: a young log is slow
    found, beside = interleave(run.some(20, 3), lambda: append(long), lambda: append(empty))
    return Row(
        f"append after {count:,} events",
        "ms",
        found,
        "append to an empty store",
        beside,
        (times_at_most(1.2),),
    )
