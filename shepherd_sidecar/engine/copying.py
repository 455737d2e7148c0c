"""branch/fork with processes: running copies in the new worlds.

Layer: engine. Keeps: all copies are of one moment, the one at which the files were captured;
either every world has its copies or there are no branches. Each process is copied by the best
way that works for it, and the reply says which and what is missing.

A zygote stands still from before the capture until its copies have its memory and its files for
scratch; they make themselves ready while the files are captured and the worlds are made. What
CRIU takes is held still by the keeper while files and memory are captured, and goes on then. What
can only be run again is started when the branches are there.
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
from shepherd_sidecar.worlds.keeper.child import Child
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
    births: list[Birth] = field(default_factory=list)
    image: Image | None = None
    why: str | None = None
    """Why it is not copied in a better way."""


@dataclass(slots=True)
class Birth:
    """A zygote's copy on its way, and what waits for it."""

    birth: zygote.Birth
    key: str
    fds: dict[str, int]
    link: Link | None
    cwd: str | None


@dataclass(slots=True)
class Copy:
    """A copy that lives in a world, not yet of a branch."""

    record: Record
    link: Link | None
    source: Source
    child: Child | None = None
    """As the keeper holds it, when that is known."""


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
        count = params.count or len(params.names or ()) or 1
        with building(self._workspaces.folder), ExitStack() as held, ExitStack() as undo:
            if is_id(params.at):
                commit, sources = params.at, self._kept(params)
                self._processes.check_room(count * len(sources))
            else:
                commit, sources = self._live(params, count, author, policy, held, undo)
            if by_agent and params.process_driver is None:
                self._refuse_reruns(sources)
            made = _Made()

            def move_in(worlds: list[World], failed: ExitStack) -> None:
                made.copies = self._copies(sources, worlds, policy, failed)

            result = self._forking.fork(params, author, Inhabitants(commit, move_in))
            undo.pop_all()
            return self._settle(result, made, sources, policy, author)

    # --- what is copied

    def _live(
        self,
        params: ForkParams,
        count: int,
        author: str,
        policy: Policy,
        held: ExitStack,
        undo: ExitStack,
    ) -> tuple[str, list[Source]]:
        """The processes of a branch, held or kept as they are at one moment; the commit of it.

        Copies of zygotes are on their way then.
        """
        place = self._workspaces.need(params.at)
        candidates = self._processes.maybe_living(place.branch)
        sources = [self._source(record, params, policy, held) for record in candidates]
        for source in sources:
            self._wait_held(source)
        # One that holds still lives; of others the keeper knows.
        sources = [
            one for one in sources if one.hold is not None or self._processes.is_alive(one.record)
        ]
        if not sources:
            raise UnknownProcess(
                f"nothing that was launched runs on {params.at!r}",
                hint="world/launch starts a process; or leave `process` out",
                branch=params.at,
            )
        self._processes.check_room(count * len(sources))

        def begin() -> None:
            self._begin_births(sources, count, policy, held)

        commit = self._checkpoints.moment(params.at, place, sources, author, begin)
        for source in sources:
            if source.image is not None:
                # The checkpoint is only a way to here: nobody else knows of it.
                held.callback(remove, source.image)
            self._check(source, params)
        self._await_births(sources, held, undo)
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

    @staticmethod
    def _wait_held(source: Source) -> None:
        """See a zygote standing still; one that does not is to be run again."""
        if source.hold is not None:
            try:
                source.hold.wait()
            except NotCopied as error:
                source.way, source.why, source.hold = "rerun", f"zygote: {error}", None

    def _check(self, source: Source, params: ForkParams) -> None:
        """Whether it is copied in the way that was asked for. Raises DriverUnavailable."""
        if params.process_driver not in (None, source.way):
            raise DriverUnavailable(
                f"process {source.record.id} cannot be copied by {params.process_driver}: "
                f"{source.why}",
                hint="omit processDriver to have it copied in the best way that works",
                process=source.record.id,
            )

    def _begin_births(
        self, sources: list[Source], count: int, policy: Policy, held: ExitStack
    ) -> None:
        """Have zygotes fork, while the files are captured and the worlds are made."""
        for source in sources:
            if source.hold is None:
                continue
            record = source.record
            try:
                for _ in range(count):
                    birth = source.hold.begin(
                        record.mounted_at, folders_of_scratch(policy), network=policy.network
                    )
                    held.callback(birth.close)
                    source.births.append(Birth(birth, "", {}, None, _cwd(record.pid)))
            except NotCopied as error:
                raise _not_copied(record, error) from error

    def _await_births(self, sources: list[Source], held: ExitStack, undo: ExitStack) -> None:
        """Make ready for the copies what they need beside a world; then their agents may go on."""
        for source in sources:
            if source.hold is None:
                continue
            try:
                for one in source.births:
                    folder, one.fds, one.link = self._begin(source.record, held, undo)
                    one.key = folder.name
                    one.fds["listening"] = zygote.listen(folder)
                    one.fds["status"] = self._processes.records.exit_file(one.key)
                    held.callback(os.close, one.fds["listening"])
                    held.callback(os.close, one.fds["status"])
                for one in source.births:
                    one.birth.map(self._workspaces.keeper)
            except NotCopied as error:
                raise _not_copied(source.record, error) from error
            source.hold.close()  # they have its memory

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
                births = self._by_zygote(source, worlds, policy)
                for copies, copy in zip(done, births, strict=True):
                    copies.append(copy)
            elif source.way == "criu":
                with ThreadPoolExecutor(min(_AT_ONCE, len(worlds))) as pool:

                    def bring(world: World, source: Source = source) -> Copy:
                        return self.by_criu(source, world, policy, failed)

                    for copies, copy in zip(done, pool.map(bring, worlds), strict=True):
                        copies.append(copy)
        return done

    def _by_zygote(self, source: Source, worlds: list[World], policy: Policy) -> list[Copy]:
        """Copies of one process, which make themselves ready side by side."""
        record, keeper = source.record, self._workspaces.keeper
        assert source.hold is not None
        made: list[Copy] = []
        try:
            spawns = [spawn_at(world, policy) for world in worlds]
            for one, spawn in zip(source.births, spawns, strict=True):
                at = str(spawn.mounted_at)
                mount = keeper.clone(spawn.at, spawn.files)
                try:
                    one.birth.enter(at, one.cwd or at, {**one.fds, "mount": mount})
                finally:
                    os.close(mount)
            held = [
                one.birth.adopt(keeper, one.key, spawn.at, one.fds["status"])
                for one, spawn in zip(source.births, spawns, strict=True)
            ]
            for one, spawn, child in zip(source.births, spawns, held, strict=True):
                copied = one.birth.let_live()
                lost = (*source.hold.not_captured, *copied.not_captured)
                new = self._record(source, one.key, spawn, copied.pid, lost)
                made.append(Copy(new, one.link, source, child))
        except NotCopied as error:
            raise _not_copied(record, error) from error
        return made

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
        self._processes.watch(record, copy.child)
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
