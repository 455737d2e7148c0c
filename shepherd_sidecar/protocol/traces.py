"""trace/*: reporting events, and reading what was reported.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.common import Empty, Entry, Usage
from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.events import Effect, Kind, ReportedKind
from shepherd_sidecar.trace.ids import Id


@message
class NewEvent:
    """One event to record."""

    kind: ReportedKind
    """What crossed between agent and environment."""
    payload: dict[str, Any]
    """The content. Any part may be ``{"$blob": hash}`` of a blob that is in the store."""
    intent: Id | None = None
    """For outcomes: the commit of the intent it answers."""
    intent_client_id: str | None = None
    """In place of ``intent``: the ``clientId`` under which the intent was reported here."""
    effect: Effect | None = None
    """What replay and restore may do with it; an action that names none is irreversible."""
    client_id: str | None = None
    """The reporter's own id: sending the same again returns the first commit."""
    at: str | None = None
    """When it happened, RFC 3339; the time of recording when omitted."""
    usage: Usage | None = None
    """What it cost."""


@message
class AppendParams:
    """Report events on a branch, in order, all or none. Answered when they are durable."""

    branch: str
    """Where."""
    events: list[NewEvent]
    """What; at least one."""
    expected_head: Id | None = None
    """Refuse (HeadMoved) unless the branch still stands here."""


@message
class AppendResult:
    """The events, recorded."""

    commits: list[Id]
    """One for each event, in order."""
    head: Id
    """The branch's head now."""


@message
class LogParams:
    """A page of the first-parent path to a branch's head or a commit."""

    branch: str | None = None
    """Give this or ``commit``."""
    commit: Id | None = None
    """Give this or ``branch``."""
    limit: int = 100
    """How many entries at most (1 to 1000)."""
    cursor: str | None = None
    """``nextCursor`` of the page before."""
    skip: int | None = None
    """Begin this many entries into the path, in place of ``cursor``: any page, at one price."""
    kinds: list[Kind] | None = None
    """Only these kinds."""
    order: Literal["newest", "oldest"] = "newest"
    """Which end of the path comes first."""
    max_payload: int = 4096
    """Leave out payloads of more canonical bytes than this; 0 leaves out all."""
    about: bool = False
    """Say what each is about, on one line: enough for a list without payloads."""


@message
class LogResult:
    """A page of entries."""

    entries: list[Entry]
    """In the order asked for."""
    next_cursor: str | None = None
    """Present when there may be more."""


@message
class GetParams:
    """One entry, whole."""

    commit: Id
    """Its id."""
    max_payload: int | None = None
    """Leave the payload out when it has more canonical bytes than this."""
    about: bool = False
    """Say what it is about, on one line: enough for a list without payloads."""


@message
class DiffParams:
    """Compare two branches or commits."""

    left: str
    """A branch name or a commit id."""
    right: str
    """A branch name or a commit id."""
    about: bool = False
    """Say what each entry is about, on one line: enough for a list without payloads."""


@message
class FilePatch:
    """One path that differs between two trees."""

    path: str
    """Relative path; bytes that are not UTF-8 as ``\\xNN``."""
    change: Literal["added", "removed", "changed", "renamed"]
    """Seen from left to right."""
    was: str | None = None
    """The old path of a rename."""
    size: int | None = None
    """Size in bytes on the right, where it has one."""


@message
class Divergence:
    """The first place where two logs say different things."""

    path: str
    """JSON path of the first difference inside the two events, ``$`` when one side ends."""
    left: Id | None = None
    """The commit on the left; None when the left log ended."""
    right: Id | None = None
    """The commit on the right; None when the right log ended."""


@message
class Aligned:
    """One row of the alignment: entries that say the same stand on one row."""

    left: Id | None = None
    """Commit on the left."""
    right: Id | None = None
    """Commit on the right."""
    same: bool = False
    """Whether both events are equal."""


@message
class DiffResult:
    """What differs after the common ancestor."""

    left: list[Entry]
    """Entries after ``base`` on the left, oldest first."""
    right: list[Entry]
    """Entries after ``base`` on the right, oldest first."""
    rows: list[Aligned]
    """Both sides aligned by content."""
    files: list[FilePatch]
    """How the workspaces differ."""
    base: Id | None = None
    """The nearest common ancestor; None when there is none."""
    first_divergence: Divergence | None = None
    """None when one log is equal to the other."""


