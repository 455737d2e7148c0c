"""A merge written into a live world: all of it or nothing, whatever is killed meanwhile.

Layer: engine. First everything is written beside, in the store; then one transaction makes the
safety commit and the plan durable; then come the renames, and the commit that says it is done.
Keeps: killed before the plan is durable, nothing has happened; killed after, whoever next opens
the store or touches the world carries it out to the end. Refused on the way, it is taken back.
Edits made meanwhile are never overwritten: before the first rename they are a conflict; after a
crash their paths are left as they are, and named.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import (
    MergeConflict,
    RestoreConflict,
    ShepherdError,
    SnapshotFailed,
    StoreFull,
)
from shepherd_sidecar.store import branches, commits, heads, objects, places, settlements
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.layout import SETTLING
from shepherd_sidecar.store.places import Place
from shepherd_sidecar.store.settlements import Settlement
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read, TreeChange
from shepherd_sidecar.trace.tree_patch import patch, spelling
from shepherd_sidecar.trace.trees import Dir
from shepherd_sidecar.worlds import restore as carrying_out
from shepherd_sidecar.worlds.driver import NotCaptured
from shepherd_sidecar.worlds.paths import parse_printable, printable
from shepherd_sidecar.worlds.restore_plan import Plan, plan
from shepherd_sidecar.worlds.staging import check_room, clear, staging
from shepherd_sidecar.worlds.stat_cache import Folder

log = logging.getLogger(__name__)

_ROUNDS: Final = 8
"""How often a finishing looks again when somebody edits under its hands."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be written, and the event that will say so."""

    second: Node
    """The commit that is merged."""
    before: Id
    """The world as it is."""
    safety: Prepared | None
    """The event of the safety commit; None when the head has this very tree."""
    payload: dict[str, Any]


