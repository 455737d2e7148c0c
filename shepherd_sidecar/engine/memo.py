"""Memos: a deterministic step done once, its outcome and files reused.

Layer: engine. Keeps: a memo is reused only when every file the step is known to have read is
unchanged and what it wrote still fits; then the world is as a new run would leave it. What a step
wrote as it was there already leaves no difference to apply: such a path counts as read.
"""

from __future__ import annotations

from functools import partial

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.workspaces import Workspaces, world_tree
from shepherd_sidecar.errors import InvalidParams, RestoreConflict
from shepherd_sidecar.protocol.memos import (
    MemoCallParams,
    MemoCallResult,
    MemoStoreParams,
    MemoStoreResult,
)
from shepherd_sidecar.store import branches, commits, heads, memos, objects, places
from shepherd_sidecar.store.memos import Memo
from shepherd_sidecar.store.places import Place
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.tree_diff import find_entry, tree_diff
from shepherd_sidecar.trace.tree_patch import patch, spelling
from shepherd_sidecar.trace.trees import BadTree, Dir, Link, split_path
from shepherd_sidecar.worlds import restore
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.paths import parse_printable
from shepherd_sidecar.worlds.restore_plan import plan


class Memos:
    """The memos of one store."""

    def __init__(self, store: Store, preparer: Preparer, workspaces: Workspaces) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces

    def call(self, params: MemoCallParams, author: str) -> MemoCallResult:
        """Look a step up; on a hit its files are in the world. Blocks for a walk."""
        key = memo_key(params.name, params.source_hash, params.inputs)
        place = self._workspaces.find(params.branch)
        with self._store.reading() as conn:
            branches.need_open(conn, params.branch)  # before its world is touched
            memo = memos.get(conn, bytes.fromhex(key))
        if memo is None:
            return MemoCallResult(hit=False, key=key)
        said = {"what": "memo", "name": params.name, "key": key}
        event = self._preparer.own("annotation", said)
        turn = place.branch if place is not None else 0
        with self._workspaces.taking_turns(turn), batch(self._store) as content:
            present = self._present(content, params.branch, place, author)
            tree = self._carried(content, memo, present)
            if tree is None or not self._lay(content, place, present, tree):
                return MemoCallResult(hit=False, key=key)

            def work(tx: Tx) -> Id:
                head = heads.load_open(tx, params.branch)
                wrote = tree != present or place is not None
                row = content.insert(tx, tree) if wrote else None
                node = record.append(tx, head, event, author, tree=row)
                if place is not None and row is not None:
                    places.captured(tx.conn, place.branch, row)
                return node.hex

            commit = self._store.write(work)
        return MemoCallResult(hit=True, key=key, outcome=memo.outcome, commit=commit)

    def store(self, params: MemoStoreParams, author: str) -> MemoStoreResult:
        """Keep the outcome of a step that has just run. Blocks for a walk."""
        key = memo_key(params.name, params.source_hash, params.inputs)
        canonical.check(params.outcome, "$.outcome")
        if self._preparer.holds_secret(params.outcome):
            raise InvalidParams.at(
                "$.outcome", "holds a secret; a memo would give it out mutilated"
            )
        place = self._workspaces.find(params.branch)
        turn = place.branch if place is not None else 0
        with self._workspaces.taking_turns(turn), batch(self._store) as content:
            after = self._present(content, params.branch, place, author)
            before = after
            if params.since is not None:
                with self._store.reading() as conn:
                    before = world_tree(conn, commits.need(conn, params.since))
            reads = {
                path: _spelt(content, before, path, f"$.reads[{index}]")
                for index, path in enumerate(params.reads or ())
            }
            for index, path in enumerate(params.writes or ()):
                was = _spelt(content, before, path, f"$.writes[{index}]")
                if was == _spelt(content, after, path, "$"):
                    reads[path] = was

            def work(tx: Tx) -> None:
                rows = [content.insert(tx, tree) for tree in (before, after)]
                memos.put(
                    tx.conn,
                    bytes.fromhex(key),
                    Memo(params.outcome, reads, rows[0], rows[1]),
                    tx.now,
                )

            self._store.write(work)
        return MemoStoreResult(key=key)

    def _present(self, content: Batch, branch: str, place: Place | None, author: str) -> Id:
        """The workspace as it now is: of the live world, else as last captured."""
        if place is not None:
            return self._workspaces.snapshot(branch, place, content, author).tree
        with self._store.reading() as conn:
            tree = world_tree(conn, commits.get(conn, branches.need(conn, branch).head))
        if not content.has("tree", tree):
            content.add("tree", b"")
        return tree

    def _carried(self, content: Batch, memo: Memo, present: Id) -> Id | None:
        """The present workspace with the memo's changes; None when it does not apply."""
        for path, spelt in memo.reads.items():
            if _spelt(content, present, path, "$") != spelt:
                return None
        with self._store.reading() as conn:
            before, after = (objects.id_of(conn, row) for row in (memo.before, memo.after))
        read = tree_reader(content)
        changes = tree_diff(read, before, after)
        return patch(read, spelling(partial(content.add, "tree")), present, changes)

    def _lay(self, content: Batch, place: Place | None, present: Id, tree: Id) -> bool:
        """Bring the live world, if any, to a tree; False when something is in the way."""
        if place is None or tree == present:
            return True
        folder = self._workspaces.world(place).path
        thought = plan(content, folder, present, tree, place=place.place)
        try:
            restore.apply(content, thought)
        except RestoreConflict as error:
            if error.data.get("done"):
                raise
            return False
        return True


def memo_key(name: str, source_hash: str, inputs: canonical.Json) -> Id:
    """``H(memo, {inputs, name, sourceHash})``.

    The inputs are hashed as they are, secrets included: two secrets are two inputs. Nothing of
    them is kept.
    """
    value = {"inputs": inputs, "name": name, "sourceHash": source_hash}
    canonical.check(inputs, "$.inputs")
    return object_id("memo", canonical.encode(value))


def _spelt(content: Batch, tree: Id, path: str, where: str) -> str | None:
    """What a path holds in a tree, as text that is equal exactly when the content is."""
    try:
        names = split_path(parse_printable(path))
    except BadTree as error:
        raise InvalidParams.at(where, str(error)) from None
    if not names:
        raise InvalidParams.at(where, "a path inside the workspace")
    entry = find_entry(tree_reader(content), tree, names)
    if entry is None:
        return None
    if isinstance(entry, Link):
        return f"link {entry.target.hex()}"
    if isinstance(entry, Dir):
        return f"dir {entry.tree}"
    return f"file {entry.blob}"
