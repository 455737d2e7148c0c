"""Import: an exported file becomes objects, commits and branches of this store.

Layer: store. Keeps: everything is checked before anything is kept; ids, chains, times and
authors are those of the file; branches appear all at once or not at all. Objects and commits
come first, in short transactions: until a branch needs them, they are what gc removes. Then one
transaction makes the branches with their reflogs; others wait for it (30 µs a row).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from shepherd_sidecar.errors import ImportInvalid
from shepherd_sidecar.store import (
    archive,
    archive_check,
    branches,
    caring,
    commits,
    connection,
    heads,
    lists,
    numbers,
    objects,
    reflog,
    sweep,
)
from shepherd_sidecar.store.archive import Branch, Commit, Object, Part, Record, Row, Run
from shepherd_sidecar.store.check_commits import CommitCheck
from shepherd_sidecar.store.commits import (
    EFFECT_NUMBER,
    GONE,
    HAS_REFS,
    KIND_NUMBER,
    OWN_TREE,
    PACKED,
    Node,
)
from shepherd_sidecar.store.objects import FILE_FROM, FORGOTTEN, New
from shepherd_sidecar.store.payloads import LISTED
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.events import blob_refs
from shepherd_sidecar.trace.ids import Id

_OBJECTS: Final = 500
_COMMITS: Final = 1000
_BYTES: Final = 8 << 20
_HERE: Final = ("gate", "driver", "place")
"""Facts of a run that hold on the machine where it ran."""


@dataclass(slots=True)
class Taken:
    """What was taken in."""

    branches: dict[str, str] = field(default_factory=dict)
    """Name in the file → name here, of the branches that were asked for."""
    commits: int = 0
    objects: int = 0


def take_in(store: Store, path: Path, author: str) -> Taken:
    """Take in an exported file. ``author``: who does it.

    Raises:
        ImportInvalid: the file is not sound; nothing was kept.
        StoreLocked: somebody else looks after the store just now.
    """
    with caring.alone(store.root):
        known = archive_check.check(path)
        try:
            found = _take_objects(store, path, known)
            made = _take_commits(store, path, known)
        except ImportInvalid:
            sweep.remove_unreached(store)
            raise
        taken = store.write(partial(_take_branches, path, known, author))
        taken.objects, taken.commits = found, made
        return taken


def _take_objects(store: Store, path: Path, known: Id) -> int:
    count, size = 0, 0
    waiting: list[New | Object] = []

    def insert(tx: Tx) -> int:
        return sum(_insert_object(tx.conn, one) for one in waiting)

    for new in _contents(store.root, path, known):
        waiting.append(new)
        size += new.size
        if len(waiting) >= _OBJECTS or size >= _BYTES:
            count += store.write(insert)
            waiting, size = [], 0
    return count + store.write(insert)


def _insert_object(conn: sqlite3.Connection, new: New | Object) -> int:
    """Add an object that is not there; how many were added."""
    name = bytes.fromhex(new.id)
    if objects.find(conn, new.kind, name) is not None and isinstance(new, Object):
        return 0
    before = conn.total_changes
    if isinstance(new, Object):
        conn.execute(
            "INSERT INTO objects(id, kind, codec, size, data) VALUES (?, 0, ?, ?, NULL)",
            (name, FORGOTTEN, new.size),
        )
    else:
        objects.insert(conn, new)
    return conn.total_changes - before


def _contents(root: Path, path: Path, known: Id) -> Iterator[New | Object]:
    """The objects of a file, large ones on the disk already."""
    of: Object | None = None
    left = 0
    pieces: list[bytes] = []
    spool: int | None = None
    try:
        for _, record in archive.read(path, known=known):
            if isinstance(record, Commit | Run):
                break  # objects come first
            if isinstance(record, Object):
                if record.forgotten:
                    yield record
                elif record.data is not None:
                    yield objects.prepare(root, record.kind, archive.content_of(record.data))
                else:
                    of, left, pieces = record, record.parts or 0, []
                    if record.kind == "blob" and record.size >= FILE_FROM:
                        spool = objects.spool(root)
            elif isinstance(record, Part) and of is not None:
                data = archive.content_of(record.data)
                if spool is None:
                    pieces.append(data)
                else:
                    with connection.translated(root):
                        objects.write_all(spool, data)
                left -= 1
                if left:
                    continue
                if spool is None:
                    yield objects.prepare(root, of.kind, b"".join(pieces))
                else:
                    os.lseek(spool, 0, os.SEEK_SET)
                    yield objects.prepare_file(root, spool)
                    os.close(spool)
                of, pieces, spool = None, [], None
    finally:
        if spool is not None:
            os.close(spool)


def _take_commits(store: Store, path: Path, known: Id) -> int:
    """Commits that no branch has yet; how many were new. As with gc, nothing tells of them."""
    count, start = 0, store.write(lambda tx: numbers.last(tx.conn, "commits"))
    waiting: list[Commit] = []

    def insert(tx: Tx) -> int:
        tx.cache.clear()
        strides: commits.Strides = {}
        return sum(_insert_commit(tx, record, strides) for record in waiting)

    for _, record in archive.read(path, known=known):
        if isinstance(record, Commit):
            waiting.append(record)
        if len(waiting) >= _COMMITS or (waiting and isinstance(record, Run)):
            count += store.write(insert)
            waiting = []
        if isinstance(record, Run):
            break  # runs follow the commits
    with store.reading() as conn:
        for problem in CommitCheck(conn, store.root).every(lambda what: None, start):
            detail = f"commit {problem.where}: {problem.detail}"
            raise ImportInvalid(f"{path}: {detail}", path=str(path), commit=problem.where)
    return count


def _insert_commit(tx: Tx, record: Commit, strides: commits.Strides) -> int:
    """Add a commit that is not there; how many were added."""
    conn, name = tx.conn, bytes.fromhex(record.id)
    if commits.find(conn, name) is not None:
        return 0
    parents = [commits.need(conn, parent) for parent in record.parents]
    parent = parents[0] if parents else None
    intent = commits.need(conn, record.intent) if record.intent is not None else None
    tree = None
    if record.tree is not None:
        tree = objects.find(conn, "tree", bytes.fromhex(record.tree))
    flags, listed, external, stored = _stored(tx, record)
    node = commits.insert(
        conn,
        numbers.last(conn, "commits") + 1,
        name,
        parent,
        parents[1].seq if len(parents) == 2 else None,
        KIND_NUMBER[record.kind],
        EFFECT_NUMBER[record.effect],
        flags | (OWN_TREE if tree is not None else 0),
        intent.seq if intent is not None else None,
        tree if tree is not None else (parent.world if parent is not None else None),
        0,
        listed,
        external,
        stored,
        strides,
    )
    if record.forgotten is not None:
        told = record.forgotten
        conn.execute(
            "INSERT INTO forgotten(commit_seq, event, size, at, reason) VALUES (?, ?, ?, ?, ?)",
            (node.seq, bytes.fromhex(told["event"]), told["size"], told["at"], told["reason"]),
        )
    return 1


def _stored(tx: Tx, record: Commit) -> tuple[int, str | None, int | None, bytes | None]:
    """Flags, lists, row of the blob and bytes, as the columns hold a payload."""
    if record.payload is None:
        return GONE, None, None, None
    rest = dict(record.payload)
    column: dict[str, int] = {}
    for member in LISTED if record.kind == "model_call" else ():
        names = _listed(rest.get(member))
        if names is not None:
            rows = [objects.find(tx.conn, "blob", bytes.fromhex(name)) for name in names]
            # The check found every one of them in the file.
            column[member] = lists.extend(tx.conn, [row for row in rows if row is not None])
            del rest[member]
    flags = HAS_REFS if any(True for _ in blob_refs(rest)) else 0
    data = encode(rest)
    listed = orjson.dumps(column).decode() if column else None
    if len(data) >= FILE_FROM:
        new = objects.prepare(tx.root, "blob", data)
        return flags, listed, objects.insert(tx.conn, new), None
    codec, stored = objects.pack(data)
    return flags | (PACKED if codec == objects.ZSTD else 0), listed, None, stored


def _take_branches(path: Path, known: Id, author: str, tx: Tx) -> Taken:
    """Runs, branches and their reflogs: all of them, or an error and none."""
    tx.settle()
    tx.cache.clear()
    taking = _Taking(tx)
    for _, record in archive.read(path, known=known):
        taking.one(record)
    taking.finish()
    told = {"path": str(path), "by": author, "branches": sorted(taking.taken.branches.values())}
    caring.note(tx.conn, tx.now, "import", told)
    tx.cache.clear()
    return taking.taken


class _Taking:
    """One import, in its transaction."""

    def __init__(self, tx: Tx) -> None:
        self.taken = Taken()
        self._tx = tx
        self._conn = tx.conn
        self._runs: dict[str, int] = {}
        self._branches: dict[str, int] = {}
        self._ends: dict[int, tuple[int, int]] = {}

    def one(self, record: Record) -> None:
        """Take in a record; objects and commits are here already."""
        match record:
            case Run():
                self._run(record)
            case Branch():
                self._branch(record)
            case Row():
                self._row(record)
            case _:
                pass

    def finish(self) -> None:
        """Each branch stands where its last row says."""
        for branch, (head, tip) in self._ends.items():
            branches.moved(self._conn, branch, head, tip)

    def _run(self, record: Run) -> None:
        row = self._conn.execute("SELECT seq FROM runs WHERE id = ?", (record.run,)).fetchone()
        if row is not None:
            self._runs[record.run] = row[0]
            return
        facts = {name: fact for name, fact in record.facts.items() if name not in _HERE}
        self._runs[record.run] = branches.insert_run(
            self._conn, record.run, record.name, record.started, record.workspace, facts
        )

    def _branch(self, record: Branch) -> None:
        name = branches.free_name(self._conn, record.branch)
        point = None
        if record.fork_point is not None:
            point = commits.need(self._conn, record.fork_point).seq
        seq = branches.insert(
            self._conn,
            name,
            self._runs[record.run],
            0,
            record.created,
            self._branches.get(record.origin or ""),
            point,
        )
        # What is set aside is kept for its full time from now on.
        changed = self._tx.now if record.status == "discarded" else record.changed
        self._conn.execute(
            "UPDATE branches SET status = ?, changed = ? WHERE seq = ?",
            (record.status, changed, seq),
        )
        self._branches[record.branch] = seq
        if record.asked:
            self.taken.branches[record.branch] = name

    def _row(self, record: Row) -> None:
        branch = self._branches[record.branch]
        head, logged = self._head(record)
        seq = numbers.last(self._conn, "reflog") + 1
        self._conn.execute(
            "INSERT INTO reflog(seq, branch, action, head, at, author, client_id, usage, chain)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                seq,
                branch,
                reflog.ACTIONS.index(record.action),
                head,
                record.at,
                heads.author_seq(self._tx, record.author),
                record.client_id,
                reflog.usage_text(record.usage),
                bytes.fromhex(record.chain),
            ),
        )
        if logged == 0:
            commits.tell(self._conn, head, seq)
        self._ends[branch] = head, seq

    def _head(self, record: Row) -> tuple[int, int | None]:
        """The commit of a row, and the first row that tells of it; of one that is gone a grave."""
        name = bytes.fromhex(record.commit)
        node: Node | None = commits.find(self._conn, name)
        if node is not None:
            return node.seq, node.logged
        grave = self._conn.execute("SELECT seq FROM removed WHERE id = ?", (name,)).fetchone()
        if grave is None:
            grave = self._conn.execute(
                "INSERT INTO removed(seq, id)"
                " SELECT min(coalesce(min(seq), 0), 0) - 1, ? FROM removed RETURNING seq",
                (name,),
            ).fetchone()
        return grave[0], None


def _listed(items: Any) -> list[Id] | None:
    """The blobs of a list that holds nothing else."""
    if not isinstance(items, list) or not items:
        return None
    names = [
        item["$blob"]
        for item in items
        if isinstance(item, dict) and len(item) == 1 and "$blob" in item
    ]
    return names if len(names) == len(items) else None
