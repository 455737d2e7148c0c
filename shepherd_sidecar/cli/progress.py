"""Saying that something takes its time.

Layer: cli. Keeps: only on a terminal, only after a moment, and nothing is left behind.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shepherd_sidecar.cli.terminal import is_terminal

_PATIENCE = 0.7
_TICK = 0.5


Say = Callable[[str, int], None]
"""Called with what is being done and how many of it were."""


@contextmanager
def working(doing: str) -> Iterator[Say]:
    """Show what is being done on stderr for as long as the block takes."""
    if not is_terminal(sys.stderr):
        yield lambda _what, _count: None
        return
    ended = threading.Event()
    seen: dict[str, int] = {}
    shown = threading.Thread(target=_show, args=(doing, seen, ended), daemon=True)
    shown.start()
    try:
        yield seen.__setitem__
    finally:
        ended.set()
        shown.join()


def _show(doing: str, seen: dict[str, int], ended: threading.Event) -> None:
    began = time.monotonic()
    if ended.wait(_PATIENCE):
        return
    while not ended.wait(_TICK):
        counts = "".join(f", {number} {what}" for what, number in seen.copy().items())
        line = f"{doing}: {time.monotonic() - began:.0f} s{counts}"
        columns = shutil.get_terminal_size().columns
        print(f"\r\x1b[K{line[: columns - 1]}", end="", file=sys.stderr, flush=True)
    print("\r\x1b[K", end="", file=sys.stderr, flush=True)
