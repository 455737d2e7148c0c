"""One entry on one line, as logs show it.

Layer: cli.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.naming import short
from shepherd_sidecar.engine.summary import summary, usage
from shepherd_sidecar.engine.text import clean, columns, fit, pad, when
from shepherd_sidecar.protocol.common import Branch, Entry
from shepherd_sidecar.trace.events import Kind

ROLES: dict[Kind, str] = {
    "run_start": "title",
    "run_end": "title",
    "message": "message",
    "thought": "faint",
    "observation": "message",
    "model_call": "model",
    "model_result": "model",
    "tool_call": "tool",
    "tool_result": "tool",
    "workspace_change": "change",
    "intervention": "intervention",
    "annotation": "faint",
}
"""In which colour each kind stands."""
_KIND = 12
_TIME = 14
_FOR_TIMES = 60
"""Columns that a terminal has at least, to show times."""
_NAMED = 3
"""Branches named at one commit; the others are counted."""
_LEAST = 12
"""Columns that a summary keeps, before what it cost is left out."""


def one_line(
    context: Context,
    entry: Entry,
    *,
    before: str = "",
    taken: int = 0,
    labels: Sequence[Branch] = (),
    asked: dict[str, Any] | None = None,
) -> str:
    """Id, time, kind, branches, what it is about, and what it cost.

    ``before`` stands in front (a graph) and takes ``taken`` columns.
    """
    paint = context.paint
    at = ""
    if context.width is None or context.width >= _FOR_TIMES:
        at = pad(when(entry.at) if entry.at else "", _TIME) + " "
    kind = pad(entry.kind, _KIND)
    head = f"{before}{paint('id', short(entry.commit))} {paint('time', at)}"
    head += f"{paint(ROLES[entry.kind], kind)} "
    names = label(context, labels)
    used = taken + len(short(entry.commit)) + 1 + len(at) + len(kind) + 1
    if names:
        head += f"{names} "
        used += columns(label(context, labels, plain=True)) + 1
    about, cost = summary(entry, asked), usage(entry.usage)
    if context.width is not None:
        room = context.width - used
        if cost and room - len(cost) - 2 < min(_LEAST, columns(about)):
            cost = ""
        about = fit(about, room - (len(cost) + 2 if cost else 0), context.mark)
    failed = _failed(entry)
    line = head + (paint("bad", about) if failed else about)
    return line + (f"  {paint('time', cost)}" if cost else "")


def label(context: Context, branches: Sequence[Branch], *, plain: bool = False) -> str:
    """The branches whose head a commit is, in parentheses; without colours when ``plain``.

    On a terminal they take less than half of its width: further ones are counted.
    """
    for named in range(min(_NAMED, len(branches)), 0, -1):
        said = _label(context, branches, named, plain=True)
        if context.width is None or columns(said) <= context.width // 2 or named == 1:
            return said if plain else _label(context, branches, named, plain=False)
    return ""


def _label(context: Context, branches: Sequence[Branch], named: int, *, plain: bool) -> str:
    longest = context.width // 4 if context.width is not None else None
    shown = []
    for branch in branches[:named]:
        said = clean(branch.branch)
        if longest is not None:
            said = fit(said, longest, context.mark)
        if branch.status != "live":
            said += f", {branch.status}"
        role = "branch" if branch.status in ("live", "paused") else "ended"
        shown.append(said if plain else context.paint(role, said))
    if len(branches) > named:
        shown.append(f"and {len(branches) - named} more")
    return f"({'; '.join(shown)})"


def _failed(entry: Entry) -> bool:
    payload = entry.payload
    return (
        entry.kind in ("tool_result", "model_result")
        and isinstance(payload, dict)
        and payload.get("status") in ("error", "denied")
    )
