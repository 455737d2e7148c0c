"""``select``, ``apply`` and ``overlaps``: what becomes of branches.

Layer: cli. Keeps: an apply is shown before it is done, and says how to undo it; a conflict is
shown with the lines of both sides, and the options that resolve it.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shepherd_sidecar.cli.again import again
from shepherd_sidecar.cli.asking import acting, sure
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import FAILED, BadInput, Usage
from shepherd_sidecar.cli.files import SHOWN, patches, reasons, rest
from shepherd_sidecar.cli.naming import short
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine.text import clean, plural, visible
from shepherd_sidecar.protocol.overlaps import Overlap, OverlapsParams
from shepherd_sidecar.protocol.settling import (
    ApplyParams,
    ApplyResult,
    Conflict,
    Lines,
    Resolution,
    SelectParams,
)

_LINES = 12
"""Lines of a hunk's side that are shown."""
_SIDES = ("onto", "branch", "base")
_WORDS = {
    "content": "both changed these lines",
    "binary": "both changed it, and it is no text",
    "mode": "both changed its permissions",
    "link": "both changed where it leads",
    "kind": "it became different kinds of thing",
    "addAdd": "both added it",
    "modifyDelete": "one changed it, the other removed it",
    "renameDelete": "one renamed it, the other removed it",
    "renameRename": "both renamed it",
    "sameFile": "both changed it, in places that do not touch",
}


def select(context: Context) -> int:
    """Choose a branch; returns the exit code."""
    asked = context.arguments
    params = SelectParams(asked.branch, acting(context), asked.reason)
    done = context.engine.select(params, AUTHOR).result()
    if context.json:
        context.result(done)
        return 0
    context.out(f"{context.paint('branch', clean(asked.branch))} is selected")
    if done.siblings:
        context.out("the others:")
        for other in done.siblings:
            context.out(f"  {clean(other.branch)}  {other.status}")
    return 0


def apply(context: Context) -> int:
    """Merge a branch into another, or into the user's folder; returns the exit code."""
    asked = context.arguments
    resolve = _resolutions(asked.take or (), asked.file or ())
    by = acting(context)

    def params(*, preview: bool) -> ApplyParams:
        return ApplyParams(
            asked.branch, asked.onto, asked.workspace, resolve, preview, by, asked.reason
        )

    if not context.json or asked.preview:
        with working("comparing"):
            thought = context.engine.apply(params(preview=True), AUTHOR)
        if context.json:
            context.result(thought)
        else:
            _plan(context, thought)
        if asked.preview or thought.conflicts:
            return FAILED if thought.conflicts else 0
        if not thought.changes:
            return 0
    if not sure(context, "apply this?"):
        context.note("nothing was changed")
        return FAILED
    with working("settling"):
        done = context.engine.apply(params(preview=False), AUTHOR)
    if context.json:
        context.result(done)
        return FAILED if done.conflicts else 0
    if done.conflicts:  # somebody edited while the question was asked
        _plan(context, done)
        return FAILED
    context.out(f"applied in commit {context.paint('id', short(done.commit or ''))}")
    if done.safety is not None:
        context.out("undo:")
        context.out(f"  {again(context, 'restore', done.onto, '--to', done.safety[:16])}")
    return 0


def overlaps(context: Context) -> int:
    """Show where branches change the same things; returns the exit code."""
    asked = context.arguments
    watch = None if asked.watch is None else asked.watch == "on"
    with working("comparing"):
        found = context.engine.find_overlaps(OverlapsParams(asked.branch, None, watch))
    worse = FAILED if any(one.why != "sameFile" for one in found.overlaps) else 0
    if context.json:
        context.result(found)
        return worse
    if not found.overlaps:
        context.out("nothing overlaps")
    for one in found.overlaps:
        for line in _overlap(context, one):
            context.out(line)
    if watch is not None:
        context.out("new ones are told" if found.watched else "new ones are not told")
    return worse


