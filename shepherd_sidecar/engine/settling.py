"""What becomes of branches: selected, and applied to another or to the user's own folder.

Layer: engine. Keeps: a merge has two parents, the head it went onto first; nothing is recorded
or written while a conflict is open; git is never run, and the user's ``.git`` never written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import attrs

from shepherd_sidecar.engine import branching, merging, record
from shepherd_sidecar.engine.attribution import Attribution
from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.engine.landing import Landing, Merge
from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.engine.tree_reading import file_patches
from shepherd_sidecar.engine.workspaces import Workspaces, change_payload, world_tree
from shepherd_sidecar.errors import BranchClosed, InvalidParams, NoWorld
from shepherd_sidecar.protocol.common import NotCaptured
from shepherd_sidecar.protocol.settling import (
    ApplyParams,
    ApplyResult,
    SelectParams,
    SelectResult,
)
from shepherd_sidecar.protocol.traces import FilePatch
from shepherd_sidecar.store import branches, commits, heads, marks, places
from shepherd_sidecar.store.branches import ENDED
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.places import Place
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge import Merged, merged_tree
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.worlds.driver import Snapshot
from shepherd_sidecar.worlds.parsed import Parsed
from shepherd_sidecar.worlds.restore_plan import plan
from shepherd_sidecar.worlds.workspace import admit

_ENTRIES: Final = 150_000
"""Names of workspaces that are kept from one merge to the next; each reads four versions."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What is merged: the commits, and the base they come from."""

    onto: Node
    other: Node
    base: Node


