"""Working on a branch, on asyncio: reporting, acting, forking, reading its log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from shepherd_client.errors import Denied
from shepherd_client.payloads import (
    Intent,
    Json,
    describe,
    given,
    model_call,
    tool_call,
    wrap,
)

if TYPE_CHECKING:
    from shepherd_client.aio import AsyncSidecar


class AsyncCall:
    """One action: entering proposes it, leaving reports what came of it.

    Set ``result`` (and perhaps ``usage``) inside. What is raised inside becomes the outcome,
    with status error, and is raised on.
    """

    intent: str
    """The intent's commit."""
    verdict: dict[str, Any]
    """Allow or override, by whom and why."""
    payload: dict[str, Json]
    """What to run: the proposed payload, or the override's."""
    outcome: dict[str, Any]
    """The recorded outcome, afterwards: ``commit`` and, in a world, ``snapshot``."""

    def __init__(
        self, branch: AsyncBranch, intent: Intent, options: dict[str, Json], snapshot: bool | None
    ) -> None:
        self._branch = branch
        self._proposed = intent
        self._options = options
        self._snapshot = snapshot
        self.result: Json = None
        self.usage: dict[str, Json] | None = None

    @property
    def arguments(self) -> dict[str, Json]:
        """The arguments that were allowed; an override may have changed them."""
        found: dict[str, Json] = self.payload.get("arguments") or {}
        return found

    @property
    def injected(self) -> list[dict[str, Any]]:
        """Messages that came with the verdict; each is delivered once."""
        found: list[dict[str, Any]] = self.verdict.get("injected") or []
        return found

    async def __aenter__(self) -> Self:
        intent = self._proposed
        got = await self._branch.sidecar.request(
            "intent/propose",
            {
                "branch": self._branch.name,
                "kind": intent.kind,
                "payload": intent.payload,
                **self._options,
            },
        )
        self.intent, self.verdict = got["commit"], got["verdict"]
        self._branch.inbox += self.injected
        if self.verdict["decision"] == "deny":
            raise Denied(self.intent, self.verdict)
        self.payload = self.verdict.get("payload") or intent.payload
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.outcome = await self._branch.sidecar.request(
            "intent/resolve",
            {
                "branch": self._branch.name,
                "intent": self.intent,
                "payload": wrap(self.result) if error is None else describe(error),
                "status": "ok" if error is None else "error",
                **given(usage=self.usage, snapshot=self._snapshot),
            },
        )


