"""``serve``: the sidecar itself, on stdio.

Layer: cli. Keeps: stdin and stdout are taken before anything could print.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shepherd_sidecar.cli.failures import tell
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.protocol.method import Role
from shepherd_sidecar.server.framing import Framing
from shepherd_sidecar.server.main import serve
from shepherd_sidecar.server.stdio import take_stdio
from shepherd_sidecar.store.layout import find_store

if TYPE_CHECKING:
    from shepherd_sidecar.server.protocol import ShepherdLanguageServer
    from shepherd_sidecar.server.session import Session

_YOUNG: Final = 10_000
"""Objects made, and not let go of, before cycles are looked for. What one large snapshot makes is
looked through a few times with Python's own 700, and a cycle seldom comes about."""
_TIDY_AFTER: Final = 1.0
"""Seconds after the start: the first answers come before what a crash left is looked for."""


def serve_store(
    store: str | None,
    role: Role,
    own: Collection[str] = (),
    known_as: str | None = None,
    copied: Sequence[str] | None = None,
) -> int:
    """Serve one store until the client goes; returns the exit code.

    Args:
        store: its folder, when it was named.
        role: what the client may do.
        own: branches that an agent may write on beside those it starts or forks itself.
        known_as: the name by which the agent, a copy, calls the first of them.
        copied: the ids of the copy and of the original; the copy is told.
    """
    stdio = take_stdio()
    from shepherd_sidecar.engine.engine import Engine
    from shepherd_sidecar.server.handlers import capabilities, handlers

    try:
        engine = Engine(find_store(Path.cwd(), store), watch=True)
    except ShepherdError as error:
        return tell(error)

    def begin(session: Session) -> None:
        session.own.update(own)
        first = next(iter(own), "")
        if known_as is not None:
            session.known_as[known_as] = first
        if copied is not None:
            process, of = copied
            session.framing = Framing.LINE  # it is said before anything was asked
            session.notify("world/didCopy", {"branch": first, "process": process, "of": of})
        if role != "observer":
            loop = asyncio.get_running_loop()
            loop.call_later(_TIDY_AFTER, loop.run_in_executor, None, engine.tidy)

    def features(server: ShepherdLanguageServer) -> None:
        from shepherd_sidecar.lsp.features import register

        register(engine, server)

    gc.freeze()  # what was imported stays
    gc.set_threshold(_YOUNG, 20, 20)
    try:
        return serve(
            handlers(engine, role),
            lambda: capabilities(engine),
            role,
            stdio=stdio,
            on_session=begin,
            features=features,
        )
    finally:
        engine.close()
