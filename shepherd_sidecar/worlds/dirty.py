"""Which folders of a workspace must be looked at again: a small tree of marks.

Layer: worlds. Pure. A mark is made too often rather than once too seldom: a folder that is
marked in vain costs its listing, one that is missed would be a silent stale snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Dirty:
    """The marks of one folder and of those below it. Without any, nothing changed there."""

    here: bool = False
    """Names, files or folder modes directly in it may differ."""
    whole: bool = False
    """Anything in it or below it may differ."""
    inner: dict[str, Dirty] = field(default_factory=dict)
    """The marked folders in it, and those on the way to marked ones."""

    def at(self, names: Sequence[str]) -> Dirty:
        """The marks of a folder below this one."""
        found = self
        for name in names:
            found = found.inner.setdefault(name, Dirty())
        return found

    def add(self, other: Dirty) -> None:
        """Take over the marks of another tree of marks."""
        self.here |= other.here
        self.whole |= other.whole
        for name, marks in other.inner.items():
            self.at([name]).add(marks)

    def paths(self, path: str = "") -> Iterator[tuple[str, Dirty]]:
        """Every folder in it after its path (empty, or ending in ``/``), from the outside in."""
        yield path, self
        for name, marks in self.inner.items():
            yield from marks.paths(f"{path}{name}/")

    def __bool__(self) -> bool:
        return self.here or self.whole or any(self.inner.values())
