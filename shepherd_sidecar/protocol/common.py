"""Messages that several namespaces share: entries, verdicts, usage, worlds, snapshots.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.method import message
from shepherd_sidecar.trace.events import Effect, Kind
from shepherd_sidecar.trace.ids import Id

Decision = Literal["allow", "deny", "override", "hold"]
BranchStatus = Literal["live", "paused", "finished", "failed", "exhausted", "stopped", "discarded"]

Flag = Literal["denied", "failed", "held", "ineffective"]


@message
class Usage:
    """What a step cost. Kept in the reflog, never hashed into the event."""

    input_tokens: int | None = None
    """Tokens of the prompt."""
    output_tokens: int | None = None
    """Tokens of the answer."""
    cached_tokens: int | None = None
    """Prompt tokens served from a cache."""
    cost_usd: float | None = None
    """Money, in US dollars."""
    duration_ms: float | None = None
    """How long the step took, in milliseconds."""


@message
class Empty:
    """A result that says only: done."""


@message
class Failure:
    """An error that did not stop the rest: the stable name and what was wrong."""

    name: str
    """As in an error's ``data.name``."""
    message: str
    """What was wrong, and where."""


@message
class Entry:
    """One commit of a log with the reflog's facts about it."""

    commit: Id
    """Its id."""
    parents: list[Id]
    """None for a root, one, or two for a merge."""
    kind: Kind
    """The event's kind."""
    effect: Effect
    """The event's effect class."""
    event: Id
    """The event's id; it stays even when the payload was forgotten."""
    depth: int
    """Commits before it on its first-parent path."""
    intent: Id | None = None
    """The intent's commit, for outcomes and interventions."""
    tree: Id | None = None
    """The workspace as it then was, when captured."""
    payload: Any = None
    """The payload, unless it is longer than asked for or forgotten."""
    payload_size: int | None = None
    """Bytes of the canonical payload, when it was left out; trace/get has it whole."""
    forgotten: bool | None = None
    """True when the payload was removed by store/forget."""
    branch: str | None = None
    """The branch it was appended on, where the reflog knows."""
    at: str | None = None
    """When it was recorded, RFC 3339 UTC."""
    usage: Usage | None = None
    """What it cost."""
    client_id: str | None = None
    """The reporter's own id for it."""
    about: str | None = None
    """What it is about, on one line of 400 characters at most, when ``about`` was asked for."""
    flag: Flag | None = None
    """What stands out about it, when ``about`` was asked for: it was denied, failed, waits for a
    decision, or is a veto that came too late."""


@message
class Injected:
    """A message that a meta-agent put before the agent."""

    message: Any
    """As it was injected."""
    by: str
    """Who injected it."""
    commit: Id
    """The intervention that records it."""


@message
class Verdict:
    """The answer to an intent."""

    decision: Literal["allow", "deny", "override"]
    """``override`` means: run ``payload`` in place of what was proposed."""
    by: str
    """Who decided: ``default``, ``rule:NAME``, ``timeout``, the name given to decide, or a supervisor's;
    ``gone`` or ``invalid`` when a supervisor's default counted."""
    payload: dict[str, Any] | None = None
    """The effective payload of an override."""
    reason: str | None = None
    """Why; always present for a deny."""
    injected: list[Injected] | None = None
    """Messages waiting for the agent; each is delivered once."""


@message
class NotCaptured:
    """One thing that a snapshot or restore does not cover, and why."""

    path: str
    """Relative path; bytes that are not UTF-8 as ``\\xNN``."""
    why: str
    """One word: socket, fifo, device, ignored, mount, process, dotGit, ...; ``moving`` for the
    whole, ``.``: something that runs there could not be held still."""


@message
class PathReason:
    """A path, and why it is named."""

    path: str
    """Relative path; bytes that are not UTF-8 as ``\\xNN``."""
    why: str
    """One word: ignored, socket, changedSince, mount, link, ..."""


@message
class Snapshot:
    """A workspace as it was."""

    tree: Id
    """Root of its Merkle tree."""
    files: int
    """Files and links in it."""
    bytes_total: int
    """Sum of the file sizes."""
    bytes_new: int
    """Bytes of content the store did not hold before."""
    ms: float
    """How long taking it took, in milliseconds."""
    driver: str
    """The driver that took it."""
    not_captured: list[NotCaptured]
    """What it does not hold."""
    changed: list[str]
    """Paths that differ from the branch's snapshot before."""


@message
class World:
    """A live writable folder of a branch."""

    path: str
    """Where the sidecar sees it."""
    mounted_at: str
    """Where programs inside it see it."""
    driver: str
    """The driver that keeps it."""
    place: Literal["apart", "inPlace"]
    """``inPlace``: the user's own folder."""


@message
class ForkPoint:
    """Where a branch came from."""

    commit: Id
    """The commit it started at."""
    branch: str | None = None
    """The branch it was forked from, when one was named."""


@message
class Branch:
    """A mutable name for a head commit."""

    branch: str
    """Its name, unique in the store."""
    run: str
    """The run it belongs to."""
    head: Id
    """The commit it stands at."""
    status: BranchStatus
    """``live`` takes events; ``paused`` makes proposals wait; the others are ends."""
    depth: int
    """Commits before the head on its log."""
    forked_from: ForkPoint | None = None
    """None for the first branch of a run."""
    world: World | None = None
    """Its live world, if it has one."""
    selected: bool | None = None
    """True when it was chosen among those that began where it did."""


@message
class Missing:
    """Something that could not be held, or not be granted, and why."""

    what: str
    """A namespace, a wall, a limit, or the path of a grant."""
    why: str
    """The reason."""


@message
class Confinement:
    """What holds a command to its world."""

    namespaces: list[str]
    """Namespaces of its own: ``mnt``, ``pid``, ``ipc``, ``uts``, ``net``."""
    landlock: int
    """The version of Landlock that held it; 0: none."""
    seccomp: bool
    """Whether its system calls were filtered."""
    network: Literal["none", "host"]
    """What it could reach: nothing but itself, or what the host reaches."""
    missing: list[Missing]
    """What could not be had; empty: it was confined whole."""
