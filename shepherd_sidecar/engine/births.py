"""Copies of zygotes, from the moment that they are of into their worlds.

Layer: engine. The agent and the copies do their part while the files are captured and the worlds
are made. Keeps: a copy is held by the keeper before it lives, and lives only once its branch is
in the store; should this process end before, so does the copy.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from contextlib import ExitStack

from shepherd_sidecar.engine.checkpoints import folders_of_scratch
from shepherd_sidecar.engine.copies import (
    Birth,
    Copy,
    Source,
    equip,
    not_copied,
    record_of,
    spawn_at,
)
from shepherd_sidecar.engine.processes import Processes
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.processes import zygote
from shepherd_sidecar.worlds.processes.zygote import NotCopied


class Births:
    """Copies of the zygotes of one store."""

    def __init__(self, workspaces: Workspaces, processes: Processes) -> None:
        self._workspaces = workspaces
        self._processes = processes

    @staticmethod
    def wait_held(source: Source) -> bool:
        """See one that was asked standing still; False: it does not, and is to be run again."""
        if source.hold is not None:
            try:
                source.hold.wait()
            except NotCopied as error:
                source.way, source.why, source.hold = "rerun", f"zygote: {error}", None
                return False
        return True

    @staticmethod
    def begin(sources: Sequence[Source], count: int, policy: Policy, held: ExitStack) -> None:
        """Have those that stand still fork; ``held`` ends the copies that do not live by then."""
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
                    source.births.append(Birth(birth, _cwd(record.pid)))
            except NotCopied as error:
                raise not_copied(record, error) from error

    def make_ready(self, sources: Sequence[Source], held: ExitStack, undo: ExitStack) -> None:
        """Have what the copies need beside a world; then their originals may go on."""
        for source in sources:
            if source.hold is None:
                continue
            records = self._processes.records
            try:
                for one in source.births:
                    folder, one.fds, one.link = equip(records, source.record, held, undo)
                    one.key = folder.name
                    for name, fd in (
                        ("listening", zygote.listen(folder)),
                        ("status", records.exit_file(one.key)),
                    ):
                        one.fds[name] = fd
                        held.callback(os.close, fd)
                for one in source.births:
                    one.birth.map(self._workspaces.keeper)
            except NotCopied as error:
                raise not_copied(source.record, error) from error
            source.hold.close()  # they have its memory

    def enter(self, source: Source, worlds: Sequence[World], policy: Policy) -> list[Copy]:
        """Send copies into their worlds, side by side; they stand there then."""
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
            children = [
                one.birth.adopt(keeper, one.key, spawn.at, one.fds["status"])
                for one, spawn in zip(source.births, spawns, strict=True)
            ]
            for one, spawn, child in zip(source.births, spawns, children, strict=True):
                copied = one.birth.wait()
                lost = (*source.hold.not_captured, *copied.not_captured)
                new = record_of(source, one.key, spawn, copied.pid, lost)
                made.append(Copy(new, one.link, source, one.birth, child))
        except NotCopied as error:
            raise not_copied(record, error) from error
        return made


def _cwd(pid: int) -> str | None:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/cwd")
    return None