def _plan(context: Context, thought: ApplyResult) -> None:
    if thought.conflicts:
        context.out(context.paint("bad", f"{plural(len(thought.conflicts), 'conflict')}:"))
        for conflict in thought.conflicts[:SHOWN]:
            for line in _conflict(context, conflict):
                context.out(line)
        rest(context, len(thought.conflicts))
        context.out("nothing was changed; apply again with, for each:")
        for conflict in thought.conflicts[:SHOWN]:
            context.out(f"  {_way_out(conflict)}")
        return
    if not thought.changes:
        context.out(f"nothing to apply: {clean(thought.onto)} has it all")
    else:
        context.out(f"{plural(len(thought.changes), 'change')} to {clean(thought.onto)}:")
        for line in patches(thought.changes[:SHOWN], context.paint):
            context.out(line)
        rest(context, len(thought.changes))
    if thought.not_captured:
        context.out("left as it is:")
        for line in reasons(thought.not_captured[:SHOWN], context.paint):
            context.out(line)


def _conflict(context: Context, conflict: Conflict) -> Iterator[str]:
    paint = context.paint
    moved = f" ({' -> '.join(dict.fromkeys(conflict.names))})" if conflict.names else ""
    yield f"{paint('warn', conflict.path)}{moved}: {_WORDS[conflict.why]}"
    for hunk in conflict.hunks:
        yield from _side(context, "onto", hunk.onto)
        yield from _side(context, "branch", hunk.branch)


def _side(context: Context, name: str, lines: Lines) -> Iterator[str]:
    yield f"  {context.paint('key', name)} {_where(lines)}"
    if lines.text is None:
        yield "    (too long to show)"
        return
    shown = lines.text.splitlines()
    for line in shown[:_LINES]:
        yield f"    {visible(line)}"
    if len(shown) > _LINES:
        yield f"    and {plural(len(shown) - _LINES, 'line')} more"


def _overlap(context: Context, one: Overlap) -> Iterator[str]:
    pair = f"{clean(one.left)} and {clean(one.right)}"
    role = "faint" if one.why == "sameFile" else "warn"
    yield f"{context.paint(role, one.path)}: {pair}: {_WORDS[one.why]}"
    for hunk in one.hunks:
        yield f"  {_where(hunk.left)} and {_where(hunk.right)} (were {_where(hunk.base)})"


def _where(lines: Lines) -> str:
    if lines.to < lines.from_:
        return f"before line {lines.from_}"
    return f"line {lines.from_}" if lines.to == lines.from_ else f"lines {lines.from_}-{lines.to}"


def _way_out(conflict: Conflict) -> str:
    path = shlex.quote(conflict.path)
    if conflict.hunks:
        choices = ",".join(["both"] * len(conflict.hunks))
        return f"--take {path}={choices}  (or onto, branch, base; or --file {path}=FILE)"
    return f"--take {path}=onto  (or branch, base; or --file {path}=FILE)"


def _resolutions(take: Any, file: Any) -> dict[str, Resolution] | None:
    found: dict[str, Resolution] = {}
    for option, given in (("--take", take), ("--file", file)):
        for word in given:
            path, equals, value = word.rpartition("=")
            if not equals or not path or not value:
                raise Usage(
                    f"{option} {word}: wants PATH={'SIDE' if option == '--take' else 'FILE'}"
                )
            if path in found:
                raise Usage(f"{path} is resolved twice")
            found[path] = _taken(word, value) if option == "--take" else _read(value)
    return found or None


def _taken(word: str, value: str) -> Resolution:
    sides = value.split(",")
    for side in sides:
        if side not in (*_SIDES, "both"):
            raise Usage(f"--take {word}: a side is onto, branch, base or (of lines) both")
    if len(sides) == 1 and sides[0] in _SIDES:
        return Resolution(take=sides[0])  # type: ignore[arg-type]
    return Resolution(hunks=sides)  # type: ignore[arg-type]


def _read(value: str) -> Resolution:
    try:
        data = Path(value).read_bytes()
    except OSError as error:
        raise BadInput(f"{value} cannot be read: {error.strerror}") from None
    return Resolution(data=base64.b64encode(data).decode())
