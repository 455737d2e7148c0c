"""Laying beside an agent at work, 64 live siblings of one parent, a thousand generations."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import ground, laying
from bench.floors import Floor
from bench.ground import L, M, Refused
from bench.harness import Row, Run, Sample, at_most, times_at_most
from bench.scene import Scene
from bench.session import Session
from bench.worlds_fork import MOUNT

SIBLINGS = 64
MEMORY = ("Slab", "Percpu", "PageTables", "KernelStack")
"""What the kernel holds for mounts and processes, as /proc/meminfo calls it."""


def rows(run: Run) -> Iterator[Row]:
    with ground.journaled(run, "worlds_many") as folder:
        size = M if run.quick else L
        ground.lay(folder / "large", size)
        yield from laying.rows(run, folder / "laying", folder / "large", size)
        ground.remove(folder / "large")
        workspace = folder / "workspace"
        files = ground.lay(workspace, M)
        try:
            with (
                Session(folder / "session", workspace, files) as session,
                Floor(folder / "floor", workspace) as floor,
            ):
                yield from _siblings(Scene(run, M, str(M), session, floor, session.start()))
                yield from _generations(Scene(run, M, str(M), session, floor, session.start()))
        except Refused as error:
            yield Row.absent("many worlds", str(error))


def _siblings(scene: Scene) -> Iterator[Row]:
    memory: list[float] = []

    def ours() -> list[float]:
        scene.advance()
        before = _memory(scene.session)
        start = time.perf_counter()
        made = scene.fork(SIBLINGS)
        took = (time.perf_counter() - start) * 1e3
        memory.append((_memory(scene.session) - before) / SIBLINGS)
        _isolated(scene, [Path(forked["world"]["path"]) for forked in made["branches"]])
        return [took]

    def bare() -> list[float]:
        return [sum(scene.floor.fork() for _ in range(SIBLINGS))]

    found, beside = scene.turns(ours, bare)
    yield Row(
        f"{scene.name}: {SIBLINGS} live siblings of one parent",
        "ms",
        found,
        f"{SIBLINGS} times: {MOUNT}",
        beside,
        (at_most(1000),),
        ["each then wrote its own content into one file, and read it back after all had."],
    )
    yield Row(
        f"{scene.name}: memory of each of {SIBLINGS} siblings",
        "MB",
        Sample([memory[:1]]),
        targets=(at_most(2),),
        facts=[
            f"growth of sidecar and keeper, and of the kernel's {', '.join(MEMORY)}, by the first"
            f" {SIBLINGS}; what is freed when worlds go is used again by the next."
        ],
    )


def _generations(scene: Scene) -> Iterator[Row]:
    """A chain of forks, each with one more change; then forks at both its ends in turns."""
    count = scene.run.some(1000, 50)
    session, first = scene.session, scene.branch
    line = first
    for number in range(count):
        before, scene.branch = line, f"generation-{number}"
        session.fork(line, scene.branch)
        scene.at = session.world(scene.branch)
        scene.advance()
        line = scene.branch
        if before != first:
            session.discard(before)
        if number % 100 == 99:
            session.collect()
            print(f"generation {number + 1:,}", file=sys.stderr, flush=True)
    deep = Scene(scene.run, scene.size, scene.name, session, scene.floor, line)
    scene.branch, scene.at = first, session.world(first)
    found, beside = scene.turns(lambda: _forks(deep), lambda: _forks(scene))
    deep.drop()
    yield Row(
        f"{scene.name}: fork of generation {count:,}",
        "ms",
        found,
        "fork of generation 1",
        beside,
        (times_at_most(1.5),),
    )


def _forks(scene: Scene) -> list[float]:
    times = []
    for _ in range(scene.each):
        scene.advance()
        start = time.perf_counter()
        scene.fork()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def _isolated(scene: Scene, worlds: list[Path]) -> None:
    seen = []
    for world in worlds:
        (file,) = scene.session.edit(world)
        seen.append((file, file.read_bytes()))
    if any(file.read_bytes() != content for file, content in seen):
        raise RuntimeError("a write in one world was seen in another")


def _memory(session: Session) -> float:
    """MB of what worlds grow: the sidecar and its keeper, and what the kernel holds."""
    kernel = dict(
        line.split(":") for line in Path("/proc/meminfo").read_text().splitlines() if ":" in line
    )
    total = sum(int(kernel[name].split()[0]) for name in MEMORY)
    for pid in session.processes():
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(rollup.split("Pss:")[1].split()[0])
    return total * 1024 / 1e6
