"""Waking the processes that share a store when one of them has written.

Layer: store. Keeps: no polling loop where the kernel can tell. After each commit the writer
touches the ``bell`` file, and whoever waits is told. The database's own log cannot serve: the
write to it is seen *before* the commit it belongs to can be read, so a reader woken by it may
look too early and sleep for ever; and a commit writes it many times.
"""

from __future__ import annotations

import ctypes
import logging
import os
import select
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from shepherd_sidecar.store import connection
from shepherd_sidecar.store.layout import BELL, DATABASE

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

log = logging.getLogger(__name__)
HINT_DELAY_S: Final = 0.05
POLL_S: Final = 0.05
_LOG: Final = f"{DATABASE}-wal"
_ROOM: Final = 16_384

Heard = Callable[[], float]
"""Told of commits; returns for how many seconds it need not be told of more."""


class Bell:
    """What a writer rings."""

    def __init__(self, root: Path) -> None:
        self._fd: int | None = None
        # Where the store can only be read nothing is written, and so nothing to be told.
        with suppress(OSError):
            self._fd = os.open(root / BELL, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def ring(self) -> bool:
        """Tell whoever listens, in this process too; whether it could be.

        A full disk must not fail a write that is durable.
        """
        if self._fd is None:
            return False
        try:
            os.pwrite(self._fd, b"\n", 0)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Let go of the file; its number may be another's from then on."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)


class Ear(Protocol):
    """A way to hear the bell: calls back, on a thread of its own, until it is closed."""

    prompt: bool
    """Whether it is heard at once, and so this process needs not be told of its own commits."""

    def close(self) -> None:
        """Stop listening."""


def listen(root: Path, heard: Heard) -> Ear:
    """Call ``heard`` after anyone committed to the store, in the best way there is here."""
    if sys.platform != "linux":
        return Observed(root, heard)
    try:
        return Inotify(root, heard)
    except OSError as error:
        log.warning("the store is looked at every %d ms: %s", POLL_S * 1000, error)
        return Polled(root, heard)


class Inotify:
    """The bell, straight from the kernel: one wake-up for a commit, however much it wrote.

    A writer that is killed between its commit and its bell is heard too: the kernel closes the
    file for it.

    Built on watchdog's bindings, not on its observer: that hands each event through three
    threads, and holds everything back for half a second when a file is renamed.
    """

    prompt = True

    def __init__(self, root: Path, heard: Heard) -> None:
        from watchdog.observers.inotify_c import (
            InotifyConstants,
            inotify_add_watch,
            inotify_init,
        )

        self._heard = heard
        self._fd: int = inotify_init()
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "inotify: the user has no instance left")
        os.set_inheritable(self._fd, False)
        wanted = InotifyConstants.IN_MODIFY | InotifyConstants.IN_CLOSE_WRITE
        if inotify_add_watch(self._fd, os.fsencode(root / BELL), wanted) < 0:
            code = ctypes.get_errno()
            os.close(self._fd)
            raise OSError(code, "inotify: the bell cannot be watched", str(root / BELL))
        self._stop = os.eventfd(0, os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="store-wake", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        os.eventfd_write(self._stop, 1)
        self._thread.join()
        os.close(self._fd)
        os.close(self._stop)

    def _run(self) -> None:
        either, stop = select.poll(), select.poll()
        either.register(self._fd, select.POLLIN)
        for poll in (either, stop):
            poll.register(self._stop, select.POLLIN)
        while self._stop not in {fd for fd, _ in either.poll()}:
            os.read(self._fd, _ROOM)  # which, and how many: a queue that was full says as much
            # While nobody listens here the bell costs the writer next to nothing.
            if stop.poll(self._heard() * 1000):
                return


class Observed:
    """The same through watchdog, on systems that have no inotify.

    There the log is watched as well, as a hint that is followed up a moment later, for the
    writer that is killed between its commit and its bell.
    """

    prompt = False

    def __init__(self, root: Path, heard: Heard) -> None:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        hear = self._hear

        class _Handler(FileSystemEventHandler):
            def on_modified(self, event: FileSystemEvent) -> None:
                hear(os.path.basename(os.fsdecode(event.src_path)))

        self._heard = heard
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._observer: BaseObserver = Observer()
        self._observer.schedule(_Handler(), str(root), recursive=False)
        self._observer.start()

    def close(self) -> None:
        """Stop listening."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
        self._observer.stop()
        self._observer.join()

    def _hear(self, name: str) -> None:
        if name == BELL:
            self._heard()
        elif name == _LOG:
            self._hint()

    def _hint(self) -> None:
        with self._lock:
            if self._timer is None and not self._closed:
                self._timer = threading.Timer(HINT_DELAY_S, self._follow_up)
                self._timer.daemon = True
                self._timer.start()

    def _follow_up(self) -> None:
        with self._lock:
            self._timer = None
            if self._closed:
                return
        self._heard()


class Polled:
    """The database asked again and again, where the kernel tells nothing.

    The user may have no inotify instance left (128 of them, and editors take many).
    """

    prompt = False

    def __init__(self, root: Path, heard: Heard) -> None:
        self._heard = heard
        self._conn = connection.connect(root)
        self._seen = self._version()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-wake", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()
        self._conn.close()

    def _run(self) -> None:
        while not self._stop.wait(POLL_S):
            with suppress(sqlite3.Error):  # it is asked again
                version = self._version()
                if version != self._seen:
                    self._seen = version
                    self._heard()

    def _version(self) -> int:
        return int(self._conn.execute("PRAGMA data_version").fetchone()[0])
