"""An intent and its verdict from a supervisor in another process; many at once; watching."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import watching
from bench.guard import Guard
from bench.harness import Row, Run, Sample, at_least, at_most, interleave, times_at_most
from bench.material import observation, texts
from bench.pipe import Pipe, message

AGENTS, SUPERVISORS = 20, 3


def rows(run: Run) -> Iterator[Row]:
    yield from _alone(run, run.folder("supervise"))
    yield _crowd(run, run.folder("supervise-crowd"))
    yield from _watched(run, run.folder("supervise-watched"))
    yield watching.looking_back(run, run.folder("supervise-rules"))
    yield from watching.overlaps(run, run.folder("supervise-overlaps"))


def _proposal(branch: str, text: str) -> dict[str, Any]:
    arguments = {"path": "src/app.py", "content": text}
    payload = {"name": "write_file", "arguments": arguments}
    return {"branch": branch, "kind": "tool_call", "effect": "reversible", "payload": payload}


def _alone(run: Run, folder: Path) -> Iterator[Row]:
    text, ids = texts(), itertools.count(1)
    count = run.some(100, 20)
    with ExitStack() as stack:
        agent = stack.enter_context(Pipe.serve(folder / "store", "agent"))
        other = stack.enter_context(Pipe.serve(folder / "store"))
        branch = agent.call("run/start", {"name": "bench"})["branch"]
        beside = other.call("run/start", {"name": "beside"})["branch"]
        stack.enter_context(Guard(folder / "store", "guard", filter={"branches": [branch]}))

        def ours() -> list[float]:
            params = [_proposal(branch, next(text)) for _ in range(count)]
            return agent.serial([message("intent/propose", one, next(ids)) for one in params])

        def floor() -> list[float]:
            return [_two(agent, other, branch, beside, text, ids) for _ in range(count)]

        found, two = interleave(run.some(20, 3), ours, floor)
    yield Row(
        "propose, asked of a supervisor in another process, verdict",
        "ms",
        found,
        "two appends, one through each of two processes",
        two,
        (at_most(3),),
        ["Three processes, two durable commits: the intent, the verdict."],
    )
    yield Row(
        "the same, its p99",
        "ms",
        Sample.of(found.at(0.99)),
        "p99 of the two appends",
        Sample.of(two.at(0.99)),
        (at_most(15),),
    )


def _two(
    agent: Pipe, other: Pipe, branch: str, beside: str, text: Iterator[str], ids: Iterator[int]
) -> float:
    events = [{"branch": at, "events": [observation(next(text))]} for at in (branch, beside)]
    first, second = (message("trace/append", one, next(ids)) for one in events)
    start = time.perf_counter()
    agent.serial([first])
    other.serial([second])
    return (time.perf_counter() - start) * 1e3


def _crowd(run: Run, folder: Path) -> Row:
    """Every agent a process, and every verdict looked at afterwards."""
    agents, each = run.some(AGENTS, 4), run.some(25, 3)
    text = texts()
    with ExitStack() as stack:
        owner = stack.enter_context(Pipe.serve(folder / "store"))
        owner.call("run/list", {})
        pipes = [stack.enter_context(Pipe.serve(folder / "store", "agent")) for _ in range(agents)]
        branches = [pipe.call("run/start", {"name": "bench"})["branch"] for pipe in pipes]
        for n in range(SUPERVISORS):
            stack.enter_context(Guard(folder / "store", f"guard-{n}", timeoutMs=60_000))
        sent = [
            [message("intent/propose", _proposal(branch, next(text)), n) for n in range(each)]
            for branch in branches
        ]
        with ThreadPoolExecutor(agents) as pool:
            start = time.perf_counter()
            times = list(pool.map(lambda one: one[0].serial(one[1]), zip(pipes, sent, strict=True)))
            took = time.perf_counter() - start
        lost = sum(_unanswered(owner, branch, each) for branch in branches)
    every = sorted(itertools.chain(*times))
    return Row(
        f"verdicts, {agents} agents and {SUPERVISORS} supervisors at once",
        "verdicts/s",
        Sample.of(agents * each / took),
        targets=(at_least(1),),
        facts=[
            f"{agents * each} intents, {agents * each * SUPERVISORS} answers, of which {lost} were"
            f" lost; p50 {every[len(every) // 2]:.1f} ms, p99"
            f" {every[int(len(every) * 0.99)]:.1f} ms; {agents + SUPERVISORS + 1} sidecars"
        ],
        high=True,
    )


def _unanswered(owner: Pipe, branch: str, each: int) -> int:
    """Answers that are missing in the log of a branch."""
    log = owner.call("trace/log", {"branch": branch, "limit": 1000, "kinds": ["intervention"]})
    told = [entry["payload"].get("answers", []) for entry in log["entries"]]
    good = sum(1 for answers in told for answer in answers if "fault" not in answer)
    return each * SUPERVISORS - good


def _watched(run: Run, folder: Path) -> Iterator[Row]:
    """The same work with a watcher and with none: two stores, that take turns."""
    text = texts()
    count = run.some(100, 20)
    with ExitStack() as stack:
        pipes, branches = [], []
        for name in ("watched", "alone"):
            pipes.append(stack.enter_context(Pipe.serve(folder / name, "agent")))
            branches.append(pipes[-1].call("run/start", {"name": "bench"})["branch"])
        stack.enter_context(Guard(folder / "watched", "watcher", gate=False))
        cost: tuple[list[list[float]], ...] = ([], [])

        def work(which: int) -> list[float]:
            pipe, times = pipes[which], []
            before = _cpu_ms(pipe.process.pid)
            for _ in range(count):
                start = time.perf_counter()
                asked = _proposal(branches[which], next(text))
                intent = pipe.call("intent/propose", asked)["commit"]
                done = {"branch": branches[which], "intent": intent, "payload": {}, "status": "ok"}
                pipe.call("intent/resolve", done)
                times.append((time.perf_counter() - start) * 1e3)
            cost[which].append([(_cpu_ms(pipe.process.pid) - before) / count])
            return times

        found, floor = interleave(run.some(20, 3), lambda: work(0), lambda: work(1))
    yield Row(
        "propose and resolve, watched from another process",
        "ms",
        found,
        "the same, watched by nobody",
        floor,
        (times_at_most(1.03),),
    )
    yield Row(
        "the same: processor time of the watched sidecar",
        "ms",
        Sample(cost[0][1:]),
        "the same, watched by nobody",
        Sample(cost[1][1:]),
        (times_at_most(1.03),),
        ["What the watched process itself does; the watcher may have another core."],
    )


def _cpu_ms(pid: int) -> float:
    """Processor time of all threads of a process."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
