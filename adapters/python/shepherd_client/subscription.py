"""Commits as they are recorded, as an iterator."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shepherd_client.closing import Closing
from shepherd_client.errors import SidecarExited
from shepherd_client.payloads import Json

if TYPE_CHECKING:
    from shepherd_client.sidecar import Sidecar

Push = dict[str, Any]


class Subscription(Closing):
    """``for entry in subscription``; ``close`` or leaving ``with`` ends it.

    ``cursor`` stands after the last push whose entries were all taken: pass it as ``from_``
    after a reconnect, and nothing is lost.
    """

    def __init__(self, sidecar: Sidecar, params: dict[str, Json]) -> None:
        self._sidecar = sidecar
        self._pushes: queue.SimpleQueue[Push | SidecarExited | None] = queue.SimpleQueue()
        # Listening begins before asking: pushes may come together with the reply.
        self._stop = sidecar.on("trace/didCommit", self._pushes.put)
        try:
            got = sidecar.request("trace/subscribe", wire_params(params))
        except BaseException:
            self._stop()
            raise
        self.id: str = got["subscription"]
        """Its id on this connection."""
        self.cursor: str = got["cursor"]
        self._closed = False
        sidecar.connection.on_end(self._pushes.put)

    def next(self, timeout: float | None = None) -> list[dict[str, Any]]:
        """The next entries, as the sidecar sent them together; empty once it is closed.

        Raises:
            TimeoutError: nothing came for ``timeout`` seconds.
        """
        push = self._pull(timeout)
        if push is None:
            return []
        self.cursor = push["cursor"]
        entries: list[dict[str, Any]] = push["entries"]
        return entries

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while (push := self._pull(None)) is not None:
            yield from push["entries"]
            self.cursor = push["cursor"]

    def close(self) -> None:
        """End the subscription; whoever iterates stops."""
        if self._closed:
            return
        self._closed = True
        self._stop()
        self._pushes.put(None)
        with suppress(SidecarExited):
            self._sidecar.request("trace/unsubscribe", {"subscription": self.id})

    def _pull(self, timeout: float | None) -> Push | None:
        while not self._closed:
            try:
                got = self._pushes.get(timeout=timeout)
            except queue.Empty:
                raise TimeoutError(f"no commit for {timeout} s") from None
            if isinstance(got, SidecarExited):
                self._pushes.put(got)  # for whoever asks next
                raise got
            if got is None or got["subscription"] == self.id:
                return got
        return None


def wire_params(params: dict[str, Json]) -> dict[str, Json]:
    """``from_`` is ``from`` on the wire."""
    return {name.rstrip("_"): value for name, value in params.items()}
