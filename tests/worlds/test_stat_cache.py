"""The stat cache saves reading, and never hides a write."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import object_id
from shepherd_sidecar.trace.trees import File
from shepherd_sidecar.worlds import capture as capture_module
from shepherd_sidecar.worlds.capture import capture
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache, is_same, known
from tests.support.folders import grow_old
from tests.support.objects import MemoryObjects

ENTRY = File(0o644, 1, "0" * 64)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read."""
    seen: list[str] = []
    read = capture_module.read_content

    def counted(objects: Any, dir_fd: int, name: str) -> Any:
        seen.append(name)
        return read(objects, dir_fd, name)

    monkeypatch.setattr(capture_module, "read_content", counted)
    return seen


def test_a_write_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    file = tmp_path / "w" / "f"
    objects, cache = MemoryObjects(), StatCache()
    file.write_bytes(b"0000")
    times = (1_700_000_000_000_000_000,) * 2
    trees = set()
    for turn in range(300):  # fast enough that several fall into one tick of the clock
        with file.open("r+b") as out:
            out.write(b"%04d" % turn)
        os.utime(file, ns=times)
        trees.add(capture(objects, tmp_path / "w", cache).tree)
    assert len(trees) == 300


@given(
    st.integers(1, 2**61), st.integers(-(2**33), 2**33), st.sampled_from([1, 10**6, 10**7, 10**9])
)
def test_an_entry_not_older_than_its_reading_is_racy(ctime: int, apart: int, grain: int) -> None:
    ctime = ctime // grain * grain
    found: Any = SimpleNamespace(
        st_ctime_ns=ctime, st_mtime_ns=ctime, st_size=1, st_ino=1, st_mode=0o100644
    )
    record = known(found, ENTRY, ctime + apart)
    believed = is_same(record, found)
    assert not (believed and apart <= 0)
    assert not (believed and grain == 10**9 and apart <= 2 * 10**9)
    if apart > 2 * 10**9:
        assert believed


def test_what_did_not_change_is_not_read(tmp_path: Path, reads: list[str]) -> None:
    (tmp_path / "w").mkdir()
    for n in range(20):
        (tmp_path / "w" / str(n)).write_text(str(n))
    grow_old(tmp_path / "w")
    objects, cache = MemoryObjects(), StatCache()
    first = capture(objects, tmp_path / "w", cache)
    assert len(reads) == 20
    reads.clear()
    assert capture(objects, tmp_path / "w", cache).tree == first.tree
    assert reads == []
    (tmp_path / "w" / "7").write_text("x")
    capture(objects, tmp_path / "w", cache)
    assert reads == ["7"]


def test_the_first_snapshot_of_a_world_reads_only_its_last_moment(
    tmp_path: Path, reads: list[str]
) -> None:
    (tmp_path / "w").mkdir()
    for n in range(2_000):
        (tmp_path / "w" / str(n)).write_text("x")
    objects, driver = MemoryObjects(), CopyDriver()
    place = tmp_path / "w"
    first = driver.snapshot(objects, World(place, place, "copy", "inPlace"), None)
    reads.clear()
    world = driver.create(objects, first.tree, tmp_path / "copy")
    assert driver.snapshot(objects, world, None).tree == first.tree
    assert len(reads) < 1_900


def test_blobs_that_are_gone_are_read_again(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "f").write_text("x")
    grow_old(tmp_path / "w")
    objects, cache = MemoryObjects(), StatCache()
    first = capture(objects, tmp_path / "w", cache)
    objects.held.clear()  # gc, or a transaction that never came to be
    assert capture(objects, tmp_path / "w", cache).tree == first.tree
    assert objects.has("blob", next(iter(_blobs(objects))))


def test_after_a_snapshot_that_was_not_kept_only_what_changed_is_read(
    tmp_path: Path, reads: list[str]
) -> None:
    for name in ("w/a", "w/b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    grow_old(tmp_path / "w")
    objects, cache = MemoryObjects(), StatCache()
    capture(objects, tmp_path / "w", cache)
    kept = dict(objects.held)
    for text in ("22", "333"):
        (tmp_path / "w" / "b").write_text(text)
        grow_old(tmp_path / "w")
        capture(objects, tmp_path / "w", cache)
        objects.held = dict(kept)  # a preview: nothing was written
    reads.clear()
    taken = capture(objects, tmp_path / "w", cache)
    assert reads == ["b"]
    assert objects.has("tree", taken.tree)
    assert sorted(_blobs(objects)) == sorted({object_id("blob", b"1"), object_id("blob", b"333")})


def _blobs(objects: MemoryObjects) -> list[str]:
    return [name for kind, name in objects.held if kind == "blob"]


def test_the_cache_outlives_the_process(tmp_path: Path, reads: list[str]) -> None:
    work = tmp_path / "w"
    (work / "d\udcff").mkdir(parents=True)
    (work / "d\udcff" / "f\udcfe").write_text("x")
    (work / "link").symlink_to(b"\xff")
    grow_old(tmp_path / "w")
    objects = MemoryObjects()
    settings = Settings(caches=tmp_path / "caches")
    world = World(work, work, "copy", "inPlace")
    one = CopyDriver(settings)
    first = one.snapshot(objects, world, None)
    one.flush()
    reads.clear()
    two = CopyDriver(settings)
    assert two.snapshot(objects, world, None).tree == first.tree
    assert reads == []
    two.destroy(world)
    assert list((tmp_path / "caches").iterdir()) == []
    assert work.is_dir()


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "other", "folder"])
def test_a_damaged_cache_is_ignored(tmp_path: Path, reads: list[str], damage: str) -> None:
    work = tmp_path / "w"
    work.mkdir()
    (work / "f").write_text("x")
    grow_old(tmp_path / "w")
    file = tmp_path / "cache"
    objects, cache = MemoryObjects(), StatCache(file)
    first = capture(objects, work, cache)
    cache.save(work.stat().st_ino)
    data = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        flipped = data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
        file.write_bytes(
            {"truncated": data[:-5], "flipped": flipped, "empty": b"", "other": b"x" * 99}[damage]
        )
    reads.clear()
    assert capture(objects, work, StatCache(file)).tree == first.tree
    assert reads == ["f"]


def test_the_cache_of_another_folder_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "cache"
    cache, root = StatCache(file), Folder(0)
    root.tree = "0" * 64
    cache.believe(root, identity=1, read=1)
    cache.save(1)
    assert StatCache(file).load(1, lambda _: True) is not None
    assert StatCache(file).load(2, lambda _: True) is None
    assert StatCache(file).load(1, lambda _: False) is None
