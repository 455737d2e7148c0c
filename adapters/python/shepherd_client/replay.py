"""Driving an agent along a recorded log, blocking.

The record answers where it can; ``act`` does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from shepherd_client.errors import SidecarError, SidecarExited
from shepherd_client.payloads import (
    Intent,
    Json,
    Machine,
    Outcome,
    ReplayReport,
    Status,
    denied,
    describe,
    recorded,
    unwrap,
    wrap,
)


def drive(
    request: Callable[[str, dict[str, Json]], Any],
    source: str,
    machine: Machine,
    mode: str,
    act: Callable[[Intent], Json] | None,
    params: dict[str, Json],
) -> ReplayReport:
    """See ``Sidecar.replay``."""
    opened = request("replay/open", {"from": source, "mode": mode, **params})
    handle = {"replay": opened["replay"]}
    report = ReplayReport(opened.get("branch"))
    try:
        while (intent := machine(report.outcomes)) is not None:
            asked = {**handle, "kind": intent.kind, "payload": intent.payload}
            step = request("replay/next", asked)
            if not step.get("live"):
                report.outcomes.append(recorded(step["outcome"]))
                continue
            if mode == "verify":
                status, payload = _really(act, intent)
                done = {"payload": payload, "status": status}
                checked = request("replay/check", {**handle, **done})
                if not checked["same"]:
                    report.differences.append(checked)
                report.outcomes.append(recorded(step["outcome"]))
                continue
            verdict = step["verdict"]
            if verdict["decision"] == "deny":
                report.outcomes.append(denied(verdict))
                continue
            allowed = Intent(intent.kind, verdict.get("payload") or intent.payload)
            status, payload = _really(act, allowed)
            done = {"intent": step["commit"], "payload": payload, "status": status}
            request("intent/resolve", {"branch": report.branch, **done})
            report.outcomes.append(Outcome(status, unwrap(payload), recorded=False))
    except BaseException:
        with suppress(SidecarError, SidecarExited):  # the first error tells
            request("replay/close", handle)
        raise
    finish(report, request("replay/close", handle))
    return report


def finish(report: ReplayReport, closed: dict[str, Any]) -> None:
    """Take over what ``replay/close`` said."""
    report.matched, report.live = closed["matched"], closed["live"]
    report.complete, report.head = closed["complete"], closed.get("head")


def _really(act: Callable[[Intent], Json] | None, intent: Intent) -> tuple[Status, dict[str, Json]]:
    if act is None:
        raise TypeError("the replay has to act; give it `act`")
    try:
        return "ok", wrap(act(intent))
    except Exception as error:
        return "error", describe(error)
