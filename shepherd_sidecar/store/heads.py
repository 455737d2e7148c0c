"""Where a branch stands, as the writer needs it: loaded once, then carried along.

Layer: store. A ``Head`` is a mutable view of one branch inside write transactions; it lives
in the transaction's cache and is dropped whenever another process may have moved the branch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from shepherd_sidecar.errors import BranchClosed, UnknownBranch
from shepherd_sidecar.store import branches, commits, numbers, reflog
from shepherd_sidecar.store.branches import ENDED, Branch, Status
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.reflog import Action
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id


@dataclass(slots=True)
class Head:
    """One branch, its head commit and the end of its reflog chain."""

    branch: Branch
    node: Node
    chain: bytes

    @property
    def id(self) -> Id:
        """The head's commit id."""
        return self.node.hex


_AUTHORS: Final = "authors"


def load(tx: Tx, name: str) -> Head:
    """The branch of this name.

    Raises:
        UnknownBranch: there is none.
    """
    found: Head | None = tx.cache.get(("head", name))
    if found is None:
        branch = branches.by_name(tx.conn, name)
        if branch is None:
            raise UnknownBranch(f"no branch {name!r}", branch=name)
        row = tx.conn.execute("SELECT chain FROM reflog WHERE seq = ?", (branch.tip,)).fetchone()
        found = Head(branch, commits.get(tx.conn, branch.head), bytes(row[0]))
        tx.cache["head", name] = found
    return found


def load_open(tx: Tx, name: str) -> Head:
    """The branch of this name, which must still take events.

    Raises:
        UnknownBranch: there is none.
        BranchClosed: it has ended, or was discarded.
    """
    head = load(tx, name)
    if head.branch.status in ENDED:
        raise BranchClosed(
            f"branch {name!r} is {head.branch.status}", branch=name, status=head.branch.status
        )
    return head


def create(
    tx: Tx,
    name: str,
    run: int,
    node: Node,
    action: Action,
    author: str,
    origin: int | None = None,
    fork_point: int | None = None,
) -> Head:
    """A new branch that stands at ``node``. Raises NameTaken."""
    seq = branches.insert(tx.conn, name, run, node.seq, tx.now, origin, fork_point)
    head = Head(branches.by_seq(tx.conn, seq), node, reflog.FIRST)
    log(tx, head, node, action, author)
    tx.cache["head", name] = head
    return head


def log(
    tx: Tx,
    head: Head,
    node: Node,
    action: Action,
    author: str,
    client_id: str | None = None,
    usage: dict[str, Any] | None = None,
    at: int | None = None,
) -> int:
    """Move the branch to ``node`` and write it down; returns the reflog row."""
    tip = next_row(tx)
    chain = reflog.append(
        tx.conn,
        tip,
        head.branch.seq,
        action,
        node.seq,
        node.id,
        head.chain,
        tx.now if at is None else at,
        (author_seq(tx, author), author),
        client_id,
        reflog.usage_text(usage),
    )
    tx.cache["reflog"] = tip + 1
    head.node, head.chain = node, chain
    branch = head.branch
    branch.head, branch.tip = node.seq, tip
    tx.before_commit(
        ("head", branch.seq),
        lambda: branches.moved(tx.conn, branch.seq, branch.head, branch.tip),
    )
    return tip


def set_status(tx: Tx, head: Head, status: Status, author: str) -> None:
    """Change the branch's status and write it down."""
    branches.set_status(tx.conn, head.branch.seq, status, tx.now)
    head.branch.status, head.branch.changed = status, tx.now
    log(tx, head, head.node, "status", author)


def rename(tx: Tx, head: Head, name: str, author: str) -> None:
    """Give the branch another name and write it down. Raises NameTaken."""
    branches.rename(tx.conn, head.branch.seq, name)
    tx.cache.pop(("head", head.branch.name), None)
    head.branch.name = name
    tx.cache["head", name] = head
    log(tx, head, head.node, "rename", author)


def next_row(tx: Tx, table: numbers.Table = "reflog") -> int:
    """The number that the next row of a table has."""
    known: int | None = tx.cache.get(table)
    if known is None:
        known = tx.cache[table] = numbers.last(tx.conn, table) + 1
    return known


def author_seq(tx: Tx, name: str) -> int:
    """The row of an author's name."""
    known: int | None = tx.cache.get((_AUTHORS, name))
    if known is None:
        row = tx.conn.execute("SELECT seq FROM authors WHERE name = ?", (name,)).fetchone()
        known = row[0] if row else None
        if known is None:
            known = tx.conn.execute("INSERT INTO authors(name) VALUES (?)", (name,)).lastrowid
            assert known is not None
        tx.cache[_AUTHORS, name] = known
    return known
