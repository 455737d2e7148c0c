r"""How commits and their parents are drawn beside a log, as ``git log --graph`` does.

Layer: cli. Pure. Keeps: each commit has one ``*``; from it, every parent can be reached by
following ``|``, ``/``, ``\`` and ``_`` downwards; two edges never share a row on their way
between lanes, so that none can be mistaken for another.

A lane is a column that waits for a commit. Lanes are not moved when one beside them ends: it
leaves a gap, which the next tip fills. An edge to a lane that waits already is drawn at once
(``|/``), to the left where there is a choice, so a thousand forks of one commit are two lanes
wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Lanes = list[str | None]
"""The commit that each lane waits for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the drawing.

    ``lanes`` says for each character of ``text`` which lane it belongs to, for its colour.
    """

    text: str
    lanes: tuple[int, ...]
    commit: str | None = None
    """The commit whose ``*`` stands in this row."""


def draw(commits: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Row]:
    """The rows for commits with their parents, given children before parents.

    A parent that never comes keeps its lane to the end.
    """
    waiting: Lanes = []
    ended: int | None = None
    for commit, parents in commits:
        # A tip right below a root would look like its parent: it takes another lane.
        at = waiting.index(commit) if commit in waiting else _free(waiting, 0, ended)
        waiting[at] = commit
        yield _row(waiting, {2 * at: ("*", at)}, commit)
        first, *others = dict.fromkeys(parents) or (None,)
        for parent in others:
            if parent in waiting:
                to = waiting.index(parent)
                yield from _edge(waiting, at, to, to)
            else:
                to = _free(waiting, at + 1)
                yield from _edge(waiting, at, to, to)
                waiting[to] = parent
        waiting[at] = None
        if first is not None and first in waiting:
            left, right = sorted((at, waiting.index(first)))
            waiting[left], waiting[right] = first, None
            yield from _edge(waiting, right, left, right)
        else:
            waiting[at] = first
        ended = at if first is None else None
        while waiting and waiting[-1] is None:
            waiting.pop()


def _edge(waiting: Lanes, start: int, to: int, colour: int) -> Iterator[Row]:
    """The rows of an edge from lane to lane: the first step, then all the rest in one row."""
    right = to > start
    stroke = "\\" if right else "/"
    first, last = (2 * start + 1, 2 * to - 1) if right else (2 * start - 1, 2 * to + 1)
    between = range(min(first, last) + 1, max(first, last))
    line = {x: ("_", colour) for x in between if x % 2 or waiting[x // 2] is None}
    yield _row(waiting, {first: (stroke, colour)} | line)
    if first != last:
        yield _row(waiting, {last: (stroke, colour)})


def _row(waiting: Lanes, over: dict[int, tuple[str, int]], commit: str | None = None) -> Row:
    cells = {2 * lane: ("|", lane) for lane, wanted in enumerate(waiting) if wanted is not None}
    cells |= over
    width = max(cells) + 1
    drawn = [cells.get(x, (" ", 0)) for x in range(width)]
    return Row("".join(char for char, _ in drawn), tuple(lane for _, lane in drawn), commit)


def _free(waiting: Lanes, least: int, but: int | None = None) -> int:
    """A lane that waits for nothing, at or after ``least``; not the lane ``but``."""
    lane = least
    while lane == but or (lane < len(waiting) and waiting[lane] is not None):
        lane += 1
    waiting.extend([None] * (lane + 1 - len(waiting)))
    return lane
