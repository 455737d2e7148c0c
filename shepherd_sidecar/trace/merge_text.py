"""Three versions of a text brought together, hunk by hunk.

Layer: trace. The comparison of lines is the library ``merge3``'s; what a conflict is and what
can be chosen is said here. Lines are bytes and keep their ends: nothing is normalised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from merge3 import Merge3

from shepherd_sidecar.trace.diff import align

TEXT_BYTES: Final = 4 << 20
"""Larger files are not compared by lines."""
_LOOK: Final = 8000
_PAIRS: Final = 100_000
"""Pairs of equal lines up to which difflib compares: its time grows with their square and more."""

Choice = Literal["onto", "branch", "both", "base"]
"""What stands in the place of a hunk; ``both`` is onto's lines, then the branch's."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place that both sides changed, each in its own way. Lines count from 0, end excluded."""

    base: tuple[int, int]
    onto: tuple[int, int]
    branch: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """A merged text."""

    data: bytes | None
    """The text, or None when a hunk is undecided."""
    hunks: tuple[Hunk, ...]
    """The places that both sides changed, in order, also where a choice decided them."""


def is_text(data: bytes) -> bool:
    """Whether content is compared by lines: no NUL near its beginning, and not too large."""
    return len(data) <= TEXT_BYTES and b"\0" not in data[:_LOOK]


def merge_text(base: bytes, onto: bytes, branch: bytes, choices: Sequence[Choice] = ()) -> Text:
    """The text with the changes of both sides. ``choices`` decide its hunks, in order."""
    old, left, right = (text.splitlines(keepends=True) for text in (base, onto, branch))
    made: list[bytes] = []
    hunks: list[Hunk] = []
    undecided = False
    for what, *at in Merge3(old, left, right, sequence_matcher=_Matcher).merge_regions():
        if what == "conflict":
            hunk = Hunk((at[0], at[1]), (at[2], at[3]), (at[4], at[5]))
            if len(hunks) < len(choices):
                made += _chosen(choices[len(hunks)], hunk, old, left, right)
            else:
                undecided = True
            hunks.append(hunk)
        else:
            source = {"unchanged": old, "b": right}.get(what, left)
            made += source[at[0] : at[1]]
    return Text(None if undecided else b"".join(made), tuple(hunks))


class _Matcher:
    """What two texts share, found in bounded time whoever wrote them."""

    def __init__(self, _: None, left: Sequence[bytes], right: Sequence[bytes]) -> None:
        self._left, self._right = left, right

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        """Places in both and how many lines are equal there, in order; an empty one ends them."""
        left, right = self._left, self._right
        counts = Counter(right)
        # Lines that are everywhere mean nothing to difflib either.
        most = len(right) // 100 + 1 if len(right) >= 200 else len(right)
        if sum(counts[line] for line in left if counts[line] <= most) <= _PAIRS:
            return [(*block,) for block in SequenceMatcher(None, left, right).get_matching_blocks()]
        blocks: list[tuple[int, int, int]] = []
        for row in align(left, right):
            if row.left is None or row.right is None:
                continue
            i, j, length = blocks[-1] if blocks else (0, 0, 0)
            if blocks and (row.left, row.right) == (i + length, j + length):
                blocks[-1] = (i, j, length + 1)
            else:
                blocks.append((row.left, row.right, 1))
        return [*blocks, (len(left), len(right), 0)]


def _chosen(
    choice: Choice, hunk: Hunk, old: list[bytes], left: list[bytes], right: list[bytes]
) -> list[bytes]:
    onto, branch = left[slice(*hunk.onto)], right[slice(*hunk.branch)]
    if choice == "both":
        # The last line of a file may lack its end: it must not run into the next.
        if onto and branch and not onto[-1].endswith(b"\n"):
            onto = [*onto[:-1], onto[-1] + b"\n"]
        return onto + branch
    return {"onto": onto, "branch": branch, "base": old[slice(*hunk.base)]}[choice]
