"""A sidecar over a workspace, as whom one likes, and the few calls that the measurements make."""

from __future__ import annotations

import itertools
import os
import site
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.ground import Refused, acting_as, give, quietly, unmount_all
from bench.harness import ROOT
from bench.pipe import Pipe

_GONE = 30.0
"""Seconds in which what a store started must have ended."""


class Session:
    """A sidecar with a store of its own beside a workspace; nothing of it stays.

    Args:
        folder: made for it, and given to the user with the workspace.
        workspace: what the runs work on.
        files: its files' paths, smallest first: the small ones are edited.
        user: who runs the sidecar; the one who measures when None.
        driver: of the worlds.
    """

    def __init__(
        self,
        folder: Path,
        workspace: Path,
        files: Sequence[str],
        *,
        user: int | None = None,
        driver: str = "overlay",
    ) -> None:
        self.folder, self.workspace, self.user, self.driver = folder, workspace, user, driver
        self._files = files
        self._numbers = itertools.count()
        self._worlds: dict[str, Path] = {}
        folder.mkdir()
        for path in (folder, workspace):
            give(path, user)
        serve = ["-m", "shepherd_sidecar", "serve", "--role", "owner"]
        self.store = folder / "store"
        self.pipe = Pipe([*_python(user, folder), *serve, "--store", str(self.store)])

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.end()
        for pid in self.keepers():
            end(pid)
        unmount_all(self.folder)

    def start(self, place: str = "apart") -> str:
        """A run on the workspace; its branch. Raises Refused with what the sidecar said."""
        params = {"name": "bench", "workspace": str(self.workspace), "place": place}
        if place == "apart":
            params["driver"] = self.driver
        try:
            made = self.pipe.call("run/start", params)
        except RuntimeError as error:
            raise Refused(_said(error)) from error
        self._worlds[made["branch"]] = Path(made["world"]["path"])
        return str(made["branch"])

    def world(self, branch: str) -> Path:
        """Where the files of a branch are, as seen from here."""
        return self._worlds[branch]

    def edit(self, world: Path, count: int = 1) -> list[Path]:
        """Write other contents into so many small files; which."""
        changed = []
        with acting_as(self.user):
            for path in self._files[len(self._files) // 4 :][:count]:
                (world / path).write_text(f"edit {next(self._numbers)} of {path}\n" * 40)
                changed.append(world / path)
        return changed

    def read(self, path: Path) -> bytes:
        """A file of a world."""
        with acting_as(self.user):
            return path.read_bytes()

    def snapshot(self, branch: str) -> Any:
        return self.pipe.call("snapshot/take", {"branch": branch})

    def fork(self, at: str, *names: str) -> Any:
        params = {"at": at, "names": names, "driver": self.driver}
        made = self.pipe.call("branch/fork", params)
        for forked in made["branches"]:
            self._worlds[forked["branch"]] = Path(forked["world"]["path"])
        return made

    def restore(self, branch: str, to: str) -> Any:
        return self.pipe.call("snapshot/restore", {"branch": branch, "to": to})

    def exec(self, branch: str, *argv: str) -> Any:
        done = self.pipe.call("world/exec", {"branch": branch, "argv": list(argv)})
        if done.get("exitCode") != 0:
            raise RuntimeError(f"{argv}: {done}")
        return done

    def discard(self, branch: str) -> None:
        self.pipe.call("branch/discard", {"branch": branch})

    def collect(self) -> None:
        """Remove all that was discarded, with its worlds."""
        self.pipe.call("store/gc", {"keepDiscardedDays": 0})

    def processes(self) -> list[int]:
        """The sidecar and its keeper."""
        return [self.pipe.process.pid, *self.keepers()]

    def keepers(self) -> list[int]:
        """Processes beside the sidecar that name this store on their command line."""
        return [pid for pid in naming(self.folder) if pid != self.pipe.process.pid]


def naming(folder: Path) -> list[int]:
    """Processes, but for this one, that name a folder on their command line."""
    found, mine = [], os.fsencode(folder)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mine in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # it has just ended
    return found


def _python(user: int | None, home: Path) -> list[str]:
    """How a user starts Python with what the sidecar needs. Raises Refused.

    Where ours is in somebody's closed home, the system's serves when it is of the same version.
    """
    if user is None:
        return [sys.executable]
    ids = [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    paths = os.pathsep.join([str(ROOT), *site.getsitepackages()])
    for program in (sys.executable, "/usr/bin/python3"):
        env = ["env", f"HOME={home}", f"PYTHONPATH={paths}", program]
        found = ["setpriv", *ids, *env]
        try:
            quietly(*found, "-c", "import shepherd_sidecar.store.store")
        except Refused:
            continue
        return found
    raise Refused(f"{sys.executable} cannot be run by another user")


def end(pid: int) -> None:
    """End a process that outlives the sidecar which started it."""
    try:
        os.kill(pid, 15)
        until = time.monotonic() + _GONE
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.02)
        os.kill(pid, 9)
    except ProcessLookupError:
        return


def _said(error: RuntimeError) -> str:
    found = error.args[0]
    return str(found.get("message", found)) if isinstance(found, dict) else str(found)
