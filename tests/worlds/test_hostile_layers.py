"""What is written in a world never speaks for its layers: to a mount, a snapshot or a fork.

Nor does what somebody else may have written into a store that one opens.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from shepherd_sidecar.errors import NoWorld
from shepherd_sidecar.worlds.keeper.client import Keeper
from tests.support.drivers import tree_of
from tests.support.folders import Shape, shape_of
from tests.support.lacking import lacking, root
from tests.support.overlays import Area, area
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


def _named(name: str) -> Callable[[Path, Path, Path], None]:
    """Has the record name something else as its layer."""

    def write(home: Path, layer: Path, secret: Path) -> None:
        said = json.loads((home / "world.json").read_bytes())
        said["stack"]["layers"][0][0] = name.format(secret=secret)
        (home / "world.json").write_text(json.dumps(said))

    return write


def _no_layers(home: Path, layer: Path, secret: Path) -> None:
    said = json.loads((home / "world.json").read_bytes())
    (home / "world.json").write_text(json.dumps({**said, "stack": {"layers": []}}))


def _link_for_layer(home: Path, layer: Path, secret: Path) -> None:
    shutil.rmtree(layer)
    layer.symlink_to(secret)


def _link_for_upper(home: Path, layer: Path, secret: Path) -> None:
    shutil.rmtree(home / "upper")
    (home / "upper").symlink_to(secret)


def _link_for_record(home: Path, layer: Path, secret: Path) -> None:
    (home / "world.json").rename(secret / "world.json")
    (home / "world.json").symlink_to(secret / "world.json")


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(_named("../secret"), id="name upwards"),
        pytest.param(_named("{secret}"), id="absolute name"),
        pytest.param(_named("x/../../secret"), id="name through another"),
        pytest.param(_named("a:b,c\n"), id="name of marks"),
        pytest.param(_named(""), id="no name"),
        pytest.param(_no_layers, id="no layers"),
        pytest.param(_link_for_layer, id="link for a layer"),
        pytest.param(_link_for_upper, id="link for the upper"),
        pytest.param(_link_for_record, id="link for the record"),
    ],
)
def test_a_record_that_leads_out_of_the_store_is_not_believed(
    forge: Callable[[Path, Path, Path], None],
) -> None:
    root("mount without a keeper")
    with area() as a:
        secret = a.base / "secret"
        secret.mkdir()
        (secret / "key").write_bytes(b"nobody else's")
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        home = world.stands_in
        assert a.mounter.unmount(home)
        [layer] = [path for path in (a.base / "layers").iterdir() if path.is_dir()]
        forge(home, layer, secret)
        held = sorted(os.listdir(secret))
        a.again()
        with pytest.raises(NoWorld):
            a.driver.open(world)
        assert a.mounter.mounted(home) is None
        a.again()
        world = a.driver.renew(a.objects, world, tree)
        assert a.walked(world.path).tree == tree, "it is laid anew as its last snapshot"
        (world.path / "key").write_bytes(b"mine")
        assert sorted(os.listdir(secret)) == held
        assert (secret / "key").read_bytes() == b"nobody else's"
