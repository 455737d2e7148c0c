"""world/*: acting inside a branch's world through the sidecar.

Layer: protocol.
"""

from __future__ import annotations

from shepherd_sidecar.protocol import processes
from shepherd_sidecar.protocol.common import Confinement, Failure, Snapshot, Verdict
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.events import Effect
from shepherd_sidecar.trace.ids import Id


@message
class ExecParams:
    """Run a command in the branch's world: intent, verdict, run, outcome, snapshot, in one."""

    branch: str
    """Whose world."""
    argv: list[str]
    """The command; no shell interprets it."""
    cwd: str | None = None
    """Folder inside the world, relative to it; its root when omitted."""
    env: dict[str, str] | None = None
    """Variables added to a small clean environment."""
    stdin: str | None = None
    """Text for its standard input."""
    timeout_ms: int = 120_000
    """Its process group is killed after this."""
    effect: Effect = "reversible"
    """What it does to the world outside the workspace, at worst."""


@message
class ExecResult:
    """What came of it. A denied command has no exit code and did not run."""

    intent: Id
    """The intent's commit."""
    verdict: Verdict
    """Whether it ran."""
    stdout: str
    """Standard output, bytes that are not UTF-8 replaced; cut at the limit."""
    stderr: str
    """Standard error, likewise."""
    outcome: Id
    """The outcome's commit."""
    exit_code: int | None = None
    """Its exit status; negative for a signal."""
    timed_out: bool = False
    """Whether the time was up."""
    stdout_bytes: int = 0
    """How much it wrote in all."""
    stderr_bytes: int = 0
    """How much it wrote in all."""
    snapshot: Snapshot | None = None
    """The workspace after it."""
    snapshot_failed: Failure | None = None
    """Why the workspace was not captured; the outcome is recorded all the same."""
    confinement: Confinement | None = None
    """What held it while it ran."""
    limits_reached: list[str] | None = None
    """Limits that it came up against, in words."""


METHODS = (
    Method(
        "world/exec",
        ExecParams,
        ExecResult,
        WRITERS,
        errors=(
            "UnknownBranch",
            "BranchClosed",
            "NoWorld",
            "ExecFailed",
            "SandboxInvalid",
            "PayloadTooLarge",
        ),
        waits=True,
    ),
    *processes.METHODS,
)
