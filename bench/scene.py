"""One branch of a session on a workspace of one size, and the rounds in which it is measured."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import ground
from bench.floors import Floor
from bench.ground import Size
from bench.harness import Run, Sample, Work, interleave, number
from bench.session import Session

_NUMBERS = itertools.count()


class Scene:
    """See the module."""

    def __init__(
        self, run: Run, size: Size, name: str, session: Session, floor: Floor, branch: str
    ) -> None:
        self.run, self.size, self.name = run, size, name
        self.session, self.floor, self.branch = session, floor, branch
        self.at: Path = session.world(branch)
        self.each = run.some(5, 2)
        """How often in a round."""
        self._forks: list[str] = []
        ground.settle(session.folder)

    def turns(
        self, ours: Callable[[], list[float]], floor: Work, rounds: tuple[int, int] = (12, 2)
    ) -> list[Sample]:
        """Ours and its floor in rounds; what ours forked is removed between them, untimed.

        ``rounds``: how many in a full run, and in a quick one.
        """

        def measured() -> list[float]:
            self.drop()
            ground.settle(self.session.folder)
            return ours()

        try:
            return interleave(self.run.some(*rounds), measured, floor)
        finally:
            self.drop()

    def fork(self, count: int = 1) -> Any:
        """Forks of the branch as it is committed; the reply."""
        names = [f"fork-{next(_NUMBERS)}" for _ in range(count)]
        made = self.session.fork(self.branch, *names)
        self._forks += [forked["branch"] for forked in made["branches"]]
        return made

    def advance(self) -> None:
        """Another commit of another tree, from which nothing was forked yet."""
        self.session.edit(self.at)
        self.session.snapshot(self.branch)

    def drop(self) -> None:
        """Remove all forks."""
        if self._forks:
            for branch in self._forks:
                self.session.discard(branch)
            self.session.collect()
            self._forks.clear()


def said(name: str, values: list[float]) -> str:
    """A fact: a duration that replies state, beside what it took to get them."""
    sample = Sample([values])
    return f"`{name}` in the replies: p50 {number(sample.p50)}, p95 {number(sample.at(0.95))}."
