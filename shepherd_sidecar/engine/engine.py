"""The engine: every operation of one store, for servers and command lines alike.

Layer: engine. The facade: it puts the parts together and says which of them block. What
returns a ``Future`` does not block; the future resolves when the result is durable. What
returns a value reads, or blocks as its docstring says.
"""

from __future__ import annotations

import os
from concurrent.futures import Future
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shepherd_sidecar import PROTOCOL_VERSION
from shepherd_sidecar.engine import blobs, branching, interventions
from shepherd_sidecar.engine.attribution import Attribution
from shepherd_sidecar.engine.executing import Executing
from shepherd_sidecar.engine.forking import Forking
from shepherd_sidecar.engine.gates import Gates
from shepherd_sidecar.engine.handing_over import HandingOver
from shepherd_sidecar.engine.intents import Intents
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.memo import Memos
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.processes import Processes
from shepherd_sidecar.engine.reporting import Reporting
from shepherd_sidecar.engine.restoring import Restoring
from shepherd_sidecar.engine.runs import Runs
from shepherd_sidecar.engine.supervision import Supervision
from shepherd_sidecar.engine.veto_watch import VetoWatch
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import (
    DriverUnavailable,
    InvalidParams,
    NoWorld,
    UnknownBranch,
)
from shepherd_sidecar.protocol import branches as wire_branches
from shepherd_sidecar.protocol import interventions as wire_interventions
from shepherd_sidecar.protocol.blobs import (
    BlobGetParams,
    BlobGetResult,
    BlobPutParams,
    BlobPutResult,
)
from shepherd_sidecar.protocol.branches import ForkParams, ForkResult
from shepherd_sidecar.protocol.common import Branch
from shepherd_sidecar.protocol.intents import (
    ProposeParams,
    ProposeResult,
    ResolveParams,
    ResolveResult,
)
from shepherd_sidecar.protocol.runs import RunEndParams, RunEndResult
from shepherd_sidecar.protocol.settling import (
    ApplyParams,
    ApplyResult,
    SelectParams,
    SelectResult,
)
from shepherd_sidecar.protocol.snapshots import (
    RestoreParams,
    RestoreResult,
    SnapshotTakeParams,
    SnapshotTakeResult,
)
from shepherd_sidecar.protocol.traces import AppendParams, AppendResult
from shepherd_sidecar.store import branches, settlements
from shepherd_sidecar.store.layout import REDACTION, SETTLING
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.redaction import load

if TYPE_CHECKING:
    from shepherd_sidecar.engine.blaming import Blaming
    from shepherd_sidecar.engine.care import Care
    from shepherd_sidecar.engine.checkpoints import Checkpoints
    from shepherd_sidecar.engine.copying import Copying
    from shepherd_sidecar.engine.launching import Launching
    from shepherd_sidecar.engine.overlaps import Overlaps
    from shepherd_sidecar.engine.replays import Replays
    from shepherd_sidecar.engine.reviving import Reviving
    from shepherd_sidecar.engine.settling import Settling
    from shepherd_sidecar.protocol.handshake import Capabilities
    from shepherd_sidecar.protocol.overlaps import OverlapsParams, OverlapsResult


