"""``held``, ``decide``, ``pause``, ``resume`` and ``inject``.

Layer: cli.
"""

from __future__ import annotations

import json
from typing import Any

from shepherd_sidecar.cli.asking import acting, given
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import PROGRAM, BadInput, Usage
from shepherd_sidecar.cli.naming import commit_of, short
from shepherd_sidecar.cli.table import Table
from shepherd_sidecar.engine.text import ago, clean, fit
from shepherd_sidecar.protocol.interventions import (
    DecideParams,
    DecideResult,
    InjectParams,
    InterveneResult,
    PauseParams,
    ResumeParams,
    Ruling,
)

_WHAT = 60


def held(context: Context) -> int:
    """List what waits; returns the exit code."""
    waiting = context.engine.intents.held()
    if context.json:
        context.result(waiting)
        return 0
    table = Table(context, ("intent", "branch", "held", "default", "what", "because"))
    for one in waiting.held:
        late = f"{one.default} {ago(one.deadline)}" if one.deadline else "waits"
        table.row(
            ("id", short(one.intent)),
            ("branch", clean(one.branch)),
            ("time", ago(one.since)),
            ("", late),
            ("tool", fit(one.wish, _WHAT, context.mark)),
            ("", clean(f"{one.reason} ({one.by})")),
        )
    table.print("nothing waits")
    if waiting.held and context.width is not None:
        context.note(
            f"decide: {PROGRAM} decide {short(waiting.held[0].intent)} allow|deny|override"
        )
    return 0


def decide(context: Context) -> int:
    """Decide a held intent; returns the exit code."""
    asked = context.arguments
    if asked.decision == "deny" and not asked.reason:
        raise Usage("a deny says why: --reason TEXT")
    if (asked.decision == "override") != (asked.payload is not None):
        raise Usage("an override, and only it, says what to run instead: --payload JSON")
    payload = _payload(asked.payload) if asked.payload is not None else None
    engine = context.engine
    params = DecideParams(
        commit_of(engine, asked.intent),
        Ruling(asked.decision, asked.reason, payload),
        acting(context),
        asked.branch,
    )
    done: DecideResult = engine.intents.decide(params, AUTHOR).result()
    _recorded(context, done, f"{asked.decision} recorded")
    return 0


def pause(context: Context) -> int:
    """Make proposals wait; returns the exit code."""
    asked = context.arguments
    params = PauseParams(asked.branch, acting(context), asked.reason)
    _recorded(context, context.engine.pause(params, AUTHOR).result(), "paused")
    return 0


def resume(context: Context) -> int:
    """Let a branch go on; returns the exit code."""
    params = ResumeParams(context.arguments.branch, acting(context))
    _recorded(context, context.engine.resume(params, AUTHOR).result(), "resumed")
    return 0


def inject(context: Context) -> int:
    """Put a message before an agent; returns the exit code."""
    asked = context.arguments
    params = InjectParams(asked.branch, given(asked.message), acting(context))
    _recorded(context, context.engine.inject(params, AUTHOR).result(), "the message waits")
    return 0


def _recorded(context: Context, done: InterveneResult | DecideResult, said: str) -> None:
    if context.json:
        context.result(done)
    else:
        context.out(f"{said} (commit {context.paint('id', short(done.commit))})")


def _payload(text: str) -> dict[str, Any]:
    try:
        value = json.loads(given(text))
    except ValueError as error:
        raise BadInput(f"--payload is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadInput("--payload is a JSON object, the whole payload to run instead")
    return value
