"""What the client is: what it can show, how it counts, what it asked for.

Layer: lsp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lsprotocol import types

_ASKING: Final = ("ask", "notify", "none")


@dataclass(frozen=True, slots=True)
class Client:
    """One client, as its ``initialize`` said."""

    refreshes: frozenset[str]
    """Requests by which it can be told to ask again."""
    shows: bool
    """Whether it opens a document when asked."""
    progress: bool
    """Whether it shows progress that it did not ask for."""
    markdown: bool
    """Whether hovers may be Markdown."""
    actions: bool
    """Whether code actions may be more than commands."""
    symbols: bool
    """Whether document symbols may be a tree."""
    held: str
    """``ask``, ``notify`` or ``none``."""
    lenses: bool
    hints: bool
    problems: bool
    commands: bool

    @classmethod
    def of(cls, params: types.InitializeParams, able: Any) -> Client:
        """What ``initialize`` said; ``able``: its capabilities as plain JSON."""
        options: Any = params.initialization_options
        asked = options.get("shepherd") if isinstance(options, dict) else None
        wants = asked if isinstance(asked, dict) else {}
        refreshes = {
            "workspace/codeLens/refresh": _has(able, "workspace.codeLens.refreshSupport"),
            "workspace/inlayHint/refresh": _has(able, "workspace.inlayHint.refreshSupport"),
            "workspace/textDocumentContent/refresh": _has(able, "workspace.textDocumentContent"),
        }
        formats = _at(able, "textDocument.hover.contentFormat")
        held = wants.get("heldIntents")
        return cls(
            refreshes=frozenset(name for name, can in refreshes.items() if can),
            shows=_has(able, "window.showDocument.support"),
            progress=_has(able, "window.workDoneProgress"),
            markdown=isinstance(formats, list) and "markdown" in formats,
            actions=_has(able, "textDocument.codeAction.codeActionLiteralSupport"),
            symbols=_has(able, "textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"),
            held=held if held in _ASKING else "ask",
            lenses=wants.get("codeLens") is not False,
            hints=wants.get("inlayHints") is not False,
            problems=wants.get("diagnostics") is not False,
            commands=wants.get("commands") is not False,
        )


def units(text: str, encoding: str) -> int:
    """How many positions a text takes, in the client's way of counting."""
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    if encoding == "utf-32" or text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def index(text: str, position: int, encoding: str) -> int:
    """The character of a text that stands at a position, or its end."""
    if encoding == "utf-32" or text.isascii():
        return min(position, len(text))
    for at, char in enumerate(text):
        if position <= 0:
            return at
        position -= units(char, encoding)
    return len(text)


def _at(able: Any, path: str) -> Any:
    for name in path.split("."):
        able = able.get(name) if isinstance(able, dict) else None
    return able


def _has(able: Any, path: str) -> bool:
    found = _at(able, path)
    return found is not None and found is not False
