"""Repair: what is damaged is set aside, what follows from other rows is put right.

Layer: store. Keeps: nothing damaged is ever given out; nothing is invented; what was set aside
stays in ``damaged/``. Branches that need what is gone are closed as ``failed``, by an entry in
their reflog. Doing it again changes nothing.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

import orjson

from shepherd_sidecar.errors import ShepherdError, UnknownCommit
from shepherd_sidecar.store import caring, commits, heads, objects, payloads, stat
from shepherd_sidecar.store.bits import Bits
from shepherd_sidecar.store.branches import ENDED
from shepherd_sidecar.store.commits import EFFECT_NUMBER, GONE, HAS_REFS, KIND_NUMBER
from shepherd_sidecar.store.findings import Finding, paged
from shepherd_sidecar.store.layout import DAMAGED, write_private
from shepherd_sidecar.store.objects import FILE, FILE_ZSTD
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.verify import Progress, Report, look
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.events import KINDS, blob_refs
from shepherd_sidecar.trace.trees import Dir, Link, parse_tree

AUTHOR: Final = "repair"
_ROUNDS: Final = 4


def repair(store: Store, progress: Progress | None = None) -> tuple[Report, int]:
    """Verify, set aside, and verify again; returns what is gone, and how many were acted on.

    Raises:
        StoreLocked: somebody else looks after the store just now.
    """
    with caring.alone(store.root):
        done, report = 0, look(store, progress)
        for _ in range(_ROUNDS):
            acted = _act(store, report)
            done += acted
            if not acted:
                break
            report = look(store, progress)  # a column put right lets more be seen
        done += _close_branches(store, report)
    return report, done


def _act(store: Store, report: Report) -> int:
    if any(found.what == "database" for found in report.findings):
        store.write(lambda tx: _reindex(tx.conn))
    asides = [found for found in report.findings if found.object or found.commit or found.derived]
    if not asides:
        return 0

    def work(tx: Tx) -> None:
        tx.settle()
        tx.cache.clear()
        for found in asides:
            if found.object is not None:
                _set_object_aside(tx.conn, tx.root, found.object)
            if found.commit is not None:
                _set_commit_aside(tx, found)
            if found.derived is not None:
                table, seq, column, right = found.derived
                tx.conn.execute(f"UPDATE {table} SET {column} = ? WHERE seq = ?", (right, seq))
        stat.forget_sums(tx.conn)
        told = [{"what": f.what, "where": f.where, "detail": f.detail} for f in asides]
        caring.note(tx.conn, tx.now, "repair", {"problems": told})

    store.write(work)
    return len(asides)


def _reindex(conn: sqlite3.Connection) -> None:
    """An index that disagrees with its table is made anew; a damaged table cannot be."""
    try:
        conn.execute("REINDEX")
    except sqlite3.DatabaseError:
        return


def _set_object_aside(conn: sqlite3.Connection, root: Path, seq: int) -> None:
    name, kind, codec, data = conn.execute(
        "SELECT id, kind, codec, data FROM objects WHERE seq = ?", (seq,)
    ).fetchone()
    shown = name.hex() if isinstance(name, bytes) else f"row-{seq}"
    if isinstance(data, bytes):
        _keep(root, f"{shown}.{'tree' if kind == 1 else 'blob'}", data)
    if codec in (FILE, FILE_ZSTD) and isinstance(name, bytes):
        file = objects.file_of(root, name, codec)
        if file.exists():
            _folder(root)
            os.replace(file, root / DAMAGED / file.name)
    conn.execute(
        "UPDATE objects SET kind = ?, codec = ?, data = NULL WHERE seq = ?",
        (kind if kind in (0, 1) else 0, objects.DAMAGED, seq),
    )


def _set_commit_aside(tx: Tx, found: Finding) -> None:
    kind, effect, flags, payload, lists = tx.conn.execute(
        "SELECT kind, effect, flags, payload, lists FROM commits WHERE seq = ?", (found.commit,)
    ).fetchone()
    whole = {"where": found.where, "kind": kind, "effect": effect, "flags": flags, "lists": lists}
    _keep(tx.root, f"commit-{found.commit}.json", orjson.dumps(whole, default=repr))
    if isinstance(payload, bytes):
        _keep(tx.root, f"commit-{found.commit}.payload", payload)
    tx.conn.execute(
        "UPDATE commits SET kind = ?, effect = ?, flags = ?, payload = NULL, external = NULL,"
        " lists = NULL WHERE seq = ?",
        (
            kind if kind in range(len(KINDS)) else KIND_NUMBER["annotation"],
            effect if effect in range(len(EFFECT_NUMBER)) else EFFECT_NUMBER["pure"],
            (flags & commits.OWN_TREE) | GONE,
            found.commit,
        ),
    )
    # No event's id: what it was is not known. A forgotten one's is.
    tx.conn.execute(
        "INSERT OR REPLACE INTO forgotten(commit_seq, event, size, at, reason)"
        " VALUES (?, ?, 0, ?, ?)",
        (found.commit, payloads.UNKNOWN, tx.now, f"damaged: {found.detail}"),
    )


def _close_branches(store: Store, report: Report) -> int:
    """Close the branches that still take events and need what is gone."""
    if report.ok:
        return 0
    with store.reading() as conn:
        sick = _needing(conn, store.root, report)
        own = {found.branch for found in report.findings if found.branch is not None}
        closing = [
            name
            for seq, name, head, status in conn.execute(
                "SELECT seq, name, head, status FROM branches"
            )
            if status not in ENDED and (seq in own or head in sick)
        ]

    def work(tx: Tx) -> None:
        for name in closing:
            try:
                heads.set_status(tx, heads.load(tx, name), "failed", AUTHOR)
            except UnknownCommit:  # its head itself is gone
                tx.conn.execute("UPDATE branches SET status = 'failed' WHERE name = ?", (name,))
        caring.note(tx.conn, tx.now, "repair", {"closed": closing})

    if closing:
        store.write(work)
    return len(closing)


def _needing(conn: sqlite3.Connection, root: Path, report: Report) -> Bits:
    """The commits that cannot be had whole: themselves, or something in their history, is gone."""
    lost = _lost_objects(conn, root, report)
    sick = Bits()
    unknown = "SELECT commit_seq FROM forgotten WHERE event = ?"
    gone = {seq for (seq,) in conn.execute(unknown, (payloads.UNKNOWN,))}
    gone |= {found.needs for found in report.findings if found.needs is not None}
    columns = f"{commits.COLUMNS}, lists, external"
    for row in paged(conn, "commits", columns):
        node, lists, external = commits.Node._make(row[:12]), row[12], row[13]
        if (
            node.seq in gone
            or any(above in sick for above in (node.parent, node.second) if above is not None)
            or (node.flags & commits.OWN_TREE and node.world in lost)
            or external in lost
            or (lost and not node.flags & GONE and _names(conn, root, node, lists, lost))
        ):
            sick.add(node.seq)
    return sick


def _lost_objects(conn: sqlite3.Connection, root: Path, report: Report) -> set[int | str | None]:
    """Rows and ids of objects that are damaged or missing, and of the trees that need them."""
    lost: set[int | str | None] = {
        found.where for found in report.findings if found.what == "missing"
    }
    for seq, name in conn.execute(
        "SELECT seq, id FROM objects WHERE codec = ?", (objects.DAMAGED,)
    ):
        lost |= {seq, bytes(name).hex()}
    found = bool(lost)
    while found:  # once, unless a tree is older than what it names
        found = False
        for seq, name, kind in paged(conn, "objects", "seq, id, kind"):
            if kind == 1 and seq not in lost and _tree_names(conn, root, seq, lost):
                lost |= {seq, bytes(name).hex()}
                found = True
    return lost


def _tree_names(
    conn: sqlite3.Connection, root: Path, seq: int, lost: set[int | str | None]
) -> bool:
    tree = parse_tree(objects.read_seq(conn, root, seq))
    return any(
        (entry.tree if isinstance(entry, Dir) else entry.blob) in lost
        for entry in tree.values()
        if not isinstance(entry, Link)
    )


def _names(
    conn: sqlite3.Connection,
    root: Path,
    node: commits.Node,
    lists: Any,
    lost: set[int | str | None],
) -> bool:
    if lists is None and not node.flags & HAS_REFS:
        return False
    try:
        return any(ref in lost for ref in blob_refs(payloads.read(conn, root, node)))
    except ShepherdError:
        return True


def _keep(root: Path, name: str, data: bytes) -> None:
    _folder(root)
    write_private(root / DAMAGED / name, data)


def _folder(root: Path) -> None:
    (root / DAMAGED).mkdir(mode=0o700, exist_ok=True)
