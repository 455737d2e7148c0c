"""Outcomes that the sidecar itself reports, of what it ran for an agent.

Layer: engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shepherd_sidecar.protocol.common import Usage
from shepherd_sidecar.protocol.intents import ResolveParams, ResolveResult
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.events import INTENT_OF
from shepherd_sidecar.trace.ids import Id

Resolve = Callable[[ResolveParams, str], ResolveResult]


class Report:
    """Reports the outcome of one intent."""

    def __init__(self, resolve: Resolve, branch: str, intent: str, author: str) -> None:
        self._resolve = resolve
        self._branch = branch
        self._intent = intent
        self._author = author

    def __call__(
        self, payload: dict[str, Any], status: Any, ms: float | None, *, snapshot: bool = True
    ) -> ResolveResult:
        """Record it, with a snapshot of the world."""
        usage = Usage(duration_ms=round(ms, 3)) if ms is not None else None
        return self._resolve(
            ResolveParams(
                branch=self._branch,
                intent=self._intent,
                payload=payload,
                status=status,
                usage=usage,
                snapshot=snapshot,
            ),
            self._author,
        )


def denied_outcome(store: Store, branch: str, intent: str) -> Id:
    """The outcome that a denied intent was given. Reads."""
    with store.reading() as conn:
        head = commits.get(conn, branches.need(conn, branch).head)
        for node in commits.naming(conn, commits.need(conn, intent).seq):
            if node.kind in INTENT_OF and commits.on_log(conn, node, head):
                return node.hex
    raise AssertionError("a denied intent has its outcome")
