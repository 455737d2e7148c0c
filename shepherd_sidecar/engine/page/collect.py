"""What goes into the page of a run: its branches, events, payloads, and small files as they were.

Layer: engine. Keeps: the page grows with the run and not with its square (a blob that a hundred
payloads name is in it once), secrets are taken out of files and names too, and what is left out
says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from shepherd_sidecar.engine.batch import Batch
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import asked, entry
from shepherd_sidecar.engine.prepare import rfc3339
from shepherd_sidecar.engine.summary import summary, usage
from shepherd_sidecar.engine.text import size
from shepherd_sidecar.engine.who import who
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import InvalidParams, ShepherdError
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.branches import Run
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.events import blob_refs
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_text import is_text
from shepherd_sidecar.trace.tree_diff import tree_diff
from shepherd_sidecar.trace.trees import EMPTY_TREE, File
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.paths import printable

EVENTS: Final = 100_000
"""A run of more is not one page."""
CHUNK: Final = 250
"""Payloads that a page reads together."""
PART: Final = 64 * 1024
"""Bytes of one payload, blob or file; larger ones are left out."""
WHOLE: Final = 48 * 1024 * 1024
"""Bytes of all of them together."""
PATHS: Final = 5_000
"""Paths of one change of the workspace."""

Progress = Callable[[str, int], None]
"""Told what is counted, and how many there are."""


@dataclass
class Collected:
    """The parts of a page; all of it plain JSON."""

    run: dict[str, Any]
    branches: list[dict[str, Any]]
    """``{name, status, from, at, events}``: after ``at`` events of branch ``from``, its own."""
    events: list[list[Any]]
    """``[commit, kind, effect, at, who, said, cost, intent]`` each, in the order of recording."""
    payloads: list[Any]
    """Of each event; a text says why there is none."""
    files: dict[int, dict[str, int | None]] = field(default_factory=dict)
    """By event: where each changed path's content is; None: gone, -1: not in the page."""
    contents: list[str] = field(default_factory=list)
    blobs: dict[Id, int] = field(default_factory=dict)
    """Where the content of a blob that payloads name is."""
    left_out: int = 0
    """Contents that were too large, or no text."""


def collect(engine: Engine, run: Run, say: Progress = lambda _what, _count: None) -> Collected:
    """Read a run. Blocks.

    Raises:
        InvalidParams: it has too many events.
    """
    with engine.store.reading() as conn:
        return _Collector(engine, conn, run, say).made()


