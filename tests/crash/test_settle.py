"""kill -9 in the middle of an apply: all of it or nothing, and nobody's edits are lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.errors import MergeConflict, StoreCorrupt, StoreFull
from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.settling import ApplyParams
from shepherd_sidecar.protocol.snapshots import RestoreParams
from shepherd_sidecar.store import commits, payloads, settlements
from shepherd_sidecar.store.gc import plan
from shepherd_sidecar.store.sweep import collect
from shepherd_sidecar.store.verify import verify
from shepherd_sidecar.trace.ids import object_id
from tests.crash import settler
from tests.support.filesystems import file_system, mounted
from tests.support.folders import shape_of
from tests.support.lacking import lacking, root
from tests.support.traces import AUTHOR, Traces, traces
from tests.support.unprivileged import as_user, user_folder
from tests.support.waiting import PATIENCE

BASE = {f"d{number % 3}/f{number}": f"{number}\n" * 5 for number in range(12)}


@pytest.fixture(scope="module")
def nursery() -> Iterator[ForkServerContext]:
    """Where settlers start from in milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.settler", "shepherd_sidecar.engine.settling"])
    yield context


class Scene:
    """A folder in place, and a branch with a world apart that did this and that."""

    def __init__(self, at: Path) -> None:
        self.root, self.folder = at / "store", at / "workspace"
        for path, text in BASE.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        with traces(self.root) as made:
            self.onto = made.start("onto", self.folder)
            asked = ForkParams(at=self.onto, names=["work"], driver="copy")
            [fork] = made.engine.fork(asked, AUTHOR).branches
            assert fork.world is not None
            world = Path(fork.world.path)
            for number in range(0, 12, 2):
                (world / f"d{number % 3}/f{number}").write_text("changed\n" * 40)
            (world / "d1/f1").unlink()
            (world / "d2/f5").chmod(0o600)
            (world / "new").mkdir()
            (world / "new/link").symlink_to("../d0")
            (world / "new/large").write_bytes(os.urandom(100_000))
            (world / "d0/f3").unlink()
            (world / "d0/f3").mkdir()
            made.snapshot("work")
            self.before, self.after = shape_of(self.folder), shape_of(world)

    def run(self, context: ForkServerContext, die_at: int, *, midway: bool = False) -> bool:
        """Apply in a process that dies at its Nth deed; whether it lived."""
        asked = (str(self.root), "work", self.onto, die_at, midway)
        program = context.Process(target=settler.settle, args=asked, daemon=True)
        program.start()
        program.join(PATIENCE)
        code = program.exitcode
        program.close()
        assert code in (0, -signal.SIGKILL)
        return code == 0

    def undo(self, made: Traces, to: str) -> None:
        made.engine.restore(RestoreParams(branch=self.onto, to=to), AUTHOR)


