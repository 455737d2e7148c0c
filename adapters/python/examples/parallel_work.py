"""Two workers on one repository, and a supervisor that keeps them from undoing each other's work.

    python parallel_work.py

Each worker is a process with a sidecar of its own, in a world of its own; both change the same
function. The supervisor is told of the overlap as soon as the second of them has written a line
of it. It pauses the one that has done less, lets the other land, hands the landed state over with
a word of guidance, and lets the first go on from there. What lands has passed the tests, together
with what landed before. At the end the result is settled into the repository's own folder.

Everything the supervisor knows it has from the trace. The workers here follow a script, and adapt
it to the code they find, as a model would. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shepherd_client import Branch, Decision, Denied, Question, Sidecar, allow, deny

SERVE = [sys.executable, "-m", "shepherd_sidecar", "serve"]
Step = tuple[str, Callable[[Path], None]]
"""What is done, and what does it in a folder; doing it again where it is done changes nothing."""


# --- a worker -------------------------------------------------------------------------------


class Worker:
    """Does its steps one by one, then asks to land; begins again when it is told something."""

    def __init__(
        self, branch: Branch, steps: Sequence[Step], think: float = 0.0, attempts: int = 6
    ) -> None:
        self.branch = branch
        self.steps = steps
        self.think = think
        self.attempts = attempts
        self.folder = Path(branch.info()["world"]["path"])

    def work(self) -> bool:
        """Whether it landed."""
        return any(self._attempt() for _ in range(self.attempts))

    def _attempt(self) -> bool:
        self.branch.inbox.clear()
        for name, do in self.steps:
            time.sleep(self.think)  # as a model would
            with self.branch.tool("edit", {"step": name}, effect="reversible") as call:
                if self.branch.inbox:
                    # Somebody said something since the last step: the ground may have moved.
                    call.result = "not done: " + str(self.branch.inbox[0]["message"])
                    return False
                do(self.folder)
                call.result = "done"
        try:
            with self.branch.tool("land", {}, effect="reversible"):
                return True
        except Denied:
            return False


# --- the supervisor -------------------------------------------------------------------------


class Referee:
    """Watches workers that share a trunk: who overlaps waits, who lands has passed the tests."""

    def __init__(
        self, sidecar: Sidecar, trunk: str, workers: Sequence[str], tests: list[str]
    ) -> None:
        self.sidecar = sidecar
        self.trunk = Branch(sidecar, trunk)
        self.workers = frozenset(workers)
        self.tests = tests
        self.done: Counter[str] = Counter()
        self.landed: list[str] = []
        self.waiting: dict[str, str] = {}
        """Who waits, and for whom."""
        self.told: list[str] = []
        """What was done, in words."""
        self._lock = threading.Lock()
        self._news: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        run = self.trunk.info()["run"]
        sidecar.request("branch/overlaps", {"run": run, "watch": True})
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()
        kinds = ["tool_result", "annotation"]
        self._watching = sidecar.supervise("referee", see=self._news.put, runs=[run], kinds=kinds)
        self._gate = sidecar.supervise(
            "referee", self.decide, runs=[run], tools=["land"], timeoutMs=120_000, onTimeout="deny"
        )

    def close(self) -> None:
        """Watch no more."""
        self._gate.close()
        self._watching.close()
        self._news.put(None)
        self._thread.join()

    def _follow(self) -> None:
        while (entry := self._news.get()) is not None:
            with self._lock:
                self.see(entry)

    def see(self, entry: dict[str, Any]) -> None:
        """One event of the trace."""
        branch, payload = entry["branch"], entry.get("payload") or {}
        if entry["kind"] == "tool_result":
            self.done[branch] += 1
        elif payload.get("what") == "overlap" and payload.get("why") != "sameFile":
            self._overlap(branch, payload["with"], payload["path"])

    def decide(self, question: Question) -> Decision:
        """A worker wants to land: only what passes together with what landed before."""
        with self._lock:
            worker = Branch(self.sidecar, question.branch)
            if worker.apply(self.trunk, preview=True)["conflicts"]:
                return deny(self._hand_over(worker, "It conflicts with what landed before."))
            passed, output = self._try(worker)
            if not passed:
                why = f"Together with what landed before, the tests fail:\n{output}"
                return deny(self._hand_over(worker, why) if self.landed else why)
            worker.apply(self.trunk, by="referee", reason="the tests pass")
            self._say(f"{worker.name} landed")
            self.landed.append(worker.name)
            for other, cause in list(self.waiting.items()):
                if cause == worker.name:
                    del self.waiting[other]
                    self._hand_over(Branch(self.sidecar, other), f"{worker.name} has landed.")
                    self._ask("intervene/resume", branch=other)
            return allow("landed")

    def _overlap(self, branch: str, other: str, path: str) -> None:
        pair = {branch, other}
        if not pair <= self.workers or pair & (set(self.landed) | self.waiting.keys()):
            return  # settled when it lands, or it waits already
        last, first = sorted(pair, key=lambda name: (self.done[name], name))
        self.waiting[last] = first
        reason = f"{first} changes the same lines of {path}"
        self._ask("intervene/pause", branch=last, reason=reason)
        self._say(f"{last} waits: {reason}")

    def _try(self, worker: Branch) -> tuple[bool, str]:
        """Merge into a copy of the trunk and run the tests there."""
        [trial] = self.trunk.fork(driver="copy")
        try:
            worker.apply(trial, by="referee", reason="trial")
            ran = trial.exec(self.tests)
            return ran["exitCode"] == 0, (ran["stdout"] + ran["stderr"])[-2000:]
        finally:
            trial.discard()

    def _hand_over(self, worker: Branch, why: str) -> str:
        """Give a worker the landed state to go on from."""
        guidance = (
            f"{why} Your folder is now as {self.trunk.name}. What you had is kept at commit"
            f" {worker.info()['head']}. Do your task again, on top of what is there."
        )
        self._ask(
            "intervene/handoff",
            **{"from": self.trunk.name, "to": worker.name, "guidance": guidance, "reason": why},
        )
        self._say(f"{worker.name} goes on from {self.trunk.name}: {why.splitlines()[0]}")
        return guidance

    def _ask(self, method: str, **params: Any) -> None:
        self.sidecar.request(method, {"by": "referee", **params})

    def _say(self, text: str) -> None:
        self.told.append(text)


# --- the scene ------------------------------------------------------------------------------

SHOP = """\
def total(prices):
    return sum(prices)
