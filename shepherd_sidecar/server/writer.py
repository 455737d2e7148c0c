"""The way out: bytes to a file descriptor, in order, never blocking who sends.

Layer: server. Keeps two rules: a client that stops reading stalls only itself, and a reply
takes the fewest hops. Bytes are tried on the descriptor at once, without blocking; what the
client does not take waits in a queue for a thread of its own, started when first needed.

Any thread may send. ``would_block`` turns true above the high mark and false again below
the low mark; the queue itself never refuses, its bound is that nobody feeds it meanwhile:
the reader stops taking requests, subscriptions wait in ``drain``.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from shepherd_sidecar.server.settings import Limits

_IOV: Final = 256  # buffers a writev; the system's limit is 1024
_CHUNK: Final = 1 << 18  # small buffers are joined up to this much: one call, one wake-up
_EAGER: Final = 1 << 16  # larger than a pipe: leave it to the thread
_RETRY: Final = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR}


class Writer:
    """Owns ``fd`` (blocking mode) until ``close``.

    ``on_low`` and ``on_broken`` are called from whichever thread notices; ``on_broken`` at
    most once, when nobody reads any more (everything sent later is dropped).
    """

    def __init__(
        self,
        fd: int,
        limits: Limits,
        on_low: Callable[[], None],
        on_broken: Callable[[], None],
    ) -> None:
        self._fd = fd
        self._eager = _nonblocking(fd)
        self._high, self._low = limits.out_high, limits.out_low
        self._on_low, self._on_broken = on_low, on_broken
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._idle = threading.Condition(self._lock)
        self._queue: deque[bytes] = deque()
        self._queued = 0  # bytes in the queue and in the thread's hands
        self._corked_by = 0  # the thread whose messages are being kept
        self._busy = False  # the thread holds buffers it has taken
        self._thread: threading.Thread | None = None
        self._closed = False
        self.broken = False
        self.would_block = False

    @property
    def queued(self) -> int:
        """Bytes accepted and not yet written."""
        return self._queued

    def send(self, data: bytes, *, eager: bool = True) -> None:
        """Accept one framed message.

        ``eager=False`` hands it to the thread even if the descriptor would take it now: in a
        burst from another thread, the queue joins what a write each would cost.
        """
        with self._lock:
            if self.broken or self._closed:
                return
            self._queue.append(data)
            self._queued += len(data)
            if self._queued > self._high:
                self.would_block = True
            if self._corked_by != threading.get_ident():
                self._flush(eager)

    def cork(self) -> None:
        """Keep what this thread sends until ``uncork``: a batch of replies is one write.

        Only one thread (the loop's) does this; others are not held up by it.
        """
        self._corked_by = threading.get_ident()

    def uncork(self) -> None:
        """Send what was kept."""
        with self._lock:
            self._corked_by = 0
            if self._queue and not self.broken:
                self._flush(eager=True)

    def wait_idle(self, timeout: float) -> bool:
        """Block until everything accepted is written; False when ``timeout`` passed first."""
        with self._lock:
            return self._idle.wait_for(lambda: not self._queued or self.broken, timeout)

    def close(self) -> None:
        """Give up what is left and close the descriptor (the thread does, if it is in it)."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._queue.clear()
            if self._eager is not None:
                self._eager.close()
            if self._thread is None:
                os.close(self._fd)
            self._work.notify_all()

    def _flush(self, eager: bool) -> None:
        """Precondition: the lock is held and the queue is not empty."""
        if eager and self._eager is not None and not self._busy and self._queued <= _EAGER:
            data = self._queue[0] if len(self._queue) == 1 else b"".join(self._queue)
            self._queue.clear()
            try:
                written = self._eager.write(data)
            except OSError as error:
                if error.errno not in _RETRY:
                    self._break()
                    return
                written = 0
            self._queued = len(data) - written
            if not self._queued:
                self._settle()
                return
            self._queue.append(data[written:])
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        if not self._busy:
            self._work.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._busy = False
                while not self._queue and not self._closed:
                    self._work.wait()
                if self._closed:
                    os.close(self._fd)
                    return
                self._busy = True
                buffers = self._take()
            try:
                self._write_all(buffers)
            except OSError:
                with self._lock:
                    self._break()
                continue
            with self._lock:
                self._queued -= sum(map(len, buffers))
                self._settle()

    def _take(self) -> list[bytes]:
        """Buffers for one go: joined while small, one by one when large."""
        queue, size = self._queue, 0
        taken: list[bytes] = []
        while queue and len(taken) < _IOV and (not taken or size + len(queue[0]) <= _CHUNK):
            size += len(queue[0])
            taken.append(queue.popleft())
        return taken

    def _write_all(self, buffers: list[bytes]) -> None:
        data = memoryview(buffers[0] if len(buffers) == 1 else b"".join(buffers))
        while data:
            data = data[os.write(self._fd, data) :]

    def _settle(self) -> None:
        if not self._queued:
            self._idle.notify_all()
        if self.would_block and self._queued <= self._low:
            self.would_block = False
            self._on_low()

    def _break(self) -> None:
        self._queue.clear()
        self._queued = 0
        self._idle.notify_all()
        if not self.broken:
            self.broken = True
            self._on_broken()
        self.would_block = False
        self._on_low()


class _PipeEnd:
    """A pipe opened anew: O_NONBLOCK on it does not reach others that share the old one."""

    def __init__(self, fd: int) -> None:
        self._fd = os.open(f"/proc/self/fd/{fd}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def write(self, data: bytes) -> int:
        return os.write(self._fd, data)

    def close(self) -> None:
        os.close(self._fd)


class _SocketEnd:
    """A socket, asked not to wait on each call."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=os.dup(fd))

    def write(self, data: bytes) -> int:
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def close(self) -> None:
        self._socket.close()


def _nonblocking(fd: int) -> _PipeEnd | _SocketEnd | None:
    """A way to write without waiting; None when there is none (a file, a terminal)."""
    mode = os.fstat(fd).st_mode
    try:
        if stat.S_ISFIFO(mode):
            return _PipeEnd(fd)
        if stat.S_ISSOCK(mode):
            return _SocketEnd(fd)
    except OSError:
        return None
    return None
