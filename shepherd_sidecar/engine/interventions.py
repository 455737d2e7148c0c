"""Acting on a branch: inject, pause, resume, rewind, discard.

Layer: engine. Keeps: every action is an event with its author and reason.
"""

from __future__ import annotations

from typing import Any, Protocol

from shepherd_sidecar.engine import branching, record
from shepherd_sidecar.engine.intents import PAUSED, Intents
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.errors import BranchClosed
from shepherd_sidecar.protocol.branches import (
    BranchDiscardParams,
    BranchDiscardResult,
    BranchRewindParams,
    BranchRewindResult,
)
from shepherd_sidecar.protocol.interventions import (
    InjectParams,
    InterveneResult,
    PauseParams,
    ResumeParams,
)
from shepherd_sidecar.store import heads, holds
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical


def inject(tx: Tx, preparer: Preparer, params: InjectParams, author: str) -> InterveneResult:
    """Put a message before the agent; it comes with its next verdict."""
    canonical.check(params.message, "$.message")
    preparer.check_name(params.by, "$.by")
    head = heads.load_open(tx, params.branch)
    said = {"action": "inject", "by": params.by, "message": params.message}
    if params.reason is not None:
        said["reason"] = params.reason
    node = _record(tx, preparer, head, said, author)
    holds.add_injection(tx.conn, head.node.seq, head.branch.seq)
    return node


def pause(tx: Tx, preparer: Preparer, params: PauseParams, author: str) -> InterveneResult:
    """Make the branch's proposals wait."""
    preparer.check_name(params.by, "$.by")
    head = heads.load_open(tx, params.branch)
    said = {"action": "pause", "by": params.by}
    if params.reason is not None:
        said["reason"] = params.reason
    result = _record(tx, preparer, head, said, author)
    if head.branch.status != PAUSED:
        heads.set_status(tx, head, "paused", author)
    return result


def resume(
    tx: Tx, preparer: Preparer, intents: Intents, params: ResumeParams, author: str
) -> InterveneResult:
    """Let a paused branch go on; what waited goes the way its gate said."""
    preparer.check_name(params.by, "$.by")
    head = heads.load_open(tx, params.branch)
    if head.branch.status != PAUSED:
        raise BranchClosed(
            f"{params.branch!r} is not paused",
            hint="only a paused branch can be resumed",
            branch=params.branch,
            status=head.branch.status,
        )
    said = {"action": "resume", "by": params.by}
    if params.reason is not None:
        said["reason"] = params.reason
    result = _record(tx, preparer, head, said, author)
    heads.set_status(tx, head, "live", author)
    intents.resume(tx, head, author)
    return result


def rewind(
    tx: Tx,
    preparer: Preparer,
    intents: Intents,
    params: BranchRewindParams,
    author: str,
    limits: Limits,
) -> BranchRewindResult:
    """Move a branch back along its log; what waits on the part that is cut off is denied."""
    intents.cut_off(tx, params.branch, params.to, author)
    head, tail = branching.rewind(tx, params.branch, params.to, author, limits)
    note(tx, preparer, head, "rewind", params, author, to=params.to, tail=tail)
    return BranchRewindResult(head=head.id, tail=tail)


def discard(
    tx: Tx, preparer: Preparer, params: BranchDiscardParams, author: str
) -> BranchDiscardResult:
    """Set a branch aside, or take it back."""
    if params.restore:
        head = branching.take_back(tx, params.branch, author)
        note(tx, preparer, head, "takeBack", params, author)
        return BranchDiscardResult(branch=branching.view(tx.conn, head.branch))
    before = heads.load(tx, params.branch)
    if before.branch.status != "discarded":
        note(tx, preparer, before, "discard", params, author)
    head = branching.discard(tx, params.branch, author)
    return BranchDiscardResult(
        branch=branching.view(tx.conn, head.branch), undo_until=branching.undo_until(head)
    )


class Named(Protocol):
    """Params of an action that may say who acts, and why."""

    @property
    def by(self) -> str | None: ...  # noqa: D102

    @property
    def reason(self) -> str | None: ...  # noqa: D102


def note(
    tx: Tx, preparer: Preparer, head: Head, action: str, params: Named, author: str, **facts: Any
) -> None:
    """Write an action on a branch down, when it says who acts."""
    if params.by is None:
        return
    preparer.check_name(params.by, "$.by")
    said = {"action": action, "by": params.by, **facts}
    if params.reason is not None:
        said["reason"] = params.reason
    _record(tx, preparer, head, said, author)


def _record(
    tx: Tx, preparer: Preparer, head: Head, said: dict[str, Any], author: str
) -> InterveneResult:
    node = record.append(tx, head, preparer.own("intervention", said), author)
    return InterveneResult(commit=node.hex)
