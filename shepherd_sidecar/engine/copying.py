"""branch/fork with processes: running copies in the new worlds.

Layer: engine. Keeps: all copies are of one moment, the one at which the files were captured;
either every world has its copies or there are no branches. Each process is copied by the best
way that works for it, and the reply says which and what is missing.

A zygote stands still from before the capture until its copies have its memory; what CRIU takes
is held still by the keeper while files and memory are captured, and goes on then. What can only
be run again is started when the branches are there.
"""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine import branching
from shepherd_sidecar.engine.agent_sidecars import Link
from shepherd_sidecar.engine.checkpoints import Checkpoints, folders_of_scratch, remove
from shepherd_sidecar.engine.forking import Forking, Inhabitants
from shepherd_sidecar.engine.launching import REPLAY_FROM, Launching, Start
from shepherd_sidecar.engine.processes import Processes
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import (
    DriverUnavailable,
    InvalidParams,
    ShepherdError,
    UnknownProcess,
)
from shepherd_sidecar.protocol.branches import ForkedBranch, ForkParams, ForkResult
from shepherd_sidecar.store import branches, places
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import is_id
from shepherd_sidecar.worlds.building import building
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.client import Spawn
from shepherd_sidecar.worlds.processes import zygote
from shepherd_sidecar.worlds.processes.criu import SIDECAR, Image
from shepherd_sidecar.worlds.processes.records import Record, now
from shepherd_sidecar.worlds.processes.zygote import NotCopied

_STDIO: Final = ("stdin", "stdout", "stderr")
_AT_ONCE: Final = 4
"""Restores that run at the same time."""


@dataclass(slots=True)
class Source:
    """A process to be copied, and how."""

    record: Record
    way: str
    """``zygote``, ``criu`` or ``rerun``."""
    hold: zygote.Hold | None = None
    births: list[zygote.Birth] = field(default_factory=list)
    image: Image | None = None
    why: str | None = None
    """Why it is not copied in a better way."""


@dataclass(slots=True)
class Copy:
    """A copy that lives in a world, not yet of a branch."""

    record: Record
    link: Link | None
    source: Source


@dataclass(slots=True)
class _Made:
    copies: list[list[Copy]] = field(default_factory=list)
    """By world."""


