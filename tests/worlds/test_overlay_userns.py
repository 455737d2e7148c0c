"""Overlay worlds without root: the keeper mounts in a user namespace, the driver is outside."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

from shepherd_sidecar.worlds.keeper.client import Keeper
from tests.support.drivers import tree_of
from tests.support.folders import Shape, shape_of
from tests.support.overlays import Area
from tests.support.unprivileged import as_user, user_folder

FILES: Shape = {b"f%d" % n: ("file", 0o644, b"%d" % n) for n in range(8)}
SOME: Shape = {
    **FILES,
    b"src": ("dir", 0o755, {**FILES, b"in": ("dir", 0o755, FILES), b"odd\xff": ("link", b"\xfe")}),
    b"closed": ("dir", 0o555, FILES),
}


def test_the_same_without_root() -> None:
    with user_folder() as base:
        assert as_user(lambda: _worlds(base)) == "userns"


def _worlds(base: Path) -> str:
    a = Area(base, grown=6)
    keeper = a.mounter = Keeper(a.worlds, grace=0)
    a.again()
    try:
        found = a.driver.probe(a.worlds)
        assert found.available
        assert "EXDEV" in str(found.why)
        tree = tree_of(a.objects, SOME)
        trees = [tree]
        rng = random.Random(7)
        for number in range(12):
            start = rng.choice(trees)
            world = a.create(start, *reversed(trees))
            assert a.walked(world.path).tree == start
            src = world.path / "src"
            match number % 4:
                case 0:
                    (src / "f1").write_bytes(b"%d" % number)
                    (world.path / "f2").unlink(missing_ok=True)
                case 1:
                    shutil.rmtree(src)
                    src.mkdir()
                    (src / "f3").write_bytes(b"anew %d" % number)
                case 2:
                    for other in range(10):
                        (world.path / f"new{other}").write_bytes(b"%d" % number)
                case _:
                    (world.path / "f4").chmod(0o600)
                    (world.path / "closed").chmod(0o755)
                    (world.path / "closed" / "f5").unlink(missing_ok=True)
            taken, walked = a.snapshot(world, start), a.walked(world.path, start)
            assert (taken.tree, taken.changed) == (walked.tree, walked.changed)
            assert taken.files == walked.files
            trees.append(taken.tree)
            if number % 3 == 0:
                before = shape_of(world.path)
                assert keeper.unmount(world.stands_in)
                a.again()
                world = a.driver.open(world)
                assert shape_of(world.path) == before
                assert a.snapshot(world).tree == taken.tree
            a.driver.destroy(world)
        left = [name for name in os.listdir(a.worlds) if name.startswith("w")]
        assert left == []
        return keeper.mode
    finally:
        keeper.close()
