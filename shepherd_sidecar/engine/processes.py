"""The processes of a store: what lives in its worlds, what it wrote, how it ended.

Layer: engine. Between the records (folders), the keeper (living processes) and the store
(branches). Keeps: a process lives as long as its branch has a world, and no longer; its end is
written down on its branch by whoever sees it first, once.
"""

from __future__ import annotations

import base64
import contextlib
import os
import signal
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine import record as recording
from shepherd_sidecar.engine.ends import Ends
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import Prepared, Preparer, rfc3339
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import (
    BudgetExceeded,
    DriverUnavailable,
    InvalidParams,
    RoleForbidden,
    ShepherdError,
    UnknownBranch,
    UnknownProcess,
)
from shepherd_sidecar.protocol.common import Confinement, Missing
from shepherd_sidecar.protocol.handshake import DriverState
from shepherd_sidecar.protocol.processes import (
    OutputParams,
    OutputResult,
    Process,
    ProcessesParams,
    ProcessesResult,
    SignalParams,
)
from shepherd_sidecar.store import branches, heads, places
from shepherd_sidecar.store.layout import IMAGES, PROCESSES, SANDBOX
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.worlds.building import clearing
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.confine.policy_file import PolicyFile
from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.processes.criu import Criu
from shepherd_sidecar.worlds.processes.records import Record, Records

