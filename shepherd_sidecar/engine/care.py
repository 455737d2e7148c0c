"""Looking after the store, as the messages of store/* say it.

Layer: engine. Everything here blocks; run it off the loop.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.branching import KEEP_DISCARDED_DAYS
from shepherd_sidecar.engine.checkpoints import Checkpoints
from shepherd_sidecar.engine.entries import one_of
from shepherd_sidecar.engine.processes import Processes
from shepherd_sidecar.engine.workspaces import Workspaces, elapsed_ms
from shepherd_sidecar.errors import InvalidParams, StoreCorrupt
from shepherd_sidecar.protocol.stores import (
    ExportParams,
    ExportResult,
    ForgetParams,
    ForgetResult,
    GcParams,
    GcResult,
    ImportParams,
    ImportResult,
    Problem,
    StatParams,
    StatResult,
    VerifyParams,
    VerifyResult,
)
from shepherd_sidecar.store import archive_in, archive_out, forget, gc, repair, stat, sweep, verify
from shepherd_sidecar.store.findings import Finding
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.verify import Progress
from shepherd_sidecar.trace.ids import is_id
from shepherd_sidecar.worlds.registry import LAYERS

BEYOND: Final = (
    "it cannot be repaired: put back a copy of the folder, or move it away and import what was"
    " exported"
)
"""What to do about a store that repairing cannot even open."""


class Care:
    """The care of one store.

    Args:
        store: which.
        workspaces: removes the worlds of branches that go.
        processes: ends what lives in them.
        checkpoints: forgets those of commits that go.
    """

    def __init__(
        self, store: Store, workspaces: Workspaces, processes: Processes, checkpoints: Checkpoints
    ) -> None:
        self._store = store
        self._workspaces = workspaces
        self._processes = processes
        self._checkpoints = checkpoints

    def stat(self, params: StatParams) -> StatResult:
        """How much the store holds and where the space goes."""
        found = stat.stat(self._store)
        return StatResult(
            path=str(self._store.root),
            schema=found.schema,
            runs=found.runs,
            branches=found.branches,
            commits=found.commits,
            blobs=found.blobs,
            trees=found.trees,
            database_bytes=found.database_bytes,
            object_file_bytes=found.object_file_bytes,
            world_bytes=found.world_bytes + stat.disk_bytes(self._store.root / LAYERS),
            payload_bytes=found.payload_bytes,
        )

    def verify(self, params: VerifyParams, progress: Progress | None = None) -> VerifyResult:
        """Recompute every id and chain; set aside what is damaged when asked.

        Raises:
            StoreLocked: somebody else looks after the store just now.
            StoreCorrupt: what holds the database together is damaged: it cannot be repaired.
        """
        start = time.perf_counter()
        repaired: int | None = None
        if params.repair:
            try:
                report, repaired = repair.repair(self._store, progress)
            except StoreCorrupt as error:
                error.advice = BEYOND
                raise
        else:
            report = verify.verify(self._store, progress)
        problems = [_problem(finding) for finding in report.findings]
        if report.more:
            more = f"and {report.more} more, of which none is told"
            problems.append(Problem(what="more", where=str(self._store.root), detail=more))
        return VerifyResult(
            ok=report.ok,
            problems=problems,
            checked=dict(report.checked),
            ms=elapsed_ms(start),
            repaired=repaired,
        )

    def gc(self, params: GcParams, progress: Progress | None = None) -> GcResult:
        """Remove what nothing needs any more.

        Safety commits are ordinary ancestors of what came after them, and stay as long as it.

        Raises:
            StoreLocked: somebody else looks after the store just now.
            StoreCorrupt: it is damaged: nothing is removed.
        """
        days = params.keep_discarded_days
        days = KEEP_DISCARDED_DAYS if days is None else days
        for name, value in (
            ("keepDiscardedDays", days),
            ("maxBytes", params.max_bytes),
        ):
            if value is not None and not 0 <= value < 2**53:
                raise InvalidParams.at(f"$.{name}", "0 or more")
        done = sweep.collect(
            self._store,
            int(days * gc.DAY_MS),
            params.max_bytes,
            dry_run=params.dry_run,
            remove_world=self._remove_world,
            progress=progress,
        )
        if not params.dry_run:
            self._processes.sweep(self._checkpoints.sweep, forget=True)
            self._workspaces.clean()
            self._workspaces.forget()
        return GcResult(
            branches=done.branches,
            commits=done.commits,
            blobs=done.blobs,
            trees=done.trees,
            worlds=done.worlds,
            bytes=done.bytes,
            dry_run=params.dry_run,
        )

    def _remove_world(self, branch: int) -> None:
        self._processes.kill(branch, quietly=True)
        self._workspaces.remove(branch)

    def forget(self, params: ForgetParams) -> ForgetResult:
        """Remove a payload or a blob everywhere and leave its hash. Cannot be undone.

        Raises:
            UnknownCommit, BlobMissing: there is no such thing.
            StoreLocked: somebody else looks after the store, or reads for too long.
        """
        one_of((("commit", params.commit), ("blob", params.blob)))
        for name, value in (("commit", params.commit), ("blob", params.blob)):
            if value is not None and not is_id(value):
                raise InvalidParams.at(f"$.{name}", "an id is 64 lowercase hex digits")
        if params.commit is not None:
            return ForgetResult(forget.forget_event(self._store, params.commit, params.reason))
        assert params.blob is not None
        return ForgetResult(forget.forget_blob(self._store, params.blob, params.reason))

    def export(self, params: ExportParams, progress: Progress | None = None) -> ExportResult:
        """Write branches with all they need to one self-checking file.

        Raises:
            UnknownBranch, InvalidParams: no such branch; the file exists or cannot be written.
            StoreCorrupt: something that belongs into the file is damaged.
            StoreLocked: somebody else looks after the store just now.
        """
        made = archive_out.export(self._store, Path(params.path), params.branches, progress)
        return ExportResult(
            path=params.path, commits=made.commits, objects=made.objects, bytes=made.bytes
        )

    def import_(self, params: ImportParams, author: str) -> ImportResult:
        """Take in an exported file, all or nothing. The format ``atif`` is ``engine.atif``'s.

        Raises:
            ImportInvalid: the file is not sound, and nothing was kept.
            StoreLocked: somebody else looks after the store just now.
        """
        if not Path(params.path).is_absolute():
            raise InvalidParams.at("$.path", "an absolute path")
        if params.format != "shepherd":
            raise InvalidParams.at("$.format", "shepherd or atif")
        taken = archive_in.take_in(self._store, Path(params.path), author)
        renamed = [
            {"what": "renamed", "branch": name, "as": here}
            for name, here in taken.branches.items()
            if name != here
        ]
        return ImportResult(
            branches=list(taken.branches.values()),
            commits=taken.commits,
            objects=taken.objects,
            notes=renamed or None,
        )


def _problem(found: Finding) -> Problem:
    return Problem(what=found.what, where=_printable(found.where), detail=_printable(found.detail))


def _printable(text: str) -> str:
    """A damaged name need not be Unicode; what is told of it is."""
    return text.encode("utf-8", "backslashreplace").decode()
