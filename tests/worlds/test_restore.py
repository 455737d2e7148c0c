"""Restore: previewed, undone to the last byte, never outside, never over what nobody holds."""

from __future__ import annotations

import contextlib
import copy
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.errors import PathNotFound, RestoreConflict
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import Dir, File, tree_bytes
from shepherd_sidecar.worlds.copy_driver import CopyDriver
from shepherd_sidecar.worlds.driver import NotCaptured, Place, World
from shepherd_sidecar.worlds.restore import Restored, apply
from shepherd_sidecar.worlds.restore_plan import Plan, plan
from tests.support.folders import Shape, make, shape_of, shapes
from tests.support.objects import MemoryObjects
from tests.support.users import another_user


class Bench:
    """A workspace with its driver and objects."""

    def __init__(self, base: Path, place: Place = "apart") -> None:
        self.base, self.path = base, base / "w"
        self.path.mkdir()
        self.objects, self.driver = MemoryObjects(), CopyDriver()
        self.world = World(self.path, self.path, "copy", place)

    def become(self, shape: Shape) -> Id:
        for name in os.listdir(os.fsencode(self.path)):
            path = os.path.join(os.fsencode(self.path), name)
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(
                path
            )
        make(shape, self.path)
        return self.take()

    def take(self) -> Id:
        return self.driver.snapshot(self.objects, self.world, None).tree

    def plan(self, target: Id, paths: list[bytes] | None = None, **more: Any) -> Plan:
        known = self.driver.cache_of(self.path)
        current = self.take()
        return plan(
            self.objects,
            self.path,
            current,
            target,
            paths,
            place=self.world.place,
            known=known.root,
            **more,
        )

    def apply(self, made: Plan) -> Restored:
        return apply(self.objects, made, self.driver.cache_of(self.path).root)

    def restore(self, target: Id, paths: list[bytes] | None = None) -> Plan:
        made = self.plan(target, paths)
        self.apply(made)
        return made


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@given(shapes, shapes)
@settings(max_examples=150, deadline=None)
def test_restore_then_undo_gives_back_every_byte(then: Shape, now: Shape) -> None:
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        target = bench.become(then)
        safety = bench.become(now)
        made = bench.restore(target)
        assert made.current == safety
        assert shape_of(bench.path) == then
        assert bench.take() == target
        assert bench.plan(target).changes == ()
        bench.restore(safety)
        assert shape_of(bench.path) == now
        assert bench.take() == safety


