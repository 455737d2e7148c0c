"""``snapshot`` and ``restore``: a branch's world as it is, and as it was.

Layer: cli. Keeps: a restore is shown before it is done, and says how to undo it.
"""

from __future__ import annotations

from collections.abc import Sequence

from shepherd_sidecar.cli.again import again
from shepherd_sidecar.cli.asking import sure
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import FAILED
from shepherd_sidecar.cli.files import SHOWN, patches, reasons, rest
from shepherd_sidecar.cli.naming import name_or_commit, short
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine.text import duration, plural, size
from shepherd_sidecar.protocol.common import NotCaptured
from shepherd_sidecar.protocol.snapshots import (
    RestoreParams,
    RestoreResult,
    SnapshotTakeParams,
)


def snapshot(context: Context) -> int:
    """Capture a world; returns the exit code."""
    with working("looking at the workspace"):
        asked = context.arguments
        taken = context.engine.take(SnapshotTakeParams(asked.branch, asked.process), AUTHOR)
    if context.json:
        context.result(taken)
        return 0
    found, paint = taken.snapshot, context.paint
    context.out(f"commit {paint('id', short(taken.commit))}  tree {paint('id', short(found.tree))}")
    context.out(
        f"{plural(found.files, 'file')}, {size(found.bytes_total)}, {size(found.bytes_new)} new,"
        f" {duration(found.ms)} ({found.driver})"
    )
    if found.changed:
        context.out(f"{plural(len(found.changed), 'path')} changed:")
        for path in found.changed[:SHOWN]:
            context.out(f"  {path}")
        rest(context, len(found.changed))
    _left_out(context, "not captured", found.not_captured)
    return 0


def restore(context: Context) -> int:
    """Restore a world; returns the exit code."""
    asked, engine = context.arguments, context.engine
    to = name_or_commit(engine, asked.to)
    if not context.json or asked.preview:
        with working("looking at the workspace"):
            thought = engine.restore(
                RestoreParams(
                    asked.branch, to, preview=True, paths=asked.path, process=asked.process
                ),
                AUTHOR,
            )
        if context.json:
            context.result(thought)
        else:
            _plan(context, thought)
        if asked.preview:
            return FAILED if thought.conflicts else 0
        if not thought.changes and not thought.conflicts and not asked.process:
            return 0
    if not sure(context, "restore this?"):
        context.note("nothing was changed")
        return FAILED
    with working("restoring"):
        done = engine.restore(
            RestoreParams(asked.branch, to, paths=asked.path, process=asked.process), AUTHOR
        )
    if context.json:
        context.result(done)
        return 0
    assert done.safety is not None, "only a preview has no safety commit"
    context.out(f"restored in commit {context.paint('id', short(done.commit or ''))}")
    context.out("undo:")
    context.out(f"  {again(context, 'restore', asked.branch, '--to', done.safety[:16])}")
    return 0


def _plan(context: Context, thought: RestoreResult) -> None:
    if not thought.changes:
        context.out("nothing to change: the world is as it was there")
    else:
        context.out(f"{plural(len(thought.changes), 'change')} to the world as it is now:")
        for line in patches(thought.changes[:SHOWN], context.paint):
            context.out(line)
        rest(context, len(thought.changes))
    if thought.conflicts:
        context.out(context.paint("bad", "in the way, and in no snapshot:"))
        for line in reasons(thought.conflicts, context.paint):
            context.out(line)
    _left_out(context, "not brought back", thought.not_captured)


def _left_out(context: Context, title: str, found: Sequence[NotCaptured]) -> None:
    if not found:
        return
    context.out(f"{title}:")
    for line in reasons(found[:SHOWN], context.paint):
        context.out(line)
    rest(context, len(found))
