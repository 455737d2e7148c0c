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

        def durable() -> list[float]:
            return [ms(lambda: write_noted(beside, new, base / "notes"))]

        change()
        found, bare, noted = interleave(run.some(7, 3), ours, floor, durable)
    work = f"settle {changed:,} changed files into a folder of {files:,}"
    yield Row(
        work,
        "ms",
        found,
        "the same files written beside and renamed",
        bare,
        (times_at_most(1.5),),
        [
            "from the request to the reply: both sides captured, merged, the safety commit, every"
            " path compared once more, the files, the merge's commit. The floor forces nothing to"
            " the disk; we do, twice."
        ],
    )
    yield Row(
        f"{work} (2)",
        "ms",
        found,
        "the same, a note forced to the disk before and after the renames",
        noted,
        (times_at_most(1.5),),
        ["the same runs of ours; this floor promises as much after a crash as we do."],
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
        write_beside(path, data)
        os.rename(path + ".new", path)


def write_noted(folder: Path, files: list[tuple[str, bytes]], notes: Path) -> None:
    """All files beside their places, a note, the renames, a note: as a program that must be able
    to say after a crash what happened."""
    for name, data in files:
        write_beside(os.path.join(folder, name), data)
    note(notes, b"begun\n")
    for name, _ in files:
        path = os.path.join(folder, name)
        os.rename(path + ".new", path)
    note(notes, b"done\n")


def write_beside(path: str, data: bytes) -> None:
    """A new file beside a path."""
    fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(fd, data)
    os.fchmod(fd, 0o644)
    os.close(fd)


def note(notes: Path, line: bytes) -> None:
    """A line that is on the disk when this returns."""
    fd = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(fd, line)
    os.fsync(fd)
    os.close(fd)