@given(shapes, shapes, st.integers(0, 30))
@settings(max_examples=120, deadline=None)
def test_a_restore_broken_off_anywhere_is_completed_and_can_be_undone(
    then: Shape, now: Shape, steps: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        target = bench.become(then)
        safety = bench.become(now)
        made = bench.plan(target)
        read = bench.objects.read
        left = steps

        def breaking(kind: Any, object_id: Id) -> bytes:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return read(kind, object_id)

        bench.objects.read = breaking  # type: ignore[method-assign]
        with contextlib.suppress(KeyboardInterrupt):
            bench.apply(made)
        bench.objects.read = read  # type: ignore[method-assign]
        bench.apply(made)
        assert shape_of(bench.path) == then
        bench.restore(safety)
        assert shape_of(bench.path) == now


def _paths(shape: Shape, prefix: bytes = b"") -> list[bytes]:
    found = []
    for name, entry in shape.items():
        found.append(prefix + name)
        if entry[0] == "dir":
            found += _paths(entry[2], prefix + name + b"/")
    return found


def _graft(onto: Shape, source: Shape, names: list[bytes]) -> None:
    name = names[0]
    there = source.get(name)
    if len(names) == 1:
        onto.pop(name, None)
        if there is not None:
            onto[name] = there
        return
    mine = onto.get(name)
    if there is None or there[0] != "dir":
        if mine is not None and mine[0] == "dir":
            _graft(mine[2], {}, names[1:])
        return
    if mine is None or mine[0] != "dir":
        mine = onto[name] = ("dir", there[1], {})
    _graft(mine[2], there[2], names[1:])


@given(shapes, shapes, st.data())
@settings(max_examples=150, deadline=None)
def test_only_the_asked_paths_change(then: Shape, now: Shape, data: st.DataObject) -> None:
    paths = sorted({*_paths(then), *_paths(now)})
    assume(paths)
    path = data.draw(st.sampled_from(paths))
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        target = bench.become(then)
        bench.become(now)
        bench.restore(target, [path])
        expected = copy.deepcopy(now)
        _graft(expected, then, path.split(b"/"))
        assert shape_of(bench.path) == expected


def test_a_plan_names_changes_and_touches_nothing(bench: Bench) -> None:
    target = bench.become({b"a": ("file", 0o644, b"1"), b"d": ("dir", 0o755, {})})
    bench.become({b"a": ("file", 0o644, b"2"), b"new": ("file", 0o600, b"x")})
    before = shape_of(bench.path)
    made = bench.plan(target)
    assert [(c.path, c.kind) for c in made.changes] == [
        (b"a", "content"),
        (b"d", "added"),
        (b"new", "removed"),
    ]
    assert shape_of(bench.path) == before
    assert bench.apply(made) == Restored(written=2, removed=1)


def test_an_unknown_path_is_refused(bench: Bench) -> None:
    target = bench.become({b"a": ("file", 0o644, b"1")})
    for path in (b"nothing", b"a/b", b"../w"):
        with pytest.raises(PathNotFound):
            bench.plan(target, [path])


def test_what_no_snapshot_holds_is_a_conflict(bench: Bench) -> None:
    target = bench.become({})
    bench.become(
        {
            b".shepherdignore": ("file", 0o644, b"*.log\nbuild/\n"),
            b"gone": ("dir", 0o755, {b"f": ("file", 0o644, b"x")}),
        }
    )
    (bench.path / "gone" / "an.log").write_text("precious")
    (bench.path / "gone" / "build").mkdir()
    (bench.path / "gone" / "build" / "out").write_text("precious")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(bench.path / "gone" / "s"))
    before = shape_of(bench.path)
    made = bench.plan(target)
    assert made.conflicts == (
        NotCaptured("gone/an.log", "ignored"),
        NotCaptured("gone/build", "ignored"),
        NotCaptured("gone/s", "socket"),
    )
    with pytest.raises(RestoreConflict) as refused:
        bench.apply(made)
    assert refused.value.data["done"] == 0
    assert shape_of(bench.path) == before
    kept = bench.plan(target, keep=True)
    assert kept.conflicts == ()
    assert kept.not_captured == made.conflicts
    bench.apply(kept)
    assert sorted(os.listdir(bench.path)) == ["gone"]
    assert sorted(os.listdir(bench.path / "gone")) == ["an.log", "build", "s"]


def test_keep_cannot_turn_a_folder_with_something_in_it_into_a_file(bench: Bench) -> None:
    target = bench.become({b"x": ("file", 0o644, b"1")})
    bench.become({b"x": ("dir", 0o755, {})})
    os.mkfifo(bench.path / "x" / "pipe")
    made = bench.plan(target, keep=True)
    assert made.conflicts == (NotCaptured("x/pipe", "fifo"),)


def test_something_uncaptured_at_a_new_path_is_a_conflict(bench: Bench) -> None:
    target = bench.become({b"a": ("file", 0o644, b"1")})
    bench.become({b".shepherdignore": ("file", 0o644, b"a\n")})
    (bench.path / "a").write_text("precious")
    made = bench.plan(target)
    assert made.conflicts == (NotCaptured("a", "ignored"),)
    (bench.path / "a").write_text("1")  # the same bytes as would be written: nothing is lost
    (bench.path / "a").chmod(0o644)
    assert bench.plan(target).conflicts == ()


@pytest.mark.parametrize("later", ["edit", "replace by a link", "replace by a folder"])
def test_what_changed_after_the_plan_is_not_overwritten(bench: Bench, later: str) -> None:
    target = bench.become({b"a": ("file", 0o644, b"old"), b"b": ("file", 0o644, b"old")})
    bench.become({b"a": ("file", 0o644, b"now"), b"b": ("file", 0o644, b"now")})
    made = bench.plan(target)
    victim = bench.path / "b"
    if later == "edit":
        victim.write_text("NEW")
    else:
        victim.unlink()
        victim.mkdir() if later.endswith("folder") else victim.symlink_to("a")
    before = shape_of(bench.path)
    with pytest.raises(RestoreConflict) as refused:
        bench.apply(made)
    assert refused.value.data["conflicts"] == [{"path": "b", "why": "changedSince"}]
    assert shape_of(bench.path) == before


