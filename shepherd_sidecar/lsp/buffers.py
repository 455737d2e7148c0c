r"""What stands in the editor's buffers, as the client tells of its changes.

Layer: lsp. Lines end as LSP says (``\n``, ``\r\n``, ``\r``) and in no other way: a form feed or
a Unicode line separator, where Python would break a line, is part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lsprotocol import types

from shepherd_sidecar.lsp.client import index

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass(frozen=True)
class Text:
    """What one version of a buffer holds. ``lines`` keep their ends and never change."""

    version: int
    lines: list[str]

    @cached_property
    def texts(self) -> list[bytes]:
        """The lines as bytes, without their ends."""
        return [line.rstrip("\r\n").encode("utf-8", "surrogatepass") for line in self.lines]


class Buffer:
    """One open document. ``now`` may be taken from any thread."""

    def __init__(self, version: int, text: str) -> None:
        self.now = Text(version, split(text))

    def change(
        self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: str
    ) -> None:
        """Apply changes, in order."""
        lines = [*self.now.lines]
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                _replace(lines, change.range, change.text, encoding)
            else:
                lines = split(change.text)
        self.now = Text(version, lines)


def _replace(lines: list[str], where: types.Range, text: str, encoding: str) -> None:
    first, head = _place(lines, where.start, encoding)
    last, tail = _place(lines, where.end, encoding)
    before = lines[first][:head] if first < len(lines) else ""
    after = lines[last][tail:] if last < len(lines) else ""
    changed = before + text + after
    end = min(last + 1, len(lines))
    # What is put together here may end, or begin, in the middle of a line end.
    if first and lines[first - 1].endswith("\r") and changed.startswith("\n"):
        first -= 1
        changed = lines[first] + changed
    if end < len(lines) and not changed.endswith("\n"):
        changed += lines[end]
        end += 1
    lines[first:end] = split(changed)


def _place(lines: list[str], position: types.Position, encoding: str) -> tuple[int, int]:
    """The line and the character in it; past the end, the end."""
    if position.line >= len(lines):
        return len(lines), 0
    line = lines[position.line]
    return position.line, index(line.rstrip("\r\n"), position.character, encoding)


def split(text: str) -> list[str]:
    """The lines of a text, with their ends."""
    return _LINE.findall(text)
