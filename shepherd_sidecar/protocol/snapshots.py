"""snapshot/*: the workspace at a commit: taken, read, compared, restored.

Layer: protocol.
"""

from __future__ import annotations

from typing import Literal

from shepherd_sidecar.protocol.common import Missing, NotCaptured, PathReason, Snapshot
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.protocol.processes import Process
from shepherd_sidecar.protocol.traces import FilePatch
from shepherd_sidecar.trace.ids import Id


@message
class SnapshotTakeParams:
    """Capture the branch's world as it is now."""

    branch: str
    """Whose world."""
    process: bool = False
    """Whether its launched processes are checkpointed with it, at one moment (CRIU)."""


@message
class Checkpoint:
    """A process as it was at a commit."""

    checkpoint: str
    """Its id."""
    process: str
    """The process it is of."""
    bytes: int
    """What it takes on the disk."""
    not_captured: list[Missing]
    """What of the process it does not hold."""


@message
class SnapshotTakeResult:
    """The snapshot and the commit that carries it."""

    snapshot: Snapshot
    """What was captured."""
    commit: Id
    """A ``workspace_change``; the head as it was when nothing had changed."""
    checkpoints: list[Checkpoint] | None = None
    """What was kept of its processes."""


@message
class SnapshotDiffParams:
    """Compare two workspaces."""

    left: str
    """A branch, a commit or a tree id."""
    right: str
    """A branch, a commit or a tree id."""


@message
class SnapshotDiffResult:
    """Paths that differ, from left to right, sorted."""

    added: list[FilePatch]
    """Only on the right."""
    removed: list[FilePatch]
    """Only on the left."""
    changed: list[FilePatch]
    """On both, not equal."""
    renamed: list[FilePatch]
    """The same content under another name."""


@message
class SnapshotReadParams:
    """Read one file, link or folder listing as it was. Give ``commit`` or ``tree``."""

    path: str
    """Relative path with ``/``; bytes that are not UTF-8 as ``\\xNN``; empty for the root."""
    commit: Id | None = None
    """The workspace at this commit."""
    tree: Id | None = None
    """A tree by its id."""
    offset: int = 0
    """First byte."""
    length: int | None = None
    """How many bytes at most."""


@message
class TreeEntry:
    """One name in a folder."""

    name: str
    """Its name; bytes that are not UTF-8 as ``\\xNN``."""
    kind: Literal["file", "dir", "link"]
    """What it is."""
    mode: int | None = None
    """Permission bits of a file or folder."""
    size: int | None = None
    """Size of a file in bytes."""
    id: Id | None = None
    """Blob or tree id."""


@message
class SnapshotReadResult:
    """What stood at the path."""

    kind: Literal["file", "dir", "link"]
    """What it was."""
    size: int
    """Of the whole file, of the link's target, or the number of names in a folder."""
    mode: int | None = None
    """Permission bits of a file or folder."""
    data: str | None = None
    """base64 of the bytes asked for (a file), or of the target (a link)."""
    entries: list[TreeEntry] | None = None
    """The names in a folder."""


@message
class RestoreParams:
    """Make the branch's world again what it was at ``to``.

    First a safety commit captures the world as it is, so restoring to ``safety`` undoes it.
    """

    branch: str
    """Whose world."""
    to: str
    """A commit id, or a branch name for its head."""
    preview: bool = False
    """Only say what would be done."""
    paths: list[str] | None = None
    """Only these files and folders."""
    process: bool = False
    """Whether the launched processes of the branch are exchanged for those checkpointed there."""


@message
class RestoreResult:
    """What was (or would be) done."""

    changes: list[FilePatch]
    """From the world as it was to the world as it is."""
    conflicts: list[PathReason]
    """What stands in the way and no snapshot holds. Not empty only in a preview."""
    not_captured: list[NotCaptured]
    """What this restore does not bring back."""
    safety: Id | None = None
    """Restore to this to undo. None in a preview."""
    commit: Id | None = None
    """The restore's own commit. None in a preview."""
    processes: list[Process] | None = None
    """What was brought back to life."""


METHODS = (
    Method(
        "snapshot/take",
        SnapshotTakeParams,
        SnapshotTakeResult,
        WRITERS,
        errors=("UnknownBranch", "BranchClosed", "NoWorld", "SnapshotFailed", "BudgetExceeded"),
    ),
    Method(
        "snapshot/diff",
        SnapshotDiffParams,
        SnapshotDiffResult,
        errors=("UnknownCommit", "UnknownBranch"),
    ),
    Method(
        "snapshot/read",
        SnapshotReadParams,
        SnapshotReadResult,
        errors=("UnknownCommit", "PathNotFound", "PayloadForgotten"),
    ),
    Method(
        "snapshot/restore",
        RestoreParams,
        RestoreResult,
        WRITERS,
        errors=(
            "UnknownBranch",
            "UnknownCommit",
            "BranchClosed",
            "NoWorld",
            "RestoreConflict",
            "SnapshotFailed",
            "BudgetExceeded",
            "PathNotFound",
            "DriverUnavailable",
        ),
    ),
)
