"""What watching costs those at work: rules that look back, and overlaps looked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson

from bench.harness import Row, Run, Sample, interleave, ms
from bench.material import texts
from bench.pipe import Pipe
from bench.session import end, naming
from bench.settle import fill, name_of
from shepherd_sidecar.engine import rules

PAUSE_S = 0.05
RULES = Path(rules.__file__).parent / "default.toml"


def looking_back(run: Run, folder: Path) -> Row:
    """Steps of an agent under the rules that `shepherd-sidecar rules` prints, none of which fires.

    Each round is a run of its own, as long as the others: what rules look back at.
    """
    text, count = texts(), run.some(100, 20)
    with ExitStack() as stack:
        pipes = []
        for name in ("ruled", "plain"):
            pipes.append(stack.enter_context(Pipe.serve(folder / name, "agent")))
            pipes[-1].call("run/list", {})
        (folder / "ruled" / "supervisor.toml").write_bytes(RULES.read_bytes())
        time.sleep(0.2)  # a file younger than that is read at every decision

        def work(pipe: Pipe) -> list[float]:
            branch = pipe.call("run/start", {"name": "bench"})["branch"]
            return [_step(pipe, branch, number, next(text)) for number in range(count)]

        found, plain = interleave(run.some(20, 3), lambda: work(pipes[0]), lambda: work(pipes[1]))
    return Row(
        "propose to verdict, the eight rules that come with it",
        "ms",
        found,
        "the same without rules",
        plain,
        facts=[
            f"{count} steps a run; the rules look back at loops, errors, budgets, others' files"
        ],
    )


def _step(pipe: Pipe, branch: str, number: int, text: str) -> float:
    arguments = {"path": f"src/part_{number}.py", "content": text}
    payload = {"name": "write_file", "arguments": arguments}
    asked = {"branch": branch, "kind": "tool_call", "effect": "reversible", "payload": payload}
    start = time.perf_counter()
    said = pipe.call("intent/propose", asked)
    took = (time.perf_counter() - start) * 1e3
    if said["verdict"]["decision"] != "allow" or said["verdict"].get("injected"):
        raise RuntimeError(f"a rule fired: {said['verdict']}")
    done = {"branch": branch, "intent": said["commit"], "payload": {"ok": number}, "status": "ok"}
    pipe.call("intent/resolve", done)
    return took


class _Pair:
    """Two branches of one run, each in a world of its own, and who hears of them."""

    def __init__(self, stack: ExitStack, folder: Path, files: int, *, watched: bool) -> None:
        folder.mkdir()
        fill(folder / "project", files)
        self.owner = stack.enter_context(Pipe.serve(folder / "store"))
        asked = {"name": "bench", "workspace": str(folder / "project"), "driver": "copy"}
        one = self.owner.call("run/start", asked)
        [two] = self.owner.call("branch/fork", {"at": one["branch"]})["branches"]
        self.branches = [one["branch"], two["branch"]]
        self.worlds = [Path(at["world"]["path"]) for at in (one, two)]
        self.owner.call("branch/overlaps", {"run": one["run"], "watch": watched})
        self.ear = stack.enter_context(Pipe.serve(folder / "store", "observer"))
        self.ear.call("trace/subscribe", {"all": True})

    def change(self, which: int, number: int, text: str) -> float:
        """One file, and a snapshot of it, which is timed."""
        (self.worlds[which] / name_of(number)).write_text(text)
        return ms(lambda: self.owner.call("snapshot/take", {"branch": self.branches[which]}))


def overlaps(run: Run, folder: Path) -> Iterator[Row]:
    """Two agents at the same files: what each snapshot takes, and when both are told."""
    text, files, count = texts(2_000, seed=9), run.some(2_000, 200), 5
    with ExitStack() as stack:
        stack.callback(lambda: [end(pid) for pid in naming(folder)])  # the worlds' keepers
        pairs = [
            _Pair(stack, folder / name, files, watched=name == "watched")
            for name in ("watched", "alone")
        ]
        numbers = [iter(range(files)) for _ in pairs]
        told: list[float] = []

        def work(which: int) -> list[float]:
            pair, times = pairs[which], []
            for number in (next(numbers[which]) for _ in range(count)):
                pair.change(0, number, next(text))
                time.sleep(PAUSE_S)
                times.append(pair.change(1, number, next(text)))
                if which == 0:
                    start = time.perf_counter()
                    _until_told(pair.ear, name_of(number))
                    told.append((time.perf_counter() - start) * 1e3)
                time.sleep(PAUSE_S)
            return times

        found, alone = interleave(run.some(8, 2), lambda: work(0), lambda: work(1))
    yield Row(
        f"snapshot of one changed file of {files:,}, overlaps watched",
        "ms",
        found,
        "the same, not watched",
        alone,
        facts=[
            "two branches of one run change the same files, one after the other; between any two"
            " steps an agent would think, here it waits 50 ms: the looking is beside the steps."
        ],
    )
    yield Row(
        "an overlap told to another process, after the snapshot's reply",
        "ms",
        Sample.of(*told),
        facts=[
            "the merge of both branches is tried, and an event on each says what would conflict"
        ],
    )


def _until_told(ear: Pipe, path: str) -> None:
    """Until both branches have the event."""
    left = 2
    while left:
        for entry in _pushed(ear):
            said = entry.get("payload") or {}
            if said.get("what") == "overlap" and said["path"] == path:
                left -= 1


def _pushed(ear: Pipe) -> list[Any]:
    entries: list[Any] = orjson.loads(ear.receive()).get("params", {}).get("entries", [])
    return entries
