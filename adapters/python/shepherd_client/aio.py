"""The asyncio face of the client."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self

from shepherd_client import aio_replay
from shepherd_client.aio_branch import AsyncBranch, AsyncRun
from shepherd_client.aio_subscription import AsyncSubscription
from shepherd_client.aio_supervision import AsyncDecide, AsyncSupervision
from shepherd_client.closing import AsyncClosing
from shepherd_client.connection import Connection, Listener, command_line
from shepherd_client.payloads import Intent, Json, Machine, ReplayReport
from shepherd_client.supervision import See


class AsyncSidecar(AsyncClosing):
    """A sidecar and the connection to it, for one event loop."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @classmethod
    async def start(
        cls,
        *,
        command: Sequence[str] | None = None,
        store: str | os.PathLike[str] | None = None,
        role: str | None = None,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Self:
        """Start a sidecar; the arguments are those of ``Sidecar.start``."""
        argv = command_line(command, store, role)
        return cls(await asyncio.to_thread(Connection, argv, cwd, env))

    @property
    def pid(self) -> int:
        """Process id of the sidecar."""
        return self.connection.pid

    async def request(self, method: str, params: dict[str, Json] | None = None) -> Any:
        """Call a method and wait for its result. Cancelling the task cancels the request.

        Raises:
            SidecarError: the sidecar's answer is an error.
            SidecarExited: there is no sidecar any more.
        """
        return await asyncio.wrap_future(self.connection.request(method, params or {}))

    def notify(self, method: str, params: dict[str, Json]) -> None:
        """Send a notification: nothing comes back, not even an error."""
        self.connection.notify(method, params)

    def on(self, method: str, listener: Listener) -> Callable[[], None]:
        """Listen to a push, on the running loop; returns what stops it."""
        loop = asyncio.get_running_loop()

        def forward(params: dict[str, Any]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(listener, params)

        return self.connection.on(method, forward)

    async def start_run(self, name: str, **params: Json) -> AsyncRun:
        """Begin a run (``agent``, ``workspace``, ``place``, ...) and work on its first branch."""
        return AsyncRun(self, await self.request("run/start", {"name": name, **params}))

    def branch(self, name: str) -> AsyncBranch:
        """Work on a branch that exists."""
        return AsyncBranch(self, name)

    async def subscribe(self, **params: Json) -> AsyncSubscription:
        """Follow commits: ``all=True``, ``branches=[...]`` or ``runs=[...]``; ``from_=cursor``."""
        return await AsyncSubscription.open(self, params)

    async def supervise(
        self,
        name: str,
        decide: AsyncDecide | None = None,
        see: See | None = None,
        **params: Json,
    ) -> AsyncSupervision:
        """``Sidecar.supervise``; ``decide`` may be a coroutine, and runs on this loop."""
        return await AsyncSupervision.open(self, name, decide, see, params)

    async def replay(
        self,
        source: str,
        machine: Machine,
        *,
        mode: str = "cached",
        act: Callable[[Intent], Awaitable[Json]] | None = None,
        **params: Json,
    ) -> ReplayReport:
        """Drive ``machine`` along a recorded log; see ``Sidecar.replay``."""
        return await aio_replay.drive(self.request, source, machine, mode, act, params)

    async def close(self, grace: float = 15.0) -> None:
        """Say goodbye: what was sent is worked off, then the process ends."""
        await asyncio.to_thread(self.connection.close, grace)