class AsyncBranch:
    """A branch that an agent works on."""

    def __init__(
        self, sidecar: AsyncSidecar, name: str, world: dict[str, Any] | None = None
    ) -> None:
        self.sidecar = sidecar
        self.name = name
        self.world = world
        """Its live world, when it has one: ``path``, ``mountedAt``, ``driver``, ``place``."""
        self.inbox: list[dict[str, Any]] = []
        """Messages that came with verdicts; whoever reads them empties it."""

    async def report(self, kind: str, payload: dict[str, Json], **details: Json) -> str:
        """Report one event; returns its commit when it is durable.

        ``details``: ``intent``, ``effect``, ``clientId``, ``at``, ``usage``.
        """
        event = {"kind": kind, "payload": payload, **details}
        got = await self.sidecar.request("trace/append", {"branch": self.name, "events": [event]})
        commit: str = got["commits"][0]
        return commit

    def record(self, kind: str, payload: dict[str, Json], **details: Json) -> None:
        """Report an event and do not wait: in order, with no answer and no error."""
        event = {"kind": kind, "payload": payload, **details}
        self.sidecar.notify("trace/record", {"branch": self.name, "events": [event]})

    async def thought(self, text: str) -> str:
        """Report what the agent thinks."""
        return await self.report("thought", {"text": text})

    async def message(self, role: str, content: Json) -> str:
        """Report a message of the conversation."""
        return await self.report("message", {"role": role, "content": content})

    async def observation(self, payload: dict[str, Json]) -> str:
        """Report something the agent saw without having asked for it."""
        return await self.report("observation", payload)

    def tool(
        self,
        name: str,
        arguments: dict[str, Json],
        *,
        snapshot: bool | None = None,
        **options: Json,
    ) -> AsyncCall:
        """Call a tool: ``async with run.tool("bash", {...}) as call: call.result = ...``.

        ``options``: ``effect`` (irreversible when omitted), ``clientId``, ``timeoutMs``.
        ``snapshot=False`` leaves the workspace uncaptured at this step.

        Raises:
            Denied: on entering; the body does not run.
        """
        return AsyncCall(self, tool_call(name, arguments), options, snapshot)

    def model_call(
        self, payload: dict[str, Json], *, snapshot: bool | None = None, **options: Json
    ) -> AsyncCall:
        """Call a model: like ``tool``, with the whole ``{model, messages, tools, ...}``."""
        return AsyncCall(self, model_call(payload), options, snapshot)

    async def exec(self, argv: list[str], **options: Json) -> dict[str, Any]:
        """Run a command in the branch's world: asked, run, recorded and captured in one."""
        return await self._ask("world/exec", argv=argv, **options)

    async def snapshot(self) -> dict[str, Any]:
        """Capture the branch's world as it is now."""
        return await self._ask("snapshot/take")

    async def restore(self, to: str, **options: Json) -> dict[str, Any]:
        """Make the branch's world what it was at ``to``; restoring to ``safety`` undoes it."""
        return await self._ask("snapshot/restore", to=to, **options)

    async def fork(self, at: str | None = None, **options: Json) -> list[AsyncBranch]:
        """Make branches that start at this branch's head, or at the commit ``at``."""
        got = await self.sidecar.request("branch/fork", {"at": at or self.name, **options})
        return [
            AsyncBranch(self.sidecar, one["branch"], one.get("world")) for one in got["branches"]
        ]

    async def info(self) -> dict[str, Any]:
        """The branch as the store has it now: head, status, depth, world."""
        return await self._ask("branch/get")

    async def log(self, **options: Json) -> AsyncIterator[dict[str, Any]]:
        """Every entry of the log, page by page, newest first unless asked otherwise."""
        cursor: str | None = None
        while True:
            page = await self._ask("trace/log", **options, **given(cursor=cursor))
            for entry in page["entries"]:
                yield entry
            cursor = page.get("nextCursor")
            if cursor is None:
                return

    async def end(self, status: str = "finished", payload: dict[str, Json] | None = None) -> str:
        """End the branch's run; the branch takes no more. Returns the ``run_end`` commit."""
        got = await self._ask("run/end", status=status, **given(payload=payload))
        commit: str = got["commit"]
        return commit

    async def select(self, **options: Json) -> dict[str, Any]:
        """Choose this branch; the reply names its siblings. ``options``: ``by``, ``reason``."""
        return await self._ask("branch/select", **options)

    async def apply(self, onto: AsyncBranch | str | None = None, **options: Json) -> dict[str, Any]:
        """Merge what this branch did into another, or with ``workspace=True`` the user's folder.

        While the reply's ``conflicts`` are not empty nothing was done: apply again with
        ``resolve``. ``options``: ``preview``, ``by``, ``reason``.
        """
        name = onto.name if isinstance(onto, AsyncBranch) else onto
        return await self._ask("branch/apply", **given(onto=name), **options)

    async def overlaps(self, **options: Json) -> list[dict[str, Any]]:
        """Where others at work change the same; ``watch=True`` has new ones told from now on."""
        found = await self.sidecar.request("branch/overlaps", {"branch": self.name, **options})
        overlaps: list[dict[str, Any]] = found["overlaps"]
        return overlaps

    async def discard(self) -> None:
        """Set the branch aside."""
        await self._ask("branch/discard")

    async def _ask(self, method: str, **params: Json) -> dict[str, Any]:
        got: dict[str, Any] = await self.sidecar.request(method, {"branch": self.name, **params})
        return got


class AsyncRun(AsyncBranch):
    """A run that this program started, on its first branch."""

    def __init__(self, sidecar: AsyncSidecar, started: dict[str, Any]) -> None:
        super().__init__(sidecar, started["branch"], started.get("world"))
        self.run: str = started["run"]
        """The run's id."""
        self.root: str = started["head"]
        """Its root commit."""
