"""store/*: looking after the store itself.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.method import OWNER, Method, message
from shepherd_sidecar.trace.ids import Id


@message
class StatParams:
    """How much the store holds and where the space goes."""


@message
class StatResult:
    """Counts and sizes in bytes."""

    path: str
    """The store's folder."""
    schema: int
    """Version of its layout."""
    runs: int
    """How many runs."""
    branches: int
    """How many branches."""
    commits: int
    """How many commits."""
    blobs: int
    """How many blobs."""
    trees: int
    """How many trees."""
    database_bytes: int
    """Size of the database with its log."""
    object_file_bytes: int
    """Size of the objects kept outside the database."""
    world_bytes: int
    """Size of live worlds, and of the layers that they stand on."""
    payload_bytes: int
    """Size of what was reported, before compression."""


@message
class VerifyParams:
    """Recompute every id and chain, and check well-formedness."""

    repair: bool = False
    """Set damaged objects aside and close the branches that need them."""


@message
class Problem:
    """One thing that is wrong."""

    what: str
    """Which rule it breaks: hash, missing, chain, row, intent, outcome, denied, file, database."""
    where: str
    """Object id, branch or path."""
    detail: str
    """In words."""


@message
class VerifyResult:
    """What was checked and what is wrong."""

    ok: bool
    """Whether nothing is."""
    problems: list[Problem]
    """Everything that is."""
    checked: dict[str, int]
    """How many of each: commits, blobs, trees, reflog, files, and orphans: files that no row
    names, which a crash leaves and gc removes."""
    ms: float
    """How long it took, in milliseconds."""
    repaired: int | None = None
    """How many problems were set aside."""


@message
class GcParams:
    """Remove what nothing needs any more."""

    dry_run: bool = False
    """Only say what would be removed."""
    keep_discarded_days: float | None = None
    """How long discarded branches stay (30 when omitted)."""
    max_bytes: int | None = None
    """Discarded branches go sooner, oldest first, until the store is this small."""


@message
class GcResult:
    """What was, or would be, removed."""

    branches: int
    """Discarded branches."""
    commits: int
    """Commits."""
    blobs: int
    """Blobs."""
    trees: int
    """Trees."""
    worlds: int
    """Live worlds of the branches that went."""
    bytes: int
    """Bytes of content."""
    dry_run: bool
    """Whether nothing was really removed."""


@message
class ForgetParams:
    """Remove a payload everywhere and leave its hash. Cannot be undone.

    Give ``commit`` for an event's payload, or ``blob`` for a blob.
    """

    commit: Id | None = None
    """The commit whose event's payload goes, in every commit of the same event."""
    blob: Id | None = None
    """The blob that goes."""
    reason: str | None = None
    """Kept beside the hash."""


@message
class ForgetResult:
    """What went."""

    forgotten: int
    """How many stored copies were removed."""


@message
class ExportParams:
    """Write branches with all they need to one self-checking file."""

    path: str
    """Absolute path of the file to write; must not exist."""
    branches: list[str] | None = None
    """Which; all when omitted."""


@message
class ExportResult:
    """What was written."""

    path: str
    """The file."""
    commits: int
    """Commits in it."""
    objects: int
    """Blobs and trees in it."""
    bytes: int
    """Its size."""


@message
class ImportParams:
    """Take in an exported file. Everything is checked before anything is kept."""

    path: str
    """Absolute path of the file."""
    format: Literal["shepherd", "atif"] = "shepherd"
    """``shepherd`` (an export) or ``atif`` (Agent Trajectory Interchange Format)."""


@message
class ImportResult:
    """What was taken in."""

    branches: list[str]
    """Names; one that was taken gets a suffix."""
    commits: int
    """Commits that were new."""
    objects: int
    """Blobs and trees that were new."""
    notes: list[dict[str, Any]] | None = None
    """What the format could not say exactly."""


METHODS = (
    Method("store/stat", StatParams, StatResult),
    Method("store/verify", VerifyParams, VerifyResult, OWNER, errors=("StoreCorrupt",)),
    Method("store/gc", GcParams, GcResult, OWNER),
    Method(
        "store/forget", ForgetParams, ForgetResult, OWNER, errors=("UnknownCommit", "BlobMissing")
    ),
    Method("store/export", ExportParams, ExportResult, OWNER, errors=("UnknownBranch",)),
    Method("store/import", ImportParams, ImportResult, OWNER, errors=("ImportInvalid",)),
)
