"""run/*: the life of one agent's work.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Branch, NotCaptured, Usage, World
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.ids import Id


@message
class Agent:
    """Who is running."""

    name: str
    """The agent's name."""
    version: str | None = None
    """Its version."""
    language: str | None = None
    """The language it is written in."""


@message
class RunStartParams:
    """Begin a run: a root commit ``run_start`` and a branch at it.

    With a ``workspace`` the root carries its snapshot. ``apart`` makes a world from that
    snapshot for the agent to work in; ``inPlace`` lets it work in the folder itself.
    """

    name: str
    """What the run is called by people. The first branch takes it when it is free."""
    agent: Agent | None = None
    """Who runs."""
    workspace: str | None = None
    """Absolute path of the folder the agent works on."""
    place: Literal["apart", "inPlace"] = "apart"
    """Whether the agent works in a world beside the folder, or in it."""
    driver: str | None = None
    """Name of a world driver; chosen automatically when omitted."""
    gate: str | None = None
    """Path of a rule file for this run, instead of the store's own ``gate.toml``. Not for agents."""
    meta: dict[str, Any] | None = None
    """Anything else worth keeping; it becomes part of the root event."""


@message
class RunStartResult:
    """The new run."""

    run: str
    """Its id."""
    branch: str
    """Its first branch."""
    head: Id
    """The root commit."""
    world: World | None = None
    """Where the agent works, when a workspace was given."""
    not_captured: list[NotCaptured] | None = None
    """What of the workspace the snapshot left out, when a workspace was given."""


@message
class RunEndParams:
    """End a branch's run: a ``run_end`` event, after which the branch takes no more."""

    branch: str
    """The branch that ends."""
    status: Literal["finished", "failed", "exhausted", "stopped"]
    """How it ended."""
    payload: dict[str, Any] | None = None
    """What to keep of the end: a result, a reward, an error."""


@message
class RunEndResult:
    """The end, recorded."""

    commit: Id
    """The ``run_end`` commit."""


@message
class RunListParams:
    """Runs, newest first."""

    limit: int = 50
    """How many at most."""
    cursor: str | None = None
    """``nextCursor`` of the page before."""


@message
class Run:
    """One run."""

    run: str
    """Its id."""
    name: str
    """What people call it."""
    started_at: str
    """RFC 3339 UTC."""
    branches: list[Branch]
    """Its branches, oldest first."""
    agent: Agent | None = None
    """Who ran."""
    workspace: str | None = None
    """The folder it works on."""


@message
class RunListResult:
    """A page of runs."""

    runs: list[Run]
    """Newest first."""
    next_cursor: str | None = None
    """Present when there is more."""


@message
class RunUsageParams:
    """What a run cost so far, branch by branch."""

    run: str
    """Its id."""


@message
class BranchUsage:
    """What was recorded on one branch itself; what it was forked from counts there."""

    branch: str
    """Its name."""
    events: int
    """Events appended on it."""
    usage: Usage
    """Sums; a member that no event stated is absent."""
    first_at: str | None = None
    """When its first event was recorded, RFC 3339 UTC."""
    last_at: str | None = None
    """When its newest was."""


@message
class RunUsageResult:
    """Every branch of the run, oldest first."""

    branches: list[BranchUsage]
    """One for each."""


METHODS = (
    Method(
        "run/start",
        RunStartParams,
        RunStartResult,
        WRITERS,
        errors=(
            "WorkspaceRefused",
            "BudgetExceeded",
            "SnapshotFailed",
            "DriverUnavailable",
            "GateInvalid",
        ),
    ),
    Method(
        "run/end", RunEndParams, RunEndResult, WRITERS, errors=("UnknownBranch", "BranchClosed")
    ),
    Method("run/list", RunListParams, RunListResult),
    Method("run/usage", RunUsageParams, RunUsageResult, errors=("UnknownRun",)),
)
