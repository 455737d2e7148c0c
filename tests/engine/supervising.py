"""A scripted supervisor over the wire: attaches, waits for questions, answers as told."""

from __future__ import annotations

from typing import Any

from tests.support.sidecar import Sidecar
from tests.support.wire import event, request


class Supervisor:
    """One attachment on a connection of its own or shared."""

    def __init__(self, sidecar: Sidecar, name: str = "guard", **params: Any) -> None:
        self.sidecar = sidecar
        params = {"timeoutMs": 600_000, **params}  # a test on a busy machine answers late
        self.id = str(sidecar.call("supervisor/attach", {"name": name, **params})["supervisor"])

    def question(self, tool: str | None = None) -> dict[str, Any]:
        """The next question to this supervisor (about this tool), with its ``id``."""

        def mine(params: dict[str, Any]) -> bool:
            named = params["intent"].get("payload", {}).get("name")
            return params["supervisor"] == self.id and tool in (None, named)

        [asked] = self.sidecar.expect(request("supervisor/decide", mine))
        return dict(asked)

    def answer(self, decision: str, tool: str | None = None, **more: Any) -> dict[str, Any]:
        """Wait for a question and answer it; returns the question's params."""
        asked = self.question(tool)
        self.sidecar.respond(asked["id"], {"decision": decision, **more})
        return dict(asked["params"])

    def pushed(self, method: str) -> dict[str, Any]:
        """The next push of this method to this supervisor."""
        key = "subscription" if method == "trace/didCommit" else "supervisor"
        [got] = self.sidecar.expect(event(method, lambda params: params[key] == self.id))
        return dict(got["params"])


def verdict_of(sidecar: Sidecar, branch: str, intent: str) -> dict[str, Any]:
    """The last verdict that stands in the log for an intent."""
    said = [e["payload"] for e in sidecar.log(branch) if e.get("intent") == intent]
    return [payload for payload in said if payload.get("action") == "verdict"][-1]
