"""Checking an exported file before anything of it is kept.

Layer: store. Reads only. Keeps: memory does not grow with the file (what was seen is noted in a
temporary database); every id and chain is recomputed; whatever is named is in the file.
Whether the commits keep the rules of a well-formed store is checked where they are taken in.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from shepherd_sidecar.store import archive, reflog
from shepherd_sidecar.store.archive import (
    Branch,
    Commit,
    End,
    Header,
    Object,
    Part,
    Record,
    Row,
    Run,
    invalid,
)
from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.commits import commit_bytes
from shepherd_sidecar.trace.events import INTENT_OF, blob_refs, frame, is_intent
from shepherd_sidecar.trace.ids import Id, digest, hasher, is_id
from shepherd_sidecar.trace.trees import BadTree, Dir, Link, parse_tree

_NAME_BYTES = 200
_ORDER = ("header", "object", "part", "commit", "run", "branch", "row", "end")


@dataclass(slots=True)
class _Content:
    """An object whose content comes in parts."""

    of: Object
    left: int
    summer: Any
    size: int = 0
    pieces: list[bytes] | None = None
    """Of a tree, which is looked into."""


@dataclass(slots=True)
class _Ends:
    chain: bytes = reflog.FIRST
    commit: Id = ""
    gone: bool = False
    fork_point: Id | None = None
    line: int = 0


def check(path: Path) -> Id:
    """Read a file to its end; returns the ``blake3`` of its last line.

    Raises:
        ImportInvalid: the file cannot be taken in; names the line.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as seen:
        seen.execute("PRAGMA journal_mode = OFF")
        seen.execute("BEGIN")
        return _Check(path, seen).run()


