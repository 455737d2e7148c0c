"""Rows in columns, as wide as what stands in them.

Layer: cli.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.engine.text import columns, fit, pad

_BETWEEN: Final = "  "
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
            context.out(self._line([row[n] for n in shown], [widths[n] for n in shown]))

    def _line(self, cells: Sequence[Cell], widths: Sequence[int]) -> str:
        """The cells side by side, as far as the terminal goes."""
        context, parts, room = self._context, [], self._context.width
        for (role, text), width in zip(cells, widths, strict=True):
            if room is not None and room < width:
                parts.append(context.paint(role, fit(text, room, context.mark)))
                break
            last = len(parts) == len(cells) - 1
            parts.append(context.paint(role, text if last else pad(text, width)))
            room = room - width - len(_BETWEEN) if room is not None else None
        return _BETWEEN.join(parts).rstrip()
