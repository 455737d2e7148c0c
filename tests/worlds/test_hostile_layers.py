"""What is written in a world never speaks for its layers: to a mount, a snapshot or a fork."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

import pytest

from shepherd_sidecar.worlds.keeper.client import Keeper
from tests.support.drivers import tree_of
from tests.support.folders import Shape, shape_of
from tests.support.lacking import lacking
from tests.support.overlays import Area
from tests.support.unprivileged import as_user, user_folder

FILES: Shape = {b"f%d" % n: ("file", 0o644, b"%d" % n) for n in range(4)}
SOME: Shape = {**FILES, b"src": ("dir", 0o755, {**FILES, b"in": ("dir", 0o755, FILES)})}
SAID = {
    "opaque": b"y",
    "redirect": b"/src/in",
    "whiteout": b"y",
    "metacopy": b"",
    "origin": b"x",
    "impure": b"y",
}
"""What the kernel writes to the layers of an overlay, as attributes in one of two name spaces."""


@pytest.mark.parametrize("grown", [0, 256], ids=["becomes a layer", "stays the upper"])
@pytest.mark.parametrize("who", ["root", "user"])
def test_attributes_and_devices_that_mean_something_in_a_layer_mean_nothing(
    who: str, grown: int
) -> None:
    with user_folder() as base:
        if who == "user":
            as_user(lambda: _tried(base, grown))
        elif os.geteuid() == 0:
            _tried(base, grown)
        else:
            lacking("only root can mount without a user namespace")


def _tried(base: Path, grown: int) -> None:
    a = Area(base, grown=grown)
    keeper = a.mounter = Keeper(a.worlds, grace=0)
    a.again()
    try:
        why = keeper.probe()
        if why is not None:
            lacking(f"no overlay can be mounted here: {why}")
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        for at in (world.path / "src", world.path / "src" / "in", world.path / "f1"):
            (at.parent / "written").write_bytes(b"so that it is in the upper too")
            for space in ("user", "trusted"):
                for name, said in SAID.items():
                    with contextlib.suppress(OSError):  # as it should be
                        os.setxattr(at, f"{space}.overlay.{name}", said)
        for name in ("f2", "gone"):
            with contextlib.suppress(OSError):
                os.mknod(world.path / "src" / f"{name}-device", stat.S_IFCHR | 0o600, 0)
        seen = {name: one for name, one in shape_of(world.path).items() if name != b"src"}
        inner = sorted(path.name for path in (world.path / "src").iterdir() if path.is_dir())
        taken, walked = a.snapshot(world, tree), a.walked(world.path, tree)
        assert taken.tree == walked.tree
        assert "src/in" not in taken.changed
        assert keeper.unmount(world.stands_in)
        a.again()
        world = a.driver.open(world)
        again = {name: one for name, one in shape_of(world.path).items() if name != b"src"}
        assert again == seen
        assert sorted(p.name for p in (world.path / "src").iterdir() if p.is_dir()) == inner
        assert a.snapshot(world, tree).tree == taken.tree
        fork = a.create(taken.tree, tree)
        assert a.walked(fork.path).tree == taken.tree
        for one in (world, fork):
            a.driver.destroy(one)
    finally:
        keeper.close()
