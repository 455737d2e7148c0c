"""``replay``: a record viewed, played against itself, or checked by running its commands.

Layer: cli. Keeps: exit code 1 exactly when something differs; the branch that a replay makes
is discarded afterwards unless it was given a name.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from shepherd_sidecar.cli.block import block, some
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import FAILED
from shepherd_sidecar.cli.lines import one_line
from shepherd_sidecar.cli.naming import commit_of, name_or_commit, node_of, short
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.playing import Played, play
from shepherd_sidecar.engine.recorded_steps import entries
from shepherd_sidecar.engine.text import plural, visible
from shepherd_sidecar.engine.whole import whole
from shepherd_sidecar.protocol.replays import ReplayOpenParams
from shepherd_sidecar.protocol.traces import LogResult
from shepherd_sidecar.trace.ids import Id


def run(context: Context) -> int:
    """Replay; returns the exit code."""
    asked, engine = context.arguments, context.engine
    if asked.mode == "view":
        return _view(context, engine)
    params = ReplayOpenParams(
        name_or_commit(engine, asked.start),
        asked.mode,
        into=asked.into,
        rerun=[commit_of(engine, name) for name in asked.rerun] or None,
    )
    with working("replaying"):
        played = asyncio.run(play(engine, params, node_of(engine, asked.start), AUTHOR))
    if context.json:
        context.result(played.done)
    else:
        _report(context, played)
    return 0 if played.same else FAILED


def _view(context: Context, engine: Engine) -> int:
    """Print the record from its beginning."""
    end = commit_of(engine, context.arguments.start)
    if context.json:
        context.result(LogResult(entries=list(entries(engine, end))))
        return 0
    calls: dict[Id, dict[str, Any]] = {}
    for entry in entries(engine, end):
        if entry.kind == "tool_call" and entry.payload is not None:
            calls[entry.commit] = entry.payload
        context.out(one_line(context, entry, asked=calls.get(entry.intent or "")))
        if not entry.forgotten:
            lines = block(whole(engine, entry.payload), context.paint, "    ")
            for line in some(lines, context.arguments.lines):
                context.out(line)
    return 0


def _report(context: Context, played: Played) -> None:
    paint, done = context.paint, played.done
    if done.diverged is not None:
        _difference(context, done.diverged)
    told = f"{plural(done.matched, 'pair')} matched"
    if context.arguments.mode == "verify":
        told += f", {done.live - played.taken} of them by running again"
    context.out(told)
    if played.taken:
        context.out(f"{played.taken} could not be run from here: taken from the record")
    head = short(done.head or "")
    if played.same:
        context.out(f"{paint('good', 'same head')} {paint('id', head)}")
    elif done.diverged is None:
        context.out(f"{paint('bad', 'another head')} {head}, not {short(played.expected)}")


def _difference(context: Context, diverged: dict[str, Any]) -> None:
    paint = context.paint
    context.out(
        f"{paint('bad', 'differs')} at {paint('id', short(str(diverged.get('at'))))}:"
        f" {visible(str(diverged.get('path')))}"
    )
    for side, role, mark in (("expected", "bad", "-"), ("actual", "good", "+")):
        value = diverged.get(side)
        for line in block(value, context.paint) if value is not None else [json.dumps(None)]:
            context.out(f"{paint(role, mark)} {line}")
