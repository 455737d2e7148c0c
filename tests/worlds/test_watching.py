"""A snapshot that looks only at what changed is the snapshot of a full walk."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.errors import BudgetExceeded, SnapshotFailed
from shepherd_sidecar.worlds import inotify
from shepherd_sidecar.worlds.capture import capture
from shepherd_sidecar.worlds.driver import Snapshot
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.scan import Scan
from shepherd_sidecar.worlds.stat_cache import StatCache
from shepherd_sidecar.worlds.watching import Watching
from tests.support.folders import grow_old
from tests.support.objects import MemoryObjects
from tests.worlds.hands import FOLDERS, STEPS, Hands

LISTED: list[str] = []
"""Paths of the folders that were listed."""


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    LISTED.clear()
    list_folder = Scan._folder

    def counted(self: Scan, fd: int, mode: int, path: str, *rest: Any) -> Any:
        LISTED.append(path)
        return list_folder(self, fd, mode, path, *rest)

    monkeypatch.setattr(Scan, "_folder", counted)
    return LISTED


@pytest.fixture
def watching() -> Iterator[Watching]:
    made = Watching()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name == "watching"]


class Watched:
    """A folder captured with a watch, and each time by a full walk as well."""

    def __init__(self, path: Path, watching: Watching) -> None:
        self.path, self.watching = path, watching
        self.objects, self.cache = MemoryObjects(), StatCache()
        self.limits, self.store = Limits(), None

    def take(self, **options: Any) -> Snapshot:
        watch = self.watching.of(self.path)
        assert watch is not None
        LISTED.clear()
        return capture(
            self.objects, self.path, self.cache, limits=self.limits, watch=watch, **options
        )

    def check(self) -> Snapshot:
        """Capture, and compare with a walk that knows nothing."""
        taken = self.take()
        kept = list(LISTED)
        full = capture(MemoryObjects(), self.path, StatCache(), limits=self.limits)
        LISTED[:] = kept
        assert said(taken) == said(full)
        return taken

    def write(self, name: str, text: str = "x") -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file


def said(taken: Snapshot) -> tuple[Any, ...]:
    return taken.tree, taken.files, taken.bytes_total, taken.not_captured


@pytest.fixture
def watched(tmp_path: Path, watching: Watching) -> Watched:
    path = tmp_path / "w"
    for folder in ("a/b/c", "a/d", "e"):
        (path / folder).mkdir(parents=True)
        (path / folder / "f").write_text(folder)
    return Watched(path, watching)


def test_only_the_folders_that_changed_are_listed(watched: Watched) -> None:
    assert watched.check().not_captured == ()
    assert len(LISTED) == 6
    watched.check()
    assert LISTED == [], "nothing changed, nothing is looked at"
    watched.write("a/b/c/f", "changed")
    watched.check()
    assert LISTED == ["a/b/c/"]
    (watched.path / "e" / "f").chmod(0o600)
    (watched.path / "a" / "b" / "c").rename(watched.path / "a" / "moved")
    watched.check()
    assert sorted(LISTED) == ["a/", "a/b/", "a/moved/", "e/"]
    watched.write("a/moved/new")
    watched.check()
    assert LISTED == ["a/moved/"], "it is watched where it is now"


@pytest.mark.requirement("WATCH-01")
@given(st.lists(st.tuples(STEPS, st.booleans()), min_size=4, max_size=60))
@settings(max_examples=200, deadline=None)
def test_what_is_known_to_have_changed_is_all_that_changed(
    steps: list[tuple[tuple[Any, ...], bool]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        (base / "w").mkdir()
        (base / "outside").mkdir()
        for folder in FOLDERS:
            (base / "w" / folder).mkdir(exist_ok=True)
            (base / "w" / folder / "f").write_text(folder)
        hands = Hands(base / "w", base / "outside")
        watching = Watching()
        try:
            watched = Watched(base / "w", watching)
            watched.check()
            for step, then_take in steps:
                if step[0] == "lose":
                    lose(watched, taken=step[1])
                else:
                    hands.do(*step)
                if then_take:
                    watched.check()
            watched.check()
            watched.check()
            assert LISTED == [] or hard_linked(base / "w")
        finally:
            watching.close()


def lose(watched: Watched, *, taken: bool) -> None:
    """A snapshot that fails half-way, or one whose tree never comes into the store."""
    if taken:
        found = watched.take()
        watched.objects.held.pop(("tree", found.tree), None)
    else:
        watched.limits = Limits(files=0)
        with contextlib.suppress(BudgetExceeded):
            watched.take()
        watched.limits = Limits()


def hard_linked(root: Path) -> bool:
    """Whether a file has several names: its folder is looked at each time."""
    files = (path.lstat() for path in root.rglob("*") if path.is_file())
    return any(found.st_nlink > 1 for found in files)


def test_a_failed_walk_loses_no_change(watched: Watched) -> None:
    watched.check()
    watched.write("a/b/c/f", "changed")
    watched.limits = Limits(files=1)
    with pytest.raises(BudgetExceeded) as refused:
        watched.take()
    with pytest.raises(BudgetExceeded) as by_walk:
        capture(MemoryObjects(), watched.path, StatCache(), limits=watched.limits)
    assert refused.value.data == by_walk.value.data
    watched.limits = Limits()
    watched.check()


def test_stores_through_a_mapping_are_seen_by_a_walk(watched: Watched) -> None:
    file = watched.write("a/mapped", "0000")
    grow_old(watched.path)
    first = watched.check()
    with file.open("r+b") as opened:
        mapping = mmap.mmap(opened.fileno(), 4)
    with mapping:  # nobody tells of what is stored before it ends
        watched.check()
        mapping[0:4] = b"1111"
        mapping.flush()
        assert watched.take().tree == first.tree, "the stated hole"
        assert watched.take(walk=True).tree != first.tree
        mapping[0:4] = b"2222"
        mapping.flush()
        watch = watched.watching.of(watched.path)
        assert watch is not None
        watch.doubt()
        watched.check()
        mapping[0:4] = b"3333"
    watched.check()
    assert LISTED == ["a/"], "told of when the mapping ended"


def test_a_write_through_a_name_outside_is_seen(watched: Watched, tmp_path: Path) -> None:
    os.link(watched.path / "e" / "f", tmp_path / "outside")
    watched.check()
    grow_old(watched.path)
    watched.check()
    (tmp_path / "outside").write_text("changed")
    watched.check()


def test_a_file_that_grows_while_it_is_read_is_looked_at_again(watched: Watched) -> None:
    watched.check()
    log = watched.write("e/log", "one")

    def grow(_: bytes) -> None:
        with log.open("a") as out:
            out.write("+")

    watched.objects.on_add = grow
    assert [(n.path, n.why) for n in watched.take().not_captured] == [("e/log", "grewWhileRead")]
    watched.objects.on_add = None
    assert watched.check().not_captured == ()


def test_what_is_left_out_is_named_without_looking(watched: Watched) -> None:
    watched.write(".shepherdignore", "build/\n")
    watched.write("build/x")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(watched.path / "e" / "sock"))
    first = watched.check()
    assert {note.why for note in first.not_captured} == {"ignored", "socket"}
    watched.write("build/y")
    watched.write("a/new")
    assert watched.check().not_captured == first.not_captured
    assert LISTED == ["a/"], "what is ignored is not watched either"


def test_folders_that_come_while_others_are_walked_are_not_missed(watched: Watched) -> None:
    ended = threading.Event()

    def grow() -> None:
        for n in range(120):
            nested = watched.path / "a" / f"n{n}" / "x" / "y"
            nested.mkdir(parents=True)
            (nested / "f").write_text(str(n))
            if n % 3 == 0:
                nested.parent.rename(watched.path / "e" / f"from-{n}")
        ended.set()

    thread = threading.Thread(target=grow)
    thread.start()
    while not ended.is_set():
        with contextlib.suppress(SnapshotFailed):
            watched.take()
    thread.join()
    watched.check()


@pytest.mark.requirement("WATCH-01")
def test_everything_is_walked_when_events_were_lost(watched: Watched) -> None:
    watched.check()
    file = watched.write("a/f", "one")
    with watched.watching.lock:  # nobody takes them out of the queue
        for n in range(9000):
            file.rename(watched.path / "a" / f"{n}")
            file = watched.path / "a" / f"{n}"
        shutil.rmtree(watched.path / "a" / "b")
        watched.write("a/b/other/f")
    watched.check()
    assert "e/" in LISTED
    watched.write("a/b/other/f", "changed")
    watched.check()
    assert LISTED == ["a/b/other/"]


def test_a_folder_put_in_the_place_of_the_workspace_is_walked(watched: Watched) -> None:
    watched.check()
    watched.path.rename(watched.path.with_name("old"))
    watched.write("a/f", "another folder")
    watched.check()
    watched.write("a/f", "changed")
    watched.check()
    assert LISTED == ["a/"]


def test_other_limits_mean_another_walk(watched: Watched) -> None:
    watched.check()
    watched.limits = Limits(bytes_per_file=3, leave_out_large=True)
    assert {note.why for note in watched.check().not_captured} == {"overBudget"}


def test_one_knows_that_nothing_changed(watched: Watched) -> None:
    watch = watched.watching.of(watched.path)
    assert watch is not None
    tree = watched.check().tree
    assert watch.is_clean(tree)
    assert not watch.is_clean("0" * 64)
    watched.write("e/f", "changed")
    assert not watch.is_clean(tree)
    assert watch.is_clean(watched.check().tree)
    watch.doubt()
    assert not watch.is_clean(tree)
    assert watch.is_clean(watched.check().tree)


def test_without_enough_watches_everything_is_walked(watched: Watched) -> None:
    watched.watching.close()
    few = Watching(share=3 / inotify.most_watches())
    watched.watching = few
    try:
        watched.check()
        watch = few.of(watched.path)
        assert watch is not None
        assert watch.why == "watchLimit"
        watched.write("a/f")
        taken = watched.check()
        assert len(LISTED) == 6
        assert not watch.is_clean(taken.tree)
    finally:
        few.close()


def test_where_others_make_changes_everything_is_walked(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inotify, "is_local", lambda folder: False)
    watched.check()
    watched.check()
    assert len(LISTED) == 6
    watch = watched.watching.of(watched.path)
    assert watch is not None
    assert watch.why == "fileSystem"


def test_without_inotify_everything_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left() -> None:
        raise OSError(errno.EMFILE, "no instance left")

    monkeypatch.setattr(inotify, "Queue", none_left)
    assert Watching().of(tmp_path) is None


def test_the_workspace_not_used_for_longest_gives_way(watched: Watched, tmp_path: Path) -> None:
    watched.watching.close()
    two = Watching(most=2)
    try:
        folders = []
        for name in ("one", "two", "three"):
            (tmp_path / name).mkdir()
            folders.append(Watched(tmp_path / name, two))
            folders[-1].check()
        folders[1].check()
        assert LISTED == []
        folders[0].check()
        assert LISTED == [""], "it was let go"
    finally:
        two.close()


def test_a_fork_leaves_the_queue_to_its_parent(watched: Watched) -> None:
    tree = watched.check().tree
    watched.write("a/f", "changed")
    child = os.fork()
    if child == 0:
        alone = watched.watching.of(watched.path) is None
        watched.watching.close()
        os._exit(0 if alone else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert watched.check().tree != tree
    assert LISTED == ["a/"]


def test_a_closed_watch_walks(watched: Watched) -> None:
    watch = watched.watching.of(watched.path)
    watched.check()
    watched.watching.forget(watched.path)
    watched.check()
    assert len(LISTED) == 6, "it was forgotten"
    watched.watching.close()
    watched.watching.close()
    assert watched.watching.of(watched.path) is None
    assert watch is not None
    taken = capture(watched.objects, watched.path, watched.cache, watch=watch)
    assert taken.files == 3


MOUNTING = """
import os, subprocess, sys
from pathlib import Path
from shepherd_sidecar.worlds.capture import capture
from shepherd_sidecar.worlds.stat_cache import StatCache
from shepherd_sidecar.worlds.watching import Watching
from tests.support.objects import MemoryObjects
from tests.worlds.hands import FOLDERS, STEPS, Hands

