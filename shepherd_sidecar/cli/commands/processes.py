"""``launch``, ``ps``, ``signal``, ``output`` and ``enter``: what runs in worlds.

Layer: cli. Keeps: a person in a world is held to it like any command, and what that changed is
captured at the end.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Sequence

from shepherd_sidecar.cli.commands.execute import variables
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import FAILED, PROGRAM, Usage
from shepherd_sidecar.cli.table import Table
from shepherd_sidecar.engine.text import clean, visible
from shepherd_sidecar.protocol.processes import (
    LaunchParams,
    OutputParams,
    Process,
    ProcessesParams,
    SignalParams,
)
from shepherd_sidecar.protocol.snapshots import SnapshotTakeParams

_SIGNAL = 128


def launch(context: Context) -> int:
    """Start a process; returns the exit code."""
    asked = context.arguments
    if not asked.words:
        raise Usage("which command? launch BRANCH -- CMD...")
    params = LaunchParams(
        asked.branch,
        asked.words,
        cwd=asked.cwd,
        env=variables(asked.env),
        name=asked.name,
        sidecar=asked.sidecar,
        copyable=asked.copyable,
        effect=asked.effect,
    )
    done = asyncio.run(context.engine.launching.launch(params, AUTHOR, "owner"))
    if context.json:
        context.result(done)
    elif done.process is not None:
        context.out(done.process.process)
        _confined(context, done.process)
    if done.process is None:
        if not context.json:
            said = visible(done.verdict.reason or "")
            context.note(f"{PROGRAM}: IntentDenied: {said} ({clean(done.verdict.by)})")
        return FAILED
    return 0


def listed(context: Context) -> int:
    """List processes; returns the exit code."""
    asked = context.arguments
    found = context.engine.processes.listed(ProcessesParams(asked.branch, asked.ended))
    if context.json:
        context.result(found)
        return 0
    show(context, found.processes)
    return 0


def send(context: Context) -> int:
    """Signal a process; returns the exit code."""
    asked = context.arguments
    name = asked.signal.upper().removeprefix("SIG")
    done = context.engine.processes.send(SignalParams(asked.process, name), AUTHOR)
    if context.json:
        context.result(done)
    return 0


def output(context: Context) -> int:
    """Print what a process wrote; returns the exit code."""
    asked, at = context.arguments, 0
    stream = "stderr" if asked.stderr else "stdout"
    while True:
        found = context.engine.processes.output(OutputParams(asked.process, stream, at))  # type: ignore[arg-type]
        if context.json:
            context.result(found)
            return 0
        data = base64.b64decode(found.data)
        if not data:
            return 0
        context.flush()
        sys.stdout.buffer.write(data)
        at = found.offset + len(data)


def enter(context: Context) -> int:
    """Let a person work in a world; returns the shell's exit code."""
    from shepherd_sidecar.worlds.keeper import terminal
    from shepherd_sidecar.worlds.run import not_started, spawn_of

    asked, engine = context.arguments, context.engine
    if context.json:
        raise Usage("a shell has no JSON")
    world = engine.workspaces.world(engine.workspaces.need(asked.branch))
    argv = asked.words or [os.environ.get("SHELL", "/bin/sh")]
    env = {"SHEPHERD_BRANCH": asked.branch}
    if "TERM" in os.environ:
        env["TERM"] = os.environ["TERM"]
    spawn = spawn_of(world, engine.processes.policy(), argv, asked.cwd or "", env)
    try:
        code = terminal.enter(engine.workspaces.keeper, spawn)
    except OSError as error:
        raise not_started(error, asked.cwd or "", argv[0]) from error
    taken = engine.take(SnapshotTakeParams(asked.branch), AUTHOR)
    if taken.snapshot.changed:
        count = len(taken.snapshot.changed)
        context.note(f"{count} changed, captured in {taken.commit[:16]}")
    return code if code >= 0 else _SIGNAL - code


def show(context: Context, found: Sequence[Process]) -> None:
    """Processes as a table, and what copies do not have."""
    table = Table(context, ("process", "branch", "status", "copied by", "pid", "command"))
    for one in found:
        ended = f"{one.status} ({one.exit_code})" if one.exit_code is not None else one.status
        table.row(
            ("id", one.process),
            ("branch", clean(one.branch)),
            ("", ended),
            ("", one.copied_by),
            ("", str(one.pid or "")),
            ("", clean(one.name or " ".join(one.argv))),
        )
    table.print("nothing that was launched runs")
    for one in found:
        for lost in one.not_captured or ():
            context.note(f"{one.process} has not: {clean(lost.what)} ({visible(lost.why)})")


def _confined(context: Context, one: Process) -> None:
    for missing in one.confinement.missing if one.confinement is not None else ():
        context.note(f"not held by: {clean(missing.what)} ({visible(missing.why)})")
