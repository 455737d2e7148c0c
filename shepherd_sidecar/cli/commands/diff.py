"""``diff``: two branches or commits side by side.

Layer: cli. Keeps: exit code 1 exactly when something differs.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from shepherd_sidecar.cli import history
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import FAILED
from shepherd_sidecar.cli.files import patches
from shepherd_sidecar.cli.lines import one_line
from shepherd_sidecar.cli.naming import name_or_commit, short
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine import comparing
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean, plural, visible
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import Aligned, DiffParams, DiffResult
from shepherd_sidecar.trace.ids import Id

_FEW = 3
"""Equal rows shown one by one; of more, the number."""


def run(context: Context) -> int:
    """Print the comparison; returns the exit code."""
    asked, engine = context.arguments, context.engine
    left, right = (name_or_commit(engine, name) for name in (asked.left, asked.right))
    with working("comparing"):
        found = comparing.diff(engine.store, DiffParams(left, right))
    if context.json:
        context.result(found)
    else:
        if not asked.files:
            _rows(context, engine, found)
        for line in patches(found.files, context.paint, ""):
            context.out(line)
    differs = bool(found.files) or (not asked.files and not all(row.same for row in found.rows))
    return FAILED if differs else 0


def _rows(context: Context, engine: Engine, found: DiffResult) -> None:
    asked, paint = context.arguments, context.paint
    common = f"common ancestor {paint('id', short(found.base))}" if found.base else "no ancestor"
    context.out(f"{common}; after it {plural(len(found.left), 'commit')} and {len(found.right)}")
    if found.rows:
        context.out(paint("bad", f"< {clean(asked.left)}"))
        context.out(paint("good", f"> {clean(asked.right)}"))
    entries = {entry.commit: entry for entry in [*found.left, *found.right]}
    calls = history.calls(engine, entries.values())
    for same, group in groupby(found.rows, key=lambda row: row.same):
        rows = list(group)
        if same and len(rows) > _FEW:
            context.out(paint("faint", f"= {len(rows)} equal"))
            continue
        for row in rows:
            _row(context, row, entries, calls)
    first = found.first_divergence
    if first is not None:
        sides = " and ".join(short(side) for side in (first.left, first.right) if side)
        context.out(f"{paint('title', 'first difference')} at {visible(first.path)} ({sides})")
    if found.files:
        context.out(paint("title", plural(len(found.files), "file") + ":"))


def _row(
    context: Context, row: Aligned, entries: dict[Id, Entry], calls: dict[Id, dict[str, Any]]
) -> None:
    paint = context.paint
    sides = [(row.left, "<", "bad"), (row.right, ">", "good")]
    if row.same:
        sides = [(row.left, "=", "faint")]
    for side, mark, role in sides:
        if side is not None:
            before, asked = paint(role, mark) + " ", calls.get(side)
            context.out(one_line(context, entries[side], before=before, taken=2, asked=asked))
