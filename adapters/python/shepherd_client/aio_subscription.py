"""Commits as they are recorded, as an asynchronous iterator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from shepherd_client.closing import AsyncClosing
from shepherd_client.errors import SidecarExited
from shepherd_client.payloads import Json
from shepherd_client.subscription import Push, wire_params

if TYPE_CHECKING:
    from shepherd_client.aio import AsyncSidecar


class AsyncSubscription(AsyncClosing):
    """``async for entry in subscription``; the same meaning as ``Subscription``."""

    def __init__(
        self,
        sidecar: AsyncSidecar,
        got: dict[str, Any],
        pushes: asyncio.Queue[Push | SidecarExited | None],
        stop: Callable[[], None],
    ) -> None:
        self._sidecar = sidecar
        self._pushes = pushes
        self._stop = stop
        self._closed = False
        self.id: str = got["subscription"]
        """Its id on this connection."""
        self.cursor: str = got["cursor"]
        """After the last push whose entries were all taken."""

    @classmethod
    async def open(cls, sidecar: AsyncSidecar, params: dict[str, Json]) -> Self:
        """Used by ``AsyncSidecar.subscribe``."""
        loop = asyncio.get_running_loop()
        pushes: asyncio.Queue[Push | SidecarExited | None] = asyncio.Queue()
        # Listening begins before asking: pushes may come together with the reply.
        stop = sidecar.on("trace/didCommit", pushes.put_nowait)
        try:
            got = await sidecar.request("trace/subscribe", wire_params(params))
        except BaseException:
            stop()
            raise

        def ended(reason: SidecarExited) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(pushes.put_nowait, reason)

        sidecar.connection.on_end(ended)
        return cls(sidecar, got, pushes, stop)

    async def next(self) -> list[dict[str, Any]]:
        """The next entries, as the sidecar sent them together; empty once it is closed."""
        push = await self._pull()
        if push is None:
            return []
        self.cursor = push["cursor"]
        entries: list[dict[str, Any]] = push["entries"]
        return entries

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        while (push := await self._pull()) is not None:
            for entry in push["entries"]:
                yield entry
            self.cursor = push["cursor"]

    async def close(self) -> None:
        """End the subscription; whoever iterates stops."""
        if self._closed:
            return
        self._closed = True
        self._stop()
        self._pushes.put_nowait(None)
        with suppress(SidecarExited):
            await self._sidecar.request("trace/unsubscribe", {"subscription": self.id})

    async def _pull(self) -> Push | None:
        while not self._closed:
            got = await self._pushes.get()
            if isinstance(got, SidecarExited):
                self._pushes.put_nowait(got)  # for whoever asks next
                raise got
            if got is None or got["subscription"] == self.id:
                return got
        return None
