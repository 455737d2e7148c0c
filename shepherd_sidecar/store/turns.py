"""Turns between processes: one at a time at the same thing of a store.

Layer: store. A byte of one file is locked for each; a death frees it at once. Threads of one
process take turns by locks of their own: here they would not see each other.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shepherd_sidecar.errors import StoreReadOnly

_WAIT: Final = getattr(fcntl, "F_OFD_SETLKW", fcntl.F_SETLKW)
"""Locks that belong to the open file, so that two stores in one process see each other."""


class Turns:
    """The turns of one store, as one process takes them.

    Args:
        path: the file; made when the first turn is taken.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1
        self._lock = threading.Lock()

    @contextmanager
    def taking(self, number: int) -> Iterator[None]:
        """Be the only process at ``number``, for the length of the block.

        Raises:
            StoreReadOnly: the file cannot be made.
        """
        with self._lock:
            if self._fd < 0:
                self._fd = self._opened()
        self._set(fcntl.F_WRLCK, number)
        try:
            yield
        finally:
            self._set(fcntl.F_UNLCK, number)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreReadOnly(
                f"turns cannot be taken: {error.strerror}", path=str(self._path)
            ) from error

    def _set(self, kind: int, number: int) -> None:
        # struct flock: type, whence, start, length, pid
        fcntl.fcntl(self._fd, _WAIT, struct.pack("@hhqqi0q", kind, os.SEEK_SET, number, 1, 0))
