"""intervene/*: deciding held intents, and acting on a running agent.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Entry, NotCaptured, World
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
    wish: str
    """What the agent wants to do, on one line: all of it, up to 4,000 characters."""
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
    reason: str | None = None
    """Why."""


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
    reason: str | None = None
    """Why."""


@message
class HandoffParams:
    """Make one branch's state another's start, with a word about it.

    The taker's world becomes what the giver's is now, after a safety commit of what it was. A
    taker that does not exist is forked from the giver.
    """

    from_: str
    """The branch that gives."""
    to: str
    """The branch that takes."""
    guidance: Any
    """For the taker's agent: text, or a message object in its own format; it comes with the
    verdict of its next intent."""
    by: str
    """Who hands over."""
    reason: str | None = None
    """Why."""


@message
class HandoffResult:
    """The handoff, recorded on both."""

    commit: Id
    """The intervention on the branch that takes."""
    given: Id
    """The intervention on the branch that gives."""
    not_captured: list[NotCaptured]
    """What was not handed over."""
    safety: Id | None = None
    """The taker's world as it was: snapshot/restore to it undoes the handoff."""
    world: World | None = None
    """The taker's live world."""


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
    Method(
        "intervene/handoff",
        HandoffParams,
        HandoffResult,
        DECIDERS,
        errors=("UnknownBranch", "BranchClosed", "RestoreConflict", "DriverUnavailable"),
    ),
)
