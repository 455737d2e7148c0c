"""What a snapshot takes in, what it leaves out by name, and when it refuses."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shepherd_sidecar.errors import BudgetExceeded, SnapshotFailed
from shepherd_sidecar.trace.tree_diff import walk_tree
from shepherd_sidecar.worlds import capture as capture_module
from shepherd_sidecar.worlds.capture import capture, tree_reader
from shepherd_sidecar.worlds.driver import NotCaptured, Snapshot
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.scan import Scan, Vanished
from shepherd_sidecar.worlds.stat_cache import StatCache
from tests.support.folders import grow_old, make, shape_of
from tests.support.lacking import lacking
from tests.support.objects import MemoryObjects
from tests.support.users import another_user
from tests.support.waiting import PATIENCE


class Workspace:
    """A folder that is captured again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.objects, self.cache = MemoryObjects(), StatCache()
        self.limits, self.store = Limits(), None

    def take(self, before: str | None = None, store: Path | None = None) -> Snapshot:
        return capture(
            self.objects, self.path, self.cache, limits=self.limits, store=store, before=before
        )

    def held(self, taken: Snapshot) -> list[str]:
        return [os.fsdecode(p) for p, _ in walk_tree(tree_reader(self.objects), taken.tree)]

    def write(self, name: str, text: str = "x") -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    path = tmp_path / "w"
    path.mkdir()
    return Workspace(path)


def notes(taken: Snapshot) -> dict[str, str]:
    return {note.path: note.why for note in taken.not_captured}


