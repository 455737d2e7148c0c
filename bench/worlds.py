"""Forks, commands, snapshots and restores of worlds, as root and without, beside their floors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import ground, worlds_fork, worlds_snapshot
from bench.floors import Floor
from bench.ground import NOBODY, Refused, Size
from bench.harness import Row, Run
from bench.scene import Scene
from bench.session import Session

WHO = {"as root": None, "without root": NOBODY}


def rows(run: Run) -> Iterator[Row]:
    with ground.journaled(run, "worlds") as folder:
        for size in ground.sizes(run):
            for who, user in WHO.items():
                name = f"{size}, {who}"
                try:
                    yield from _measured(run, folder, size, name, user)
                except Refused as error:
                    yield Row.absent(f"{name}: worlds", str(error))


def _measured(run: Run, folder: Path, size: Size, name: str, user: int | None) -> Iterator[Row]:
    workspace = folder / "workspace"
    files = ground.lay(workspace, size)
    try:
        with (
            Session(folder / "session", workspace, files, user=user) as session,
            Floor(folder / "floor", workspace) as floor,
        ):
            scene = Scene(run, size, name, session, floor, session.start())
            yield worlds_fork.fork(scene)
            yield worlds_fork.command(scene)
            yield worlds_snapshot.snapshot(scene, 1, 4)
            yield worlds_snapshot.snapshot(scene, min(100, size.files // 2), 15)
            yield worlds_snapshot.restore(scene)
            if user is None:
                name = f"{size}, in the user's folder"
                scene = Scene(run, size, name, session, floor, session.start("inPlace"))
                yield worlds_fork.fork(scene)
                yield worlds_snapshot.snapshot(scene, 1, 4)
                yield worlds_snapshot.restore(scene)
    finally:
        ground.remove(folder / "session", folder / "floor", workspace)
