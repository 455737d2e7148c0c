"""The way in: a file descriptor to decoded frames, and taking stdin and stdout away.

Layer: server. Keeps the rule that stdout belongs to the protocol: once ``take_stdio`` has
run, nothing in this process or its children can reach the stream by printing.

A pipe, socket or terminal is read when the loop finds it readable: no thread stands between
a request and its handler. A regular file is never "readable" to the loop; a thread copies it
into a pipe.
"""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections.abc import Callable

from shepherd_sidecar.server.framing import Decoder, Frame

_READ = 1 << 18


def take_stdio() -> tuple[int, int]:
    """Move stdin and stdout to descriptors of our own, closed in children.

    Afterwards fd 0 is empty and fd 1 is stderr, for us and for every child. Call it before
    anything may print.
    """
    taken_in, taken_out = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # started without a stderr
        os.dup2(null, 1)
        os.dup2(null, 2)
    os.close(null)
    return taken_in, taken_out


class Inlet:
    """Owns ``fd`` until ``close``; calls back on the loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        fd: int,
        limit: int,
        on_frames: Callable[[list[Frame]], None],
        on_eof: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._fd = _pollable(fd)
        self._decoder = Decoder(limit)
        self._on_frames = on_frames
        self._on_eof = on_eof
        self._reading = False
        self._ended = False

    def resume(self) -> None:
        """Read (on)."""
        if not self._reading and not self._ended:
            self._reading = True
            self._loop.add_reader(self._fd, self._readable)

    def pause(self) -> None:
        """Leave what comes in the pipe, so that the client has to wait."""
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def close(self) -> None:
        """Read no more."""
        self.pause()
        if not self._ended:
            self._ended = True
            os.close(self._fd)

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, _READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            frames = self._decoder.feed(data)
            if frames:
                self._on_frames(frames)
            return
        frames = self._decoder.eof()
        self.close()
        if frames:
            self._on_frames(frames)
        self._on_eof()


def _pollable(fd: int) -> int:
    poll = select.epoll()
    try:
        poll.register(fd, select.EPOLLIN)
    except PermissionError:
        pass
    else:
        return fd
    finally:
        poll.close()
    read_end, write_end = os.pipe()
    threading.Thread(target=_copy, args=(fd, write_end), name="stdin", daemon=True).start()
    return read_end


def _copy(source: int, target: int) -> None:
    try:
        while data := os.read(source, _READ):
            view = memoryview(data)
            while view:
                view = view[os.write(target, view) :]
    except OSError:
        pass  # the server closed its end, or the file went away: both end the stream
    finally:
        os.close(source)
        os.close(target)
