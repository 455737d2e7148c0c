"""The server as a program over stdio.

Layer: server. Everything heavy is imported after it is needed; see ``lsp_face``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shepherd_sidecar.protocol import table
from shepherd_sidecar.protocol.method import Method, Role
from shepherd_sidecar.server.connection import Connection, OnClose
from shepherd_sidecar.server.logs import log_loop_error, log_to_stderr
from shepherd_sidecar.server.settings import Handler, Limits, Settings, no_features
from shepherd_sidecar.server.stdio import take_stdio

if TYPE_CHECKING:
    from shepherd_sidecar.server.protocol import ShepherdLanguageServer
    from shepherd_sidecar.server.session import Session


def serve(
    handlers: Mapping[str, Handler],
    capabilities: Callable[[], dict[str, Any]],
    role: Role = "owner",
    on_close: OnClose | None = None,
    limits: Limits | None = None,
    *,
    find: Callable[[str], Method | None] = table.find,
    features: Callable[[ShepherdLanguageServer], None] | None = None,
    stdio: tuple[int, int] | None = None,
    on_session: Callable[[Session], None] | None = None,
) -> int:
    """Serve the client on stdin and stdout until it goes; returns the exit code.

    Args:
        handlers: by method name, see ``settings.Handler``.
        capabilities: gives ``capabilities.experimental.shepherd`` of ``initialize``.
        role: what the client may call.
        on_close: called on the loop when all work is done, before replies are flushed.
        limits: bounds of the connection.
        find: the METHODS table.
        features: registers LSP features, when a client says ``initialize``.
        stdio: what ``take_stdio`` gave, for programs that had to take it earlier.
        on_session: called on the loop with the session, before anything is read.
    """
    in_fd, out_fd = stdio if stdio is not None else take_stdio()
    log_to_stderr()
    settings = Settings(
        handlers=handlers,
        capabilities=capabilities,
        role=role,
        limits=limits if limits is not None else Limits(),
        find=find,
        features=features if features is not None else no_features,
    )

    async def run() -> int:
        asyncio.get_running_loop().set_exception_handler(log_loop_error)
        connection = Connection(settings, in_fd, out_fd, on_close)
        connection.take_signals()
        if on_session is not None:
            on_session(connection.session)
        return await connection.run()

    return asyncio.run(run())
