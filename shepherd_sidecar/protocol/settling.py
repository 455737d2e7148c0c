"""branch/select and branch/apply: what becomes of branches.

Layer: protocol.
"""

from __future__ import annotations

from typing import Literal

from shepherd_sidecar.protocol.common import Branch, NotCaptured
from shepherd_sidecar.protocol.method import DECIDERS, Method, message
from shepherd_sidecar.protocol.traces import FilePatch
from shepherd_sidecar.trace.ids import Id

ConflictKind = Literal[
    "content", "binary", "mode", "link", "kind", "addAdd", "modifyDelete",
    "renameDelete", "renameRename"
]  # fmt: skip


@message
class SelectParams:
    """Choose a branch among those that began at the same commit.

    It is marked; the others stay as they are until they are discarded.
    """

    branch: str
    """Which."""
    by: str | None = None
    """Who chooses; the connection's own name when omitted."""
    reason: str | None = None
    """Why."""


@message
class SelectResult:
    """What was chosen, and what is left."""

    branch: Branch
    """As it is now."""
    commit: Id
    """The intervention that says so."""
    siblings: list[Branch]
    """The others that began there and are not discarded."""


@message
class Resolution:
    """What becomes of a path that both sides changed. Give one of ``take``, ``hunks``, ``data``."""

    take: Literal["onto", "branch", "base"] | None = None
    """A whole side."""
    hunks: list[Literal["onto", "branch", "both", "base"]] | None = None
    """For each hunk in order; ``both`` is the lines of onto, then those of the branch."""
    data: str | None = None
    """base64: the content of the file."""
    mode: int | None = None
    """Permission bits that go with ``data``; those that onto has (or the branch) when omitted."""


@message
class Lines:
    """Some lines of a text, counted from 1. None at all: ``to`` is one less than ``from``."""

    from_: int
    """The first."""
    to: int
    """The last."""
    text: str | None = None
    """They themselves; bytes that are not UTF-8 are replaced. None when it is very long."""


@message
class ConflictHunk:
    """A place that both sides changed, each in its own way."""

    base: Lines
    """As it was."""
    onto: Lines
    """As the branch merged into has it."""
    branch: Lines
    """As the merged branch has it."""


@message
class ConflictSide:
    """What one side has at the path."""

    kind: Literal["file", "dir", "link"]
    """What it is."""
    id: Id | None = None
    """Blob of a file, tree of a folder."""
    mode: int | None = None
    """Permission bits of a file or folder."""
    size: int | None = None
    """Size of a file in bytes."""
    target: str | None = None
    """Where a link leads."""


@message
class Conflict:
    """A path that both sides changed."""

    path: str
    """Where it stands on ``onto``, or would stand; as ``resolve`` names it."""
    why: ConflictKind
    """What meets there."""
    hunks: list[ConflictHunk]
    """For ``content``: the places that overlap. The rest of the file merges."""
    base: ConflictSide | None = None
    """As it was at the merge base; None when it was not there."""
    onto: ConflictSide | None = None
    """As the branch merged into has it."""
    branch: ConflictSide | None = None
    """As the merged branch has it."""
    names: list[str] | None = None
    """Of renames: the name at the base, on ``onto`` and on the branch."""


@message
class ApplyParams:
    """Bring what a branch did since it left ``onto`` into ``onto``: a three-way merge.

    Nothing is recorded or written while a conflict is open. Where ``onto`` has a live world the
    result is written there: all of it or nothing, whatever is killed meanwhile. Give ``onto`` or
    ``workspace``.
    """

    branch: str
    """What is brought."""
    onto: str | None = None
    """The branch that takes it."""
    workspace: bool = False
    """Into the user's own folder, which the run was started on."""
    resolve: dict[str, Resolution] | None = None
    """By the path of a conflict, what becomes of it."""
    preview: bool = False
    """Only say what would be done."""
    by: str | None = None
    """Who settles; the connection's own name when omitted."""
    reason: str | None = None
    """Why."""


@message
class ApplyResult:
    """What was (or would be) done."""

    onto: str
    """The branch that took it; for ``workspace`` the one that stands for the user's folder."""
    changes: list[FilePatch]
    """From ``onto`` as it was to ``onto`` as it is."""
    conflicts: list[Conflict]
    """Not empty: nothing was done. Resolve them and apply again."""
    not_captured: list[NotCaptured]
    """What was left as it is: the user's ``.git``, and what no snapshot holds."""
    base: Id
    """The commit that both sides were compared with."""
    safety: Id | None = None
    """Restore to this to undo. None when nothing was done, or ``onto`` has no world."""
    commit: Id | None = None
    """The merge. None when nothing was done, in a preview, and when nothing was new."""


METHODS = (
    Method(
        "branch/select",
        SelectParams,
        SelectResult,
        DECIDERS,
        errors=("UnknownBranch", "BranchClosed"),
    ),
    Method(
        "branch/apply",
        ApplyParams,
        ApplyResult,
        DECIDERS,
        errors=(
            "UnknownBranch",
            "UnknownCommit",
            "BranchClosed",
            "HeadMoved",
            "NoWorld",
            "WorkspaceRefused",
            "MergeConflict",
            "SnapshotFailed",
            "BudgetExceeded",
            "StoreFull",
        ),
    ),
)
