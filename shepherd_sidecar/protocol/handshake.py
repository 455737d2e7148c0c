"""What ``initialize`` tells under ``capabilities.experimental.shepherd``.

Layer: protocol. ``initialize`` itself is LSP's.
"""

from __future__ import annotations

from shepherd_sidecar.protocol.method import message


@message
class DriverState:
    """A way to make worlds, or to keep processes, and whether it works here."""

    name: str
    """Its name, as ``driver`` takes it."""
    available: bool
    """Found by trying."""
    why: str | None = None
    """The reason when it does not work; when it does, what cannot be done in its worlds."""


@message
class Limits:
    """What is refused beyond these; sizes in bytes, counts as numbers."""

    event_bytes: int
    """Canonical payload of one event."""
    events: int
    """Events in one trace/append."""
    blob_bytes: int
    """Blob in one blob/put or blob/get."""
    page: int
    """Entries in one page."""
    forks: int
    """Branches of one fork."""
    output_bytes: int
    """Kept of each output stream of a command."""


@message
class Capabilities:
    """The sidecar and its store."""

    protocol_version: int
    """The version spoken on this connection."""
    store_path: str
    """The store's folder."""
    drivers: list[DriverState]
    """Ways to make worlds, the preferred first."""
    process_drivers: list[DriverState]
    """Ways to keep a process with its world."""
    limits: Limits
    """What is refused beyond these."""
