"""A process that is copied, and its copies, until they are branches' own.

Layer: engine. Data, and what copies by every way have in common.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from shepherd_sidecar.engine.agent_sidecars import Link
from shepherd_sidecar.errors import DriverUnavailable
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.keeper.client import Spawn
from shepherd_sidecar.worlds.processes import zygote
from shepherd_sidecar.worlds.processes.criu import SIDECAR, Image
from shepherd_sidecar.worlds.processes.records import Record, Records, now
from shepherd_sidecar.worlds.processes.zygote import NotCopied

_STDIO: Final = ("stdin", "stdout", "stderr")


@dataclass(slots=True)
class Birth:
    """A zygote's copy on its way, and what waits for it."""

    birth: zygote.Birth
    cwd: str | None
    key: str = ""
    fds: dict[str, int] = field(default_factory=dict)
    link: Link | None = None


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
class Copy:
    """A copy that stands in a world, not yet of a branch."""

    record: Record
    link: Link | None
    source: Source
    birth: zygote.Birth | None = None
    """What it waits at to be let live; None: it lives."""
    child: Child | None = None
    """As the keeper holds it, when that is known."""


def zygotes(sources: Iterable[Source]) -> list[str]:
    """The ids of those that stand still by themselves."""
    return [source.record.id for source in sources if source.hold is not None]


def equip(
    records: Records, record: Record, opened: ExitStack, undo: ExitStack
) -> tuple[Path, dict[str, int], Link | None]:
    """A folder for a copy, descriptors for what leads out of it, and its way to a sidecar.

    Args:
        records: where the folder is made.
        record: of what it is a copy.
        opened: closes what only the copy needs.
        undo: called when there will be no copy.
    """
    folder = records.begin()
    undo.callback(records.forget, folder.name)
    fds = dict(zip(_STDIO, records.outputs(folder.name), strict=True))
    for fd in fds.values():
        opened.callback(os.close, fd)
    link: Link | None = None
    if record.sidecar:
        link = Link()
        undo.callback(link.close)
        opened.callback(link.hand_over)
        fds |= dict(zip(SIDECAR.values(), link.ends(), strict=True))
    return folder, fds, link


def record_of(
    source: Source, key: str, spawn: Spawn, pid: int, lost: Iterable[dict[str, str]]
) -> Record:
    """What is remembered of a copy."""
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


def not_copied(record: Record, error: NotCopied) -> DriverUnavailable:
    """What is told of a process that could not be copied."""
    return DriverUnavailable(
        f"process {record.id} was not copied: {error}",
        hint='processDriver: "rerun" runs it again instead',
        process=record.id,
    )
