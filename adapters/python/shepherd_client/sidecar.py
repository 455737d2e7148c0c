"""The blocking face of the client."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from shepherd_client import replay as replays
from shepherd_client.branch import Branch, Run
from shepherd_client.closing import Closing
from shepherd_client.connection import Connection, Listener, command_line
from shepherd_client.inherited import Inherited
from shepherd_client.payloads import Intent, Json, Machine, ReplayReport
from shepherd_client.subscription import Subscription
from shepherd_client.supervision import Decide, See, Supervision


class Sidecar(Closing):
    """A sidecar and the connection to it. Safe to share between threads."""

    def __init__(self, connection: Connection | Inherited) -> None:
        self.connection = connection

    @classmethod
    def start(
        cls,
        *,
        command: Sequence[str] | None = None,
        store: str | os.PathLike[str] | None = None,
        role: str | None = None,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Self:
        """Start a sidecar.

        Args:
            command: program and arguments; ``shepherd-sidecar serve`` when omitted.
            store: folder of the store; found upward from ``cwd`` when omitted.
            role: agent, supervisor, observer or owner; owner when omitted.
            cwd: its working directory.
            env: variables added to this process's own.

        Raises:
            SidecarExited: the program cannot be started.
        """
        return cls(Connection(command_line(command, store, role), cwd, env))

    @classmethod
    def inherited(cls) -> Self:
        """The sidecar that this process was launched with (``world/launch``, ``sidecar: true``).

        It has no thread, so that the process can be copied as it runs; it is for one thread.

        Raises:
            SidecarExited: there is none.
        """
        return cls(Inherited())

    def own_branch(self) -> Branch:
        """The branch that this process was launched on."""
        return Branch(self, os.environ["SHEPHERD_BRANCH"])

    @property
    def pid(self) -> int:
        """Process id of the sidecar."""
        return self.connection.pid

    def request(
        self, method: str, params: dict[str, Json] | None = None, *, timeout: float | None = None
    ) -> Any:
        """Call a method and wait for its result.

        Giving up, by ``timeout`` seconds or by an interrupt, cancels the request.

        Raises:
            SidecarError: the sidecar's answer is an error.
            SidecarExited: there is no sidecar any more.
            TimeoutError: the time is up.
        """
        future = self.connection.request(method, params or {})
        try:
            return future.result(timeout)
        finally:
            future.cancel()

    def notify(self, method: str, params: dict[str, Json]) -> None:
        """Send a notification: nothing comes back, not even an error."""
        self.connection.notify(method, params)

    def on(self, method: str, listener: Listener) -> Callable[[], None]:
        """Listen to a push, on the connection's own thread; returns what stops it."""
        return self.connection.on(method, listener)

    def start_run(self, name: str, **params: Json) -> Run:
        """Begin a run (``agent``, ``workspace``, ``place``, ...) and work on its first branch."""
        return Run(self, self.request("run/start", {"name": name, **params}))

    def branch(self, name: str) -> Branch:
        """Work on a branch that exists."""
        return Branch(self, name)

    def subscribe(self, **params: Json) -> Subscription:
        """Follow commits: ``all=True``, ``branches=[...]`` or ``runs=[...]``; ``from_=cursor``."""
        return Subscription(self, params)

    def supervise(
        self, name: str, decide: Decide | None = None, see: See | None = None, **params: Json
    ) -> Supervision:
        """Supervise agents on this store: ``decide(question)`` answers their intents.

        Args:
            name: stands as ``by`` in what is decided.
            decide: gives ``allow()``, ``deny(why)``, ``hold(why)``, ``question.override(...)``
                or None (allow). Called on a thread for each question; what it raises counts as
                no answer. Without it nothing waits.
            see: is told every commit, on the connection's own thread.
            params: ``kinds``, ``runs``, ``branches`` and ``tools`` choose; ``timeoutMs``,
                ``onTimeout``, ``recent`` and ``maxPayload`` as in supervisor/attach.
        """
        return Supervision(self, name, decide, see, params)

    def replay(
        self,
        source: str,
        machine: Machine,
        *,
        mode: str = "cached",
        act: Callable[[Intent], Json] | None = None,
        **params: Json,
    ) -> ReplayReport:
        """Drive ``machine`` along the log of ``source``, a branch name or a commit.

        ``act`` really does an intent; ``verify`` and ``live`` need it, and ``cached`` after
        edits. ``params``: ``until``, ``edits``, ``into``, ``rerun``.

        Raises:
            SidecarError: ``Diverged`` at the first difference from the record.
        """
        return replays.drive(self.request, source, machine, mode, act, params)

    def close(self, grace: float = 15.0) -> None:
        """Say goodbye: what was sent is worked off, then the process ends."""
        self.connection.close(grace)
