"""``log --follow``: every commit from now on, as it is recorded, by whichever process.

Layer: cli. Keeps: none is lost and none is printed twice between what was there and what comes.
"""

from __future__ import annotations

import threading

from shepherd_sidecar.cli import history
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import Usage
from shepherd_sidecar.cli.history import Scope
from shepherd_sidecar.cli.lines import one_line
from shepherd_sidecar.engine import branching, subscriptions
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import SubscribeParams


def follow(context: Context, engine: Engine, found: Scope, last: int | None) -> int:
    """Print the last commits, oldest first, and then what comes, until interrupted."""
    if found.run is None or (found.branch is None and not found.every):
        raise Usage("--follow needs a branch or a run")
    named = [found.branch.branch] if found.branch is not None else None
    feed = subscriptions.start(
        engine.store,
        SubscribeParams(
            branches=named,
            runs=[found.run.id] if named is None else None,
            max_payload=history.PAYLOAD,
        ),
    )
    news = threading.Event()
    engine.store.listen(news.set)
    try:
        nodes = history.newest_first(engine, found.tips, last)[::-1]
        _print(context, engine, history.entries(engine, nodes), many=named is None)
        known = {node.hex for node in nodes}
        while True:
            while batch := subscriptions.pull(engine.store, feed):
                fresh = [entry for entry in batch if entry.commit not in known]
                _print(context, engine, fresh, many=named is None)
            news.wait()
            news.clear()
    finally:
        engine.store.unlisten(news.set)


def _print(context: Context, engine: Engine, entries: list[Entry], *, many: bool) -> None:
    """The entries; of many branches, each with its own."""
    calls = history.calls(engine, entries)
    for entry in entries:
        home = entry.branch if many else None
        labels = [branching.get(engine.store, home)] if home is not None else []
        context.out(one_line(context, entry, labels=labels, asked=calls.get(entry.commit)))
    context.flush()
