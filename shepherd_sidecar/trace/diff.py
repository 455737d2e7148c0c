"""Two logs side by side: what they share, and where they first say different things.

Layer: trace. An alignment keeps both orders, shows every entry once, and puts two entries on
one row only when they are equal; as many as can be stand on one row (up to ``PAIRS``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from shepherd_sidecar.trace.canonical import Json, encode, member
from shepherd_sidecar.trace.events import Event, event_bytes
from shepherd_sidecar.trace.ids import Id

PAIRS: Final = 1 << 20
"""Equal pairs that are considered at most. Beyond, what is repeated most often is left alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: positions in the two logs; None where a side has nothing equal to show."""

    left: int | None
    right: int | None

    @property
    def same(self) -> bool:
        """Whether both sides stand here."""
        return self.left is not None and self.right is not None


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two logs first differ."""

    index: int
    """Position in both."""
    path: str
    """JSON path of the first difference inside the two events; ``$`` when one log ends."""


def align(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Row]:
    """The rows of two logs, given the ids of their events."""
    low = min(len(left), len(right))
    head = _agree(left, right, low)
    tail = _agree(left[::-1], right[::-1], low - head)
    ends = len(left) - tail, len(right) - tail
    matches = _longest(left[head : ends[0]], right[head : ends[1]])
    rows = [Row(i, i) for i in range(head)]
    at = (head, head)
    for i, j in [*((head + i, head + j) for i, j in matches), ends]:
        rows += (Row(k, None) for k in range(at[0], i))
        rows += (Row(None, k) for k in range(at[1], j))
        if (i, j) != ends:
            rows.append(Row(i, j))
        at = (i + 1, j + 1)
    rows += (Row(ends[0] + k, ends[1] + k) for k in range(tail))
    return rows


def first_divergence(left: Sequence[Event | Id], right: Sequence[Event | Id]) -> Parting | None:
    """Where two logs part; None when they are equal. An id stands for a forgotten event."""
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a is b:
            continue
        if isinstance(a, Event) and isinstance(b, Event):
            same = event_bytes(a) == event_bytes(b)
            path = None if same else first_difference(_json(a), _json(b))
        else:
            path = None if _id(a) == _id(b) else "$"
        if path is not None:
            return Parting(index, path)
    if len(left) == len(right):
        return None
    return Parting(min(len(left), len(right)), "$")


def first_difference(a: Json, b: Json, at: str = "$") -> str | None:
    """JSON path of the first part, in canonical order, that the values do not share.

    None exactly when their canonical bytes are equal.
    """
    if type(a) is dict and type(b) is dict:
        for key in sorted(a.keys() | b.keys(), key=_utf16):
            path = member(at, key)
            if key not in a or key not in b:
                return path
            found = first_difference(a[key], b[key], path)
            if found is not None:
                return found
        return None
    if type(a) is list and type(b) is list:
        for index, (x, y) in enumerate(zip(a, b, strict=False)):
            found = first_difference(x, y, f"{at}[{index}]")
            if found is not None:
                return found
        return None if len(a) == len(b) else f"{at}[{min(len(a), len(b))}]"
    return None if encode(a) == encode(b) else at


def _agree(left: Sequence[Hashable], right: Sequence[Hashable], most: int) -> int:
    """How many entries at the front are equal."""
    return next((i for i in range(most) if left[i] != right[i]), most)


def _longest(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of positions (Hunt and Szymanski, 1977).

    Of the equal pairs, taken by rising ``i`` and falling ``j``, a longest sequence that rises
    in ``j`` rises in both. ``ends[n]`` is the least ``j`` that a sequence of ``n + 1`` ends at.
    """
    ends: list[int] = []
    links: list[_Link] = []
    for i, places in _places(left, right):
        for j in reversed(places):
            n = bisect_left(ends, j)
            link = _Link(i, j, links[n - 1] if n else None)
            if n == len(ends):
                ends.append(j)
                links.append(link)
            elif j < ends[n]:
                ends[n], links[n] = j, link
    pairs = []
    last = links[-1] if links else None
    while last is not None:
        pairs.append((last.i, last.j))
        last = last.before
    return pairs[::-1]


class _Link(NamedTuple):
    i: int
    j: int
    before: _Link | None


def _places(left: Sequence[Hashable], right: Sequence[Hashable]) -> Iterator[tuple[int, list[int]]]:
    """For each position on the left, the equal ones on the right; ``PAIRS`` at most in all."""
    there: dict[Hashable, list[int]] = defaultdict(list)
    for j, entry in enumerate(right):
        there[entry].append(j)
    here: dict[Hashable, int] = defaultdict(int)
    for entry in left:
        here[entry] += entry in there
    room, used = PAIRS, set()
    for entry, count in sorted(
        here.items(), key=lambda item: item[1] * len(there.get(item[0], ()))
    ):
        pairs = count * len(there.get(entry, ()))
        if pairs and pairs <= room:
            room -= pairs
            used.add(entry)
    return ((i, there[entry]) for i, entry in enumerate(left) if entry in used)


def _json(event: Event) -> Json:
    named = {} if event.intent is None else {"intent": event.intent}
    return {"kind": event.kind, "payload": event.payload, "effect": event.effect, **named}


def _id(entry: Event | Id) -> Id:
    return entry.id if isinstance(entry, Event) else entry


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")
