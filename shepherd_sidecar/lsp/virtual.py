"""Outlines, links and folds of the documents of the trace.

Layer: lsp.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.documents import document, outline_of
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.outline import HEADER, Outline, Row
from shepherd_sidecar.engine.text import SHORT, fit
from shepherd_sidecar.lsp.client import units
from shepherd_sidecar.lsp.showing import spot
from shepherd_sidecar.protocol.editors import DocumentParams
from shepherd_sidecar.trace.events import Kind
from shepherd_sidecar.trace.ids import Id

KINDS: Final[dict[Kind, int]] = {
    "run_start": 2,  # Module
    "run_end": 2,
    "message": 15,  # String
    "thought": 15,
    "observation": 15,
    "model_call": 6,  # Method
    "model_result": 15,
    "tool_call": 12,  # Function
    "tool_result": 24,  # Event
    "workspace_change": 1,  # File
    "intervention": 24,
    "annotation": 15,
}
"""LSP's kind of symbol for each kind of event."""
_LINK: Final = re.compile(r"\]\((shepherd:[^)\s]{1,1000})\)")
_LINKS: Final = 1_000
"""Links of one page; the first."""
_WIDE: Final = 10_000
"""Characters of a line in which links are looked for: longer ones are payloads."""
_NAME: Final = 120


def symbols(engine: Engine, uri: str, *, tree: bool) -> list[dict[str, Any]]:
    """The turns of a log with their events; flat for clients that know no tree."""
    outline = _outline(engine, uri)
    if outline is None:
        return []
    found = []
    for first, end in outline.turns():
        whole = {"start": spot(first + HEADER)["start"], "end": spot(end + HEADER)["start"]}
        inner = [_symbol(row, at + HEADER) for at, row in enumerate(outline.rows[first:end], first)]
        found.append({**inner[0], "range": whole, "children": inner[1:]})
    return found if tree else [flat for one in found for flat in _flat(one, uri)]


def folds(engine: Engine, uri: str) -> list[dict[str, Any]]:
    """One fold a turn."""
    outline = _outline(engine, uri)
    if outline is None:
        return []
    return [
        {"startLine": first + HEADER, "endLine": end - 1 + HEADER}
        for first, end in outline.turns()
        if end - first > 1
    ]


def links(engine: Engine, uri: str, encoding: str) -> list[dict[str, Any]]:
    """From a log to its events, and from a page to what it names."""
    outline = _outline(engine, uri)
    if outline is None:
        text = document(engine, DocumentParams(uri)).text
        return [
            {
                "range": spot(
                    number,
                    units(line[: match.start(1)], encoding),
                    units(line[: match.end(1)], encoding),
                ),
                "target": match[1],
            }
            for number, line, match in islice(_named(text), _LINKS)
        ]
    found = []
    if outline.older is not None:
        header = outline.header
        start = units(header[: header.rindex(outline.older)], encoding)
        older = uris.branch(outline.branch, outline.older)
        found.append({"range": spot(0, start, start + len(outline.older)), "target": older})
    for number, row in enumerate(outline.rows, HEADER):
        start = len(row.line) - len(row.text)
        target = uris.event(row.entry.commit)
        found.append({"range": spot(number, start, start + SHORT), "target": target})
    return found


def commit_at(engine: Engine, uri: str, line: int) -> Id | None:
    """The event that a line of a document is about."""
    target = uris.parse(uri)
    if target.kind != "branch":
        return target.commit or None
    rows = outline_of(engine, target).rows
    return rows[line - HEADER].entry.commit if HEADER <= line < len(rows) + HEADER else None


def _named(text: str) -> Iterator[tuple[int, str, re.Match[str]]]:
    """The links of a page, with their lines."""
    for number, line in enumerate(text.split("\n")):
        if len(line) <= _WIDE:
            for match in _LINK.finditer(line):
                yield number, line, match


def _outline(engine: Engine, uri: str) -> Outline | None:
    target = uris.parse(uri)
    return outline_of(engine, target) if target.kind == "branch" else None


def _symbol(row: Row, line: int) -> dict[str, Any]:
    start = len(row.line) - len(row.text)
    name, _, said = row.text.partition("  ")
    about = said.split(None, 3)
    return {
        "name": fit(about[-1] if about else name, _NAME) or name,
        "detail": f"{row.entry.kind} {name}",
        "kind": KINDS[row.entry.kind],
        "range": spot(line, start, start + SHORT),
        "selectionRange": spot(line, start, start + SHORT),
    }


def _flat(symbol: dict[str, Any], uri: str) -> list[dict[str, Any]]:
    own = {
        "name": symbol["name"],
        "kind": symbol["kind"],
        "location": {"uri": uri, "range": symbol["selectionRange"]},
    }
    return [own, *(one for inner in symbol.get("children", ()) for one in _flat(inner, uri))]
