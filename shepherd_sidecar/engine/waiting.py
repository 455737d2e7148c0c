"""Waiting for held intents, whichever process decides them.

Layer: engine. One thread, started by the first hold: it sleeps until the store changes or the
next deadline, then looks. Keeps: no polling; no reply in time means the configured default;
what is held counts as decided only when the store, read after the waiting began, holds it no
more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.store import holds
from shepherd_sidecar.store.holds import Hold
from shepherd_sidecar.store.store import Store

log = logging.getLogger(__name__)
RETRY_S: Final = 1.0
"""A store that could not be read is looked at again so much later."""

_Key = tuple[int, int]
"""Branch and intent. Not the hold's row: its number may come back for another."""


def _key(hold: Hold) -> _Key:
    return hold.branch, hold.intent


@dataclass(slots=True)
class _Waiter:
    hold: Hold
    future: Future[None]


class Waiting:
    """The holds that callers in this process wait for.

    Args:
        store: where the holds are.
        expire: called (on the waiting thread) with a hold whose time is up; it settles it.
        watch: called (on the waiting thread) with each question to supervisors; it sees to it
            that those who die are not waited for.
    """

    def __init__(
        self,
        store: Store,
        expire: Callable[[Hold], object],
        watch: Callable[[Hold], object],
    ) -> None:
        self._store = store
        self._expire = expire
        self._watch = watch
        self._waiters: dict[_Key, list[_Waiter]] = {}
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def wait(self, hold: Hold) -> Future[None]:
        """A future that resolves when the hold is decided."""
        future: Future[None] = Future()
        with self._lock:
            self._waiters.setdefault(_key(hold), []).append(_Waiter(hold, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="holds", daemon=True)
                self._thread.start()
        self._changed.set()
        return future

    def close(self) -> None:
        """Stop waiting; the holds stay in the store for another process to decide."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._changed.set()
            thread.join()

    def _run(self) -> None:
        # Listening starts a watcher: here, because callers stand on the writer's thread.
        self._store.listen(self._changed.set)
        self._changed.set()
        failed = False
        while True:
            self._changed.wait(RETRY_S if failed else self._until_deadline())
            self._changed.clear()
            if self._closed:
                break
            try:
                self._look()
                failed = False
            except ShepherdError as error:  # whoever waits must not wait for ever
                log.error("the store could not be read for held intents: %s", error.name)
                failed = True
        self._store.unlisten(self._changed.set)

    def _look(self) -> None:
        with self._lock:
            # Only these can be judged: what is held after the store was read is not in it.
            before = list(self._waiters)
        if not before:
            return
        with self._store.frozen() as conn:
            open_now = {
                _key(hold): hold
                for intent in {intent for _, intent in before}
                for hold in holds.of_intent(conn, intent)
            }
        with self._lock:
            decided = [
                self._waiters.pop(key)
                for key in before
                if key in self._waiters and key not in open_now
            ]
            for key, waiters in self._waiters.items():  # a resume turns a pause into a plain hold
                for waiter in waiters:
                    waiter.hold = open_now.get(key, waiter.hold)
            asked = [
                waiters[0].hold
                for waiters in self._waiters.values()
                if waiters[0].hold.asked is not None
            ]
            now = time.time_ns() // 1_000_000
            late = [
                waiters[0].hold
                for waiters in self._waiters.values()
                if waiters[0].hold.deadline is not None and waiters[0].hold.deadline <= now
            ]
        for waiters in decided:
            for waiter in waiters:
                if waiter.future.set_running_or_notify_cancel():
                    waiter.future.set_result(None)
        for hold in asked:
            self._watch(hold)
        for hold in late:
            try:
                self._expire(hold)
            except Exception as error:  # whoever waits is told; the clock of others goes on
                self._fail(hold, error)

    def _fail(self, hold: Hold, error: Exception) -> None:
        with self._lock:
            waiters = self._waiters.pop(_key(hold), [])
        for waiter in waiters:
            if waiter.future.set_running_or_notify_cancel():
                waiter.future.set_exception(error)

    def _until_deadline(self) -> float | None:
        with self._lock:
            deadlines = [
                waiters[0].hold.deadline
                for waiters in self._waiters.values()
                if waiters[0].hold.deadline is not None
            ]
        if not deadlines:
            return None
        return max(0.0, min(deadlines) / 1000 - time.time())
