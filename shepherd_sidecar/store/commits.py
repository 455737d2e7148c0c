"""Commits as rows: inserted, found, and walked in logarithmic time.

Layer: store. A commit is immutable; the same content is one row, whatever branches hold it.

Each row keeps one far ancestor (``jump``), chosen as in a skew-binary skip list, so that any
ancestor is found in O(log depth) steps, at one small integer a commit (Myers, "An applicative
random-access stack", 1983).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

from shepherd_sidecar.errors import UnknownCommit
from shepherd_sidecar.trace.events import EFFECTS, KINDS, Effect, Kind
from shepherd_sidecar.trace.ids import Id, is_id

OWN_TREE: Final = 1  # the commit itself carries the tree in ``world``
HAS_REFS: Final = 2  # the payload refers to blobs
PACKED: Final = 4  # the payload column is compressed
GONE: Final = 8  # the payload was forgotten

KIND_NUMBER: Final[dict[str, int]] = {kind: number for number, kind in enumerate(KINDS)}
EFFECT_NUMBER: Final[dict[str, int]] = {effect: number for number, effect in enumerate(EFFECTS)}


class Node(NamedTuple):
    """A commit without its payload. All but ``id`` are numbers local to this store."""

    seq: int
    id: bytes
    parent: int | None
    second: int | None
    depth: int
    jump: int | None
    kind_number: int
    effect_number: int
    flags: int
    intent: int | None
    world: int | None
    """Row of the tree of the nearest commit at or before this one that has one."""
    logged: int
    """The first row of the reflog that tells of it; 0 when gc removed it and it may go too."""

    @property
    def kind(self) -> Kind:
        """The event's kind."""
        return KINDS[self.kind_number]

    @property
    def effect(self) -> Effect:
        """The event's effect class."""
        return EFFECTS[self.effect_number]

    @property
    def hex(self) -> Id:
        """The id as it stands on the wire."""
        return self.id.hex()


Strides = dict[int, tuple[int, int | None]]
"""Row → its depth and where it jumps to."""
_STRIDES: Final = 4096

COLUMNS: Final = "seq, id, parent, second, depth, jump, kind, effect, flags, intent, world, logged"
_BY_SEQ: Final = f"SELECT {COLUMNS} FROM commits WHERE seq = ?"
_BY_ID: Final = f"SELECT {COLUMNS} FROM commits WHERE substr(id, 1, 8) = ? AND id = ?"


def get(conn: sqlite3.Connection, seq: int) -> Node:
    """The commit of a row number.

    Raises:
        UnknownCommit: it is gone: gc removed it since the number was read.
    """
    node = at(conn, seq)
    if node is None:
        raise UnknownCommit(f"commit row {seq} is gone")
    return node


def at(conn: sqlite3.Connection, seq: int) -> Node | None:
    """The commit of a row number; None when gc removed it."""
    row = conn.execute(_BY_SEQ, (seq,)).fetchone()
    return Node._make(row) if row else None


def find(conn: sqlite3.Connection, name: bytes) -> Node | None:
    """The commit of an id, or None."""
    row = conn.execute(_BY_ID, (name[:8], name)).fetchone()
    return Node._make(row) if row else None


def need(conn: sqlite3.Connection, commit: Id) -> Node:
    """The commit of an id.

    Raises:
        UnknownCommit: there is none.
    """
    node = find(conn, bytes.fromhex(commit)) if is_id(commit) else None
    if node is None:
        raise UnknownCommit(f"no commit {commit}", commit=commit)
    return node


def jump_for(conn: sqlite3.Connection, parent: Node | None, known: Strides) -> int | None:
    """Where a child of ``parent`` jumps to. ``known`` remembers what was looked up."""
    if parent is None:
        return None
    if parent.jump is None:
        return parent.seq
    if len(known) > _STRIDES:
        known.clear()
    near = _stride(conn, parent.jump, known)
    far = _stride(conn, near[1], known) if near[1] is not None else None
    if far is not None and parent.depth - near[0] == near[0] - far[0]:
        return near[1]
    return parent.seq


