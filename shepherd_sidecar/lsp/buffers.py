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
    given: list[bytes] | None = None
    """``texts``, where they are known already."""

    @cached_property
    def texts(self) -> list[bytes]:
        """The lines as bytes, without their ends."""
        return self.given if self.given is not None else [*map(_bare, self.lines)]

    def known(self) -> list[bytes] | None:
        """A copy of ``texts``, if somebody has needed them."""
        found = self.given if self.given is not None else self.__dict__.get("texts")
        return [*found] if found is not None else None


class Buffer:
    """One open document. ``now`` may be taken from any thread."""

    def __init__(self, version: int, text: str) -> None:
        self.now = Text(version, split(text))

    def change(
        self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: str
    ) -> None:
        """Apply changes, in order."""
        lines, texts = [*self.now.lines], self.now.known()
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                where, new = _change(lines, change.range, change.text, encoding)
            else:
                where, new = slice(None), split(change.text)
            lines[where] = new
            if texts is not None:
                texts[where] = map(_bare, new)
        self.now = Text(version, lines, texts)


def _change(
    lines: list[str], where: types.Range, text: str, encoding: str
) -> tuple[slice, list[str]]:
    """Which lines a change takes the place of, and what stands there then."""
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
    return slice(first, end), split(changed)


def _place(lines: list[str], position: types.Position, encoding: str) -> tuple[int, int]:
    """The line and the character in it; past the end, the end."""
    if position.line >= len(lines):
        return len(lines), 0
    line = lines[position.line]
    return position.line, index(line.rstrip("\r\n"), position.character, encoding)


def split(text: str) -> list[str]:
    """The lines of a text, with their ends."""
    return _LINE.findall(text)


def _bare(line: str) -> bytes:
    return line.rstrip("\r\n").encode("utf-8", "surrogatepass")
