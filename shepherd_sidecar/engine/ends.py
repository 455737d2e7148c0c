"""Being told when processes end.

Layer: engine. One thread for all of them, started with the first.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable

from shepherd_sidecar.worlds.keeper.child import Child


class Ends:
    """Waits for children; each is told of once, on the thread, and closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[Child, Callable[[int], None]]] = {}
        self._thread: threading.Thread | None = None
        self._wakes, self._wake = -1, -1
        self._closed = False

    def watch(self, child: Child, ended: Callable[[int], None]) -> None:
        """Call ``ended`` with the exit code when the child has ended. Takes the child over."""
        with self._lock:
            if self._closed:
                child.close()
                return
            self._waiting[child.fileno()] = (child, ended)
            if self._thread is None:
                self._wakes, self._wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
                self._thread = threading.Thread(target=self._run, name="ends", daemon=True)
                self._thread.start()
            else:
                os.write(self._wake, b"1")

    def close(self) -> None:
        """Wait for nobody any more; the processes go on."""
        with self._lock:
            self._closed = True
            thread = self._thread
            if thread is not None:
                os.write(self._wake, b"1")
        if thread is None:
            return
        thread.join()
        os.close(self._wakes)
        os.close(self._wake)
        for child, _ in self._waiting.values():
            child.close()
        self._waiting.clear()

    def _run(self) -> None:
        while True:
            polled = select.poll()
            polled.register(self._wakes, select.POLLIN)
            with self._lock:
                if self._closed:
                    return
                for fd in self._waiting:
                    polled.register(fd, select.POLLIN)
            for fd, _ in polled.poll():
                if fd == self._wakes:
                    os.read(fd, 64)
                    continue
                with self._lock:
                    child, ended = self._waiting.pop(fd)
                with child:
                    code = child.wait()
                ended(code)
