"""Taking in runs that were recorded as ATIF (Agent Trajectory Interchange Format).

Layer: engine. Reads the file, prepares every event, then records all of it in one write
transaction. Keeps: a file that cannot be taken in whole changes nothing; the same file gives
the same commits again.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.atif_document import Trajectory, parse
from shepherd_sidecar.engine.atif_events import MESSAGES, Conversation, Said, convert
from shepherd_sidecar.engine.branching import check_name
from shepherd_sidecar.engine.prepare import Prepared, Preparer, rfc3339
from shepherd_sidecar.errors import (
    BlobMissing,
    ImportInvalid,
    InvalidParams,
    NameTaken,
    PayloadTooLarge,
)
from shepherd_sidecar.protocol.stores import ImportResult
from shepherd_sidecar.store import branches, heads, objects, reflog
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.canonical import Json

if TYPE_CHECKING:
    from shepherd_sidecar.engine.engine import Engine

MAX_BYTES: Final = 256 * 1024 * 1024
"""Larger files are refused: a trajectory is read whole."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """One conversation, ready to be recorded."""

    name: str
    facts: dict[str, Any]
    root: Prepared
    events: list[Prepared]
    end: Prepared
    began: int | None
    ended: int | None


def import_atif(
    engine: Engine, path: Path, author: str, reward: float | None = None
) -> ImportResult:
    """Make a run of a trajectory, and of each that is embedded in it.

    ``reward`` goes to the end of the run; when it is None, that of a ``task.json`` beside the
    trajectory (or beside its folder) which lists it.

    Raises:
        ImportInvalid: the file is damaged or no ATIF of a known version; ``data.path`` is the
            JSON path, ``data.line`` the line where it is no JSON, ``data.file`` the file.
    """
    notes: list[dict[str, Any]] = []
    try:
        value = _read(path)
        canonical.check(value)
        trajectory = parse(value)
        told = _task(path, notes)
        if reward is not None:
            told["reward"] = reward
        ready = [
            _prepare(engine.preparer, part, name, told if part is trajectory else {}, notes)
            for part, name in _named(trajectory, _name(engine, path, trajectory))
        ]
        return _record(engine, ready, author, notes)
    except ImportInvalid as error:
        error.data.setdefault("file", str(path))
        raise
    except InvalidParams as error:
        where = error.data["errors"][0]["path"]
        raise ImportInvalid(error.message, path=where, file=str(path)) from error
    except BlobMissing as error:
        raise ImportInvalid(error.message, path="$", file=str(path)) from error


def _read(path: Path) -> Json:
    try:
        # A pipe would be waited for: it is opened without waiting, and then refused.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(fd, "rb") as file:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                raise ImportInvalid("not a regular file", path="$")
            if found.st_size > MAX_BYTES:
                raise ImportInvalid(f"{found.st_size} bytes; at most {MAX_BYTES}", path="$")
            data = file.read(MAX_BYTES)
    except OSError as error:
        raise ImportInvalid(f"cannot be read: {error.strerror}", path="$") from error
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ImportInvalid(f"not JSON: {error.msg}", path="$", line=error.lineno) from None


def _task(path: Path, notes: list[dict[str, Any]]) -> dict[str, Json]:
    """What a ``task.json`` says of this trajectory: the task's name and the reward."""
    for folder in (path.parent, path.parent.parent):
        beside = folder / "task.json"
        if not beside.is_file():
            continue
        try:
            task = orjson.loads(beside.read_bytes())
            canonical.check(task)
            listed = task["trajectories"]
            here = path.relative_to(folder).as_posix()
            found = next((one for one in listed if one["file"] == here), None)
        except (OSError, ValueError, KeyError, TypeError, InvalidParams) as error:
            notes.append({"note": f"task.json is of no use: {error}", "count": 1, "first": "$"})
            continue
        if found is not None:
            said = {"task": task.get("task"), "reward": found.get("reward")}
            return {name: value for name, value in said.items() if value is not None}
    return {}


def _name(engine: Engine, path: Path, trajectory: Trajectory) -> str:
    """What people call the run: the file's name, where it can be one."""
    for name in (path.stem, trajectory.session, trajectory.id, trajectory.agent):
        try:
            check_name(name or "", "$", engine.limits)
        except (InvalidParams, NameTaken):
            continue
        return str(name)
    return "atif"


