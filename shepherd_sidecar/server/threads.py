"""Work off the loop, answered from the thread that did it.

Layer: server. Keeps: blocking work never holds the loop up, and a reply takes the fewest hops: the
loop is not woken for it. Who gives a call up is told so at once; what was begun for it ends by
itself.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


class Threaded(Future[T]):
    """What a thread is still at."""


def on_thread(work: Callable[..., T], *arguments: Any) -> Threaded[T]:
    """The result of blocking work, which a thread does in the context of the caller."""
    context = copy_context()
    asked: Threaded[T] = Threaded()

    def run() -> None:
        if asked.cancelled():
            return
        try:
            result = context.run(work, *arguments)
        except BaseException as error:
            if asked.set_running_or_notify_cancel():
                asked.set_exception(error)
        else:
            # Only now: until then the call may be given up.
            if asked.set_running_or_notify_cancel():
                asked.set_result(result)

    _threads().submit(run)
    return asked


@cache
def _threads() -> ThreadPoolExecutor:
    # Imported when it is used: a start shall not pay for it.
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(thread_name_prefix="work")
