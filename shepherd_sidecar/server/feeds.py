"""Subscriptions of connections: entries pushed as fast as each client reads them.

Layer: server. Keeps: nothing lost, nothing twice, and a client that stops reading is pushed
nothing more until it reads again, while others go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from typing import Final

from shepherd_sidecar.engine.subscriptions import Feed, pull, start
from shepherd_sidecar.errors import ShepherdError, UnknownSubscription
from shepherd_sidecar.protocol.common import Empty, Entry
from shepherd_sidecar.protocol.traces import (
    DidCommit,
    SubscribeParams,
    SubscribeResult,
    UnsubscribeParams,
)
from shepherd_sidecar.server.session import Session
from shepherd_sidecar.store.store import Store

log = logging.getLogger(__name__)
RETRY_S: Final = 1.0
"""A store that could not be read is read again so much later."""


class Feeds:
    """All subscriptions to one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._serial = itertools.count(1)

    def subscribe(self, session: Session, params: SubscribeParams) -> SubscribeResult:
        """Begin pushing; the reply comes first."""
        feed = start(self._store, params)
        name = f"sub-{next(self._serial)}"
        cursor = str(feed.cursor)
        self.follow(session, name, feed)
        return SubscribeResult(subscription=name, cursor=cursor)

    def follow(self, session: Session, name: str, feed: Feed) -> None:
        """Begin pushing what a feed gives, under a name of the caller's."""
        session.subscriptions[name] = _Push(self._store, session, name, feed)

    def unsubscribe(self, session: Session, params: UnsubscribeParams) -> Empty:
        """End a subscription."""
        push = session.subscriptions.pop(params.subscription, None)
        if push is None:
            raise UnknownSubscription(
                f"no subscription {params.subscription!r}", subscription=params.subscription
            )
        push.close()
        return Empty()


class _Push:
    """One subscription: a task that sleeps until the store changes."""

    def __init__(self, store: Store, session: Session, name: str, feed: Feed) -> None:
        self._store = store
        self._session = session
        self._name = name
        self._feed = feed
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._closed = False
        self._task = self._loop.create_task(self._run())
        session.on_close(self.close)

    def close(self) -> None:
        """Stop pushing."""
        self._closed = True
        self._task.cancel()

    async def _run(self) -> None:
        # Starting to listen may start a watcher, which takes longer than the loop should wait.
        await asyncio.to_thread(self._store.listen, self._woken, self._feed.gather_s)
        try:
            while not self._closed:
                self._changed.clear()
                try:
                    entries = await asyncio.to_thread(pull, self._store, self._feed)
                except ShepherdError as error:
                    log.error("a subscription could not read the store: %s", error.name)
                    await asyncio.sleep(RETRY_S)
                    continue
                if entries:
                    self._tell(entries)
                if self._session.would_block:
                    await self._session.drain()
                if not self._feed.more:
                    await self._changed.wait()
                    if self._feed.gather_s:
                        await asyncio.sleep(self._feed.gather_s)
        finally:
            self._store.unlisten(self._woken)

    def _tell(self, entries: list[Entry]) -> None:
        told = DidCommit(subscription=self._name, entries=entries, cursor=str(self._feed.cursor))
        self._session.notify("trace/didCommit", told)

    def _woken(self) -> None:
        # Called on the store's threads, perhaps after the loop has ended with its connection.
        # Already woken and not yet looking: it will see this too.
        if not self._closed and not self._changed.is_set():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._changed.set)
