"""The commands of ``workspace/executeCommand``: what a lens, an action or a person does.

Layer: lsp. Keeps: each goes the way of the method it stands for, so that a role which may not
call the one may not do the other; nothing is restored before the person saw what would change.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.documents import document
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import resolve
from shepherd_sidecar.engine.playing import Played, play
from shepherd_sidecar.engine.recorded_steps import Step
from shepherd_sidecar.engine.text import clean, plural, short
from shepherd_sidecar.errors import InvalidParams, RoleForbidden, ShepherdError
from shepherd_sidecar.lsp.client import Client
from shepherd_sidecar.lsp.sheets import Sheets
from shepherd_sidecar.lsp.showing import spot
from shepherd_sidecar.protocol.converter import structure, unstructure
from shepherd_sidecar.protocol.editors import DocumentParams
from shepherd_sidecar.protocol.replays import ReplayOpenParams
from shepherd_sidecar.server.protocol import ShepherdLanguageServer
from shepherd_sidecar.server.session import PeerError
from shepherd_sidecar.store import branches

log = logging.getLogger(__name__)

INFO: Final = 3
_NAMED: Final = 8
_BETWEEN: Final = 0.1
"""Seconds between two reports of progress."""

Argument = dict[str, Any]


class Commands:
    """The commands of one connection."""

    def __init__(
        self,
        engine: Engine,
        server: ShepherdLanguageServer,
        sheets: Sheets,
        changed: Callable[[], None],
    ) -> None:
        """``changed``: called when what the editor shows must be asked for again."""
        self._engine = engine
        self._server = server
        self._session = server.session
        self._sheets = sheets
        self._changed = changed
        self._playing: dict[str | int, threading.Event] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.client: Client
        self.all: dict[str, Callable[[Argument], Awaitable[Any]]] = {
            "shepherd.show": self.show,
            "shepherd.fork": self._fork,
            "shepherd.restore": self._restore,
            "shepherd.undo": self._undo,
            "shepherd.replay": self._replay,
            "shepherd.decide": self.decide,
            "shepherd.pause": self._pause,
            "shepherd.resume": self._resume,
            "shepherd.useBranch": self._use,
        }

    async def call(self, method: str, params: Argument) -> Any:
        """Call a method of the table as this client would.

        Raises:
            RoleForbidden: it may not.
        """
        found = self._server.settings.find(method)
        assert found is not None, f"{method} is in the table"
        if self._session.role not in found.roles:
            raise RoleForbidden(
                f"{method} is not for the role {self._session.role!r}", role=self._session.role
            )
        handler = self._server.settings.handlers[method]
        said = handler(self._session, structure(params, found.params))
        if isinstance(said, Future):
            said = await asyncio.wrap_future(said)
        elif inspect.isawaitable(said):
            said = await said
        return unstructure(said)

    def cancel(self, token: str | int) -> None:
        """The person does not want to wait for a replay any longer."""
        playing = self._playing.get(token)
        if playing is not None:
            playing.set()

    async def show(self, asked: Argument) -> Any:
        """Show a document."""
        uri = _text(asked, "uri")
        shown = False
        if self.client.shows:
            line = asked.get("line")
            where = {"selection": spot(line)} if type(line) is int and line >= 0 else {}
            sent = {"uri": uri, "takeFocus": True, **where}
            with suppress(PeerError):
                answer = await self._session.request("window/showDocument", sent)
                shown = isinstance(answer, dict) and answer.get("success") is True
        if shown or not uris.is_ours(uri):
            return {"uri": uri, "shown": shown}
        text = await asyncio.to_thread(document, self._engine, DocumentParams(uri))
        return {"uri": uri, "shown": False, "text": text.text}

    async def decide(self, asked: Argument) -> Any:
        """Decide a held intent."""
        ruling = {name: asked.get(name) for name in ("decision", "reason", "payload")}
        told = {name: value for name, value in ruling.items() if value is not None}
        params = {"intent": asked.get("intent"), "verdict": told, "by": self._session.author}
        if asked.get("branch") is not None:
            params["branch"] = asked["branch"]
        return await self.call("intervene/decide", params)

    async def _fork(self, asked: Argument) -> Any:
        names = [asked["name"]] if asked.get("name") is not None else None
        params = {"at": _text(asked, "at"), **({"names": names} if names else {})}
        made = await self.call("branch/fork", params)
        new = made["branches"][0]
        where = new.get("world")
        stands = f", its files are in {clean(where['path'])}" if where else ""
        self._tell(f"Forked: branch {clean(new['branch'])}{stands}")
        return made

    async def _restore(self, asked: Argument) -> Any:
        params = {name: asked[name] for name in ("branch", "to", "paths") if asked.get(name)}
        if asked.get("confirmed") is not True:
            would = await self.call("snapshot/restore", {**params, "preview": True})
            if not await self._confirmed(params, would):
                return None
        done = await self.call("snapshot/restore", params)
        self._changed()
        if asked.get("confirmed") is not True and done.get("safety"):
            task = asyncio.get_running_loop().create_task(self._offer_undo(params, done))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return done

    async def _confirmed(self, params: Argument, would: Argument) -> bool:
        paths = [clean(change["path"]) for change in would["changes"]]
        if not paths:
            self._tell("Nothing to restore: it is as it was then.")
            return False
        named = ", ".join(paths[:_NAMED])
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        as_of = clean(short(params["to"]))
        text = f"Restore {plural(len(paths), 'path')} as of {as_of}: {named}{more}?"
        if would["conflicts"]:
            text += f" In the way: {clean(would['conflicts'][0]['path'])}."
        return await self.ask(text, "Restore", "Cancel") == "Restore"

    async def _offer_undo(self, params: Argument, done: Argument) -> None:
        text = f"Restored {plural(len(done['changes']), 'path')}."
        try:
            if await self.ask(text, "Undo") == "Undo":
                await self._undo({"branch": params["branch"], "safety": done["safety"]})
        except ShepherdError as error:
            self._tell(f"Not undone: {error.message} ({error.advice})")
        except (PeerError, ConnectionError) as error:
            log.info("undo was not offered: %s", type(error).__qualname__)

    async def _undo(self, asked: Argument) -> Any:
        params = {"branch": _text(asked, "branch"), "to": _text(asked, "safety")}
        done = await self.call("snapshot/restore", params)
        self._changed()
        return done

    async def _pause(self, asked: Argument) -> Any:
        reason = {"reason": asked["reason"]} if asked.get("reason") is not None else {}
        by = {"branch": _text(asked, "branch"), "by": self._session.author, **reason}
        return await self.call("intervene/pause", by)

    async def _resume(self, asked: Argument) -> Any:
        by = {"branch": _text(asked, "branch"), "by": self._session.author}
        return await self.call("intervene/resume", by)

    async def _use(self, asked: Argument) -> Any:
        branch = asked.get("branch")
        if branch is not None:
            with self._engine.store.reading() as conn:
                branches.need(conn, _text(asked, "branch"))
        self._sheets.chosen = branch
        self._changed()
        return {"branch": branch}

    async def _replay(self, asked: Argument) -> Any:
        mode = asked.get("mode", "cached")
        if mode not in ("cached", "verify"):
            raise InvalidParams.at("$.mode", "cached or verify")
        found = self._server.settings.find("replay/open")
        if found is None or self._session.role not in found.roles:
            raise RoleForbidden("a replay is not for this role", role=self._session.role)
        start = _text(asked, "from")
        with self._engine.store.reading() as conn:
            end = resolve(conn, start)
        token = asked.get("workDoneToken")
        if not isinstance(token, str | int) and self.client.progress:
            token = await self._token()
        stop = threading.Event()
        report = _Report(self._session.notify, token, stop)
        if token is not None:
            self._playing[token] = stop
        try:
            report.say("begin", title="Replaying", cancellable=True)
            params = ReplayOpenParams(end.hex, mode)
            made = play(self._engine, params, end, self._session.author, report.step)
            played: Played = await asyncio.to_thread(asyncio.run, made)
        finally:
            # Also when the request itself was cancelled: the thread ends at its next step.
            stop.set()
            report.say("end")
            self._playing.pop(token or "", None)
        told = "the same" if played.same else "not the same"
        self._tell(f"Replayed {plural(played.done.matched, 'action')}: {told}.")
        return {**unstructure(played.done), "same": played.same}

    async def _token(self) -> str | None:
        """A token for progress that the client did not ask for; None when it wants none."""
        token = uuid.uuid4().hex
        with suppress(PeerError):
            await self._session.request("window/workDoneProgress/create", {"token": token})
            return token
        return None

    async def ask(self, text: str, *titles: str) -> str | None:
        """Ask the person; None when nothing was chosen."""
        sent = {"type": INFO, "message": text, "actions": [{"title": one} for one in titles]}
        answer = await self._session.request("window/showMessageRequest", sent)
        title = answer.get("title") if isinstance(answer, dict) else None
        return title if isinstance(title, str) else None

    def _tell(self, text: str) -> None:
        self._session.notify("window/showMessage", {"type": INFO, "message": text})


class _Report:
    """The progress of one replay, told from its thread."""

    def __init__(
        self, notify: Callable[[str, Any], None], token: Any, stop: threading.Event
    ) -> None:
        self._notify = notify
        self._token = token
        self._stop = stop
        self._steps = 0
        self._last = 0.0

    def step(self, _: Step) -> bool:
        """Before each step; whether to go on."""
        self._steps += 1
        if time.monotonic() - self._last >= _BETWEEN:
            self._last = time.monotonic()
            self.say("report", message=plural(self._steps, "action"))
        return not self._stop.is_set()

    def say(self, kind: str, **more: Any) -> None:
        """One notification, when somebody wants them."""
        if self._token is not None:
            value = {"kind": kind, **more}
            self._notify("$/progress", {"token": self._token, "value": value})


def _text(asked: Argument, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise InvalidParams.at(f"$.{name}", "expected a text")
    return value
