"""Snapshots, worlds and restores of the portable driver, beside cp and git, in one run.

    PYTHONPATH=. python bench/worlds_portable.py FOLDER [--files 100 2000 20000] [--json FILE]

FOLDER is made and emptied; put it on the file system that is to be measured. A root ext4
without a journal is 10-25 times slower at making files just after a mass deletion: a journaled
ext4 on a loop file, or /dev/shm, gives figures that can be compared. Each figure is the median
of several; the tables give milliseconds and what they are times those of cp or git.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.restore import apply
from shepherd_sidecar.worlds.restore_plan import plan

ROWS = (
    ("snapshot, cold", "git, cold"),
    ("snapshot, nothing changed", "git, nothing changed"),
    ("snapshot, 1 edit", "git, 1 edit"),
    ("snapshot, 1 edit, committed", "git, 1 edit"),
    ("create a world", "cp -a"),
    ("first snapshot of a world", "git, nothing changed"),
    ("restore 1 edit, plan and apply", "git, 1 edit"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--files", type=int, nargs="+", default=[100, 2_000, 20_000])
    options.add_argument("--json", type=Path)
    asked = options.parse_args()
    results = {count: measure(asked.folder / str(count), count) for count in asked.files}
    shutil.rmtree(asked.folder, ignore_errors=True)
    print(f"{os.uname().release}, {os.cpu_count()} cores, {asked.folder}; ms (times the other)")
    for count, found in results.items():
        print(f"\n{count:,} files, {found['MB']:.1f} MB")
        for ours, theirs in ROWS:
            ratio = found[ours] / found[theirs]
            print(f"  {ours:32}{found[ours]:9.2f}   {theirs:22}{found[theirs]:9.2f}  {ratio:6.2f}x")
    if asked.json is not None:
        asked.json.write_text(json.dumps(results, indent=1) + "\n")


def measure(base: Path, count: int) -> dict[str, float]:
    shutil.rmtree(base, ignore_errors=True)
    work = base / "work"
    size = lay(work, count)
    edits = itertools.count()
    victim = work / "p0" / "d0" / "file_7.py"
    world = World(work, work, "copy", "inPlace")
    turns = 15 if count < 10_000 else 7
    found: dict[str, float] = {"MB": size / 1e6}
    store = Store(base / "store")
    driver = CopyDriver(Settings(caches=base / "caches", store=base / "store"))

    def edit() -> None:
        victim.write_text(f"edit {next(edits)}\n" * 20)

    def committed(before: str | None) -> str:
        with batch(store) as objects:
            taken = driver.snapshot(objects, world, before)
            return keep(store, objects, taken.tree)

    try:
        found["snapshot, cold"], tree = timed(lambda: committed(None))
        committed(tree)  # files written a moment ago are read once more
        found["snapshot, nothing changed"] = median(
            turns, lambda: None, lambda: snapshot(store, driver, world, tree)
        )
        found["snapshot, 1 edit"] = median(
            turns, edit, lambda: snapshot(store, driver, world, tree)
        )
        found["snapshot, 1 edit, committed"] = median(turns, edit, lambda: committed(tree))
        now = committed(tree)

        made: list[World] = []
        times: list[float] = []
        first: list[float] = []
        for turn in range(3):
            with batch(store) as objects:
                at = base / f"world{turn}"
                took, one = timed(lambda o=objects, a=at: driver.create(o, now, a))  # type: ignore[misc]
                made.append(one)
                times.append(took)
                took, taken = timed(lambda o=objects, w=one: driver.snapshot(o, w, now))  # type: ignore[misc]
                first.append(took)
                assert taken.tree == now
        found["create a world"] = statistics.median(times)
        found["first snapshot of a world"] = statistics.median(first)
        for one in made:
            driver.destroy(one)

        def restore() -> None:
            with batch(store) as objects:
                current = driver.snapshot(objects, world, now).tree
                known = driver.known(world)
                thought = plan(objects, work, current, now, place="inPlace", known=known)
                assert len(thought.changes) == 1
                apply(objects, thought, known)

        found["restore 1 edit, plan and apply"] = median(turns, edit, restore)
    finally:
        store.close()

    times = []
    for turn in range(3):
        target = base / f"cp{turn}"
        took, _ = timed(lambda t=target: run(["cp", "-a", str(work), str(t)]))  # type: ignore[misc]
        times.append(took)
        shutil.rmtree(target)
    found["cp -a"] = statistics.median(times)
    git = Git(base / "shadow.git", work)
    found["git, cold"], _ = timed(git.snapshot)
    git.snapshot()
    found["git, nothing changed"] = median(turns, lambda: None, git.snapshot)
    found["git, 1 edit"] = median(turns, edit, git.snapshot)
    return found


def lay(work: Path, count: int) -> int:
    """Files of Python-like text, twenty a folder; returns their size."""
    size = 0
    for n in range(count):
        folder = work / f"p{n // 400}" / f"d{n // 20}"
        if n % 20 == 0:
            folder.mkdir(parents=True)
        lines = [
            f"def function_{n}_{k}(value):\n    return value * {n + k}\n" for k in range(n % 90)
        ]
        size += (folder / f"file_{n}.py").write_text("".join(lines))
    return size


def snapshot(store: Store, driver: CopyDriver, world: World, before: str) -> None:
    with batch(store) as objects:
        driver.snapshot(objects, world, before)


def keep(store: Store, objects: Batch, tree: str) -> str:
    store.write(lambda tx: objects.insert(tx, tree))
    return tree


class Git:
    """A shadow repository: its own folder, the user's files."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.env = {**os.environ, "GIT_DIR": str(folder), "GIT_WORK_TREE": str(work)}
        run(["git", "init", "-q", "--bare", str(folder)])

    def snapshot(self) -> None:
        run(["git", "add", "-A"], self.env)
        run(["git", "write-tree"], self.env)


def run(argv: list[str], env: dict[str, str] | None = None) -> None:
    subprocess.run(argv, check=True, env=env, stdout=subprocess.DEVNULL)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def median(turns: int, before: Callable[[], None], work: Callable[[], None]) -> float:
    times = []
    for _ in range(turns):
        before()
        times.append(timed(work)[0])
    return statistics.median(times)


if __name__ == "__main__":
    main()
