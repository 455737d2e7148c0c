"""Branches: forked, renamed, rewound, set aside and taken back.

Layer: engine. Keeps: a fork adds no object and costs the same at any depth; history is
append-only, what a rewind cuts off stays as a branch.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Final

from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import rfc3339
from shepherd_sidecar.engine.reading import number_in
from shepherd_sidecar.errors import BranchClosed, InvalidParams, NameTaken, UnknownCommit
from shepherd_sidecar.protocol.branches import BranchListResult
from shepherd_sidecar.protocol.common import Branch, ForkPoint, World
from shepherd_sidecar.protocol.runs import Agent, Run, RunListResult
from shepherd_sidecar.store import branches, commits, heads, marks, places, reflog
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.worlds.registry import path_of

DAY_MS: Final = 24 * 60 * 60 * 1000
KEEP_DISCARDED_DAYS: Final = 30.0
_DERIVED: Final = re.compile(r"(?<=.)(-(fork|tail|replay)(-\d+)?)+$")
_NUMBER: Final = 12
"""Bytes of a name that are left for ``-`` and a number, on both sides of what it says."""


def fork(
    tx: Tx,
    at: str,
    count: int,
    names: Sequence[str] | None,
    author: str,
    limits: Limits,
    node: Node,
) -> list[Head]:
    """New branches at ``node``, which ``at`` (a commit, or a branch for its head) meant."""
    home = home_of(tx.conn, at, node)
    made = []
    for index in range(count):
        name = names[index] if names else derived_name(tx.conn, home.name, "fork", limits)
        check_name(name, f"$.names[{index}]", limits)
        made.append(
            heads.create(
                tx, name, home.run, node, "fork", author, origin=home.seq, fork_point=node.seq
            )
        )
    return made


def derived_name(conn: sqlite3.Connection, name: str, what: str, limits: Limits) -> str:
    """A name for what is made from a branch: ``name-fork``, ``name-fork-2`` and so on.

    What was itself so named gives its own origin's name on, so names stay short however long
    the line of descent is.
    """
    base = _DERIVED.sub("", name).encode()[: limits.name_bytes - len(what) - _NUMBER]
    return branches.free_name(conn, f"{base.decode(errors='ignore')}-{what}")


def how_many(count: int | None, names: Sequence[str] | None, limits: Limits) -> int:
    """How many branches a fork asks for."""
    if count is None:
        count = len(names) if names is not None else 1
    if not 1 <= count <= limits.forks:
        raise InvalidParams.at("$.count", f"1 to {limits.forks}")
    if names is not None and len(names) != count:
        raise InvalidParams.at("$.names", f"{count} names for {count} branches")
    return count


def home_of(conn: sqlite3.Connection, at: str, node: Node) -> branches.Branch:
    """The branch that ``at`` names, or on which the commit was recorded."""
    if not is_id(at):
        return branches.need(conn, at)
    logged = reflog.get(conn, node.logged)
    if logged is None:
        raise UnknownCommit(f"no branch ever stood at {at}", commit=at)
    return branches.by_seq(conn, logged.branch)


def rewind(tx: Tx, name: str, to: Id, author: str, limits: Limits) -> tuple[Head, str]:
    """Move a branch back along its log; returns its head and the branch that keeps the tail."""
    head = heads.load_open(tx, name)
    target = commits.need(tx.conn, to)
    if not commits.on_log(tx.conn, target, head.node):
        raise UnknownCommit(f"{to} is not on the log of {name!r}", commit=to)
    tail = derived_name(tx.conn, name, "tail", limits)
    kept = heads.create(
        tx,
        tail,
        head.branch.run,
        head.node,
        "fork",
        author,
        origin=head.branch.seq,
        fork_point=target.seq,
    )
    heads.set_status(tx, kept, "discarded", author)
    heads.log(tx, head, target, "rewind", author)
    if target.world is not None:
        # The next snapshot is compared with what the head now says, and tells the difference.
        places.captured(tx.conn, head.branch.seq, target.world)
    return head, tail


def discard(tx: Tx, name: str, author: str) -> Head:
    """Set a branch aside. Its objects stay until gc."""
    head = heads.load(tx, name)
    if head.branch.status != "discarded":
        heads.set_status(tx, head, "discarded", author)
    return head


def take_back(tx: Tx, name: str, author: str) -> Head:
    """Undo a discard."""
    head = heads.load(tx, name)
    if head.branch.status != "discarded":
        raise BranchClosed(f"{name!r} is not discarded", branch=name, status=head.branch.status)
    heads.set_status(tx, head, "live", author)
    return head


def rename(tx: Tx, name: str, new: str, author: str, limits: Limits) -> Head:
    """Give a branch another name."""
    check_name(new, "$.name", limits)
    head = heads.load(tx, name)
    if new != name:
        heads.rename(tx, head, new, author)
    return head


def undo_until(head: Head) -> str:
    """Until when a branch discarded now is kept."""
    changed = head.branch.changed or head.branch.created
    return rfc3339(changed + int(KEEP_DISCARDED_DAYS * DAY_MS))


def view(conn: sqlite3.Connection, branch: branches.Branch) -> Branch:
    """A branch as readers see it."""
    node = commits.get(conn, branch.head)
    origin = None
    if branch.fork_point is not None:
        origin = ForkPoint(
            commit=commits.get(conn, branch.fork_point).hex,
            branch=branches.name_of(conn, branch.origin),
        )
    return Branch(
        branch=branch.name,
        run=branches.run_by_seq(conn, branch.run).id,
        head=node.hex,
        status=branch.status,
        depth=node.depth,
        forked_from=origin,
        world=world_of(conn, branch.seq),
        selected=marks.selected(conn, branch.seq) or None,
    )


def world_of(conn: sqlite3.Connection, branch: int) -> World | None:
    """The live world of a branch, as readers see it."""
    row = places.get(conn, branch)
    if row is None:
        return None
    return World(path_of(row.driver, row.path), row.mounted_at, row.driver, row.place)


def get(store: Store, name: str) -> Branch:
    """One branch."""
    with store.reading() as conn:
        return view(conn, branches.need(conn, name))


def page(store: Store, run: str | None, limit: int, cursor: str | None) -> BranchListResult:
    """Branches, newest first."""
    with store.reading() as conn:
        run_seq = branches.need_run(conn, run).seq if run is not None else None
        found = branches.page(conn, run_seq, _row(cursor), limit + 1)
        rows = [view(conn, branch) for branch in found[:limit]]
    more = str(found[limit - 1].seq) if len(found) > limit else None
    return BranchListResult(branches=rows, next_cursor=more)


def runs(store: Store, limit: int, cursor: str | None) -> RunListResult:
    """Runs, newest first."""
    with store.reading() as conn:
        found = branches.run_page(conn, _row(cursor), limit + 1)
        rows = [_run_view(conn, run) for run in found[:limit]]
    more = str(found[limit - 1].seq) if len(found) > limit else None
    return RunListResult(runs=rows, next_cursor=more)


def check_name(name: str, where: str, limits: Limits) -> None:
    """Refuse a branch name that is empty, too long, unprintable, or spelt as a commit id."""
    if not name or len(name.encode()) > limits.name_bytes or not name.isprintable():
        raise InvalidParams.at(where, f"a printable name of 1 to {limits.name_bytes} bytes")
    if is_id(name):
        raise NameTaken(f"{name} is spelt as a commit id", branch=name)


def _run_view(conn: sqlite3.Connection, run: branches.Run) -> Run:
    agent = run.facts.get("agent")
    return Run(
        run=run.id,
        name=run.name,
        started_at=rfc3339(run.started),
        branches=[view(conn, branch) for branch in branches.of_run(conn, run.seq)],
        agent=Agent(**agent) if agent else None,
        workspace=run.workspace,
    )


def _row(cursor: str | None) -> int | None:
    return number_in(cursor) if cursor is not None else None
