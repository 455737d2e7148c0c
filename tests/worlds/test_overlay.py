"""Overlay worlds against plain walks: whatever happens in one, both say the same."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.errors import BudgetExceeded, NoWorld
from shepherd_sidecar.trace.trees import EMPTY_TREE, Dir, File, parse_tree, tree_bytes
from shepherd_sidecar.worlds import layers as layers_module
from shepherd_sidecar.worlds import mounts, overlay_driver, overlay_home, upper
from shepherd_sidecar.worlds.driver import Snapshot, World
from shepherd_sidecar.worlds.layer_stack import Layer, Stack
from shepherd_sidecar.worlds.limits import Limits
from tests.support.drivers import tree_of
from tests.support.filesystems import mounts_below
from tests.support.folders import Shape, grow_old, shape_of, shapes
from tests.support.lacking import lacking
from tests.support.overlays import area, deeds, do, folder_moves

some = settings(max_examples=40, deadline=None)
FILES: Shape = {b"f%d" % n: ("file", 0o644, b"%d" % n) for n in range(5)}
SOME: Shape = {**FILES, b"src": ("dir", 0o755, {**FILES, b"in": ("dir", 0o755, FILES)})}


@pytest.fixture(autouse=True, scope="module")
def _mounts_are_made_in_this_process() -> None:
    if os.geteuid() != 0:
        lacking("only root can mount without a keeper; test_driver_conformance.py has one")


@given(
    shapes,
    st.lists(st.tuples(deeds, st.booleans()), min_size=1, max_size=4),
    st.sampled_from([0, 3, 256]),
)
@some
def test_a_snapshot_from_the_upper_is_that_of_a_walk(
    shape: Any, all_deeds: list[tuple[Any, bool]], grown: int
) -> None:
    with area(grown=grown) as a:
        tree = tree_of(a.objects, shape)
        world = a.create(tree)
        for what, time_passes in all_deeds:
            do(world.path, what)
            if time_passes:  # what is seen next is believed, and not looked at again
                grow_old(world.stands_in)
            taken, walked = a.snapshot(world, tree), a.walked(world.path, tree)
            assert _said(taken) == _said(walked)
            assert _said(a.snapshot(world, tree)) == _said(walked)
            assert _said(a.walked(world.path, tree)) == _said(walked)
            tree = taken.tree


@given(
    st.lists(st.tuples(folder_moves, st.booleans()), min_size=1, max_size=4),
    st.sampled_from([0, 3, 256]),
)
@some
@pytest.mark.requirement("OVERLAY-01")
def test_folders_are_renamed_as_in_any_folder(
    all_deeds: list[tuple[Any, bool]], grown: int
) -> None:
    with area(grown=grown) as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        for what, time_passes in all_deeds:
            do(world.path, what)
            if time_passes:
                grow_old(world.stands_in)
            taken, walked = a.snapshot(world, tree), a.walked(world.path, tree)
            assert _said(taken) == _said(walked)
            assert a.walked(a.create(taken.tree, tree).path).tree == taken.tree
            tree = taken.tree


def test_a_folder_is_listed_again_only_when_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    names = upper._names
    monkeypatch.setattr(upper, "_names", lambda fd, path: (listed.append(path), names(fd, path))[1])
    with area() as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        inner, file = world.path / "src" / "in", world.path / "src" / "in" / "f1"
        file.write_text("new")
        grow_old(world.stands_in)
        tree = a.snapshot(world, tree).tree
        assert listed == ["", "src/", "src/in/"]
        listed.clear()
        file.write_text("newer")
        taken = a.snapshot(world, tree)
        assert (taken.changed, listed) == (("src/in/f1",), [])
        # A folder's mtime can be set back, as the kernel itself does when it copies up.
        stamps = inner.stat()
        (inner / "more").touch()
        os.utime(inner, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))
        assert a.snapshot(world, taken.tree).changed == ("src/in/more",)
        assert listed == ["src/in/"]


def test_a_name_whose_folder_came_and_went_is_gone() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        (world.path / "src").rename(world.path / "moved")
        (world.path / "src").mkdir()
        assert "src/in" in a.snapshot(world, tree).changed
        (world.path / "src").rmdir()
        taken = a.snapshot(world, tree)
        assert taken.tree == a.walked(world.path).tree
        assert set(shape_of(a.create(taken.tree).path)) == {*FILES, b"moved"}


@given(shapes, st.lists(st.tuples(st.integers(0, 9), deeds), min_size=2, max_size=6))
@some
def test_forks_of_forks_are_the_trees_they_are_made_of(
    shape: Any, steps: list[tuple[int, Any]]
) -> None:
    with area(grown=3) as a:
        trees = [tree_of(a.objects, shape)]
        for which, what in steps:
            start = trees[which % len(trees)]
            world = a.create(start, *reversed(trees))
            assert a.walked(world.path).tree == start
            do(world.path, what)
            trees.append(a.snapshot(world, start).tree)
            if which % 3 == 0:
                a.again()
        for tree in trees:
            assert a.walked(a.create(tree, *trees).path).tree == tree


def test_64_siblings_do_not_see_each_other() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        worlds = [a.create(tree) for _ in range(64)]
        for number, world in enumerate(worlds):
            (world.path / "src" / "f1").write_text(f"of {number}")
            (world.path / f"only{number}").touch()
            (world.path / "f2").unlink()
        for number, world in enumerate(worlds):
            assert (world.path / "src" / "f1").read_text() == f"of {number}"
            assert a.snapshot(world, tree).changed == ("f2", f"only{number}", "src/f1")
        assert shape_of(a.create(tree).path) == SOME


def test_2000_generations_stay_shallow() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        for number in range(2000):
            before = tree
            if number % 100:  # as the world below would have it
                inner = parse_tree(a.objects.read("tree", tree))[b"src"]
                assert isinstance(inner, Dir)
                src = parse_tree(a.objects.read("tree", inner.tree))
                src[b"g%d" % (number % 300)] = File(0o644, 1, a.objects.add("blob", b"x"))
                made = Dir(0o755, a.objects.add("tree", tree_bytes(src)))
                whole = {**parse_tree(a.objects.read("tree", tree)), b"src": made}
                tree = a.objects.add("tree", tree_bytes(whole))
                stack = a.layers.lay(a.objects, tree, [before])
            else:
                world = a.create(tree, before)
                (world.path / "src" / "edited").write_bytes(b"%d" % number)
                tree = a.snapshot(world, tree).tree
                stack = a.layers.lay(a.objects, tree, [before])
                assert a.walked(world.path).tree == tree
                a.driver.destroy(world)
            assert len(stack.layers) <= 60
        assert a.walked(a.create(tree).path).tree == tree


@pytest.mark.parametrize(("grown", "at_once"), [(20, False), (5, True)])
def test_an_upper_that_has_grown_becomes_a_layer_and_snapshots_are_quick_again(
    grown: int, at_once: bool
) -> None:
    with area(grown=grown) as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        for number in range(30):
            (world.path / f"new{number}").write_bytes(b"%d" % number)
        taken = a.snapshot(world, tree)
        if not at_once:  # few enough, and all of it was new
            assert len(os.listdir(a.worlds / "w1" / "upper")) == 30
            for _ in range(100):  # what may still change unseen is read, and so not in vain
                if os.listdir(a.worlds / "w1" / "upper"):
                    assert a.snapshot(world, taken.tree).tree == taken.tree
        assert os.listdir(a.worlds / "w1" / "upper") == []
        assert a.walked(world.path).tree == taken.tree
        (world.path / "new3").unlink()
        later = a.snapshot(world, taken.tree)
        assert later.changed == ("new3",)
        stack = a.layers.laid(taken.tree)
        assert stack is not None
        assert len(stack.layers) == 2
        assert stack.counts[:2] == (taken.files, taken.bytes_total)
        a.again()
        assert a.snapshot(world, later.tree).tree == later.tree


def test_who_edits_the_same_files_again_has_no_snapshot_mount_anew() -> None:
    with area(grown=20) as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        for turn in range(3):
            for number in range(30):
                (world.path / f"new{number}").write_bytes(b"%d in turn %d" % (number, turn))
            taken = a.snapshot(world, tree)
            assert len(taken.changed) == 30
            assert len(os.listdir(a.worlds / "w1" / "upper")) == 30
            tree = taken.tree
        assert a.walked(world.path).tree == tree


@pytest.mark.parametrize("held", ["file", "folder"])
def test_nothing_changes_under_who_is_in_a_world(held: str) -> None:
    with area(grown=0) as a:
        world = a.create(tree_of(a.objects, SOME))
        (world.path / "f1").write_text("before")
        fd = os.open(world.path / ("f1" if held == "file" else "src"), os.O_RDONLY)
        try:
            a.snapshot(world)
            assert os.listdir(world.stands_in / "upper") == ["f1"]
        finally:
            os.close(fd)
        a.snapshot(world)
        assert os.listdir(world.stands_in / "upper") == []


def test_a_write_between_the_snapshot_and_the_rotation_is_not_in_the_layer() -> None:
    with area(grown=0) as a:
        world = a.create(tree_of(a.objects, SOME))
        (world.path / "f1").write_text("captured")
        unmount = a.mounter.unmount

        def late(at: Path, *, destroy: bool = False) -> bool:
            (world.path / "f1").write_text("later")
            return unmount(at, destroy=destroy)

        a.mounter.unmount = late  # type: ignore[method-assign]
        taken = a.snapshot(world)
        a.mounter.unmount = unmount  # type: ignore[method-assign]
        assert a.objects.read("blob", a.objects.add("blob", b"captured"))
        assert (world.path / "f1").read_text() == "later"
        assert a.snapshot(world, taken.tree).changed == ("f1",)
        assert (a.create(taken.tree).path / "f1").read_text() == "captured"


def test_what_is_known_spares_reading() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        for number in range(10):
            (world.path / f"new{number}").write_bytes(b"%d" % number)
        grow_old(world.stands_in / "upper")
        a.snapshot(world)
        a.driver._seen[world.stands_in].upper.unsaved = 1000
        a.driver.flush()
        a.again()
        read = a.objects.blobs_added
        a.objects.held = {key: data for key, data in a.objects.held.items() if key[0] == "tree"}
        a.snapshot(world)
        assert a.objects.blobs_added == read


def test_a_tree_the_store_has_let_go_of_is_captured_whole() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        (world.path / "f1").write_text("new")
        a.objects.held.clear()
        a.again()
        taken = a.snapshot(world)
        assert shape_of(a.create(taken.tree).path) == shape_of(world.path)


def test_budgets_count_what_is_below_too() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        a.limits = Limits(files=16)
        a.again()
        (world.path / "one more").touch()
        assert a.snapshot(world).files == 16
        (world.path / "two more").touch()
        with pytest.raises(BudgetExceeded, match="17 files, the limit is 16"):
            a.snapshot(world)
        shutil.rmtree(world.path / "src" / "in")
        assert a.snapshot(world).files == 12


@given(deeds, deeds)
@settings(max_examples=25, deadline=None)
def test_a_world_is_mounted_again_as_it_was(first: Any, second: Any) -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        world = a.create(tree)
        do(world.path, first)
        before = shape_of(world.path)
        assert a.mounter.unmount(world.stands_in)
        a.again()
        again = a.driver.open(World(world.stands_in, world.mounted_at, "overlay", "apart"))
        again = a.driver.open(
            World(world.stands_in, world.mounted_at, "overlay", "apart", world.stands_in)
        )
        assert shape_of(again.path) == before
        do(again.path, second)
        assert _said(a.snapshot(again, tree)) == _said(a.walked(again.path, tree))


def test_after_a_restart_of_the_machine_nothing_unsynced_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with area() as a:
        base = tree_of(a.objects, SOME)
        world = a.create(base)
        a.layers.sync()
        (world.path / "f1").write_text("new")
        tree = a.snapshot(world, base).tree
        a.create(tree, base)
        for mount in reversed(list(mounts.all_mounts(os.fsencode(a.base)))):
            mounts.unmount(mount.at)
        for module in (layers_module, overlay_home, overlay_driver):
            monkeypatch.setattr(module, "boot", lambda: "0123456789ab")
        a.again()
        assert a.layers.laid(base) is not None
        assert a.layers.laid(tree) is None
        with pytest.raises(NoWorld, match="started again"):
            a.driver.open(world)
        again = a.driver.renew(a.objects, world, tree, [base])
        assert a.walked(again.path).tree == tree
        assert a.driver.clean(a.worlds, [world.stands_in]) == [a.worlds / "w2"]
        assert all(
            name.startswith("0123456789ab") or name + ".synced" in os.listdir(a.layers.folder)
            for name in os.listdir(a.layers.folder)
            if "." not in name
        )
        assert a.walked(again.path).tree == tree


def test_destroyed_with_somebody_in_it() -> None:
    with area() as a:
        world = a.create(tree_of(a.objects, SOME))
        with open(world.path / "f1") as held:
            a.driver.destroy(world)
            assert held.read() == "1"
        assert os.listdir(a.worlds) == []
        assert mounts_below(a.base) == []
        with pytest.raises(NoWorld):
            a.driver.open(world)


def test_what_is_mounted_in_a_world_is_named_and_not_captured() -> None:
    with area() as a:
        world = a.create(tree_of(a.objects, SOME))
        (world.path / "f1").write_text("new")
        subprocess.run(["mount", "-t", "tmpfs", "none", world.path / "src" / "in"], check=True)
        try:
            (world.path / "src" / "in" / "not captured").touch()
            taken = a.snapshot(world)
            assert [(at.path, at.why) for at in taken.not_captured] == [("src/in", "mount")]
            assert taken.tree == a.walked(world.path).tree
        finally:
            subprocess.run(["umount", world.path / "src" / "in"], check=True)
        taken = a.snapshot(world)
        assert taken.not_captured == ()
        assert taken.tree == a.walked(world.path).tree


def test_the_empty_tree() -> None:
    with area() as a:
        world = a.create(a.objects.add("tree", b""))
        assert os.listdir(world.path) == []
        assert a.snapshot(world, EMPTY_TREE).changed == ()
        (world.path / "first").touch()
        assert a.snapshot(world, EMPTY_TREE).changed == ("first",)


def _said(taken: Snapshot) -> tuple[Any, ...]:
    return taken.tree, taken.files, taken.bytes_total, taken.not_captured, taken.changed


def test_a_disk_that_fills_up_leaves_what_was_said_of_a_world(tmp_path: Path) -> None:
    home, name = os.open(tmp_path, os.O_RDONLY), f"{0:012x}-{0:016x}"
    said = overlay_home.Record(Stack((Layer(name, EMPTY_TREE, 1, 1, 1, 1, 1),)), "boot")
    overlay_home.write(home, said)
    writing = os.fork()
    if writing == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))  # the first write is a short one
            overlay_home.write(home, said)
        except OSError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(writing, 0)[1] == 0
    assert overlay_home.read(home, tmp_path) == said
    overlay_home.write(home, said)
    os.close(home)
