"""Lenses, hints and hovers: who wrote what, beside the code.

Layer: lsp. Answers are plain JSON as LSP has it: a file may have a thousand of them.
"""

from __future__ import annotations

from typing import Any, Final

from shepherd_sidecar.engine import cards, uris
from shepherd_sidecar.engine.blaming import TYPED
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean, fit, plural
from shepherd_sidecar.lsp.client import units
from shepherd_sidecar.lsp.sheets import Fact, Region, Sheet
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

_NAME: Final = 24
_HINT: Final = 40


def spot(line: int, start: int = 0, end: int | None = None) -> dict[str, Any]:
    """A range on one line."""
    return {
        "start": {"line": line, "character": start},
        "end": {"line": line, "character": start if end is None else end},
    }


def line_end(sheet: Sheet, line: int, encoding: str) -> int:
    """Where a line ends, in the client's units."""
    text = sheet.texts[line]
    if encoding == "utf-8" or text.isascii():
        return len(text)
    return units(text.decode("utf-8", "surrogatepass"), encoding)


def command(title: str, name: str, **argument: Any) -> dict[str, Any]:
    """A command with its one argument."""
    return {"title": title, "command": name, "arguments": [argument]}


def lenses(sheet: Sheet) -> list[dict[str, Any]]:
    """Two above each piece that agents wrote: what they did, and the way back."""
    found: list[dict[str, Any]] = []
    for region in sheet.regions:
        facts = [sheet.facts[source.seq] for source in region.sources]
        said = f"{plural(len(facts), 'edit')} by {_names(facts)}"
        if len(facts) == 1:
            uri = uris.event(facts[0].node.hex)
        else:
            uri = uris.branch(sheet.place.branch, facts[-1].node.hex)
        where = spot(region.first)
        found.append({"range": where, "command": command(said, "shepherd.show", uri=uri)})
        if facts[0].before is not None:
            back = command("fork before", "shepherd.fork", at=facts[0].before)
            found.append({"range": where, "command": back})
    return found


def hints(sheet: Sheet, first: int, last: int, encoding: str) -> list[dict[str, Any]]:
    """At the end of the first line of what came together: who wrote it, with what."""
    found: list[dict[str, Any]] = []
    for start, _, line in sheet.spans:
        if start > last:
            break
        if start >= first and sheet.agents(line.source):
            fact = sheet.facts[line.source.seq]
            said = " · ".join(filter(None, (_name(fact), fact.tool)))
            end = {"line": start, "character": line_end(sheet, start, encoding)}
            label = fit(clean(said), _HINT)
            found.append({"position": end, "label": label, "paddingLeft": True})
    return found


def hover(engine: Engine, sheet: Sheet, line: int, *, markdown: bool) -> dict[str, Any] | None:
    """The card of whoever wrote a line."""
    if line >= len(sheet.lines):
        return None
    source = sheet.lines[line].source
    if source == TYPED:
        text = "Typed here since the last snapshot: no commit has it yet.\n"
    elif sheet.facts[source.seq].who.began:
        text = f"It was there when the run of *{cards.escape(sheet.place.branch)}* began.\n"
    else:
        return _card(engine, sheet.facts[source.seq].node, sheet.place.head, line, markdown)
    return _hover(text, line, markdown)


def event_hover(
    engine: Engine, commit: Id | None, line: int, markdown: bool
) -> dict[str, Any] | None:
    """The card of the event that a line of a document is about."""
    if commit is None:
        return None
    with engine.store.reading() as conn:
        node = commits.need(conn, commit)
    return _card(engine, node, None, line, markdown)


def _card(
    engine: Engine, node: Node, head: Node | None, line: int, markdown: bool
) -> dict[str, Any]:
    with engine.store.reading() as conn:
        card = cards.card(conn, engine.store.root, node, head)
    return _hover(cards.markdown(card), line, markdown)


def _hover(text: str, line: int, markdown: bool) -> dict[str, Any]:
    kind = "markdown" if markdown else "plaintext"
    value = text if markdown else cards.plain(text)
    return {"contents": {"kind": kind, "value": value}, "range": spot(line)}


def region_at(sheet: Sheet, line: int) -> Region | None:
    """The piece that a line is in."""
    return next((one for one in sheet.regions if one.first <= line < one.end), None)


def _names(facts: list[Fact]) -> str:
    names = list(dict.fromkeys(map(_name, facts)))
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} others"
    return " and ".join(names)


def _name(fact: Fact) -> str:
    return fit(clean(fact.who.name), _NAME)
