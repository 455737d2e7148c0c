"""The limits of one store's sidecar, stated to clients in ``initialize``.

Layer: engine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, counts as numbers."""

    event_bytes: int = 8 * 1024 * 1024
    """Canonical payload of one event."""
    events: int = 10_000
    """Events in one trace/append."""
    blob_bytes: int = 32 * 1024 * 1024
    """Blob in one blob/put or blob/get message."""
    name_bytes: int = 200
    """Names of runs and branches, authors and client ids."""
    page: int = 1000
    """Entries in one page."""
    forks: int = 1000
    """Branches of one fork."""
    worlds: int = 1000
    """Live worlds of one store."""
    processes: int = 256
    """Launched processes of one store that live at once."""
    free_bytes: int = 64 * 1024 * 1024
    """What must be free on the disk for a new world."""
    output_bytes: int = 1024 * 1024
    """Kept of each output stream of a command."""
