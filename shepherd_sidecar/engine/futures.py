"""Futures in a row, without an event loop.

Layer: engine. Operations return concurrent futures so that a reply can leave from whichever
thread made it durable; synchronous callers take ``.result()``.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar, cast

A = TypeVar("A")
B = TypeVar("B")


def then(first: Future[A], step: Callable[[A], B | Future[B]]) -> Future[B]:
    """A future of ``step`` applied to the result of ``first``.

    ``step`` runs on the thread that resolves ``first`` and must not block; it may return a
    future, which is followed. Cancelling the result cancels whatever it waits for.
    """
    last: Future[B] = Future()

    def fail(error: BaseException) -> None:
        if last.set_running_or_notify_cancel():
            last.set_exception(error)

    def follow(done: Future[B]) -> None:
        if done.cancelled():
            last.cancel()
        elif (failure := done.exception()) is not None:
            fail(failure)
        elif last.set_running_or_notify_cancel():
            last.set_result(done.result())

    def proceed(done: Future[A]) -> None:
        if done.cancelled():
            last.cancel()
            return
        failure = done.exception()
        if failure is not None:
            fail(failure)
            return
        try:
            value = step(done.result())
        except Exception as error:
            fail(error)
            return
        if isinstance(value, Future):
            inner = cast("Future[B]", value)
            last.add_done_callback(lambda end: inner.cancel() if end.cancelled() else None)
            inner.add_done_callback(follow)
        elif last.set_running_or_notify_cancel():
            last.set_result(value)

    last.add_done_callback(lambda end: first.cancel() if end.cancelled() else None)
    first.add_done_callback(proceed)
    return last


def done(value: A) -> Future[A]:
    """A future that is resolved already."""
    future: Future[A] = Future()
    future.set_result(value)
    return future
