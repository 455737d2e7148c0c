"""Machines and folders that lack something, over the wire.

Each gets a stated fallback or a named error; the folder that a run was started on stays as it was.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.engine.worlds import Run
from tests.support.filesystems import file_system, mounted
from tests.support.folders import marks, shape_of
from tests.support.lacking import lacking, root
from tests.support.sidecar import ROOT, Sidecar
from tests.support.unprivileged import UID, command, user_folder

POOR = """
import os, sys
from shepherd_sidecar.worlds import namespaces
namespaces.own_user_namespace()
with open("/proc/sys/user/max_user_namespaces", "w") as limit:
    limit.write("0")
namespaces.drop_capabilities()
os.execv(sys.executable, [sys.executable, "-m", "shepherd_sidecar", "serve", *sys.argv[1:]])
"""
"""A sidecar without rights where no namespace can be made; only it feels the limit."""
MB = 1 << 20


@pytest.mark.requirement("GROUND-01")
def test_a_machine_without_namespaces_has_worlds_and_says_what_is_missing() -> None:
    with user_folder() as base:
        folder = base / "workspace"
        folder.mkdir()
        (folder / "notes.txt").write_text("hello\n")
        if os.geteuid() == 0:
            for path in (folder, folder / "notes.txt"):
                os.chown(path, UID, UID)
        before = marks(folder)
        argv = command([sys.executable, "-c", POOR, "--store", str(base / "store")])
        with Sidecar.start(argv, env={"PYTHONPATH": str(ROOT)}) as sidecar:
            told = sidecar.call("initialize", {"capabilities": {}})
            drivers = {
                one["name"]: one
                for one in told["capabilities"]["experimental"]["shepherd"]["drivers"]
            }
            assert "user.max_user_namespaces = 0" in drivers["overlay"]["why"]
            started = sidecar.call("run/start", {"name": "run", "workspace": str(folder)})
            made = sidecar.call("branch/fork", {"at": started["branch"], "count": 2})["branches"]
            for one in made:
                assert drivers[one["world"]["driver"]]["available"]
            asked = {"branch": made[0]["branch"], "argv": ["sh", "-c", "echo more >> notes.txt"]}
            done = sidecar.call("world/exec", asked)
            assert done["snapshot"]["changed"] == ["notes.txt"]
            assert {"namespaces", "processes"} <= {
                one["what"] for one in done["confinement"]["missing"]
            }
            assert (Path(made[1]["world"]["path"]) / "notes.txt").read_text() == "hello\n"
            params = {"at": started["branch"], "driver": "overlay"}
            error = sidecar.error(sidecar.request("branch/fork", params))
            assert error.name == "DriverUnavailable"
            assert "user.max_user_namespaces = 0" in error.message
            (base / "store" / "sandbox.toml").write_text("required = true\n")
            if os.geteuid() == 0:
                os.chown(base / "store" / "sandbox.toml", UID, UID)
            error = sidecar.error(sidecar.request("world/exec", asked))
            assert (error.name, error.data["why"]) == ("ExecFailed", "unconfined")
        assert marks(folder) == before


def serving(folder: Path) -> AbstractContextManager[Sidecar]:
    """A sidecar whose store lies beside a folder."""
    return Sidecar.on(folder.parent / "store" / ".shepherd")


@contextmanager
def read_only(base: Path) -> Iterator[Path]:
    """A folder that may only be read."""
    with mounted(["--bind", "-o", "ro", str(base)], base):
        yield base


@contextmanager
def bound(base: Path) -> Iterator[Path]:
    """A folder of the same disk that is a mount of its own, as in a container."""
    with mounted(["--bind", str(base)], base):
        yield base


@contextmanager
def layered(base: Path) -> Iterator[Path]:
    """A folder that is an overlay itself."""
    for name in ("upper", "work", "merged"):
        (base.parent / name).mkdir()
    layers = f"lowerdir={base},upperdir={base.parent / 'upper'},workdir={base.parent / 'work'}"
    with mounted(["-t", "overlay", "-o", layers, "overlay"], base.parent / "merged") as at:
        yield at


@contextmanager
def fat(base: Path) -> Iterator[Path]:
    """A folder where modes and links are not."""
    with file_system("vfat", 8) as at:
        (at / "src").mkdir()
        for name in ("notes.txt", "src/app.py"):
            (at / name).write_bytes((base / name).read_bytes())
        yield at


@pytest.mark.parametrize("place", ["apart", "inPlace"])
@pytest.mark.parametrize("ground", [read_only, bound, layered, fat])
@pytest.mark.requirement("GROUND-01")
def test_a_workspace_on_a_mount_of_any_kind_is_forked_and_left_alone(
    folder: Path, ground: Callable[[Path], Any], place: str
) -> None:
    root("mount")
    with ground(folder) as at, serving(folder) as sidecar:
        before = marks(at)
        run = Run.start(sidecar, at, place=place)
        made = sidecar.call("branch/fork", {"at": run.branch, "count": 2})
        assert made["notCaptured"] == []
        first, second = (Path(one["world"]["path"]) for one in made["branches"])
        assert shape_of(first) == shape_of(second) == shape_of(at)
        fork = Run(sidecar, made["branches"][0]["branch"], run.root, first, [])
        assert fork.exec("sh", "-c", "rm -r src; echo new > new")["exitCode"] == 0
        assert (second / "src" / "app.py").exists()
        assert not (second / "new").exists()
        assert fork.restore(run.root)["conflicts"] == []
        assert shape_of(first) == shape_of(at)
        assert marks(at) == before


@pytest.mark.requirement("GROUND-01")
def test_a_folder_that_is_a_mount_of_its_own_takes_what_a_branch_did(
    folder: Path,
) -> None:
    """Nothing can be renamed into it from elsewhere on its disk, and the device does not tell."""
    root("mount")
    with bound(folder), serving(folder) as sidecar:
        run = Run.start(sidecar, folder, place="inPlace")
        [fork] = sidecar.call("branch/fork", {"at": run.branch})["branches"]
        (Path(fork["world"]["path"]) / "new.txt").write_text("new\n")
        (Path(fork["world"]["path"]) / "notes.txt").write_text("changed\n")
        done = sidecar.call("branch/apply", {"branch": fork["branch"], "onto": run.branch})
        assert {one["path"] for one in done["changes"]} == {"new.txt", "notes.txt"}
        assert (folder / "new.txt").read_text() == "new\n"
        assert (folder / "notes.txt").read_text() == "changed\n"
        run.restore(done["safety"])
        assert (folder / "notes.txt").read_text() == "hello\n"
        assert not (folder / "new.txt").exists()


@pytest.mark.parametrize("ground", [read_only, fat])
@pytest.mark.requirement("GROUND-01")
def test_what_a_folder_cannot_take_is_named_and_nothing_is_written(
    folder: Path, ground: Callable[[Path], Any]
) -> None:
    root("mount")
    with ground(folder) as at, serving(folder) as sidecar:
        run = Run.start(sidecar, at, place="inPlace")
        [fork] = sidecar.call("branch/fork", {"at": run.branch})["branches"]
        (Path(fork["world"]["path"]) / "link").symlink_to("notes.txt")
        before = shape_of(at)
        asked = {"branch": fork["branch"], "onto": run.branch}
        error = sidecar.error(sidecar.request("branch/apply", asked))
        assert error.name == "MergeConflict"
        assert error.data["conflicts"] == [{"path": "link", "why": "unwritable"}]
        assert shape_of(at) == before


@pytest.mark.parametrize("place", ["apart", "inPlace"])
@pytest.mark.requirement("GROUND-01")
def test_what_cannot_be_forked_is_named_and_stays_in_the_folder(
    fresh: Sidecar, folder: Path, tmp_path: Path, place: str
) -> None:
    root("mount, and make devices")
    os.mkfifo(folder / "fifo")
    os.mknod(folder / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.link(folder / "notes.txt", folder / "src" / "same.txt")
    (folder / "inside").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "precious").write_text("kept")
    here = os.open(folder, os.O_RDONLY)
    with (
        socket.socket(socket.AF_UNIX) as held,
        mounted(["--bind", str(tmp_path / "outside")], folder / "inside"),
    ):
        held.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
        before = marks(folder)
        run = Run.start(fresh, folder, place=place)
        made = fresh.call("branch/fork", {"at": run.branch})
        for named in (run.not_captured, made["notCaptured"]):
            assert [(one["path"], one["why"]) for one in named] == [
                ("fifo", "fifo"),
                ("inside", "mount"),
                ("notes.txt", "hardLink"),
                ("null", "device"),
                ("socket", "socket"),
            ]
        world = Path(made["branches"][0]["world"]["path"])
        assert sorted(os.listdir(world)) == ["notes.txt", "src"]
        (world / "notes.txt").write_text("of the fork")
        assert (folder / "src" / "same.txt").read_text() == "hello\n"
        fresh.call("branch/discard", {"branch": made["branches"][0]["branch"]})
        assert marks(folder) == before


@pytest.mark.requirement("GROUND-01")
def test_what_may_not_be_read_is_named_and_the_rest_is_forked() -> None:
    root("own what a user may not read")
    with user_folder() as base:
        folder = base / "workspace"
        (folder / "closed" / "in").mkdir(parents=True)
        for name in ("notes.txt", "secret"):
            (folder / name).write_text("hello\n")
        for path in (folder, folder / "notes.txt"):
            os.chown(path, UID, UID)
        (folder / "closed").chmod(0o700)
        (folder / "secret").chmod(0o600)
        before = marks(folder)
        serve = [sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(base / "store")]
        with Sidecar.start(command(serve), env={"PYTHONPATH": str(ROOT)}) as sidecar:
            for place in ("apart", "inPlace"):
                params = {"name": "run", "workspace": str(folder), "place": place}
                started = sidecar.call("run/start", params)
                assert [(one["path"], one["why"]) for one in started["notCaptured"]] == [
                    ("closed", "unreadable"),
                    ("secret", "unreadable"),
                ]
                made = sidecar.call("branch/fork", {"at": started["branch"]})
                assert made["notCaptured"] == started["notCaptured"]
                asked = {"branch": made["branches"][0]["branch"], "argv": ["ls"]}
                assert sidecar.call("world/exec", asked)["stdout"] == "notes.txt\n"
        assert marks(folder) == before


@pytest.mark.parametrize("place", ["apart", "inPlace"])
@pytest.mark.requirement("GROUND-01")
def test_a_path_of_four_thousand_bytes_is_forked_worked_at_and_restored(
    fresh: Sidecar, folder: Path, place: str
) -> None:
    names = [f"{number:02}{'ü' * 49}" for number in range(40)]
    with contextlib.chdir(folder):
        for name in names:
            os.mkdir(name)
            os.chdir(name)
        Path("last").write_text("deep\n")
    before = shape_of_deep(folder, names)
    run = Run.start(fresh, folder, place=place)
    [made] = fresh.call("branch/fork", {"at": run.branch})["branches"]
    fork = Run(fresh, made["branch"], run.root, Path(made["world"]["path"]), [])
    # A shell's own cd goes by whole paths, which here are longer than the kernel takes.
    there = "cat last; echo changed > last"
    done = fork.exec("find", ".", "-name", "last", "-execdir", "sh", "-c", there, ";")
    assert (done["exitCode"], done["stdout"]) == (0, "deep\n")
    assert len(done["snapshot"]["changed"][0].encode()) > 4_000
    assert fork.restore(run.root)["conflicts"] == []
    assert shape_of_deep(fork.world, names) == shape_of_deep(folder, names) == before


def shape_of_deep(folder: Path, names: list[str]) -> tuple[list[str], str]:
    """What lies at the end of a path that is too long to be said at once."""
    with contextlib.chdir(folder):
        for name in names:
            os.chdir(name)
        return sorted(os.listdir()), Path("last").read_text()


@pytest.mark.requirement("GROUND-01")
def test_a_sparse_file_of_ten_gigabytes_is_refused_by_name(fresh: Sidecar, folder: Path) -> None:
    with (folder / "huge").open("wb") as out:
        out.truncate(10 << 30)
    before = marks(folder)
    error = fresh.refused("BudgetExceeded", "run/start", {"name": "r", "workspace": str(folder)})
    assert error.data["offenders"] == [{"path": "huge", "value": 10 << 30}]
    assert marks(folder) == before


@pytest.mark.parametrize("driver", ["copy", "overlay"])
@pytest.mark.requirement("GROUND-01")
def test_a_disk_that_is_full_or_fills_up_makes_no_fork(folder: Path, driver: str) -> None:
    with file_system("ext4", 420) as disk, Sidecar.on(disk / "store") as sidecar:
        for number in range(9):
            (folder / f"large{number}").write_bytes(os.urandom(10 * MB))
        before = marks(folder)
        run = Run.start(sidecar, folder, driver=driver)
        worlds = disk / "store" / "worlds"
        there = sorted(path.name for path in worlds.glob("w-*"))
        asked = {"at": run.branch, "count": 2, "driver": driver}
        # One world may stand by; the second is half written, or nothing is begun at all. What
        # mounts writes nothing, so that there is room for it to the last.
        for left in (80, 10) if driver == "copy" else (10,):
            with ballast(disk, left * MB):
                sidecar.refused("StoreFull", "branch/fork", asked)
                assert sorted(path.name for path in worlds.glob("w-*")) == there
        for made in sidecar.call("branch/fork", asked)["branches"]:
            assert shape_of(Path(made["world"]["path"])) == shape_of(folder)
        assert marks(folder) == before


@contextmanager
def ballast(disk: Path, leave: int) -> Iterator[None]:
    """Take the space of a file system but for some bytes."""
    free = os.statvfs(disk)
    with (disk / "ballast").open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, free.f_bavail * free.f_frsize - leave)
    yield
    (disk / "ballast").unlink()


@pytest.mark.requirement("GROUND-02")
def test_a_fork_with_one_changed_file_takes_little_room(folder: Path) -> None:
    for number in range(500):
        at = folder / f"d{number % 20}"
        at.mkdir(exist_ok=True)
        (at / f"f{number}").write_bytes(os.urandom(8_000))
    forks = 8
    with file_system("ext4", 400) as disk, Sidecar.on(disk / "store") as sidecar:
        if "overlay" not in available(sidecar):
            lacking("no overlay can be mounted here")
        run = Run.start(sidecar, folder, driver="overlay")
        changed(sidecar, run, forks=1)  # what is made once
        before = used(disk)
        changed(sidecar, run, forks=forks)
        assert (used(disk) - before) / forks <= 100_000


def available(sidecar: Sidecar) -> set[str]:
    """The drivers that work."""
    told = sidecar.call("initialize", {"capabilities": {}})["capabilities"]["experimental"]
    return {one["name"] for one in told["shepherd"]["drivers"] if one["available"]}


def changed(sidecar: Sidecar, run: Run, forks: int) -> None:
    """Forks, each with a file that is not as in the others, captured."""
    made = sidecar.call("branch/fork", {"at": run.branch, "count": forks})
    for one in made["branches"]:
        assert one["world"]["driver"] == "overlay"
        (Path(one["world"]["path"]) / "notes.txt").write_text(one["branch"])
        taken = sidecar.call("snapshot/take", {"branch": one["branch"]})
        assert taken["snapshot"]["changed"] == ["notes.txt"]


def used(disk: Path) -> int:
    """Bytes that a file system has given out."""
    subprocess.run(["sync", "--file-system", str(disk)], check=True)
    told = os.statvfs(disk)
    return (told.f_blocks - told.f_bfree) * told.f_frsize
