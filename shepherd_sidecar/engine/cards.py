"""The card of an event: who, when, what was asked, what was done, the verdict, the cost, links.

Layer: engine. Keeps: whatever an agent reported is shown as text; none of it becomes markup, and
no control character gets through.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.engine.summary import summary, tool_of, usage
from shepherd_sidecar.engine.text import ago, clean, fit, short, when
from shepherd_sidecar.engine.who import Who, who
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.events import INTENT_OF, OUTCOME_OF
from shepherd_sidecar.trace.ids import Id

_NEAR: Final = 256
"""Commits that are looked at for what led to an event."""
_PAYLOAD: Final = 64 * 1024
_WIDE: Final = 240
"""Columns of one value."""
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$])")
_LED: Final = {"message": "Asked", "thought": "Thought", "model_result": "Said"}


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one event."""

    entry: Entry
    who: Who
    tool: str | None
    """The tool that was called, by it or by its intent."""
    call: Entry | None
    """The intent that it answers or rules."""
    outcome: Entry | None
    """What came of it, for an intent."""
    verdicts: list[Entry]
    """Interventions on the intent."""
    led: list[Entry]
    """The message, the thought and the answer that came last before it, oldest first."""
    before: Id | None
    """The commit before the whole action: fork there to have it undone."""


def card(conn: sqlite3.Connection, root: Path, node: Node, head: Node | None = None) -> Card:
    """The card of a commit. ``head``: whose log its outcome is looked for on."""
    intent = commits.get(conn, node.intent) if node.intent is not None else None
    action = intent if intent is not None else node
    outcome, verdicts = None, []
    for answer in commits.naming(conn, action.seq):
        if head is not None and not commits.on_log(conn, answer, head):
            continue
        if answer.kind == "intervention":
            verdicts.append(entry(conn, root, answer, _PAYLOAD))
        elif answer.kind in INTENT_OF and answer.seq != node.seq and intent is None:
            outcome = entry(conn, root, answer, _PAYLOAD)
    call = entry(conn, root, intent, _PAYLOAD) if intent is not None else None
    shown = entry(conn, root, node, _PAYLOAD)
    before = commits.get(conn, action.parent).hex if action.parent is not None else None
    return Card(
        shown,
        who(conn, root, node),
        tool_of(call or shown),
        call,
        outcome,
        verdicts,
        [entry(conn, root, one, _PAYLOAD) for one in _led(conn, action)],
        before,
    )


def markdown(card: Card, *, links: bool = True) -> str:
    """The card as Markdown."""
    shown = card.entry
    title = [f"**{escape(card.who.name)}**", f"`{_code(card.tool or shown.kind)}`"]
    if shown.at is not None:
        title.append(f"{when(shown.at, '%Y-%m-%d %H:%M:%S')} ({ago(shown.at)})")
    lines = [" · ".join(title)]
    lines += [f"> **{_LED[led.kind]}:** {_said(led)}" for led in card.led]
    for intent in (card.call, shown if shown.kind in OUTCOME_OF else None):
        if intent is not None:
            lines.append(f"`{_code(summary(intent))}`")
    if shown.kind not in OUTCOME_OF:
        lines.append(f"**{shown.kind}:** {_said(shown)}")
    lines += [f"**Verdict:** {_said(verdict)}" for verdict in card.verdicts if verdict is not shown]
    if card.outcome is not None:
        lines.append(f"**Outcome:** {_said(card.outcome)}")
    cost = usage(shown.usage) or usage(card.outcome.usage if card.outcome else None)
    if cost:
        lines.append(f"**Cost:** {escape(cost)}")
    if links:
        lines.append(" · ".join(f"[{text}]({uri})" for text, uri in links_of(card)))
    return "\n\n".join(lines) + "\n"


def links_of(card: Card) -> list[tuple[str, str]]:
    """Where one may go from a card."""
    shown = card.entry
    found = [(f"event {short(shown.commit)}", uris.event(shown.commit))]
    if card.call is not None:
        found.append((f"call {short(card.call.commit)}", uris.event(card.call.commit)))
    if card.outcome is not None:
        found.append((f"outcome {short(card.outcome.commit)}", uris.event(card.outcome.commit)))
    if shown.branch is not None:
        found.append((f"log of {clean(shown.branch)}", uris.branch(shown.branch, shown.commit)))
    return [(escape(text), uri) for text, uri in found]


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", clean(text))


def plain(text: str) -> str:
    """A card for readers without Markdown: the marks that ``markdown`` made are taken out."""
    text = re.sub(r"(?<!\\)\[((?:[^\]\\]|\\.)*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)(\*\*?|`)", "", text)
    return re.sub(r"\\(.)", r"\1", text)


def _said(said: Entry) -> str:
    about = summary(said)
    if not about and isinstance(said.payload, dict):
        about = str(said.payload.get("status", ""))
    return escape(fit(about, _WIDE)) or "nothing"


def _code(text: str) -> str:
    """Text between single backticks, which would end at one inside it."""
    return fit(clean(text), _WIDE).replace("`", "'")


def _led(conn: sqlite3.Connection, action: Node) -> list[Node]:
    """The last message, thought and model's answer before an action."""
    if action.parent is None:
        return []
    found: dict[str, Node] = {}
    for node in commits.walk(conn, action.parent, _NEAR):
        if node.kind in _LED and node.kind not in found:
            found[node.kind] = node
        if node.kind == "message":
            break
    return sorted(found.values(), key=lambda node: node.depth)
