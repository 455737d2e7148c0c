"""Following the store: the editor is told when what it shows has changed, and who waits.

Layer: lsp. Keeps: no polling; what waits for a decision is told at once, the rest at most four
times a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean
from shepherd_sidecar.errors import IntentAlreadyResolved, ShepherdError
from shepherd_sidecar.lsp.client import Client
from shepherd_sidecar.lsp.commands import INFO, Commands
from shepherd_sidecar.protocol.editors import DidHold
from shepherd_sidecar.protocol.interventions import Held
from shepherd_sidecar.protocol.method import DECIDERS
from shepherd_sidecar.server.session import PeerError, Session
from shepherd_sidecar.store import holds, numbers
from shepherd_sidecar.trace.ids import Id

log = logging.getLogger(__name__)

_PAUSE: Final = 0.25
"""Seconds between two refreshes."""
_WARNING: Final = 2
_CHOICES: Final = ("Allow", "Deny", "Show")

Waiting = tuple[Id, str, str]
"""An intent, the branch where it waits, and since when."""


class Following:
    """What one connection is told unasked."""

    def __init__(
        self,
        engine: Engine,
        session: Session,
        commands: Commands,
        publish: Callable[[], Any],
        shown: Callable[[], list[str]],
    ) -> None:
        """``publish`` sends what is wrong with open files; ``shown``: open documents of ours."""
        self._engine = engine
        self._session = session
        self._commands = commands
        self._publish = publish
        self._shown = shown
        self._loop = session.loop
        self._held = asyncio.Event()
        self._moved = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._asked: dict[Waiting, asyncio.Task[Any]] = {}
        self._open: dict[str, Future[Any]] = {}
        self._closed = False
        self.client: Client

    def start(self, client: Client) -> None:
        """Begin; called once, on the loop."""
        self.client = client
        self._session.on_close(self._close)
        self._held.set()
        self._moved.set()
        self._spawn(self._listen())

    def touch(self) -> None:
        """Something of the editor's own changed; on the loop."""
        self._moved.set()

    def again(self) -> None:
        """What the editor shows must be asked for again; on the loop."""
        self._refresh()
        self._moved.set()

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _close(self) -> None:
        self._closed = True
        for task in [*self._tasks]:
            task.cancel()

    def _woken(self) -> None:
        # On a thread of the store, perhaps after the loop has ended.
        if not self._closed:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._both)

    def _both(self) -> None:
        self._held.set()
        self._moved.set()

    async def _listen(self) -> None:
        await asyncio.to_thread(self._engine.store.listen, self._woken)
        try:
            await asyncio.gather(self._watch_held(), self._watch_moved())
        finally:
            self._engine.store.unlisten(self._woken)

    async def _watch_held(self) -> None:
        known: set[tuple[int, int]] = set()
        while self.client.held != "none":
            await self._held.wait()
            self._held.clear()
            try:
                with self._engine.store.reading() as conn:
                    waiting = {(hold.seq, hold.since) for hold in holds.every(conn)}
                if waiting == known:
                    continue
                held = self._engine.intents.held()
            except (ShepherdError, OSError) as error:
                log.warning("held intents: %s", type(error).__qualname__)
                continue
            known = waiting
            if self.client.held == "notify":
                self._session.notify("editor/didHold", DidHold(held.held))
            elif self._session.role in DECIDERS:
                self._ask_new({(one.intent, one.branch, one.since): one for one in held.held})

    def _ask_new(self, held: dict[Waiting, Held]) -> None:
        for gone in self._asked.keys() - held.keys():
            self._asked.pop(gone).cancel()
        for waiting, one in held.items():
            if waiting not in self._asked:
                self._asked[waiting] = self._spawn(self._ask(one))

    async def _ask(self, one: Held) -> None:
        # The wish is not cut here: who decides sees all of it, or how much there is beyond.
        why = f"held by {clean(one.by)}: {clean(one.reason)}"
        text = f"{clean(one.branch)} waits: {one.wish} ({why})"
        with contextlib.suppress(PeerError, ConnectionError):
            while (choice := await self._commands.ask(text, *_CHOICES)) == "Show":
                await self._commands.show({"uri": uris.event(one.intent)})
            if choice is not None:
                await self._decide(one, choice)

    async def _decide(self, one: Held, choice: str) -> None:
        asked: dict[str, Any] = {"intent": one.intent, "branch": one.branch}
        if choice == "Deny":
            asked |= {"decision": "deny", "reason": "denied in the editor"}
        else:
            asked["decision"] = "allow"
        try:
            await self._commands.decide(asked)
        except IntentAlreadyResolved:
            told = {"type": INFO, "message": "It was decided already."}
            self._session.notify("window/showMessage", told)
        except ShepherdError as error:
            told = {"type": _WARNING, "message": f"{error.message} ({error.advice})"}
            self._session.notify("window/showMessage", told)

    async def _watch_moved(self) -> None:
        seen = -1
        while True:
            await self._moved.wait()
            self._moved.clear()
            try:
                with self._engine.store.reading() as conn:
                    newest = numbers.last(conn, "reflog")
                if newest != seen and seen >= 0:
                    self._refresh()
                seen = newest
                await self._publish()
            except (ShepherdError, OSError) as error:
                log.warning("problems: %s", type(error).__qualname__)
            await asyncio.sleep(_PAUSE)

    def _refresh(self) -> None:
        for name in ("workspace/codeLens/refresh", "workspace/inlayHint/refresh"):
            if name in self.client.refreshes:
                self._ask_once(name, name, None)
        name = "workspace/textDocumentContent/refresh"
        if name in self.client.refreshes:
            for uri in self._shown():
                self._ask_once(uri, name, {"uri": uri})

    def _ask_once(self, key: str, method: str, params: Any) -> None:
        """Ask, unless the client has not yet answered the last time."""
        open_one = self._open.get(key)
        if open_one is None or open_one.done():
            asked = self._open[key] = self._session.ask(method, params)
            asked.add_done_callback(lambda done: done.cancelled() or done.exception())
