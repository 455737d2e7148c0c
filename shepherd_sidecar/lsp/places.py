"""Which branch a file in an editor belongs to.

Layer: lsp. The branch whose live world holds it; else the newest branch of the newest run that
works on a folder which holds it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from shepherd_sidecar.store import branches, commits, places
from shepherd_sidecar.store.branches import Branch
from shepherd_sidecar.store.commits import Node

_RUNS: Final = 500
"""Newest runs that are looked at."""


class Found(NamedTuple):
    """Where a file stands in the trace."""

    branch: str
    head: Node
    path: bytes
    """Relative to the workspace."""


def path_of(uri: str) -> bytes | None:
    """The file that an editor's URI means; None for what is no file here."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = unquote_to_bytes(parts.path)
    return path if path.startswith(b"/") and b"\0" not in path else None


def find(conn: sqlite3.Connection, file: bytes, chosen: str | None = None) -> Found | None:
    """The branch of a file, or None. ``chosen``: a branch that the person wants to see."""
    spelt = {file, os.path.realpath(file)}
    for branch, folder in _folders(conn, chosen):
        root = {os.fsencode(folder), os.path.realpath(os.fsencode(folder))}
        for path in spelt:
            for top in root:
                if path.startswith(top + b"/"):
                    head = commits.get(conn, branch.head)
                    return Found(branch.name, head, path[len(top) + 1 :])
    return None


def _folders(conn: sqlite3.Connection, chosen: str | None) -> Iterator[tuple[Branch, str]]:
    """Branches with folders that hold their files, those that come first in question first."""
    if chosen is not None:
        branch = branches.by_name(conn, chosen)
        if branch is None:
            return
        place = places.get(conn, branch.seq)
        if place is not None:
            yield branch, place.path
        workspace = branches.run_by_seq(conn, branch.run).workspace
        if workspace is not None:
            yield branch, workspace
        return
    living = [(branches.by_seq(conn, place.branch), place) for place in places.every(conn)]
    living.sort(key=lambda one: -one[0].tip)
    for branch, place in living:
        if branch.status != "discarded":
            yield branch, place.path
    for run in branches.run_page(conn, None, _RUNS):
        if run.workspace is not None:
            own = [one for one in branches.of_run(conn, run.seq) if one.status != "discarded"]
            if own:
                yield max(own, key=lambda one: one.tip), run.workspace
