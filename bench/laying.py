"""How much the background laying slows an agent that works meanwhile.

The agent writes files, reports events and waits for each to be durable; the same loop runs
with and without ``shepherd_sidecar.engine.laying`` writing a base layer, turn by turn.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import ground
from bench.ground import Size
from bench.harness import Row, Run, interleave, times_at_most
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.laying import Laying, Wish
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.traces import AppendParams, NewEvent
from shepherd_sidecar.worlds.driver import World

STEPS = 300


def rows(run: Run, folder: Path, workspace: Path, size: Size) -> Iterator[Row]:
    """The row, of an agent beside whom ``workspace`` is laid; works in ``folder``, made for it."""
    folder.mkdir()
    store = folder / ".shepherd"
    engine = Engine(store)
    try:
        with batch(engine.store) as content:
            user = World(workspace, workspace, "copy", "inPlace")
            tree = engine.workspaces.registry.plain.snapshot(content, user, None).tree
            engine.store.write(lambda tx: content.insert(tx, tree))
        branch = engine.runs.start(RunStartParams(name="agent"), "bench").branch
        ground.settle(folder)

        def beside() -> list[float]:
            with _Laid(store, tree):
                return _steps(engine, branch, folder / "own")

        found, alone = interleave(
            run.some(9, 2), beside, lambda: _steps(engine, branch, folder / "own")
        )
    finally:
        engine.close()
        ground.remove(folder)
    yield Row(
        f"{size}: an agent's step while a base is laid",
        "ms",
        found,
        "the same step alone",
        alone,
        (times_at_most(1.05),),
        ["a step writes a file of 4 KB and reports an event, to the durable reply; in process."],
    )


class _Laid:
    """A base is being laid for the length of the block, by a process as the sidecar starts it."""

    def __init__(self, store: Path, tree: str) -> None:
        self.store, self.tree = store, tree

    def __enter__(self) -> None:
        Laying(self.store).wishes.add(Wish("layer", self.tree))
        command = [sys.executable, "-m", "shepherd_sidecar.engine.laying", "--store"]
        self.process = subprocess.Popen([*command, str(self.store)])
        while not list((self.store / "layers").glob("*-*/*")):
            if self.process.poll() is not None:
                raise RuntimeError("it was laid before it could be measured: take more files")
            time.sleep(0.005)

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.store / "layers")
        ground.settle(self.store)


def _steps(engine: Engine, branch: str, own: Path) -> list[float]:
    own.mkdir(exist_ok=True)
    times = []
    for n in range(STEPS):
        start = time.perf_counter()
        (own / f"{n % 20}").write_bytes(b"x" * 4096)
        event = NewEvent(kind="message", payload={"role": "assistant", "n": n})
        engine.append(AppendParams(branch=branch, events=[event]), "bench").result()
        times.append((time.perf_counter() - start) * 1000)
    return times
