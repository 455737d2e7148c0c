"""Snapshots after few changes, and restores under a process that lives in the world."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from bench.ground import acting_as
from bench.harness import Row, at_most, ms
from bench.scene import Scene, said


def snapshot(scene: Scene, count: int, target: float) -> Row:
    """snapshot/take after so many files changed, request to reply: the tree is durable then."""
    stated: list[float] = []
    changed = scene.session.edit(scene.at, count)

    def ours() -> list[float]:
        times = []
        for _ in range(scene.each):
            scene.session.edit(scene.at, count)
            start = time.perf_counter()
            taken = scene.session.snapshot(scene.branch)["snapshot"]
            times.append((time.perf_counter() - start) * 1e3)
            stated.append(taken["ms"])
            if len(taken["changed"]) != count:
                raise RuntimeError(f"{count} files were edited, of which it saw {taken['changed']}")
        return times

    def bare() -> list[float]:
        with acting_as(scene.session.user):
            return [scene.floor.snapshot(changed) for _ in range(scene.each)]

    scene.session.snapshot(scene.branch)
    found, beside = scene.turns(ours, bare)
    return Row(
        f"{scene.name}: snapshot, {count} changed",
        "ms",
        found,
        "read and hash those, FULL commit",
        beside,
        (at_most(target),),
        [said("snapshotMs", stated)],
    )


def restore(scene: Scene) -> Row:
    """snapshot/restore of one changed file, while a process lives in its folder and reads it."""
    (file,) = scene.session.edit(scene.at)
    kept = scene.session.snapshot(scene.branch)["commit"]
    content = scene.session.read(file)
    aside = scene.floor.folder / "restored"

    def ours() -> list[float]:
        times = []
        for _ in range(scene.each):
            scene.session.edit(scene.at)
            times.append(ms(lambda: scene.session.restore(scene.branch, kept)))
            if living.read(file.name) != content:
                raise RuntimeError("a process in the world does not see what was restored")
        return times

    with Living(file.parent, scene.session.user) as living:
        found, beside = scene.turns(
            ours, lambda: [scene.floor.restore(aside, content) for _ in range(scene.each)]
        )
    return Row(
        f"{scene.name}: restore under a live process, 1 changed",
        "ms",
        found,
        "write and rename it, two FULL commits",
        beside,
        (at_most(5),),
    )


class Living:
    """A process that stays in a folder and reads files of it, by names relative to it."""

    def __init__(self, folder: Path, user: int | None) -> None:
        self._process = subprocess.Popen(
            ["sh", "-c", 'while read -r name; do wc -c <"$name"; cat "$name"; done'],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            user=user,
            group=user,
        )

    def __enter__(self) -> Living:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def read(self, name: str) -> bytes:
        """What it sees in a file."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n".encode())
        self._process.stdin.flush()
        return self._process.stdout.read(int(self._process.stdout.readline()))
