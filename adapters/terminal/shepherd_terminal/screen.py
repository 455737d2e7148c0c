"""What a terminal shows: everything that was printed, as a person scrolling back would see it.

Keeps: the rows are those of a terminal of the recorded size, wrapped lines and all.
"""

from __future__ import annotations

from typing import Any, Final

import pyte

COLUMNS: Final = 160
ROWS: Final = 40
_KEPT: Final = 100_000
"""Rows kept above the screen."""


class Screen:
    """A terminal of the recorded size, and how much of it was read already."""

    def __init__(self, columns: int = COLUMNS, rows: int = ROWS) -> None:
        self.columns = columns
        self._screen = pyte.HistoryScreen(columns, rows, history=_KEPT, ratio=0.5)
        self._stream = pyte.ByteStream(self._screen)
        self._read = 0

    def feed(self, data: bytes) -> None:
        """Take in what a program wrote."""
        self._stream.feed(data)

    def rows(self) -> list[str]:
        """Every row from the first on, without the blank ones at the end."""
        above = [self._text(row) for row in self._screen.history.top]
        below = [self._text(self._screen.buffer[row]) for row in range(self._screen.lines)]
        rows = above + below
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def news(self) -> str:
        """The rows since the last call, from the last row that was seen then.

        That row is given again, because what was typed since stands behind its prompt.
        """
        rows = self.rows()
        news = rows[min(self._read, len(rows)) :]
        self._read = max(len(rows) - 1, 0)
        return "\n".join(news)

    def peek(self) -> int:
        """Where the next ``news`` would begin."""
        return self._read

    def since(self, row: int) -> str:
        """The rows from this one on; ``news`` is not changed by it."""
        return "\n".join(self.rows()[row:])

    def last_row(self) -> int:
        """The number of the last row that is not blank."""
        return max(len(self.rows()) - 1, 0)

    def _text(self, row: Any) -> str:
        return "".join(row[column].data for column in range(self.columns)).rstrip()
