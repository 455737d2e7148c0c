"""supervisor/*: programs in any process that see commits and answer intents.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Empty, Entry
from shepherd_sidecar.protocol.method import ANYONE, Method, Role, message
from shepherd_sidecar.trace.events import Kind
from shepherd_sidecar.trace.ids import Id

WATCHERS: frozenset[Role] = ANYONE - {"agent"}


@message
class SupervisorFilter:
    """What a supervisor is asked about and told of: all that is stated must hold."""

    kinds: list[Kind] | None = None
    """Kinds of events; of intents only tool_call and model_call can be gated."""
    runs: list[str] | None = None
    """Ids of runs."""
    branches: list[str] | None = None
    """Branches, with whatever is forked from them."""
    tools: list[str] | None = None
    """Globs of tool names; what has no tool is left out then."""


@message
class AttachParams:
    """Become a supervisor until supervisor/detach or the end of the connection.

    With ``gate``, every intent that the filter lets through waits for this supervisor's answer
    to supervisor/decide, in whichever process it was proposed. Without, nothing waits for it.
    """

    name: str
    """Stands as ``by`` in what it decides."""
    filter: SupervisorFilter | None = None
    """Everything when omitted."""
    gate: bool = True
    """False: it only watches. The role observer can do no other."""
    timeout_ms: int | None = None
    """How long to wait for an answer, 1 to 3600000; 10000 when omitted."""
    on_timeout: Literal["allow", "deny"] | None = None
    """What counts without an answer; the default of the effect class when omitted (deny for
    irreversible, allow for the others)."""
    watch: bool | None = None
    """Whether commits are pushed as trace/didCommit; when omitted, only to those that do not
    gate. A vetoIneffective is always pushed."""
    recent: int = 8
    """How many entries before the intent come with supervisor/decide, 0 to 100."""
    max_payload: int = 16384
    """Longer payloads are left out of entries, as in trace/log."""


@message
class AttachResult:
    """The attachment."""

    supervisor: str
    """Its id; trace/didCommit carries it as ``subscription``."""
    cursor: str
    """Where the pushes begin."""


@message
class DetachParams:
    """End an attachment: this connection's own, or as the owner anybody's.

    What waits for its answer goes on as after a time-out.
    """

    supervisor: str
    """Its id."""


@message
class SupervisorListParams:
    """The gating supervisors of every process on the store, in the order they attached."""


@message
class Supervisor:
    """One supervisor that intents wait for."""

    supervisor: str
    """Its id."""
    name: str
    """Its name."""
    since: str
    """When it attached, RFC 3339 UTC."""
    timeout_ms: int
    """How long its answers are waited for."""
    author: str
    """The client that attached it."""
    on_timeout: Literal["allow", "deny"] | None = None
    """What counts without an answer; the effect class decides when absent."""
    filter: SupervisorFilter | None = None
    """What it is asked about."""


@message
class SupervisorListResult:
    """All that are attached, and alive."""

    supervisors: list[Supervisor]
    """In the order that breaks ties."""


@message
class SupervisorDecideParams:
    """An intent waits for this supervisor's answer."""

    supervisor: str
    """Which, of those attached on this connection."""
    branch: str
    """Where it was proposed."""
    run: str
    """The run."""
    intent: Entry
    """The intent."""
    recent: list[Entry]
    """What stands before it on the log, oldest first."""
    deadline: str
    """Until when an answer counts, RFC 3339 UTC."""


@message
class SupervisorDecideResult:
    """The answer. The first counts; one that does not fit counts as none."""

    decision: Literal["allow", "deny", "override", "hold"]
    """What to do; ``hold`` leaves it to a person (intervene/decide)."""
    reason: str | None = None
    """Why; required for a deny and a hold."""
    payload: dict[str, Any] | None = None
    """For an override: the whole payload to run instead; a tool call keeps its name."""
    timeout_ms: int | None = None
    """For a hold: how long it lasts at most; the gate's own when omitted."""


@message
class DidRefuse:
    """An answer was not taken: it came twice or too late, or it cannot be an answer."""

    supervisor: str
    """Whose."""
    intent: Id
    """On which intent."""
    name: str
    """``InvalidParams`` (counted as no answer) or ``IntentAlreadyResolved``."""
    message: str
    """What was wrong."""


@message
class DidDetach:
    """The attachment was ended from elsewhere; nothing is asked of it any more."""

    supervisor: str
    """Which."""
    reason: str
    """Why."""


METHODS = (
    Method(
        "supervisor/attach",
        AttachParams,
        AttachResult,
        WATCHERS,
        errors=("UnknownBranch", "UnknownRun", "StoreReadOnly"),
    ),
    Method("supervisor/detach", DetachParams, Empty, WATCHERS, errors=("UnknownSupervisor",)),
    Method("supervisor/list", SupervisorListParams, SupervisorListResult),
    Method(
        "supervisor/decide", SupervisorDecideParams, SupervisorDecideResult, direction="ask"
    ),
    Method("supervisor/didRefuse", DidRefuse, None, direction="push"),
    Method("supervisor/didDetach", DidDetach, None, direction="push"),
)
