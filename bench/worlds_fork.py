"""A second live world beside the first: until the reply, and until a command has run in it."""

from __future__ import annotations

import time

from bench.harness import Row, Sample, at_most, ms, number
from bench.scene import Scene, said

MOUNT = "bare overlay mount and FULL commit"


def fork(scene: Scene) -> Row:
    """branch/fork of a commit from which nothing was forked before, request to reply."""
    stated: list[float] = []

    def ours() -> list[float]:
        times = []
        for _ in range(scene.each):
            scene.advance()
            start = time.perf_counter()
            made = scene.fork()
            times.append((time.perf_counter() - start) * 1e3)
            stated.append(made["ms"])
        return times

    found, beside = scene.turns(ours, lambda: [scene.floor.fork() for _ in range(scene.each)])
    facts = [said("forkMs", stated)]
    return Row(f"{scene.name}: fork", "ms", found, MOUNT, beside, (at_most(3),), facts)


def command(scene: Scene) -> Row:
    """The same, and /bin/true has run in it, confined, and its outcome is recorded."""

    def forked() -> None:
        made = scene.fork()
        scene.session.exec(made["branches"][0]["branch"], "/bin/true")

    def ours() -> list[float]:
        times = []
        for _ in range(scene.each):
            scene.advance()
            times.append(ms(forked))
        return times

    unshared: list[float] = []

    def floor() -> list[float]:
        times = []
        for _ in range(scene.each):
            times.append(scene.floor.fork_and_command())
            unshared.append(scene.floor.unshared())
        return times

    found, beside = scene.turns(ours, floor)
    bare = number(Sample([unshared]).p50)
    return Row(
        f"{scene.name}: fork, and a first command has run",
        "ms",
        found,
        f"{MOUNT}, and bwrap",
        beside,
        (at_most(12),),
        [f"`/bin/true` in bare namespaces by unshare(1), no mount, no commit: p50 {bare} ms."],
    )
