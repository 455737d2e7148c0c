"""What the shell completes: branches, commits and intents of the store at hand.

Layer: cli. Called by the scripts that ``completion`` prints. Keeps: no store is made, and an
error completes to nothing.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from typing import Any

import argcomplete
from argcomplete.completers import BaseCompleter, FilesCompleter

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.store.layout import find_store, is_store

_BRANCHES = 200
_COMMITS = 50
_NAMES = frozenset(("branch", "branches"))
_COMMITS_TOO = frozenset(
    ("name", "commit", "at", "left", "right", "start", "to", "rerun", "intent")
)


def complete(parser: ArgumentParser) -> None:
    """Answer the shell and exit."""
    argcomplete.autocomplete(parser, default_completer=_Names())


class _Names(BaseCompleter):
    """Completes by what an argument is called."""

    def __call__(
        self, *, prefix: str, action: Action, parser: ArgumentParser, parsed_args: Namespace
    ) -> Any:
        """The candidates, or the shell's own (files) for what we do not know."""
        if action.dest in _NAMES or action.dest in _COMMITS_TOO:
            with suppress(ShepherdError, OSError):
                return candidates(parsed_args.store, commits_too=action.dest in _COMMITS_TOO)
            return []
        if action.dest in ("file", "files", "store", "path"):
            return FilesCompleter()(prefix)
        return []


def candidates(explicit: str | None, *, commits_too: bool) -> dict[str, str]:
    """Names in the store, with what they stand for."""
    root = find_store(Path.cwd(), explicit)
    if not is_store(root):
        return {}
    from itertools import islice

    from shepherd_sidecar.store import branches, commits
    from shepherd_sidecar.store.store import Store

    store = Store(root)
    try:
        with store.reading() as conn:
            found: dict[str, str] = {
                b.name: b.status for b in branches.page(conn, None, None, _BRANCHES)
            }
            if commits_too:
                for node in islice(commits.newest_first(conn), _COMMITS):
                    found[node.hex[:8]] = node.kind
            return found
    finally:
        store.close()
