"""world/launch and what follows it: long-lived processes in the worlds of branches.

Layer: protocol. Their methods stand in the table of ``worlds``.
"""

from __future__ import annotations

from typing import Literal

from shepherd_sidecar.protocol.common import Confinement, Missing, Verdict
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.events import Effect
from shepherd_sidecar.trace.ids import Id

ProcessDriver = Literal["zygote", "criu", "rerun"]
Copyable = Literal["auto", "no", "checkpoint", "nesting"]


@message
class LaunchParams:
    """Start a long-lived process in the branch's world: intent, verdict, start, outcome, in one.

    It is confined as a command of world/exec is, outlives this sidecar, and ends with its world.
    """

    branch: str
    """Whose world."""
    argv: list[str]
    """The program and its arguments; no shell interprets it."""
    cwd: str | None = None
    """Folder inside the world, relative to it; its root when omitted."""
    env: dict[str, str] | None = None
    """Variables added to a small clean environment."""
    name: str | None = None
    """What people call it."""
    sidecar: bool = False
    """Whether it reads at descriptor 3 and writes at 4 to a sidecar of its own, in the role ``agent``."""
    copyable: Copyable = "auto"
    """What it gives up of its confinement so that branch/fork can copy it as it runs."""
    effect: Effect = "reversible"
    """What it does to the world outside the workspace, at worst."""


@message
class Process:
    """A process that was launched, or a copy of one."""

    process: str
    """Its id."""
    branch: str
    """Whose world it lives in."""
    argv: list[str]
    """As it was launched."""
    status: Literal["running", "ended"]
    """Whether it lives."""
    copied_by: ProcessDriver
    """How branch/fork will copy it: at best."""
    started_at: str
    """RFC 3339 UTC."""
    stdout_bytes: int
    """How much it has written to standard output."""
    stderr_bytes: int
    """How much it has written to standard error."""
    name: str | None = None
    """What people call it."""
    pid: int | None = None
    """Its number on the machine while it runs."""
    exit_code: int | None = None
    """Its exit status; negative for a signal. Absent when nobody saw it end."""
    why: str | None = None
    """Why nothing better than ``copiedBy`` is possible."""
    of: str | None = None
    """The process it is a copy of."""
    born_by: Literal["launch", "zygote", "criu", "rerun"] = "launch"
    """How it came to be."""
    sidecar: bool = False
    """Whether it has a sidecar of its own."""
    confinement: Confinement | None = None
    """What holds it to its world."""
    not_captured: list[Missing] | None = None
    """Of a copy: what of the original it does not have."""


@message
class LaunchResult:
    """What came of it. A denied launch has no process."""

    intent: Id
    """The intent's commit."""
    verdict: Verdict
    """Whether it was started."""
    outcome: Id
    """The outcome's commit: it runs, or why it does not."""
    process: Process | None = None
    """The process, when it was started."""


@message
class ProcessesParams:
    """The processes that were launched in worlds, and their copies, the oldest first."""

    branch: str | None = None
    """Only those of this branch."""
    ended: bool = False
    """Also those that have ended, as long as they are remembered."""


@message
class ProcessesResult:
    """Processes."""

    processes: list[Process]
    """The oldest first."""


@message
class SignalParams:
    """Send a signal to a launched process. Recorded on its branch."""

    process: str
    """Its id."""
    signal: str = "TERM"
    """``TERM``, ``INT``, ``HUP``, ``QUIT``, ``USR1``, ``USR2``; ``STOP`` and ``CONT``; ``KILL``
    ends all that it started as well."""


@message
class OutputParams:
    """What a launched process wrote. Its latest part is kept; offsets count from its start."""

    process: str
    """Its id."""
    stream: Literal["stdout", "stderr"] = "stdout"
    """Which stream."""
    offset: int = 0
    """First byte; what is older than ``kept`` in the result is passed over."""
    length: int | None = None
    """How many bytes at most."""


@message
class OutputResult:
    """A part of a stream."""

    data: str
    """base64 of the bytes."""
    offset: int
    """Where they begin."""
    kept: int
    """The first byte that is still there."""
    size: int
    """Bytes written so far."""


@message
class DidCopy:
    """The first thing that the sidecar of a copy says: whoever reads it is the copy.

    Requests that were not answered by then were the original's, and are not answered any more.
    The copy may go on calling its branch by the name it had.
    """

    branch: str
    """The copy's own branch."""
    process: str
    """The copy's id."""
    of: str
    """The original's id."""


METHODS = (
    Method(
        "world/launch",
        LaunchParams,
        LaunchResult,
        WRITERS,
        errors=(
            "UnknownBranch",
            "BranchClosed",
            "NoWorld",
            "ExecFailed",
            "SandboxInvalid",
            "DriverUnavailable",
            "BudgetExceeded",
            "RoleForbidden",
            "PayloadTooLarge",
        ),
        waits=True,
    ),
    Method("world/processes", ProcessesParams, ProcessesResult, errors=("UnknownBranch",)),
    Method("world/signal", SignalParams, Process, WRITERS, errors=("UnknownProcess",)),
    Method("world/output", OutputParams, OutputResult, errors=("UnknownProcess",)),
    Method("world/didCopy", DidCopy, None, direction="push"),
)
