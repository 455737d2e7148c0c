"""Holding everything in a world still for a moment: by a cgroup, or by signals.

Layer: worlds. With a writable cgroup2 each command has a cgroup of its own, in which it is born
(moving there later may take milliseconds); freezing is one write for each. Elsewhere every
process is stopped, again and again until none is left running. What was stopped already stays
so at the thaw.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from shepherd_sidecar.worlds.keeper.processes import below, state

PATIENCE: Final = 2.0
"""Seconds for a world to hold still: a process may sit in a system call that will not end."""


class NotStill(Exception):
    """Some process would not stop; the world was thawed again."""


class Cgroups:
    """The cgroups of a keeper's worlds; none when the machine lets it make none."""

    def __init__(self, name: str) -> None:
        """Find where cgroups may be made, and remove what an earlier keeper left there."""
        self.base: str | None = None
        own = _own_cgroup()
        if own is None:
            return
        base = os.path.join(own, name)
        try:
            with contextlib.suppress(FileExistsError):
                os.mkdir(base)
            for left in os.scandir(base):
                if left.is_dir():
                    _write(os.path.join(left.path, "cgroup.freeze"), "0")
                    os.rmdir(left.path)
            if os.access(os.path.join(base, "cgroup.freeze"), os.W_OK):
                self.base = base
        except OSError:
            return
        finally:
            if self.base is None:
                with contextlib.suppress(OSError):
                    os.rmdir(base)

    def open(self, name: str | None) -> int | None:
        """A descriptor of the cgroup with this name, made when it is not there."""
        if self.base is None or name is None:
            return None
        path = os.path.join(self.base, name)
        try:
            with contextlib.suppress(FileExistsError):
                os.mkdir(path)
            return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return None

    def take(self, group: int, pid: int) -> None:
        """Move a process into the cgroup of this descriptor. Raises OSError."""
        procs = os.open("cgroup.procs", os.O_WRONLY | os.O_CLOEXEC, dir_fd=group)
        try:
            os.write(procs, str(pid).encode())
        finally:
            os.close(procs)

    def freeze(self, names: Sequence[str]) -> None:
        """Hold these still; none when one cannot be. Raises NotStill, OSError."""
        until = time.monotonic() + PATIENCE
        try:
            for name in names:
                _write(self._file(name, "cgroup.freeze"), "1")
            for name in names:
                _wait_frozen(self._file(name, "cgroup.events"), until)
        except BaseException:
            self.thaw(names)
            raise

    def thaw(self, names: Sequence[str]) -> None:
        """Let them go on; those that are gone are passed over."""
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                _write(self._file(name, "cgroup.freeze"), "0")

    def _file(self, name: str, file: str) -> str:
        assert self.base is not None
        return os.path.join(self.base, name, file)

    def remove(self, name: str | None) -> None:
        """Remove a cgroup that nothing lives in any more."""
        if self.base is not None and name is not None:
            with contextlib.suppress(OSError):
                os.rmdir(os.path.join(self.base, name))

    def close(self) -> None:
        """Remove what is left."""
        if self.base is not None:
            with contextlib.suppress(OSError):
                for left in os.scandir(self.base):
                    if left.is_dir():
                        self.remove(left.name)
                os.rmdir(self.base)


def stop(roots: Iterable[int], without: Collection[int] = ()) -> list[int]:
    """Stop everything below these pids 1, but not below those ``without``; what was stopped.

    Raises:
        NotStill: some process would not stop.
    """
    firsts = list(roots)
    seen: set[int] = set()
    stopped: list[int] = []
    until = time.monotonic() + PATIENCE
    while fresh := [pid for first in firsts for pid in below(first, without) if pid not in seen]:
        seen.update(fresh)
        for pid in fresh:
            if state(pid) not in "TtZX":
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
                    stopped.append(pid)
        while going := [pid for pid in fresh if state(pid) not in "TtZX"]:
            if time.monotonic() > until:
                let_go(stopped)
                raise NotStill("a process in the world cannot be held still")
            _let_children_exec(going, stopped)
            time.sleep(0.0002)
    return stopped


def _let_children_exec(going: Iterable[int], stopped: Collection[int]) -> None:
    """Let what was stopped between vfork and exec take a step: till then its parent cannot stop."""
    for pid in going:
        if state(pid) == "D":
            for child in below(pid):
                if child in stopped:
                    let_go([child])
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, signal.SIGSTOP)


def let_go(stopped: Iterable[int]) -> None:
    """Let go on what ``stop`` stopped."""
    for pid in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _own_cgroup() -> str | None:
    """The folder of this process's cgroup2, as far as it is mounted."""
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as lines:
            own = next((line[3:].strip() for line in lines if line.startswith("0::")), None)
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                words = line.split()
                if own is not None and words[words.index("-") + 1] == "cgroup2":
                    root, at = words[3].rstrip("/"), words[4]
                    if (own + "/").startswith(root + "/"):
                        return at + own[len(root) :]
    except OSError:
        pass
    return None


def _wait_frozen(events: str, until: float) -> None:
    fd = os.open(events, os.O_RDONLY | os.O_CLOEXEC)
    try:
        polled = select.poll()
        polled.register(fd, select.POLLPRI)
        while b"frozen 1" not in os.pread(fd, 4096, 0):
            left = until - time.monotonic()
            if left <= 0:
                raise NotStill("a process in the world cannot be held still")
            polled.poll(left * 1000)
    finally:
        os.close(fd)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
