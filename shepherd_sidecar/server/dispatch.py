"""From a decoded frame to a handler and back to the writer.

Layer: server. Keeps the rule that every request is answered exactly once, whatever it is.
Methods of the table take the short road: table, role, params, handler, reply. Everything
else (``initialize``, ``textDocument/...``) goes to the LSP face, if the client opened it.

Methods of the table need no ``initialize``: a client that only reports may start at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent import futures
from typing import Any, Final, NamedTuple, Protocol

from shepherd_sidecar.errors import InvalidParams, RoleForbidden, ShuttingDown
from shepherd_sidecar.protocol.converter import structurer
from shepherd_sidecar.protocol.method import ANYONE, FROM_SIDECAR, Role
from shepherd_sidecar.server import encoding
from shepherd_sidecar.server.calls import Batch, Call
from shepherd_sidecar.server.encoding import error_body, error_object, error_of, result_body
from shepherd_sidecar.server.framing import Fault, Frame, Framing, frame
from shepherd_sidecar.server.session import Session, set_meta
from shepherd_sidecar.server.settings import Handler, Settings

log = logging.getLogger(__name__)

_ENVELOPE_HINT: Final = (
    'a request is {"jsonrpc": "2.0", "id": string or integer, "method": string, "params": object}'
)
_IMMEDIATE, _THREADED, _AWAITED = range(3)


class Lsp(Protocol):
    """The methods that are not in our table."""

    def knows(self, method: str) -> bool:
        """Whether a call of this method is for this face."""

    def names(self) -> list[str]:
        """What it knows, for hints."""

    def call(self, call: Call, params: dict[str, Any] | None) -> None:
        """Handle it; a request is answered through ``Dispatcher.finish``."""


class Route(NamedTuple):
    """How a method of the table is called."""

    roles: frozenset[Role]
    structure: Callable[[Any], Any]
    handler: Handler
    reads: bool
    """Whether it only reads: then it sees what this client reported before."""
    waits: bool
    """Whether it may wait for a person's decision."""


