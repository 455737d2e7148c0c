"""Following a store: every commit from a cursor on, none lost, none twice.

Layer: engine. The cursor is the reflog's row number. Readers pull when they are woken, as
fast as they themselves can go: a slow reader delays nobody and misses nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shepherd_sidecar.engine.entries import entry, one_of
from shepherd_sidecar.engine.reading import number_in
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import SubscribeParams
from shepherd_sidecar.store import branches, commits, numbers, reflog
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store

BATCH: Final = 256
Wants = Callable[[sqlite3.Connection, Node, reflog.Row], bool]
_TOLD: Final = frozenset(("append", "start", "import"))
"""Actions that record a commit; the others move or mark a branch."""


@dataclass(slots=True)
class Feed:
    """What one subscriber follows, and how far it has come."""

    cursor: int
    max_payload: int
    branches: frozenset[int] | None = None
    runs: frozenset[int] | None = None
    wants: Wants | None = None
    """A supervisor's choice among them."""
    more: bool = True
    """Whether there may be more than was pulled, before anybody commits again."""
    gather_s: float = 0.0
    """How long news are gathered before they are told: watching shall cost the watched little."""


def start(store: Store, params: SubscribeParams) -> Feed:
    """A feed from now on, or from the cursor asked for."""
    one_of((("branches", params.branches), ("runs", params.runs), ("all", params.all)))
    with store.reading() as conn:
        newest = numbers.last(conn, "reflog")
        cursor = newest
        if params.from_ is not None:
            cursor = number_in(params.from_, "$.from")
            if cursor > newest:
                raise InvalidParams.at("$.from", "not a cursor of this store")
        return Feed(
            cursor,
            params.max_payload,
            frozenset(branches.need(conn, name).seq for name in params.branches)
            if params.branches is not None
            else None,
            frozenset(branches.need_run(conn, run).seq for run in params.runs)
            if params.runs is not None
            else None,
        )


def pull(store: Store, feed: Feed) -> list[Entry]:
    """The next entries, at most a batch; moves the cursor past them. Empty: nothing new."""
    while True:
        with store.frozen() as conn:
            rows = reflog.after(conn, feed.cursor, BATCH)
            if not rows:
                feed.more = False
                return []
            found = [
                entry(conn, store.root, node, feed.max_payload, row)
                for row in rows
                if (node := commits.at(conn, row.head)) is not None  # else gc removed it
                and reflog.ACTIONS[row.action] in _TOLD
                and (feed.branches is None or row.branch in feed.branches)
                and (feed.runs is None or branches.by_seq(conn, row.branch).run in feed.runs)
                and (feed.wants is None or feed.wants(conn, node, row))
            ]
        feed.cursor = rows[-1].seq
        feed.more = len(rows) == BATCH
        if found or not feed.more:
            return found
