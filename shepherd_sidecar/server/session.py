"""One connection as handlers see it: who is there, and how to speak to them unasked.

Layer: server. Everything public here may be called from any thread.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from shepherd_sidecar.protocol.method import Role
from shepherd_sidecar.server.encoding import notification_body, request_body
from shepherd_sidecar.server.framing import Framing, frame

if TYPE_CHECKING:
    from shepherd_sidecar.server.calls import Call
    from shepherd_sidecar.server.writer import Writer

log = logging.getLogger(__name__)

AGAIN: Final = 1024
"""So many questions of ours are remembered after their answer."""

_meta: ContextVar[dict[str, Any] | None] = ContextVar("shepherd_meta", default=None)


def request_meta() -> dict[str, Any] | None:
    """The ``_meta`` of the call being handled: in the handler and in the task it became."""
    return _meta.get()


class PeerError(Exception):
    """The client answered a request of ours with an error."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class Session:
    """State of one connection.

    ``subscriptions``: whatever the connection holds open, by id; left to those who open it.
    ``in_flight``: requests accepted and not answered, by id.
    """

    def __init__(self, role: Role, loop: asyncio.AbstractEventLoop) -> None:
        self.role = role
        self.author: str = role
        """Who the reflog names for what this connection does: ``clientInfo.name``."""
        self.loop = loop
        self.writer: Writer
        self.framing = Framing.HEADER
        self.subscriptions: dict[str, Any] = {}
        self.in_flight: dict[str | int, Call] = {}
        self.own: set[str] = set()
        """Branches that this connection started or forked."""
        self.known_as: dict[str, str] = {}
        """The client's own names of branches, and what they are called now: it may be a copy."""
        self.gates: set[str] = set()
        """Supervisors of this connection that intents wait for."""
        self.supervises = False
        """Whether it ever attached one."""
        self.lanes: dict[str, asyncio.Future[None]] = {}
        """By branch: what the next write on it waits for. See ``lanes``."""
        self.alone = False
        """Whether the call being handled is the only one the client has sent and not got back."""
        self.closed = False
        self._serial = itertools.count(1)
        self._asked: dict[str, Future[Any]] = {}
        self._again: OrderedDict[str, Callable[[], None]] = OrderedDict()
        self._drained: list[asyncio.Future[None]] = []
        self._closers: list[Callable[[], None]] = []

    def notify(self, method: str, params: Any) -> None:
        """Push a notification; ``params`` is a message, plain JSON or ``Raw``.

        Never waits. Who pushes much looks at ``would_block`` first, or awaits ``drain``.
        """
        self.writer.send(frame(notification_body(method, params), self.framing))

    def ask(self, method: str, params: Any, again: Callable[[], None] | None = None) -> Future[Any]:
        """Send a request to the client; resolves to its plain JSON result.

        ``again`` is called when the client sends a further result for it, or one after it was
        cancelled.

        The future fails with PeerError when the client answers with an error, and with
        ConnectionError when it goes away first. Cancelling it sends ``$/cancelRequest``.
        """
        id_ = f"s-{next(self._serial)}"
        future: Future[Any] = Future()
        if self.closed:
            future.set_exception(ConnectionError("the client is gone"))
            return future
        self._asked[id_] = future
        if again is not None:
            self._again[id_] = again
            while len(self._again) > AGAIN:
                self._again.popitem(last=False)
        future.add_done_callback(lambda done: self._asked_done(id_, done))
        self.writer.send(frame(request_body(id_, method, params), self.framing))
        return future

    async def request(self, method: str, params: Any) -> Any:
        """``ask`` for coroutines on the loop."""
        return await asyncio.wrap_future(self.ask(method, params))

    @property
    def would_block(self) -> bool:
        """Whether the client reads more slowly than it is sent to."""
        return self.writer.would_block

    async def drain(self) -> None:
        """Wait, on the loop, until the client has read enough of what was sent."""
        while self.would_block and not self.closed:
            waiter: asyncio.Future[None] = self.loop.create_future()
            self._drained.append(waiter)
            # The mark may have been passed between the question and the entry.
            if not self.would_block:
                return
            await waiter

    def on_close(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called on the loop when the connection ends."""
        self._closers.append(callback)

    # What follows is for the server alone, on the loop.

    def answered(self, id_: Any, result: Any, error: Any) -> None:
        """The client answered a request of ours."""
        future = self._asked.pop(id_, None) if isinstance(id_, str) else None
        if future is None and error is None and id_ in self._again:
            self._again[id_]()
        elif future is None:
            log.warning("an answer to a request nobody asked (or that was cancelled)")
        elif not future.set_running_or_notify_cancel():
            return
        elif error is None:
            future.set_result(result)
        else:
            known = error if isinstance(error, dict) else {}
            code, text = known.get("code"), known.get("message")
            future.set_exception(
                PeerError(
                    code if isinstance(code, int) else 0,
                    text if isinstance(text, str) else "the client's error has no message",
                    known.get("data"),
                )
            )

    def wake_drained(self) -> None:
        """The out-queue fell below its low mark."""
        waiters, self._drained = self._drained, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """The connection ended: release whoever waits for the client."""
        self.closed = True
        for future in list(self._asked.values()):
            if future.set_running_or_notify_cancel():
                future.set_exception(ConnectionError("the client is gone"))
        self._asked.clear()
        self.wake_drained()
        for callback in self._closers:
            try:
                callback()
            except Exception as error:
                log.error("closing a session: %s", type(error).__qualname__)

    def _asked_done(self, id_: str, future: Future[Any]) -> None:
        if future.cancelled() and self._asked.pop(id_, None) is not None:
            self.notify("$/cancelRequest", {"id": id_})


def set_meta(meta: dict[str, Any] | None) -> None:
    """Set what ``request_meta`` answers, for the call about to be handled."""
    if meta is not None or _meta.get() is not None:
        _meta.set(meta)
