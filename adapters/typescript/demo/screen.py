"""What the demo shows: sections, steps, facts; coloured only where a person looks.

Every fact that is printed was checked first: ``fact`` raises when it does not hold.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import Any, Final

WIDTH: Final = 100
_COLOURS: Final = {
    "bold": "1",
    "faint": "2",
    "good": "32",
    "bad": "31",
    "model": "35",
    "tool": "34",
    "denied": "1;31",
    "says": "36",
    "thinks": "2",
    "end": "1",
}
_LANES: Final = ("33", "36", "32", "35")


class Broken(Exception):
    """Something that the demo promises is not so."""


class Screen:
    """Standard output, as the demo uses it."""

    def __init__(self) -> None:
        out = sys.stdout
        self.coloured = out.isatty() and not os.environ.get("NO_COLOR")
        self.coloured = self.coloured and os.environ.get("TERM", "dumb") != "dumb"
        self.width = shutil.get_terminal_size((WIDTH, 40)).columns if out.isatty() else WIDTH
        utf8 = (out.encoding or "").replace("-", "").lower() == "utf8"
        self.yes, self.more = ("✓", "…") if utf8 else ("+", "...")
        self.facts = 0
        self._lanes: dict[str, str] = {}
        self._began = time.perf_counter()

    def line(self, text: str = "") -> None:
        """A line as it is."""
        text = text.encode(sys.stdout.encoding or "utf-8", "replace").decode(
            sys.stdout.encoding or "utf-8"
        )
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def section(self, title: str, aside: str = "") -> None:
        """A heading, with what there is to know at its right."""
        room = self.width - len(title)
        self.line()
        self.line(self._in("bold", title) + self._in("faint", aside.rjust(room)))

    def step(
        self, branch: str, role: str, text: str, ms: float | None, usage: dict[str, Any]
    ) -> None:
        """One step of an agent: who, what, and what it cost."""
        time_ = f"{ms:.1f} ms" if ms else ""
        tokens = usage.get("inputTokens", 0) + usage.get("outputTokens", 0)
        price = f"{tokens} tok  ${usage['costUsd']:.4f}" if tokens else ""
        lane = self._lanes.setdefault(branch, _LANES[len(self._lanes) % len(_LANES)])
        cost = f"{time_:>9} {price:>16}".rstrip()
        room = self.width - 48
        text = self._fit(text, room)
        self.line(
            f"  {self._code(lane, branch[:10].ljust(10))} {self._in(role, role.ljust(7))} "
            + (f"{text.ljust(room)} {self._in('faint', cost)}" if cost else text)
        )

    def fact(self, words: str, holds: bool, ms: float | None = None) -> None:
        """Something that was checked and is so.

        Raises:
            Broken: it is not so.
        """
        if not holds:
            raise Broken(words)
        self.facts += 1
        took = f"{ms:.1f} ms" if ms is not None else ""
        room = self.width - 14
        text = self._fit(words, room)
        aside = self._in("faint", f"{took:>10}") if took else ""
        self.line(f"  {self._in('good', self.yes)} {text.ljust(room) if took else text}{aside}")

    def table(self, rows: list[list[str]], widths: tuple[int, ...]) -> None:
        """Columns, the first to the left, the others to the right; the first row is the head."""
        for number, row in enumerate(rows):
            cells = [
                cell.ljust(width) if column == 0 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            text = "  " + "".join(cells)
            self.line(self._in("faint", text) if number == 0 else text)

    def failed(self, words: str) -> None:
        """Why the demo stopped."""
        self.line(f"\n{self._in('denied', 'not so:')} {words}")

    def seconds(self) -> float:
        """Since the demo began."""
        return time.perf_counter() - self._began

    def _fit(self, text: str, width: int) -> str:
        text = " ".join(text.split())
        return text if len(text) <= width else text[: width - len(self.more)] + self.more

    def _in(self, role: str, text: str) -> str:
        return self._code(_COLOURS[role], text) if role in _COLOURS else text

    def _code(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured and text.strip() else text
