"""Two branches brought together in thought: their base, the merge, and conflicts as data.

Layer: engine. Nothing is recorded and no folder is touched. The rules are ``trace/merge.py``'s.
"""

from __future__ import annotations

import base64
import binascii
import sqlite3
from collections.abc import Iterable, Mapping
from functools import partial

from shepherd_sidecar.engine.batch import Batch
from shepherd_sidecar.errors import InvalidParams, UnknownCommit
from shepherd_sidecar.protocol.settling import (
    Conflict,
    ConflictHunk,
    ConflictSide,
    Lines,
    Resolution,
)
from shepherd_sidecar.store import ancestors
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace import merge
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge import Content, Merged, Objects, merge3
from shepherd_sidecar.trace.merge_text import Hunk
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.trees import Dir, Entry, File
from shepherd_sidecar.worlds.paths import parse_printable, printable

_SHOWN = 16 << 10
"""Bytes of a hunk's side that a conflict shows."""
_FILE_MODE = 0o644


def base_of(conn: sqlite3.Connection, onto: Node, other: Node) -> Node:
    """The commit that a merge compares both sides with.

    Raises:
        UnknownCommit: they have none in common.
    """
    base = ancestors.merge_base(conn, onto, other)
    if base is None:
        raise UnknownCommit(
            f"{onto.hex} and {other.hex} have no commit in common",
            hint="only branches that come from one run can be merged",
            left=onto.hex,
            right=other.hex,
        )
    return base


def merged(
    content: Batch,
    read: Read,
    trees: tuple[Id, Id, Id],
    resolve: Mapping[bytes, merge.Resolution] | None = None,
) -> Merged:
    """``merge3`` of base, onto and branch over the store's objects."""
    objects = Objects(read, partial(content.read, "blob"), partial(content.add, "blob"))
    return merge3(objects, *trees, resolve)


def resolutions(
    asked: Mapping[str, Resolution] | None, conflicts: Iterable[merge.Conflict]
) -> dict[bytes, merge.Resolution]:
    """What the wire says of conflicts, by path.

    Raises:
        InvalidParams: one does not fit its conflict, or there is none at its path.
    """
    known = {conflict.path: conflict for conflict in conflicts}
    found: dict[bytes, merge.Resolution] = {}
    for path, how in (asked or {}).items():
        where = f"$.resolve[{path!r}]"
        conflict = known.get(parse_printable(path))
        if conflict is None:
            raise InvalidParams.at(where, "no conflict stands at this path")
        given = [part for part in (how.take, how.hunks, how.data) if part is not None]
        if len(given) != 1:
            raise InvalidParams.at(where, "exactly one of take, hunks and data")
        if how.mode is not None and (how.data is None or not 0 <= how.mode <= 0o7777):
            raise InvalidParams.at(f"{where}.mode", "permission bits, and only with data")
        if how.hunks is not None and len(how.hunks) != len(conflict.hunks):
            raise InvalidParams.at(f"{where}.hunks", f"{len(conflict.hunks)} choices, one a hunk")
        found[conflict.path] = _resolution(how, conflict, where)
    return found


def said(asked: Mapping[str, Resolution] | None) -> dict[str, Json]:
    """The resolutions as an event tells them: contents by their size only."""
    told: dict[str, Json] = {}
    for path, how in (asked or {}).items():
        told[path] = how.take or ([*how.hunks] if how.hunks is not None else "data")
    return told


def conflict_view(content: Batch, found: merge.Conflict) -> Conflict:
    """A conflict as readers see it."""
    return Conflict(
        path=printable(found.path),
        why=found.why,
        hunks=hunk_views(content, found),
        base=_side(found.base),
        onto=_side(found.onto),
        branch=_side(found.branch),
        names=[printable(name) for name in found.names] or None,
    )


def hunk_views(content: Batch, found: merge.Conflict) -> list[ConflictHunk]:
    """The places that overlap, with their lines."""
    if not found.hunks:
        return []
    texts = [
        content.read("blob", side.blob).splitlines(keepends=True) if isinstance(side, File) else []
        for side in (found.base, found.onto, found.branch)
    ]
    return [_hunk(hunk, texts) for hunk in found.hunks]


def _hunk(hunk: Hunk, texts: list[list[bytes]]) -> ConflictHunk:
    base, onto, branch = (
        _lines(place, text)
        for place, text in zip((hunk.base, hunk.onto, hunk.branch), texts, strict=True)
    )
    return ConflictHunk(base, onto, branch)


def _lines(place: tuple[int, int], text: list[bytes]) -> Lines:
    shown = b"".join(text[slice(*place)])
    return Lines(
        place[0] + 1, place[1], shown.decode("utf-8", "replace") if len(shown) <= _SHOWN else None
    )


def _side(entry: Entry | None) -> ConflictSide | None:
    if entry is None:
        return None
    if isinstance(entry, File):
        return ConflictSide("file", entry.blob, entry.mode, entry.size)
    if isinstance(entry, Dir):
        return ConflictSide("dir", entry.tree, entry.mode)
    return ConflictSide("link", target=printable(entry.target))


def _resolution(how: Resolution, conflict: merge.Conflict, where: str) -> merge.Resolution:
    if how.take is not None:
        return how.take
    if how.hunks is not None:
        return tuple(how.hunks)
    try:
        data = base64.b64decode(how.data or "", validate=True)
    except binascii.Error:
        raise InvalidParams.at(f"{where}.data", "base64") from None
    if how.mode is not None:
        return Content(data, how.mode)
    files = (side for side in (conflict.onto, conflict.branch) if isinstance(side, File))
    return Content(data, next((file.mode for file in files), _FILE_MODE))
