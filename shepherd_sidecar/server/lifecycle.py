"""What may end a connection from outside: signals, and the death of the client's process.

Layer: server. Nothing here polls.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Watch:
    """Calls ``on_end`` on the loop when the watched process is gone or a signal came."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_end: Callable[[], None]) -> None:
        self._loop = loop
        self._on_end = on_end
        self._pidfd = -1
        self._signals: list[int] = []

    def process(self, pid: int | None) -> None:
        """Watch a process, once. One we cannot see (another namespace) is left alone."""
        if pid is None or pid <= 0 or self._pidfd >= 0:
            return
        try:
            self._pidfd = os.pidfd_open(pid)
        except OSError as error:
            log.info("the client's process cannot be watched: %s", error.strerror)
            return
        self._loop.add_reader(self._pidfd, self._gone)

    def signals(self) -> None:
        """Take over the signals that ask a process to end. Only the main thread can."""
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._loop.add_signal_handler(number, self._on_end)
                self._signals.append(number)

    def close(self) -> None:
        """Watch no more."""
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1

    def _gone(self) -> None:
        log.info("the client's process is gone")
        self.close()
        self._on_end()