def test_an_edit_in_the_middle_stops_the_restore_and_is_kept(bench: Bench) -> None:
    target = bench.become({b"a": ("file", 0o644, b"old"), b"b": ("file", 0o644, b"old!")})
    bench.become({b"a": ("file", 0o644, b"now"), b"b": ("file", 0o644, b"now")})
    made = bench.plan(target)
    read = bench.objects.read

    def edit_meanwhile(kind: Any, object_id: Id) -> bytes:
        (bench.path / "b").write_text("mine")
        return read(kind, object_id)

    bench.objects.read = edit_meanwhile  # type: ignore[method-assign]
    with pytest.raises(RestoreConflict) as refused:
        bench.apply(made)
    assert refused.value.data["done"] == 1
    assert (bench.path / "b").read_text() == "mine"


def test_a_link_in_the_way_leads_nowhere(bench: Bench) -> None:
    outside = bench.base / "outside"
    outside.mkdir()
    (outside / "f").write_text("now")
    target = bench.become({b"d": ("dir", 0o755, {b"f": ("file", 0o644, b"old")})})
    bench.become({b"d": ("dir", 0o755, {b"f": ("file", 0o644, b"now")})})
    made = bench.plan(target)
    shutil.rmtree(bench.path / "d")
    (bench.path / "d").symlink_to(outside)
    with pytest.raises(RestoreConflict) as refused:
        bench.apply(made)
    assert refused.value.data["conflicts"] == [{"path": "d/f", "why": "link"}]
    assert shape_of(outside) == {b"f": ("file", 0o644, b"now")}


def test_links_swapped_in_while_restoring_lead_nowhere(bench: Bench) -> None:
    outside = bench.base / "outside"
    outside.mkdir()
    names = [b"d%d" % n for n in range(6)]
    one: Shape = {n: ("dir", 0o755, {b"f": ("file", 0o644, b"old")}) for n in names}
    two: Shape = {
        n: ("dir", 0o755, {b"f": ("file", 0o644, b"now"), b"x": ("file", 0o644, b"")})
        for n in names
    }
    target = bench.become(one)
    bench.become(two)
    for name in names:  # the same names outside, so that a removal there would show
        (outside / name.decode()).mkdir()
        (outside / name.decode() / "f").write_text("now")
        (outside / name.decode() / "x").write_text("")
    before = shape_of(outside)
    made = bench.plan(target)
    read = bench.objects.read
    turn = iter(names)

    def swap(kind: Any, object_id: Id) -> bytes:
        name = next(turn).decode()
        (bench.path / name).rename(bench.path / f"was-{name}")
        (bench.path / name).symlink_to(outside / name)
        return read(kind, object_id)

    bench.objects.read = swap  # type: ignore[method-assign]
    with pytest.raises(RestoreConflict):
        bench.apply(made)
    assert shape_of(outside) == before


def test_a_link_under_the_temporary_name_is_not_written_through(bench: Bench) -> None:
    outside = bench.base / "outside"
    outside.write_text("mine")
    target = bench.become({b"a": ("file", 0o644, b"old")})
    bench.become({b"a": ("file", 0o644, b"now")})
    made = bench.plan(target)
    read = bench.objects.read
    seen: list[str] = []

    def crash(kind: Any, object_id: Id) -> bytes:
        seen.extend(n for n in os.listdir(bench.path) if n.startswith(".shepherd-restore-"))
        raise MemoryError

    bench.objects.read = crash  # type: ignore[method-assign]
    with pytest.raises(MemoryError):
        bench.apply(made)
    assert sorted(os.listdir(bench.path)) == ["a"]
    (bench.path / seen[0]).symlink_to(outside)
    bench.objects.read = read  # type: ignore[method-assign]
    bench.apply(made)
    assert outside.read_text() == "mine"
    assert sorted(os.listdir(bench.path)) == ["a"]


