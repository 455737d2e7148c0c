"""The layer area: laid by several at once, killed at every step, forgotten, on a full disk."""

from __future__ import annotations

import contextlib
import os
import signal
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from shepherd_sidecar.errors import StoreFull
from shepherd_sidecar.worlds.layer_stack import DEEP, Layer, Stack, merge_point, needs_squash
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.parsed import Counts
from tests.support.drivers import tree_of
from tests.support.filesystems import file_system
from tests.support.folders import Shape, shape_of
from tests.support.lacking import lacking
from tests.support.overlays import area

FILES: Shape = {b"f%d" % n: ("file", 0o644, b"%d" % n) for n in range(60)}
SOME: Shape = {**FILES, b"src": ("dir", 0o755, FILES)}
STEPS = ("mkdir", "open", "mknod", "symlink", "setxattr", "fchmod", "link", "rename", "rmdir")


@pytest.fixture(autouse=True, scope="module")
def _mounts_are_made_in_this_process() -> None:
    if os.geteuid() != 0:
        lacking("only root can mount without a keeper")


@pytest.mark.parametrize("names", [1, 6, 40])
def test_any_number_of_generations_stays_shallow_at_the_cost_of_a_logarithm(names: int) -> None:
    stack = Stack((Layer("base", "base", 100_000, 1, 1, 1, 1),))
    written = deepest = 0
    for number in range(10_000):
        point = merge_point(stack, names, somebody_waits=True)
        below = stack.below(point)
        entries = names + sum(layer.entries for layer in stack.layers[:point])
        assert entries <= names + 128, "somebody waits"
        stack = below.with_layer(str(number), str(number), entries, Counts())
        if needs_squash(stack) and len(stack.layers) > DEEP + 10:
            top = stack.layers[0].entries
            point = merge_point(stack.below(1), top, somebody_waits=False) + 1
            entries = sum(layer.entries for layer in stack.layers[:point])
            stack = stack.below(point).with_layer(f"{number}-", str(number), entries, Counts())
            written += entries
        written += entries
        deepest = max(deepest, len(stack.layers))
    assert deepest <= 2 * DEEP
    assert written < 10_000 * names * 16


def test_squashed_a_tree_is_the_same_and_worlds_that_stand_keep_their_layers() -> None:
    with area() as a:
        trees = [tree_of(a.objects, SOME)]
        world = a.create(trees[0])
        for number in range(DEEP + 5):
            changed = {**SOME, b"f1": ("file", 0o600, b"%d" % number)}
            if number % 2:
                del changed[b"f2"]
            trees.append(tree_of(a.objects, changed))
            stack = a.layers.lay(a.objects, trees[-1], [trees[-2]])
        assert len(stack.layers) < DEEP
        deep = a.create(trees[DEEP - 3])
        before = a.layers.laid(trees[DEEP - 3])
        after = a.layers.squash(a.objects, trees[DEEP - 3])
        assert before == after  # not deep: left as it is
        for tree in (trees[3], trees[-1], trees[-2]):
            assert a.walked(a.create(tree).path).tree == tree
        assert a.walked(deep.path).tree == trees[DEEP - 3]
        assert shape_of(world.path) == SOME


def test_who_lays_second_takes_what_the_first_has_laid() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        other = Layers(a.layers.folder)
        first: list[Any] = []
        read = a.objects.read

        def meanwhile(kind: Any, name: str) -> bytes:
            if not first:
                first.append(None)
                first[0] = other.lay(a.objects, tree)
            return read(kind, name)

        a.objects.read = meanwhile  # type: ignore[method-assign]
        assert a.layers.lay(a.objects, tree) == first[0]
        assert a.layers.stat().layers == 1


