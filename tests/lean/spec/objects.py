"""Spec/Objects.lean: events, workspaces, commits, and their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Id = int
Text = str
Json = Any
Path = str
Entry = tuple[Any, ...]
"""``("file", mode, content)``, ``("link", target)`` or ``("dir", mode)``."""
Tree = Mapping[Path, Entry]


@dataclass(frozen=True)
class Event:
    kind: str
    payload: Json
    intent: Id | None = None
    effect: str = "pure"

    # Kind.outcome
    @property
    def outcome(self) -> str | None:
        return {"model_call": "model_result", "tool_call": "tool_result"}.get(self.kind)

    # Kind.asks
    @property
    def asks(self) -> str | None:
        return {"model_result": "model_call", "tool_result": "tool_call"}.get(self.kind)

    @property
    def is_intent(self) -> bool:
        return self.outcome is not None

    @property
    def is_outcome(self) -> bool:
        return self.asks is not None

    @property
    def is_denied(self) -> bool:
        return self.is_outcome and self.payload.get("status") == "denied"

    @property
    def is_verdict(self) -> bool:
        return self.kind == "intervention" and self.payload.get("action") == "verdict"

    @property
    def is_denial(self) -> bool:
        return self.is_verdict and self.payload.get("decision") == "deny"

    @property
    def is_hold(self) -> bool:
        return self.is_verdict and self.payload.get("decision") == "hold"

    # Kind.reported
    @property
    def reported(self) -> bool:
        return self.kind not in ("intervention", "run_start", "run_end")


def graft(tree: Tree, source: Tree, paths: tuple[Path, ...]) -> Tree:
    """With what ``source`` has at these paths."""
    made = dict(tree)
    for path in paths:
        made.pop(path, None)
        if path in source:
            made[path] = source[path]
    return made


@dataclass(frozen=True)
class Commit:
    parents: tuple[Id, ...]
    event: Event
    tree: Tree | None = None


class Hash(Protocol):
    """How commits get their names."""

    @property
    def commit(self) -> Callable[[Commit], Id]: ...
