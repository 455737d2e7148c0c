"""Working on a branch, blocking: reporting, acting, forking, reading its log."""

from __future__ import annotations

from collections.abc import Iterator
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
    from shepherd_client.sidecar import Sidecar


class Call:
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
        self, branch: Branch, intent: Intent, options: dict[str, Json], snapshot: bool | None
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

    def __enter__(self) -> Self:
        intent = self._proposed
        got = self._branch.sidecar.request(
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.outcome = self._branch.sidecar.request(
            "intent/resolve",
            {
                "branch": self._branch.name,
                "intent": self.intent,
                "payload": wrap(self.result) if error is None else describe(error),
                "status": "ok" if error is None else "error",
                **given(usage=self.usage, snapshot=self._snapshot),
            },
        )


class Branch:
    """A branch that an agent works on."""

    def __init__(self, sidecar: Sidecar, name: str, world: dict[str, Any] | None = None) -> None:
        self.sidecar = sidecar
        self.name = name
        self.world = world
        """Its live world, when it has one: ``path``, ``mountedAt``, ``driver``, ``place``."""
        self.inbox: list[dict[str, Any]] = []
        """Messages that came with verdicts; whoever reads them empties it."""

    def report(self, kind: str, payload: dict[str, Json], **details: Json) -> str:
        """Report one event; returns its commit when it is durable.

        ``details``: ``intent``, ``effect``, ``clientId``, ``at``, ``usage``.
        """
        event = {"kind": kind, "payload": payload, **details}
        got = self.sidecar.request("trace/append", {"branch": self.name, "events": [event]})
        commit: str = got["commits"][0]
        return commit

    def record(self, kind: str, payload: dict[str, Json], **details: Json) -> None:
        """Report an event and do not wait: in order, with no answer and no error."""
        event = {"kind": kind, "payload": payload, **details}
        self.sidecar.notify("trace/record", {"branch": self.name, "events": [event]})

    def thought(self, text: str) -> str:
        """Report what the agent thinks."""
        return self.report("thought", {"text": text})

    def message(self, role: str, content: Json) -> str:
        """Report a message of the conversation."""
        return self.report("message", {"role": role, "content": content})

    def observation(self, payload: dict[str, Json]) -> str:
        """Report something the agent saw without having asked for it."""
        return self.report("observation", payload)

    def tool(
        self,
        name: str,
        arguments: dict[str, Json],
        *,
        snapshot: bool | None = None,
        **options: Json,
    ) -> Call:
        """Call a tool: ``with run.tool("bash", {...}) as call: call.result = ...``.

        ``options``: ``effect`` (irreversible when omitted), ``clientId``, ``timeoutMs``.
        ``snapshot=False`` leaves the workspace uncaptured at this step.

        Raises:
            Denied: on entering; the body does not run.
        """
        return Call(self, tool_call(name, arguments), options, snapshot)

    def model_call(
        self, payload: dict[str, Json], *, snapshot: bool | None = None, **options: Json
    ) -> Call:
        """Call a model: like ``tool``, with the whole ``{model, messages, tools, ...}``."""
        return Call(self, model_call(payload), options, snapshot)

    def exec(self, argv: list[str], **options: Json) -> dict[str, Any]:
        """Run a command in the branch's world: asked, run, recorded and captured in one."""
        return self._ask("world/exec", argv=argv, **options)

    def snapshot(self) -> dict[str, Any]:
        """Capture the branch's world as it is now."""
        return self._ask("snapshot/take")

    def restore(self, to: str, **options: Json) -> dict[str, Any]:
        """Make the branch's world what it was at ``to``; restoring to ``safety`` undoes it."""
        return self._ask("snapshot/restore", to=to, **options)

    def fork(self, at: str | None = None, **options: Json) -> list[Branch]:
        """Make branches that start at this branch's head, or at the commit ``at``.

        With ``process=True`` an agent that was launched copies itself: in the copies this returns
        no branches, as ``os.fork`` returns 0.
        """
        got = self.sidecar.request("branch/fork", {"at": at or self.name, **options})
        return [Branch(self.sidecar, one["branch"], one.get("world")) for one in got["branches"]]

    def info(self) -> dict[str, Any]:
        """The branch as the store has it now: head, status, depth, world."""
        return self._ask("branch/get")

    def log(self, **options: Json) -> Iterator[dict[str, Any]]:
        """Every entry of the log, page by page, newest first unless asked otherwise."""
        cursor: str | None = None
        while True:
            page = self._ask("trace/log", **options, **given(cursor=cursor))
            yield from page["entries"]
            cursor = page.get("nextCursor")
            if cursor is None:
                return

    def end(self, status: str = "finished", payload: dict[str, Json] | None = None) -> str:
        """End the branch's run; the branch takes no more. Returns the ``run_end`` commit."""
        commit: str = self._ask("run/end", status=status, **given(payload=payload))["commit"]
        return commit

    def select(self, **options: Json) -> dict[str, Any]:
        """Choose this branch; the reply names its siblings. ``options``: ``by``, ``reason``."""
        return self._ask("branch/select", **options)

    def apply(self, onto: Branch | str | None = None, **options: Json) -> dict[str, Any]:
        """Merge what this branch did into another, or with ``workspace=True`` the user's folder.

        While the reply's ``conflicts`` are not empty nothing was done: apply again with
        ``resolve``. ``options``: ``preview``, ``by``, ``reason``.
        """
        name = onto.name if isinstance(onto, Branch) else onto
        return self._ask("branch/apply", **given(onto=name), **options)

    def overlaps(self, **options: Json) -> list[dict[str, Any]]:
        """Where others at work change the same; ``watch=True`` has new ones told from now on."""
        found: list[dict[str, Any]] = self.sidecar.request(
            "branch/overlaps", {"branch": self.name, **options}
        )["overlaps"]
        return found

    def discard(self) -> None:
        """Set the branch aside."""
        self._ask("branch/discard")

    def _ask(self, method: str, **params: Json) -> dict[str, Any]:
        got: dict[str, Any] = self.sidecar.request(method, {"branch": self.name, **params})
        return got


class Run(Branch):
    """A run that this program started, on its first branch."""

    def __init__(self, sidecar: Sidecar, started: dict[str, Any]) -> None:
        super().__init__(sidecar, started["branch"], started.get("world"))
        self.run: str = started["run"]
        """The run's id."""
        self.root: str = started["head"]
        """Its root commit."""
