"""Which branch a file in an editor belongs to.

Layer: lsp. The branch whose live world holds it; else the newest branch of the newest run that
works on a folder which holds it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
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
    inside: dict[str, bytes | None] = {}
    for folder, branch_in in _folders(conn, chosen):
        if folder not in inside:
            inside[folder] = _inside(spelt, folder)
        path = inside[folder]
        branch = branch_in() if path is not None else None
        if path is not None and branch is not None:
            return Found(branch.name, commits.get(conn, branch.head), path)
    return None


def _inside(spelt: set[bytes], folder: str) -> bytes | None:
    """The path of a file in a folder, however either is spelt."""
    name = os.fsencode(folder)
    for top in (name, os.path.realpath(name)):
        for path in spelt:
            if path.startswith(top + b"/"):
                return path[len(top) + 1 :]
    return None


def _folders(
    conn: sqlite3.Connection, chosen: str | None
) -> Iterator[tuple[str, Callable[[], Branch | None]]]:
    """Folders of branches, those that come first in question first, and which branch it is."""
    if chosen is not None:
        branch = branches.by_name(conn, chosen)
        if branch is not None:
            place = places.get(conn, branch.seq)
            workspace = branches.run_by_seq(conn, branch.run).workspace
            for folder in (place.path if place is not None else None, workspace):
                if folder is not None:
                    yield folder, partial(branches.by_name, conn, chosen)
        return
    living = [(branches.by_seq(conn, place.branch), place) for place in places.every(conn)]
    for branch, place in sorted(living, key=lambda one: -one[0].tip):
        if branch.status != "discarded":
            yield place.path, partial(branches.by_seq, conn, branch.seq)
    for run in branches.run_page(conn, None, _RUNS):
        if run.workspace is not None:
            yield run.workspace, partial(_newest, conn, run.seq)


def _newest(conn: sqlite3.Connection, run: int) -> Branch | None:
    own = [one for one in branches.of_run(conn, run) if one.status != "discarded"]
    return max(own, key=lambda one: one.tip, default=None)
