"""Processes 1 that are made before the commands they are for.

Layer: worlds. To make namespaces and a view takes longer than most commands. So after each command
more are made, of the same kind, when nobody waits for anything; they serve the next commands if
those are of this kind too, and what their view stands on is as it was. Two stand ready: a command
that comes soon after another finds one that is, while the next is being made.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Container, Sequence
from typing import Final

from shepherd_sidecar.worlds.confine import view
from shepherd_sidecar.worlds.keeper.freezing import Cgroups
from shepherd_sidecar.worlds.keeper.messages import Message
from shepherd_sidecar.worlds.keeper.spawning import (
    Kind,
    Spare,
    Spawned,
    has_ended,
    prepare,
    spawn,
)

_STOCK: Final = 2
"""How many stand ready."""
_BREATH: Final = 0.001
"""Seconds without a request after which the next pid 1 is made."""
_LONG: Final = 0.05
"""Seconds from which on a command is not waited for first: making it would slow a short one."""
_SPARE_FOR: Final = 60.0
"""Seconds that it is kept when no command comes."""
_NEVER: Final = 3600.0


class Spares:
    """The spare pids 1 of a keeper, and how commands are started with it or without.

    Args:
        cgroups: where each command gets a group of its own.
        keeper: pidfd of this process.
    """

    def __init__(self, cgroups: Cgroups, keeper: int) -> None:
        self._cgroups, self._keeper = cgroups, keeper
        self._spares: list[Spare] = []
        """The first made first."""
        self._unfit: list[Spare] = []
        """Those of another kind; they are dropped when nobody waits."""
        self._kind: Kind | None = None
        """The kind of the latest command, which the next one is likely to be of too."""
        self._latest = -1
        """Its pidfd."""
        self._spawned_at = 0.0
        self._names = itertools.count()

    def start(self, request: Message, files: str, fds: Sequence[int]) -> tuple[Spawned, list[int]]:
        """Start a command under a spare pid 1, or under a new one; see ``spawning.spawn``.

        Args:
            request: as for that.
            files: where the world's files are.
            fds: the command's descriptors.

        Raises:
            view.NotThere: the world's files are not there.
            OSError: it was refused.
        """
        kind = Kind(request)
        if request["restores"]:  # its processes bring their view along
            return self._give(self._prepared(kind), request, files, fds)
        self._kind, self._spawned_at = kind, time.monotonic()
        found = view.files_of(files, request["mountedAt"])
        try:
            spare = self._fitting(kind) or self._prepared(kind)
            child, given = self._give(spare, request, found, fds)
        finally:
            os.close(found.mount)
        self._latest = child.pidfd
        return child, given

    def due_in(self, living: Container[int]) -> float:
        """Seconds without a request after which ``tidy`` has something to do.

        ``living``: pidfds of the commands that go on.
        """
        if self._unfit:
            return _BREATH
        if len(self._spares) >= _STOCK or self._kind is None:
            return _NEVER
        age = time.monotonic() - self._spawned_at
        return _LONG - age if self._latest in living and age < _LONG - _BREATH else _BREATH

    def tidy(self, living: Container[int]) -> None:
        """With nothing else to do: make the next pid 1, or drop them when none was asked for."""
        while self._unfit:
            self._drop(self._unfit.pop())
        if self._kind is None:
            return
        if time.monotonic() - self._spawned_at > _SPARE_FOR:
            self.close()
        elif self.due_in(living) <= _BREATH:
            try:
                self._spares.append(self._prepared(self._kind))
            except OSError:
                self._kind = None  # until somebody asks again

    def close(self) -> None:
        """There is no spare any more, and none is made until the next command."""
        self._kind = None
        for spares in (self._spares, self._unfit):
            while spares:
                self._drop(spares.pop())

    def _fitting(self, kind: Kind) -> Spare | None:
        """The readiest spare, when it is of this kind; those of another will be dropped."""
        while self._spares:
            spare = self._spares.pop(0)
            if spare.kind == kind and not has_ended(spare, 0.0):
                return spare
            self._unfit.append(spare)
        while len(self._unfit) > _STOCK:  # it has been busy for long
            self._drop(self._unfit.pop(0))
        return None

    def _give(
        self, spare: Spare, request: Message, files: view.Files | str, fds: Sequence[int]
    ) -> tuple[Spawned, list[int]]:
        try:
            return spawn(spare, request, files, fds)
        except OSError:
            self._cgroups.remove(spare.group)
            raise

    def _prepared(self, kind: Kind) -> Spare:
        name = str(next(self._names))
        group = self._cgroups.open(name)
        try:
            return prepare(kind, self._keeper, group, name if group is not None else None)
        except OSError:
            self._cgroups.remove(name)
            raise
        finally:
            if group is not None:
                os.close(group)

    def _drop(self, spare: Spare) -> None:
        spare.drop()
        self._cgroups.remove(spare.group)
