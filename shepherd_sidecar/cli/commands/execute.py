"""``exec``: a command in a branch's world, gated and recorded.

Layer: cli. Keeps: the exit code is the command's; interrupted, the command is killed and its
outcome says so.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from shepherd_sidecar.cli.asking import given
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import FAILED, PROGRAM, Usage
from shepherd_sidecar.cli.naming import short
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean, visible
from shepherd_sidecar.protocol.worlds import ExecParams, ExecResult

_PATIENCE = 0.4
"""Seconds before it is looked at whether the gate holds it."""
_TIMED_OUT = 124
_SIGNAL = 128


def run(context: Context) -> int:
    """Run the command; returns its exit code."""
    asked = context.arguments
    if not asked.words:
        raise Usage("which command? exec BRANCH -- CMD...")
    params = ExecParams(
        asked.branch,
        asked.words,
        cwd=asked.cwd,
        env=variables(asked.env),
        stdin=given("-") if asked.stdin else None,
        timeout_ms=max(1, round(asked.timeout * 1000)),
        effect=asked.effect,
    )
    done = asyncio.run(_run(context, params))
    if context.json:
        context.result(done)
    else:
        sys.stdout.write(done.stdout)
        sys.stdout.flush()
        sys.stderr.write(done.stderr)
        sys.stderr.flush()
        _remarks(context, done)
    return _code(done)


async def _run(context: Context, params: ExecParams) -> ExecResult:
    """Run it, and say so when the gate makes it wait."""
    engine = context.engine
    running = asyncio.ensure_future(engine.executing.exec(params, AUTHOR))
    try:
        await asyncio.wait((running,), timeout=_PATIENCE)
        if not running.done():
            await _watch(context, engine, params.branch, running)
        return await running
    finally:
        if not running.done():
            running.cancel()
            await asyncio.wait((running,))


async def _watch(
    context: Context, engine: Engine, branch: str, running: asyncio.Future[ExecResult]
) -> None:
    """Until it is done or was told to be held: look whenever the store changed."""
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def woken() -> None:
        loop.call_soon_threadsafe(changed.set)

    engine.store.listen(woken)
    try:
        while not running.done() and not _tell_held(context, engine, branch):
            waiter = asyncio.ensure_future(changed.wait())
            await asyncio.wait((running, waiter), return_when=asyncio.FIRST_COMPLETED)
            waiter.cancel()
            changed.clear()
    finally:
        engine.store.unlisten(woken)


def _tell_held(context: Context, engine: Engine, branch: str) -> bool:
    for one in engine.intents.held().held:
        if one.branch == branch:
            context.note(f"held: {clean(one.reason)} ({clean(one.by)}); elsewhere, say")
            context.note(f"  {PROGRAM} decide {short(one.intent)} allow|deny|override")
            return True
    return False


def _remarks(context: Context, done: ExecResult) -> None:
    """What the command's own output does not say."""
    verdict, by = done.verdict, clean(done.verdict.by)
    if verdict.decision == "deny":
        context.note(f"{PROGRAM}: IntentDenied: {visible(verdict.reason or '')} ({by})")
    elif verdict.decision == "override":
        context.note(f"overridden by {by}: {visible(verdict.reason or 'another command')}")
    for stream, total, shown in (
        ("stdout", done.stdout_bytes, done.stdout),
        ("stderr", done.stderr_bytes, done.stderr),
    ):
        if total > len(shown.encode()):
            context.note(f"{stream} is cut: it had {total} bytes")
    if done.timed_out:
        context.note("timed out, and killed")
    if done.snapshot_failed is not None:
        failed = done.snapshot_failed
        context.note(f"no snapshot: {failed.name}: {visible(failed.message)}")


def _code(done: ExecResult) -> int:
    if done.exit_code is None:
        return FAILED
    if done.timed_out:
        return _TIMED_OUT
    return done.exit_code if done.exit_code >= 0 else _SIGNAL - done.exit_code


def variables(given: Sequence[str] | None) -> dict[str, str] | None:
    """What ``--env`` was given. Raises Usage."""
    return dict(map(_variable, given)) if given else None


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Usage(f"--env {text}: NAME=VALUE")
    return name, value
