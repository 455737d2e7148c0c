"""A supervisor in ten lines: a function from an intent to a decision.

::

    with Sidecar.start(store=".shepherd", role="supervisor") as sidecar:
        def decide(question: Question) -> Decision | None:
            if "push --force" in str(question.arguments):
                return deny("never force a push")
            return None  # allow

        with sidecar.supervise("guard", decide, tools=["bash"]) as guard:
            guard.wait()
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from shepherd_client.closing import Closing
from shepherd_client.connection import Connection
from shepherd_client.errors import SidecarError, SidecarExited
from shepherd_client.payloads import Json, given

if TYPE_CHECKING:
    from shepherd_client.sidecar import Sidecar

log = logging.getLogger(__name__)
_KNOWN_IN: Final = 10.0
"""Seconds in which the reply to attach follows the first question."""

Decision = dict[str, Any]
"""``decision``, and ``reason``, ``payload`` or ``timeoutMs`` with it."""
Decide = Callable[["Question"], Decision | None]
See = Callable[[dict[str, Any]], object]


def allow(reason: str | None = None) -> Decision:
    """Let it run. So does returning None."""
    return {"decision": "allow", **given(reason=reason)}


def deny(reason: str) -> Decision:
    """It does not run, and the agent is told why."""
    return {"decision": "deny", "reason": reason}


def hold(reason: str, timeout_ms: int | None = None) -> Decision:
    """Leave it to a person, for so long at most."""
    return {"decision": "hold", "reason": reason, **given(timeoutMs=timeout_ms)}


class Question:
    """An intent that waits for an answer."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.branch: str = params["branch"]
        self.run: str = params["run"]
        self.intent: dict[str, Any] = params["intent"]
        """The entry: ``commit``, ``kind``, ``effect``, ``payload``, ..."""
        self.recent: list[dict[str, Any]] = params["recent"]
        """The entries before it, oldest first."""
        self.deadline: str = params["deadline"]
        self.supervisor: str = params["supervisor"]

    @property
    def payload(self) -> dict[str, Any]:
        """What is proposed; empty when it was longer than ``maxPayload``."""
        return self.intent.get("payload") or {}

    @property
    def tool(self) -> str | None:
        """Name of the tool, for a tool call."""
        return self.payload.get("name") if self.intent["kind"] == "tool_call" else None

    @property
    def arguments(self) -> dict[str, Any]:
        """The tool's arguments."""
        return self.payload.get("arguments") or {}

    def override(self, reason: str | None = None, **arguments: Json) -> Decision:
        """Run it with these arguments changed."""
        changed = {**self.payload, "arguments": {**self.arguments, **arguments}}
        return {"decision": "override", "payload": changed, **given(reason=reason)}


class Supervision(Closing):
    """An attachment; ``close`` or leaving ``with`` ends it."""

    def __init__(
        self,
        sidecar: Sidecar,
        name: str,
        decide: Decide | None,
        see: See | None,
        params: dict[str, Json],
    ) -> None:
        self._sidecar = sidecar
        self.over: Future[None] = Future()
        """Done when it is detached, or the sidecar has ended."""
        self._stops: list[Callable[[], None]] = []
        self._see = see
        self._lock = threading.Lock()
        connection = sidecar.connection
        if not isinstance(connection, Connection):
            raise TypeError("a supervisor has a sidecar of its own: Sidecar.start(...)")
        self._askers = askers = askers_of(connection)
        self.refused: list[dict[str, Any]] = []
        """Answers that were not taken, as supervisor/didRefuse told them."""
        early: list[tuple[str, dict[str, Any]]] = []
        self.id = ""

        def told(method: str) -> Callable[[dict[str, Any]], None]:
            def listener(push: dict[str, Any]) -> None:
                if self.id:
                    self._told(method, push)
                else:
                    early.append((method, push))

            return listener

        # Listening begins before asking: pushes may come together with the reply.
        for method in ("trace/didCommit", "supervisor/didRefuse", "supervisor/didDetach"):
            self._stops.append(sidecar.on(method, told(method)))
        try:
            got = sidecar.request("supervisor/attach", attach_params(name, decide, see, params))
        except BaseException:
            self._stop()
            raise
        self.id = got["supervisor"]
        if decide is not None:
            askers.add(self.id, decide)
        for method, push in early:
            self._told(method, push)
        connection.on_end(self._gone)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it is detached, or the sidecar ends; whether that happened in time."""
        return bool(wait([self.over], timeout).done)

    def close(self) -> None:
        """Detach. What waits for an answer goes on by its default."""
        self._stop()
        self._askers.remove(self.id)
        if self._end():
            with suppress(SidecarExited, SidecarError):  # it may have been detached meanwhile
                self._sidecar.request("supervisor/detach", {"supervisor": self.id})

    def _gone(self, _: SidecarExited) -> None:
        self._end()

    def _end(self) -> bool:
        """Whether it was attached until now."""
        with self._lock:
            if self.over.done():
                return False
            self.over.set_result(None)
            return True

    def _stop(self) -> None:
        for stop in self._stops:
            stop()

    def _told(self, method: str, push: dict[str, Any]) -> None:
        if self.id not in (push.get("supervisor"), push.get("subscription")):
            return
        if method == "supervisor/didDetach":
            self._end()
        elif method == "supervisor/didRefuse":
            self.refused.append(push)
            log.warning("an answer was not taken: %s: %s", push["name"], push["message"])
        elif self._see is not None:
            for entry in push["entries"]:
                self._see(entry)


class Askers:
    """Who decides for which attachment of one connection."""

    def __init__(self) -> None:
        self._decides: dict[str, Decide] = {}
        self._changed = threading.Condition()

    def add(self, id_: str, decide: Decide) -> None:
        """Questions to this attachment go there."""
        with self._changed:
            self._decides[id_] = decide
            self._changed.notify_all()

    def remove(self, id_: str) -> None:
        """They do not any more."""
        with self._changed:
            self._decides.pop(id_, None)

    def __call__(self, params: dict[str, Any]) -> Decision:
        """Answer one question; on a thread of its own."""
        question = Question(params)
        with self._changed:
            # The first question may overtake the reply that names the attachment.
            self._changed.wait_for(lambda: question.supervisor in self._decides, _KNOWN_IN)
            decide = self._decides[question.supervisor]
        return decide(question) or allow()


def askers_of(connection: Connection) -> Askers:
    """The askers of a connection, which answer its questions."""
    answerer = connection.answerer("supervisor/decide", Askers)
    assert isinstance(answerer, Askers)
    return answerer


def attach_params(
    name: str, decide: object, see: object, params: dict[str, Json]
) -> dict[str, Json]:
    """Params of supervisor/attach: ``kinds``, ``runs``, ``branches`` and ``tools`` filter."""
    filters = ("kinds", "runs", "branches", "tools")
    wants = {key: value for key, value in params.items() if key in filters and value is not None}
    rest = {key: value for key, value in params.items() if key not in filters}
    gate = decide is not None
    return {
        "name": name,
        "gate": gate,
        "watch": see is not None,
        **given(filter=wants or None),
        **rest,
    }
