"""What every driver must do, whatever it is made of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.errors import BlobMissing
from shepherd_sidecar.trace.trees import EMPTY_TREE, Dir, File, tree_bytes
from tests.support.drivers import DRIVERS, Bench, Edit, bench, edit, edits
from tests.support.folders import Shape, shape_of, shapes
from tests.support.objects import MemoryObjects

few = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module", params=list(DRIVERS))
def new(request: pytest.FixtureRequest) -> Iterator[Callable[[], Bench]]:
    with bench(request.param) as give:
        yield give


def test_it_works_here_and_probing_leaves_nothing(new: Callable[[], Bench]) -> None:
    b = new()
    b.worlds.mkdir(exist_ok=True)
    found = b.driver.probe(b.worlds)
    assert (found.available, found.why) == (True, None)
    assert b.left() == []


@given(shapes)
@few
def test_a_world_is_its_tree_and_goes_without_trace(new: Callable[[], Bench], shape: Shape) -> None:
    b = new()
    tree = b.tree_of(shape)
    b.stand_by(tree)
    world = b.create(tree)
    assert shape_of(world.path) == shape
    taken = b.driver.snapshot(b.objects, world, tree)
    assert (taken.tree, taken.changed, taken.not_captured) == (tree, (), ())
    b.driver.destroy(world)
    assert b.left() == []


@given(shapes, edits, st.booleans())
@few
def test_a_fork_from_near_is_the_same_as_from_nothing(
    new: Callable[[], Bench], shape: Shape, changes: list[Edit], tell: bool
) -> None:
    b = new()
    near = b.tree_of(shape)
    b.stand_by(near)
    other = b.create(near)
    wanted = edit(shape, None, changes)
    tree = b.tree_of(wanted)
    world = b.create(tree, [EMPTY_TREE, near] if tell else [])
    assert shape_of(world.path) == wanted
    assert shape_of(other.path) == shape
    assert b.snapshot(world) == tree
    assert b.another().snapshot(b.objects, world, None).tree == tree


@given(shapes, st.lists(edits, min_size=2, max_size=4))
@few
def test_siblings_do_not_see_each_other_nor_does_their_source(
    new: Callable[[], Bench], shape: Shape, all_changes: list[list[Edit]]
) -> None:
    b = new()
    tree = b.tree_of(shape)
    b.stand_by(tree)
    worlds = [b.create(tree) for _ in all_changes]
    models = [
        edit(shape, world.path, changes) for world, changes in zip(worlds, all_changes, strict=True)
    ]
    for world, model in zip(worlds, models, strict=True):
        assert shape_of(world.path) == model
        taken = b.driver.snapshot(b.objects, world, tree)
        assert taken.tree == b.tree_of(model)
        assert taken.not_captured == ()
    b.driver.destroy(worlds[0])
    assert shape_of(worlds[1].path) == models[1]
    assert shape_of(b.create(tree).path) == shape


@given(shapes, st.lists(edits, min_size=1, max_size=4))
@few
def test_snapshots_follow_the_world(
    new: Callable[[], Bench], shape: Shape, all_changes: list[list[Edit]]
) -> None:
    b = new()
    tree = b.tree_of(shape)
    world = b.create(tree)
    for changes in all_changes:
        shape = edit(shape, world.path, changes)
        before, tree = tree, b.snapshot(world, tree)
        assert tree == b.tree_of(shape)
        b.driver.flush()
        b.driver = b.another()
        assert b.snapshot(b.driver.open(world), before) == tree


def test_names_of_any_bytes_and_paths_longer_than_a_path_may_be(
    new: Callable[[], Bench],
) -> None:
    b = new()
    odd = {
        b"n" * 255: ("file", 0o644, b"x"),
        b"\xff\xfe\x80": ("file", 0o4755, b"y"),
        b"line\nbreak \\x41 \x1b[31m": ("link", b"\xff/\n" * 300),
        b"-rf": ("dir", 0o1777, {}),
    }
    deep: Shape = {b"end": ("file", 0o600, b"z")}
    for _ in range(150):
        deep = {b"d" * 27: ("dir", 0o755, deep)}  # 4,200 bytes
    tree = b.tree_of({**odd, **deep})
    b.stand_by(tree)
    world = b.create(tree)
    assert b.snapshot(world) == tree
    assert b.another().snapshot(b.objects, world, None).tree == tree
    near = b.create(b.tree_of(odd), [tree])
    assert shape_of(near.path) == odd
    for made in (world, near):
        b.driver.destroy(made)
    assert b.left() == []


def test_many_files_at_once(new: Callable[[], Bench]) -> None:
    b = new()
    shape: Shape = {
        b"d%d" % n: (
            "dir",
            0o755 if n % 3 else 0o555,
            {b"f%d" % k: ("file", 0o644, b"%d" % (n * k) * (k * 40)) for k in range(40)},
        )
        for n in range(20)
    }
    tree = b.tree_of(shape)
    b.stand_by(tree)
    worlds = [b.create(tree) for _ in range(3)]
    assert all(shape_of(world.path) == shape for world in worlds)
    assert all(b.snapshot(world) == tree for world in worlds)


def test_nothing_is_left_when_a_blob_is_missing(new: Callable[[], Bench]) -> None:
    b = new()
    start = b.tree_of({b"a": ("file", 0o644, b"here")})
    inner = b.objects.add("tree", tree_bytes({b"b": File(0o644, 3, "0" * 64)}))
    tree = b.objects.add("tree", tree_bytes({b"d": Dir(0o755, inner)}))
    b.stand_by(start)
    kept = b.create(start)
    before = b.left()
    for near in ([], [start]):
        with pytest.raises(BlobMissing):
            b.create(tree, near)
    assert b.left() == before
    assert shape_of(kept.path) == {b"a": ("file", 0o644, b"here")}


def test_a_world_is_never_made_over_something(new: Callable[[], Bench]) -> None:
    b = new()
    tree = b.tree_of({b"a": ("file", 0o644, b"x")})
    b.stand_by(tree)
    at = b.worlds / "there"
    at.mkdir(parents=True, exist_ok=True)
    with pytest.raises(FileExistsError):
        b.driver.create(b.objects, tree, at)
    assert os.listdir(at) == []
    assert b.left() == ["there"]


def test_clean_removes_what_no_branch_has_and_nothing_else(new: Callable[[], Bench]) -> None:
    b = new()
    shape: Shape = {b"d": ("dir", 0o555, {b"a": ("file", 0o644, b"x")})}
    tree = b.tree_of(shape)
    b.stand_by(tree)
    living, dead = b.create(tree), b.create(tree)
    half = b.create(tree)
    if half.home is None:
        os.rename(half.path, half.path.with_name(f".{half.path.name}.building-00"))
    b.driver.flush()
    removed = b.clean([living.stands_in])
    assert dead.stands_in in removed
    assert not dead.path.exists()
    assert shape_of(living.path) == shape
    assert b.snapshot(living) == tree
    assert shape_of(b.create(tree).path) == shape
    assert not [name for name in b.left() if "building" in name]


def test_reading_stops_nobody_from_writing_another_tree(new: Callable[[], Bench]) -> None:
    """A chain of forks, each from the one before, as an agent makes them."""
    b = new()
    shape: Shape = {b"f%d" % n: ("file", 0o644, b"%d" % n) for n in range(30)}
    trees = [b.tree_of(shape)]
    b.stand_by(trees[0])
    for n in range(12):
        world = b.create(trees[-1], reversed(trees))
        shape = edit(shape, world.path, [(0, b"f%d" % n, ("file", 0o755, b"new %d" % n))])
        trees.append(b.snapshot(world, trees[-1]))
        assert trees[-1] == b.tree_of(shape)
        b.driver.destroy(world)
    assert shape_of(b.create(trees[-1], reversed(trees)).path) == shape
    assert shape_of(b.create(trees[3], reversed(trees)).path) != shape


def test_objects_that_nobody_needs_are_not_read(new: Callable[[], Bench]) -> None:
    """With a tree at hand, or a live world of it, a fork reads what differs and nothing else."""
    b = new()
    shape: Shape = {b"f%d" % n: ("file", 0o644, b"content %d" % n) for n in range(300)}
    near = b.tree_of(shape)
    b.stand_by(near)
    b.create(near)
    tree = b.tree_of({**shape, b"f7": ("file", 0o644, b"other")})
    counting = Counting(b.objects)
    b.stand_by(near)
    world = b.driver.create(counting, tree, b.worlds / "counted", [near])
    assert counting.blobs_read == 1
    assert b.snapshot(world) == tree


def test_a_world_is_its_tree_whatever_was_written_since_in_others_of_it(
    new: Callable[[], Bench],
) -> None:
    """A live world that has most of the files may be made use of, and is never believed."""
    b = new()
    shape: Shape = {
        b"small": ("file", 0o644, b"content"),
        b"large": ("file", 0o644, bytes(70_000) + b"x" * 70_000),
        b"gone": ("file", 0o600, b"is here"),
        b"kind": ("file", 0o644, b"a file"),
        b"pipe": ("file", 0o644, b"a file too"),
        b"inner": ("dir", 0o755, {b"f": ("file", 0o644, b"below")}),
        b"moved": ("dir", 0o755, {b"f": ("file", 0o644, b"elsewhere")}),
        b"closed": ("dir", 0o755, {b"f": ("file", 0o644, b"not seen")}),
    }
    tree = b.tree_of(shape)
    world = b.create(tree)
    assert b.snapshot(world, tree) == tree
    for name, data in (("small", b"CONTENT"), ("large", b"y" * 140_000), ("inner/f", b"BELOW")):
        seen = (world.path / name).stat()
        (world.path / name).write_bytes(data)
        os.utime(world.path / name, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    for name in ("gone", "kind", "pipe"):
        (world.path / name).unlink()
    (world.path / "kind").symlink_to("small")
    os.mkfifo(world.path / "pipe")
    (world.path / "moved").rename(world.path / "away")
    (world.path / "moved").symlink_to("inner")
    (world.path / "closed").chmod(0)
    assert shape_of(b.create(tree).path) == shape
    (world.path / "closed").chmod(0o755)


class Counting(MemoryObjects):
    def __init__(self, objects: MemoryObjects) -> None:
        super().__init__()
        self.held = objects.held
        self.blobs_read = 0

    def read(self, kind: str, object_id: str) -> bytes:  # type: ignore[override]
        self.blobs_read += kind == "blob"
        return super().read(kind, object_id)  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="module")
def nothing_stays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    def state() -> tuple[int, int]:
        mounts = Path("/proc/self/mountinfo").read_text()
        return mounts.count(f"shepherd-test-{os.getpid()}-"), len(os.listdir("/proc/self/fd"))

    before = state()
    yield
    assert state()[0] == before[0]
