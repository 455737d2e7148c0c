"""Supervisors on asyncio: ``decide`` runs on the loop, as a function or a coroutine."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Self

from shepherd_client.closing import AsyncClosing
from shepherd_client.payloads import Json
from shepherd_client.sidecar import Sidecar
from shepherd_client.supervision import Decision, Question, See, Supervision

if TYPE_CHECKING:
    from shepherd_client.aio import AsyncSidecar

AsyncDecide = Callable[[Question], Decision | Awaitable[Decision | None] | None]


class AsyncSupervision(AsyncClosing):
    """An attachment; ``close`` or leaving ``async with`` ends it."""

    def __init__(self, supervision: Supervision) -> None:
        self._supervision = supervision

    @classmethod
    async def open(
        cls,
        sidecar: AsyncSidecar,
        name: str,
        decide: AsyncDecide | None,
        see: See | None,
        params: dict[str, Json],
    ) -> Self:
        """Used by ``AsyncSidecar.supervise``."""
        loop = asyncio.get_running_loop()

        async def on_loop(question: Question) -> Decision | None:
            assert decide is not None
            decided = decide(question)
            return await decided if inspect.isawaitable(decided) else decided

        def asked(question: Question) -> Decision | None:
            return asyncio.run_coroutine_threadsafe(on_loop(question), loop).result()

        def told(entry: dict[str, Any]) -> None:
            assert see is not None
            if not loop.is_closed():
                loop.call_soon_threadsafe(see, entry)

        return cls(
            await asyncio.to_thread(
                Supervision,
                Sidecar(sidecar.connection),
                name,
                asked if decide is not None else None,
                told if see is not None else None,
                params,
            )
        )

    @property
    def id(self) -> str:
        """Its id."""
        return self._supervision.id

    @property
    def refused(self) -> list[dict[str, Any]]:
        """Answers that were not taken, as supervisor/didRefuse told them."""
        return self._supervision.refused

    async def wait(self) -> None:
        """Until it is detached, or the sidecar ends."""
        await asyncio.shield(asyncio.wrap_future(self._supervision.over))

    async def close(self) -> None:
        """Detach. What waits for an answer goes on by its default."""
        await asyncio.to_thread(self._supervision.close)