@message
class SearchParams:
    """Find entries whose payload holds a text."""

    query: str
    """Text to look for, case-insensitively."""
    branches: list[str] | None = None
    """Only on the logs of these branches."""
    kinds: list[Kind] | None = None
    """Only these kinds."""
    limit: int = 50
    """How many at most."""
    about: bool = False
    """Say what each is about, on one line: enough for a list without payloads."""


@message
class SearchResult:
    """What was found."""

    entries: list[Entry]
    """Newest first."""


@message
class BlameParams:
    """Who wrote each line of a file, as it is at a branch's head or a commit."""

    path: str
    """Relative path with ``/``; bytes that are not UTF-8 as ``\\xNN``."""
    branch: str | None = None
    """Give this or ``commit``."""
    commit: Id | None = None
    """Give this or ``branch``."""
    line: int | None = None
    """Only this line, from 1."""


@message
class BlameSpan:
    """Lines that one commit wrote together. A move or other white space writes nothing."""

    first: int
    """The first of them, from 1."""
    count: int
    """How many."""
    commit: Id
    """The last commit of the log that wrote them."""
    line: int
    """Where the first of them stood in that commit's own world, from 1."""
    path: str | None = None
    """The file's name there, where it is another."""


@message
class BlameResult:
    """Every line asked for, in order."""

    head: Id
    """The commit whose world was looked at."""
    path: str
    """The path, in its shortest form."""
    lines: int
    """Lines of the file; 0 when it has none, see ``why``."""
    spans: list[BlameSpan]
    """In the order of the lines."""
    entries: list[Entry]
    """Each commit that ``spans`` name, once."""
    why: Literal["binary", "large", "link", "folder", "forgotten"] | None = None
    """Why the path has no lines."""


@message
class SubscribeParams:
    """Be told of every commit from now on, or from a cursor on. Nothing is lost or repeated.

    Give one of ``branches``, ``runs`` and ``all``.
    """

    branches: list[str] | None = None
    """Only commits appended on these."""
    runs: list[str] | None = None
    """Only commits of these runs."""
    all: bool = False
    """Every commit of the store."""
    from_: str | None = None
    """The last ``cursor`` seen; ``"0"`` starts at the store's beginning; omitted: from now on."""
    max_payload: int = 4096
    """As in trace/log."""


@message
class SubscribeResult:
    """The subscription."""

    subscription: str
    """Its id on this connection."""
    cursor: str
    """Where it begins."""


@message
class UnsubscribeParams:
    """End a subscription."""

    subscription: str
    """Its id."""


@message
class DidCommit:
    """Commits that were recorded, in the store's order. Sent by the sidecar."""

    subscription: str
    """Whose."""
    entries: list[Entry]
    """New entries; ``branch`` says where each was appended."""
    cursor: str
    """Pass it as ``from`` to go on after exactly these."""


METHODS = (
    Method(
        "trace/append",
        AppendParams,
        AppendResult,
        WRITERS,
        errors=(
            "UnknownBranch",
            "BranchClosed",
            "HeadMoved",
            "UnknownIntent",
            "IntentDenied",
            "IntentAlreadyResolved",
            "ClientIdConflict",
            "BlobMissing",
            "PayloadTooLarge",
            "StoreFull",
        ),
    ),
    Method(
        "trace/record",
        AppendParams,
        None,
        WRITERS,
        "notification",
        doc="As trace/append, without an answer: still durable, and in order.",
    ),
    Method("trace/log", LogParams, LogResult, errors=("UnknownBranch", "UnknownCommit")),
    Method("trace/get", GetParams, Entry, errors=("UnknownCommit", "StoreCorrupt")),
    Method("trace/diff", DiffParams, DiffResult, errors=("UnknownCommit", "UnknownBranch")),
    Method(
        "trace/blame",
        BlameParams,
        BlameResult,
        errors=("UnknownBranch", "UnknownCommit", "PathNotFound"),
    ),
    Method("trace/search", SearchParams, SearchResult, errors=("UnknownBranch",)),
    Method(
        "trace/subscribe", SubscribeParams, SubscribeResult, errors=("UnknownBranch", "UnknownRun")
    ),
    Method("trace/unsubscribe", UnsubscribeParams, Empty, errors=("UnknownSubscription",)),
    Method("trace/didCommit", DidCommit, None, direction="push"),
)
