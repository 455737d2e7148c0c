"""intervene/*: deciding held intents, and acting on a running agent.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.method import DECIDERS, Method, message
from shepherd_sidecar.trace.ids import Id


@message
class HeldParams:
    """The intents that wait for a decision, oldest first, of every process on the store."""


@message
class Held:
    """One waiting intent."""

    intent: Id
    """Its commit."""
    branch: str
    """Where it was proposed."""
    run: str
    """The run."""
    since: str
    """When it was held, RFC 3339 UTC."""
    default: Literal["allow", "deny"]
    """What applies when the time is up."""
    reason: str
    """Why it is held."""
    by: str
    """What held it."""
    entry: Entry
    """The intent itself."""
    deadline: str | None = None
    """When the default applies, RFC 3339 UTC; a pause has none."""


@message
class HeldResult:
    """All that wait."""

    held: list[Held]
    """Oldest first."""


@message
class Ruling:
    """A decision on a held intent."""

    decision: Literal["allow", "deny", "override"]
    """What to do."""
    reason: str | None = None
    """Why; required for a deny."""
    payload: dict[str, Any] | None = None
    """For an override: the whole payload to run instead."""


@message
class DecideParams:
    """Decide a held intent; the process that waits for it, whichever it is, answers."""

    intent: Id
    """Its commit."""
    verdict: Ruling
    """The decision."""
    by: str
    """Who decides."""
    branch: str | None = None
    """Which branch, when forks hold the same intent."""


@message
class DecideResult:
    """The decision, recorded."""

    commit: Id
    """The intervention's commit."""


@message
class InjectParams:
    """Put a message before the agent: it comes with the verdict of its next intent."""

    branch: str
    """Whose agent."""
    message: Any
    """Text, or a message object in the agent's own format."""
    by: str
    """Who injects."""


@message
class InterveneResult:
    """The intervention, recorded."""

    commit: Id
    """Its commit."""


@message
class PauseParams:
    """Make the branch's proposals wait until it is resumed."""

    branch: str
    """Whose agent."""
    by: str
    """Who pauses."""
    reason: str | None = None
    """Why."""


@message
class ResumeParams:
    """Let a paused branch go on."""

    branch: str
    """Whose agent."""
    by: str
    """Who resumes."""


METHODS = (
    Method("intervene/held", HeldParams, HeldResult),
    Method(
        "intervene/decide",
        DecideParams,
        DecideResult,
        DECIDERS,
        errors=("UnknownIntent", "IntentAlreadyResolved"),
    ),
    Method(
        "intervene/inject",
        InjectParams,
        InterveneResult,
        DECIDERS,
        errors=("UnknownBranch", "BranchClosed"),
    ),
    Method(
        "intervene/pause",
        PauseParams,
        InterveneResult,
        DECIDERS,
        errors=("UnknownBranch", "BranchClosed"),
    ),
    Method(
        "intervene/resume",
        ResumeParams,
        InterveneResult,
        DECIDERS,
        errors=("UnknownBranch", "BranchClosed"),
    ),
)
