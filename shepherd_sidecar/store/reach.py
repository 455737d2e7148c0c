"""What can be reached: the commits, objects and lists that something needs, as sets of rows.

Layer: store. Children keep their parents; a commit keeps its event's intent, its tree, and
every blob that its payload names; a tree keeps what it names. What a payload names is read
from the payload itself, never from a flag: whoever removes the rest must be sure.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

import orjson

from shepherd_sidecar.store import lists, objects
from shepherd_sidecar.store.bits import Bits
from shepherd_sidecar.store.commits import GONE, PACKED
from shepherd_sidecar.store.objects import DAMAGED, FILE, FILE_ZSTD, FORGOTTEN
from shepherd_sidecar.trace.events import blob_refs
from shepherd_sidecar.trace.trees import Dir, Link, parse_tree

ROW_BYTES: Final = 100
"""About what a row costs besides its content."""


class Reach:
    """Rows that are needed. Adding is all that can be done to it.

    Args:
        root: the store's folder.
        other: start with what this one has.
        externals: whether payloads that are kept as blobs need these blobs.
    """

    def __init__(self, root: Path, other: Reach | None = None, *, externals: bool = True) -> None:
        self._root = root
        self._externals = externals
        self.commits: Bits = Bits(other.commits if other else None)
        self.objects: Bits = Bits(other.objects if other else None)
        self.lists: Bits = Bits(other.lists if other else None)
        self.logged: Bits = Bits(other.logged if other else None)
        """Rows of the reflog that tell of these commits first."""
        self.bytes: int = other.bytes if other else 0
        """Stored bytes of these commits and objects."""

    def commit(self, conn: sqlite3.Connection, seq: int) -> None:
        """A commit, and all that it needs."""
        waiting = [seq]
        while waiting:
            seq = waiting.pop()
            if seq in self.commits:
                continue
            row = conn.execute(
                "SELECT parent, second, intent, world, external, logged, lists, flags, payload"
                " FROM commits WHERE seq = ?",
                (seq,),
            ).fetchone()
            if row is None:
                continue  # gone with the damage that a repair told of
            parent, second, intent, world, external, logged, listed, flags, payload = row
            self.commits.add(seq)
            self.logged.add(logged)
            self.bytes += ROW_BYTES + len(payload or b"")
            waiting += [above for above in (parent, second, intent) if above is not None]
            for needed in (world, external if self._externals else None):
                if needed is not None:
                    self.object(conn, needed)
            for at in orjson.loads(listed).values() if listed else ():
                self.list(conn, at)
            if not flags & GONE:
                self._named(conn, flags, external, payload)

    def object(self, conn: sqlite3.Connection, seq: int) -> None:
        """A blob, or a tree and all that it names."""
        waiting = [seq]
        while waiting:
            seq = waiting.pop()
            if not self.objects.add(seq):
                continue
            row = conn.execute(
                "SELECT id, kind, codec, length(data) FROM objects WHERE seq = ?", (seq,)
            ).fetchone()
            if row is None:
                continue
            name, kind, codec, length = row
            self.bytes += ROW_BYTES + stored_bytes(self._root, name, codec, length)
            if kind == 0 or codec in (FORGOTTEN, DAMAGED):
                continue
            tree = parse_tree(objects.read_seq(conn, self._root, seq))
            for entry in tree.values():
                if isinstance(entry, Link):
                    continue
                found = (
                    objects.find(conn, "tree", bytes.fromhex(entry.tree))
                    if isinstance(entry, Dir)
                    else objects.find(conn, "blob", bytes.fromhex(entry.blob))
                )
                if found is not None and found not in self.objects:
                    waiting.append(found)

    def list(self, conn: sqlite3.Connection, at: int) -> None:
        """A list and its items."""
        while at != lists.EMPTY and self.lists.add(at):
            row = conn.execute("SELECT prev, item FROM lists WHERE seq = ?", (at,)).fetchone()
            if row is None:
                return
            at = row[0]
            self.object(conn, row[1])

    def _named(
        self, conn: sqlite3.Connection, flags: int, external: int | None, payload: bytes | None
    ) -> None:
        if external is not None:
            data = objects.read_seq(conn, self._root, external)
        else:
            data = objects.unpack_frame(payload or b"") if flags & PACKED else payload or b""
        if b'"$blob"' not in data:
            return
        for ref in blob_refs(orjson.loads(data)):
            found = objects.find(conn, "blob", bytes.fromhex(ref))
            if found is not None:
                self.object(conn, found)


def stored_bytes(root: Path, name: bytes, codec: int, length: int | None) -> int:
    """What an object's content takes, in its row or in its file."""
    if codec not in (FILE, FILE_ZSTD):
        return length or 0
    try:
        return os.stat(objects.file_of(root, name, codec)).st_size
    except FileNotFoundError:
        return 0
