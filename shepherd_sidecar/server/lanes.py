"""The order of one client's writes on one branch.

Layer: server. Keeps: what a client sent first is recorded first, also when the first has to
walk a workspace on a thread and the second does not. Writes on other branches do not wait, and
nothing waits for a person's decision.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from concurrent import futures
from typing import Any

from shepherd_sidecar.server.session import Session
from shepherd_sidecar.server.settings import Handler
from shepherd_sidecar.server.threads import Threaded

_Lane = asyncio.Future[None]


def in_order(handler: Handler, *, slow: bool) -> Handler:
    """A handler that takes its turn on its branch.

    A ``slow`` one records only at its end, on a thread: those behind it wait for that. The
    others have recorded, or are in the writer's queue, when they return.
    """

    def turned(session: Session, params: Any) -> Any:
        before = session.lanes.get(params.branch)
        if before is not None:
            return _after(session, params, before, enter(session, params.branch))
        result = handler(session, params)
        if slow and isinstance(result, Threaded):
            own = enter(session, params.branch)
            result.add_done_callback(lambda _: _left(session, params.branch, own))
        return result

    async def _after(session: Session, params: Any, before: _Lane, own: _Lane) -> Any:
        try:
            await asyncio.wait([before])
            result = handler(session, params)
            if slow and isinstance(result, Threaded):
                return await asyncio.wrap_future(result)
        finally:
            leave(session, params.branch, own, before)
        if isinstance(result, futures.Future):
            return await asyncio.wrap_future(result)
        return await result if inspect.isawaitable(result) else result

    return turned


def enter(session: Session, branch: str) -> _Lane:
    """Begin a turn that those who come now wait for."""
    own: _Lane = asyncio.get_running_loop().create_future()
    session.lanes[branch] = own
    return own


def leave(session: Session, branch: str, own: _Lane, before: _Lane | None = None) -> None:
    """End a turn; one that was given up ends with the turn before it."""
    if before is not None and not before.done():
        before.add_done_callback(lambda _: leave(session, branch, own))
        return
    if not own.done():
        own.set_result(None)
    if session.lanes.get(branch) is own:
        del session.lanes[branch]


def _left(session: Session, branch: str, own: _Lane) -> None:
    """A turn has ended on a thread."""
    with contextlib.suppress(RuntimeError):  # the loop has ended with its connection
        session.loop.call_soon_threadsafe(leave, session, branch, own)