@pytest.mark.requirement("SETTLE-05", "CRASH-02")
def test_killed_at_every_step_it_happened_or_it_did_not(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    scene = Scene(tmp_path)
    die_at, outcomes, mixed = 1, [], 0
    while True:
        lived = scene.run(nursery, die_at)
        mixed += shape_of(scene.folder) not in (scene.before, scene.after)
        with traces(scene.root) as made:
            head = made.head(scene.onto)
            [(parents,)] = made.rows(
                "SELECT second IS NOT NULL FROM commits WHERE id = ?", bytes.fromhex(head)
            )
            assert shape_of(scene.folder) == (scene.after if parents else scene.before)
            assert made.rows("SELECT * FROM settlements") == []
            assert verify(made.store).findings == []
            assert made.snapshot(scene.onto) == head, "the world is what the head says"
            outcomes.append(bool(parents))
            if parents:
                log = made.log(scene.onto)
                scene.undo(made, log[-2])
                assert shape_of(scene.folder) == scene.before
                made.rewind(scene.onto, log[-2])
        assert list((scene.root / "settling").glob("*")) == []
        if lived:
            break
        die_at += 1 if die_at < 10 else 3
    assert len(outcomes) > 30
    assert mixed > 3, "it was killed in the middle of the writing too"
    assert min(outcomes.count(True), outcomes.count(False)) > 5


def broken_off(nursery: ForkServerContext, scene: Scene) -> None:
    """Die in the midst of the renames."""
    assert not scene.run(nursery, 3, midway=True)
    assert shape_of(scene.folder) not in (scene.before, scene.after)


@pytest.mark.requirement("SETTLE-05")
def test_an_edit_after_the_crash_is_kept_and_named(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    scene = Scene(tmp_path)
    broken_off(nursery, scene)
    (scene.folder / "d2/f8").write_text("edited after the crash\n")
    (scene.folder / "d0/mine").write_text("the user's\n")
    with traces(scene.root) as made:
        assert (scene.folder / "d2/f8").read_text() == "edited after the crash\n"
        assert (scene.folder / "d0/mine").read_text() == "the user's\n"
        rest: Any = shape_of(scene.folder)
        wanted: Any = dict(scene.after)
        rest[b"d2"][2].pop(b"f8"), wanted[b"d2"][2].pop(b"f8")
        rest[b"d0"][2].pop(b"mine")
        assert rest == wanted
        assert payload_of(made, made.head(scene.onto))["left"] == ["d2/f8"]
        made.snapshot(scene.onto)
        assert verify(made.store).findings == []


def payload_of(made: Traces, commit: str) -> Any:
    with made.store.reading() as conn:
        return payloads.read(conn, made.root, commits.need(conn, commit))


@pytest.mark.requirement("SETTLE-05")
def test_a_sidecar_that_is_running_finishes_what_another_left(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    scene = Scene(tmp_path)
    with traces(scene.root) as made:
        broken_off(nursery, scene)
        with made.store.reading() as conn:
            assert len(settlements.every(conn)) == 1
        made.discard("work")
        collect(made.store, 0)  # what is being settled is needed, whatever else goes
        assert plan(made.store, 0).counts.trees == 0
        made.snapshot(scene.onto)
        assert shape_of(scene.folder) == scene.after
        assert verify(made.store).findings == []


@pytest.mark.requirement("SETTLE-08")
def test_an_edit_under_its_hands_takes_all_of_it_back(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    """The user's editor writes a file between the look and the rename."""
    scene = Scene(tmp_path)
    edited, told = scene.folder / "d2/f8", tmp_path / "told"
    with traces(scene.root) as made:
        before = made.log(scene.onto)
    asked = (str(scene.root), "work", scene.onto, str(edited), str(told))
    program = nursery.Process(target=settler.settle_beside_an_editor, args=asked, daemon=True)
    program.start()
    program.join(PATIENCE)
    assert program.exitcode == 0
    program.close()
    assert [one["path"] for one in json.loads(told.read_text())] == ["d2/f8"]
    assert edited.read_text() == "under its hands\n"
    edited.write_text(BASE["d2/f8"])
    assert shape_of(scene.folder) == scene.before
    with traces(scene.root) as made:
        assert made.log(scene.onto) == before
        assert made.engine.apply(ApplyParams(branch="work", onto=scene.onto), AUTHOR).commit
        assert shape_of(scene.folder) == scene.after


@pytest.mark.requirement("SETTLE-08")
def test_a_folder_swapped_for_a_link_leads_nowhere(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    """Between the look and the renames a folder goes elsewhere, and a link leads there."""
    scene = Scene(tmp_path)
    away, told = tmp_path / "away", tmp_path / "told"
    held = shape_of(scene.folder / "d2")
    asked = (str(scene.root), "work", scene.onto, str(scene.folder / "d2"), str(away), str(told))
    program = nursery.Process(target=settler.settle_beside_a_mover, args=asked, daemon=True)
    program.start()
    program.join(PATIENCE)
    assert program.exitcode == 0
    program.close()
    assert {(one["path"], one["why"]) for one in json.loads(told.read_text())} == {
        ("d2/f2", "link")
    }
    assert shape_of(away) == held, "nothing was written through the link"
    (scene.folder / "d2").unlink()
    away.rename(scene.folder / "d2")
    assert shape_of(scene.folder) == scene.before


@pytest.mark.requirement("SETTLE-08")
def test_a_folder_that_lost_its_permissions_is_as_it_was() -> None:
    root("give a folder to somebody else")
    with user_folder() as at:
        scene = as_user(lambda: Scene(at))
        os.chown(scene.folder / "d2", 0, 0)
        assert as_user(lambda: refused(scene)) == ["unwritable"]


def refused(scene: Scene) -> list[str]:
    """Why an apply is refused, having left everything as it was."""
    with traces(scene.root) as made:
        before = made.log(scene.onto)
        with pytest.raises(MergeConflict) as told:
            made.engine.apply(ApplyParams(branch="work", onto=scene.onto), AUTHOR)
        assert shape_of(scene.folder) == scene.before
        assert made.log(scene.onto) == before
    return [one["why"] for one in told.value.data["conflicts"]]


def beside(made: Traces, disk: Path) -> tuple[Path, str, Path]:
    """A folder on another disk than its store, its branch, and the world of a fork, ``work``."""
    folder = disk / "workspace"
    folder.mkdir()
    for name in ("a", "z"):
        (folder / name).write_text(f"{name}\n")
    onto = made.start("onto", folder)
    [fork] = made.engine.fork(ForkParams(at=onto, names=["work"], driver="copy"), AUTHOR).branches
    assert fork.world is not None
    return folder, onto, Path(fork.world.path)


@pytest.mark.requirement("SETTLE-08")
def test_a_disk_that_is_too_small_is_as_it_was(tmp_path: Path) -> None:
    """The folder is on a disk of its own, where nothing can be written beforehand."""
    small = tmp_path / "small"
    small.mkdir()
    disk = mounted(["-t", "tmpfs", "-o", "size=1m", "none"], small)
    with disk, traces(tmp_path / "store") as made:
        folder, onto, world = beside(made, small)
        before = shape_of(folder)
        (world / "a").write_text("changed\n")
        (world / "m").write_bytes(os.urandom(2 << 20))
        params = ApplyParams(branch="work", onto=onto)
        with pytest.raises(StoreFull):
            made.engine.apply(params, AUTHOR)
        assert shape_of(folder) == before
        assert made.rows("SELECT * FROM settlements") == []
        (world / "m").write_bytes(os.urandom(1 << 19))
        assert made.engine.apply(params, AUTHOR).commit
        assert shape_of(folder) == shape_of(world)


@pytest.mark.requirement("SETTLE-08")
def test_a_disk_that_fills_up_while_files_are_made_ready_is_as_it_was(tmp_path: Path) -> None:
    """Folder and store are on one disk: what is written beside finds it full."""
    small = tmp_path / "small"
    small.mkdir()
    with mounted(["-t", "tmpfs", "-o", "size=1g", "none"], small):
        scene = Scene(small)
        with traces(scene.root) as made:
            before = made.log(scene.onto)
            used = shutil.disk_usage(small).used
            resized(small, used + 80_000)  # less than the largest file needs
            with pytest.raises(StoreFull):
                made.engine.apply(ApplyParams(branch="work", onto=scene.onto), AUTHOR)
            assert shape_of(scene.folder) == scene.before
            assert made.rows("SELECT * FROM settlements") == []
            assert list((scene.root / "settling").glob("*")) == []
            resized(small, 1 << 30)
            assert made.log(scene.onto) == before
            assert made.engine.apply(ApplyParams(branch="work", onto=scene.onto), AUTHOR).commit
            assert shape_of(scene.folder) == scene.after


@pytest.mark.requirement("SETTLE-08")
def test_an_object_found_damaged_on_the_way_takes_all_of_it_back(tmp_path: Path) -> None:
    """Where nothing can be made ready first, it is found when its file is to be written."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(["-t", "tmpfs", "none"], disk), traces(tmp_path / "store") as made:
        folder, onto, world = beside(made, disk)
        before = shape_of(folder)
        for name in ("a", "z"):
            (world / name).write_text(f"{name} changed\n")
        made.snapshot("work")
        blob = object_id("blob", b"z changed\n")
        spoil(made, blob, b"z damaged\n")
        params = ApplyParams(branch="work", onto=onto)
        with pytest.raises(StoreCorrupt):
            made.engine.apply(params, AUTHOR)
        assert shape_of(folder) == before
        assert made.rows("SELECT * FROM settlements") == []
        spoil(made, blob, b"z changed\n")
        assert made.engine.apply(params, AUTHOR).commit
        assert (folder / "z").read_text() == "z changed\n"


def spoil(made: Traces, blob: str, data: bytes) -> None:
    made.store.write(
        lambda tx: (
            tx.conn.execute("UPDATE objects SET data = ? WHERE id = ?", (data, bytes.fromhex(blob)))
            and None
        )
    )


def resized(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True, timeout=PATIENCE)


@pytest.mark.requirement("SETTLE-08")
def test_a_name_that_changes_its_case_only_is_not_lost(tmp_path: Path) -> None:
    """Where the user's disk takes both spellings for one file, removing one removes both."""
    with file_system("vfat", 8) as disk, traces(tmp_path / "store") as made:
        folder = disk / "workspace"
        (folder / "src").mkdir(parents=True)
        (folder / "README").write_text("read me\n")
        (folder / "src" / "app").write_text("app\n")
        if not (folder / "readme").exists():
            lacking("this file system tells README from readme")
        onto = made.start("onto", folder)
        asked = ForkParams(at=onto, names=["work"], driver="copy")
        [fork] = made.engine.fork(asked, AUTHOR).branches
        assert fork.world is not None
        world = Path(fork.world.path)
        before = shape_of(folder)
        (world / "README").rename(world / "readme")
        (world / "src").rename(world / "Src")
        with pytest.raises(MergeConflict) as told:
            made.engine.apply(ApplyParams(branch="work", onto=onto), AUTHOR)
        assert [(one["path"], one["why"]) for one in told.value.data["conflicts"]] == [
            ("Src", "sameName"), ("Src/app", "sameName"), ("readme", "sameName"),
        ]  # fmt: skip
        assert shape_of(folder) == before
