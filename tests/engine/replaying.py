"""Runs that are recorded to be replayed, and open replays."""

from __future__ import annotations

from typing import Any

from tests.support.sidecar import Sidecar
from tests.support.wire import WireError

Call = dict[str, Any]


def call(tool: str, **arguments: Any) -> Call:
    return {"kind": "tool_call", "payload": {"name": tool, "arguments": arguments}}


def model(text: str) -> Call:
    return {"kind": "model_call", "payload": {"model": "m", "messages": [{"content": text}]}}


def record(
    sidecar: Sidecar, branch: str, steps: list[Call], effect: str | None = "reversible"
) -> list[tuple[str, str]]:
    """Acts the steps out one by one, with a thought before each; the commits of each pair."""
    pairs = []
    for number, step in enumerate(steps):
        sidecar.append(branch, {"kind": "thought", "payload": {"n": number}})
        asked = {"branch": branch, "effect": effect, **step}
        intent = sidecar.call("intent/propose", asked)["commit"]
        pairs.append((intent, sidecar.resolve(branch, intent, payload={"n": number})["commit"]))
    sidecar.say(branch, "done")
    return pairs


class Replay:
    """One open replay."""

    def __init__(self, sidecar: Sidecar, of: str, mode: str = "cached", **params: Any) -> None:
        self.sidecar = sidecar
        opened = sidecar.call("replay/open", {"from": of, "mode": mode, **params})
        self.id, self.branch = opened["replay"], opened.get("branch")
        self.start = opened.get("head")

    def next(self, step: Call | None = None) -> dict[str, Any]:
        return dict(self.sidecar.call("replay/next", {"replay": self.id, **(step or {})}))

    def refused(self, step: Call) -> WireError:
        error = self.sidecar.error(self.sidecar.request("replay/next", {"replay": self.id, **step}))
        assert error.data["hint"]
        return error

    def check(self, result: Any, status: str = "ok") -> dict[str, Any]:
        params = {"replay": self.id, "payload": result, "status": status}
        return dict(self.sidecar.call("replay/check", params))

    def close(self) -> dict[str, Any]:
        return dict(self.sidecar.call("replay/close", {"replay": self.id}))


STEPS = [call("look", at="x"), model("hi"), call("write", n=[1, {"a": None}]), call("look", at="x")]
