"""A cached replay over the protocol: an agent asks for each intent and gets its outcome."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.harness import Row, Run, at_least, interleave
from bench.material import append_params, texts
from bench.pipe import Pipe, message
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.runs import RunStartParams


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("replay")
    steps = run.some(5_000, 300)
    calls, head = record(folder / "store", steps)
    ids = itertools.count(1)
    with Pipe.serve(folder / "store") as sidecar:

        def serial() -> list[float]:
            replay = sidecar.call("replay/open", {"from": "bench", "mode": "cached"})["replay"]
            times = sidecar.serial(_next(replay, calls, ids))
            _close(sidecar, replay, head)
            return [2e3 * steps / sum(times)]

        def pipelined() -> list[float]:
            replay = sidecar.call("replay/open", {"from": "bench", "mode": "cached"})["replay"]
            took = sidecar.pipelined(b"".join(_next(replay, calls, ids)), steps)
            _close(sidecar, replay, head)
            return [2 * steps / took]

        one_by_one, at_once = interleave(run.some(5, 2), serial, pipelined)
    yield Row(
        "cached replay, an agent that waits for each outcome",
        "events/s",
        one_by_one,
        targets=(at_least(10_000),),
        facts=[
            "two events a step: the call, and an outcome of 1 KB; every replay ended at the"
            " same head id as the record."
        ],
        high=True,
    )
    yield Row(
        "cached replay, pipelined", "events/s", at_once, targets=(at_least(10_000),), high=True
    )


def record(store: Path, steps: int) -> tuple[list[dict[str, Any]], str]:
    """A log of tool calls and their results; the calls, and its head."""
    engine = Engine(store)
    branch = engine.runs.start(RunStartParams(name="bench"), "bench").branch
    text = texts()
    calls: list[dict[str, Any]] = []
    head = ""
    for first in range(0, steps, 100):
        events: list[dict[str, Any]] = []
        for step in range(first, first + 100):
            command = {"name": "bash", "arguments": {"command": f"make step-{step}"}}
            result = {"status": "ok", "result": {"exitCode": 0, "stdout": next(text)}}
            calls.append(command)
            events += [
                {"kind": "tool_call", "payload": command, "client_id": f"s{step}"},
                {"kind": "tool_result", "payload": result, "intent_client_id": f"s{step}"},
            ]
        head = engine.append(append_params(branch, events), "bench").result().head
    engine.close()
    return calls, head


def _next(replay: str, calls: list[dict[str, Any]], ids: Iterator[int]) -> list[bytes]:
    return [
        message("replay/next", {"replay": replay, "kind": "tool_call", "payload": c}, next(ids))
        for c in calls
    ]


def _close(sidecar: Pipe, replay: str, head: str) -> None:
    closed = sidecar.call("replay/close", {"replay": replay})
    if not closed["complete"] or closed["head"] != head:
        raise RuntimeError(f"the replay ended elsewhere: {closed}")
