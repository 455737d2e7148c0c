"""A store of objects in memory, with the counters that tests look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal

from shepherd_sidecar.errors import BlobMissing
from shepherd_sidecar.trace.ids import Id, object_id

Kind = Literal["blob", "tree"]


class MemoryObjects:
    """``Objects`` as a dict. ``on_add`` is called before each blob is added."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, Id], bytes] = {}
        self.blobs_added = 0
        self.trees_added = 0
        self.on_add: Callable[[bytes], None] | None = None

    def has(self, kind: Kind, object_id: Id) -> bool:
        return (kind, object_id) in self.held

    def read(self, kind: Kind, object_id: Id) -> bytes:
        try:
            return self.held[kind, object_id]
        except KeyError:
            raise BlobMissing(f"no {kind} {object_id}", hash=object_id) from None

    def read_small(self, blobs: Collection[Id]) -> dict[Id, bytes]:
        return {blob: self.read("blob", blob) for blob in blobs}

    def open_file(self, blob: Id) -> Path | None:
        return None

    def add(self, kind: Kind, data: bytes) -> Id:
        if kind == "blob":
            self.blobs_added += 1
            if self.on_add is not None:
                self.on_add(data)
        else:
            self.trees_added += 1
        name = object_id(kind, data)
        self.held[kind, name] = data
        return name

    def add_file(self, fd: int, size: int) -> tuple[Id, int]:
        parts = []
        read = 0
        while read < size and (chunk := os.read(fd, min(1 << 20, size - read))):
            parts.append(chunk)
            read += len(chunk)
        return self.add("blob", b"".join(parts)), read