class Engine:
    """All operations on one store.

    Args:
        root: the store's folder; made when it is not there.
        limits: sizes and counts.
        watch: this process stays: plain folders are watched from their first snapshot on, which
            pays for whoever takes more than one, and worlds are mounts where those work best.
    """

    def __init__(self, root: Path, limits: Limits | None = None, *, watch: bool = False) -> None:
        self.limits = limits or Limits()
        self.store = Store(root)
        try:
            self.preparer = Preparer(
                self.store.root, load(self.store.root / REDACTION), self.limits
            )
        except BaseException:
            self.store.close()
            raise
        self.gates = Gates(self.store)
        self.workspaces = Workspaces(self.store, self.preparer, self.limits, watch=watch)
        self.forking = Forking(self.store, self.preparer, self.workspaces, self.limits)
        self.intents = Intents(self.store, self.preparer, self.gates)
        self.supervision = Supervision(self.store, self.preparer, self.intents.questions)
        self.runs = Runs(self.store, self.preparer, self.limits, self.gates, self.workspaces)
        self.restoring = Restoring(self.store, self.preparer, self.workspaces)
        self.handing_over = HandingOver(
            self.store, self.preparer, self.workspaces, self.forking, self.restoring
        )
        self.memos = Memos(self.store, self.preparer, self.workspaces)
        self.vetoes = VetoWatch(self.store, self.preparer, self.workspaces)
        self.attribution = Attribution(self.store, self.preparer, self.workspaces, self.vetoes)
        self.reporting = Reporting(
            self.store,
            self.preparer,
            self.intents,
            self.workspaces,
            self.attribution,
            self.limits,
        )
        self.executing = Executing(
            self.store,
            self.intents,
            self.workspaces,
            self.limits,
            self.attribution,
            self.reporting.resolve,
        )
        self.processes = Processes(self.store, self.preparer, self.workspaces, self.limits)
        self.workspaces.finish = self._finish_settling
        self.workspaces.changed = self._changed
        self._recover()

    @cached_property
    def launching(self) -> Launching:
        """Starting what stays."""
        from shepherd_sidecar.engine.launching import Launching

        return Launching(
            self.store,
            self.preparer,
            self.intents,
            self.workspaces,
            self.processes,
            self.attribution,
            self.reporting.resolve,
        )

    @cached_property
    def checkpoints(self) -> Checkpoints:
        """Processes kept with commits."""
        from shepherd_sidecar.engine.checkpoints import Checkpoints

        return Checkpoints(
            self.store,
            self.preparer,
            self.workspaces,
            self.processes,
            self.attribution.catch_up,
        )

    @cached_property
    def copying(self) -> Copying:
        """Forks with processes."""
        from shepherd_sidecar.engine.copying import Copying

        return Copying(
            self.store,
            self.workspaces,
            self.processes,
            self.launching,
            self.forking,
            self.checkpoints,
        )

    @cached_property
    def reviving(self) -> Reviving:
        """Restores with processes."""
        from shepherd_sidecar.engine.reviving import Reviving

        return Reviving(
            self.store,
            self.workspaces,
            self.processes,
            self.checkpoints,
            self.copying,
            self.restoring.restore,
        )

    @cached_property
    def settling(self) -> Settling:
        """Selecting, merging and landing."""
        from shepherd_sidecar.engine.settling import Settling

        return Settling(self.store, self.preparer, self.workspaces, self.attribution)

    def append(
        self, params: AppendParams, author: str, *, eager: bool = False
    ) -> Future[AppendResult]:
        """Record events on a branch, in order, all or none. ``eager``: see ``Writer.submit``."""
        return self.reporting.append(params, author, eager=eager)

    def propose(
        self, params: ProposeParams, author: str, *, eager: bool = False
    ) -> Future[ProposeResult]:
        """Record an intent; the future resolves with its verdict."""
        return self.intents.propose(params, author, eager=eager)

    def resolve(self, params: ResolveParams, author: str) -> ResolveResult:
        """Record an outcome with the workspace after it. Blocks for a walk."""
        return self.reporting.resolve(params, author)

    def fork(self, params: ForkParams, author: str, *, by_agent: bool = False) -> ForkResult:
        """New branches, with live worlds where the origin has a workspace. Blocks.

        Args:
            params: as asked.
            author: who asks.
            by_agent: see ``Copying.fork``.
        """
        if params.process:
            return self.copying.fork(params, author, by_agent=by_agent)
        if params.process_driver is not None:
            raise InvalidParams.at("$.processDriver", "only with process: true")
        self.attribution.catch_up(params.at, author)
        return self.forking.fork(params, author)

    def restore(self, params: RestoreParams, author: str) -> RestoreResult:
        """Make a branch's world again what it was. Blocks for a walk and the writing."""
        if params.process:
            if not params.preview:
                self.attribution.catch_up(params.branch, author)
            return self.reviving.restore(params, author)
        if params.preview:
            return self.restoring.restore(params, author)
        theirs = self.attribution.before_capture(params.branch, author)
        return self.restoring.restore(params, author, theirs)

    def branch(self, name: str) -> Branch:
        """A branch, its world mounted if it was not. Blocks for the mount."""
        with suppress(NoWorld, DriverUnavailable):
            self.workspaces.world(self.workspaces.need(name))
        return branching.get(self.store, name)

    def end_run(self, params: RunEndParams, author: str) -> Future[RunEndResult]:
        """End a branch's run."""
        return self.store.submit(lambda tx: self.runs.end(tx, params, author))

    def rewind(
        self, params: wire_branches.BranchRewindParams, author: str
    ) -> Future[wire_branches.BranchRewindResult]:
        """Move a branch back along its log."""
        return self.store.submit(
            lambda tx: interventions.rewind(
                tx, self.preparer, self.intents, params, author, self.limits
            )
        )

    def discard(
        self, params: wire_branches.BranchDiscardParams, author: str
    ) -> Future[wire_branches.BranchDiscardResult]:
        """Set a branch aside, or take it back."""
        return self.store.submit(
            lambda tx: interventions.discard(tx, self.preparer, params, author)
        )

    def select(self, params: SelectParams, author: str) -> Future[SelectResult]:
        """Mark a branch as the one chosen among its siblings."""
        return self.store.submit(lambda tx: self.settling.select(tx, params, author))

    def apply(self, params: ApplyParams, author: str) -> ApplyResult:
        """Merge a branch into another. Blocks for walks and the writing."""
        return self.settling.apply(params, author)

    def rename(self, params: wire_branches.BranchRenameParams, author: str) -> Future[Branch]:
        """Give a branch another name."""
        return self.store.submit(
            lambda tx: branching.view(
                tx.conn,
                branching.rename(tx, params.branch, params.name, author, self.limits).branch,
            )
        )

    def inject(
        self, params: wire_interventions.InjectParams, author: str
    ) -> Future[wire_interventions.InterveneResult]:
        """Put a message before an agent."""
        return self.store.submit(lambda tx: interventions.inject(tx, self.preparer, params, author))

    def pause(
        self, params: wire_interventions.PauseParams, author: str
    ) -> Future[wire_interventions.InterveneResult]:
        """Make a branch's proposals wait."""
        return self.store.submit(lambda tx: interventions.pause(tx, self.preparer, params, author))

    def resume(
        self, params: wire_interventions.ResumeParams, author: str
    ) -> Future[wire_interventions.InterveneResult]:
        """Let a paused branch go on."""
        return self.store.submit(
            lambda tx: interventions.resume(tx, self.preparer, self.intents, params, author)
        )

    def handoff(
        self, params: wire_interventions.HandoffParams, author: str
    ) -> wire_interventions.HandoffResult:
        """Make one branch's state another's start. Blocks for a walk and the writing."""
        for branch in (params.from_, params.to):
            with suppress(UnknownBranch):  # the one that takes may be new
                self.attribution.catch_up(branch, author)
        return self.handing_over.handoff(params, author)

    def put_blob(self, params: BlobPutParams) -> Future[BlobPutResult]:
        """Store bytes under their hash."""
        return blobs.put(self.store, self.preparer, self.limits, params)

    def get_blob(self, params: BlobGetParams) -> BlobGetResult:
        """Read a blob."""
        return blobs.get(self.store, self.limits, params)

    @cached_property
    def blaming(self) -> Blaming:
        """Who wrote which line."""
        from shepherd_sidecar.engine.blaming import Blaming

        return Blaming(self.store)

    def care(self) -> Care:
        """What looks after the store: verify, gc, forget, export, import."""
        from shepherd_sidecar.engine.care import Care

        return Care(self.store, self.workspaces, self.processes, self.checkpoints)

    def replays(self) -> Replays:
        """A place for the replays of one connection."""
        from shepherd_sidecar.engine.replays import Replays

        return Replays(self.store, self.preparer, self.intents, self.workspaces, self.limits)

    def capabilities(self) -> Capabilities:
        """What ``initialize`` tells about this store."""
        from shepherd_sidecar.protocol.handshake import Capabilities, DriverState, Limits

        return Capabilities(
            protocol_version=PROTOCOL_VERSION,
            store_path=str(self.store.root),
            drivers=[
                DriverState(found.name, found.available, found.why)
                for found in self.workspaces.registry.probe_all()
            ],
            process_drivers=self.processes.drivers(),
            limits=Limits(
                event_bytes=self.limits.event_bytes,
                events=self.limits.events,
                blob_bytes=self.limits.blob_bytes,
                page=self.limits.page,
                forks=self.limits.forks,
                output_bytes=self.limits.output_bytes,
            ),
        )

    def take(self, params: SnapshotTakeParams, author: str) -> SnapshotTakeResult:
        """Capture a branch's world, with its processes when asked. Blocks."""
        if params.process:
            return self.checkpoints.take(params, author)
        return self.restoring.take(params, author)

    def tidy(self) -> None:
        """End and remove what a crash left of worlds and processes. Blocks."""
        self.processes.sweep(self.checkpoints.sweep)
        self.workspaces.clean()
        self.workspaces.ahead.start()

    @cached_property
    def overlaps(self) -> Overlaps:
        """Where branches at work change the same things."""
        from shepherd_sidecar.engine.overlaps import Overlaps

        return Overlaps(self.store, self.preparer)

    def find_overlaps(self, params: OverlapsParams) -> OverlapsResult:
        """What overlaps now. Blocks for reading; with ``watch`` also for a write."""
        return self.overlaps.find(params)

    def _changed(self, branch: int) -> None:
        with self.store.reading() as conn:
            if branches.run_by_seq(conn, branches.by_seq(conn, branch).run).facts.get("watched"):
                self.overlaps.changed(branch)

    def _recover(self) -> None:
        """Finish what a process that died was writing into a world."""
        with self.store.reading() as conn:
            begun = {one.branch for one in settlements.every(conn)}
        with suppress(FileNotFoundError):
            begun.update(map(int, os.listdir(self.store.root / SETTLING)))
        if begun:
            self.settling.landing.recover(begun)

    def _finish_settling(self, branch: int) -> None:
        with self.store.reading() as conn:
            begun = settlements.get(conn, branch)
        if begun is not None:
            self.settling.landing.finish(begun)

    def close(self) -> None:
        """Finish everything and close the store."""
        if "overlaps" in self.__dict__:
            self.overlaps.close()
        self.supervision.close()
        self.intents.close()
        self.processes.close()
        self.workspaces.close()
        self.store.close()
