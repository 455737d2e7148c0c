"""``$/progress`` for a request that may take long, when its client asked for it by a token.

Layer: server. As in LSP: ``begin``, any number of ``report``, ``end``, all before the reply.
What is done at once is told of by nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from shepherd_sidecar.server.session import Session
from shepherd_sidecar.worlds.progress import told_to

_EVERY: Final = 0.1
"""Seconds between two reports at least."""


@contextmanager
def reported(session: Session, token: str | None, title: str) -> Iterator[None]:
    """Tell the client what is done inside the block, on this thread, under its token."""
    if token is None:
        yield
        return
    last: float | None = None

    def send(kind: str, **more: Any) -> None:
        session.notify("$/progress", {"token": token, "value": {"kind": kind, **more}})

    def listen(what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if last is None:
            send("begin", title=title, message=what, cancellable=False)
        elif now - last < _EVERY or session.would_block:
            return
        else:
            send("report", message=what)
        last = now

    try:
        with told_to(listen):
            yield
    finally:
        if last is not None:
            send("end")
