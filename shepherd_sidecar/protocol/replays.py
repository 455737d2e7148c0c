"""replay/*: running a recorded log again.

Layer: protocol. The client drives its agent; the sidecar answers from the record, compares,
or lets it act, by mode.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Entry, Verdict
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.ids import Id

Mode = Literal["verify", "cached", "live", "view"]


@message
class Edit:
    """One event exchanged for another."""

    at: Id
    """The commit whose event is exchanged."""
    payload: dict[str, Any]
    """The payload to stand there."""


@message
class ReplayOpenParams:
    """Begin a replay of the log up to a branch's head or a commit.

    ``cached`` gives recorded outcomes and stops at the first difference. ``verify`` also has
    the action really done and compares. ``live`` is cached for ``until`` pairs of intent and
    outcome, then real. ``view`` only reads.
    """

    from_: str
    """A branch name or a commit id."""
    mode: Mode
    """What an intent gets."""
    until: int | None = None
    """For ``live``: how many pairs come from the record; all of them when omitted."""
    edits: list[Edit] | None = None
    """Exchanged events; the replay starts before the first of them."""
    into: str | None = None
    """Name of the branch that the replay makes. In ``live``, a branch whose head is ``from``: its
    agent was started again, finds its place by the record, and goes on there."""
    rerun: list[Id] | None = None
    """Irreversible intents that may really run again, by commit."""


@message
class ReplayOpenResult:
    """The replay."""

    replay: str
    """Its id on this connection."""
    branch: str | None = None
    """The branch it writes to; none in ``view``."""
    head: Id | None = None
    """Where that branch starts."""


@message
class ReplayNextParams:
    """The agent's next intent. In ``view`` omit both: the next entry is returned."""

    replay: str
    """Which replay."""
    kind: Literal["tool_call", "model_call"] | None = None
    """What the agent wants to do."""
    payload: dict[str, Any] | None = None
    """With what."""


@message
class ReplayNextResult:
    """How to go on."""

    hit: bool
    """True when the record answers (``outcome``)."""
    live: bool = False
    """True when the action must really be done and reported to intent/resolve on the branch."""
    outcome: dict[str, Any] | None = None
    """The recorded outcome payload; in ``verify`` it is what the real one is compared with."""
    commit: Id | None = None
    """The outcome's commit when it is a hit, the new intent's commit when it is live."""
    verdict: Verdict | None = None
    """The gate's when it is live; the recorded one of a hit that says more than plain allow."""
    entry: Entry | None = None
    """In ``view``: the next entry; absent at the end."""


@message
class ReplayCheckParams:
    """In ``verify``: what the action really gave, to be compared with the record."""

    replay: str
    """Which replay."""
    payload: dict[str, Any]
    """The real result."""
    status: Literal["ok", "error"] = "ok"
    """Whether it worked."""


@message
class ReplayCheckResult:
    """The comparison."""

    same: bool
    """Whether result, status and workspace are equal to the record."""
    path: str | None = None
    """JSON path of the first difference."""
    expected: Any = None
    """The recorded side."""
    actual: Any = None
    """The real side."""
    commit: Id | None = None
    """The recorded outcome's commit when equal."""


@message
class ReplayCloseParams:
    """End a replay."""

    replay: str
    """Which."""


@message
class ReplayCloseResult:
    """What it came to."""

    matched: int
    """Pairs answered from, or equal to, the record."""
    live: int
    """Actions that really ran."""
    complete: bool
    """Whether the whole record was replayed."""
    head: Id | None = None
    """Head of the replay's branch; equal to the record's when it is complete and unedited."""
    diverged: dict[str, Any] | None = None
    """The first difference, as in the error Diverged."""


METHODS = (
    Method(
        "replay/open",
        ReplayOpenParams,
        ReplayOpenResult,
        WRITERS,
        errors=("UnknownBranch", "UnknownCommit", "NameTaken"),
    ),
    Method(
        "replay/next",
        ReplayNextParams,
        ReplayNextResult,
        WRITERS,
        errors=("UnknownReplay", "Diverged", "IrreversibleReplay"),
        waits=True,
    ),
    Method(
        "replay/check", ReplayCheckParams, ReplayCheckResult, WRITERS, errors=("UnknownReplay",)
    ),
    Method(
        "replay/close", ReplayCloseParams, ReplayCloseResult, WRITERS, errors=("UnknownReplay",)
    ),
)
