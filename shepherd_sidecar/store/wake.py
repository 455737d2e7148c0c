"""Waking the processes that share a store when one of them has written.

Layer: store. Keeps: no polling loop. After each commit the writer touches the ``bell`` file,
and whoever waits is told by the kernel. The database's own log cannot serve alone: the write
to it is seen *before* the commit it belongs to can be read, so a reader woken by it may look
too early and sleep for ever. It is watched all the same, as a hint that is followed up a
moment later, for the writer that is killed between its commit and its bell.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shepherd_sidecar.store.layout import BELL, DATABASE

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

HINT_DELAY_S: Final = 0.05
_LOG: Final = f"{DATABASE}-wal"
_HEAD: Final = struct.Struct("iIII")
"""Of an inotify event: watch, mask, cookie, bytes of the name that follows."""
_ROOM: Final = 16_384


class Bell:
    """What a writer rings."""

    def __init__(self, root: Path) -> None:
        self._fd: int | None = None
        # Where the store can only be read nothing is written, and so nothing to be told.
        with suppress(OSError):
            self._fd = os.open(root / BELL, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def ring(self) -> None:
        """Tell the other processes. A full disk must not fail a write that is durable."""
        if self._fd is not None:
            with suppress(OSError):
                os.pwrite(self._fd, b"\n", 0)

    def close(self) -> None:
        """Let go of the file."""
        if self._fd is not None:
            os.close(self._fd)


class Watch:
    """Calls ``woken`` (on a thread of its own) after anyone committed to the store."""

    def __init__(self, root: Path, woken: Callable[[], None]) -> None:
        self._woken = woken
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._closed = False
        kind = Inotify if sys.platform == "linux" else Observed
        self._ear: Inotify | Observed = kind(root, self._heard)

    def close(self) -> None:
        """Stop watching."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
        self._ear.close()

    def _heard(self, names: Collection[str]) -> None:
        """Files of the store were written."""
        if BELL in names:
            self._woken()
        elif _LOG in names:
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
        self._woken()


class Inotify:
    """Which files in a folder are written, straight from the kernel.

    Built on watchdog's bindings, not on its observer: that hands each event through three
    threads, and holds everything back for half a second when a file is renamed.
    """

    def __init__(self, root: Path, heard: Callable[[Collection[str]], None]) -> None:
        from watchdog.observers import inotify_c

        self._heard = heard
        self._fd: int = inotify_c.inotify_init()
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "inotify: the user has no instance left")
        os.set_inheritable(self._fd, False)
        wanted = inotify_c.InotifyConstants.IN_MODIFY
        if inotify_c.inotify_add_watch(self._fd, os.fsencode(root), wanted) < 0:
            code = ctypes.get_errno()
            os.close(self._fd)
            raise OSError(code, "inotify: the store cannot be watched", str(root))
        self._stop = os.eventfd(0, os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="store-wake", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        os.eventfd_write(self._stop, 1)
        self._thread.join()
        os.close(self._fd)
        os.close(self._stop)

    def _run(self) -> None:
        poll = select.poll()
        for fd in (self._fd, self._stop):
            poll.register(fd, select.POLLIN)
        while self._stop not in {fd for fd, _ in poll.poll()}:
            data = os.read(self._fd, _ROOM)
            names, at = set(), 0
            while at < len(data):
                length = _HEAD.unpack_from(data, at)[3]
                at += _HEAD.size + length
                name = os.fsdecode(data[at - length : at].rstrip(b"\0"))
                names.add(name or BELL)  # none: the queue was full, and may have lost a bell
            self._heard(names)


class Observed:
    """The same through watchdog, on systems that have no inotify."""

    def __init__(self, root: Path, heard: Callable[[Collection[str]], None]) -> None:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        class _Handler(FileSystemEventHandler):
            def on_modified(self, event: FileSystemEvent) -> None:
                heard((os.path.basename(os.fsdecode(event.src_path)),))

        self._observer: BaseObserver = Observer()
        self._observer.schedule(_Handler(), str(root), recursive=False)
        self._observer.start()

    def close(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join()