def _named(trajectory: Trajectory, name: str) -> list[tuple[Trajectory, str]]:
    found = [(trajectory, name)]
    for number, part in enumerate(trajectory.embedded, 1):
        found += _named(part, f"{name}-sub{number}")
    return found


def _prepare(
    preparer: Preparer,
    trajectory: Trajectory,
    name: str,
    told: dict[str, Json],
    notes: list[dict[str, Any]],
) -> _Ready:
    conversation = convert(trajectory)
    for what, paths in conversation.notes.items():
        notes.append({"note": what, "count": len(paths), "first": paths[0]})
    events = _events(preparer, conversation)
    ended = {"status": "finished", "payload": {**told, "atif": conversation.end}}
    facts = {
        "agent": conversation.start["agent"],
        "imported": {"format": trajectory.version},
    }
    times = [event.at for event in events if event.at is not None]
    return _Ready(
        name,
        facts,
        preparer.own("run_start", conversation.start),
        events,
        preparer.own("run_end", ended),
        times[0] if times else None,
        times[-1] if times else None,
    )


def _events(preparer: Preparer, conversation: Conversation) -> list[Prepared]:
    """The events, each message of the conversation encoded once.

    A model call names the messages that calls before it brought by their blobs.
    """
    known: list[Json] = []
    events = []
    for said in conversation.events:
        payload = said.payload
        if said.heard is not None:
            fresh = conversation.messages[len(known) : said.heard]
            payload = {**payload, MESSAGES: [*known, *fresh]}
        event = _event(preparer, said, payload)
        if said.heard is not None and event.lists:
            known = [{"$blob": name} for name in event.lists.get(MESSAGES, [])]
        events.append(event)
    return events


def _event(preparer: Preparer, said: Said, payload: dict[str, Json]) -> Prepared:
    try:
        return preparer.event(
            said.kind,
            payload,
            client_id=said.client_id,
            intent_client_id=said.intent,
            usage=said.usage,
            at=rfc3339(said.at) if said.at is not None else None,
            where=said.path,
        )
    except (InvalidParams, PayloadTooLarge) as error:
        raise ImportInvalid(error.message, path=said.path) from error


def _record(
    engine: Engine, ready: list[_Ready], author: str, notes: list[dict[str, Any]]
) -> ImportResult:
    def work(tx: Tx) -> ImportResult:
        made = [_record_one(tx, one, author) for one in ready]
        return ImportResult(
            branches=[branch for branch, _, _ in made],
            commits=sum(commits for _, commits, _ in made),
            objects=sum(added for _, _, added in made),
            notes=notes or None,
        )

    return engine.store.write(work)


def _record_one(tx: Tx, ready: _Ready, author: str) -> tuple[str, int, int]:
    """Record one conversation; returns its branch, and how many commits and blobs are new."""
    began = ready.began if ready.began is not None else tx.now
    run_id = f"run-{secrets.token_hex(6)}"
    run = branches.insert_run(tx.conn, run_id, ready.name, began, None, ready.facts)
    root = record.insert(tx, None, ready.root, None)
    name = branches.free_name(tx.conn, ready.name)
    branch = branches.insert(tx.conn, name, run, root.seq, tx.now)
    head = Head(branches.by_seq(tx.conn, branch), root, reflog.FIRST)
    heads.log(tx, head, root, "import", author, at=began)
    commits, added = int(_is_new(head)), 0
    for event in ready.events:
        added += sum(objects.find(tx.conn, blob.kind, blob.name) is None for blob in _once(event))
        record.append(tx, head, event, author)
        commits += _is_new(head)
    node = record.insert(tx, head.node, ready.end, None)
    heads.log(tx, head, node, "append", author, at=ready.ended)
    commits += _is_new(head)
    heads.set_status(tx, head, "finished", author)
    return name, commits, added


def _once(event: Prepared) -> list[objects.New]:
    return list({blob.name: blob for blob in event.blobs}.values())


def _is_new(head: Head) -> bool:
    """Whether the head's commit was made just now: it was logged first by the newest row."""
    return head.node.logged == head.branch.tip
