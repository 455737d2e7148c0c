"""Export: branches and all that they need, to one file.

Layer: store. Keeps: the same branches give the same bytes; what is damaged is not exported;
a file appears under its name only when it is whole.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import zstandard

from shepherd_sidecar.errors import InvalidParams, StoreCorrupt
from shepherd_sidecar.store import branches, caring, commits, objects, payloads, reflog
from shepherd_sidecar.store.archive import (
    FORMAT,
    PART,
    VERSION,
    Branch,
    Commit,
    Header,
    Object,
    Part,
    Row,
    Run,
    Writer,
    text_of,
)
from shepherd_sidecar.store.check_reflog import commit_of
from shepherd_sidecar.store.commits import COLUMNS, GONE, OWN_TREE, Node
from shepherd_sidecar.store.findings import paged
from shepherd_sidecar.store.objects import FILE, FILE_ZSTD, FORGOTTEN
from shepherd_sidecar.store.reach import Reach
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.verify import Progress
from shepherd_sidecar.trace.ids import hasher


@dataclass(slots=True)
class _Choice:
    """What goes into the file."""

    reach: Reach
    last: dict[int, int]
    """Branch row → the last of its reflog rows that goes along."""
    asked: frozenset[int]
    names: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    commits: int
    objects: int
    bytes: int


def export(
    store: Store, path: Path, names: Sequence[str] | None, progress: Progress | None = None
) -> Written:
    """Write branches (all when ``names`` is None) to a new file.

    Raises:
        UnknownBranch: there is no such branch.
        InvalidParams: the file exists, or cannot be written.
        StoreCorrupt: something that belongs into it is damaged.
        StoreLocked: somebody else looks after the store just now.
    """
    if not path.is_absolute():
        raise InvalidParams.at("$.path", "an absolute path")
    if path.exists():
        raise InvalidParams.at("$.path", "the file exists")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with caring.alone(store.root), _created(part, path) as out, store.reading() as conn:
            try:
                return _write(conn, store.root, names, out, progress)
            except OSError as error:  # the file's, not the store's
                raise _unwritable(error) from error
    except OSError as error:
        raise _unwritable(error) from error


def _unwritable(error: OSError) -> InvalidParams:
    return InvalidParams.at("$.path", f"cannot be written: {error.strerror}")


@contextlib.contextmanager
def _created(part: Path, path: Path) -> Iterator[Any]:
    """A file that gets its name when the block ends well, and vanishes otherwise."""
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(fd, "wb") as out:
            yield out
            out.flush()
            os.fsync(fd)
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _write(
    conn: sqlite3.Connection,
    root: Path,
    names: Sequence[str] | None,
    out: Any,
    progress: Progress | None,
) -> Written:
    choice = _choose(conn, root, names)
    writer = Writer(out)
    writer.put(Header(format=FORMAT, version=VERSION, object_version=1))
    for seq, name, kind, codec, size in paged(conn, "objects", "seq, id, kind, codec, size"):
        if seq in choice.reach.objects:
            _put_object(conn, root, writer, (seq, name, kind, codec, size))
            _tell(progress, "objects", writer.counts["object"])
    for row in paged(conn, "commits", COLUMNS):
        node = Node._make(row)
        if node.seq in choice.reach.commits:
            writer.put(_commit(conn, root, node))
            _tell(progress, "commits", writer.counts["commit"])
    _put_branches(conn, writer, choice)
    for row in paged(conn, "reflog", reflog.COLUMNS):
        told = reflog.Row._make(row)
        if told.seq <= choice.last.get(told.branch, 0):
            writer.put(_row(conn, choice, told))
    writer.end()
    counts = writer.counts
    return Written(counts.get("commit", 0), counts.get("object", 0), out.tell())


def _choose(conn: sqlite3.Connection, root: Path, names: Sequence[str] | None) -> _Choice:
    """What the branches need, and which part of which reflog first tells of it."""
    rows = [
        branches.by_seq(conn, seq) for (seq,) in conn.execute("SELECT seq FROM branches").fetchall()
    ]
    if names is not None:
        rows = [branches.need(conn, name) for name in dict.fromkeys(names)]
    reach = Reach(root, externals=False)
    for branch in rows:
        reach.commit(conn, branch.head)
        if branch.fork_point is not None:
            reach.commit(conn, branch.fork_point)
    last = {branch.seq: branch.tip for branch in rows}
    asked = frozenset(last)
    for seq, branch_seq in paged(conn, "reflog", "seq, branch"):
        if branch_seq not in asked and seq in reach.logged:
            last |= {branch_seq: seq}
    return _Choice(reach, last, asked, dict(conn.execute("SELECT seq, name FROM branches")))


def _put_object(
    conn: sqlite3.Connection, root: Path, writer: Writer, row: tuple[int, bytes, int, int, int]
) -> None:
    seq, name, number, codec, size = row
    kind, shown = objects.kind_name(number), name.hex()
    if codec == FORGOTTEN:
        writer.put(Object(id=shown, kind=kind, size=size, forgotten=True))
        return
    if codec not in (FILE, FILE_ZSTD):
        content = objects.read_seq(conn, root, seq)
        writer.put(Object(id=shown, kind=kind, size=size, data=text_of(content)))
        return
    parts = (size + PART - 1) // PART
    writer.put(Object(id=shown, kind=kind, size=size, parts=parts))
    summer, count = hasher(kind), 0
    file = objects.file_of(root, name, codec)
    for piece in _pieces(file, codec) if file.is_file() else ():
        summer.update(piece)
        count += 1
        writer.put(Part(data=text_of(piece)))
    if count != parts or summer.digest() != name:
        problem = {"what": "file", "where": shown, "detail": "does not hash to its name"}
        raise StoreCorrupt(f"{kind} {shown} is damaged", problems=[problem])


def _pieces(file: Path, codec: int) -> Iterator[bytes]:
    with file.open("rb") as stored:
        packed = codec == FILE_ZSTD
        source = zstandard.ZstdDecompressor().stream_reader(stored) if packed else stored
        while piece := _exactly(source, PART):
            yield piece


def _exactly(source: Any, size: int) -> bytes:
    """So many bytes, fewer only at the end."""
    parts: list[bytes] = []
    while size and (piece := source.read(size)):
        parts.append(piece)
        size -= len(piece)
    return b"".join(parts)


def _commit(conn: sqlite3.Connection, root: Path, node: Node) -> Commit:
    payload: dict[str, Any] | None = None
    forgotten: dict[str, Any] | None = None
    if node.flags & GONE:
        event, size, at, reason = conn.execute(
            "SELECT event, size, at, reason FROM forgotten WHERE commit_seq = ?", (node.seq,)
        ).fetchone()
        if event == payloads.UNKNOWN:
            problem = {"what": "missing", "where": node.hex, "detail": reason or "damaged"}
            raise StoreCorrupt(f"commit {node.hex} is damaged", problems=[problem])
        forgotten = {"event": bytes(event).hex(), "size": size, "at": at, "reason": reason}
    else:
        payload = payloads.read(conn, root, node)
    own = node.flags & OWN_TREE and node.world is not None
    return Commit(
        id=node.hex,
        parents=[
            commits.get(conn, seq).hex for seq in (node.parent, node.second) if seq is not None
        ],
        kind=node.kind,
        effect=node.effect,
        intent=commits.get(conn, node.intent).hex if node.intent is not None else None,
        tree=objects.id_of(conn, node.world) if own and node.world is not None else None,
        payload=payload,
        forgotten=forgotten,
    )


def _put_branches(conn: sqlite3.Connection, writer: Writer, choice: _Choice) -> None:
    chosen = [branches.by_seq(conn, seq) for seq in sorted(choice.last)]
    for seq in sorted({branch.run for branch in chosen}):
        run = branches.run_by_seq(conn, seq)
        writer.put(
            Run(
                run=run.id,
                name=run.name,
                started=run.started,
                workspace=run.workspace,
                facts=run.facts,
            )
        )
    for branch in chosen:
        asked = branch.seq in choice.asked
        origin = choice.names.get(branch.origin) if branch.origin in choice.last else None
        point = branch.fork_point
        if point is not None and point not in choice.reach.commits:
            point = None
        writer.put(
            Branch(
                branch=branch.name,
                run=branches.run_by_seq(conn, branch.run).id,
                status=branch.status if asked else "discarded",
                created=branch.created,
                changed=branch.changed if asked else None,
                origin=origin,
                fork_point=commits.get(conn, point).hex if point is not None else None,
                asked=asked,
            )
        )


def _row(conn: sqlite3.Connection, choice: _Choice, row: reflog.Row) -> Row:
    commit, _ = commit_of(conn, row.head)
    author = conn.execute("SELECT name FROM authors WHERE seq = ?", (row.author,)).fetchone()
    if commit is None or author is None:
        problem = {"what": "chain", "where": f"row {row.seq}", "detail": "names what is gone"}
        raise StoreCorrupt(f"reflog row {row.seq} is damaged", problems=[problem])
    return Row(
        branch=choice.names[row.branch],
        action=reflog.ACTIONS[row.action],
        commit=commit.hex(),
        at=row.at,
        author=author[0],
        client_id=row.client_id,
        usage=orjson.loads(row.usage) if row.usage is not None else None,
        chain=row.chain.hex(),
        gone=row.head < 0 or row.head not in choice.reach.commits,
    )


def _tell(progress: Progress | None, what: str, count: int) -> None:
    if progress is not None and count % 1000 == 0:
        progress(what, count)
