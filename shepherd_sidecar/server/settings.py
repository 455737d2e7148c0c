"""What a server is made of, given once at construction, and its bounds.

Layer: server. The server knows nothing of the engine: it is handed functions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shepherd_sidecar import PROTOCOL_VERSION, __version__
from shepherd_sidecar.protocol import table
from shepherd_sidecar.protocol.method import Method, Role

if TYPE_CHECKING:
    from shepherd_sidecar.server.protocol import ShepherdLanguageServer
    from shepherd_sidecar.server.session import Session

MIB: Final = 1024 * 1024
PROTOCOL_VERSIONS: Final = (PROTOCOL_VERSION,)

Result = Any
"""A message, plain JSON, ``Raw``, or None (for notifications)."""
Handler = Callable[["Session", Any], Result | Awaitable[Result] | Future[Result]]
"""Runs on the loop and must not wait there. A result is replied at once; a concurrent Future
is replied from whichever thread resolves it; an awaitable becomes a task that
``$/cancelRequest`` cancels."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a connection; sizes in bytes, times in seconds."""

    message: int = 64 * MIB
    """The longest message accepted; longer ones are answered PayloadTooLarge and skipped."""
    out_high: int = 4 * MIB
    """Above this many unsent bytes nothing more is read from the client."""
    out_low: int = MIB
    """Below this many unsent bytes reading goes on."""
    pending: int = MIB // 4
    """Above this many bytes of unanswered messages nothing more is read: decoded, they take
    several times as much memory. Calls that may wait for a person do not count."""
    calls: int = 8192
    """Above this many unanswered calls nothing more is read."""
    drain: float = 5.0
    """How long an orderly shutdown waits for work that does not end by itself."""
    flush: float = 5.0
    """How long it then waits for a client that does not read its replies."""


def _no_capabilities() -> dict[str, Any]:
    return {"protocolVersion": PROTOCOL_VERSIONS[-1]}


def no_features(_: ShepherdLanguageServer) -> None:
    """Register nothing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a connection is given."""

    handlers: Mapping[str, Handler]
    """By method name. A method of the table without a handler is unknown on the wire."""
    capabilities: Callable[[], dict[str, Any]] = _no_capabilities
    """Called on ``initialize``: the value of ``capabilities.experimental.shepherd``."""
    role: Role = "owner"
    """What this connection may call."""
    limits: Limits = field(default_factory=Limits)
    find: Callable[[str], Method | None] = table.find
    """The METHODS table."""
    features: Callable[[ShepherdLanguageServer], None] = no_features
    """Registers LSP features; called once, when the first client says ``initialize``."""
    version: str = __version__
    """Of the sidecar, for ``serverInfo``."""