def test_forgetting_keeps_what_trees_and_worlds_stand_on() -> None:
    with area() as a:
        base = tree_of(a.objects, SOME)
        middle = tree_of(a.objects, {**SOME, b"f1": ("file", 0o644, b"x")})
        top = tree_of(a.objects, {**SOME, b"f2": ("file", 0o644, b"y")})
        a.layers.lay(a.objects, base)
        a.layers.lay(a.objects, middle, [base])
        world = a.create(top, middle)
        with a.layers.using():
            assert a.driver.forget(a.worlds, []) == []
        assert a.driver.forget(a.worlds, []) == []
        assert a.walked(world.path).tree == top
        a.driver.destroy(world)
        assert a.driver.forget(a.worlds, [middle]) != []
        assert a.layers.laid(top) is None
        assert a.walked(a.create(middle).path).tree == middle
        assert a.layers.stat().layers == 2


def test_a_layer_that_somebody_removed_is_laid_again() -> None:
    with area() as a:
        tree = tree_of(a.objects, SOME)
        stack = a.layers.lay(a.objects, tree)
        os.rename(a.layers.paths(stack)[0], a.base / "away")
        with pytest.raises(OSError, match="No such file"):
            a.create(tree)
        assert os.listdir(a.worlds) == []
        assert shape_of(a.create(tree).path) == SOME


def test_a_full_disk_leaves_nothing_half() -> None:
    with file_system("ext4", 4) as disk, area(disk) as a:
        small = tree_of(a.objects, SOME)
        large = tree_of(a.objects, {**SOME, b"large": ("file", 0o644, os.urandom(8 << 20))})
        world = a.create(small)
        before = sorted(os.listdir(a.layers.folder)), sorted(os.listdir(a.worlds))
        for near in ([], [small]):
            with pytest.raises(StoreFull):
                a.driver.create(a.objects, large, a.worlds / "new", near)
        assert (sorted(os.listdir(a.layers.folder)), sorted(os.listdir(a.worlds))) == before
        assert shape_of(world.path) == SOME


@pytest.mark.parametrize("what", ["lay", "rotate"])
def test_killed_at_any_step_nothing_is_lost_and_what_is_left_is_cleaned(what: str) -> None:
    step = 0
    done = False
    while not done:
        with area(grown=0 if what == "rotate" else 256) as a:
            base = tree_of(a.objects, {b"kept": ("file", 0o644, b"k"), **SOME})
            tree = tree_of(a.objects, {**SOME, b"d": ("dir", 0o755, FILES), b"l": ("link", b"f1")})
            world = a.create(base)
            (world.path / "f1").write_bytes(b"new")
            (world.path / "src" / "f2").unlink()
            expected = shape_of(world.path)

            def work(a: Any = a, tree: str = tree, base: str = base, world: Any = world) -> None:
                if what == "lay":
                    a.driver.create(a.objects, tree, a.worlds / "new", [base])
                else:
                    a.driver.snapshot(a.objects, world, base)

            done = _killed_after(step, work)
            a.again()
            a.driver.clean(a.worlds, [world.stands_in])
            assert os.listdir(a.worlds) == ["w1"]
            assert not [n for n in os.listdir(a.layers.folder) if n.startswith(".")]
            opened = a.driver.open(world)
            assert shape_of(opened.path) == expected
            assert shape_of(a.create(base).path) == {b"kept": ("file", 0o644, b"k"), **SOME}
            assert a.walked(a.create(tree, base).path).tree == tree
        step += 1 if what == "rotate" else 5
    assert step > 10


def _killed_after(steps: int, work: Callable[[], None]) -> bool:
    """Do it in a fork that kills itself before so many calls of the system; whether it ended."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            left = [steps]

            def counting(call: Callable[..., Any]) -> Callable[..., Any]:
                def counted(*arguments: Any, **named: Any) -> Any:
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    left[0] -= 1
                    return call(*arguments, **named)

                return counted

            for name in STEPS:
                setattr(os, name, counting(getattr(os, name)))
            work()
            os._exit(0)
        os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.WIFEXITED(status)