SIGNALS: Final = ("TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "STOP", "CONT", "KILL")


_KILLED_WITHIN: Final = 10.0


class Processes:
    """The processes of one store."""

    def __init__(
        self, store: Store, preparer: Preparer, workspaces: Workspaces, limits: Limits
    ) -> None:
        self._limits = limits
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces
        self._ends = Ends()
        self._watched: set[str] = set()
        self._policy = PolicyFile(store.root / SANDBOX, store.root)
        self.records = Records(store.root / PROCESSES)
        self.criu = Criu(store.root / IMAGES, workspaces.keeper)

    def policy(self) -> Policy:
        """What processes are held by now. Raises SandboxInvalid."""
        return self._policy.policy()

    def drivers(self) -> list[DriverState]:
        """How processes can be copied here, the preferred first."""
        why = self._workspaces.no_keeper()
        criu = self.criu.probe()
        return [
            DriverState("zygote", why is None, why),
            DriverState("criu", why is None and criu.available, why or criu.why),
            DriverState("rerun", why is None, why),
        ]

    def listed(self, params: ProcessesParams) -> ProcessesResult:
        """The processes of a branch, or of all. Asks the keeper."""
        wanted: int | None = None
        if params.branch is not None:
            with self._store.reading() as conn:
                wanted = branches.need(conn, params.branch).seq
        found = []
        for record in self.records.every():
            if wanted is None or record.branch == wanted:
                alive = self.is_alive(record)
                if alive or params.ended:
                    found.append(self.view(record, alive=alive))
        return ProcessesResult(processes=found)

    def living(self, branch: int) -> list[Record]:
        """The living processes of a branch, the oldest first."""
        every = self.records.every()
        return [one for one in every if one.branch == branch and self.is_alive(one)]

    def maybe_living(self) -> list[Record]:
        """Those that have not ended by what is seen without asking anybody, the oldest first."""
        return [one for one in self.records.every() if self._may_live(one)]

    def send(
        self, params: SignalParams, author: str, own: Collection[str] | None = None
    ) -> Process:
        """Send a signal and write that down. Blocks.

        Args:
            params: which process, which signal.
            author: who sends it.
            own: the branches whose processes may be signalled; None: any.
        """
        if params.signal not in SIGNALS:
            raise InvalidParams.at("$.signal", f"one of {', '.join(SIGNALS)}")
        record = self._need(params.process)
        name = self._branch_name(record)
        if own is not None and name not in own:
            raise RoleForbidden(
                f"process {record.id} is not one of this agent's branches",
                hint="an agent signals what runs on branches it started or forked",
                branch=name,
            )
        child = self._child(record)
        if child is None:
            raise UnknownProcess(f"process {record.id} has ended", process=record.id)
        with child:
            self._kill_with(record, child, signal.Signals[f"SIG{params.signal}"])
        said = {"what": "processSignal", "process": record.id, "signal": params.signal}
        self._note(record, self._preparer.own("annotation", said), author)
        return self.view(record, alive=self.is_alive(record))

    def output(self, params: OutputParams) -> OutputResult:
        """What a process wrote."""
        if params.offset < 0:
            raise InvalidParams.at("$.offset", "0 or more")
        if params.length is not None and params.length < 0:
            raise InvalidParams.at("$.length", "0 or more")
        record = self._need(params.process)
        found = self.records.output(record.id, params.stream, params.offset, params.length)
        data = base64.b64encode(found.data).decode("ascii")
        return OutputResult(data=data, offset=found.offset, kept=found.kept, size=found.size)

    def check_room(self, more: int, living: int | None = None) -> None:
        """Whether so many more may live in this store; ``living``: how many do, when known.

        Raises:
            BudgetExceeded: they would be too many; agents that start agents may not know an end.
        """
        most = self._limits.processes
        living = len(self.maybe_living()) if living is None else living
        if living + more > most:
            raise BudgetExceeded(
                f"{living} processes live in this store's worlds, {more} more would pass the "
                f"limit of {most}",
                hint="world/processes lists them, world/signal ends one",
                limit="processes",
                value=living + more,
                max=most,
            )

    def is_alive(self, record: Record) -> bool:
        """Whether a process lives."""
        child = self._child(record)
        if child is not None:
            child.close()
        return child is not None

    def watch(self, record: Record, child: Child | None = None) -> None:
        """Write down, when it comes to that, that a process has ended.

        ``child``: as the keeper holds it, when that is known; taken over.
        """
        if record.id in self._watched:
            if child is not None:
                child.close()
            return
        self._watched.add(record.id)
        child = child or self._workspaces.keeper.find(record.id)
        if child is None:
            self._note_end(record)
        else:
            self._ends.watch(child, lambda code: self._note_end(record, code))

    def view(self, record: Record, *, alive: bool, branch: str | None = None) -> Process:
        """A process as readers see it; ``branch``: the name of its branch, when known."""
        held: dict[str, Any] = record.confinement
        return Process(
            process=record.id,
            branch=branch or self._branch_name(record) or "",
            argv=list(record.argv),
            status="running" if alive else "ended",
            copied_by=record.driver,  # type: ignore[arg-type]
            started_at=rfc3339(record.started),
            stdout_bytes=self.records.size(record.id, "stdout"),
            stderr_bytes=self.records.size(record.id, "stderr"),
            name=record.name,
            pid=record.pid if alive and record.pid else None,
            exit_code=None if alive else self.records.exit_code(record.id),
            why=record.why,
            of=record.of,
            born_by=record.born_by,  # type: ignore[arg-type]
            sidecar=record.sidecar,
            confinement=Confinement(
                namespaces=list(held["namespaces"]),
                landlock=held["landlock"],
                seccomp=held["seccomp"],
                network=held["network"],
                missing=missing(held["missing"]),
            )
            if held
            else None,
            not_captured=missing(record.not_captured) if record.of is not None else None,
        )

    def kill(self, branch: int, *, quietly: bool = False) -> None:
        """End every process of a branch, and see it gone. Blocks.

        Args:
            branch: row of the branch.
            quietly: nothing is written on the branch, which is about to go.
        """
        for record in self.living(branch):
            if quietly:
                self.records.note(record.id)
            child = self._child(record)
            if child is not None:
                with child:
                    self._kill_with(record, child, signal.SIGKILL)
                    with contextlib.suppress(TimeoutError):
                        self._note_end(record, child.wait_told(_KILLED_WITHIN))

    def end(self, branch: str) -> None:
        """End every process of a branch that was set aside. Blocks until they are gone."""
        with self._store.reading() as conn:
            seq = branches.need(conn, branch).seq
        self.kill(seq)

    def sweep(self, too: Callable[[], None], *, forget: bool = False) -> None:
        """End and remove what a crash left; write down what ended meanwhile, or will. Blocks.

        Args:
            too: called while nobody is building.
            forget: remove also what is remembered of processes that have ended.
        """
        with clearing(self._workspaces.folder) as alone:
            if not alone:
                return
            with self._store.reading() as conn:
                homes = {place.branch: place.path for place in places.every(conn)}
                aside = {seq for seq in homes if branches.by_seq(conn, seq).status == "discarded"}
            for key in self.records.names():
                record = self.records.get(key)
                if record is None or homes.get(record.branch) != record.home:
                    self._end(key, record)
                    self.records.forget(key)
                elif record.branch in aside and self.is_alive(record):
                    self.kill(record.branch)
                elif self.is_alive(record):
                    self.watch(record)
                else:
                    self._note_end(record)
                    if forget:
                        self.records.forget(key)
            too()

    def close(self) -> None:
        """Wait for nobody any more."""
        self._ends.close()

    def _end(self, key: str, record: Record | None) -> None:
        """Kill a process that no branch has, if it lives."""
        child = self._find(key, record)
        if child is not None:
            with child:
                if record is None:
                    child.kill()
                else:
                    self._kill_with(record, child, signal.SIGKILL)
                with contextlib.suppress(TimeoutError):
                    child.wait_told(_KILLED_WITHIN)

    def _kill_with(self, record: Record, child: Child, number: signal.Signals) -> None:
        if number == signal.SIGKILL and record.copyable != "nesting":
            child.kill()
            return
        if number == signal.SIGKILL:  # its copies live below its pid 1
            self._workspaces.keeper.kill(Path(record.home), record.id)
            return
        with contextlib.suppress(ProcessLookupError):
            fd = os.pidfd_open(record.pid)
            try:
                if child.poll() is None:
                    signal.pidfd_send_signal(fd, number)
            finally:
                os.close(fd)

    def _child(self, record: Record) -> Child | None:
        """A living process as the keeper holds it; the caller closes it.

        One that has died lives until its exit code is told, as long as anybody may tell it.
        """
        if self.records.exit_code(record.id) is not None:
            return None
        child = self._find(record.id, record)
        if child is None:
            return None
        code = child.told()
        if code is not None:
            self.records.ended(record.id, code)
            child.close()
            return None
        return child

    def _find(self, key: str, record: Record | None) -> Child | None:
        """What the keeper has by this key. None is started for what has died by all signs."""
        keeper = self._workspaces.keeper
        may_live = record is None or self._may_live(record)
        if not may_live and not keeper.is_there():
            return None
        try:
            return keeper.find(key)
        except DriverUnavailable:  # what an earlier one left there is only its socket
            if may_live:
                raise
            return None

    def _may_live(self, record: Record) -> bool:
        """Whether asking the keeper is worth it: it would be started for that."""
        if self.records.exit_code(record.id) is not None:
            return False
        return not record.pid or os.path.exists(f"/proc/{record.pid}")

    def _note_end(self, record: Record, told: int | None = None) -> None:
        if self.records.is_noted(record.id):
            return
        if told is not None:
            self.records.ended(record.id, told)
        code = self.records.exit_code(record.id)
        said: dict[str, Any] = {"what": "processEnded", "process": record.id, "exitCode": code}
        client_id = f"process-{record.id}-ended"
        self._note(record, self._preparer.event("annotation", said, client_id=client_id), "sidecar")
        self.records.note(record.id)

    def _note(self, record: Record, event: Prepared, author: str) -> None:
        """An annotation on the process's branch; what was recorded meanwhile stays as it is."""

        def work(tx: Tx) -> None:
            name = branches.name_of(tx.conn, record.branch)
            if name is not None:
                recording.append(tx, heads.load(tx, name), event, author)

        with contextlib.suppress(ShepherdError):
            self._store.write(work)

    def _need(self, key: str) -> Record:
        record = self.records.get(key) if key.isalnum() else None
        if record is None:
            raise UnknownProcess(f"no process {key[:80]!r}", process=key[:80])
        return record

    def _branch_name(self, record: Record) -> str | None:
        with self._store.reading() as conn, contextlib.suppress(UnknownBranch):
            return branches.name_of(conn, record.branch)
        return None


def missing(said: Any) -> list[Missing]:
    """What is not there, and why, as readers see it."""
    return [Missing(one["what"], one["why"]) for one in said]
