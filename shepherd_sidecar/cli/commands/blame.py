"""``blame``: who wrote each line of a file.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli import history
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import BadInput
from shepherd_sidecar.cli.naming import node_of, short
from shepherd_sidecar.engine.summary import summary
from shepherd_sidecar.engine.text import clean, columns, fit, pad, visible
from shepherd_sidecar.protocol.traces import BlameParams
from shepherd_sidecar.worlds.paths import parse_printable

_ABOUT = 32
"""Columns that a line's commit may take to say what it is about."""


def run(context: Context) -> int:
    """Print the lines; returns the exit code."""
    asked, engine = context.arguments, context.engine
    head = node_of(engine, asked.commit)
    found = engine.blaming.blame(BlameParams(asked.path, commit=head.hex, line=asked.line))
    if context.json:
        context.result(found)
        return 0
    if found.why is not None:
        raise BadInput(f"{clean(found.path)} has no lines: {found.why}", "name a file of text")
    texts = engine.blaming.file(head, parse_printable(found.path)).texts
    calls = history.calls(engine, found.entries)
    entries = {entry.commit: entry for entry in found.entries}
    about = {c: fit(summary(entries[c], calls.get(c)), _ABOUT, context.mark) for c in entries}
    wide = max(map(columns, about.values()), default=0)
    digits = len(str(found.lines))
    paint = context.paint
    for span in found.spans:
        role = "faint" if entries[span.commit].kind == "run_start" else "id"
        said = f"{paint(role, short(span.commit))} {paint('faint', pad(about[span.commit], wide))}"
        for number in range(span.first, span.first + span.count):
            text = visible(texts[number - 1].decode("utf-8", "backslashreplace"))
            context.out(f"{said} {paint('time', f'{number:>{digits}}')} {text}".rstrip())
    return 0
