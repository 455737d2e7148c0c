"""Settling: what a branch changed, merged and written into the user's own folder."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.harness import Row, Run, interleave, ms, times_at_most
from bench.material import texts
from bench.pipe import Pipe


def rows(run: Run) -> Iterator[Row]:
    base = run.folder("settle")
    files, changed = run.some(20_000, 400), run.some(1_000, 40)
    folder, beside = base / "project", base / "beside"
    for at in (folder, beside):
        fill(at, files)
    text = texts(2_000, seed=7)
    rng = random.Random(3)
    with Pipe.serve(base / "store") as sidecar:
        asked = {"name": "bench", "workspace": str(folder), "driver": "copy"}
        started = sidecar.call("run/start", asked)
        branch, world = started["branch"], Path(started["world"]["path"])
        new: list[tuple[str, bytes]] = []
        settled: set[str] = set()

        def change() -> None:
            """What the agent did: captured, as it is after every step."""
            new[:] = [
                (name_of(number), f"{next(text)}\n".encode())
                for number in rng.sample(range(files), changed)
            ]
            for name, data in new:
                (world / name).write_bytes(data)
            sidecar.call("snapshot/take", {"branch": branch})
            for onto in settled:  # it reads again what the round before wrote
                sidecar.call("snapshot/take", {"branch": onto})

        def ours() -> list[float]:
            change()
            asked = {"branch": branch, "workspace": True}
            took = ms(lambda: settled.add(sidecar.call("branch/apply", asked)["onto"]))
            if any((folder / name).read_bytes() != data for name, data in new):
                raise RuntimeError("what was settled is not in the folder")
            return [took]

        def floor() -> list[float]:
            return [ms(lambda: write(beside, new))]

        change()
        found, bare = interleave(run.some(7, 2), ours, floor)
    yield Row(
        f"settle {changed:,} changed files into a folder of {files:,}",
        "ms",
        found,
        "the same files written beside and renamed",
        bare,
        (times_at_most(1.5),),
        [
            "from the request to the reply: both sides captured, merged, the safety commit, every"
            " path compared once more, the files, the merge's commit."
        ],
    )


def fill(folder: Path, files: int) -> None:
    """A project of 2 KB files, a hundred in each folder."""
    text = texts(2_000, seed=5)
    for number, data in enumerate(islice(text, files)):
        path = folder / name_of(number)
        if number % 100 == 0:
            path.parent.mkdir(parents=True)
        path.write_text(data)


def name_of(number: int) -> str:
    return f"part-{number // 100:03}/file-{number:05}.txt"


def write(folder: Path, files: list[tuple[str, bytes]]) -> None:
    """Each file beside its place, then renamed, as a careful program writes."""
    for name, data in files:
        path = os.path.join(folder, name)
        fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(fd, data)
        os.fchmod(fd, 0o644)
        os.close(fd)
        os.rename(path + ".new", path)
