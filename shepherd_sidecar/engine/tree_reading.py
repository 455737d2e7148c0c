"""Reading workspaces out of the store: one path, or the difference of two.

Layer: engine. No folder is touched.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterable
from typing import Literal

from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.entries import one_of, resolve
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import InvalidParams, PathNotFound
from shepherd_sidecar.protocol.snapshots import (
    SnapshotDiffParams,
    SnapshotDiffResult,
    SnapshotReadParams,
    SnapshotReadResult,
    TreeEntry,
)
from shepherd_sidecar.protocol.traces import FilePatch
from shepherd_sidecar.store import commits, objects
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.trace.tree_diff import TreeChange, find_entry, pair_renames, tree_diff
from shepherd_sidecar.trace.trees import BadTree, Dir, Entry, File, Link, split_path
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.paths import parse_printable, printable


def diff(store: Store, params: SnapshotDiffParams) -> SnapshotDiffResult:
    """What differs between two workspaces."""
    with batch(store) as content, store.reading() as conn:
        left, right = (_tree_named(conn, name) for name in (params.left, params.right))
        found = file_patches(tree_diff(tree_reader(content), left, right))
    kinds: dict[str, list[FilePatch]] = {"added": [], "removed": [], "changed": [], "renamed": []}
    for patch in found:
        kinds[patch.change].append(patch)
    return SnapshotDiffResult(**kinds)


def read(store: Store, params: SnapshotReadParams, limits: Limits) -> SnapshotReadResult:
    """One file, link or folder as it was."""
    one_of((("commit", params.commit), ("tree", params.tree)))
    if params.offset < 0 or (params.length is not None and params.length < 0):
        raise InvalidParams.at("$.offset", "offset and length are 0 or more")
    with batch(store) as content, store.reading() as conn:
        if params.commit is not None:
            tree = world_tree(conn, commits.need(conn, params.commit))
        else:
            assert params.tree is not None
            tree = _tree_named(conn, params.tree)
        reader = tree_reader(content)
        try:
            names = split_path(parse_printable(params.path))
        except BadTree as error:
            raise InvalidParams.at("$.path", str(error)) from None
        entry = find_entry(reader, tree, names) if names else Dir(0o755, tree)
        if entry is None:
            raise PathNotFound(f"nothing at {params.path!r}", path=params.path, tree=tree)
        if isinstance(entry, Dir):
            listed = [_listed(name, inner) for name, inner in sorted(reader(entry.tree).items())]
            return SnapshotReadResult(
                "dir", len(listed), entry.mode if names else None, None, listed
            )
        if isinstance(entry, Link):
            data = base64.b64encode(entry.target).decode()
            return SnapshotReadResult("link", len(entry.target), None, data)
        length = min(limits.blob_bytes, params.length if params.length is not None else entry.size)
        part = content.read("blob", entry.blob)[params.offset : params.offset + length]
        return SnapshotReadResult("file", entry.size, entry.mode, base64.b64encode(part).decode())


def file_patches(changes: Iterable[TreeChange]) -> list[FilePatch]:
    """Changes of files, links and empty folders as readers see them, sorted by path."""
    renames, others = pair_renames(list(changes))
    found = [
        FilePatch(printable(moved.target), "renamed", printable(moved.source), moved.after.size)
        for moved in renames
    ]
    for change in others:
        word: Literal["added", "removed", "changed"] = "changed"
        if change.kind in ("added", "removed"):
            word = change.kind
        found.append(FilePatch(printable(change.path), word, None, _size(change.after)))
    return sorted(found, key=lambda patch: patch.path)


def _tree_named(conn: sqlite3.Connection, name: str) -> Id:
    if is_id(name) and objects.find(conn, "tree", bytes.fromhex(name)) is not None:
        return name
    return world_tree(conn, resolve(conn, name))


def _listed(name: bytes, entry: Entry) -> TreeEntry:
    if isinstance(entry, File):
        return TreeEntry(printable(name), "file", entry.mode, entry.size, entry.blob)
    if isinstance(entry, Dir):
        return TreeEntry(printable(name), "dir", entry.mode, None, entry.tree)
    return TreeEntry(printable(name), "link", None, len(entry.target))


def _size(entry: Entry | None) -> int | None:
    return entry.size if isinstance(entry, File) else None