@dataclass(slots=True)
class _Check:
    path: Path
    seen: sqlite3.Connection
    line: int = 0
    stage: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    content: _Content | None = None
    runs: set[str] = field(default_factory=set)
    ends: dict[str, _Ends] = field(default_factory=dict)

    def run(self) -> Id:
        for statement in (
            "CREATE TABLE object(kind TEXT, id TEXT, PRIMARY KEY(kind, id)) WITHOUT ROWID",
            "CREATE TABLE needed(kind TEXT, id TEXT, line INT, PRIMARY KEY(kind, id))"
            " WITHOUT ROWID",
            "CREATE TABLE made(id TEXT PRIMARY KEY, kind TEXT, line INT, told INT) WITHOUT ROWID",
            "CREATE TABLE client(branch TEXT, id TEXT, PRIMARY KEY(branch, id)) WITHOUT ROWID",
        ):
            self.seen.execute(statement)
        last = ""
        for line, record in archive.read(self.path):
            self.line = line
            self._one(record)
            if isinstance(record, End):
                last = record.blake3
        return last

    def _one(self, record: Record) -> None:
        name = type(record).__name__.lower()
        stage = _ORDER.index("object" if name == "part" else name)
        if stage < self.stage:
            self._refuse(f"a record {name} stands before the {_ORDER[self.stage]} records")
        self.stage = stage
        if isinstance(record, Part) != (self.content is not None):
            self._refuse("parts follow their object, all of them")
        match record:
            case Header():
                if self.line > 1:
                    self._refuse("a second header")
            case Object():
                self._object(record)
            case Part():
                self._part(record)
            case Commit():
                self._commit(record)
            case Run():
                self._run(record)
            case Branch():
                self._branch(record)
            case Row():
                self._row(record)
            case End():
                self._end(record)
        self.counts[name] = self.counts.get(name, 0) + 1

    def _object(self, record: Object) -> None:
        self._ids(record.id)
        forms = [record.data is not None, record.parts is not None, record.forgotten]
        if sum(forms) != 1 or record.size < 0 or (record.forgotten and record.kind == "tree"):
            self._refuse("an object has data, or parts, or is a forgotten blob")
        if not self._add("INSERT INTO object VALUES (?, ?)", record.kind, record.id):
            self._refuse(f"{record.kind} {record.id} comes twice")
        if record.forgotten:
            return
        pieces: list[bytes] | None = [] if record.kind == "tree" else None
        made = _Content(record, record.parts or 0, hasher(record.kind), 0, pieces)
        if record.data is not None:
            self._take(made, record.data)
            self._whole(made)
        elif made.left < 1:
            self._refuse("an object in parts has at least one")
        else:
            self.content = made

    def _part(self, record: Part) -> None:
        assert self.content is not None
        self._take(self.content, record.data)
        self.content.left -= 1
        if not self.content.left:
            made, self.content = self.content, None
            self._whole(made)

    def _take(self, made: _Content, text: str) -> None:
        try:
            data = archive.content_of(text)
        except ValueError:
            self._refuse("data is not base64")
        made.summer.update(data)
        made.size += len(data)
        if made.pieces is not None:
            made.pieces.append(data)

    def _whole(self, made: _Content) -> None:
        record = made.of
        if made.size != record.size or made.summer.hexdigest() != record.id:
            self._refuse(f"{record.kind} {record.id}: the content does not hash to the id")
        if made.pieces is None:
            return
        try:
            tree = parse_tree(b"".join(made.pieces))
        except BadTree as error:
            self._refuse(f"tree {record.id}: {error}")
        for entry in tree.values():
            if isinstance(entry, Dir):
                self._need("tree", entry.tree)
            elif not isinstance(entry, Link):
                self._need("blob", entry.blob)

    def _commit(self, record: Commit) -> None:
        above = [*record.parents, *([record.intent] if record.intent else [])]
        self._ids(record.id, *above, *([record.tree] if record.tree else []))
        if len(record.parents) > 2:
            self._refuse("a commit has at most two parents")
        kinds = [self._made(name) for name in above]
        if record.intent is not None and not (
            is_intent(kinds[-1]) or record.kind == "intervention"
        ):
            self._refuse(f"{record.intent} is no intent")
        if record.kind in INTENT_OF and record.intent is None:
            self._refuse(f"a {record.kind} names its intent")
        if (record.payload is None) == (record.forgotten is None):
            self._refuse("a commit has its payload, or says that it was forgotten")
        event = self._event(record)
        name = digest("commit", commit_bytes(record.parents, event.hex(), record.tree)).hex()
        if name != record.id:
            self._refuse(f"commit {record.id}: its content hashes to {name}")
        if record.tree is not None:
            self._need("tree", record.tree)
        if not self._add("INSERT INTO made VALUES (?, ?, ?, 0)", name, record.kind, self.line):
            self._refuse(f"commit {name} comes twice")

    def _event(self, record: Commit) -> bytes:
        if record.payload is not None:
            for ref in blob_refs(record.payload):
                self._need("blob", ref)
            payload = encode(record.payload)
            return digest("event", frame(record.kind, record.effect, record.intent, payload))
        told = record.forgotten or {}
        shapes = {"event": str, "size": int, "at": int, "reason": str | None}
        if set(told) != set(shapes) or not all(
            isinstance(told[name], shape) for name, shape in shapes.items()
        ):
            self._refuse("forgotten tells event, size, at and reason")
        self._ids(told["event"])
        return bytes.fromhex(told["event"])

    def _run(self, record: Run) -> None:
        if record.run in self.runs or not record.run or not record.run.isprintable():
            self._refuse(f"run {record.run!r} comes twice, or has no name")
        self.runs.add(record.run)

    def _branch(self, record: Branch) -> None:
        name = record.branch
        if not name or len(name.encode()) > _NAME_BYTES or not name.isprintable() or is_id(name):
            self._refuse("not a name of a branch")
        if name in self.ends:
            self._refuse(f"branch {name!r} comes twice")
        if record.run not in self.runs:
            self._refuse(f"run {record.run!r} is not in the file")
        if record.fork_point is not None:
            self._ids(record.fork_point)
            self._made(record.fork_point)
        self.ends[name] = _Ends(fork_point=record.fork_point, line=self.line)

    def _row(self, record: Row) -> None:
        self._ids(record.commit, record.chain)
        end = self.ends.get(record.branch)
        if end is None:
            self._refuse(f"branch {record.branch!r} is not in the file")
        if not record.gone:
            self._made(record.commit)
            self.seen.execute("UPDATE made SET told = 1 WHERE id = ?", (record.commit,))
        if record.client_id is not None and not self._add(
            "INSERT INTO client VALUES (?, ?)", record.branch, record.client_id
        ):
            self._refuse(f"client id {record.client_id!r} comes twice on {record.branch!r}")
        chain = reflog.link(
            end.chain,
            record.action,
            bytes.fromhex(record.commit),
            record.at,
            record.author,
            record.client_id,
            reflog.usage_text(record.usage),
        )
        if chain.hex() != record.chain:
            self._refuse(f"the chain of {record.branch!r} does not hold")
        end.chain, end.commit, end.gone, end.line = chain, record.commit, record.gone, self.line

    def _end(self, record: End) -> None:
        if record.counts != self.counts:
            self._refuse(f"counts {record.counts}; the file has {self.counts}")
        for name, end in self.ends.items():
            if not end.commit or end.gone:
                raise invalid(self.path, end.line, f"branch {name!r} stands at no commit")
        for line, kind, name in self.seen.execute(
            "SELECT n.line, n.kind, n.id FROM needed n LEFT JOIN object o USING (kind, id)"
            " WHERE o.id IS NULL ORDER BY n.line LIMIT 1"
        ):
            raise invalid(self.path, line, f"{kind} {name} is not in the file")
        for line, name in self.seen.execute(
            "SELECT line, id FROM made WHERE NOT told ORDER BY line LIMIT 1"
        ):
            raise invalid(self.path, line, f"no row of a reflog tells of commit {name}")

    def _made(self, commit: Id) -> str:
        """The kind of a commit that came before."""
        row = self.seen.execute("SELECT kind FROM made WHERE id = ?", (commit,)).fetchone()
        if row is None:
            self._refuse(f"commit {commit} does not come before")
        return str(row[0])

    def _need(self, kind: str, name: Id) -> None:
        self.seen.execute("INSERT OR IGNORE INTO needed VALUES (?, ?, ?)", (kind, name, self.line))

    def _add(self, statement: str, *values: Any) -> bool:
        try:
            self.seen.execute(statement, values)
        except sqlite3.IntegrityError:
            return False
        return True

    def _ids(self, *names: object) -> None:
        for name in names:
            if not is_id(name):
                self._refuse(f"{name!r} is no id")

    def _refuse(self, why: str) -> NoReturn:
        raise invalid(self.path, self.line, why)