def at_depth(conn: sqlite3.Connection, node: Node, depth: int) -> Node:
    """The commit of this depth (at most the node's own) on the log of ``node``."""
    while node.depth > depth:
        far = get(conn, node.jump) if node.jump is not None else None
        if far is None or far.depth < depth:
            far = get(conn, _above(node))
        node = far
    return node


def on_log(conn: sqlite3.Connection, ancestor: Node, head: Node) -> bool:
    """Whether ``ancestor`` is on the first-parent path from the root to ``head``."""
    return ancestor.depth <= head.depth and at_depth(conn, head, ancestor.depth).seq == ancestor.seq


def fork_point(conn: sqlite3.Connection, left: Node, right: Node) -> Node | None:
    """The deepest commit that both logs hold."""
    low = min(left.depth, right.depth)
    left, right = at_depth(conn, left, low), at_depth(conn, right, low)
    while left.seq != right.seq:
        if left.parent is None or right.parent is None:
            return None
        # Equal depths have equal jump lengths: jump together while that keeps them apart.
        if left.jump is not None and right.jump is not None and left.jump != right.jump:
            left, right = get(conn, left.jump), get(conn, right.jump)
        else:
            left, right = get(conn, _above(left)), get(conn, _above(right))
    return left


def walk(conn: sqlite3.Connection, head: int, limit: int) -> list[Node]:
    """Up to ``limit`` commits of the log that ends at ``head``, newest first."""
    rows = conn.execute(
        "WITH RECURSIVE path(at, n) AS ("
        " SELECT ?, 1 UNION ALL"
        " SELECT c.parent, n + 1 FROM path JOIN commits c ON c.seq = path.at"
        " WHERE n < ? AND c.parent IS NOT NULL)"
        f" SELECT {COLUMNS} FROM path JOIN commits ON seq = path.at",
        (head, limit),
    )
    return list(map(Node._make, rows))


def newest_first(conn: sqlite3.Connection) -> Iterator[Node]:
    """Every commit of the store, in the reverse order of recording."""
    return map(Node._make, conn.execute(f"SELECT {COLUMNS} FROM commits ORDER BY seq DESC"))


def naming(conn: sqlite3.Connection, intent: int) -> list[Node]:
    """The commits that name this intent: outcomes and interventions, oldest first."""
    rows = conn.execute(f"SELECT {COLUMNS} FROM commits WHERE intent = ? ORDER BY seq", (intent,))
    return list(map(Node._make, rows))


def tell(conn: sqlite3.Connection, seq: int, row: int) -> None:
    """From now on this row of the reflog is the first that tells of a commit."""
    conn.execute("UPDATE commits SET logged = ? WHERE seq = ?", (row, seq))


def insert(
    conn: sqlite3.Connection,
    seq: int,
    name: bytes,
    parent: Node | None,
    second: int | None,
    kind: int,
    effect: int,
    flags: int,
    intent: int | None,
    world: int | None,
    logged: int,
    lists: str | None,
    external: int | None,
    payload: bytes | None,
    known: Strides,
) -> Node:
    """Add a commit that is not there yet, as row ``seq`` (the one after ``numbers.last``)."""
    depth = parent.depth + 1 if parent is not None else 0
    jump = jump_for(conn, parent, known)
    above = parent.seq if parent is not None else None
    conn.execute(
        "INSERT INTO commits(seq, id, parent, second, depth, jump, kind, effect, flags, intent,"
        " world, logged, lists, external, payload) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            seq,
            name,
            above,
            second,
            depth,
            jump,
            kind,
            effect,
            flags,
            intent,
            world,
            logged,
            lists,
            external,
            payload,
        ),
    )
    known[seq] = depth, jump
    return Node(
        seq,
        name,
        above,
        second,
        depth,
        jump,
        kind,
        effect,
        flags,
        intent,
        world,
        logged,
    )


def _above(node: Node) -> int:
    assert node.parent is not None, "a commit below another has a parent"
    return node.parent


def _stride(conn: sqlite3.Connection, seq: int, known: Strides) -> tuple[int, int | None]:
    found = known.get(seq)
    if found is None:
        row = conn.execute("SELECT depth, jump FROM commits WHERE seq = ?", (seq,)).fetchone()
        found = known[seq] = (row[0], row[1])
    return found
