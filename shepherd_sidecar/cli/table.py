"""Rows in columns, as wide as what stands in them.

Layer: cli.
"""

from __future__ import annotations

from collections.abc import Sequence

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.text import columns, fit, pad

Cell = tuple[str, str]
"""The role that colours it, and its text."""


class Table:
    """Collects rows and prints them; columns that are empty everywhere are left out."""

    def __init__(self, context: Context, titles: Sequence[str]) -> None:
        self._context = context
        self._titles = titles
        self._rows: list[tuple[Cell, ...]] = []

    def row(self, *cells: Cell) -> None:
        """Add a row, one cell for each title."""
        self._rows.append(cells)

    def print(self, empty: str) -> None:
        """Print it; ``empty`` is said on stderr when there is no row."""
        context = self._context
        if not self._rows:
            context.note(empty)
            return
        shown = [n for n in range(len(self._titles)) if any(row[n][1] for row in self._rows)]
        rows = [tuple(("faint", title.upper()) for title in self._titles), *self._rows]
        widths = {n: max(columns(row[n][1]) for row in rows) for n in shown}
        for row in rows:
            line, room = "", context.width
            for n in shown:
                role, text = row[n]
                if room is not None:
                    text = fit(text, max(room, 0), context.mark)
                    room -= widths[n] + 2
                text = pad(text, widths[n]) if n != shown[-1] else text
                line += context.paint(role, text) + "  "
            context.out(line.rstrip())
