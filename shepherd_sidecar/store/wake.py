"""Waking the processes that share a store when one of them has written.

Layer: store. Keeps: no polling loop. After each commit the writer touches the ``bell`` file,
and whoever waits is told by watchdog. The database's own log cannot serve alone: the write
to it is seen *before* the commit it belongs to can be read, so a reader woken by it may look
too early and sleep for ever. It is watched all the same, as a hint that is followed up a
moment later, for the writer that is killed between its commit and its bell.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shepherd_sidecar.store.layout import BELL, DATABASE

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

HINT_DELAY_S: Final = 0.05


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
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        watch = self

        class _Handler(FileSystemEventHandler):
            def on_modified(self, event: FileSystemEvent) -> None:
                name = os.path.basename(os.fsdecode(event.src_path))
                if name == BELL:
                    woken()
                elif name == f"{DATABASE}-wal":
                    watch._hint()

        self._woken = woken
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._observer: BaseObserver = Observer()
        self._observer.schedule(_Handler(), str(root), recursive=False)
        self._observer.start()

    def close(self) -> None:
        """Stop watching."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
        self._observer.stop()
        self._observer.join()

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