class Dispatcher:
    """The calls of one connection."""

    def __init__(self, settings: Settings, session: Session, lsp: Lsp) -> None:
        self._settings = settings
        self._session = session
        self._lsp = lsp
        self._loop = session.loop
        self._routes: dict[str, Route] = {}
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Future[Any]] = set()  # the loop keeps only weak references
        self._reports = 0
        self._readers: deque[tuple[Call, Route, dict[str, Any]]] = deque()
        self.pending = 0
        """Bytes of calls not finished yet."""
        self.active = 0
        """Calls not finished yet, notifications too."""
        self.shutting_down = False
        self.on_finish: Callable[[], None] | None = None
        """Called, from any thread, after a call finished late (not by its handler's return)."""

    def dispatch(self, got: Frame) -> Fault | None:
        """Handle one frame; returns its fault if the stream cannot be followed further."""
        value, framing = got.value, got.framing
        self._session.framing = framing
        kind = type(value)
        if kind is dict:
            self._message(value, framing, got.size, None)
        elif kind is Fault:
            return self._faulty(value, framing)
        elif kind is list:
            self._batch(value, framing, got.size)
        else:
            self._refuse(None, "a message is an object or an array of objects", framing, None)
        return None

    def finish(self, call: Call, body: bytes) -> None:
        """Answer a call that was begun. Any thread; at most once a call."""
        with self._lock:
            self.active -= 1
            self.pending -= call.size
            if call.id is not None:
                self._session.in_flight.pop(call.id, None)
            else:
                self._reports -= 1
            release = not self._reports and bool(self._readers)
        if release:
            with contextlib.suppress(RuntimeError):  # the loop has ended with its connection
                self._loop.call_soon_threadsafe(self._read_on)
        if call.id is not None:
            # While others are still worked on, more replies follow at once: let them join.
            self._reply(body, call.framing, call.batch, eager=not self._session.in_flight)
        if self.on_finish is not None:
            self.on_finish()

    def begin(self, call: Call) -> None:
        """Count a call that is not answered at once."""
        with self._lock:
            self.active += 1
            self.pending += call.size
            if call.id is not None:
                self._session.in_flight[call.id] = call
            else:
                self._reports += 1

    def cancel_awaited(self) -> None:
        """Cancel what does not end by itself: tasks, and work that has not started."""
        for call in list(self._session.in_flight.values()):
            if call.future is not None:
                call.future.cancel()
        for task in list(self._tasks):
            task.cancel()

    def _faulty(self, fault: Fault, framing: Framing) -> Fault | None:
        error = error_object(fault.code, fault.name, fault.message, fault.hint)
        log.warning("bad frame: %s", fault.name)
        self._reply(error_body(fault.id, error), framing, None)
        return fault if fault.fatal else None

    def _batch(self, messages: list[Any], framing: Framing, size: int) -> None:
        if not messages:
            self._refuse(None, "an empty batch", framing, None)
            return
        batch = Batch(framing)
        share = size // len(messages)
        for message in messages:
            if type(message) is dict:
                self._message(message, framing, share, batch)
            else:
                self._refuse(None, "a message is an object", framing, batch)
        whole = batch.add(None)
        if whole is not None:
            self._session.writer.send(frame(whole, framing))

    def _message(
        self, message: dict[str, Any], framing: Framing, size: int, batch: Batch | None
    ) -> None:
        get = message.get
        method, params, id_ = get("method"), get("params"), get("id")
        id_ok = type(id_) is int or type(id_) is str
        wrong = ""
        if get("jsonrpc") != "2.0":
            wrong = 'the member jsonrpc is not "2.0"'
        elif type(method) is not str:
            if "method" not in message and id_ok and ("result" in message or "error" in message):
                self._session.answered(id_, get("result"), get("error"))
                return
            wrong = "the member method is not a string"
        elif params is not None and type(params) is not dict:
            wrong = "the member params is not an object"
        elif "id" in message:
            if not id_ok:
                wrong = "the member id is neither a string nor an integer"
            elif id_ in self._session.in_flight:
                wrong = "a request with this id is still being worked on"
        if wrong:
            self._refuse(id_ if id_ok else None, wrong, framing, batch)
            return
        if batch is not None and id_ok:
            batch.expect()
        call = Call(id_, method, framing, size, batch)  # type: ignore[arg-type]
        route = self._routes.get(method) or self._find(method)  # type: ignore[arg-type]
        if route is not None:
            self._own(call, route, params or {})
        else:
            self._other(call, params)

    def _own(self, call: Call, route: Route, params: dict[str, Any]) -> None:
        """A method of the table, by the short road."""
        try:
            if self.shutting_down:
                raise ShuttingDown("the sidecar is shutting down")
            if self._session.role not in route.roles:
                raise RoleForbidden(
                    f"{call.method} is not for the role {self._session.role}",
                    role=self._session.role,
                    roles=sorted(route.roles),
                )
            meta = params.pop("_meta", None)
            if meta is not None and type(meta) is not dict:
                raise InvalidParams.at("$._meta", "an object")
            set_meta(meta)
            if route.waits:
                call.size = 0
        except Exception as error:
            self._fail(call, error)
            return
        if route.reads and (self._reports or self._readers):
            # What was reported before must be there to be read.
            self.begin(call)
            self._readers.append((call, route, params))
        else:
            self._handle(call, route, params, begun=False)

    def _read_on(self) -> None:
        """The reports are durable: handle the readers that waited for them, in order."""
        while self._readers and not self._reports:
            self._handle(*self._readers.popleft(), begun=True)

    def _handle(self, call: Call, route: Route, params: dict[str, Any], *, begun: bool) -> None:
        try:
            result: Any = route.handler(self._session, route.structure(params))
            kind = _kind(type(result))
            body = b""
            if kind == _IMMEDIATE and call.id is not None:
                body = result_body(call.id, result)
        except Exception as error:
            kind, body = _IMMEDIATE, self._error(call, error)
        if kind == _IMMEDIATE:
            if begun:
                self.finish(call, body)
            elif call.id is not None:
                self._reply(body, call.framing, call.batch)
            return
        if not begun:
            self.begin(call)
        if kind == _THREADED:
            call.future = result
            result.add_done_callback(lambda done: self._done(call, done))
        else:
            self._await(call, result)

    def _await(self, call: Call, awaitable: Any) -> None:
        task = asyncio.ensure_future(awaitable)
        call.future = task
        self._tasks.add(task)

        def done(finished: asyncio.Future[Any]) -> None:
            self._tasks.discard(finished)
            self._done(call, finished)

        task.add_done_callback(done)

    def _done(self, call: Call, done: futures.Future[Any] | asyncio.Future[Any]) -> None:
        """Answer a call whose future is done. Runs in the thread that resolved it."""
        try:
            result = done.result()
            body = result_body(call.id, result) if call.id is not None else b""
        except (asyncio.CancelledError, futures.CancelledError):
            body = error_body(call.id, encoding.CANCELLED)
        except Exception as error:
            body = self._error(call, error)
        self.finish(call, body)

    def _fail(self, call: Call, error: Exception) -> None:
        body = self._error(call, error)
        if call.id is not None:
            self._reply(body, call.framing, call.batch)

    def _error(self, call: Call, error: Exception) -> bytes:
        described = error_of(error, call.method)
        if call.id is None:
            log.warning("notification %s: %s", call.method, described["data"]["name"])
        return error_body(call.id, described)

    def _other(self, call: Call, params: dict[str, Any] | None) -> None:
        """What is not in the table: cancelling, LSP, or nothing we know."""
        method = call.method
        if method == "$/cancelRequest":
            self._cancel(params)
        elif self.shutting_down and method != "exit":
            self._fail(call, ShuttingDown("the sidecar is shutting down"))
        elif self._lsp.knows(method):
            self._lsp.call(call, params)
        elif call.id is not None:
            self._reply(error_body(call.id, self._unknown(method)), call.framing, call.batch)
        elif not method.startswith("$/"):
            log.info("ignored an unknown notification")

    def _cancel(self, params: dict[str, Any] | None) -> None:
        wanted = (params or {}).get("id")
        if type(wanted) is int or type(wanted) is str:
            call = self._session.in_flight.get(wanted)
            if call is not None and call.future is not None:
                call.future.cancel()

    def _find(self, name: str) -> Route | None:
        handler = self._settings.handlers.get(name)
        method = self._settings.find(name) if handler is not None else None
        if handler is None or method is None or method.direction in FROM_SIDECAR:
            return None
        route = Route(
            method.roles, structurer(method.params), handler, method.roles == ANYONE, method.waits
        )
        self._routes[name] = route
        return route

    def _unknown(self, method: str) -> dict[str, Any]:
        # Imported when someone errs: a start shall not pay for it.
        from difflib import get_close_matches

        close = get_close_matches(method, [*self._settings.handlers, *self._lsp.names()], 1)
        hint = (
            f"did you mean {close[0]}?"
            if close
            else "protocol/generated/reference.md lists the methods"
        )
        nearest = {"nearest": close[0]} if close else {}
        return error_object(
            encoding.METHOD_NOT_FOUND,
            "MethodNotFound",
            f"unknown method {method[:100]}",
            hint,
            **nearest,
        )

    def _refuse(
        self, id_: str | int | None, why: str, framing: Framing, batch: Batch | None
    ) -> None:
        """An envelope that is no request."""
        error = error_object(encoding.INVALID_REQUEST, "InvalidRequest", why, _ENVELOPE_HINT)
        if batch is not None:
            batch.expect()
        self._reply(error_body(id_, error), framing, batch)

    def _reply(
        self, body: bytes, framing: Framing, batch: Batch | None, *, eager: bool = True
    ) -> None:
        if batch is not None:
            whole = batch.add(body)
            if whole is None:
                return
            body = whole
        self._session.writer.send(frame(body, framing), eager=eager)


_kinds: dict[type, int] = {}


def _kind(cls: type) -> int:
    """How a handler's result of this class is waited for."""
    kind = _kinds.get(cls)
    if kind is None:
        if issubclass(cls, futures.Future):
            kind = _THREADED
        elif hasattr(cls, "__await__"):
            kind = _AWAITED
        else:
            kind = _IMMEDIATE
        _kinds[cls] = kind
    return kind