class Copying:
    """Forks branches of one store with what runs in them."""

    def __init__(
        self,
        store: Store,
        workspaces: Workspaces,
        processes: Processes,
        launching: Launching,
        forking: Forking,
        checkpoints: Checkpoints,
    ) -> None:
        self._store = store
        self._workspaces = workspaces
        self._processes = processes
        self._launching = launching
        self._forking = forking
        self._checkpoints = checkpoints

    def fork(self, params: ForkParams, author: str, *, by_agent: bool = False) -> ForkResult:
        """New branches with live worlds, in which copies of the processes run. Blocks.

        Args:
            params: as asked.
            author: who asks.
            by_agent: an agent copies itself. Run again, it would come here again and do the same,
                without end: that is done only when it is asked for by name.

        Raises:
            UnknownProcess: nothing launched runs on the branch, or was checkpointed at the commit.
            DriverUnavailable: the asked way does not work for one of them.
            Others: as ``Forking.fork``, ``Workspaces.capture`` and ``Launching.start``.
        """
        if not params.world:
            raise InvalidParams.at("$.world", "a process needs a world: true, or leave it out")
        policy = self._processes.policy()
        with building(self._workspaces.folder), ExitStack() as held:
            if is_id(params.at):
                commit, sources = params.at, self._kept(params)
            else:
                commit, sources = self._live(params, author, policy, held)
            if by_agent and params.process_driver is None:
                self._refuse_reruns(sources)
            count = params.count or len(params.names or ()) or 1
            self._processes.check_room(count * len(sources))
            self._begin_births(sources, count, policy, held)
            made = _Made()

            def move_in(worlds: list[World], failed: ExitStack) -> None:
                made.copies = self._copies(sources, worlds, policy, failed)

            result = self._forking.fork(params, author, Inhabitants(commit, move_in))
            return self._settle(result, made, sources, policy, author)

    # --- what is copied

    def _live(
        self, params: ForkParams, author: str, policy: Policy, held: ExitStack
    ) -> tuple[str, list[Source]]:
        """The processes of a branch, held or kept as they are at one moment; the commit of it."""
        place = self._workspaces.need(params.at)
        records = self._processes.living(place.branch)
        if not records:
            raise UnknownProcess(
                f"nothing that was launched runs on {params.at!r}",
                hint="world/launch starts a process; or leave `process` out",
                branch=params.at,
            )
        sources = [self._source(record, params, policy, held) for record in records]
        commit = self._checkpoints.moment(params.at, place, sources, author)
        for source in sources:
            if source.image is not None:
                # The checkpoint is only a way to here: nobody else knows of it.
                held.callback(remove, source.image)
            self._check(source, params)
        return commit, sources

    def _source(
        self, record: Record, params: ForkParams, policy: Policy, held: ExitStack
    ) -> Source:
        asked = params.process_driver or record.driver
        if asked == "zygote":
            if record.driver != "zygote":
                return Source(record, "rerun", why="it was not launched as a zygote")
            try:
                hold = zygote.Hold(self._processes.records.at(record.id))
            except NotCopied as error:
                return Source(record, "rerun", why=f"zygote: {error}")
            held.callback(hold.close)
            return Source(record, "zygote", hold)
        if asked == "criu":
            why = self._checkpoints.why_not(record, policy)
            return Source(record, "rerun" if why else "criu", why=why)
        return Source(record, "rerun", why=record.why)

    def _check(self, source: Source, params: ForkParams) -> None:
        """Whether it is copied in the way that was asked for. Raises DriverUnavailable."""
        if params.process_driver not in (None, source.way):
            raise DriverUnavailable(
                f"process {source.record.id} cannot be copied by {params.process_driver}: "
                f"{source.why}",
                hint="omit processDriver to have it copied in the best way that works",
                process=source.record.id,
            )

    @staticmethod
    def _begin_births(sources: list[Source], count: int, policy: Policy, held: ExitStack) -> None:
        """Have zygotes fork already, while the worlds are made."""
        for source in sources:
            if source.hold is None:
                continue
            try:
                for _ in range(count):
                    birth = source.hold.begin(
                        source.record.mounted_at, folders_of_scratch(policy), network=policy.network
                    )
                    held.callback(birth.close)
                    source.births.append(birth)
            except NotCopied as error:
                raise _not_copied(source.record, error) from error

    @staticmethod
    def _refuse_reruns(sources: list[Source]) -> None:
        for source in sources:
            if source.way == "rerun":
                raise DriverUnavailable(
                    f"process {source.record.id} can only be run again: {source.why}",
                    hint='an agent that wants that says processDriver: "rerun"',
                    process=source.record.id,
                )

    def _kept(self, params: ForkParams) -> list[Source]:
        """What was checkpointed at a commit."""
        found = self._checkpoints.at(params.at)
        if not found:
            raise UnknownProcess(
                f"no process was checkpointed at {params.at}",
                hint="snapshot/take {process: true} keeps them; a branch name copies what runs",
                commit=params.at,
            )
        sources = [Source(record, "criu", image=image) for image, record in found]
        for source in sources:
            self._check(source, params)
        return sources

    # --- the copies

    def _copies(
        self, sources: list[Source], worlds: list[World], policy: Policy, failed: ExitStack
    ) -> list[list[Copy]]:
        for world in worlds:
            failed.callback(self._workspaces.keeper.kill, world.stands_in)
        done: list[list[Copy]] = [[] for _ in worlds]
        for source in sources:
            if source.way == "zygote":
                births = self._by_zygote(source, worlds, policy, failed)
                for copies, copy in zip(done, births, strict=True):
                    copies.append(copy)
            elif source.way == "criu":
                with ThreadPoolExecutor(min(_AT_ONCE, len(worlds))) as pool:

                    def bring(world: World, source: Source = source) -> Copy:
                        return self.by_criu(source, world, policy, failed)

                    for copies, copy in zip(done, pool.map(bring, worlds), strict=True):
                        copies.append(copy)
        return done

    def _by_zygote(
        self, source: Source, worlds: list[World], policy: Policy, failed: ExitStack
    ) -> list[Copy]:
        """Copies of one process, which are made side by side."""
        record, keeper = source.record, self._workspaces.keeper
        assert source.hold is not None
        made: list[Copy] = []
        try:
            for birth in source.births:
                birth.map(keeper)
            source.hold.close()  # they have its memory: it may go on
            begun = [
                (birth, *self._enter(record, birth, world, policy, failed))
                for birth, world in zip(source.births, worlds, strict=True)
            ]
            for birth, key, spawn, link in begun:
                with ExitStack() as opened:
                    status = self._processes.records.exit_file(key)
                    opened.callback(os.close, status)
                    copied = birth.adopt(keeper, key, spawn.at, status)
                lost = (*source.hold.not_captured, *copied.not_captured)
                new = self._record(source, key, spawn, copied.pid, lost)
                made.append(Copy(new, link, source))
        except NotCopied as error:
            raise _not_copied(record, error) from error
        return made

    def _enter(
        self,
        record: Record,
        birth: zygote.Birth,
        world: World,
        policy: Policy,
        failed: ExitStack,
    ) -> tuple[str, Spawn, Link | None]:
        """Send a copy into its world: its id, where that is, and its way to a sidecar."""
        with ExitStack() as opened:
            folder, fds, link = self._begin(record, opened, failed)
            spawn = spawn_at(world, policy)
            for name, fd in (
                ("mount", self._workspaces.keeper.clone(spawn.at, spawn.files)),
                ("listening", zygote.listen(folder)),
                ("status", self._processes.records.exit_file(folder.name)),
            ):
                fds[name] = fd
                opened.callback(os.close, fd)
            at = str(spawn.mounted_at)
            birth.enter(at, _cwd(record.pid) or at, fds)
            return folder.name, spawn, link

    def by_criu(self, source: Source, world: World, policy: Policy, failed: ExitStack) -> Copy:
        """A copy out of a checkpoint; ``failed`` undoes what is kept of it.

        Raises:
            DriverUnavailable: it could not be restored.
        """
        record, image = source.record, source.image
        assert image is not None
        with ExitStack() as opened:
            folder, fds, link = self._begin(record, opened, failed)
            spawn = replace(spawn_at(world, policy), key=folder.name)
            try:
                pid, confinement = self._processes.criu.restore(image, spawn, fds)
            except NotCopied as error:
                raise _not_copied(record, error) from error
            new = self._record(source, folder.name, spawn, pid, image.not_captured)
            new = replace(new, confinement=confinement)
            return Copy(new, link, source)

    def _begin(
        self, record: Record, opened: ExitStack, failed: ExitStack
    ) -> tuple[Path, dict[str, int], Link | None]:
        records = self._processes.records
        folder = records.begin()
        failed.callback(records.forget, folder.name)
        fds = dict(zip(_STDIO, records.outputs(folder.name), strict=True))
        for fd in fds.values():
            opened.callback(os.close, fd)
        link: Link | None = None
        if record.sidecar:
            link = Link()
            failed.callback(link.close)
            opened.callback(link.hand_over)
            fds |= dict(zip(SIDECAR.values(), link.ends(), strict=True))
        return folder, fds, link

    def _record(self, source: Source, key: str, spawn: Spawn, pid: int, lost: Any) -> Record:
        return replace(
            source.record,
            id=key,
            branch=0,
            home=str(spawn.at),
            mounted_at=str(spawn.mounted_at),
            started=now(),
            pid=pid,
            of=source.record.id,
            born_by=source.way,
            not_captured=tuple(lost),
        )

    # --- the branches

    def _settle(
        self,
        result: ForkResult,
        made: _Made,
        sources: list[Source],
        policy: Policy,
        author: str,
    ) -> ForkResult:
        """Write down whose the copies are; start what is run again."""
        settled: list[ForkedBranch] = []
        try:
            for index, branch in enumerate(result.branches):
                copies = iter(made.copies[index] if made.copies else ())
                mine = [
                    self._rerun(source, branch, policy)
                    if source.way == "rerun"
                    else self.settle(next(copies), branch.branch)
                    for source in sources
                ]
                views = [self._processes.view(record, alive=True) for record in mine]
                settled.append(
                    ForkedBranch(
                        branch=branch.branch,
                        head=branch.head,
                        world=branch.world,
                        process=views[0],
                        processes=views if len(views) > 1 else None,
                    )
                )
        except ShepherdError:
            self._give_up(result, made, author)
            raise
        return ForkResult(branches=settled, ms=result.ms, not_captured=result.not_captured)

    def settle(self, copy: Copy, branch: str) -> Record:
        """A copy is this branch's from now on; its sidecar begins to serve it."""
        with self._store.reading() as conn:
            seq = branches.need(conn, branch).seq
        record = replace(copy.record, branch=seq)
        self._processes.records.put(record)
        if copy.link is not None:
            copy.link.serve(
                self._store.root,
                branch,
                self._processes.records.at(record.id),
                known_as=record.called,
                copied=(record.id, copy.source.record.id),
            )
            copy.link.close()
        self._processes.watch(record)
        return record

    def _rerun(self, source: Source, branch: ForkedBranch, policy: Policy) -> Record:
        record = source.record
        with self._store.reading() as conn:
            seq = branches.need(conn, branch.branch).seq
            place = places.get(conn, seq)
        assert place is not None
        argv, env = _as_launched(record)
        lost = {"what": "memory", "why": source.why or "it is run again"}
        return self._launching.start(
            Start(
                branch=seq,
                called=branch.branch,
                world=self._workspaces.world(place),
                argv=argv,
                cwd=record.cwd,
                env={**env, REPLAY_FROM: branch.head},
                sidecar=record.sidecar,
                copyable=record.copyable,  # type: ignore[arg-type]
                name=record.name,
                of=record.id,
                not_captured=(lost,),
            ),
            policy,
        )

    def _give_up(self, result: ForkResult, made: _Made, author: str) -> None:
        """Set the branches aside: not all of what they need could be started."""
        for copies in made.copies:
            for copy in copies:
                if copy.link is not None:
                    copy.link.close()
        for branch in result.branches:
            with self._store.reading() as conn:
                seq = branches.need(conn, branch.branch).seq
            self._processes.kill(seq)
            self._store.write(
                lambda tx, name=branch.branch: branching.discard(tx, name, author)  # type: ignore[misc]
            )


