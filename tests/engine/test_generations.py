"""Forks of forks of forks: names stay short, layers stay few, every world is its tree."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.protocol.branches import BranchRenameParams, BranchRewindParams, ForkParams
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.snapshots import SnapshotTakeParams
from shepherd_sidecar.store import branches
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.registry import LAYERS
from tests.support.folders import shape_of
from tests.support.lacking import lacking

GENERATIONS = int(os.environ.get("SHEPHERD_GENERATIONS", "200"))
"""2,000 of them take about a minute on an idle machine."""


@pytest.mark.requirement("OVERLAY-03")
def test_a_long_line_of_forks(tmp_path: Path, folder: Path) -> None:
    """Each is forked from the last and changes something; in one of them something runs."""
    engine = Engine(tmp_path / "own" / ".shepherd", Limits(worlds=10))
    held: subprocess.Popen[bytes] | None = None
    try:
        if not engine.workspaces.registry.available("overlay"):
            lacking("no overlay can be mounted here")
        layers = Layers(engine.store.root / LAYERS)
        params = RunStartParams(name="main", workspace=str(folder), driver="overlay")
        name = engine.runs.start(params, "test").branch
        live: list[str] = []
        deepest = 0
        for number in range(GENERATIONS):
            [fork] = engine.fork(ForkParams(at=name), "test").branches
            place = engine.workspaces.need(fork.branch)
            world = engine.workspaces.world(place)
            assert (world.path / "last").exists() == (number > 0)
            (world.path / "last").write_text(f"{number}")
            (world.path / "src" / f"{number % 50}").write_text(f"{number}")
            got = engine.restoring.take(SnapshotTakeParams(fork.branch), "test")
            assert len(got.snapshot.changed) == 2
            stack = layers.laid(got.snapshot.tree)
            deepest = max(deepest, len(stack.layers) if stack is not None else 0)
            if number == 5:  # this world stays, with something in it
                held = subprocess.Popen(["sleep", "1000"], cwd=world.path / "src")
                first, shape = world, shape_of(world.path)
            elif number:
                live.append(fork.branch)
            if len(live) > 3:
                with engine.store.reading() as conn:
                    gone = branches.need(conn, live.pop(0)).seq
                engine.workspaces.remove(gone)
            name = fork.branch
        assert len(name) <= len("main-fork-2000")
        assert deepest < 60
        assert held is not None
        assert os.path.samefile(f"/proc/{held.pid}/cwd", first.path / "src")
        assert shape_of(first.path) == shape
        last = engine.workspaces.world(engine.workspaces.need(name))
        assert (last.path / "last").read_text() == f"{number}"
    finally:
        if held is not None:
            held.kill()
            held.wait()
        engine.close()


@pytest.mark.requirement("BRANCH-04")
def test_names_made_from_names_stay_short(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "own" / ".shepherd")
    try:
        long = "ü" * 100
        for number, given in enumerate(("main", long, "main-fork-5-tail")):
            start = engine.runs.start(RunStartParams(name=given), "test")
            name = start.branch
            for _ in range(30):
                [fork] = engine.fork(ForkParams(at=name), "test").branches
                assert len(fork.branch.encode()) <= 200
                name = fork.branch
            assert name.startswith(given[:4])
            tail = engine.rewind(BranchRewindParams(name, start.head), "test").result().tail
            assert len(tail.encode()) <= 200
            renamed = engine.rename(BranchRenameParams(name, f"mine {number}"), "test").result()
            [fork] = engine.fork(ForkParams(at=renamed.branch), "test").branches
            assert fork.branch == f"mine {number}-fork"
    finally:
        engine.close()
