"""world/launch: a long-lived process in a world: intent, verdict, start, outcome, in one.

Layer: engine. Keeps: it is confined as what world/exec runs, and nobody who is under rules gives
up any of that: only an owner or supervisor starts what can be copied as it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from shepherd_sidecar.engine.agent_sidecars import DESCRIPTOR, VARIABLE, Link
from shepherd_sidecar.engine.attribution import Attribution
from shepherd_sidecar.engine.intents import Intents
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.processes import Processes
from shepherd_sidecar.engine.recorded_outcomes import Report, Resolve, denied_outcome
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import ExecFailed, InvalidParams, RoleForbidden, ShepherdError
from shepherd_sidecar.protocol.intents import ProposeParams
from shepherd_sidecar.protocol.method import Role
from shepherd_sidecar.protocol.processes import Copyable, LaunchParams, LaunchResult, Process
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.worlds.building import building
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.processes import zygote
from shepherd_sidecar.worlds.processes.records import Record, now
from shepherd_sidecar.worlds.run import not_started, spawn_of

BRANCH: Final = "SHEPHERD_BRANCH"
PROCESS: Final = "SHEPHERD_PROCESS"
REPLAY_FROM: Final = "SHEPHERD_REPLAY_FROM"

BornBy = Literal["launch", "rerun"]


@dataclass(frozen=True, slots=True)
class Start:
    """A process to start."""

    branch: int
    """Row of its branch."""
    called: str
    """Its branch's name."""
    world: World
    argv: list[str]
    cwd: str
    env: dict[str, str]
    sidecar: bool
    copyable: Copyable
    """``auto`` no more."""
    name: str | None = None
    of: str | None = None
    """What it is a re-execution of."""
    not_captured: tuple[dict[str, str], ...] = ()


