"""Driving an agent along a recorded log, on asyncio."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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
from shepherd_client.replay import finish


async def drive(
    request: Callable[[str, dict[str, Json]], Awaitable[Any]],
    source: str,
    machine: Machine,
    mode: str,
    act: Callable[[Intent], Awaitable[Json]] | None,
    params: dict[str, Json],
) -> ReplayReport:
    """See ``AsyncSidecar.replay``."""
    opened = await request("replay/open", {"from": source, "mode": mode, **params})
    handle = {"replay": opened["replay"]}
    report = ReplayReport(opened.get("branch"))
    try:
        while (intent := machine(report.outcomes)) is not None:
            asked = {**handle, "kind": intent.kind, "payload": intent.payload}
            step = await request("replay/next", asked)
            if not step.get("live"):
                report.outcomes.append(recorded(step["outcome"]))
                continue
            if mode == "verify":
                status, payload = await _really(act, intent)
                done = {"payload": payload, "status": status}
                checked = await request("replay/check", {**handle, **done})
                if not checked["same"]:
                    report.differences.append(checked)
                report.outcomes.append(recorded(step["outcome"]))
                continue
            verdict = step["verdict"]
            if verdict["decision"] == "deny":
                report.outcomes.append(denied(verdict))
                continue
            allowed = Intent(intent.kind, verdict.get("payload") or intent.payload)
            status, payload = await _really(act, allowed)
            done = {"intent": step["commit"], "payload": payload, "status": status}
            await request("intent/resolve", {"branch": report.branch, **done})
            report.outcomes.append(Outcome(status, unwrap(payload), recorded=False))
    except BaseException:
        with suppress(SidecarError, SidecarExited):  # the first error tells
            await request("replay/close", handle)
        raise
    finish(report, await request("replay/close", handle))
    return report


async def _really(
    act: Callable[[Intent], Awaitable[Json]] | None, intent: Intent
) -> tuple[Status, dict[str, Json]]:
    if act is None:
        raise TypeError("the replay has to act; give it `act`")
    try:
        return "ok", wrap(await act(intent))
    except Exception as error:
        return "error", describe(error)
