"""What a snapshot holds comes back byte for byte, and has the same name again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from shepherd_sidecar.errors import BlobMissing, BudgetExceeded, DriverUnavailable, StoreCorrupt
from shepherd_sidecar.trace.trees import EMPTY_TREE, File, tree_bytes
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.client import Keeper
from shepherd_sidecar.worlds.materialise import clean_folder, locked
from shepherd_sidecar.worlds.reach import remove_all
from shepherd_sidecar.worlds.registry import Registry
from tests.support.folders import Shape, make, shape_of, shapes
from tests.support.objects import MemoryObjects


def in_place(path: Path) -> World:
    return World(path, path, "copy", "inPlace")


@given(shapes)
@settings(max_examples=120, deadline=None)
def test_snapshot_then_create_gives_the_same_folder_and_tree(shape: Shape) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        (base / "w").mkdir()
        make(shape, base / "w")
        driver, objects = CopyDriver(), MemoryObjects()
        first = driver.snapshot(objects, in_place(base / "w"), None)
        assert first.not_captured == ()
        world = driver.create(objects, first.tree, base / "copy")
        assert shape_of(world.path) == shape == shape_of(base / "w")
        again = driver.snapshot(objects, world, first.tree)
        assert (again.tree, again.changed) == (first.tree, ())
        assert (again.files, again.bytes_total) == (first.files, first.bytes_total)
        cold = CopyDriver().snapshot(objects, world, None)
        assert cold.tree == first.tree
        driver.destroy(world)
        assert os.listdir(base) == ["w"]


def test_an_empty_folder_is_the_empty_tree(tmp_path: Path) -> None:
    objects = MemoryObjects()
    taken = CopyDriver().snapshot(objects, in_place(tmp_path), None)
    assert taken.tree == EMPTY_TREE
    assert objects.has("tree", EMPTY_TREE)


def test_zeros_come_back_as_holes(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    with (tmp_path / "w" / "sparse").open("wb") as out:
        out.write(b"head")
        out.truncate(64 << 20)
    driver, objects = CopyDriver(), MemoryObjects()
    taken = driver.snapshot(objects, in_place(tmp_path / "w"), None)
    world = driver.create(objects, taken.tree, tmp_path / "copy")
    found = (world.path / "sparse").stat()
    assert found.st_size == 64 << 20
    assert found.st_blocks * 512 <= 1 << 20
    assert driver.snapshot(objects, world, None).tree == taken.tree


def test_create_leaves_nothing_when_a_blob_is_missing(tmp_path: Path) -> None:
    objects = MemoryObjects()
    tree = objects.add("tree", tree_bytes({b"a": File(0o644, 3, "0" * 64)}))
    with pytest.raises(BlobMissing):
        CopyDriver().create(objects, tree, tmp_path / "copy")
    assert os.listdir(tmp_path) == []


def test_create_refuses_content_of_another_size(tmp_path: Path) -> None:
    objects = MemoryObjects()
    blob = objects.add("blob", b"four")
    tree = objects.add("tree", tree_bytes({b"a": File(0o644, 3, blob)}))
    with pytest.raises(StoreCorrupt):
        CopyDriver().create(objects, tree, tmp_path / "copy")
    assert os.listdir(tmp_path) == []


def test_create_never_writes_over_something(tmp_path: Path) -> None:
    objects = MemoryObjects()
    tree = objects.add("tree", b"")
    (tmp_path / "copy").mkdir()
    with pytest.raises(FileExistsError):
        CopyDriver().create(objects, tree, tmp_path / "copy")
    assert os.listdir(tmp_path) == ["copy"]


def test_the_umask_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    make({b"a": ("file", 0o666, b"x"), b"d": ("dir", 0o777, {})}, tmp_path / "w")
    driver, objects = CopyDriver(), MemoryObjects()
    taken = driver.snapshot(objects, in_place(tmp_path / "w"), None)
    before = os.umask(0o077)
    try:
        world = driver.create(objects, taken.tree, tmp_path / "copy")
    finally:
        os.umask(before)
    assert shape_of(world.path) == shape_of(tmp_path / "w")


def test_clean_keeps_living_worlds_and_those_being_built(tmp_path: Path) -> None:
    driver, objects = CopyDriver(), MemoryObjects()
    tree = objects.add("tree", b"")
    kept = driver.create(objects, tree, tmp_path / "kept")
    driver.create(objects, tree, tmp_path / "dead")
    (tmp_path / ".old.building-00").mkdir()
    blob = b"content"
    outer = MemoryObjects()
    big = outer.add("tree", tree_bytes({b"f": File(0o644, len(blob), outer.add("blob", blob))}))
    cleaned: list[Path] = []
    read = outer.read

    def read_and_clean(kind: str, name: str) -> bytes:
        if kind == "blob":  # in the middle of making a world, another sidecar cleans
            cleaned.extend(CopyDriver().clean(tmp_path, [kept.path]))
        return read(kind, name)  # type: ignore[arg-type]

    outer.read = read_and_clean  # type: ignore[method-assign]
    driver.create(outer, big, tmp_path / "new")
    assert cleaned == [tmp_path / ".old.building-00", tmp_path / "dead"]
    assert sorted(os.listdir(tmp_path)) == ["kept", "new"]


def test_clean_keeps_the_stat_caches_of_the_living(tmp_path: Path) -> None:
    work, caches = tmp_path / "w", tmp_path / "worlds"
    work.mkdir()
    (work / "f").write_text("x")
    driver, objects = CopyDriver(Settings(caches=caches)), MemoryObjects()
    driver.snapshot(objects, in_place(work), None)
    driver.flush()
    assert driver.clean(caches, [work]) == []
    assert len(driver.clean(caches, [])) == 1


def test_the_registry_tries_and_chooses(tmp_path: Path) -> None:
    folder = tmp_path / "worlds"
    folder.mkdir()
    keeper = Keeper(folder, grace=0)
    registry = Registry(folder, Settings(), keeper)
    found = {row.name: row for row in registry.probe_all()}
    sharing = ["btrfs", "reflink"]
    order = ["overlay", *sharing] if os.geteuid() == 0 else [*sharing, "overlay"]
    assert list(found) == [*order, "copy"]
    assert found["copy"].available
    assert all(row.available or row.why for row in found.values())
    first = next(name for name, row in found.items() if row.available)
    assert registry.choose().name == first
    assert registry.choose("copy").name == "copy"
    again = Registry(folder, Settings(), keeper)
    assert again.probe_all() == list(found.values()), "what was found is kept"
    with pytest.raises(DriverUnavailable, match="no world driver 'other'"):
        registry.choose("other")
    keeper.close()


def test_nobody_takes_what_is_being_cleared_away_nor_is_what_is_taken_cleared(
    tmp_path: Path,
) -> None:
    for name in ("taken", "stale"):
        (tmp_path / name / "in").mkdir(parents=True)
    taking = locked(tmp_path / "taken")

    def remove(name: str, fd: int) -> None:
        with pytest.raises(BlockingIOError):
            locked(name, fd)
        remove_all(name, fd)

    assert clean_folder(tmp_path, [], remove) == [tmp_path / "stale"]
    os.close(taking)
    assert clean_folder(tmp_path, [], remove) == [tmp_path / "taken"]


def nest(at: Path, depth: int) -> None:
    """Folders within folders, deeper than a path can name."""
    fd = os.open(at, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=fd)
        inner = os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    os.close(fd)


def test_folders_as_deep_as_the_limit_come_back(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    nest(tmp_path / "w", 200)
    settings = Settings(caches=tmp_path / "caches")
    driver, objects = CopyDriver(settings), MemoryObjects()
    taken = driver.snapshot(objects, in_place(tmp_path / "w"), None)
    driver.flush()
    world = driver.create(objects, taken.tree, tmp_path / "copy")
    assert CopyDriver(settings).snapshot(objects, world, None).tree == taken.tree
    (world.path / "d" / "more").write_text("x")
    changed = CopyDriver(settings).snapshot(objects, world, EMPTY_TREE).changed
    assert len(changed) == 201


def test_a_world_of_any_depth_can_be_removed(tmp_path: Path) -> None:
    driver, objects = CopyDriver(), MemoryObjects()
    world = driver.create(objects, objects.add("tree", b""), tmp_path / "copy")
    nest(world.path, 3_000)
    with pytest.raises(BudgetExceeded):
        driver.snapshot(objects, world, None)
    driver.destroy(world)
    assert os.listdir(tmp_path) == []


def test_worlds_may_stand_behind_a_link_of_the_owner(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "worlds").symlink_to("disk")
    driver, objects = CopyDriver(), MemoryObjects()
    world = driver.create(objects, objects.add("tree", b""), tmp_path / "worlds" / "one")
    assert driver.clean(tmp_path / "worlds", [world.path]) == []
    driver.destroy(world)
    assert os.listdir(tmp_path / "disk") == []