class Launching:
    """Starts processes in worlds, gated and recorded.

    Args:
        attribution: writes down what changed before a launch, so that it is not blamed for it.
        resolve: records an outcome; blocks.
    """

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        intents: Intents,
        workspaces: Workspaces,
        processes: Processes,
        attribution: Attribution,
        resolve: Resolve,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._intents = intents
        self._workspaces = workspaces
        self._processes = processes
        self._attribution = attribution
        self._resolve = resolve

    async def launch(self, params: LaunchParams, author: str, role: Role) -> LaunchResult:
        """Start a process. Once the verdict is there, cancelling does not stop it."""
        self._preparer.check_name(params.name, "$.name")
        place = self._workspaces.need(params.branch)
        policy = self._processes.policy()
        copyable = self._copyable(params, role, policy)
        self._processes.check_room(1)
        told = {
            "argv": params.argv,
            "cwd": params.cwd,
            "env": params.env,
            "name": params.name,
            "sidecar": params.sidecar or None,
            "copyable": copyable if copyable != "no" else None,
        }
        arguments: dict[str, Any] = {key: said for key, said in told.items() if said is not None}
        if self._attribution.due(params.branch):
            await asyncio.to_thread(self._attribution.look, params.branch, author)
        proposed = await asyncio.wrap_future(
            self._intents.propose(
                ProposeParams(
                    branch=params.branch,
                    kind="tool_call",
                    payload={"name": "launch", "arguments": arguments},
                    effect=params.effect,
                ),
                author,
                inside=True,
            )
        )
        verdict, intent = proposed.verdict, proposed.commit
        if verdict.decision == "deny":
            outcome = await asyncio.to_thread(denied_outcome, self._store, params.branch, intent)
            return LaunchResult(intent=intent, verdict=verdict, outcome=outcome)
        if verdict.decision == "override" and verdict.payload is not None:
            arguments = {**arguments, **verdict.payload.get("arguments", {})}
        report = Report(self._resolve, params.branch, intent, author)

        def begin() -> LaunchResult:
            try:
                record = self.start(
                    Start(
                        branch=place.branch,
                        called=params.branch,
                        world=self._workspaces.world(place),
                        argv=arguments["argv"],
                        cwd=arguments.get("cwd") or "",
                        env=arguments.get("env") or {},
                        sidecar=params.sidecar,
                        copyable=copyable,
                        name=params.name,
                    ),
                    policy,
                )
            except ShepherdError as error:
                report({"error": error.message}, "error", None, snapshot=False)
                raise
            said = {"process": record.id, "pid": record.pid, "copiedBy": record.driver}
            done = report(said, "ok", None, snapshot=False)
            return LaunchResult(
                intent=intent, verdict=verdict, outcome=done.commit, process=self._view(record)
            )

        return await asyncio.to_thread(begin)

    def start(self, asked: Start, policy: Policy) -> Record:
        """Start a process and write it down. Blocks for some ms.

        Raises:
            ExecFailed: it could not be started. DriverUnavailable: no keeper works here.
        """
        records = self._processes.records
        nesting = asked.copyable == "nesting"
        with contextlib.ExitStack() as undo, contextlib.ExitStack() as opened:
            opened.enter_context(building(self._workspaces.folder))
            folder = records.begin()
            undo.callback(records.forget, folder.name)
            env = {BRANCH: asked.called, PROCESS: folder.name, **asked.env}
            fds = list(records.outputs(folder.name))
            link: Link | None = None
            if asked.sidecar:
                link = Link()
                opened.callback(link.close)
                env[VARIABLE] = str(DESCRIPTOR)
            if nesting:
                fds.append(zygote.listen(folder))
                env[zygote.VARIABLE] = str(DESCRIPTOR + (2 if asked.sidecar else 0))
            for fd in fds:
                opened.callback(os.close, fd)
            if link is not None:
                fds[DESCRIPTOR:DESCRIPTOR] = link.ends()
            spawn = spawn_of(asked.world, policy, asked.argv, asked.cwd, env)
            spawn = replace(
                spawn,
                detached=True,
                key=folder.name,
                copyable="no" if asked.copyable == "auto" else asked.copyable,
            )
            try:
                child = self._workspaces.keeper.spawn(spawn, *fds)
            except (ValueError, UnicodeEncodeError) as error:
                why = f"the command cannot be spelt: {error}"
                raise ExecFailed(why, why="badArgument") from error
            except OSError as error:
                raise not_started(error, asked.cwd, asked.argv[0]) from error
            with child:
                undo.callback(child.kill)
                kept = self._preparer.clean({"argv": asked.argv, "env": asked.env})
                driver, why_not = self._driver(asked)
                record = Record(
                    id=folder.name,
                    branch=asked.branch,
                    home=str(spawn.at),
                    mounted_at=str(spawn.mounted_at),
                    argv=tuple(kept["argv"]),
                    veiled=kept["argv"] != asked.argv,
                    cwd=asked.cwd,
                    env=kept["env"],
                    driver=driver,
                    why=why_not,
                    started=now(),
                    pid=child.pid,
                    confinement=dict(child.confinement),
                    of=asked.of,
                    born_by="rerun" if asked.of is not None else "launch",
                    sidecar=asked.sidecar,
                    name=asked.name,
                    called=asked.called,
                    copyable=asked.copyable,
                    not_captured=asked.not_captured,
                )
                records.put(record)
                if link is not None:
                    link.serve(self._store.root, asked.called, folder)
                undo.pop_all()
        self._processes.watch(record)
        return record

    def _copyable(self, params: LaunchParams, role: Role, policy: Policy) -> Copyable:
        """What it gives up. Raises RoleForbidden, ExecFailed."""
        asked = params.copyable
        if not params.argv:
            raise InvalidParams.at("$.argv", "at least the program")
        if asked == "auto":
            if role == "agent" or policy.required:
                return "no"
            if zygote.is_zygote(params.argv):
                return "nesting"
            # As root, without the host's network, a checkpoint is to be had for nothing.
            free = os.geteuid() == 0 and not policy.network
            return "checkpoint" if free and self._processes.criu.probe().available else "no"
        if asked == "no":
            return asked
        if role == "agent":
            raise RoleForbidden(
                "an agent gives up nothing of the confinement of what it starts",
                hint='an owner or supervisor starts what can be copied; say copyable: "no"',
                role=role,
            )
        if policy.required:
            raise ExecFailed(
                f"copyable: {asked!r} gives up a part of the confinement",
                hint='sandbox.toml says required = true; say copyable: "no"',
                why="unconfined",
            )
        return asked

    def _driver(self, asked: Start) -> tuple[str, str | None]:
        """How it can be copied at best, and why not better."""
        if asked.copyable == "nesting":
            return "zygote", None
        criu = self._processes.criu.probe()
        if asked.copyable == "checkpoint" and criu.available:
            return "criu", None
        return "rerun", criu.why or "it was not started to be copied as it runs"

    def _view(self, record: Record) -> Process:
        return self._processes.view(record, alive=True)