class Landing:
    """Writes merges into the worlds of one store."""

    def __init__(self, store: Store, preparer: Preparer, workspaces: Workspaces) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces

    def land(
        self,
        place: Place,
        name: str,
        content: Batch,
        read: Read,
        thought: Plan,
        merge: Merge,
        author: str,
        known: Folder | None,
    ) -> tuple[Id, Id]:
        """Carry out a plan in a world whose turn it is; returns the safety commit and the merge.

        Raises:
            MergeConflict: somebody edited meanwhile, or took away the right to write; nothing
                is changed.
            StoreFull: likewise, for want of space.
            BlobMissing, StoreCorrupt: likewise, for want of an object.
        """
        _admit(thought.conflicts)
        after: Id | None = thought.target
        if thought.not_captured:  # what is left alone stays as it is
            add = spelling(partial(content.add, "tree"))
            after = patch(read, add, merge.before, thought.changes)
        assert after is not None, "the plan was made against this very tree"
        with staging(self._beside(place.branch), thought.folder) as staged:
            if staged is not None:
                staged.write(content, thought)
            else:
                check_room(thought)
            safety, begun = self._begin(place, name, content, after, merge, author)
            try:
                unchanged = self._workspaces.is_still(place, merge.before)
                carrying_out.apply(content, thought, known, staged, unchanged=unchanged)
            except (ShepherdError, OSError) as error:
                self._take_back(place, content, thought, after)
                raise _refused(error) from error
        done = self._done(begun, [])
        self._workspaces.changed(place.branch)
        return safety, done

    def finish(self, begun: Settlement) -> None:
        """Carry out what was begun in a world and broken off. The world's turn must be held.

        Raises:
            SnapshotFailed: the folder is gone; it stays begun.
        """
        with self._store.reading() as conn:
            place = places.get(conn, begun.branch)
        if place is None:
            self._store.write(lambda tx: settlements.remove(tx.conn, begun.branch))
            return
        log.info("finishing what was being settled in the world of branch row %d", begun.branch)
        clear(self._beside(begun.branch))
        with batch(self._store) as content:
            self._done(begun, self._carry_on(place, content, begun))

    def recover(self, worlds: Iterable[int]) -> None:
        """Finish what was begun in these branches' worlds, as far as that is possible now."""
        for branch in worlds:
            try:
                with self._workspaces.taking_turns(branch):  # whoever has the turn finishes
                    clear(self._beside(branch))
            except (ShepherdError, OSError) as error:
                log.warning("what was being settled is not finished: %s", error)

    def _begin(
        self, place: Place, name: str, content: Batch, after: Id, merge: Merge, author: str
    ) -> tuple[Id, Settlement]:
        def work(tx: Tx) -> tuple[Id, Settlement]:
            head = heads.load_open(tx, name)
            row = content.insert(tx, after)
            before = objects.find(tx.conn, "tree", bytes.fromhex(merge.before))
            assert before is not None, "it was captured in the same batch"
            if merge.safety is not None:
                record.append(tx, head, merge.safety, author, tree=before)
            places.captured(tx.conn, place.branch, before)
            begun = Settlement(
                place.branch,
                merge.second.seq,
                before,
                row,
                orjson.dumps(merge.payload).decode(),
                author,
            )
            settlements.put(tx.conn, begun)
            return head.id, begun

        return self._store.write(work)

    def _done(self, begun: Settlement, left: Sequence[bytes]) -> Id:
        """Record the merge; ``left`` are paths that somebody edited after a crash."""
        said = orjson.loads(begun.payload)
        if left:
            said["left"] = [printable(path) for path in left]
        event = self._preparer.own("intervention", said)

        def work(tx: Tx) -> Id:
            head = heads.load(tx, branches.by_seq(tx.conn, begun.branch).name)
            node = record.append(
                tx,
                head,
                event,
                begun.author,
                tree=begun.after,
                second=commits.get(tx.conn, begun.second),
            )
            places.captured(tx.conn, begun.branch, begun.after)
            settlements.remove(tx.conn, begun.branch)
            return node.hex

        return self._store.write(work)

    def _take_back(self, place: Place, content: Batch, thought: Plan, after: Id) -> None:
        """Undo what was done of a plan, and forget that it was begun."""
        back = replace(
            thought,
            current=after,
            target=thought.current,
            changes=tuple(TreeChange(c.path, c.after, c.before) for c in thought.changes),
        )
        self._around_edits(content, back)
        carrying_out.sweep(thought.folder, thought.changes)
        self._store.write(lambda tx: settlements.remove(tx.conn, place.branch))

    def _carry_on(self, place: Place, content: Batch, begun: Settlement) -> list[bytes]:
        """Write what is not written yet; returns the paths that somebody edited since."""
        world = self._workspaces.world(place)
        with self._store.reading() as conn:
            before, after = (objects.id_of(conn, row) for row in (begun.before, begun.after))
        thought = plan(content, world.path, before, after, place=place.place)
        left = self._around_edits(content, replace(thought, conflicts=()))
        carrying_out.sweep(world.path, thought.changes)
        return left

    def _around_edits(self, content: Batch, thought: Plan) -> list[bytes]:
        """Carry out a plan but for the paths that hold something else by now; returns those."""
        left: set[bytes] = set()
        for _ in range(_ROUNDS):
            try:
                carrying_out.apply(content, replace(thought, changes=_without(thought, left)))
            except RestoreConflict as conflict:
                left |= {parse_printable(one["path"]) for one in conflict.data["conflicts"]}
            else:
                return sorted(left)
        shown = printable(bytes(thought.folder))
        raise SnapshotFailed(f"{shown} is being edited while it is settled", path=shown)

    def _beside(self, branch: int) -> Path:
        return self._store.root / SETTLING / str(branch)


def _without(thought: Plan, left: set[bytes]) -> tuple[TreeChange, ...]:
    """The changes that touch none of these paths, nothing below them, and no folder around."""
    return tuple(
        change
        for change in thought.changes
        if not any(
            change.path == at
            or change.path.startswith(at + b"/")
            or (not isinstance(change.after, Dir) and at.startswith(change.path + b"/"))
            for at in left
        )
    )


def _admit(conflicts: Sequence[NotCaptured]) -> None:
    if conflicts:
        raise _conflict([{"path": at.path, "why": at.why} for at in conflicts])


def _refused(error: Exception) -> Exception:
    if isinstance(error, RestoreConflict):
        return _conflict(error.data["conflicts"])
    if isinstance(error, StoreFull):
        return StoreFull("no space to write the files; nothing was changed")
    return error


def _conflict(found: list[dict[str, str]]) -> MergeConflict:
    first = ", ".join(f"{one['path']} ({one['why']})" for one in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return MergeConflict(
        f"in the way, and in no snapshot: {first}{more}; nothing was changed",
        conflicts=found,
    )
