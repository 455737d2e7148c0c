"""branch/overlaps: where branches that are at work change the same things.

Layer: protocol.
"""

from __future__ import annotations

from typing import Literal

from shepherd_sidecar.protocol.method import Method, message
from shepherd_sidecar.protocol.settling import Lines
from shepherd_sidecar.trace.ids import Id

OverlapKind = Literal[
    "content", "binary", "mode", "link", "kind", "addAdd", "modifyDelete",
    "renameDelete", "renameRename", "sameFile"
]  # fmt: skip


@message
class OverlapsParams:
    """Where live branches change the same things, before anything is settled.

    Of what was captured of each. Give ``branch`` or ``run``.
    """

    branch: str | None = None
    """This one with the others at work on the same workspace."""
    run: str | None = None
    """All branches of this run with one another."""
    watch: bool | None = None
    """Look after every snapshot of the run from now on, and tell of what is new by an
    ``annotation`` on both branches; false ends that. For supervisors and owners only."""


@message
class OverlapHunk:
    """A place that both branches changed, each in its own way."""

    base: Lines
    """As it was where both came from."""
    left: Lines
    """As the left branch has it."""
    right: Lines
    """As the right branch has it."""


@message
class Overlap:
    """A path that two branches changed."""

    left: str
    """One branch."""
    right: str
    """The other."""
    base: Id
    """The commit that both came from."""
    path: str
    """Where."""
    why: OverlapKind
    """What would conflict; ``sameFile``: both changed it, in places that do not touch."""
    hunks: list[OverlapHunk]
    """For ``content``: the places that overlap."""


@message
class OverlapsResult:
    """What overlaps now."""

    overlaps: list[Overlap]
    """By branches and path."""
    watched: bool
    """Whether new ones are told."""


METHODS = (
    Method(
        "branch/overlaps",
        OverlapsParams,
        OverlapsResult,
        errors=("UnknownBranch", "UnknownRun"),
    ),
)
