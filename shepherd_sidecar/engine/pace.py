"""Standing back while somebody works: how the laying in the background goes on.

Layer: engine. Idle scheduling keeps a process off the processor that others want, not off the
journal of the file system: what is written waits there for whatever else was. So while the store is
being written to, the work goes on in small bites with long pauses; when nobody writes, without.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.batch import Batch, ContentKind
from shepherd_sidecar.store.layout import DATABASE
from shepherd_sidecar.trace.ids import Id

_BITE_S: Final = 0.002
"""Work between two looks."""
_PAUSE_S: Final = 0.010
"""How long it is stood back."""


class Pace:
    """The pace of work beside a store that others write to."""

    def __init__(self, root: Path) -> None:
        self.hurried = False
        """Somebody waits for the work: no more pauses."""
        self._log = root / f"{DATABASE}-wal"
        self._seen = 0
        self._since = time.monotonic()

    def bite(self) -> None:
        """Called often: returns at once, or after a pause when somebody is writing."""
        if self.hurried or time.monotonic() - self._since < _BITE_S:
            return
        written = self._written()
        if written != self._seen:
            self._seen = written
            time.sleep(_PAUSE_S)
        self._since = time.monotonic()

    def _written(self) -> int:
        try:
            return os.stat(self._log).st_mtime_ns
        except OSError:
            return 0


class Unhurried(Batch):
    """The objects of a store, read at a pace."""

    def __init__(self, conn: sqlite3.Connection, root: Path, pace: Pace) -> None:
        super().__init__(conn, root)
        self.pace = pace

    def read(self, kind: ContentKind, object_id: Id) -> bytes:
        """The whole content."""
        self.pace.bite()
        return super().read(kind, object_id)

    def read_small(self, blobs: Collection[Id]) -> dict[Id, bytes]:
        """The contents of small blobs, in fewer questions."""
        self.pace.bite()
        return super().read_small(blobs)

    def open_file(self, blob: Id) -> Path | None:
        """The plain file of a large blob that is kept uncompressed."""
        self.pace.bite()
        return super().open_file(blob)
