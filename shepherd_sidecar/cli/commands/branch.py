"""``fork``, ``rename``, ``rewind`` and ``discard``.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.again import again
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import Usage
from shepherd_sidecar.cli.files import reasons
from shepherd_sidecar.cli.naming import commit_of, name_or_commit, short
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine.text import clean, duration, when
from shepherd_sidecar.protocol.branches import (
    BranchDiscardParams,
    BranchRenameParams,
    BranchRewindParams,
    ForkParams,
)


def fork(context: Context) -> int:
    """Make branches; returns the exit code."""
    asked, engine = context.arguments, context.engine
    count = asked.count or len(asked.name or ()) or 1
    if asked.name and len(asked.name) != count:
        raise Usage(f"--count {count} needs as many --name, or none")
    at = name_or_commit(engine, asked.at)
    with working("laying out worlds"):
        made = engine.fork(
            ForkParams(
                at,
                count,
                asked.name,
                world=not asked.no_world,
                driver=asked.driver,
                process=asked.process or asked.process_driver is not None,
                process_driver=asked.process_driver,
            ),
            AUTHOR,
        )
    if context.json:
        context.result(made)
        return 0
    for branch in made.branches:
        where = ""
        if branch.world is not None:
            where = f"  {clean(branch.world.path)} ({branch.world.driver})"
        context.out(
            f"{context.paint('branch', clean(branch.branch))} at"
            f" {context.paint('id', short(branch.head))}{where}"
        )
        for one in branch.processes or filter(None, [branch.process]):
            context.out(f"  process {context.paint('id', one.process)} by {one.born_by}")
            for lost in one.not_captured or ():
                context.out(f"    without {clean(lost.what)}: {clean(lost.why)}")
    for line in reasons(made.not_captured, context.paint):
        context.out(line)
    if context.width is not None:
        context.note(f"in {duration(made.ms)}")
    return 0


def rename(context: Context) -> int:
    """Give a branch another name; returns the exit code."""
    asked = context.arguments
    renamed = context.engine.rename(BranchRenameParams(asked.branch, asked.name), AUTHOR).result()
    if context.json:
        context.result(renamed)
    else:
        context.out(f"{clean(asked.branch)} is {context.paint('branch', clean(renamed.branch))}")
    return 0


def rewind(context: Context) -> int:
    """Move a branch back; returns the exit code."""
    asked, engine = context.arguments, context.engine
    to = commit_of(engine, asked.to)
    done = engine.rewind(BranchRewindParams(asked.branch, to), AUTHOR).result()
    if context.json:
        context.result(done)
        return 0
    context.out(f"{clean(asked.branch)} is at {context.paint('id', short(done.head))}")
    context.out(f"what came after is kept as {context.paint('ended', clean(done.tail))}")
    return 0


def discard(context: Context) -> int:
    """Set a branch aside, or take it back; returns the exit code."""
    asked = context.arguments
    done = context.engine.discard(
        BranchDiscardParams(asked.branch, restore=asked.undo), AUTHOR
    ).result()
    if not asked.undo:
        context.engine.processes.end(asked.branch)
    if context.json:
        context.result(done)
        return 0
    context.out(f"{context.paint('branch', clean(asked.branch))} is {done.branch.status}")
    if done.undo_until is not None:
        context.out(f"undo (until {when(done.undo_until, '%Y-%m-%d')}):")
        context.out(f"  {again(context, 'discard', '--undo', asked.branch)}")
    return 0