def spawn_at(world: World, policy: Policy) -> Spawn:
    """A world as the keeper is told of it, for what already runs."""
    apart = world.home is not None and world.home != world.path
    seen_at = world.stands_in if world.mounted_at.is_relative_to("/proc") else world.mounted_at
    return Spawn(
        argv=(),
        env={},
        at=world.stands_in,
        mounted_at=seen_at,
        policy=policy,
        files=None if apart else world.path,
    )


def _not_copied(record: Record, error: NotCopied) -> DriverUnavailable:
    return DriverUnavailable(
        f"process {record.id} was not copied: {error}",
        hint='processDriver: "rerun" runs it again instead',
        process=record.id,
    )


def _cwd(pid: int) -> str | None:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/cwd")
    return None


def _as_launched(record: Record) -> tuple[list[str], dict[str, str]]:
    """What a process was started with; the record has its secrets taken out."""
    argv, env = list(record.argv), dict(record.env)
    if record.veiled:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{record.pid}/cmdline").read_bytes().split(b"\0")
            argv = [os.fsdecode(word) for word in words[:-1]] or argv
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{record.pid}/environ").read_bytes().split(b"\0")
        had = dict(word.split(b"=", 1) for word in words if b"=" in word)
        env = {
            name: os.fsdecode(had.get(os.fsencode(name), os.fsencode(value)))
            for name, value in env.items()
        }
    return argv, env
