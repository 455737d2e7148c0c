"""What bad folders and full disks get: a named error or a stated gap, and nothing broken."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.errors import BudgetExceeded, StoreFull
from shepherd_sidecar.worlds.copy_driver import CopyDriver
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.limits import Limits
from tests.support.drivers import DRIVERS, Bench, Kept, bench, edit
from tests.support.drivers import plain as portable
from tests.support.filesystems import file_system, mounted
from tests.support.folders import Shape, make, shape_of
from tests.support.objects import MemoryObjects
from tests.support.users import another_user

SHAPE: Shape = {b"d": ("dir", 0o755, {b"a": ("file", 0o644, b"x")}), b"b": ("link", b"d/a")}


@pytest.fixture(scope="module", params=list(DRIVERS))
def new(request: pytest.FixtureRequest) -> Iterator[Callable[[], Bench]]:
    with bench(request.param) as give:
        yield give


def a_world(b: Bench) -> tuple[str, World]:
    tree = b.tree_of(SHAPE)
    b.stand_by(tree)
    return tree, b.create(tree)


def test_what_has_no_content_is_named_and_removed_with_the_world(
    new: Callable[[], Bench],
) -> None:
    b = new()
    tree, world = a_world(b)
    os.mkfifo(world.path / "fifo")
    os.mknod(world.path / "d" / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    with socket.socket(socket.AF_UNIX) as held:
        here = os.open(world.path, os.O_RDONLY)
        held.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
    taken = b.driver.snapshot(b.objects, world, tree)
    assert [(n.path, n.why) for n in taken.not_captured] == [
        ("d/null", "device"),
        ("fifo", "fifo"),
        ("socket", "socket"),
    ]
    assert taken.tree == tree
    b.driver.destroy(world)
    assert b.left() == []


def test_hard_links_are_named_and_forked_as_files(new: Callable[[], Bench]) -> None:
    b = new()
    tree, world = a_world(b)
    for n in range(60):
        os.link(world.path / "d" / "a", world.path / f"link{n}")
    taken = b.driver.snapshot(b.objects, world, tree)
    assert [(n.path, n.why) for n in taken.not_captured] == [("d/a", "hardLink")]
    assert (taken.files, len(taken.changed)) == (62, 60)
    fork = b.create(taken.tree, [tree])
    (fork.path / "link3").write_text("changed")
    assert (fork.path / "link4").read_text() == "x"
    assert (world.path / "link3").read_text() == "x"


def test_a_sparse_file_of_ten_gigabytes_is_refused_or_left_out(
    new: Callable[[], Bench],
) -> None:
    b = new()
    tree, world = a_world(b)
    with (world.path / "huge").open("wb") as out:
        out.truncate(10 << 30)
    with pytest.raises(BudgetExceeded) as refused:
        b.driver.snapshot(b.objects, world, tree)
    assert refused.value.data["offenders"][0]["path"] == "huge"
    b.limits = Limits(leave_out_large=True)
    taken = b.another().snapshot(b.objects, world, tree)
    assert [(n.path, n.why) for n in taken.not_captured] == [("huge", "overBudget")]
    assert taken.tree == tree
    b.driver.destroy(world)


def test_a_mount_inside_is_named_and_survives(new: Callable[[], Bench], tmp_path: Path) -> None:
    b = new()
    tree, world = a_world(b)
    outside = b.base / "outside"  # the same file system: the device gives nothing away
    outside.mkdir()
    (outside / "precious").write_text("kept")
    for arguments in (["-t", "tmpfs", "none"], ["--bind", str(outside)]):
        with mounted(arguments, world.path / "d"):
            (world.path / "d" / "inside").write_text("kept too")
            taken = b.another().snapshot(b.objects, world, tree)
            assert [(n.path, n.why) for n in taken.not_captured] == [("d", "mount")]
            if b.kept.keeps:  # what goes is a mount itself: what is mounted in it goes with it
                continue
            with pytest.raises(OSError, match="mounted") as refused:
                b.driver.destroy(world)
            assert refused.value.errno == errno.EBUSY
            assert (world.path / "d" / "inside").read_text() == "kept too"
    assert (outside / "precious").read_text() == "kept"
    assert shape_of(world.path) == SHAPE
    b.driver.destroy(world)
    assert b.left() == []


def test_what_may_not_be_read_is_named() -> None:
    with another_user() as base:
        b = Bench(base, Kept(portable))
        tree, world = a_world(b)
        (world.path / "d").chmod(0o000)
        (world.path / "secret").write_text("x")
        (world.path / "secret").chmod(0o200)
        taken = b.driver.snapshot(b.objects, world, tree)
        assert [(n.path, n.why) for n in taken.not_captured] == [
            ("d", "unreadable"),
            ("secret", "unreadable"),
        ]
        b.driver.destroy(world)
        assert b.left() == []


def test_who_is_not_root_forks_from_folders_closed_by_their_modes() -> None:
    closed: Shape = {
        b"shut": ("dir", 0o000, {b"f": ("file", 0o000, b"x"), b"g": ("file", 0o644, b"y")}),
        b"read": ("dir", 0o555, {b"in": ("dir", 0o500, {b"h": ("file", 0o400, b"z")})}),
    }
    changes = [
        (1, b"new", ("file", 0o000, b"n")),  # in "read"
        (2, b"h", None),  # in "read/in"
        (3, b"f", ("link", b"g")),  # in "shut"
    ]
    with another_user() as base:
        b = Bench(base, Kept(portable, stands_by=True))
        near = b.tree_of(closed)
        tree = b.tree_of(edit(closed, None, changes))
        for _ in range(3):  # two from what stands by, one anew
            b.driver.refill(b.objects, near)
            world = b.create(tree, [near])
            plain = CopyDriver().create(b.objects, tree, base / "plain")
            assert modes(world.path) == modes(plain.path)
            for made in (world, plain):
                b.driver.destroy(made)
        assert b.driver.standby is not None
        b.driver.standby.want(tree)
        b.driver.refill(b.objects, tree)
        b.driver.forget()
        assert b.left() == []


def modes(folder: Path) -> list[tuple[str, int]]:
    """Names and modes, as far as they may be looked at, opening what is closed."""
    found = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        mode = entry.stat(follow_symlinks=False).st_mode
        found.append((entry.name, mode))
        if stat.S_ISDIR(mode):
            os.chmod(entry.path, 0o700)
            found += modes(Path(entry.path))
            os.chmod(entry.path, stat.S_IMODE(mode))
    return found


@pytest.mark.parametrize("name", list(DRIVERS))
def test_a_full_disk_in_the_middle_leaves_nothing(name: str) -> None:
    kept = DRIVERS[name]
    with file_system(kept.on or "ext4", 64) as disk:
        fill_up(disk, leave=24 << 20)
        b = Bench(disk, kept)
        try:
            run_out(b)
        finally:
            b.end()


def run_out(b: Bench) -> None:
    big: Shape = {b"f%d" % n: ("file", 0o644, os.urandom(60_000)) for n in range(700)}
    small = b.tree_of(SHAPE)
    b.stand_by(small)
    world = b.create(small)
    before = b.left()
    tree = b.tree_of({**SHAPE, **big})
    for near in ([], [small]):
        with pytest.raises(StoreFull):
            b.create(tree, near)
        assert b.left() == before
    if not b.kept.keeps:
        with pytest.raises(StoreFull):
            b.driver.refill(b.objects, tree)
            b.create(tree)
    assert b.left() == before
    assert shape_of(world.path) == SHAPE
    assert b.snapshot(world) == small
    again = b.create(small)
    assert shape_of(again.path) == SHAPE


def fill_up(disk: Path, leave: int) -> None:
    """Take the space of a file system but for some bytes."""
    free = os.statvfs(disk)
    with (disk / "ballast").open("wb") as out:
        size = free.f_bavail * free.f_frsize - leave
        if size > 0:
            os.posix_fallocate(out.fileno(), 0, size)


def test_a_workspace_on_fat_is_captured_and_worlds_there_are_refused() -> None:
    with file_system("vfat", 8) as disk:
        (disk / "d").mkdir()
        (disk / "d" / "a").write_text("x")
        objects = MemoryObjects()
        driver = CopyDriver()
        taken = driver.snapshot(objects, World(disk, disk, "copy", "inPlace"), None)
        assert taken.not_captured == ()
        before = sorted(os.listdir(disk))
        for name in ("copy", "reflink on xfs", "btrfs"):
            found = Bench(disk, DRIVERS[name]).driver.probe(disk)
            assert not found.available
            assert found.why
        assert sorted(os.listdir(disk)) == before


def test_a_workspace_that_may_only_be_read_is_captured(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    make(SHAPE, tmp_path / "w")
    with mounted(["--bind", "-o", "ro", str(tmp_path / "w")], tmp_path / "w") as read_only:
        objects = MemoryObjects()
        driver = CopyDriver()
        taken = driver.snapshot(objects, World(read_only, read_only, "copy", "inPlace"), None)
        assert taken.not_captured == ()
        for name in ("copy", "reflink on xfs", "btrfs"):
            b = Bench(tmp_path, DRIVERS[name])
            found = b.driver.probe(read_only)
            assert not found.available
            assert found.why
        world = driver.create(objects, taken.tree, tmp_path / "copy")
        assert shape_of(world.path) == SHAPE


def test_a_workspace_on_overlay_is_captured_and_worlds_may_stand_there(tmp_path: Path) -> None:
    for name in ("lower", "upper", "work", "merged"):
        (tmp_path / name).mkdir()
    make(SHAPE, tmp_path / "lower")
    layers = ",".join(f"{name}dir={tmp_path / name}" for name in ("lower", "upper", "work"))
    with mounted(["-t", "overlay", "-o", layers, "overlay"], tmp_path / "merged") as merged:
        objects = MemoryObjects()
        driver = CopyDriver()
        assert driver.probe(merged).available
        inside = World(merged, merged, "copy", "inPlace")
        taken = driver.snapshot(objects, inside, None)
        (merged / "d" / "a").write_text("changed")
        assert driver.snapshot(objects, inside, taken.tree).changed == ("d/a",)
        world = driver.create(objects, taken.tree, merged / "copy")
        assert shape_of(world.path) == SHAPE
        driver.destroy(world)
        assert shape_of(tmp_path / "lower") == SHAPE
