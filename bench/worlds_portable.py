"""The portable driver, which copies: its worlds beside cp -a, its snapshots beside git status."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bench import ground
from bench.floors import Floor
from bench.ground import M, Refused, quietly
from bench.harness import Row, Run, ms, times_at_most
from bench.scene import Scene
from bench.session import Session


def rows(run: Run) -> Iterator[Row]:
    with ground.journaled(run, "worlds_portable") as folder:
        for size in ground.sizes(run):
            workspace = folder / "workspace"
            files = ground.lay(workspace, size)
            try:
                with (
                    Session(folder / "session", workspace, files, driver="copy") as session,
                    Floor(folder / "floor", workspace) as floor,
                ):
                    scene = Scene(run, size, f"{size}, copied", session, floor, session.start())
                    yield from _rows(scene)
            except Refused as error:
                yield Row.absent(f"{size}, copied", str(error))
            finally:
                ground.remove(folder / "session", folder / "floor", workspace)


def _rows(scene: Scene) -> Iterator[Row]:
    """Forks without a pause between them, so that what is kept ready for the next never is."""
    beside = scene.floor.folder / "copied"
    few = (3, 1) if scene.size.files > M.files else (7, 2)

    def ours() -> list[float]:
        scene.advance()
        start = time.perf_counter()
        scene.fork()
        return [(time.perf_counter() - start) * 1e3]

    def copied() -> list[float]:
        took = ms(lambda: quietly("cp", "-a", str(scene.at), str(beside)))
        shutil.rmtree(beside)
        return [took]

    found, floor = scene.turns(ours, copied, few)
    yield Row(f"{scene.name}: fork", "ms", found, "cp -a of the world", floor, (times_at_most(1),))

    def unchanged() -> list[float]:
        return [ms(lambda: scene.session.snapshot(scene.branch)) for _ in range(scene.each)]

    git = Git(scene.floor.folder / "git", scene.at)
    found, floor = scene.turns(
        unchanged, lambda: [ms(git.status) for _ in range(scene.each)], (7, 2)
    )
    yield Row(
        f"{scene.name}: snapshot, nothing changed",
        "ms",
        found,
        "git status",
        floor,
        (times_at_most(1.5),),
    )


class Git:
    """A repository of its own over somebody's files: it knows them as they are."""

    def __init__(self, folder: Path, files: Path) -> None:
        self._env = {**os.environ, "GIT_DIR": str(folder), "GIT_WORK_TREE": str(files)}
        quietly("git", "init", "-q", "--bare", str(folder))
        quietly("git", "config", "core.bare", "false", env=self._env)
        quietly("git", "config", "gc.auto", "0", env=self._env)  # nothing goes on behind a commit
        quietly("git", "add", "-A", env=self._env)
        name = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
        quietly("git", *name, "commit", "-q", "-m", "all", env=self._env)

    def status(self) -> None:
        quietly("git", "status", "--porcelain", env=self._env)
