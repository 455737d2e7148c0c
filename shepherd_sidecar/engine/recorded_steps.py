"""A record as the machine that made it: its intents in order, with what is known of each.

Layer: engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from shepherd_sidecar.engine import reading
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.errors import PayloadForgotten
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import LogParams
from shepherd_sidecar.store import commits, payloads
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.events import INTENT_OF
from shepherd_sidecar.trace.ids import Id

_PAGE = 200
_WHOLE = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded intent."""

    commit: Id
    parent: Id
    kind: Literal["tool_call", "model_call"]
    payload: dict[str, Any]
    effective: dict[str, Any]
    """The payload that really ran: the override's, where there was one."""
    outcome: dict[str, Any] | None
    """Its outcome's payload on this log."""
    outcome_commit: Id | None


def entries(engine: Engine, end: Id, kinds: list[Any] | None = None) -> Iterator[Entry]:
    """The log up to a commit, oldest first, whole, a page at a time."""
    cursor = None
    while True:
        page = reading.log(
            engine.store,
            LogParams(
                commit=end,
                limit=_PAGE,
                cursor=cursor,
                kinds=kinds,
                order="oldest",
                max_payload=_WHOLE,
            ),
            engine.limits,
        )
        yield from page.entries
        cursor = page.next_cursor
        if cursor is None:
            return


def steps(engine: Engine, end: Node) -> Iterator[Step]:
    """The intents of a log, oldest first.

    Raises:
        PayloadForgotten: what one asked for is not there any more.
    """
    for found in entries(engine, end.hex, ["tool_call", "model_call"]):
        if found.forgotten:
            raise PayloadForgotten(
                f"the payload of {found.commit} was forgotten: it cannot be replayed",
                commit=found.commit,
            )
        effective, outcome, at = found.payload, None, None
        with engine.store.reading() as conn:
            for node in commits.naming(conn, commits.need(conn, found.commit).seq):
                if not commits.on_log(conn, node, end):
                    continue
                said = payloads.read(conn, engine.store.root, node)
                if node.kind in INTENT_OF:
                    outcome, at = said, node.hex
                elif said.get("decision") == "override":
                    effective = said["payload"]
        yield Step(
            commit=found.commit,
            parent=found.parents[0],
            kind=cast("Literal['tool_call', 'model_call']", found.kind),
            payload=found.payload,
            effective=effective,
            outcome=outcome,
            outcome_commit=at,
        )
