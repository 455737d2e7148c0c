"""Which file that is gone lives on under which new name.

Layer: trace. Equal content pairs first, then content of which at least half the lines are
shared; a file pairs once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_text import is_text
from shepherd_sidecar.trace.tree_diff import TreeChange, pair_renames
from shepherd_sidecar.trace.trees import File

ReadBlob = Callable[[Id], bytes]
_ALIKE: Final = 0.5
_BYTES: Final = 1 << 20
"""Larger files pair only when they are equal."""
_PAIRS: Final = 10_000
"""More than so many comparisons are not made."""


def renames(read_blob: ReadBlob, changes: Sequence[TreeChange]) -> dict[bytes, bytes]:
    """New names by old ones."""
    equal, rest = pair_renames(changes)
    found = {rename.source: rename.target for rename in equal}
    gone = [c for c in rest if c.after is None and _comparable(c.before)]
    new = [c for c in rest if c.before is None and _comparable(c.after)]
    if not gone or not new or len(gone) * len(new) > _PAIRS:
        return found
    lines = {c.path: _lines(read_blob, c.before or c.after) for c in (*gone, *new)}
    alike = sorted(
        (-likeness, old.path, young.path)
        for old in gone
        for young in new
        if (likeness := _likeness(lines[old.path], lines[young.path])) >= _ALIKE
    )
    taken: set[bytes] = set()
    for _, source, target in alike:
        if source not in found and target not in taken:
            found[source] = target
            taken.add(target)
    return found


def _comparable(entry: object) -> bool:
    return isinstance(entry, File) and 0 < entry.size <= _BYTES


def _lines(read_blob: ReadBlob, entry: object) -> Counter[bytes] | None:
    assert isinstance(entry, File)
    data = read_blob(entry.blob)
    return Counter(data.splitlines()) if is_text(data) else None


def _likeness(left: Counter[bytes] | None, right: Counter[bytes] | None) -> float:
    if not left or not right:
        return 0.0
    return 2 * (left & right).total() / (left.total() + right.total())
