"""Following a store: every commit from a cursor on, none lost, none twice.

Layer: engine. The cursor is the reflog's row number. Readers pull when they are woken, as
fast as they themselves can go: a slow reader delays nobody and misses nothing.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.entries import entry, one_of
from shepherd_sidecar.engine.reading import number_in
from shepherd_sidecar.errors import InvalidParams, StoreCorrupt
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import SubscribeParams
from shepherd_sidecar.store import branches, commits, numbers, reflog
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store

log = logging.getLogger(__name__)

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
                told for row in rows if (told := _told(conn, store.root, feed, row)) is not None
            ]
        feed.cursor = rows[-1].seq
        feed.more = len(rows) == BATCH
        if found or not feed.more:
            return found


def _told(conn: sqlite3.Connection, root: Path, feed: Feed, row: reflog.Row) -> Entry | None:
    """What one row of the reflog has to tell this subscriber."""
    node = commits.at(conn, row.head)
    if (
        node is None  # gc removed it
        or reflog.ACTIONS[row.action] not in _TOLD
        or (feed.branches is not None and row.branch not in feed.branches)
        or (feed.runs is not None and branches.by_seq(conn, row.branch).run not in feed.runs)
    ):
        return None
    try:
        if feed.wants is not None and not feed.wants(conn, node, row):
            return None
        return entry(conn, root, node, feed.max_payload, row)
    except StoreCorrupt as error:  # nothing of it is given out, and what follows is told
        log.error("%s", error.message)
        return None
