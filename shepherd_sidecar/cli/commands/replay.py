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
from shepherd_sidecar.cli.recorded_steps import Step, entries, steps
from shepherd_sidecar.cli.rerunning import Rerun
from shepherd_sidecar.cli.text import clean, plural
from shepherd_sidecar.cli.whole import whole
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.replays import Replays
from shepherd_sidecar.errors import Diverged
from shepherd_sidecar.protocol.branches import BranchDiscardParams
from shepherd_sidecar.protocol.replays import (
    ReplayCheckParams,
    ReplayCloseParams,
    ReplayCloseResult,
    ReplayNextParams,
    ReplayOpenParams,
)
from shepherd_sidecar.protocol.traces import LogResult
from shepherd_sidecar.trace.ids import Id


def run(context: Context) -> int:
    """Replay; returns the exit code."""
    asked, engine = context.arguments, context.engine
    if asked.mode == "view":
        return _view(context, engine)
    end = node_of(engine, asked.start)
    replays = engine.replays()
    opened = replays.open(
        ReplayOpenParams(
            name_or_commit(engine, asked.start),
            asked.mode,
            into=asked.into,
            rerun=[commit_of(engine, name) for name in asked.rerun] or None,
        ),
        AUTHOR,
    )
    assert opened.branch is not None, "only a view makes no branch"
    player = _Player(engine, replays, opened.replay, opened.branch, end.hex)
    try:
        with working("replaying"):
            asyncio.run(player.play(steps(engine, end)))
    finally:
        done = replays.close(ReplayCloseParams(opened.replay))
        if asked.into is None:
            engine.discard(BranchDiscardParams(opened.branch), AUTHOR).result()
    same = done.diverged is None and done.head == player.expected
    if context.json:
        context.result(done)
    else:
        _report(context, player, done, same=same)
    return 0 if same else FAILED


class _Player:
    """Plays the record against itself. ``expected`` is where that has to end."""

    def __init__(self, engine: Engine, replays: Replays, replay: str, branch: str, end: Id) -> None:
        self._replays = replays
        self._replay = replay
        self._rerun = Rerun(engine, branch)
        self.expected = end
        self.taken = 0
        """Intents that had to be done again and could not be here: taken from the record."""
        self._open: Id | None = None

    async def play(self, record: Any) -> None:
        """Propose every intent that has an outcome, in order, until the first difference."""
        for step in record:
            if step.outcome is None:
                if self._open is None:
                    # A record may end in the middle of an action: it replays up to there.
                    self._open = self.expected = step.parent
                continue
            try:
                found = self._replays.next(
                    ReplayNextParams(self._replay, step.kind, step.payload), AUTHOR
                )
            except Diverged:
                return
            if found.live and not await self._really(step):
                return

    async def _really(self, step: Step) -> bool:
        """Do it again and compare; whether it was the same."""
        said = await self._rerun.again(step)
        if said is None:
            self.taken += 1
            said = self._rerun.from_record(step)
        result, status = said
        return self._replays.check(ReplayCheckParams(self._replay, result, status)).same


def _view(context: Context, engine: Engine) -> int:
    """Print the record from its beginning."""
    end = commit_of(engine, context.arguments.start)
    if context.json:
        context.result(LogResult(entries=list(entries(engine, end))))
        return 0
    tools: dict[Id, str] = {}
    for entry in entries(engine, end):
        if entry.kind == "tool_call" and entry.payload is not None:
            tools[entry.commit] = clean(str(entry.payload.get("name")))
        context.out(one_line(context, entry, tool=tools.get(entry.intent or "")))
        if not entry.forgotten:
            lines = block(whole(engine, entry.payload), context.paint, "    ")
            for line in some(lines, context.arguments.lines):
                context.out(line)
    return 0


def _report(context: Context, player: _Player, done: ReplayCloseResult, *, same: bool) -> None:
    paint = context.paint
    if done.diverged is not None:
        _difference(context, done.diverged)
    told = f"{plural(done.matched, 'pair')} matched"
    if context.arguments.mode == "verify":
        told += f", {done.live - player.taken} of them by running again"
    context.out(told)
    if player.taken:
        context.out(f"{player.taken} could not be run from here: taken from the record")
    head = short(done.head or "")
    if same:
        context.out(f"{paint('good', 'same head')} {paint('id', head)}")
    elif done.diverged is None:
        context.out(f"{paint('bad', 'another head')} {head}, not {short(player.expected)}")


def _difference(context: Context, diverged: dict[str, Any]) -> None:
    paint = context.paint
    context.out(
        f"{paint('bad', 'differs')} at {paint('id', short(str(diverged.get('at'))))}:"
        f" {diverged.get('path')}"
    )
    for side, role, mark in (("expected", "bad", "-"), ("actual", "good", "+")):
        value = diverged.get(side)
        for line in block(value, context.paint) if value is not None else [json.dumps(None)]:
            context.out(f"{paint(role, mark)} {line}")
