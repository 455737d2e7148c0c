"""The driver of the Python client: executes the runner's steps with it."""

# ruff: noqa: T201 - a program that talks on standard output

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from shepherd_client import Branch, Denied, Intent, Sidecar, SidecarError


class ToolFailure(Exception):
    """What a tool of a transcript throws."""


def act(how: dict[str, Any], given: Any) -> Any:
    """Do as a transcript's tool does: echo, throw, or give a fixed result."""
    if "throw" in how:
        raise ToolFailure(how["throw"])
    return given if how.get("echo") else how["return"]


def execute(sidecar: Sidecar, branches: dict[str, Branch], step: dict[str, Any]) -> Any:
    """One step."""
    match step["do"]:
        case "call":
            return sidecar.request(step["method"], step.get("params", {}))
        case "notify":
            return sidecar.notify(step["method"], step["params"])
        case "tool" | "model":
            branch = branches.setdefault(step["branch"], sidecar.branch(step["branch"]))
            options = step.get("options", {})
            if step["do"] == "tool":
                call = branch.tool(step["name"], step["arguments"], **options)
            else:
                call = branch.model_call(step["payload"], **options)
            with call:
                given = call.arguments if step["do"] == "tool" else call.payload
                call.result = act(step["then"], given)
            return {"result": call.result}
        case "inbox":
            inbox = branches[step["branch"]].inbox
            taken, inbox[:] = list(inbox), []
            return taken
        case "log":
            log = sidecar.branch(step["branch"]).log(**step.get("options", {}))
            return [entry["commit"] for entry in log]
        case "follow":
            params = {{"from": "from_"}.get(k, k): v for k, v in step["params"].items()}
            entries: list[Any] = []
            with sidecar.subscribe(**params) as subscription:
                while len(entries) < step["count"]:
                    entries += subscription.next()
            return {"entries": entries, "cursor": subscription.cursor}
        case "supervise":
            params = dict(step["params"])
            params.update(params.pop("filter", {}))
            guard = sidecar.supervise(
                params.pop("name"), lambda asked: step["answers"].get(asked.tool), **params
            )
            return {"supervisor": guard.id}
        case "replay":
            wants, acts = [Intent(**one) for one in step["machine"]], iter(step.get("act", []))
            params = dict(step["params"])
            report = sidecar.replay(
                params.pop("from"),
                lambda outcomes: wants[len(outcomes)] if len(outcomes) < len(wants) else None,
                act=lambda intent: act(next(acts), intent.payload),
                **params,
            )
            told = {name: getattr(report, name) for name in report.__slots__}
            outcomes = [
                {"status": o.status, "result": o.result, "recorded": o.recorded}
                for o in report.outcomes
            ]
            return {**told, "outcomes": outcomes}
    raise ValueError(f"unknown step {step['do']}")


def main() -> None:
    """Read steps, print answers; the first step opens the sidecar."""
    sidecar = Sidecar.start(command=json.loads(sys.stdin.readline())["command"])
    print(json.dumps({"ok": {}}), flush=True)
    branches: dict[str, Branch] = {}
    with sidecar:
        for line in sys.stdin:
            try:
                answer: dict[str, Any] = {"ok": execute(sidecar, branches, json.loads(line))}
            except SidecarError as error:
                answer = {"error": {"name": error.name, "code": error.code, "data": error.data}}
            except Denied as denied:
                said = {"intent": denied.intent, "by": denied.by, "reason": denied.reason}
                answer = {"error": {"name": "Denied", "data": said}}
            except ToolFailure as failure:
                answer = {"error": {"name": "ToolFailure", "data": {"message": str(failure)}}}
            print(json.dumps(answer), flush=True)


main()
