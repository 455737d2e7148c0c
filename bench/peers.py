"""What else makes a second live copy of a workspace: tools that copy, git, and overlays in FUSE.

A peer edits its own live copy, takes a snapshot of it, makes a second live copy from that, and
runs a command in there. Where a tool knows no snapshots, its copy is one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from bench.ground import Refused, quietly, unmount_all
from bench.harness import ROOT

HOME = ROOT / "build" / "peers"
"""Where peers are kept that Python's package index has."""
SHEPHERD_AI = "shepherd-ai==0.3.1"


class Peer(Protocol):
    """One way to do it."""

    name: str
    live: Path
    """Its copy that is edited."""
    snapshots: bool
    """Whether a snapshot is something else than a second copy."""

    def snapshot(self) -> None: ...

    def fork(self) -> None: ...

    def command(self) -> None: ...

    def drop(self) -> None:
        """Remove what the last snapshot and fork left."""

    def close(self) -> None: ...


def program(name: str, package: str) -> str:
    """A program, installed when it is missing and that can be done. Raises Refused."""
    if shutil.which(name) is None:
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            raise Refused(f"{name} is not installed")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        quietly("apt-get", "update", "-q", env=env)
        quietly("apt-get", "install", "-y", "-q", "--no-install-recommends", package, env=env)
    return name


def environment(package: str) -> Path:
    """The Python of an environment that has a package and nothing else. Raises Refused."""
    folder = HOME / package
    python = folder / "bin" / "python"
    ready = folder / ".ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        quietly(sys.executable, "-m", "venv", str(folder))
        pip = (str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check")
        quietly(*pip, package)
        ready.touch()
    return python


class Copied:
    """A peer whose copies are plain folders."""

    name = "cp -a"
    snapshots = False

    def __init__(self, folder: Path, workspace: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.live = folder / "live"
        quietly("cp", "-a", str(workspace), str(self.live))
        self.copy = folder / "copy"

    def snapshot(self) -> None:
        """The copy that a fork makes is one."""

    def fork(self) -> None:
        quietly("cp", "-a", str(self.live), str(self.copy))

    def command(self) -> None:
        subprocess.run(["/bin/true"], cwd=self.copy, check=True)

    def drop(self) -> None:
        shutil.rmtree(self.copy)

    def close(self) -> None:
        shutil.rmtree(self.folder)


class Linked(Copied):
    """Hard links to a copy before: what is written in place reaches all that share it."""

    name = "rsync --link-dest"
    snapshots = True

    def __init__(self, folder: Path, workspace: Path) -> None:
        program("rsync", "rsync")
        super().__init__(folder, workspace)
        self._first, self._taken = folder / "first", folder / "taken"
        quietly("cp", "-a", str(self.live), str(self._first))

    def snapshot(self) -> None:
        self._sync(self.live, self._first, self._taken)

    def fork(self) -> None:
        self._sync(self._taken, self._taken, self.copy)

    def drop(self) -> None:
        shutil.rmtree(self.copy)
        shutil.rmtree(self._taken)

    @staticmethod
    def _sync(source: Path, like: Path, to: Path) -> None:
        quietly("rsync", "-a", f"--link-dest={like}", f"{source}/", f"{to}/")


class Git(Copied):
    """A repository of its own beside the files, whose snapshots are checked out as work trees."""

    name = "git add -A, write-tree; worktree add"
    snapshots = True

    def __init__(self, folder: Path, workspace: Path) -> None:
        super().__init__(folder, workspace)
        self._env = {
            **os.environ,
            "GIT_DIR": str(folder / "git"),
            **{f"GIT_{who}_NAME": "bench" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "bench@localhost" for who in ("AUTHOR", "COMMITTER")},
        }
        self._git("init", "-q", "--bare")
        self.snapshot()

    def snapshot(self) -> None:
        work = f"--work-tree={self.live}"
        self._git("-c", "core.bare=false", work, "add", "-A")
        self._tree = self._git("write-tree").strip()

    def fork(self) -> None:
        commit = self._git("commit-tree", "-m", "snapshot", self._tree).strip()
        self._git("worktree", "add", "-q", "--detach", str(self.copy), commit)

    def drop(self) -> None:
        super().drop()
        self._git("worktree", "prune")

    def _git(self, *words: str) -> str:
        return quietly("git", *words, env=self._env)


class Fuse(Copied):
    """Overlays by a program: the changed files of the live copy are copied to be a layer."""

    name = "fuse-overlayfs, its upper layer copied"
    snapshots = True

    def __init__(self, folder: Path, workspace: Path) -> None:
        program("fuse-overlayfs", "fuse-overlayfs")
        folder.mkdir()
        self.folder, self._lower = folder, workspace
        self.live, self.copy = folder / "live" / "merged", folder / "copy" / "merged"
        self._mount(self.live, workspace)

    def snapshot(self) -> None:
        quietly("cp", "-a", str(self.live.parent / "upper"), str(self.folder / "taken"))

    def fork(self) -> None:
        self._mount(self.copy, self.folder / "taken", self._lower)

    def drop(self) -> None:
        unmount_all(self.copy.parent)
        shutil.rmtree(self.copy.parent)
        shutil.rmtree(self.folder / "taken")

    def close(self) -> None:
        unmount_all(self.folder)
        shutil.rmtree(self.folder)

    @staticmethod
    def _mount(at: Path, *lower: Path) -> None:
        upper, work = at.parent / "upper", at.parent / "work"
        for folder in (upper, work, at):
            folder.mkdir(parents=True)
        layers = ":".join(map(str, lower))
        options = f"lowerdir={layers},upperdir={upper},workdir={work}"
        quietly("fuse-overlayfs", "-o", options, str(at))
