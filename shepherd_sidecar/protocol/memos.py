"""memo/*: outcomes of deterministic steps, reused when their inputs are unchanged.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any

from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.ids import Id


@message
class MemoCallParams:
    """Look a step up. On a hit its recorded outcome holds and its files are in the world."""

    name: str
    """Name of the step."""
    source_hash: str
    """Hash of the code that does it, with all that it imports."""
    inputs: Any
    """Its inputs, any JSON."""
    branch: str
    """Where it is about to run."""


@message
class MemoCallResult:
    """Hit or miss."""

    hit: bool
    """Whether the record answers."""
    key: Id
    """``H(memo, {inputs, name, sourceHash})``."""
    outcome: Any = None
    """The recorded outcome."""
    commit: Id | None = None
    """An ``annotation`` on the branch that says it was reused."""


@message
class MemoStoreParams:
    """Keep the outcome of a step that has just run."""

    name: str
    """Name of the step."""
    source_hash: str
    """Hash of its code."""
    inputs: Any
    """Its inputs."""
    branch: str
    """Where it ran."""
    outcome: Any
    """What it gave."""
    reads: list[str] | None = None
    """Paths it read; a later hit needs each to hold the same bytes."""
    since: Id | None = None
    """Commit before it ran: the files changed since then are what it wrote."""
    writes: list[str] | None = None
    """Paths it wrote, besides those: what it wrote as it was there already makes no difference in
    the files, so a later hit needs each of these to hold the same bytes as well. Without them a
    step is taken to write nothing but what it changes."""


@message
class MemoStoreResult:
    """Kept."""

    key: Id
    """Its key."""


METHODS = (
    Method("memo/call", MemoCallParams, MemoCallResult, WRITERS, errors=("UnknownBranch",)),
    Method("memo/store", MemoStoreParams, MemoStoreResult, WRITERS, errors=("UnknownBranch",)),
)
