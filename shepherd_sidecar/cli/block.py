"""A payload over several lines, for reading.

Layer: cli. Pure. Names and values indented below one another; text of several lines keeps its
lines. Every line is harmless to a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from shepherd_sidecar.cli.terminal import Paint
from shepherd_sidecar.engine.text import visible

_INDENT = "  "


def block(value: Any, paint: Paint, indent: str = "") -> Iterator[str]:
    """The lines of a payload."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _named(f"{indent}{paint('key', visible(name))}:", item, paint, indent)
    elif isinstance(value, list) and value:
        for item in value:
            yield from _named(f"{indent}{paint('faint', '-')}", item, paint, indent)
    elif isinstance(value, str) and value:
        for line in value.splitlines() or [value]:
            yield indent + visible(line)
    else:
        yield indent + json.dumps(value)


def some(lines: Iterator[str], limit: int) -> Iterator[str]:
    """The first ``limit`` lines, and how many are left out; 0: all."""
    if not limit:
        yield from lines
        return
    left_out = 0
    for number, line in enumerate(lines):
        if number < limit:
            yield line
        else:
            left_out += 1
    if left_out:
        yield f"    ... {left_out} more {'line' if left_out == 1 else 'lines'}"


def _named(head: str, item: Any, paint: Paint, indent: str) -> Iterator[str]:
    inner = indent + _INDENT
    if isinstance(item, str) and item and "\n" not in item.rstrip("\n"):
        yield f"{head} {visible(item.rstrip(chr(10)))}"
    elif isinstance(item, dict | list) and item and head.endswith(("-", "-\x1b[0m")):
        # The first line of an element stands beside its dash.
        lines = list(block(item, paint, inner))
        yield f"{head} {lines[0][len(inner) :]}"
        yield from lines[1:]
    elif isinstance(item, dict | list | str) and item:
        yield head
        yield from block(item, paint, inner)
    else:
        yield f"{head} {json.dumps(item)}"
