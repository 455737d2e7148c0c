"""Moving copies into the cgroups of their worlds, out of everybody's way.

Layer: worlds. Runs in the keeper. A process is moved only when the whole machine has passed a
quiet state, about 10 ms later, so a fork of the keeper does that while nothing else is asked;
whoever has to hold a world still waits for it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from typing import Final

from shepherd_sidecar.worlds.keeper import processes
from shepherd_sidecar.worlds.keeper.freezing import Cgroups
from shepherd_sidecar.worlds.keeper.spawning import Spawned

_BREATH: Final = 0.003
_NEVER: Final = 3600.0
_ROUNDS: Final = 100
"""How often what was forked meanwhile is looked for."""


class Moves:
    """The pids 1 that are to be moved, and the forks that move some."""

    def __init__(self, cgroups: Cgroups) -> None:
        self._cgroups = cgroups
        self._asked: list[Spawned] = []
        self._under_way: dict[int, list[Spawned]] = {}

    def ask(self, child: Spawned) -> None:
        """Have a pid 1, and all below it, moved into its group before long."""
        self._asked.append(child)

    def due_in(self) -> float:
        """Seconds without a request after which ``begin`` has something to do."""
        return _BREATH if self._asked else _NEVER

    def begin(self) -> None:
        """With nothing else to do: begin what was asked for, in a fork."""
        asked, self._asked = self._asked, []
        if not asked:
            return
        try:
            mover = os.fork()
        except OSError:  # no process is left: they are held still by signals
            _without_group(asked)
            return
        if mover == 0:
            code = 1
            try:
                code = 0 if all(map(self._move, asked)) else 1
            finally:
                os._exit(code)
        self._under_way[mover] = asked

    def reap(self) -> None:
        """See what has been done."""
        for mover in list(self._under_way):
            ended, status = os.waitpid(mover, os.WNOHANG)
            if ended:
                self._done(mover, status)

    def finish(self, children: Collection[Spawned]) -> None:
        """Have these moved now; one that cannot be has no group afterwards."""
        for mover, moved in list(self._under_way.items()):
            if any(child in moved for child in children):
                self._done(mover, os.waitpid(mover, 0)[1])
        for child in [one for one in self._asked if one in children]:
            self._asked.remove(child)
            if not self._move(child):
                child.group = None

    def forget(self, child: Spawned) -> None:
        """It has ended."""
        with contextlib.suppress(ValueError):
            self._asked.remove(child)

    def _done(self, mover: int, status: int) -> None:
        moved = self._under_way.pop(mover)
        if status != 0:
            _without_group(moved)

    def _move(self, child: Spawned) -> bool:
        """Move all of it, also what is forked meanwhile; whether that was possible."""
        group = self._cgroups.open(child.group)
        if group is None:
            return False
        moved: set[int] = set()
        try:
            for _ in range(_ROUNDS):
                fresh = [
                    pid for pid in (child.pid, *processes.below(child.pid)) if pid not in moved
                ]
                if not fresh:
                    return True
                for pid in fresh:
                    with contextlib.suppress(ProcessLookupError):
                        self._cgroups.take(group, pid)
                moved.update(fresh)
        except OSError:
            return False
        finally:
            os.close(group)
        return False


def _without_group(children: Collection[Spawned]) -> None:
    for child in children:
        child.group = None
