"""The stack of a branch at a commit: the run, its turn, the call of the model, the tool call.

Layer: dap. Nothing here writes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.entries import asked, entry
from shepherd_sidecar.engine.outline import HEADER, PAGE
from shepherd_sidecar.engine.summary import summary
from shepherd_sidecar.engine.text import short
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.events import OUTCOME_OF
from shepherd_sidecar.trace.ids import Id

_PAYLOAD: Final = 16 * 1024
_NEAR: Final = 512
_FAR: Final = 20_000
"""Commits that are looked at for the message that a turn began with."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a document that never changes."""

    uri: str
    name: str
    line: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One level of the stack."""

    commit: Id
    name: str
    place: Place


def stack(conn: sqlite3.Connection, root: Path, branch: str, node: Node, head: Node) -> list[Frame]:
    """The frames at a commit of a branch's log, the innermost first."""
    found = [node]
    if node.intent is not None:
        found.append(commits.get(conn, node.intent))
    found += _around(conn, found[-1])
    frames, seen = [], set()
    for one in found:
        if one.seq not in seen:
            seen.add(one.seq)
            frames.append(Frame(one.hex, _name(conn, root, one), place(conn, branch, one, head)))
    return frames


def place(conn: sqlite3.Connection, branch: str, node: Node, head: Node) -> Place:
    """Where an event stands in the text of its branch's log."""
    end = head
    if not commits.on_log(conn, node, head):
        end = node  # the branch was rewound past it
    elif head.depth - node.depth >= PAGE:
        end = commits.at_depth(conn, head, node.depth + PAGE // 2)
    first = max(0, end.depth - PAGE + 1)
    line = node.depth - first + HEADER + 1
    return Place(uris.branch(branch, end.hex), f"log of {branch}", line)


def fork_point(conn: sqlite3.Connection, node: Node) -> Node:
    """Where to fork to have a frame done anew: before an action; after whatever led to one."""
    action = commits.get(conn, node.intent) if node.intent is not None else node
    if action.kind in OUTCOME_OF and action.parent is not None:
        return commits.get(conn, action.parent)
    return action


def facts(conn: sqlite3.Connection, root: Path, node: Node) -> dict[str, Any]:
    """What is known of an event beside its payload."""
    found = entry(conn, root, node, 0)
    told: dict[str, Any] = {
        "commit": found.commit,
        "kind": found.kind,
        "effect": found.effect,
        "branch": found.branch,
        "at": found.at,
        "depth": found.depth,
        "intent": found.intent,
        "tree": found.tree,
        "parents": found.parents,
    }
    if found.usage is not None:
        used = found.usage
        told["usage"] = {
            "inputTokens": used.input_tokens,
            "outputTokens": used.output_tokens,
            "cachedTokens": used.cached_tokens,
            "costUsd": used.cost_usd,
            "durationMs": used.duration_ms,
        }
    return {name: value for name, value in told.items() if value is not None}


def _around(conn: sqlite3.Connection, inner: Node) -> list[Node]:
    """The call of the model and the message that an event comes after, and the run's start."""
    model: Node | None = None
    turn: Node | None = None
    start = inner.seq
    for most in (_NEAR, _FAR):
        for node in commits.walk(conn, start, most):
            if node.kind == "message":
                turn = node
                break
            if node.kind == "model_call" and model is None:
                model = node
        if turn is not None:
            break
    root = commits.at_depth(conn, inner, 0)
    return [node for node in (model, turn, root) if node is not None]


def _name(conn: sqlite3.Connection, root: Path, node: Node) -> str:
    found = entry(conn, root, node, _PAYLOAD)
    said = summary(found, asked(conn, root, node))
    kind = "run" if node.kind == "run_start" else node.kind
    return f"{kind}: {said}" if said else f"{kind} {short(found.commit)}"
