"""Waiting for what another connection will see: by subscription, never by sleeping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.sidecar import Sidecar

Entry = dict[str, Any]


def pushed(sidecar: Sidecar, subscription: str) -> dict[str, Any]:
    """The next push of a subscription."""
    params: dict[str, Any] = sidecar.receive(
        lambda m: (
            isinstance(m, dict)
            and m.get("method") == "trace/didCommit"
            and m["params"]["subscription"] == subscription
        )
    )["params"]
    return params


def until(sidecar: Sidecar, branch: str, test: Callable[[Entry], bool]) -> Entry:
    """The first entry of a branch that passes ``test``, as soon as it is recorded."""
    opened = sidecar.call("trace/subscribe", {"branches": [branch], "from": "0"})["subscription"]
    while True:
        for entry in pushed(sidecar, opened)["entries"]:
            if test(entry):
                sidecar.call("trace/unsubscribe", {"subscription": opened})
                return dict(entry)


def held_on(sidecar: Sidecar, branch: str, tool: str | None = None) -> dict[str, Any]:
    """The hold on a branch (of this tool's intent), as soon as there is one."""

    def is_hold(entry: Entry) -> bool:
        return (
            entry["payload"].get("decision") == "hold"
            and entry["kind"] == "intervention"
            and (tool is None or any(entry["intent"] == one["intent"] for one in found()))
        )

    def found() -> list[dict[str, Any]]:
        return [
            one
            for one in sidecar.call("intervene/held", {})["held"]
            if one["branch"] == branch and tool in (None, one["entry"]["payload"]["name"])
        ]

    until(sidecar, branch, is_hold)
    [held] = found()
    return held


def decide(sidecar: Sidecar, held: dict[str, Any], decision: str, **more: Any) -> str:
    """Decide a hold; returns the intervention's commit."""
    params = {
        "intent": held["intent"],
        "branch": held["branch"],
        "by": "ana",
        "verdict": {"decision": decision, **more},
    }
    return str(sidecar.call("intervene/decide", params)["commit"])