"""
TEST = """\
import unittest

import shop


class {title}(unittest.TestCase):
    def test_it(self):
        self.assertAlmostEqual({call}, {wanted})
"""


def parameter(name: str) -> Callable[[Path], None]:
    """Add a parameter to ``total``, whatever it takes by now."""

    def do(folder: Path) -> None:
        file = folder / "shop.py"
        text = file.read_text()
        if f"{name}=0" not in text:
            file.write_text(re.sub(r"def total\((.*)\):", rf"def total(\1, {name}=0):", text))

    return do


def factor(term: str) -> Callable[[Path], None]:
    """Multiply what ``total`` gives, whatever it is by now."""

    def do(folder: Path) -> None:
        file = folder / "shop.py"
        text = file.read_text()
        if term not in text:
            file.write_text(re.sub(r"return (.*)\n", rf"return \1 * {term}\n", text))

    return do


def test_file(title: str, call: str, wanted: str) -> Callable[[Path], None]:
    """Write a test of one's own."""

    def do(folder: Path) -> None:
        text = TEST.format(title=title.title(), call=call, wanted=wanted)
        (folder / f"test_{title}.py").write_text(text)

    return do


TASKS: dict[str, list[Step]] = {
    "discount": [
        ("take a discount", parameter("discount")),
        ("use it", factor("(1 - discount)")),
        ("test it", test_file("discount", "shop.total([10, 20], discount=0.5)", "15")),
    ],
    "tax": [
        ("take a tax", parameter("tax")),
        ("use it", factor("(1 + tax)")),
        ("test it", test_file("tax", "shop.total([10], tax=0.2)", "12")),
    ],
}
TESTS = [sys.executable, "-m", "unittest", "discover", "-v"]


def worker_main(store: str, name: str, think: float) -> int:
    """The process of one worker: it may work on its own branch, and decide nothing."""
    command = [*SERVE, "--store", store, "--role", "agent", "--own", name]
    with Sidecar.start(command=command) as sidecar:
        return 0 if Worker(sidecar.branch(name), TASKS[name], think).work() else 1


def begin_together(sidecar: Sidecar, start: Callable[[str], subprocess.Popen[bytes]]) -> list[int]:
    """Start the workers, let none go before all are there; returns their exit codes."""
    for name in TASKS:
        params = {"branch": name, "by": "main", "reason": "until all are here"}
        sidecar.request("intervene/pause", params)
    workers = [start(name) for name in TASKS]
    while len(sidecar.request("intervene/held")["held"]) < len(workers):
        time.sleep(0.05)
    for name in TASKS:
        sidecar.request("intervene/resume", {"branch": name, "by": "main"})
    return [worker.wait() for worker in workers]


def main() -> int:
    """The whole story; 0 when both landed and the tests pass."""
    options = argparse.ArgumentParser(description="two workers, one repository, one supervisor")
    options.add_argument("--base", help="where to put the repository and the store, and keep them")
    options.add_argument("--think", type=float, default=0.3, help="seconds a step is thought over")
    options.add_argument("--worker", nargs=2, metavar=("STORE", "NAME"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.worker:
        return worker_main(*asked.worker, asked.think)
    if asked.base:
        return story(Path(asked.base), asked.think)
    with tempfile.TemporaryDirectory() as base:
        return story(Path(base), asked.think)


def story(base: Path, think: float) -> int:
    """Both workers, from the first line to the folder."""
    folder, store = base / "shop", str(base / "store")
    folder.mkdir()
    (folder / "shop.py").write_text(SHOP)

    def start(name: str) -> subprocess.Popen[bytes]:
        here = [sys.executable, __file__, "--think", str(think)]
        return subprocess.Popen([*here, "--worker", store, name])

    with Sidecar.start(command=[*SERVE, "--store", store]) as sidecar:
        run = sidecar.start_run("trunk", workspace=str(folder), driver="copy")
        run.fork(names=list(TASKS), driver="copy")
        referee = Referee(sidecar, run.name, list(TASKS), TESTS)
        codes = begin_together(sidecar, start)
        referee.close()
        settled = run.apply(workspace=True, by="referee", reason="both are done")
    print("\n".join(referee.told))
    print(f"settled into the folder: {', '.join(one['path'] for one in settled['changes'])}")
    print((folder / "shop.py").read_text())
    tests = subprocess.run(TESTS, cwd=folder, capture_output=True, text=True)
    print(tests.stderr.strip().splitlines()[-1])
    return max(*codes, tests.returncode)


if __name__ == "__main__":
    sys.exit(main())
