"""A connection over a socket pair in this process: sessions, and how much is taken at once."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from shepherd_sidecar.server.connection import Connection
from shepherd_sidecar.server.session import PeerError, Session
from shepherd_sidecar.server.settings import Limits, Settings
from tests.server.table import METHODS, EchoParams, EchoResult
from tests.support.waiting import PATIENCE
from tests.support.wire import Wire, event


@contextlib.contextmanager
def served(
    handlers: dict[str, Callable[..., Any]],
    limits: Limits | None = None,
    on_session: Callable[[Session], None] = lambda _: None,
) -> Iterator[Wire]:
    """A wire to a connection that runs on a loop in a thread."""
    ours, theirs = socket.socketpair()

    async def run() -> int:
        settings = Settings(handlers, limits=limits or Limits(), find=METHODS.get)
        connection = Connection(settings, theirs.detach(), out_fd)
        on_session(connection.session)
        return await connection.run()

    out_fd = os.dup(theirs.fileno())
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(asyncio.run(run())))
    thread.start()
    write_fd = os.dup(ours.fileno())
    wire = Wire(ours.detach(), write_fd)
    try:
        yield wire
    finally:
        wire.close_input()
        with socket.socket(fileno=os.dup(wire.read_fd)) as whole:
            whole.shutdown(socket.SHUT_WR)
        thread.join(PATIENCE)
        wire.close()
    assert codes == [0]


@pytest.mark.requirement("RPC-08")
def test_unanswered_work_is_bounded_and_answered_in_full() -> None:
    waiting: queue.Queue[Future[EchoResult]] = queue.Queue()
    taken_in = itertools.count(1)

    def later(session: Session, params: EchoParams) -> Future[EchoResult]:
        future: Future[EchoResult] = Future()
        waiting.put(future)
        if next(taken_in) >= 6:
            # Runs on the loop after the chunk of bytes that this call came in.
            session.loop.call_soon(session.notify, "test/noted", {})
        return future

    with served({"echo/thread": later}, Limits(pending=5000)) as wire:
        sent = [wire.request("echo/thread", {"payload": "x" * 900}) for _ in range(40)]
        taken = [waiting.get(timeout=PATIENCE) for _ in range(6)]
        # Five messages fit, the sixth crosses the mark; a push of the loop shows it is idle.
        wire.expect(event("test/noted"))
        assert waiting.empty()
        for number, one in enumerate(sent):
            future = taken[number] if number < 6 else waiting.get(timeout=PATIENCE)
            future.set_result(EchoResult(number))
            assert wire.result(one) == {"payload": number}


def test_a_reply_comes_from_the_thread_that_resolves_it() -> None:
    future: Future[EchoResult] = Future()
    block = threading.Event()

    async def stuck(_: Session, params: EchoParams) -> EchoResult:
        block.wait(PATIENCE)  # the loop stands still, as it never should
        return EchoResult("free")

    handlers = {"echo/thread": lambda _, params: future, "echo/async": stuck}
    with served(handlers) as wire:
        one = wire.request("echo/thread", {})
        two = wire.request("echo/async", {})
        future.set_result(EchoResult("past the loop"))
        assert wire.result(one) == {"payload": "past the loop"}
        block.set()
        assert wire.result(two) == {"payload": "free"}


def test_the_clients_errors_and_departure_reach_who_asked() -> None:
    outcomes: list[BaseException | None] = []
    closed = threading.Event()

    async def ask(session: Session, params: EchoParams) -> EchoResult:
        try:
            await session.request("client/answer", {})
        except PeerError as error:
            return EchoResult([error.code, error.message, error.data])
        return EchoResult()

    def ask_and_leave(session: Session, params: EchoParams) -> EchoResult:
        asked = session.ask("client/answer", {})
        asked.add_done_callback(lambda done: outcomes.append(done.exception()))
        session.on_close(closed.set)
        return EchoResult("asked")

    with served({"test/ask": ask, "echo/now": ask_and_leave}) as wire:
        asking = wire.request("test/ask", {})
        asked = wire.receive(lambda m: m.get("method") == "client/answer")
        error = {"code": 7, "message": "no", "data": [1]}
        wire.send({"jsonrpc": "2.0", "id": asked["id"], "error": error})
        assert wire.result(asking) == {"payload": [7, "no", [1]]}
        assert wire.call("echo/now", {}) == {"payload": "asked"}
    assert closed.is_set()
    assert [type(outcome) for outcome in outcomes] == [ConnectionError]


def test_a_session_may_be_spoken_through_from_any_thread() -> None:
    sessions: list[Session] = []
    with served({}, on_session=sessions.append) as wire:
        with pytest.raises(Exception, match="unknown method"):
            wire.call("no/such", {})  # the connection is up
        sender = threading.Thread(
            target=lambda: [sessions[0].notify("test/noted", {"n": n}) for n in range(100)]
        )
        sender.start()
        for number in range(100):
            wire.expect(event("test/noted", lambda p, n=number: p == {"n": n}))
        sender.join()
