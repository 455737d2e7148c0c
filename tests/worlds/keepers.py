"""Worlds held by a keeper, and the law that nothing is left of them."""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from shepherd_sidecar.worlds import mounts
from shepherd_sidecar.worlds.confine.policy_file import load
from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from tests.support.keepers import keeper_of
from tests.support.unprivileged import as_user, user_folder
from tests.support.waiting import PATIENCE, becomes, until

ENV: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
INSIDE: Final = Path("/work/project")


class Worlds:
    """A store's folder with its keeper."""

    def __init__(self, base: Path, grace: float = 0.0) -> None:
        self.base = base
        self.folder = base / "worlds"
        self.folder.mkdir(mode=0o700)
        self.keeper = Keeper(self.folder, grace=grace)
        self.policy = load(base / "sandbox.toml", base)
        self.pidfds: list[int] = []

    def world(self, name: str = "1-abc", **content: str) -> Path:
        """A world's home with its layers, not yet mounted."""
        home = self.folder / name
        for part in ("lower", "upper", "work"):
            (home / part).mkdir(parents=True)
        for file, text in content.items():
            (home / "lower" / file).write_text(text)
        return home

    def mount(self, home: Path) -> Path:
        return self.keeper.mount(home, [home / "lower"], home / "upper", home / "work")

    def mount_again(self, home: Path) -> None:
        """After it was unmounted: a volatile mount takes no work folder that was used."""
        (home / "again").mkdir()
        self.keeper.mount(home, [home / "lower"], home / "upper", home / "again")

    def live(self, name: str = "1-abc", **content: str) -> Path:
        """A mounted world."""
        home = self.world(name, **content)
        self.mount(home)
        return home

    def start(
        self, home: Path, *argv: str, stdio: tuple[int, int, int] | None = None, **more: Any
    ) -> Child:
        """Start a command."""
        command = Spawn(argv, more.pop("env", ENV), home, INSIDE, self.policy, **more)
        if stdio is not None:
            return self.keeper.spawn(command, *stdio)
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            return self.keeper.spawn(command, nothing, nothing, 2)
        finally:
            os.close(nothing)

    def run(self, home: Path, *argv: str, **more: Any) -> tuple[int, str]:
        """Run a command to its end: exit code and output."""
        reading, writing = os.pipe()
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            child = self.start(home, *argv, stdio=(nothing, writing, writing), **more)
        finally:
            os.close(writing)
            os.close(nothing)
        with child, open(reading, encoding="utf-8") as output:
            text = output.read()
            return child.wait(PATIENCE), text

    def talking(self, home: Path, script: str, **more: Any) -> tuple[Child, Any]:
        """Start a shell script; the child, and its output line by line."""
        reading, writing = os.pipe()
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            child = self.start(home, "sh", "-c", script, stdio=(nothing, writing, 2), **more)
        finally:
            os.close(writing)
            os.close(nothing)
        return child, open(reading, encoding="utf-8")

    def keeper_pid(self) -> int:
        """The keeper that serves now."""
        return keeper_of(self.folder)

    def wait_for_spare(self) -> None:
        """Wait until the keeper has made ready for a next command, beside those that run."""
        keeper = self.keeper_pid()
        until(
            lambda: any(children_of(pid) for pid in children_of(keeper)),
            "the keeper makes nothing ahead",
        )

    def watch(self) -> int:
        """A pidfd of the keeper that serves now, which the law waits for."""
        self.keeper.mode  # noqa: B018  (started, if it was not)
        self.pidfds.append(os.pidfd_open(self.keeper_pid()))
        return self.pidfds[-1]

    def end(self) -> None:
        """Let go of the keeper; it ends, and nothing is left of it."""
        if (self.folder / "keeper.sock").exists():
            with contextlib.suppress(OSError):  # it was killed
                self.watch()
        self.keeper.close()
        for pidfd in self.pidfds:
            assert gone(pidfd), "the keeper does not end"
            os.close(pidfd)
        self.pidfds = []
        becomes(partial(left_of, self.folder), [])  # what the kernel kills for it may be dying
        log = self.folder / "keeper.log"
        assert not log.exists() or log.read_text() == ""


def gone(pidfd: int) -> bool:
    """Wait for the end of a process."""
    polled = select.poll()
    polled.register(pidfd, select.POLLIN)
    return bool(polled.poll(PATIENCE * 1000))


def children_of(pid: int) -> list[int]:
    """The children of a process; none when it has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    return []


def left_of(folder: Path) -> list[str]:
    """Mounts, processes and cgroups of the keeper of ``folder``."""
    found = [os.fsdecode(mount.at) for mount in mounts.all_mounts(os.fsencode(folder))]
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                line = (process / "cmdline").read_bytes()
                state = (process / "stat").read_bytes().rpartition(b")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"keeper" in line and os.fsencode(folder) in line and state != b"Z":
                found.append(f"{process.name}: {line!r}")
    here = folder.stat()
    name = f"shepherd-{here.st_dev:x}-{here.st_ino:x}"
    # Unlike glob, walk goes on when other keepers' cgroups go meanwhile.
    found += [at for at, _, _ in os.walk("/sys/fs/cgroup") if name in at.split("/")]
    found += [str(path) for path in folder.glob("keeper.sock*")]
    return found


def each_way(body: Callable[[Worlds], None]) -> Callable[[str], None]:
    """A test that gets worlds, once with the rights of the tests and once as a plain user."""

    def run(base: Path) -> None:
        worlds = Worlds(base)
        try:
            body(worlds)
        finally:
            for home in worlds.folder.iterdir():
                if home.is_dir() and (worlds.folder / "keeper.sock").exists():
                    worlds.keeper.unmount(home, destroy=True)
            worlds.end()

    @pytest.mark.parametrize("who", ["root", "user"] if os.geteuid() == 0 else ["user"])
    def test(who: str) -> None:
        with user_folder() as base:
            if who == "root":
                run(base)
            else:
                as_user(partial(run, base))

    test.__name__ = body.__name__
    test.__doc__ = body.__doc__
    return test
