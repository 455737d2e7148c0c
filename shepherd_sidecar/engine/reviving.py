"""snapshot/restore with processes: memory and files as they were at one commit.

Layer: engine. Keeps: what stands in the way of the files is found before any process is ended.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

import attrs

from shepherd_sidecar.engine.checkpoints import Checkpoints
from shepherd_sidecar.engine.copies import Source
from shepherd_sidecar.engine.copying import Copying
from shepherd_sidecar.engine.entries import resolve
from shepherd_sidecar.engine.processes import Processes
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import DriverUnavailable, InvalidParams
from shepherd_sidecar.protocol.common import NotCaptured
from shepherd_sidecar.protocol.snapshots import RestoreParams, RestoreResult
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.worlds.building import building

T = TypeVar("T", RestoreParams, RestoreResult)
Restore = Callable[[RestoreParams, str], RestoreResult]


class Reviving:
    """Brings back processes of branches with their worlds.

    Args:
        restore: brings back the files; blocks.
    """

    def __init__(
        self,
        store: Store,
        workspaces: Workspaces,
        processes: Processes,
        checkpoints: Checkpoints,
        copying: Copying,
        restore: Restore,
    ) -> None:
        self._store = store
        self._workspaces = workspaces
        self._processes = processes
        self._checkpoints = checkpoints
        self._copying = copying
        self._restore = restore

    def restore(self, params: RestoreParams, author: str) -> RestoreResult:
        """Make a branch's world, and what runs in it, what it was at a commit. Blocks.

        Where nothing was checkpointed only the files are restored, and the result says so.

        Raises:
            DriverUnavailable: a process could not be brought back. The files are restored then;
                ``data.safety`` undoes that.
            Others: as ``Restoring.restore``.
        """
        if params.paths:
            raise InvalidParams.at("$.paths", "a process is restored with its whole world")
        plain = _but(params, process=False)
        with self._store.reading() as conn:
            to = resolve(conn, params.to).hex
        kept = self._checkpoints.at(to)
        place = self._workspaces.need(params.branch)
        if not kept:
            done = self._restore(plain, author)
            lost = [*done.not_captured, NotCaptured("", "process")]
            return _but(done, not_captured=lost)
        policy = self._processes.policy()
        for _, record in kept:
            why = self._checkpoints.why_not(record, policy)
            if why is not None:
                raise DriverUnavailable(f"process {record.id} cannot be brought back: {why}")
        thought = self._restore(_but(plain, preview=True), author)
        if params.preview:
            return thought
        if not thought.conflicts:
            self._processes.kill(place.branch)
        done = self._restore(plain, author)
        with building(self._workspaces.folder), ExitStack() as failed:
            world = self._workspaces.world(place)
            try:
                copies = [
                    self._copying.by_criu(
                        Source(record, "criu", image=image), world, policy, failed
                    )
                    for image, record in kept
                ]
            except DriverUnavailable as error:
                error.data["safety"] = done.safety
                raise
            failed.pop_all()
            records = [self._copying.settle(copy, params.branch) for copy in copies]
        views = [self._processes.view(record, alive=True) for record in records]
        return _but(done, processes=views)


def _but(message: T, **members: Any) -> T:
    """A message with some of its members exchanged."""
    anything: Any = message
    changed: T = attrs.evolve(anything, **members)
    return changed
