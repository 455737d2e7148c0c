"""Whether the database's log is long enough to be folded into the database.

Layer: store. SQLite folds it in as part of the commit that makes it so long, and whoever made
that commit waits (5 to 15 ms). The writer asks here instead, once it has answered.

A frame belongs to the log as it is when it carries the salts of the log's head: they are new each
time the log begins anew, and what lies behind is of before (SQLite, "WAL File Format").
"""

from __future__ import annotations

import os
from typing import Final

LONG: Final = 1000
"""Frames (pages, mostly of 4 KiB) from which on it is: SQLite's own measure."""
_HEAD: Final = 32
_FRAME_HEAD: Final = 24
_PAGE_SIZE: Final = slice(8, 12)
_SALTS: Final = slice(16, 24)
_FRAME_SALTS: Final = slice(8, 16)


def is_long(log: str, frames: int = LONG) -> bool:
    """Whether a log holds so many frames; False when there is none, or it cannot be read."""
    try:
        fd = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        head = os.pread(fd, _HEAD, 0)
        page = int.from_bytes(head[_PAGE_SIZE], "big")
        last = os.pread(fd, _FRAME_HEAD, _HEAD + (frames - 1) * (_FRAME_HEAD + page))
    except OSError:
        return False
    finally:
        os.close(fd)
    return page > 0 and last[_FRAME_SALTS] == head[_SALTS]