class Settling:
    """Settles the branches of one store."""

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        workspaces: Workspaces,
        attribution: Attribution,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces
        self._attribution = attribution
        self._parsed = Parsed(_ENTRIES)
        self.landing = Landing(store, preparer, workspaces)

    def select(self, tx: Tx, params: SelectParams, author: str) -> SelectResult:
        """Mark a branch as the one chosen. Also one that has ended; not a discarded one."""
        said = self._said("select", params.by, params.reason, author)
        head = heads.load(tx, params.branch)
        _not_discarded(head.branch)
        node = record.append(tx, head, self._preparer.own("intervention", said), author)
        tx.settle()
        marks.select(tx.conn, head.branch.seq, tx.now)
        siblings = [
            branching.view(tx.conn, other)
            for other in branches.of_run(tx.conn, head.branch.run)
            if other.seq != head.branch.seq
            and other.fork_point == head.branch.fork_point
            and other.status != "discarded"
            and not _is_the_folder(places.get(tx.conn, other.seq))
        ]
        return SelectResult(branching.view(tx.conn, head.branch), node.hex, siblings)

    def apply(self, params: ApplyParams, author: str) -> ApplyResult:
        """Merge a branch into another, and into its world. Blocks for walks and the writing.

        Raises:
            InvalidParams: not one of ``onto`` and ``workspace``, or a resolution that fits no
                conflict.
            UnknownBranch, UnknownCommit, BranchClosed: there is no such branch, none in common
                with the other, or it takes no more.
            MergeConflict: what no snapshot holds stands in the way; nothing is changed.
            SnapshotFailed, BudgetExceeded, StoreFull: nothing is changed.
        """
        if (params.onto is None) == (not params.workspace):
            raise InvalidParams.at("$.onto", "exactly one of onto and workspace")
        if params.branch == params.onto:
            raise InvalidParams.at("$.onto", "another branch than the one that is applied")
        self._said("apply", params.by, params.reason, author)
        self._store.write(lambda tx: None)  # what was sent before is seen
        with self._store.reading() as conn:
            _not_discarded(branches.need(conn, params.branch))
            if params.onto is not None:
                branches.need_open(conn, params.onto)
        onto = params.onto or self._for_the_folder(params.branch, author)
        self._bring_up_to_date(params.branch, author)
        self._attribution.catch_up(onto, author)
        place = self._workspaces.find(onto)
        if place is None:
            return self._in_the_store(onto, params, author)
        with self._workspaces.taking_turns(place.branch), batch(self._store) as content:
            return self._in_its_world(onto, place, params, author, content)

    def _in_the_store(self, onto: str, params: ApplyParams, author: str) -> ApplyResult:
        """Merge what was recorded: there is no folder to write."""
        with batch(self._store) as content:
            sides = self._sides(onto, params.branch)
            read = self._parsed.reader(content)
            with self._store.reading() as conn:
                before = world_tree(conn, sides.onto)
            found, resolved = self._merged(content, read, sides, before, params)
            changes = [] if found.conflicts else file_patches(found.changes)
            result = self._result(onto, sides, found, content, changes)
            if found.conflicts or params.preview or sides.base.seq == sides.other.seq:
                return result
            worlds = sides.onto.world, sides.other.world
            after = None
            if worlds != (None, None):  # without any workspace there is none to be merged
                after = merged_tree(read, self._parsed.adder(content), before, found)
            event = self._preparer.own(
                "intervention", self._applied(params, sides, resolved, author)
            )

            def work(tx: Tx) -> Id:
                head = heads.load_open(tx, onto)
                record.expect_head(head, sides.onto.hex)
                row = content.insert(tx, after) if after is not None else None
                return record.append(tx, head, event, author, tree=row, second=sides.other).hex

            commit = self._store.write(work)
        return _with(result, commit=commit)

    def _in_its_world(
        self, onto: str, place: Place, params: ApplyParams, author: str, content: Batch
    ) -> ApplyResult:
        world = self._workspaces.world(place)
        for again in (False, True):
            now = self._workspaces.snapshot(onto, place, content, author)
            known = self._workspaces.driver(place).known(world)
            sides = self._sides(onto, params.branch)
            read = self._parsed.reader(content)
            found, resolved = self._merged(content, read, sides, now.tree, params)
            result = self._result(onto, sides, found, content)
            if found.conflicts or sides.base.seq == sides.other.seq:
                return result
            after = merged_tree(read, self._parsed.adder(content), now.tree, found)
            thought = plan(
                content, world.path, now.tree, after, place=place.place, known=known, read=read
            )
            # Nobody tells of stores through a mapping: then the folder is walked after all.
            unseen = any(at.why == "changedSince" for at in thought.conflicts)
            if again or not unseen or not self._workspaces.doubt(place):
                break
        left = [NotCaptured(at.path, at.why) for at in thought.not_captured]
        result = _with(result, changes=file_patches(thought.changes), not_captured=left)
        if params.preview:
            return result
        merge = Merge(
            sides.other,
            now.tree,
            self._safety(now, sides.onto),
            self._applied(params, sides, resolved, author),
        )
        safety, commit = self.landing.land(
            place, onto, content, read, thought, merge, author, known
        )
        return _with(result, safety=safety, commit=commit)

    def _merged(
        self, content: Batch, read: Read, sides: Sides, onto: Id, params: ApplyParams
    ) -> tuple[Merged, dict[str, Any]]:
        with self._store.reading() as conn:
            trees = world_tree(conn, sides.base), onto, world_tree(conn, sides.other)
        found = merging.merged(content, read, trees)
        if not params.resolve:
            return found, {}
        resolve = merging.resolutions(params.resolve, found.conflicts)
        return merging.merged(content, read, trees, resolve), merging.said(params.resolve)

    def _sides(self, onto: str, other: str) -> Sides:
        with self._store.reading() as conn:
            left, right = (
                commits.get(conn, branches.need(conn, name).head) for name in (onto, other)
            )
            return Sides(left, right, merging.base_of(conn, left, right))

    def _result(
        self,
        onto: str,
        sides: Sides,
        found: Merged,
        content: Batch,
        changes: Sequence[FilePatch] = (),
    ) -> ApplyResult:
        return ApplyResult(
            onto=onto,
            changes=list(changes),
            conflicts=[merging.conflict_view(content, conflict) for conflict in found.conflicts],
            not_captured=[],
            base=sides.base.hex,
        )

    def _safety(self, now: Snapshot, head: Node) -> Prepared | None:
        with self._store.reading() as conn:
            if world_tree(conn, head) == now.tree:
                return None
        return self._preparer.own("workspace_change", change_payload(now, "safety"))

    def _applied(
        self, params: ApplyParams, sides: Sides, resolved: dict[str, Any], author: str
    ) -> dict[str, Any]:
        said = self._said("apply", params.by, params.reason, author)
        said["from"], said["base"] = sides.other.hex, sides.base.hex
        if resolved:
            said["resolved"] = resolved
        return said

    def _said(self, action: str, by: str | None, reason: str | None, author: str) -> dict[str, Any]:
        if by is not None:
            self._preparer.check_name(by, "$.by")
        said: dict[str, Any] = {"action": action, "by": by or author}
        if reason is not None:
            said["reason"] = reason
        return said

    def _bring_up_to_date(self, branch: str, author: str) -> None:
        """What a branch's world holds and no snapshot yet is part of what it did."""
        self._attribution.catch_up(branch, author)
        with self._store.reading() as conn:
            found = branches.need(conn, branch)
            if found.status in ENDED or places.get(conn, found.seq) is None:
                return
        self._workspaces.capture(
            branch,
            lambda taken: (
                self._preparer.own("workspace_change", change_payload(taken, "settle"))
                if taken.changed
                else None
            ),
            author,
        )

    def _for_the_folder(self, branch: str, author: str) -> str:
        """The branch that stands for the folder that a branch's run was started on.

        Made when it is first needed: forked where the run began, when the folder was as the run
        found it, with the folder itself as its world.
        """
        with self._store.reading() as conn:
            run = branches.run_by_seq(conn, branches.need(conn, branch).run)
        if run.workspace is None:
            raise NoWorld(
                f"the run of {branch!r} was started without a workspace",
                hint="apply onto a branch, or start runs on a folder",
                branch=branch,
            )
        folder = admit(run.workspace, self._store.root)

        def work(tx: Tx) -> str:
            for other in branches.of_run(tx.conn, run.seq):
                place = places.get(tx.conn, other.seq)
                if (
                    place is not None
                    and place.place == "inPlace"
                    and Path(place.path) == folder
                    and other.status not in ENDED
                ):
                    return other.name
            first = branches.of_run(tx.conn, run.seq)[0]
            head = heads.load(tx, first.name)
            root = commits.at_depth(tx.conn, head.node, 0)
            name = branches.free_name(tx.conn, f"{run.name}-workspace")
            made = heads.create(
                tx, name, run.seq, root, "fork", author, origin=first.seq, fork_point=root.seq
            )
            world = self._workspaces.in_place(folder)
            self._workspaces.settle(tx, made.branch.seq, world, world_tree(tx.conn, root))
            return name

        return self._store.write(work)


def _is_the_folder(place: Place | None) -> bool:
    return place is not None and place.place == "inPlace"


def _not_discarded(branch: branches.Branch) -> None:
    if branch.status == "discarded":
        raise BranchClosed(
            f"branch {branch.name!r} is discarded",
            hint="branch/discard with restore takes it back",
            branch=branch.name,
            status=branch.status,
        )


def _with(result: ApplyResult, **changes: Any) -> ApplyResult:
    made: ApplyResult = attrs.evolve(result, **changes)  # type: ignore[misc]
    return made
