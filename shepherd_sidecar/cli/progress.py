"""Saying that something takes its time.

Layer: cli. Keeps: only on a terminal, only after a moment, and nothing is left behind.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from shepherd_sidecar.cli.terminal import is_terminal

_PATIENCE = 0.7
_TICK = 0.5


@contextmanager
def working(doing: str) -> Iterator[None]:
    """Show what is being done on stderr for as long as the block takes."""
    if not is_terminal(sys.stderr):
        yield
        return
    ended = threading.Event()
    shown = threading.Thread(target=_show, args=(doing, ended), daemon=True)
    shown.start()
    try:
        yield
    finally:
        ended.set()
        shown.join()


def _show(doing: str, ended: threading.Event) -> None:
    began = time.monotonic()
    if ended.wait(_PATIENCE):
        return
    while not ended.wait(_TICK):
        seconds = time.monotonic() - began
        print(f"\r\x1b[K{doing}: {seconds:.0f} s", end="", file=sys.stderr, flush=True)
    print("\r\x1b[K", end="", file=sys.stderr, flush=True)
