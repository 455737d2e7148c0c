"""Who may lay or clear away worlds just now, among all processes of one store.

Layer: worlds. Keeps: what is being built is never taken for what a crash left. A world
belongs to a branch only when the store says so, which is after its folder stands; builders
therefore share a lock until then, and who clears away holds it alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".building"


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold while worlds are made in ``folder``, until the store knows of them."""
    fd = _open(folder)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
        yield
    finally:
        os.close(fd)


@contextmanager
def clearing(folder: Path) -> Iterator[bool]:
    """Hold while leftovers are removed; False when somebody is building: try another time."""
    fd = _open(folder)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(fd)


def _open(folder: Path) -> int:
    # Beside the folder, not in it: everything in it is a world or a leftover.
    beside = folder.with_name(f"{_LOCK}-{folder.name}")
    return os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
