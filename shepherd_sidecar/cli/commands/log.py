"""``log``: what happened, newest first, as lines or as a graph of all branches.

Layer: cli.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shepherd_sidecar.cli import history
from shepherd_sidecar.cli.commands.follow import follow
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import Usage
from shepherd_sidecar.cli.graph import draw
from shepherd_sidecar.cli.history import Scope
from shepherd_sidecar.cli.lines import one_line
from shepherd_sidecar.engine import reading
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import LogParams, LogResult, SearchParams
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node

_PAGE = 200


def run(context: Context) -> int:
    """Print a log; returns the exit code."""
    asked = context.arguments
    if asked.graph and (asked.reverse or asked.kind or asked.cursor):
        raise Usage("--graph goes with neither --reverse, --kind nor --cursor")
    if asked.follow and (asked.graph or asked.reverse or asked.kind or asked.cursor or asked.json):
        raise Usage("--follow goes with --all and -n only")
    engine = context.engine
    every = asked.all or (asked.name is None and (asked.graph or asked.follow))
    found = history.scope(engine, asked.name, every=every, discarded=asked.discarded)
    if found.tips and not context.json:
        _title(context, found)
    limit = asked.limit or None
    if asked.follow and found.tips:
        return follow(context, engine, found, limit)
    if len(found.tips) > 1 or asked.graph:
        if asked.cursor:
            raise Usage("--cursor goes on with the log of one branch or commit")
        _all(context, engine, found, limit)
    elif found.tips:
        _one(context, engine, found, limit)
    elif context.json:
        context.result(LogResult(entries=[]))
    else:
        context.note("no runs yet")
    return 0


def search(context: Context) -> int:
    """Print the commits that hold a text; returns the exit code."""
    asked, engine = context.arguments, context.engine
    limit = min(asked.limit or engine.limits.page, engine.limits.page)
    found = reading.search(
        engine.store, SearchParams(asked.query, asked.branch, asked.kind, limit), engine.limits
    )
    if context.json:
        context.result(found)
    else:
        _print(context, engine, Scope([]), found.entries)
    return 0


def _one(context: Context, engine: Engine, found: Scope, limit: int | None) -> None:
    """The log of one commit, page by page, printed as it is read."""
    asked = context.arguments
    cursor, left, kept = asked.cursor, limit, []
    while True:
        size = _PAGE if left is None else min(_PAGE, left)
        page = reading.log(
            engine.store,
            LogParams(
                commit=found.tips[0],
                limit=size,
                cursor=cursor,
                kinds=asked.kind,
                order="oldest" if asked.reverse else "newest",
                max_payload=history.PAYLOAD,
            ),
            engine.limits,
        )
        if context.json:
            kept += page.entries
        else:
            _print(context, engine, found, page.entries)
        cursor = page.next_cursor
        left = None if left is None else left - len(page.entries)
        if cursor is None or left == 0:
            break
    if context.json:
        context.result(LogResult(entries=kept, next_cursor=cursor))
    elif cursor is not None:
        _more(context)


def _all(context: Context, engine: Engine, found: Scope, limit: int | None) -> None:
    """The histories of several branches."""
    asked = context.arguments
    nodes = history.newest_first(engine, found.tips, limit)
    if asked.kind:
        nodes = [node for node in nodes if node.kind in asked.kind]
    if asked.graph:
        nodes = history.grouped(nodes)
    if asked.reverse:
        nodes.reverse()
    entries = history.entries(engine, nodes)
    if context.json:
        context.result(LogResult(entries=entries))
    elif asked.graph:
        _graph(context, engine, found, nodes, entries)
    else:
        _print(context, engine, found, entries)
    if not context.json and len(nodes) == limit:
        _more(context)


def _graph(
    context: Context, engine: Engine, found: Scope, nodes: Sequence[Node], entries: Sequence[Entry]
) -> None:
    calls = history.calls(engine, entries)
    by_id = {entry.commit: entry for entry in entries}
    for row in draw(_with_parents(engine, nodes)):
        drawn = context.paint.lanes(row.text, row.lanes)
        if row.commit is None:
            context.out(drawn)
            continue
        entry = by_id[row.commit]
        context.out(
            one_line(
                context,
                entry,
                before=f"{drawn} ",
                taken=len(row.text) + 1,
                labels=found.labels.get(entry.commit, ()),
                asked=calls.get(entry.commit),
            )
        )


def _with_parents(engine: Engine, nodes: Sequence[Node]) -> Iterator[tuple[str, list[str]]]:
    ids = {node.seq: node.hex for node in nodes}
    for node in nodes:
        parents = []
        for seq in history.parents_of(node):
            if seq not in ids:
                with engine.store.reading() as conn:
                    ids[seq] = commits.get(conn, seq).hex
            parents.append(ids[seq])
        yield node.hex, parents


def _print(context: Context, engine: Engine, found: Scope, entries: Sequence[Entry]) -> None:
    calls = history.calls(engine, entries)
    for entry in entries:
        labels = found.labels.get(entry.commit, ())
        context.out(one_line(context, entry, labels=labels, asked=calls.get(entry.commit)))


def _title(context: Context, found: Scope) -> None:
    """Which run it is: for people only, because scripts read lines."""
    if context.width is None or found.run is None:
        return
    said = f"{clean(found.run.name)} ({found.run.id})"
    if found.branch is not None:
        said += f", branch {clean(found.branch.branch)}, {found.branch.status}"
    context.out(context.paint("title", said))


def _more(context: Context) -> None:
    if context.width is not None:
        context.note("more before that: -n NUMBER, or -n 0 for all")
