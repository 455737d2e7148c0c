"""Laying in the background what makes forks fast: base layers, squashed stacks, standbys.

Layer: engine. A process of low priority, one a store, started when something is wished for and
ended when nothing is. Keeps: it never slows the agent (idle scheduling, for processor and disk,
and ``pace.py``); nothing half-made is used, whenever it is killed: a wish is a file that is
removed when it is fulfilled, and what is laid shows only when it is whole. While a wish is being
fulfilled its file is locked, so a fork that needs it waits for the lock (a death frees it) and
does not lay the same a second time.

Run as ``python -m shepherd_sidecar.engine.laying --store STORE``.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import logging
import os
import platform
import secrets
import signal
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import msgspec

from shepherd_sidecar.engine.pace import Pace, Unhurried
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.store.layout import LAYING, WORLDS
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.copy_driver import Settings
from shepherd_sidecar.worlds.keeper.client import Keeper
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.materialise import STANDING
from shepherd_sidecar.worlds.registry import LAYERS, Registry

log = logging.getLogger(__name__)

_LOCK: Final = ".lock"
_NEAR: Final = 64
"""Near trees that a wish names."""
_IOPRIO_SET: Final = {"x86_64": 251, "aarch64": 30}
_IDLE_IO: Final = 3 << 13

Work = Literal["layer", "squash", "refill"]


class Wish(msgspec.Struct, frozen=True):
    """Something to be laid."""

    work: Work
    tree: Id
    near: tuple[Id, ...] = ()
    """For ``layer``: trees that differ little, the nearest first."""
    driver: str | None = None
    """For ``refill``: whose standbys."""
    userxattr: bool | None = None
    """For layers: see ``Layers``."""

    @property
    def name(self) -> str:
        """Equal wishes are one file."""
        return ".".join(filter(None, (self.work, self.driver, self.tree)))


class Wishes:
    """What is wished for, in one store. Safe for several threads and processes."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.folder = store / LAYING

    def add(self, wish: Wish) -> None:
        """Write a wish down, whole or not at all; one that is there already stays."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        beside = self.folder / f".new-{secrets.token_hex(8)}"
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, msgspec.json.encode(wish))
            with contextlib.suppress(FileExistsError):
                os.link(beside, self.folder / wish.name)
        finally:
            os.close(fd)
            os.unlink(beside)

    def every(self) -> list[Wish]:
        """All wishes, the oldest first."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                if not path.name.startswith("."):
                    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError):
                        wish = msgspec.json.decode(path.read_bytes(), type=Wish)
                        found.append((path.stat().st_mtime_ns, wish))
        return [wish for _, wish in sorted(found, key=lambda one: one[0])]

    @contextmanager
    def held(self, wish: Wish, *, wait: bool) -> Iterator[bool]:
        """Hold a wish, so that nobody else fulfils it meanwhile.

        False: it is fulfilled or was never made, or (without ``wait``) somebody else holds it.
        """
        try:
            fd = os.open(self.folder / wish.name, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            yield False
            return
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield os.fstat(fd).st_nlink > 0
        finally:
            os.close(fd)

    def done(self, wish: Wish) -> None:
        """It is fulfilled, or cannot be."""
        (self.folder / wish.name).unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Be the one process that fulfils wishes; False when there is one."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        fd = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                os.pwrite(fd, b"%-10d" % os.getpid(), 0)
                yield True
        finally:
            os.close(fd)

    def worker(self) -> int | None:
        """A pidfd of the process that fulfils wishes, to be closed; None when there is none."""
        try:
            fd = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                return None
            said = os.pread(fd, 10, 0)
            with contextlib.suppress(ValueError, OSError):
                pidfd = os.pidfd_open(int(said))
                if os.pread(fd, 10, 0) == said:
                    return pidfd
                os.close(pidfd)
            return None
        finally:
            os.close(fd)


class Laying:
    """The background work of one store, as its sidecars see it."""

    def __init__(self, store: Path) -> None:
        self.wishes = Wishes(store)

    def want(
        self,
        work: Work,
        tree: Id,
        near: Iterable[Id] = (),
        driver: str | None = None,
        userxattr: bool | None = None,
    ) -> None:
        """Have something laid some time: when the process is at work, or ``start`` is called.

        A full disk is no error: then the next fork takes its time.
        """
        with contextlib.suppress(OSError):
            self.wishes.add(Wish(work, tree, tuple(islice(near, _NEAR)), driver, userxattr))

    def start(self) -> None:
        """Start the process if something is wished for and none is at it."""
        if not self.wishes.every():
            return
        worker = self.wishes.worker()
        if worker is not None:
            os.close(worker)
            return
        command = [sys.executable, "-m", __name__, "--store", os.fspath(self.wishes.store)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        # It may outlive this process; while this one lives, it must be waited for.
        threading.Thread(target=process.wait, name="laying", daemon=True).start()

    @contextmanager
    def turn(self, tree: Id) -> Iterator[bool]:
        """Before a fork that needs the layers of ``tree``: wait while they are being laid.

        Inside, nobody else begins to lay them. True: they were wished for and are not laid yet,
        so whoever asked lays them now.
        """
        wish = Wish("layer", tree)
        if not (self.wishes.folder / wish.name).exists():
            yield False
            return
        self.hurry()
        with self.wishes.held(wish, wait=True) as mine:
            yield mine
            if mine:
                self.wishes.done(wish)

    def hurry(self) -> None:
        """Somebody waits: the process is no longer of low priority, where that is allowed."""
        worker = self.wishes.worker()
        if worker is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(worker, signal.SIGUSR1)
            os.close(worker)

    def working(self) -> bool:
        """Whether the process is at work."""
        worker = self.wishes.worker()
        if worker is not None:
            os.close(worker)
        return worker is not None


class Worker:
    """Fulfils the wishes of one store."""

    def __init__(self, root: Path, pace: Pace) -> None:
        self.wishes = Wishes(root)
        self._pace = pace
        self._store = Store(root)
        folder = root / WORLDS
        settings = Settings(store=root, caches=folder, standing=folder / STANDING)
        self._registry = Registry(folder, settings, Keeper(folder))

    def run(self) -> None:
        """Fulfil what is wished for until nothing is, or somebody else does."""
        while self.wishes.every():
            with self.wishes.alone() as alone:
                if not alone:
                    return
                while self._round():
                    pass

    def close(self) -> None:
        """Let go of the store."""
        self._registry.close()
        self._store.close()

    def _round(self) -> bool:
        """Whether something was done."""
        did = False
        for wish in self.wishes.every():
            # What somebody who waits holds is done by them.
            with self.wishes.held(wish, wait=False) as mine:
                if not mine:
                    continue
                try:
                    self._fulfil(wish)
                except (ShepherdError, OSError) as error:
                    log.warning("%s of %s failed: %s", wish.work, wish.tree, type(error).__name__)
                self.wishes.done(wish)
                did = True
        return did

    def _fulfil(self, wish: Wish) -> None:
        with self._store.reading() as conn:
            content = Unhurried(conn, self._store.root, self._pace)
            layers = Layers(self.wishes.store / LAYERS, userxattr=wish.userxattr)
            if wish.work == "layer":
                layers.lay(content, wish.tree, wish.near)
                layers.sync()
            elif wish.work == "squash":
                layers.squash(content, wish.tree)
            else:
                driver = self._registry.choose(wish.driver)
                refill = getattr(driver, "refill", None)
                if refill is not None:
                    refill(content, wish.tree)


def low_priority(pace: Pace) -> None:
    """Run, and read and write, only when nobody else wants to; hurried by SIGUSR1."""

    def hurry(*_: object) -> None:
        pace.hurried = True
        _as_others()

    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    _set_io(_IDLE_IO)
    signal.signal(signal.SIGUSR1, hurry)


def _as_others() -> None:
    # Without rights nobody may leave idle scheduling; then it stays.
    for task in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(int(task), os.SCHED_OTHER, os.sched_param(0))
    _set_io(0)


def _set_io(priority: int) -> None:
    number = _IOPRIO_SET.get(platform.machine())
    if number is not None:
        ctypes.CDLL(None).syscall(number, 1, 0, priority)


def main(arguments: list[str] | None = None) -> int:
    """The process; returns its exit code."""
    parser = ArgumentParser(prog="shepherd_sidecar.engine.laying")
    parser.add_argument("--store", type=Path, required=True)
    root: Path = parser.parse_args(arguments).store
    if not root.is_dir():
        return 1
    pace = Pace(root)
    low_priority(pace)
    worker = Worker(root, pace)
    try:
        worker.run()
    finally:
        worker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
