"""Where branches at work change the same things, seen before anything is settled.

Layer: engine. What would conflict is found by the merge itself. Where a run is watched, a thread
looks after each snapshot that changed something, and tells both branches once of each place.
Keeps: no append waits for it; a run that nobody watches gets no event from it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from shepherd_sidecar.engine import merging, record
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.entries import one_of
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.protocol.overlaps import (
    Overlap,
    OverlapHunk,
    OverlapsParams,
    OverlapsResult,
)
from shepherd_sidecar.protocol.settling import Lines
from shepherd_sidecar.store import ancestors, branches, commits, heads, told
from shepherd_sidecar.store.branches import ENDED, Branch
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import merge
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import TreeChange, tree_diff
from shepherd_sidecar.trace.trees import File
from shepherd_sidecar.worlds.parsed import Parsed
from shepherd_sidecar.worlds.paths import printable

log = logging.getLogger(__name__)

AUTHOR: Final = "sidecar"
OTHERS: Final = 64
"""A branch is compared with so many others, the newest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """One path that two branches changed. ``conflict`` is None when both can have it."""

    left: Branch
    right: Branch
    base: Node
    path: bytes
    conflict: merge.Conflict | None
    view: Overlap

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where in the file, as it was."""
        if self.conflict is None:
            return [told.FILE]
        return [hunk.base for hunk in self.conflict.hunks] or [told.WHOLE]


class Overlaps:
    """Looks at the branches of one store."""

    def __init__(self, store: Store, preparer: Preparer) -> None:
        self._store = store
        self._preparer = preparer
        self._parsed = Parsed()  # a branch is compared with each of the others
        self._lock = threading.Lock()
        self._dirty: set[int] = set()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def find(self, params: OverlapsParams) -> OverlapsResult:
        """What overlaps now. Blocks for reading; with ``watch`` also for a write."""
        one_of((("branch", params.branch), ("run", params.run)))
        with self._store.reading() as conn:
            if params.branch is not None:
                mine = branches.need(conn, params.branch)
                run = mine.run
                pairs = [_ordered(mine, other) for other in _others(conn, mine)]
            else:
                assert params.run is not None
                run = branches.need_run(conn, params.run).seq
                pairs = list(combinations(_at_work(branches.of_run(conn, run)), 2))
        if params.watch is not None:
            watch = params.watch
            self._store.write(lambda tx: branches.note(tx.conn, run, "watched", watch))
        with self._store.reading() as conn:
            watched = bool(branches.run_by_seq(conn, run).facts.get("watched"))
        found = [one.view for left, right in pairs for one in self._between(left, right)]
        return OverlapsResult(found, watched)

    def changed(self, branch: int) -> None:
        """A snapshot of this branch, of a watched run, differs from the one before.

        Returns at once.
        """
        with self._lock:
            if self._closed:
                return
            self._dirty.add(branch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="overlaps", daemon=True)
                self._thread.start()
        self._woken.set()

    def close(self) -> None:
        """Look no more; what is begun is finished."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._woken.set()
            thread.join()

    def _run(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            with self._lock:
                dirty, self._dirty = self._dirty, set()
                if self._closed:
                    return
            for branch in sorted(dirty):
                try:
                    self._look(branch)
                except (ShepherdError, OSError) as error:
                    log.warning("overlaps were not looked for: %s", error)

    def _look(self, branch: int) -> None:
        with self._store.reading() as conn:
            mine = branches.by_seq(conn, branch)
            pairs = [_ordered(mine, other) for other in _others(conn, mine)]
        for left, right in pairs:
            new = [one for one in self._between(left, right) if self._news(one)]
            if new:
                self._store.write(lambda tx, new=new: self._tell(tx, new))  # type: ignore[misc]

    def _between(self, left: Branch, right: Branch) -> Iterator[Found]:
        with batch(self._store) as content:
            with self._store.reading() as conn:
                heads_of = [commits.get(conn, branch.head) for branch in (left, right)]
                base = _base(conn, *heads_of)
                if base is None:
                    return
                trees = [world_tree(conn, node) for node in (base, *heads_of)]
            if trees[0] in trees[1:] or trees[1] == trees[2]:
                return
            read = self._parsed.reader(content)
            made = merging.merged(content, read, (trees[0], trees[1], trees[2]))
            for conflict in made.conflicts:
                hunks = [
                    OverlapHunk(hunk.base, hunk.onto, hunk.branch)
                    for hunk in merging.hunk_views(content, conflict)
                ]
                view = Overlap(
                    left.name, right.name, base.hex, printable(conflict.path), conflict.why, hunks
                )
                yield Found(left, right, base, conflict.path, conflict, view)
            named = {name for one in made.conflicts for name in (one.path, *one.names)}
            ours, theirs = (_files(tree_diff(read, trees[0], tree)) for tree in trees[1:])
            for path in sorted(ours.keys() & theirs.keys() - named):
                if ours[path] != theirs[path]:
                    view = Overlap(left.name, right.name, base.hex, printable(path), "sameFile", [])
                    yield Found(left, right, base, path, None, view)

    def _news(self, found: Found) -> bool:
        with self._store.reading() as conn:
            return bool(_untold(conn, found))

    def _tell(self, tx: Tx, new: list[Found]) -> None:
        """Say it on both branches; what somebody else told meanwhile is not said again."""
        for found in new:
            places = _untold(tx.conn, found)
            if not places:
                continue
            for place in places:
                told.add(tx.conn, _pair(found), found.base.id, found.path, place)
            for mine, other in ((found.left, found.right), (found.right, found.left)):
                head = heads.load(tx, branches.by_seq(tx.conn, mine.seq).name)
                if head.branch.status in ENDED:
                    continue
                said = _said(found, mine, other, commits.get(tx.conn, other.head).hex, places)
                record.append(tx, head, self._preparer.own("annotation", said), AUTHOR)


def _files(changes: list[TreeChange]) -> dict[bytes, File]:
    return {one.path: one.after for one in changes if isinstance(one.after, File)}


def _said(
    found: Found, mine: Branch, other: Branch, head: Id, places: list[tuple[int, int]]
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "what": "overlap",
        "with": other.name,
        "theirs": head,
        "base": found.base.hex,
        "path": found.view.path,
        "why": found.view.why,
    }
    if found.conflict is not None and found.conflict.hunks:
        sides = ("left", "right") if mine is found.left else ("right", "left")
        said["hunks"] = [
            {
                "base": _span(hunk.base),
                "mine": _span(getattr(hunk, sides[0])),
                "theirs": _span(getattr(hunk, sides[1])),
            }
            for hunk, place in zip(found.view.hunks, found.places, strict=True)
            if place in places
        ]
    return said


def _span(lines: Lines) -> dict[str, int]:
    return {"from": lines.from_, "to": lines.to}


def _untold(conn: sqlite3.Connection, found: Found) -> list[tuple[int, int]]:
    return [
        place
        for place in found.places
        if told.is_new(conn, _pair(found), found.base.id, found.path, place)
    ]


def _pair(found: Found) -> tuple[int, int]:
    return found.left.seq, found.right.seq


def _ordered(one: Branch, other: Branch) -> tuple[Branch, Branch]:
    return (one, other) if one.seq < other.seq else (other, one)


def _at_work(found: list[Branch]) -> list[Branch]:
    return [branch for branch in found if branch.status not in ENDED][-OTHERS:]


def _others(conn: sqlite3.Connection, mine: Branch) -> list[Branch]:
    """The branches at work on the same workspace, by whichever run."""
    workspace = branches.run_by_seq(conn, mine.run).workspace
    runs = {mine.run}
    if workspace is not None:
        runs.update(run.seq for run in branches.last_runs_on(conn, workspace, OTHERS))
    found = [
        branch for run in runs for branch in branches.of_run(conn, run) if branch.seq != mine.seq
    ]
    return _at_work(sorted(found, key=lambda branch: branch.seq))


def _base(conn: sqlite3.Connection, left: Node, right: Node) -> Node | None:
    """Where both came from; of two runs, the root of the first when both began with one tree."""
    base = ancestors.merge_base(conn, left, right)
    if base is not None:
        return base
    roots = [commits.at_depth(conn, node, 0) for node in (left, right)]
    return roots[0] if roots[0].world is not None and roots[0].world == roots[1].world else None
