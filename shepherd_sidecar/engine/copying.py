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
from typing import Final

from shepherd_sidecar.engine import branching
from shepherd_sidecar.engine.births import Births
from shepherd_sidecar.engine.checkpoints import Checkpoints, remove
from shepherd_sidecar.engine.copies import (
    Copy,
    Source,
    equip,
    not_copied,
    record_of,
    spawn_at,
    zygotes,
)
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
from shepherd_sidecar.worlds.confine.view import within
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.processes import zygote
from shepherd_sidecar.worlds.processes.records import Record
from shepherd_sidecar.worlds.processes.zygote import NotCopied

_AT_ONCE: Final = 4
"""Restores that run at the same time."""


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
        self._births = Births(workspaces, processes)

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
        records = self._processes.maybe_living()
        here = [record for record in records if record.branch == place.branch]
        sources = [self._source(record, params, policy, held) for record in here]
        self._checkpoints.catch_up(params.at, author)
        with ExitStack() as still:
            # What is asked to stand still comes to that while the keeper holds all else.
            how = still.enter_context(self._checkpoints.still(place, zygotes(sources)))
            refused = [one for one in sources if not self._births.wait_held(one)]
            if refused:
                still.close()
                how = still.enter_context(self._checkpoints.still(place, zygotes(sources)))
            # One that stands still lives; of others the keeper knows.
            sources = [one for one in sources if one.hold or self._processes.is_alive(one.record)]
            if not sources:
                raise UnknownProcess(
                    f"nothing that was launched runs on {params.at!r}",
                    hint="world/launch starts a process; or leave `process` out",
                    branch=params.at,
                )
            self._processes.check_room(count * len(sources), len(records))

            def begin() -> None:
                self._births.begin(sources, count, policy, held)

            commit = self._checkpoints.moment(params.at, sources, author, begin, held=how)
        for source in sources:
            if source.image is not None:
                # The checkpoint is only a way to here: nobody else knows of it.
                held.callback(remove, source.image)
            self._check(source, params)
        self._births.make_ready(sources, held, undo)
        return commit, sources

    def _source(
        self, record: Record, params: ForkParams, policy: Policy, held: ExitStack
    ) -> Source:
        asked = params.process_driver or record.driver
        if asked == "zygote":
            if record.driver != "zygote":
                return Source(record, "rerun", why="it was not launched as a zygote")
            if any(within(path, record.mounted_at) for path in policy.hide):
                # A copy puts the new world into its view itself, and would leave it uncovered.
                return Source(record, "rerun", why="zygote: sandbox.toml hides a part of its world")
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
                births = self._births.enter(source, worlds, policy)
                for copies, copy in zip(done, births, strict=True):
                    copies.append(copy)
            elif source.way == "criu":
                with ThreadPoolExecutor(min(_AT_ONCE, len(worlds))) as pool:

                    def bring(world: World, source: Source = source) -> Copy:
                        return self.by_criu(source, world, policy, failed)

                    for copies, copy in zip(done, pool.map(bring, worlds), strict=True):
                        copies.append(copy)
        return done

    def by_criu(self, source: Source, world: World, policy: Policy, failed: ExitStack) -> Copy:
        """A copy out of a checkpoint; ``failed`` undoes what is kept of it.

        Raises:
            DriverUnavailable: it could not be restored.
        """
        record, image = source.record, source.image
        assert image is not None
        with ExitStack() as opened:
            folder, fds, link = equip(self._processes.records, record, opened, failed)
            spawn = replace(spawn_at(world, policy), key=folder.name)
            try:
                pid, confinement = self._processes.criu.restore(image, spawn, fds)
            except NotCopied as error:
                raise not_copied(record, error) from error
            new = record_of(source, folder.name, spawn, pid, image.not_captured)
            return Copy(replace(new, confinement=confinement), link, source)

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
                views = [
                    self._processes.view(record, alive=True, branch=branch.branch)
                    for record in mine
                ]
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
        """A copy is this branch's from now on: it lives, and its sidecar begins to serve it."""
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
        if copy.birth is not None:
            copy.birth.let_live()
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
