"""intent/*: asking before acting, and reporting what came of it.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Failure, Snapshot, Usage, Verdict
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.events import Effect
from shepherd_sidecar.trace.ids import Id


@message
class ProposeParams:
    """Ask to act. The intent is durable before anyone decides; the reply is the verdict.

    A held intent answers when someone decides, or with the default of its effect class
    (deny for irreversible, allow for the others) when the time is up.
    """

    branch: str
    """Where."""
    kind: Literal["tool_call", "model_call"]
    """What sort of action."""
    payload: dict[str, Any]
    """For a tool call ``{name, arguments}``; for a model call ``{model, messages, tools}``."""
    effect: Effect | None = None
    """Irreversible when omitted."""
    client_id: str | None = None
    """The reporter's own id: proposing the same again gives the same intent and verdict."""
    timeout_ms: int | None = None
    """How long a hold may last at most; shortens the gate's own limit, never lengthens it."""


@message
class ProposeResult:
    """The intent and its verdict."""

    commit: Id
    """The intent's commit; its outcome names it."""
    verdict: Verdict
    """Whether and how to act."""


@message
class ResolveParams:
    """Report an intent's outcome. In a world, the workspace is captured with it."""

    branch: str
    """The branch it was proposed on."""
    intent: Id
    """The commit that intent/propose returned."""
    payload: dict[str, Any]
    """What the action gave; kept as ``result`` in the outcome event."""
    status: Literal["ok", "error"]
    """Whether it worked."""
    usage: Usage | None = None
    """What it cost."""
    client_id: str | None = None
    """The reporter's own id for this report."""
    snapshot: bool = True
    """False leaves the workspace uncaptured at this step."""


@message
class ResolveResult:
    """The outcome, recorded."""

    commit: Id
    """Its commit."""
    snapshot: Snapshot | None = None
    """The workspace after it, when the branch has a world."""
    snapshot_failed: Failure | None = None
    """Why the workspace was not captured; the outcome is recorded all the same."""


METHODS = (
    Method(
        "intent/propose",
        ProposeParams,
        ProposeResult,
        WRITERS,
        errors=(
            "UnknownBranch",
            "BranchClosed",
            "GateInvalid",
            "ClientIdConflict",
            "BlobMissing",
            "PayloadTooLarge",
        ),
        waits=True,
    ),
    Method(
        "intent/resolve",
        ResolveParams,
        ResolveResult,
        WRITERS,
        errors=(
            "UnknownBranch",
            "BranchClosed",
            "UnknownIntent",
            "IntentDenied",
            "IntentAlreadyResolved",
            "ClientIdConflict",
            "BlobMissing",
            "PayloadTooLarge",
        ),
    ),
)
