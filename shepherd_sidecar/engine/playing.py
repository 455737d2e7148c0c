"""A record played against itself, without its agent.

Layer: engine. Keeps: the branch that a replay makes is discarded afterwards unless it was named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.recorded_steps import Step, steps
from shepherd_sidecar.engine.replays import Replays
from shepherd_sidecar.engine.rerunning import Rerun
from shepherd_sidecar.errors import Diverged
from shepherd_sidecar.protocol.branches import BranchDiscardParams
from shepherd_sidecar.protocol.replays import (
    ReplayCheckParams,
    ReplayCloseParams,
    ReplayCloseResult,
    ReplayNextParams,
    ReplayOpenParams,
)
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

OnStep = Callable[[Step], bool]
"""Called before each step; False ends the replay there."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay came to."""

    done: ReplayCloseResult
    expected: Id
    """Where it had to end."""
    taken: int
    """Intents that had to be done again and could not be here: taken from the record."""

    @property
    def same(self) -> bool:
        """Whether it ended where it had to."""
        return self.done.diverged is None and self.done.head == self.expected


async def play(
    engine: Engine, params: ReplayOpenParams, end: Node, author: str, on_step: OnStep | None = None
) -> Played:
    """Replay the log that ends at ``end``, ``cached`` or ``verify``. Blocks for each step."""
    replays = engine.replays()
    opened = replays.open(params, author)
    assert opened.branch is not None, "only a view makes no branch"
    player = _Player(replays, opened.replay, Rerun(engine, opened.branch, author), end.hex, author)
    try:
        await player.play(steps(engine, end), on_step)
    finally:
        done = replays.close(ReplayCloseParams(opened.replay))
        if params.into is None:
            engine.discard(BranchDiscardParams(opened.branch), author).result()
    return Played(done, player.expected, player.taken)


class _Player:
    """Proposes what the record proposes."""

    def __init__(
        self, replays: Replays, replay: str, rerun: Rerun, expected: Id, author: str
    ) -> None:
        self._replays = replays
        self._replay = replay
        self._rerun = rerun
        self._author = author
        self.expected = expected
        self.taken = 0
        self._open: Id | None = None

    async def play(self, record: Iterable[Step], on_step: OnStep | None) -> None:
        """Propose every intent that has an outcome, in order, until the first difference."""
        for step in record:
            if on_step is not None and not on_step(step):
                return
            if step.outcome is None:
                if self._open is None:
                    # A record may end in the middle of an action: it replays up to there.
                    self._open = self.expected = step.parent
                continue
            try:
                found = self._replays.next(
                    ReplayNextParams(self._replay, step.kind, step.payload), self._author
                )
            except Diverged:
                return
            if found.live and not await self._really(step):
                return

    async def _really(self, step: Step) -> bool:
        """Do it again and compare; whether it was the same."""
        said = await self._rerun.again(step)
        if said is None:
            self.taken += 1
            said = self._rerun.from_record(step)
        result, status = said
        return self._replays.check(ReplayCheckParams(self._replay, result, status)).same
