"""What a command may see, reach and use up: data.

Layer: worlds. Kept small, since the keeper imports it. ``policy_file`` reads it from the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

_GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one command may use up. None: no limit."""

    seconds: int | None = None
    """Processor time of each process."""
    memory_bytes: int | None = None
    """Private memory of each process."""
    processes: int | None = 1024
    """Processes and threads at once."""
    file_bytes: int | None = 16 * _GIB
    """Size of any file it writes."""
    open_files: int | None = 4096
    """Open descriptors of each process."""
    scratch_bytes: int = 2 * _GIB
    """Its own ``/tmp``, home and ``/dev/shm`` together."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rights of the commands of one store. Paths are absolute, without ``..`` or links."""

    read: tuple[str, ...] = ()
    """Granted to read, beside the system."""
    write: tuple[str, ...] = ()
    """Granted to read and write."""
    hide: tuple[str, ...] = ()
    """Never seen, whatever else is granted."""
    network: bool = False
    """Whether it is on the host's network; else on one of its own, that leads nowhere."""
    env: tuple[str, ...] = ()
    """Variables of the sidecar that are handed on, beside the usual few."""
    limits: Limits = field(default_factory=Limits)
    required: bool = False
    """Whether a command is refused where it cannot be confined whole."""
    store: str | None = None
    """The store's folder: hidden always."""
    interpreter: tuple[str, ...] = ()
    """Where the sidecar's own Python lives: readable always."""
    home: str | None = None
    """The home folder; in its place there is an empty one, gone afterwards."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """What ``to_dict`` gave, also when JSON turned its tuples into lists."""
        made: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return cls(**{**made, "limits": Limits(**data["limits"])})
