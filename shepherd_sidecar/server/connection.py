"""One connection: descriptors, flow control, and an orderly end.

Layer: server. Keeps the rule that what was accepted is finished: on end of input, ``exit``,
a signal or the client's death it takes no more, waits for what is under way, lets the owner
close its store, flushes the replies, and only then returns.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from shepherd_sidecar.server.dispatch import Dispatcher
from shepherd_sidecar.server.framing import Frame
from shepherd_sidecar.server.lifecycle import Watch
from shepherd_sidecar.server.lsp_face import LspFace
from shepherd_sidecar.server.session import Session
from shepherd_sidecar.server.settings import Settings
from shepherd_sidecar.server.stdio import Inlet
from shepherd_sidecar.server.writer import Writer

log = logging.getLogger(__name__)

OnClose = Callable[[], Awaitable[None] | None]


class Connection:
    """Serves one client over two descriptors, which it owns (and closes).

    Construct it on a running loop; ``run`` returns the exit code. The two descriptors may be
    the ends of pipes or duplicates of one socket, but not the same number.
    """

    def __init__(
        self, settings: Settings, in_fd: int, out_fd: int, on_close: OnClose | None = None
    ) -> None:
        self._limits = settings.limits
        self._loop = loop = asyncio.get_running_loop()
        self._on_close = on_close
        self._ending = loop.create_future()
        self._exit_code = 0
        self._quiet = asyncio.Event()
        self._inbox: deque[Frame] = deque()
        self._eof = False
        self._held = False  # the inbox waits for the client to read, or for work to finish
        self._watch = Watch(loop, self.end)
        self.session = Session(settings.role, loop)
        self._writer = Writer(out_fd, self._limits, self._schedule_resume, self._schedule_end)
        self.session.writer = self._writer
        self._lsp = LspFace(
            settings, self.session, self._watch.process, self._shutting_down, self._exit
        )
        self._dispatcher = Dispatcher(settings, self.session, self._lsp)
        self._dispatcher.on_finish = self._finished
        self._lsp.dispatcher = self._dispatcher
        self._inlet = Inlet(loop, in_fd, self._limits.message, self._receive, self._at_eof)

    async def run(self) -> int:
        """Serve until the connection ends; returns the process's exit code."""
        self._inlet.resume()
        try:
            await self._ending
        finally:
            self._inlet.close()
            self._watch.close()
            await self._finish_work()
            await self._close_owner()
            await self._flush()
            self._lsp.close()
            self.session.close()
            self._writer.close()
        return self._exit_code

    def take_signals(self) -> None:
        """Let SIGTERM, SIGINT and SIGHUP end the connection. For a process of its own."""
        self._watch.signals()

    def end(self) -> None:
        """Begin the orderly end. On the loop; further calls change nothing."""
        self._dispatcher.shutting_down = True
        if not self._ending.done():
            self._ending.set_result(None)

    def _receive(self, frames: list[Frame]) -> None:
        self._inbox.extend(frames)
        if not self._held:
            self._pump()

    def _pump(self) -> None:
        """Work through the inbox until it is empty or the connection must wait."""
        self._work_through()
        while self._inbox or self._must_wait():
            # Whoever ends the wait after this line sees _held, and wakes us.
            self._held = True
            if self._must_wait():
                self._inlet.pause()
                return
            self._work_through()
        self._held = False
        if self._eof:
            self.end()
        elif not self._ending.done():
            self._inlet.resume()

    def _work_through(self) -> None:
        inbox, dispatcher = self._inbox, self._dispatcher
        fatal = None
        self._writer.cork()
        try:
            while inbox and fatal is None and not self._must_wait():
                frame = inbox.popleft()
                self.session.alone = not inbox and not dispatcher.active
                fatal = dispatcher.dispatch(frame)
        finally:
            self._writer.uncork()
        if fatal is not None:
            log.error("the stream cannot be followed: %s", fatal.message)
            self._exit_code = 1
            inbox.clear()
            self.end()

    def _must_wait(self) -> bool:
        return (
            self._writer.would_block
            or self._dispatcher.pending > self._limits.pending
            or self._dispatcher.active > self._limits.calls
        )

    def _at_eof(self) -> None:
        self._eof = True
        if not self._held:
            self.end()

    def _exit(self) -> None:
        """LSP's ``exit``: 0 after ``shutdown``, 1 without."""
        self._exit_code = 0 if self._dispatcher.shutting_down else 1
        self.end()

    def _shutting_down(self) -> None:
        self._dispatcher.shutting_down = True

    def _finished(self) -> None:
        """A call was finished late, in any thread."""
        if self._held or (self._ending.done() and not self._dispatcher.active):
            self._schedule(self._resume)

    def _schedule_resume(self) -> None:
        self._schedule(self._resume)

    def _schedule_end(self) -> None:
        self._schedule(self.end)

    def _schedule(self, callback: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:
            log.debug("the loop is closed already")

    def _resume(self) -> None:
        if not self._writer.would_block:
            self.session.wake_drained()
        if self._ending.done():
            if not self._dispatcher.active:
                self._quiet.set()
        elif self._held and not self._must_wait():
            self._pump()

    async def _finish_work(self) -> None:
        """Wait for calls under way; what does not end by itself is cancelled."""
        for patience in (self._limits.drain, 1.0):
            if not self._dispatcher.active:
                return
            try:
                await asyncio.wait_for(self._quiet.wait(), patience)
            except TimeoutError:
                self._dispatcher.cancel_awaited()
        if self._dispatcher.active:
            log.error("%d calls did not end", self._dispatcher.active)

    async def _close_owner(self) -> None:
        if self._on_close is None:
            return
        try:
            closing = self._on_close()
            if inspect.isawaitable(closing):
                await closing
        except Exception as error:
            log.error("closing failed: %s", type(error).__qualname__)
            self._exit_code = self._exit_code or 1

    async def _flush(self) -> None:
        if not self._writer.queued:
            return
        flushed = await self._loop.run_in_executor(None, self._writer.wait_idle, self._limits.flush)
        if not flushed:
            log.warning("the client did not read everything; %d bytes lost", self._writer.queued)
