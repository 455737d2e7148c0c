"""branch/*: names for heads: forked, listed, renamed, rewound, discarded, settled.

Layer: protocol.
"""

from __future__ import annotations

from shepherd_sidecar.protocol import overlaps, settling
from shepherd_sidecar.protocol.common import Branch, NotCaptured, World
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.protocol.processes import Process, ProcessDriver
from shepherd_sidecar.trace.ids import Id


@message
class ForkParams:
    """Make branches that start at a commit, beside what is there. Adds no object."""

    at: str
    """A commit id, or a branch name for its head."""
    count: int | None = None
    """How many (1 to 1000): as many as ``names``, or one, when omitted."""
    names: list[str] | None = None
    """Their names; made from the origin's when omitted."""
    world: bool = True
    """Whether each gets a live world, where the run has a workspace."""
    driver: str | None = None
    """Name of a world driver."""
    by: str | None = None
    """Who does it. What a supervisor does, or anybody who says so, is an event with its author."""
    reason: str | None = None
    """Why."""
    process: bool = False
    """Whether each world gets a running copy of every launched process of the branch; or, at a
    commit with checkpoints, what was checkpointed there."""
    process_driver: ProcessDriver | None = None
    """Only in this way; by the best that works when omitted."""
    work_done_token: str | None = None
    """When making the worlds takes long, ``$/progress`` says so under this token, as in LSP."""


@message
class ForkedBranch:
    """One new branch."""

    branch: str
    """Its name."""
    head: Id
    """The commit it starts at."""
    world: World | None = None
    """Its live world."""
    process: Process | None = None
    """The copy of the process that was launched first."""
    processes: list[Process] | None = None
    """All copies, when there are several, in the order of their launches."""


@message
class ForkResult:
    """The new branches."""

    branches: list[ForkedBranch]
    """In the order of ``names``."""
    ms: float
    """Until all worlds were usable, in milliseconds."""
    not_captured: list[NotCaptured]
    """What the snapshot that the worlds are made from left out, where this sidecar took it."""


@message
class BranchListParams:
    """Branches, newest first."""

    run: str | None = None
    """Only of this run."""
    limit: int = 100
    """How many at most."""
    cursor: str | None = None
    """``nextCursor`` of the page before."""


@message
class BranchListResult:
    """A page of branches."""

    branches: list[Branch]
    """Newest first."""
    next_cursor: str | None = None
    """Present when there is more."""


@message
class BranchGetParams:
    """One branch."""

    branch: str
    """Its name."""


@message
class BranchRenameParams:
    """Give a branch another name."""

    branch: str
    """Its name now."""
    name: str
    """Its name from now on."""


@message
class BranchRewindParams:
    """Move a branch back along its own log. The tail stays, as a discarded branch.

    The live world is left as it is: snapshot/restore brings it back as well. What it holds beyond
    the new head is named as changed by the next snapshot.
    """

    branch: str
    """Which."""
    to: Id
    """A commit on its log."""
    by: str | None = None
    """Who does it. What a supervisor does, or anybody who says so, is an event with its author."""
    reason: str | None = None
    """Why."""


@message
class BranchRewindResult:
    """Where everything is now."""

    head: Id
    """The branch's head."""
    tail: str
    """The discarded branch that keeps what came after."""


@message
class BranchDiscardParams:
    """Set a branch aside. Its parent is untouched; ``restore`` takes it back."""

    branch: str
    """Which."""
    restore: bool = False
    """Take a discarded branch back instead."""
    by: str | None = None
    """Who does it. What a supervisor does, or anybody who says so, is an event with its author."""
    reason: str | None = None
    """Why."""


@message
class BranchDiscardResult:
    """The branch as it is now."""

    branch: Branch
    """With its status."""
    undo_until: str | None = None
    """Until when gc keeps it, RFC 3339 UTC."""


METHODS = (
    Method(
        "branch/fork",
        ForkParams,
        ForkResult,
        WRITERS,
        errors=(
            "UnknownCommit",
            "UnknownBranch",
            "NameTaken",
            "DriverUnavailable",
            "NoWorld",
            "UnknownProcess",
            "ExecFailed",
            "BudgetExceeded",
        ),
    ),
    Method("branch/list", BranchListParams, BranchListResult, errors=("UnknownRun",)),
    Method("branch/get", BranchGetParams, Branch, errors=("UnknownBranch",)),
    Method(
        "branch/rename", BranchRenameParams, Branch, WRITERS, errors=("UnknownBranch", "NameTaken")
    ),
    Method(
        "branch/rewind",
        BranchRewindParams,
        BranchRewindResult,
        WRITERS,
        errors=("UnknownBranch", "UnknownCommit", "BranchClosed"),
    ),
    Method(
        "branch/discard",
        BranchDiscardParams,
        BranchDiscardResult,
        WRITERS,
        errors=("UnknownBranch", "BranchClosed"),
    ),
    *settling.METHODS,
    *overlaps.METHODS,
)