def test_what_a_crash_leaves_is_removed_by_the_next_restore(bench: Bench) -> None:
    target = bench.become({b"a": ("file", 0o644, b"old")})
    (bench.path / ".shepherd-restore-00").write_text("half")
    bench.restore(target)
    assert os.listdir(bench.path) == ["a"]


def test_in_place_git_is_left_alone_unless_named(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "inPlace")
    repo = {b"HEAD": ("file", 0o644, b"ref: refs/heads/main\n")}
    target = bench.become({b".git": ("dir", 0o755, repo), b"a": ("file", 0o644, b"old")})
    now = {
        b".git": ("dir", 0o755, {b"HEAD": ("file", 0o644, b"ref: refs/heads/other\n")}),
        b"a": ("file", 0o644, b"now"),
        b"sub": ("dir", 0o755, {b".git": ("dir", 0o755, repo), b"f": ("file", 0o644, b"x")}),
    }
    bench.become(now)
    made = bench.restore(target)
    assert made.not_captured == (NotCaptured(".git", "dotGit"), NotCaptured("sub/.git", "dotGit"))
    assert shape_of(bench.path) == {
        b".git": now[b".git"],
        b"a": ("file", 0o644, b"old"),
        b"sub": ("dir", 0o755, {b".git": ("dir", 0o755, repo)}),
    }
    bench.restore(target, [b".git"])
    assert shape_of(bench.path)[b".git"] == ("dir", 0o755, repo)


def test_a_tree_from_elsewhere_cannot_write_a_store(bench: Bench) -> None:
    blob = bench.objects.add("blob", b"bad")
    inner = bench.objects.add("tree", tree_bytes({b"store.db": File(0o644, 3, blob)}))
    bad = bench.objects.add("tree", tree_bytes({b".shepherd": Dir(0o755, inner)}))
    (bench.path / ".shepherd").mkdir()
    made = bench.restore(bad)
    assert made.not_captured == (NotCaptured(".shepherd", "store"),)
    assert os.listdir(bench.path / ".shepherd") == []


def test_a_mode_is_not_changed_through_a_hard_link(bench: Bench) -> None:
    target = bench.become({b"a": ("file", 0o644, b"same")})
    (bench.path / "a").chmod(0o600)
    os.link(bench.path / "a", bench.base / "other name")
    bench.restore(target)
    assert (bench.path / "a").stat().st_mode & 0o7777 == 0o644
    assert (bench.base / "other name").stat().st_mode & 0o7777 == 0o600


def test_broken_off_a_restore_leaves_no_folder_open_that_was_closed() -> None:
    with another_user() as base:
        bench = Bench(base)
        target = bench.become(
            {b"d": ("dir", 0o555, {b"f": ("file", 0o644, b"old")}), b"e": ("file", 0o644, b"old")}
        )
        os.chmod(bench.path / "d" / "f", 0o600)
        for name in ("d/f", "e"):
            (bench.path / name).write_text("now")
        made = bench.plan(target)
        (bench.path / "e").write_text("mine")
        with pytest.raises(RestoreConflict) as refused:
            apply(bench.objects, made, unchanged=True)
        assert refused.value.data["done"] == 1
        assert (bench.path / "d" / "f").read_text() == "old"
        assert (bench.path / "d").stat().st_mode & 0o7777 == 0o555
        os.chmod(bench.path / "d", 0o755)


def test_without_root_folders_closed_for_writing_are_restored() -> None:
    with another_user() as base:
        bench = Bench(base)
        closed = ("dir", 0o555, {b"f": ("file", 0o444, b"old"), b"g": ("dir", 0o500, {})})
        then: Shape = {b"d": closed}
        target = bench.become(then)
        os.chmod(bench.path / "d", 0o755)
        os.chmod(bench.path / "d" / "f", 0o644)
        (bench.path / "d" / "f").write_text("now")
        (bench.path / "d" / "more").write_text("x")
        os.chmod(bench.path / "d", 0o511)
        bench.restore(target)
        assert shape_of(bench.path) == then
        world = bench.driver.create(bench.objects, target, base / "copy")
        assert shape_of(world.path) == then
        bench.driver.destroy(world)
        assert os.listdir(base) == ["w"]
