"""Calls on their way through: one request or notification, and batches of them.

Layer: server. A call is answered exactly once, from any thread.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

from shepherd_sidecar.server.framing import Framing


class Call:
    """One call being worked on. ``id`` is None for a notification, which gets no answer."""

    __slots__ = ("batch", "framing", "future", "id", "method", "size")

    def __init__(
        self, id_: str | int | None, method: str, framing: Framing, size: int, batch: Batch | None
    ) -> None:
        self.id = id_
        self.method = method
        self.framing = framing
        self.size = size
        self.batch = batch
        self.future: Future[Any] | asyncio.Future[Any] | None = None
        """What is being waited for, when cancelling can reach it."""


class Batch:
    """Collects the answers of a JSON-RPC batch into one array."""

    def __init__(self, framing: Framing) -> None:
        self.framing = framing
        self._lock = threading.Lock()
        self._open = 1  # one for whoever is still taking the batch apart
        self._answers: list[bytes] = []

    def expect(self) -> None:
        """One more answer will come."""
        with self._lock:
            self._open += 1

    def add(self, body: bytes | None) -> bytes | None:
        """An answer came (None: the batch is taken apart); returns the reply when complete."""
        with self._lock:
            if body is not None:
                self._answers.append(body)
            self._open -= 1
            if self._open or not self._answers:
                return None
            return b"[%b]" % b",".join(self._answers)