root = Path(sys.argv[1])
objects, cache, watching = MemoryObjects(), StatCache(), Watching()

def notes():
    watch = watching.of(root)
    taken = capture(objects, root, cache, watch=watch)
    full = capture(MemoryObjects(), root, StatCache())
    assert (taken.tree, taken.not_captured) == (full.tree, full.not_captured)
    return [(note.path, note.why) for note in taken.not_captured]

assert notes() == []
subprocess.run(["mount", "-t", "tmpfs", "none", root / "a" / "b"], check=True)
assert notes() == [("a/b", "mount")], notes()
subprocess.run(["mount", "--bind", root / "e", root / "a" / "d"], check=True)
assert notes() == [("a/b", "mount"), ("a/d", "mount")]
(root / "e" / "f").write_text("seen under one name")
assert notes() == [("a/b", "mount"), ("a/d", "mount")]
subprocess.run(["umount", root / "a" / "d", root / "a" / "b"], check=True)
assert notes() == []
(root / "a" / "b" / "c" / "f").write_text("changed")
assert notes() == []
watching.close()
"""


def test_what_is_mounted_below_is_noticed(watched: Watched) -> None:
    # In a mount namespace of its own: nothing stays mounted, whatever happens.
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", "--mount", *user, sys.executable, "-c", MOUNTING, str(watched.path)]
    here = Path(__file__).parents[2]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": os.fspath(here)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
