"""Bringing a world back to what it was, and taking it as it is.

Layer: engine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.attribution import USER, Theirs
from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.engine.entries import resolve
from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.engine.tree_reading import file_patches
from shepherd_sidecar.engine.workspaces import (
    Workspaces,
    change_payload,
    snapshot_view,
    world_tree,
)
from shepherd_sidecar.protocol.common import NotCaptured, PathReason
from shepherd_sidecar.protocol.snapshots import (
    RestoreParams,
    RestoreResult,
    SnapshotTakeParams,
    SnapshotTakeResult,
)
from shepherd_sidecar.store import heads, places
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_patch import patch
from shepherd_sidecar.worlds import restore as carrying_out
from shepherd_sidecar.worlds.held_open import held_open
from shepherd_sidecar.worlds.paths import parse_printable
from shepherd_sidecar.worlds.restore_plan import plan


class Restoring:
    """Snapshots on demand, restore and undo."""

    def __init__(self, store: Store, preparer: Preparer, workspaces: Workspaces) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces

    def take(self, params: SnapshotTakeParams, author: str) -> SnapshotTakeResult:
        """Capture a branch's world. Blocks for a walk."""
        taken, commit = self._workspaces.capture(
            params.branch,
            lambda taken: (
                self._preparer.own("workspace_change", change_payload(taken, "snapshot"))
                if taken.changed
                else None
            ),
            author,
        )
        return SnapshotTakeResult(snapshot=snapshot_view(taken), commit=commit)

    def restore(
        self, params: RestoreParams, author: str, theirs: Theirs | None = None
    ) -> RestoreResult:
        """Make a branch's world again what it was. Blocks for a walk and the writing.

        ``theirs``: see ``Attribution.before_capture``; None when nothing was changed by others.
        """
        paths = [parse_printable(path) for path in params.paths] if params.paths else None
        place = self._workspaces.need(params.branch)
        world = self._workspaces.world(place)
        with (
            self._workspaces.taking_turns(place.branch),
            self._workspaces.held_still(place) as moving,
            batch(self._store) as content,
        ):
            with self._store.reading() as conn:
                node = resolve(conn, params.to)
                to, target = node.hex, world_tree(conn, node)
            read = self._workspaces.reader(place, content)
            for again in (False, True):
                now = self._workspaces.snapshot(params.branch, place, content, author)
                known = self._workspaces.driver(place).known(world)
                thought = plan(
                    content,
                    world.path,
                    now.tree,
                    target,
                    paths,
                    place=place.place,
                    known=known,
                    read=read,
                )
                # Nobody tells of stores through a mapping: then the folder is walked after all.
                unseen = any(at.why == "changedSince" for at in thought.conflicts)
                if again or not unseen or not self._workspaces.doubt(place):
                    break
            changes = file_patches(thought.changes)
            left = [NotCaptured(at.path, at.why) for at in thought.not_captured]
            if moving is not None:
                left.append(NotCaptured(moving.path, moving.why))
            if params.preview:
                conflicts = [PathReason(at.path, at.why) for at in thought.conflicts]
                return RestoreResult(changes=changes, conflicts=conflicts, not_captured=left)

            left += [NotCaptured(at.path, at.why) for at in held_open(world.path, thought.changes)]
            carrying_out.admit(thought)  # what is refused leaves no safety commit either
            others = theirs(now) if theirs is not None else None
            taken = now if others is None else replace(now, changed=())
            steps = [
                *([(others, USER)] if others is not None else []),
                (self._preparer.own("workspace_change", change_payload(taken, "safety")), author),
            ]
            safety = self._record(params.branch, place.branch, steps, content, now.tree)
            carrying_out.apply(content, thought, known)
            # What the world is now is known: what somebody writes meanwhile is theirs, and is
            # found by the next snapshot.
            after = patch(read, self._workspaces.adder(place, content), now.tree, thought.changes)
            assert after is not None, "they are the changes from this very tree"
            said: dict[str, Any] = {"action": "restore", "by": author, "to": to}
            if params.paths:
                said["paths"] = params.paths
            done = [(self._preparer.own("intervention", said), author)]
            commit = self._record(params.branch, place.branch, done, content, after)
        if others is not None:
            self._workspaces.noticed(place, now)
        return RestoreResult(
            changes=changes, conflicts=[], not_captured=left, safety=safety, commit=commit
        )

    def _record(
        self,
        name: str,
        branch: int,
        events: list[tuple[Prepared, str]],
        content: Batch,
        tree: Id,
    ) -> Id:
        """Commits of one tree, each an event by an author; the id of the last."""

        def work(tx: Tx) -> Id:
            row = content.insert(tx, tree)
            for event, author in events:
                node = record.append(tx, heads.load_open(tx, name), event, author, tree=row)
            places.captured(tx.conn, branch, row)
            return node.hex

        return self._store.write(work)
