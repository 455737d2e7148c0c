"""editor/*: the trace beside the code, for what LSP has no name for.

Layer: protocol.
"""

from __future__ import annotations

from shepherd_sidecar.protocol.interventions import Held
from shepherd_sidecar.protocol.method import Method, message
from shepherd_sidecar.trace.ids import Id


@message
class DocumentParams:
    """The text of a document that stands in no folder; editors.md has the addresses."""

    uri: str
    """``shepherd:///runs``, ``/branch/NAME``, ``/event/COMMIT.md`` or ``/file/COMMIT/PATH``."""


@message
class DocumentResult:
    """A document. What cannot be shown is one plain sentence in place of the text."""

    uri: str
    """As it was asked for."""
    text: str
    """All of it."""
    language: str
    """``markdown`` or ``plaintext``; a file's own language goes by its name."""
    commit: Id | None = None
    """The commit that it is about."""


@message
class DidHold:
    """All intents that wait now. Sent whenever that changes, in whichever process."""

    held: list[Held]
    """Oldest first."""


METHODS = (
    Method(
        "editor/document",
        DocumentParams,
        DocumentResult,
        errors=("UnknownBranch", "UnknownCommit"),
    ),
    Method("editor/didHold", DidHold, None, direction="push"),
)
