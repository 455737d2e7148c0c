"""The store's objects as worlds see them: reads from the store, additions kept for one write.

Layer: engine. Keeps: a tree is durable in the same transaction as the first commit that
names it. Large files are on disk, complete, before that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from shepherd_sidecar.errors import StoreLocked
from shepherd_sidecar.store import objects, objects_at_once
from shepherd_sidecar.store.objects import New
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id

ContentKind = Literal["blob", "tree"]

_KEPT: Final = 16 * 1024 * 1024
"""Bytes of small content kept before it is asked which of it the store holds already."""


class Batch:
    """Implements ``worlds.driver.Objects`` over one reading connection."""

    def __init__(self, conn: sqlite3.Connection, root: Path) -> None:
        self._conn = conn
        self._root = root
        self._new: dict[tuple[str, Id], New] = {}
        self._found: set[tuple[ContentKind, Id]] = set()
        self._unasked: list[New] = []
        self._unasked_bytes = 0
        self.bytes_new = 0
        """Bytes of blobs that the store did not hold before the last ``insert``."""

    def has(self, kind: ContentKind, object_id: Id) -> bool:
        """Whether the object is present, or added here."""
        if (kind, object_id) in self._new:
            return True
        if objects.find(self._conn, kind, bytes.fromhex(object_id)) is None:
            return False
        self._found.add((kind, object_id))
        return True

    def read(self, kind: ContentKind, object_id: Id) -> bytes:
        """The whole content."""
        new = self._new.get((kind, object_id))
        if new is not None:
            return objects.content_of(self._root, new)
        return objects.read(self._conn, self._root, kind, object_id)

    def read_small(self, blobs: Collection[Id]) -> dict[Id, bytes]:
        """The contents of small blobs, in fewer questions."""
        here = {blob: new for blob in blobs if (new := self._new.get(("blob", blob))) is not None}
        found = objects.read_blobs(self._conn, self._root, [b for b in blobs if b not in here])
        found.update((blob, objects.content_of(self._root, new)) for blob, new in here.items())
        return found

    def open_file(self, blob: Id) -> Path | None:
        """The plain file of a large blob that is kept uncompressed."""
        return objects.plain_file(self._conn, self._root, blob)

    def add(self, kind: ContentKind, data: bytes) -> Id:
        """Add bytes."""
        return self._keep(objects.prepare(self._root, kind, data))

    def add_file(self, fd: int, size: int) -> tuple[Id, int]:
        """Add the content of an open regular file."""
        new = objects.prepare_file(self._root, fd)
        return self._keep(new), new.size

    def insert(self, tx: Tx, tree: Id) -> int:
        """Make the additions durable with this transaction; returns the row of ``tree``.

        Raises:
            StoreLocked: gc removed something that was found here, and so was not added.
        """
        for kind, name in self._found:
            if objects.find(tx.conn, kind, bytes.fromhex(name)) is None:
                raise StoreLocked(
                    f"gc removed {kind} {name} meanwhile",
                    hint="take the snapshot again",
                    path=str(self._root),
                )
        self.bytes_new = objects_at_once.insert_all(tx.conn, self._new.values())
        row = objects.find(tx.conn, "tree", bytes.fromhex(tree))
        assert row is not None, "a snapshot's tree was added, or was there"
        return row

    def _keep(self, new: New) -> Id:
        name = new.id
        if new.kind == "blob" and new.data is not None:
            self._unasked.append(new)
            self._unasked_bytes += new.size
        self._new[new.kind, name] = new
        if self._unasked_bytes > _KEPT:
            self._let_go()
        return name

    def _let_go(self) -> None:
        """Keep no content that the store holds: files are read again that did not change."""
        unasked, self._unasked, self._unasked_bytes = self._unasked, [], 0
        held = objects_at_once.held(self._conn, "blob", [new.name for new in unasked])
        for new in unasked:
            if new.name in held:
                self._new.pop(("blob", new.id), None)  # the same may have come twice
                self._found.add(("blob", new.id))


@contextmanager
def batch(store: Store) -> Iterator[Batch]:
    """Objects for the length of one snapshot, restore or materialisation."""
    with store.reading() as conn:
        yield Batch(conn, store.root)
