"""What a world driver is: the one interface behind which copying, reflinks or mounts hide.

Layer: worlds. Identity is always the Merkle root in the object store; a driver only makes
a world out of it, fast. A driver never decides *what* is captured (``capture.py`` does).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.worlds.stat_cache import Folder

if TYPE_CHECKING:
    from shepherd_sidecar.worlds.parsed import Parsed

Place = Literal["apart", "inPlace"]


class Objects(Protocol):
    """What worlds need of a store. Reads see everything that was added before.

    ``add_*`` return the id at once and may defer the writing: what was added is durable when
    the transaction that first names it is (the caller hands the batch to it).
    """

    def has(self, kind: Literal["blob", "tree"], object_id: Id) -> bool:
        """Whether the object is present."""

    def read(self, kind: Literal["blob", "tree"], object_id: Id) -> bytes:
        """The whole content. Raises BlobMissing or StoreCorrupt."""

    def read_small(self, blobs: Collection[Id]) -> dict[Id, bytes]:
        """The contents of small blobs, in fewer questions. Raises as ``read``."""

    def open_file(self, blob: Id) -> Path | None:
        """The plain uncompressed file that holds a large blob, if it is kept as one."""

    def add(self, kind: Literal["blob", "tree"], data: bytes) -> Id:
        """Add bytes."""

    def add_file(self, fd: int, size: int) -> tuple[Id, int]:
        """Add the content of an open regular file without holding it in memory.

        Returns its id and the number of bytes really read (the file may change meanwhile).
        """


@dataclass(frozen=True, slots=True)
class NotCaptured:
    """One thing that a snapshot does not hold, and why."""

    path: str
    """Relative path; bytes that are not UTF-8 as ``\\xNN``."""
    why: str
    """``socket``, ``fifo``, ``device``, ``ignored``, ``unreadable``, ``changedWhileRead``, ..."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A workspace as it was: its tree, and what is not in it."""

    tree: Id
    files: int
    """Regular files and links in the tree."""
    bytes_total: int
    """Sum of the file sizes."""
    ms: float
    """Duration, in milliseconds."""
    driver: str
    """Name of the driver."""
    not_captured: tuple[NotCaptured, ...] = ()
    bytes_new: int = 0
    """Bytes of content that the store did not hold before; known once it is recorded."""
    changed: tuple[str, ...] = field(default=())
    """Paths that differ from the snapshot before, sorted; bytes not UTF-8 as ``\\xNN``."""


@dataclass(frozen=True, slots=True)
class World:
    """A live writable folder."""

    path: Path
    """Where its files are now, as the sidecar sees them (a mount may move between processes)."""
    mounted_at: Path
    """Where its files are, as what runs inside it sees them."""
    driver: str
    place: Place = "apart"
    home: Path | None = None
    """The folder in the store that the driver made it in, which never moves; None: ``path``."""

    @property
    def stands_in(self) -> Path:
        """What the store remembers of it."""
        return self.home if self.home is not None else self.path


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a driver works here, found by trying."""

    name: str
    available: bool
    why: str | None = None
    """The reason when it does not; what cannot be done in its worlds when it does."""


class Driver(Protocol):
    """A way to make worlds."""

    name: str

    def probe(self, folder: Path) -> Availability:
        """Try the mechanism inside ``folder`` and clean up."""

    def create(self, objects: Objects, tree: Id, at: Path, near: Iterable[Id] = ()) -> World:
        """A live world that starts as ``tree``, its files below ``at`` (which must not exist).

        ``near`` are trees that differ little from ``tree``, the nearest first: a driver that
        has one of them at hand may start from it. Read lazily, as far as needed.

        Either the whole world stands, or nothing is left and an error is raised.
        """

    def open(self, world: World) -> World:
        """The world with its ``path`` as it is now: mounted again, when it no longer was."""

    @property
    def parsed(self) -> Parsed:
        """Trees that were met already."""

    def reader(self, objects: Objects, world: World) -> Read:
        """Trees by id, without reading again what is known of the world."""

    def snapshot(self, objects: Objects, world: World, before: Id | None) -> Snapshot:
        """The world as it is now. ``before`` is the tree of its last snapshot."""

    def destroy(self, world: World) -> None:
        """Remove the world's files (never those of a world in place)."""

    def clean(self, folder: Path, living: Iterable[Path]) -> list[Path]:
        """Remove what a crash left in ``folder``, all but ``living``; returns what was removed."""

    def flush(self) -> None:
        """Keep what is known of the worlds, so that the next process need not look again."""

    def known(self, world: World) -> Folder | None:
        """What was seen at the world's last snapshot, for a restore to compare against."""
