"""Reading traces: pages of a log, one entry, search, and comparing two logs.

Layer: engine. Nothing here writes.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from shepherd_sidecar.engine.entries import entry, one_of, resolve
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import (
    GetParams,
    LogParams,
    LogResult,
    SearchParams,
    SearchResult,
)
from shepherd_sidecar.store import branches, commits, payloads
from shepherd_sidecar.store.commits import GONE, KIND_NUMBER, Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id, is_id

_SCAN: Final = 5_000
"""Commits looked at for one page when kinds are filtered: then a cursor is given instead."""
_SEARCH: Final = 20_000


def log(store: Store, params: LogParams, limits: Limits) -> LogResult:
    """A page of the first-parent path to a branch's head or a commit."""
    one_of((("branch", params.branch), ("commit", params.commit)))
    limit = check_limit(params.limit, limits.page)
    wanted = {KIND_NUMBER[kind] for kind in params.kinds} if params.kinds else None
    skip = _skipped(params)
    with store.reading() as conn:
        if params.branch is not None:
            end = commits.get(conn, branches.need(conn, params.branch).head)
        else:
            assert params.commit is not None
            end = commits.need(conn, params.commit)
        scan = _SCAN if wanted is not None else limit
        if params.order == "newest":
            start = commits.need(conn, _end_of(params.cursor)) if params.cursor else end
            path = []
            if skip <= start.depth:
                start = commits.at_depth(conn, start, start.depth - skip)
                path = commits.walk(conn, start.seq, scan + 1)
        else:
            # The page's end is part of the cursor: the branch may grow between two pages.
            if params.cursor:
                end_id, _, depth = params.cursor.partition(":")
                end = commits.need(conn, _end_of(end_id))
                first = number_in(depth)
            else:
                first = skip
            last = commits.at_depth(conn, end, min(first + scan, end.depth))
            count = last.depth - first + 1
            path = commits.walk(conn, last.seq, count)[::-1] if count > 0 else []
        page: list[Node] = []
        following: Node | None = None
        for index, node in enumerate(path):
            if len(page) == limit or index == scan:
                following = node
                break
            if wanted is None or node.kind_number in wanted:
                page.append(node)
        cursor = None
        if following is not None:
            newest = params.order == "newest"
            cursor = following.hex if newest else f"{end.hex}:{following.depth}"
        ids = {node.seq: node.hex for node in path}
        rows = [
            entry(conn, store.root, node, params.max_payload, ids=ids, about=params.about)
            for node in page
        ]
    return LogResult(entries=rows, next_cursor=cursor)


def _skipped(params: LogParams) -> int:
    """How many entries to leave out at the path's beginning."""
    if params.skip is None:
        return 0
    if params.cursor is not None:
        raise InvalidParams.at("$.skip", "give this or cursor, not both")
    if params.skip < 0:
        raise InvalidParams.at("$.skip", "0 or more")
    return params.skip


def get(store: Store, params: GetParams) -> Entry:
    """One entry, whole."""
    with store.reading() as conn:
        node = commits.need(conn, params.commit)
        return entry(conn, store.root, node, params.max_payload, about=params.about)


def search(store: Store, params: SearchParams, limits: Limits) -> SearchResult:
    """Entries whose payload holds a text, newest first."""
    limit = check_limit(params.limit, limits.page)
    needle = params.query.casefold()
    kinds = {KIND_NUMBER[kind] for kind in params.kinds} if params.kinds else None
    found: list[Entry] = []
    with store.reading() as conn:
        heads = (
            [branches.need(conn, name).head for name in params.branches]
            if params.branches is not None
            else None
        )
        if heads is None:
            nodes = commits.newest_first(conn)
        else:
            seen = {node.seq: node for head in heads for node in commits.walk(conn, head, _SEARCH)}
            nodes = iter(sorted(seen.values(), key=lambda node: -node.seq))
        for node in islice(nodes, _SEARCH):
            if (kinds is not None and node.kind_number not in kinds) or node.flags & GONE:
                continue
            text = payloads.canonical_bytes(conn, store.root, node).decode()
            if needle in text.casefold():
                found.append(entry(conn, store.root, node, 4096, about=params.about))
                if len(found) == limit:
                    break
    return SearchResult(entries=found)


def check_limit(limit: int, most: int) -> int:
    """A page size, which must make sense."""
    if not 1 <= limit <= most:
        raise InvalidParams.at("$.limit", f"1 to {most}")
    return limit


def number_in(cursor: str, where: str = "$.cursor") -> int:
    """The number in a cursor, which anyone may have written."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise InvalidParams.at(where, "not a cursor of this method")
    return int(cursor)


def _end_of(cursor: str) -> Id:
    """The commit in a cursor, which anyone may have written."""
    if not is_id(cursor):
        raise InvalidParams.at("$.cursor", "not a cursor of this method")
    return cursor


def after(store: Store, base: Node | None, head: Node, most: int) -> list[Node]:
    """The commits of the log of ``head`` after ``base``, oldest first, at most ``most``."""
    with store.reading() as conn:
        count = head.depth - (base.depth if base is not None else -1)
        return commits.walk(conn, head.seq, min(count, most))[::-1] if count > 0 else []


def node_of(store: Store, name: str) -> Node:
    """The commit that a branch name or commit id means."""
    with store.reading() as conn:
        return resolve(conn, name)
