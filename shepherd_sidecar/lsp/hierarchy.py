"""Causes and effects as LSP's call hierarchy, and runs and events as workspace symbols.

Layer: lsp.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from shepherd_sidecar.engine import reading, uris
from shepherd_sidecar.engine.causes import causes, effects
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import asked, entry
from shepherd_sidecar.engine.summary import summary
from shepherd_sidecar.engine.text import clean, fit, short
from shepherd_sidecar.lsp.showing import spot
from shepherd_sidecar.lsp.virtual import KINDS
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import SearchParams
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

_NAME: Final = 100
_FOUND: Final = 50
_PAYLOAD: Final = 16 * 1024


def item(engine: Engine, commit: Id, branch: str | None = None) -> dict[str, Any]:
    """An event as an item of a hierarchy."""
    with engine.store.reading() as conn:
        return _item(conn, engine, commits.need(conn, commit), branch)


def incoming(engine: Engine, data: Any) -> list[dict[str, Any]]:
    """What led to an event."""
    with engine.store.reading() as conn:
        node, branch = _named(conn, data)
        found = causes(conn, node)
        return [
            {"from": _item(conn, engine, one, branch), "fromRanges": [spot(0)]} for one in found
        ]


def outgoing(engine: Engine, data: Any) -> list[dict[str, Any]]:
    """What an event led to, on its branch."""
    with engine.store.reading() as conn:
        node, branch = _named(conn, data)
        named = branches.by_name(conn, branch) if branch is not None else None
        if named is None:
            home = branches.home_of(conn, node.logged)
            named = branches.by_seq(conn, home) if home is not None else None
        if named is None:
            return []
        found = effects(conn, node, commits.get(conn, named.head))
        return [{"to": _item(conn, engine, one, branch), "fromRanges": [spot(0)]} for one in found]


def symbols(engine: Engine, query: str) -> list[dict[str, Any]]:
    """Runs whose name holds a text, and events whose payload does; without one, runs."""
    found: list[dict[str, Any]] = []
    with engine.store.reading() as conn:
        for run in branches.run_page(conn, None, 1000):
            if query.casefold() in run.name.casefold() and len(found) < _FOUND:
                own = branches.of_run(conn, run.seq)
                uri = uris.branch(own[0].name) if own else uris.runs()
                found.append(_symbol(clean(run.name), 2, uri, run.id))
    if query:
        wanted = SearchParams(query, limit=_FOUND, about=True)
        for said in reading.search(engine.store, wanted, engine.limits).entries:
            name = f"{said.kind} {said.about}"
            uri = uris.event(said.commit)
            found.append(_symbol(name, KINDS[said.kind], uri, said.branch or ""))
    return found


def _named(conn: sqlite3.Connection, data: Any) -> tuple[Node, str | None]:
    said = data if isinstance(data, dict) else {}
    branch = said.get("branch")
    node = commits.need(conn, str(said.get("commit")))
    return node, branch if isinstance(branch, str) else None


def _item(
    conn: sqlite3.Connection, engine: Engine, node: Node, branch: str | None
) -> dict[str, Any]:
    said: Entry = entry(conn, engine.store.root, node, _PAYLOAD)
    return {
        "name": fit(f"{said.kind} {summary(said, asked(conn, engine.store.root, node))}", _NAME),
        "kind": KINDS[said.kind],
        "detail": short(said.commit) + (f" on {clean(said.branch)}" if said.branch else ""),
        "uri": uris.event(said.commit),
        "range": spot(0),
        "selectionRange": spot(0),
        "data": {"commit": said.commit, "branch": branch or said.branch},
    }


def _symbol(name: str, kind: int, uri: str, container: str) -> dict[str, Any]:
    return {
        "name": fit(name, _NAME),
        "kind": kind,
        "containerName": clean(container),
        "location": {"uri": uri, "range": spot(0)},
    }
