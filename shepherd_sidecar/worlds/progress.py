"""How far long work has come, for whoever waits for it and wants to know.

Layer: worlds. Who does the work need not know who listens, or whether anybody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]

_listener: ContextVar[Listener | None] = ContextVar("shepherd_progress", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Have ``listener`` told of what is done inside the block, on this thread, in words."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(what: str) -> None:
    """Say how far something has come. Costs next to nothing when nobody listens."""
    listener = _listener.get()
    if listener is not None:
        listener(what)
