"""Durable append over a pipe, beside the bare SQLite commit of the same bytes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from functools import partial

import orjson

from bench.harness import Row, Run, at_least, interleave, ms, times_at_most
from bench.material import Bare, observation, texts
from bench.pipe import Pipe, message


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("append")
    bare = Bare(folder / "bare.db")
    ids = itertools.count(1)
    with Pipe.serve(folder / "store") as sidecar:
        branch = sidecar.call("run/start", {"name": "bench"})["branch"]
        yield _one(run, sidecar, bare, branch, ids)
        yield _hundred(run, sidecar, bare, branch, ids)
    bare.close()


def _one(run: Run, sidecar: Pipe, bare: Bare, branch: str, ids: Iterator[int]) -> Row:
    text = texts()
    count = run.some(100, 20)

    def ours() -> list[float]:
        events = [observation(next(text)) for _ in range(count)]
        return sidecar.serial(
            [message("trace/append", {"branch": branch, "events": [e]}, next(ids)) for e in events]
        )

    def floor() -> list[float]:
        payloads = [orjson.dumps(observation(next(text))["payload"]) for _ in range(count)]
        return [ms(partial(bare.insert, payload)) for payload in payloads]

    # Until a log of SQLite is as long as it gets, each commit also makes the file longer, and
    # takes twice as long: the bare table reaches that after some 800 commits, ours after 200.
    for _ in range(run.some(15, 1)):
        ours()
        floor()
    found, beside = interleave(run.some(30, 5), ours, floor)
    return Row(
        "append one event of 1 KB, request to reply",
        "ms",
        found,
        "bare SQLite commit of the payload (WAL, FULL)",
        beside,
        (times_at_most(2),),
        ["The paper states 3.1 ms an event; shepherd-ai 0.3.1 took 1.2-1.3 ms."],
    )


def _hundred(run: Run, sidecar: Pipe, bare: Bare, branch: str, ids: Iterator[int]) -> Row:
    text = texts(seed=3)
    messages = run.some(100, 10)

    def events() -> list[dict[str, object]]:
        return [observation(next(text)) for _ in range(100)]

    def ours() -> list[float]:
        data = [
            message("trace/append", {"branch": branch, "events": events()}, next(ids))
            for _ in range(messages)
        ]
        return [100 * messages / sidecar.pipelined(b"".join(data), messages)]

    def floor() -> list[float]:
        groups = [[orjson.dumps(e["payload"]) for e in events()] for _ in range(messages)]
        start = time.perf_counter()
        for payloads in groups:
            bare.insert_all(payloads)
        return [100 * messages / (time.perf_counter() - start)]

    found, beside = interleave(run.some(10, 3), ours, floor)
    return Row(
        "append 100 events a message, pipelined",
        "events/s",
        found,
        "bare SQLite, 100 rows a commit",
        beside,
        (at_least(30_000),),
        ["shepherd-ai 0.3.1 took in 11,300 events/s batched."],
        high=True,
    )
