"""How much the background laying slows an agent that works meanwhile.

The agent writes files, reports events and waits for each to be durable; the same loop runs
with and without ``shepherd_sidecar.engine.laying`` writing a base layer, turn by turn.
Run as ``python -m bench.laying [files]``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.laying import Laying, Wish
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.traces import AppendParams, NewEvent
from shepherd_sidecar.worlds.driver import World

STEPS = 300
ROUNDS = 5


def slowing(files: int = 20_000) -> tuple[float, float, float]:
    """Milliseconds of the loop without and with laying, and the median ratio of the turns."""
    with tempfile.TemporaryDirectory(prefix="laying-") as name:
        base = Path(name)
        work = base / "work"
        for n in range(files):
            folder = work / f"{n % 200}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{n}").write_bytes(b"%d" % n * 200)
        engine = Engine(base / ".shepherd")
        try:
            with batch(engine.store) as content:
                user = World(work, work, "copy", "inPlace")
                tree = engine.workspaces.registry.plain.snapshot(content, user, None).tree
                engine.store.write(lambda tx: content.insert(tx, tree))
            branch = engine.runs.start(RunStartParams(name="agent"), "bench").branch
            alone, beside, ratios = [], [], []
            for _ in range(ROUNDS):
                alone.append(_agent(engine, branch, base / "own"))
                with _layer_being_laid(base / ".shepherd", tree):
                    beside.append(_agent(engine, branch, base / "own"))
                ratios.append(beside[-1] / alone[-1])
        finally:
            engine.close()
        return statistics.median(alone), statistics.median(beside), statistics.median(ratios)


class _layer_being_laid:  # noqa: N801
    """The process lays the same again and again for the length of the block."""

    def __init__(self, store: Path, tree: str) -> None:
        self.store, self.tree = store, tree

    def __enter__(self) -> None:
        Laying(self.store).wishes.add(Wish("layer", self.tree))
        command = [sys.executable, "-m", "shepherd_sidecar.engine.laying", "--store"]
        self.process = subprocess.Popen([*command, str(self.store)])
        while not list((self.store / "layers").glob("*-*/*")):
            if self.process.poll() is not None:
                raise RuntimeError("it was laid before it could be measured: take more files")

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        subprocess.run(["rm", "-rf", str(self.store / "layers")], check=True)
        os.sync()


def _agent(engine: Engine, branch: str, own: Path) -> float:
    own.mkdir(exist_ok=True)
    start = time.perf_counter()
    for n in range(STEPS):
        (own / f"{n % 20}").write_bytes(b"x" * 4096)
        event = NewEvent(kind="message", payload={"role": "assistant", "n": n})
        engine.append(AppendParams(branch=branch, events=[event]), "bench").result()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    without, with_it, ratio = slowing(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    print(f"{without:.1f} ms alone, {with_it:.1f} ms beside the laying: {ratio:.3f}")
