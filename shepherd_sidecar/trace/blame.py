"""Who wrote each line: lines followed from one version of a file to the next.

Layer: trace. Keeps: blame names the last version that wrote the line. To write is to put
characters there that are no white space: a line that stayed, that stands elsewhere in the file,
or that was only set in other white space, broken or joined, is still whose it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

from shepherd_sidecar.trace.diff import align

MOVED: Final = 20
"""Letters and digits that lines which stand elsewhere must have together: fewer say nothing."""
_PLACES: Final = 32
"""Places looked at for the beginning of a move. A line that is everywhere was moved nowhere."""


class Line(NamedTuple):
    """What is known of one line. Sources are the caller's, and rise with age: the last is max."""

    source: Any
    """The version that wrote it."""
    at: int
    """Where it stood in that version, from 0."""
    over: Any = None
    """Who had written the line that it took the place of; None for none."""


def begin(lines: Sequence[bytes], source: Any) -> list[Line]:
    """The first version: it wrote every line."""
    return [Line(source, at) for at in range(len(lines))]


def follow(
    before: Sequence[bytes], blamed: Sequence[Line], after: Sequence[bytes], source: Any
) -> list[Line]:
    """The lines of the next version.

    Args:
        before: the lines of this one, with or without their ends.
        blamed: who wrote each.
        after: the lines of the next one.
        source: the next version.
    """
    before, after = [*before], [*after]  # a list is equal to no tuple
    low = min(len(before), len(after))
    head = _agree(before, after, low)
    tail = _agree(before[::-1], after[::-1], low - head)
    old = [squeezed(line) for line in before[head : len(before) - tail]]
    new = [squeezed(line) for line in after[head : len(after) - tail]]
    known = blamed[head : len(before) - tail]
    middle = _Step(old, known, new).lines(source, head)
    return [*blamed[:head], *middle, *blamed[len(before) - tail :]]


def squeezed(line: bytes) -> bytes:
    """The line without its white space."""
    return b"".join(line.split())


class _Step:
    """One step: squeezed lines on both sides, and what is known of the left."""

    def __init__(self, old: list[bytes], known: Sequence[Line], new: list[bytes]) -> None:
        self._old = old
        self._known = known
        self._new = new
        self._found: list[Line | None] = [None] * len(new)
        self._over: list[int | None] = [None] * len(new)
        self._left: set[int] = set()
        """Old lines that nothing was found for yet."""

    def lines(self, source: Any, first: int) -> list[Line]:
        """What is known of each new line; the first of them is line ``first`` of ``source``."""
        for gone, came in self._hunks():
            if not self._set_anew(gone, came):
                self._left.update(gone)
                for at in came if gone else ():
                    self._over[at] = gone[min(at - came.start, len(gone) - 1)]
        self._moves()
        return [
            Line(source, first + at, self._replaced(at)) if line is None else line
            for at, line in enumerate(self._found)
        ]

    def _replaced(self, at: int) -> Any:
        """Whose line stood here; a line that only moved away was not written over."""
        over = self._over[at]
        return self._known[over].source if over is not None and over in self._left else None

    def _hunks(self) -> Iterator[tuple[range, range]]:
        """The ranges between lines that stayed; those are found on the way."""
        i = j = 0
        gone, came = 0, 0
        for row in align(self._old, self._new):
            if row.left is not None and row.right is not None:
                if i > gone or j > came:
                    yield range(gone, i), range(came, j)
                self._found[row.right] = self._known[row.left]
                i, j = row.left + 1, row.right + 1
                gone, came = i, j
            elif row.left is not None:
                i = row.left + 1
            elif row.right is not None:
                j = row.right + 1
        if i > gone or j > came:
            yield range(gone, i), range(came, j)

    def _set_anew(self, gone: range, came: range) -> bool:
        """Whether a hunk says the same in other white space; then its lines are found.

        A line put together from several is whose wrote the last of them.
        """
        old = self._old[gone.start : gone.stop]
        new = self._new[came.start : came.stop]
        if not any(old) or b"".join(old) != b"".join(new):
            return False
        ends = list(accumulate(map(len, old)))
        starts = [0, *accumulate(map(len, new))]
        at = 0
        for offset, (start, end) in enumerate(pairwise(starts)):
            while at < len(ends) - 1 and ends[at] <= start:
                at += 1
            last = at
            while last < len(ends) - 1 and ends[last] < end:
                last += 1
            parts = (self._known[gone.start + k] for k in range(at, last + 1))
            self._found[came.start + offset] = max(parts, key=lambda line: line.source)
        return True

    def _moves(self) -> None:
        """Find runs of new lines that stood elsewhere before, the first ones first."""
        places: dict[bytes, list[int]] = defaultdict(list)
        for i in sorted(self._left):
            places[self._old[i]].append(i)
        j = 0
        while j < len(self._new):
            runs = [self._run(i, j) for i in self._starts(places, j)]
            run = max(runs, key=len, default=range(0))
            if _telling(self._new[j : j + len(run)]):
                for offset, i in enumerate(run):
                    self._found[j + offset] = self._known[i]
                self._left.difference_update(run)
            j += max(len(run), 1)

    def _starts(self, places: dict[bytes, list[int]], j: int) -> Iterable[int]:
        if self._found[j] is not None or not self._new[j]:
            return ()
        return [i for i in places.get(self._new[j], ())[:_PLACES] if i in self._left]

    def _run(self, i: int, j: int) -> range:
        count = 0
        while (
            i + count in self._left
            and j + count < len(self._new)
            and self._found[j + count] is None
            and self._old[i + count] == self._new[j + count]
        ):
            count += 1
        return range(i, i + count)


def _agree(left: Sequence[bytes], right: Sequence[bytes], most: int) -> int:
    """How many lines at the front are equal."""
    low, high = 0, most
    while low < high:  # halves are compared at once, which is far quicker than line by line
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _telling(run: Sequence[bytes]) -> bool:
    return sum(byte in _ALNUM for line in run for byte in line) >= MOVED


_ALNUM: Final = frozenset(range(0x80, 0x100)) | frozenset(
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