class _Collector:
    def __init__(self, engine: Engine, conn: sqlite3.Connection, run: Run, say: Progress) -> None:
        self._engine = engine
        self._conn = conn
        self._run = run
        self._say = say
        self._room = WHOLE
        self._at: dict[int, int] = {}
        """Row of a commit → its place in the page."""
        self._of_blob: dict[Id, int] = {}
        self._content = Batch(conn, engine.store.root)
        self._trees = tree_reader(self._content)
        self._page = Collected(self._about(), [], [], [])

    def made(self) -> Collected:
        """The page's parts."""
        own = branches.of_run(self._conn, self._run.seq)
        nodes: dict[int, Node] = {}
        paths = []
        for branch in own:
            head = commits.get(self._conn, branch.head)
            if max(head.depth, len(nodes)) >= EVENTS:
                raise InvalidParams(f"run {self._run.id} has more than {EVENTS} events")
            path = commits.walk(self._conn, branch.head, EVENTS)[::-1]
            nodes.update((node.seq, node) for node in path)
            paths.append((branch, path))
        for node in sorted(nodes.values(), key=lambda node: node.seq):
            self._event(node)
            if len(self._page.events) % 1000 == 0:
                self._say("events", len(self._page.events))
        for branch, path in paths:
            told = {"name": self._clean(branch.name), "status": branch.status}
            self._page.branches.append({**told, **self._path([self._at[n.seq] for n in path])})
        return self._page

    def _about(self) -> dict[str, Any]:
        agent = self._run.facts.get("agent")
        folder = PurePath(self._run.workspace).name if self._run.workspace else None
        return {
            "run": self._run.id,
            "name": self._clean(self._run.name),
            "agent": self._engine.preparer.clean(agent) if isinstance(agent, dict) else None,
            "started": rfc3339(self._run.started),
            # The name alone: where it stands on this machine is nobody's business.
            "workspace": self._clean(folder) if folder else None,
        }

    def _path(self, path: list[int]) -> dict[str, Any]:
        """A branch's events: what it shares with one before it, and its own."""
        best, shared = None, 0
        for index, other in enumerate(self._page.branches):
            whole = self._whole(other)
            same = next(
                (at for at, (a, b) in enumerate(zip(path, whole, strict=False)) if a != b),
                min(len(path), len(whole)),
            )
            if same > shared:
                best, shared = index, same
        return {"from": best, "at": shared, "events": path[shared:]}

    def _whole(self, branch: dict[str, Any]) -> list[int]:
        if branch["from"] is None:
            return list(branch["events"])
        origin = self._whole(self._page.branches[branch["from"]])
        return [*origin[: branch["at"]], *branch["events"]]

    def _event(self, node: Node) -> None:
        page = self._page
        at = self._at[node.seq] = len(page.events)
        said = entry(self._conn, self._engine.store.root, node)
        intent = self._at.get(node.intent) if node.intent is not None else None
        page.events.append(
            [
                said.commit,
                said.kind,
                said.effect,
                said.at,
                self._clean(who(self._conn, self._engine.store.root, node).name),
                self._clean(summary(said, asked(self._conn, self._engine.store.root, node))),
                usage(said.usage),
                intent,
            ]
        )
        page.payloads.append(self._payload(said))
        parent = commits.get(self._conn, node.parent) if node.parent is not None else None
        if parent is None or parent.world != node.world:
            self._changed(at, parent, node)

    def _payload(self, said: Entry) -> Any:
        if said.forgotten:
            return "The payload was forgotten."
        payload = self._engine.preparer.clean(said.payload)
        weight = len(repr(payload))
        if weight > PART or weight > self._room:
            self._page.left_out += 1
            return f"The payload is not in this page: {size(weight)}."
        self._room -= weight
        for blob in blob_refs(payload):
            self._blob(blob)
        return payload

    def _blob(self, blob: Id) -> None:
        if blob not in self._page.blobs:
            self._page.blobs[blob] = -1
            self._page.blobs[blob] = self._keep(blob)

    def _keep(self, blob: Id) -> int:
        """Where the content of a blob is in the page; -1 when it is not."""
        if blob in self._of_blob:
            return self._of_blob[blob]
        try:
            data = self._content.read("blob", blob)
        except ShepherdError:
            data = b"\0"
        place = -1
        if len(data) <= min(PART, self._room) and is_text(data):
            place = len(self._page.contents)
            self._page.contents.append(self._engine.preparer.text(data).decode("utf-8", "replace"))
            self._room -= len(data)
        else:
            self._page.left_out += 1
        self._of_blob[blob] = place
        return place

    def _changed(self, at: int, parent: Node | None, node: Node) -> None:
        before = world_tree(self._conn, parent) if parent is not None else EMPTY_TREE
        changes = tree_diff(self._read, before, world_tree(self._conn, node))
        found: dict[str, int | None] = {}
        for change in changes[:PATHS]:
            path = self._clean(printable(change.path))
            if isinstance(change.after, File):
                small = change.after.size <= PART
                found[path] = self._keep(change.after.blob) if small else -1
            elif change.after is None and isinstance(change.before, File):
                found[path] = None
        self._page.left_out += max(len(changes) - PATHS, 0)
        if found:
            self._page.files[at] = found

    def _read(self, tree: Id) -> Any:
        return self._trees(tree) if tree != EMPTY_TREE else {}

    def _clean(self, text: str) -> str:
        return self._engine.preparer.text(text.encode()).decode()


def chunks(payloads: list[Any]) -> Iterator[list[Any]]:
    """Payloads as the page reads them, some together."""
    for start in range(0, len(payloads), CHUNK):
        yield payloads[start : start + CHUNK]