def test_what_is_neither_file_nor_folder_nor_link_is_named(workspace: Workspace) -> None:
    os.mkfifo(workspace.path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(workspace.path / "sock"))
    found = {"pipe": "fifo", "sock": "socket"}
    if os.geteuid() == 0:
        try:
            os.mknod(workspace.path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
            found["null"] = "device"
        except PermissionError:
            pass  # root without the right to make devices
    assert notes(workspace.take()) == found
    assert notes(workspace.take()) == found


def test_what_may_not_be_read_is_named() -> None:
    with another_user() as base:
        workspace = Workspace(base)
        workspace.write("closed/inner")
        workspace.write("secret").chmod(0)
        workspace.write("open")
        (base / "closed").chmod(0)
        taken = workspace.take()
        assert notes(taken) == {"closed": "unreadable", "secret": "unreadable"}
        assert workspace.held(taken) == ["open"]
        (base / "closed").chmod(0o700)
        (base / "secret").chmod(0o600)
        assert workspace.take(taken.tree).changed == ("closed", "closed/inner", "secret")


def test_the_store_is_left_out_by_name_and_by_place(workspace: Workspace) -> None:
    workspace.write(".shepherd/store.db")
    workspace.write("sub/.shepherd/store.db")
    workspace.write("elsewhere/store.db")
    workspace.write("f")
    taken = workspace.take(store=workspace.path / "elsewhere")
    assert notes(taken) == {
        ".shepherd": "store",
        "elsewhere": "store",
        "sub/.shepherd": "store",
    }
    assert workspace.held(taken) == ["f", "sub"]


def test_only_shepherdignore_leaves_out_and_it_is_said_once(workspace: Workspace) -> None:
    workspace.write(".gitignore", "kept.txt\n")
    workspace.write("kept.txt")
    workspace.write(".shepherdignore", "build/\n*.log\n!keep.log\n[\n!\n")
    workspace.write("build/a/b")
    workspace.write("build/c")
    workspace.write("x.log")
    workspace.write("sub/y.log")
    workspace.write("sub/keep.log")
    workspace.write("sub/.shepherdignore", "/top\n!y.log\n")
    workspace.write("sub/top")
    workspace.write("sub/deep/top")
    workspace.write("sub/build", "a file is no build/")
    expected = {"build": "ignored", "x.log": "ignored", "sub/top": "ignored"}
    for _ in range(2):
        taken = workspace.take()
        assert notes(taken) == expected
        assert workspace.held(taken) == [
            ".gitignore",
            ".shepherdignore",
            "kept.txt",
            "sub",
            "sub/.shepherdignore",
            "sub/build",
            "sub/deep",
            "sub/deep/top",
            "sub/keep.log",
            "sub/y.log",
        ]
    cold = capture(workspace.objects, workspace.path, StatCache())
    assert cold.tree == taken.tree


def test_changed_rules_count_at_once(workspace: Workspace) -> None:
    workspace.write("d/a.log")
    first = workspace.take()
    workspace.write(".shepherdignore", "*.log\n")
    second = workspace.take(first.tree)
    assert second.changed == (".shepherdignore", "d/a.log")
    workspace.write(".shepherdignore", "*.tmp\n")
    third = workspace.take(second.tree)
    assert third.changed == (".shepherdignore", "d/a.log")
    assert notes(third) == {}


HOSTILE = "*a*a*a*a*a*a*a*b", "a**********************b", "**/a/**/a/**/a/**/a/**/a/b"
JUDGE = """
import sys
from shepherd_sidecar.worlds.ignore import NO_RULES
rules = NO_RULES.below("", sys.argv[1].encode())
for path in ("a" * 255, "/".join(["a"] * 200)):
    assert not rules.ignores(path, False)
"""


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_pattern_keeps_a_walk_busy(pattern: str) -> None:
    # In a process of its own: a search that does not end is not interrupted by anything.
    subprocess.run([sys.executable, "-c", JUDGE, pattern], check=True, timeout=PATIENCE)


def test_patterns_with_some_wildcards_are_patterns(workspace: Workspace) -> None:
    workspace.write(".shepherdignore", "*_*_*.tmp\n**/gen/*-*.c\nout/**/*.o\n")
    for name in ("a_b_c.tmp", "x/gen/a-b.c", "out/y/z.o", "out/y/z.c", "a_b.tmp"):
        workspace.write(name)
    assert set(notes(workspace.take())) == {"a_b_c.tmp", "x/gen/a-b.c", "out/y/z.o"}


def test_of_a_huge_file_of_rules_only_the_beginning_is_read(workspace: Workspace) -> None:
    os.truncate(workspace.write(".shepherdignore", "*.log\n"), 1 << 40)
    workspace.write("a.log")
    workspace.limits = Limits(leave_out_large=True)
    assert notes(workspace.take()) == {".shepherdignore": "overBudget", "a.log": "ignored"}


def test_an_ignored_name_that_changes_its_kind_is_judged_again(workspace: Workspace) -> None:
    workspace.write(".shepherdignore", "build/\n")
    workspace.write("build/x")
    assert notes(workspace.take()) == {"build": "ignored"}
    shutil.rmtree(workspace.path / "build")
    workspace.write("build")
    taken = workspace.take()
    assert notes(taken) == {}
    assert "build" in workspace.held(taken)


def test_nested_repositories_are_folders_like_any_other(workspace: Workspace) -> None:
    shape = {
        b".git": ("dir", 0o755, {b"HEAD": ("file", 0o644, b"ref: refs/heads/main\n")}),
        b"empty": ("dir", 0o755, {b".git": ("dir", 0o755, {})}),
        b"tree": ("dir", 0o755, {b".git": ("file", 0o644, b"gitdir: ../.git/worktrees/tree\n")}),
    }
    make(shape, workspace.path)
    taken = workspace.take()
    assert taken.not_captured == ()
    assert shape_of(workspace.path) == shape
    assert set(workspace.held(taken)) >= {".git/HEAD", "empty/.git", "tree/.git"}


def test_links_are_kept_and_never_followed(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "f").write_text("x")
    (workspace.path / "to").symlink_to(tmp_path / "outside")
    (workspace.path / "loop").symlink_to("loop")
    taken = workspace.take()
    assert workspace.held(taken) == ["loop", "to"]
    assert taken.files == 2


def test_hard_links_inside_are_named_once_a_group(workspace: Workspace, tmp_path: Path) -> None:
    file = workspace.write("b/one")
    os.link(file, workspace.path / "a")
    os.link(file, workspace.path / "c")
    os.link(workspace.write("other"), tmp_path / "partner outside")
    for _ in range(3):
        taken = workspace.take()
        assert taken.not_captured == (NotCaptured("a", "hardLink"),)
    (workspace.path / "a").unlink()
    (workspace.path / "c").unlink()
    assert workspace.take().not_captured == ()


def test_a_file_with_attributes_is_named_for_as_long_as_it_has_them(workspace: Workspace) -> None:
    file = workspace.write("b/one", "text")
    workspace.write("other")
    try:
        os.setxattr(file, "user.kept", b"by nobody")
    except OSError as error:
        lacking(f"attributes: {error.strerror}")
    for _ in range(2):
        assert workspace.take().not_captured == (NotCaptured("b/one", "attributes"),)
    os.removexattr(file, "user.kept")
    assert workspace.take().not_captured == ()
    os.setxattr(file, "user.kept", b"again")
    assert workspace.take().not_captured == (NotCaptured("b/one", "attributes"),)
    file.unlink()
    assert workspace.take().not_captured == ()


@pytest.mark.parametrize(
    ("limits", "limit", "worst"),
    [
        (Limits(files=10), "files", "big/inner"),
        (Limits(bytes=5_000), "bytes", "heavy"),
        (Limits(bytes_per_file=999), "bytesPerFile", "heavy/9"),
        (Limits(depth=1), "depth", "big/inner"),
    ],
)
def test_too_much_is_refused_before_anything_is_read(
    workspace: Workspace, limits: Limits, limit: str, worst: str
) -> None:
    for n in range(20):
        workspace.write(f"big/inner/{n}")
    for n in range(10):
        workspace.write(f"heavy/{n}", "x" * (900 + 100 * (n == 9)))
    workspace.limits = limits
    with pytest.raises(BudgetExceeded) as refused:
        workspace.take()
    assert refused.value.data["limit"] == limit
    assert refused.value.data["offenders"][0]["path"] == worst
    assert worst in refused.value.message
    assert workspace.objects.held == {}


def test_a_file_over_the_limit_can_be_left_out_instead(workspace: Workspace) -> None:
    workspace.write("small")
    workspace.write("large", "x" * 200)
    whole = workspace.take()
    workspace.limits = Limits(bytes_per_file=100, leave_out_large=True)
    taken = workspace.take(whole.tree)
    assert notes(taken) == {"large": "overBudget"}
    assert taken.changed == ("large",)
    workspace.limits = Limits()
    assert workspace.take().tree == whole.tree


def test_a_workspace_that_is_gone_fails(workspace: Workspace) -> None:
    workspace.write("f")
    workspace.take()
    shutil.rmtree(workspace.path)
    with pytest.raises(SnapshotFailed, match="cannot be captured"):
        workspace.take()


def _removed(path: Path) -> None:
    shutil.rmtree(path)


def _replaced(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.mkdir()


@pytest.mark.parametrize("what", [_removed, _replaced])
def test_a_workspace_that_goes_away_meanwhile_fails(
    workspace: Workspace, what: Callable[[Path], None]
) -> None:
    workspace.write("f", "1")
    first = workspace.take()
    workspace.write("f", "22")
    workspace.objects.on_add = lambda _: what(workspace.path)
    trees = workspace.objects.trees_added
    with pytest.raises(SnapshotFailed, match="cannot be captured"):
        workspace.take(first.tree)
    # Nothing is believed of the failed one: the next is not a stale answer.
    workspace.objects.on_add = None
    assert workspace.cache.root is not None
    assert workspace.cache.root.tree == first.tree
    assert workspace.objects.trees_added <= trees + 1


def test_a_folder_that_goes_away_starts_the_walk_again(workspace: Workspace) -> None:
    for name in ("a/f", "b/g", "c/h"):
        workspace.write(name, name)

    def move(_: bytes) -> None:
        workspace.objects.on_add = None
        for name in "abc":
            (workspace.path / name).rename(workspace.path / (name + name))

    workspace.objects.on_add = move
    taken = workspace.take()
    assert workspace.held(taken) == ["aa", "aa/f", "bb", "bb/g", "cc", "cc/h"]


def test_a_workspace_that_never_holds_still_fails(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = []

    def vanish(*_: object) -> None:
        walks.append(1)
        raise Vanished("tmp/x1")

    monkeypatch.setattr(Scan, "run", vanish)
    with pytest.raises(SnapshotFailed, match="would not hold still: tmp/x1"):
        workspace.take()
    assert len(walks) == capture_module._ATTEMPTS


def test_a_file_that_changes_each_time_it_is_read_is_named(workspace: Workspace) -> None:
    file = workspace.write("busy", "00")
    workspace.write("calm", "c")
    turns = iter(range(10, 90))

    def change(data: bytes) -> None:
        if data != b"c":
            file.write_text(str(next(turns)))

    workspace.objects.on_add = change
    taken = workspace.take()
    assert notes(taken) == {"busy": "changedWhileRead"}
    assert workspace.held(taken) == ["calm"]
    assert (taken.files, taken.bytes_total) == (1, 1)
    workspace.objects.on_add = None
    assert workspace.take(taken.tree).changed == ("busy",)


def test_a_file_that_changes_once_is_read_again(workspace: Workspace) -> None:
    file = workspace.write("busy", "00")

    def change(_: bytes) -> None:
        workspace.objects.on_add = None
        file.write_text("1")

    workspace.objects.on_add = change
    taken = workspace.take()
    assert taken.not_captured == ()
    assert taken.bytes_total == 1


def test_a_log_that_only_grows_is_captured_up_to_its_length(workspace: Workspace) -> None:
    file = workspace.write("log", "line\n")
    line = iter(range(100))

    def grow(_: bytes) -> None:
        with file.open("a") as out:
            out.write(f"line {next(line)}\n")

    workspace.objects.on_add = grow
    taken = workspace.take()
    assert notes(taken) == {"log": "grewWhileRead"}
    assert workspace.held(taken) == ["log"]
    workspace.objects.on_add = None
    assert workspace.take(taken.tree).changed == ("log",)


def test_a_large_file_only_touched_is_not_stored_again(workspace: Workspace) -> None:
    file = workspace.write("large", "x" * 300_000)
    first = workspace.take()
    assert workspace.objects.blobs_added == 1
    os.utime(file)
    second = workspace.take(first.tree)
    assert (second.tree, second.changed) == (first.tree, ())
    assert workspace.objects.blobs_added == 1


def test_only_what_changed_is_encoded_again(workspace: Workspace) -> None:
    for n in range(30):
        workspace.write(f"d{n}/e/f")
    grow_old(workspace.path)
    first = workspace.take()
    before = workspace.objects.trees_added
    workspace.write("d7/e/f", "changed")
    assert workspace.take(first.tree).changed == ("d7/e/f",)
    assert workspace.objects.trees_added == before + 3


def test_a_rename_of_a_folder_is_seen(workspace: Workspace) -> None:
    workspace.write("a/deep/f")
    first = workspace.take()
    (workspace.path / "a").rename(workspace.path / "b")
    taken = workspace.take(first.tree)
    assert taken.changed == ("a", "a/deep", "a/deep/f", "b", "b/deep", "b/deep/f")


def test_a_mode_alone_is_a_change(workspace: Workspace) -> None:
    workspace.write("d/f").chmod(0o644)
    first = workspace.take()
    (workspace.path / "d" / "f").chmod(0o4755)
    (workspace.path / "d").chmod(0o1700)
    assert workspace.take(first.tree).changed == ("d", "d/f")


def test_running_out_of_descriptors_fails_aloud(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("d/f")
    opened = os.open

    def exhausted(path: object, *rest: int, **more: int) -> int:
        if path == "f":
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", exhausted)
    with pytest.raises(SnapshotFailed, match="d/f could not be read: Too many open files"):
        workspace.take()


def test_new_rules_do_not_mean_reading_everything_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/f", "a/g.log", "h"):
        workspace.write(name)
    grow_old(workspace.path)
    workspace.take()
    seen: list[str] = []
    read = capture_module.read_content

    def counted(objects: MemoryObjects, dir_fd: int, name: str) -> object:
        seen.append(name)
        return read(objects, dir_fd, name)

    monkeypatch.setattr(capture_module, "read_content", counted)
    workspace.write(".shepherdignore", "*.log\n")
    assert notes(workspace.take()) == {"a/g.log": "ignored"}
    assert seen == [".shepherdignore"]
