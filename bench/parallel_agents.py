"""Two scripted agents on one repository: alone, supervised, and one after the other.

The supervisor is the one of the worked example (adapters/python/examples/parallel_work.py): all
that it knows it has from the trace. The agents act step by step through the protocol, each on a
branch with a world of its own, and go by what they are told.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.harness import ROOT, Row, Run, Sample, times_at_least
from bench.parallel_tasks import TASKS, Task

CLIENT = ROOT / "adapters" / "python"
EXAMPLE = CLIENT / "examples" / "parallel_work.py"
TESTS = [sys.executable, "-m", "unittest", "discover"]
THINK = 0.05
"""Seconds before each step, so that both are at work at once."""


def rows(run: Run) -> Iterator[Row]:
    base = run.folder("parallel")
    example = load()
    tasks = TASKS[:: run.some(1, 7)]
    passed: dict[str, list[bool]] = {}
    with example.Sidecar.start(
        command=[sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(base / "store")],
        env={"PYTHONPATH": str(ROOT)},
    ) as sidecar:
        scene = Scene(example, sidecar, base)
        for how in (scene.alone, scene.supervised, scene.oracle):
            passed[how.__name__] = [scene.play(task, how) for task in tasks]
    counts = {how: float(sum(found)) for how, found in passed.items()}
    oracle = Sample.of(counts["oracle"])
    lost = {how: lost_in(tasks, found) for how, found in passed.items()}
    yield Row(
        f"pairs of {len(tasks)} that pass, supervised",
        "pairs",
        Sample.of(counts["supervised"]),
        "one after the other (oracle)",
        oracle,
        (times_at_least(0.9),),
        [f"supervised fail: {lost['supervised']}.", f"the oracle fails: {lost['oracle']}."],
        high=True,
    )
    yield Row(
        f"pairs of {len(tasks)} that pass, unsupervised",
        "pairs",
        Sample.of(counts["alone"]),
        "one after the other (oracle)",
        oracle,
        facts=[f"unsupervised fail: {lost['alone']}."],
        high=True,
    )


def lost_in(tasks: list[Task], found: list[bool]) -> str:
    return "; ".join(t.kind for t, good in zip(tasks, found, strict=True) if not good) or "none"


def load() -> ModuleType:
    """The example, as a module."""
    sys.path.insert(0, str(CLIENT))
    spec = importlib.util.spec_from_file_location("parallel_work", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Scene:
    """Repositories and their runs, on one store."""

    def __init__(self, example: ModuleType, sidecar: Any, base: Path) -> None:
        self.example, self.sidecar, self.base = example, sidecar, base
        self.number = 0

    def play(self, task: Task, how: Callable[[Task, Any], None]) -> bool:
        """Whether all tests pass in the trunk, once both have landed or given up."""
        self.number += 1
        folder = self.base / f"project-{self.number}"
        folder.mkdir()
        for name, text in task.files.items():
            (folder / name).write_text(text)
        name = f"{how.__name__}-{self.number}"
        trunk = self.sidecar.start_run(name, workspace=str(folder), driver="copy")
        how(task, trunk)
        files = {path.name for path in Path(trunk.world["path"]).glob("test_*.py")}
        wanted = {f"test_{part}.py" for part in self.tests_of(task)}
        return files >= wanted and trunk.exec(TESTS)["exitCode"] == 0

    def tests_of(self, task: Task) -> set[str]:
        """What each worker's last step is named for: its test has to be there."""
        found = set()
        for steps in (task.left, task.right):
            at = self.base / "scratch"
            at.mkdir(exist_ok=True)
            steps[-1][1](at)
            for path in at.glob("test_*.py"):
                found.add(path.stem.removeprefix("test_"))
                path.unlink()
        return found

    def workers(self, task: Task, trunk: Any) -> list[Any]:
        names = [f"{trunk.name}-left", f"{trunk.name}-right"]
        forks = trunk.fork(names=names, driver="copy")
        return [
            self.example.Worker(branch, steps, THINK)
            for branch, steps in zip(forks, (task.left, task.right), strict=True)
        ]

    def alone(self, task: Task, trunk: Any) -> None:
        """Nobody watches; who comes last wins where both changed the same."""
        done: list[Any] = []
        self.both(self.workers(task, trunk), lambda worker: done.append(worker.branch))
        for branch in done:
            self.land(branch, trunk)

    def supervised(self, task: Task, trunk: Any) -> None:
        workers = self.workers(task, trunk)
        names = [worker.branch.name for worker in workers]
        referee = self.example.Referee(self.sidecar, trunk.name, names, TESTS)
        self.both(workers, lambda worker: None)
        referee.close()

    def oracle(self, task: Task, trunk: Any) -> None:
        """The second begins when the first has landed."""
        for side, steps in (("left", task.left), ("right", task.right)):
            [branch] = trunk.fork(names=[f"{trunk.name}-{side}"], driver="copy")
            if self.example.Worker(branch, steps).work():
                self.land(branch, trunk)

    def land(self, branch: Any, trunk: Any) -> None:
        told = branch.apply(trunk)["conflicts"]
        if told:
            branch.apply(trunk, resolve={one["path"]: {"take": "branch"} for one in told})

    def both(self, workers: list[Any], landed: Callable[[Any], object]) -> None:
        """Both at once; ``landed`` is told who did, in that order."""

        def work(worker: Any) -> None:
            if worker.work():
                landed(worker)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
