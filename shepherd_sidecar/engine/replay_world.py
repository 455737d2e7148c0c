"""The workspace of a replay: carried along in the store, and laid out only when needed.

Layer: engine. A cached replay touches no file. The first action that is really done gets a
world that starts as the replay's branch has it by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from shepherd_sidecar.engine.batch import Batch, batch
from shepherd_sidecar.engine.workspaces import Workspaces, world_tree
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.store import branches, commits, objects
from shepherd_sidecar.store.commits import OWN_TREE, Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import find_entry, tree_diff
from shepherd_sidecar.trace.tree_patch import patch, spelling
from shepherd_sidecar.trace.trees import BadTree, split_path
from shepherd_sidecar.worlds import restore
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.paths import parse_printable
from shepherd_sidecar.worlds.restore_plan import plan


class ReplayWorld:
    """The workspace of one replay's branch."""

    def __init__(self, store: Store, workspaces: Workspaces, branch: str, author: str) -> None:
        self._store = store
        self._workspaces = workspaces
        self._branch = branch
        self._author = author
        self._laid = False
        self._present: Id | None = None
        """The tree of the laid world, as far as is known."""

    @contextmanager
    def carried(self, node: Node, head: Node) -> Iterator[tuple[Batch, Id | None]]:
        """The tree that a recorded commit would have on top of ``head``, and its objects.

        None when the commit captured no workspace, or what it changed does not fit there.
        """
        with batch(self._store) as content:
            yield content, self._carry(content, node, head)

    def fits(self, node: Node, head: Node) -> bool:
        """Whether the files that a recorded commit changed can be changed so on ``head``."""
        with batch(self._store) as content:
            return self._carry(content, node, head) is not None

    def same_reads(self, intent: Node, head: Node, outcome: dict[str, Any]) -> bool:
        """Whether every path that the outcome says was read holds the same in both worlds.

        A tool tells what it read as ``reads``, a list of paths, in its result.
        """
        result = outcome.get("result")
        reads = result.get("reads") if isinstance(result, dict) else None
        if not isinstance(reads, list):
            return True
        with batch(self._store) as content, self._store.reading() as conn:
            read = tree_reader(content)
            then, now = world_tree(conn, intent), world_tree(conn, head)
            for path in reads:
                try:
                    names = split_path(parse_printable(path)) if isinstance(path, str) else []
                except (BadTree, InvalidParams):
                    return False  # no path in here: nobody knows what it held
                if names and find_entry(read, then, names) != find_entry(read, now, names):
                    return False
        return True

    def compare(self, outcome: Node) -> tuple[Id, Id]:
        """The recorded tree of an outcome, and the tree of the world as it now is."""
        place = self._workspaces.need(self._branch)
        with self._workspaces.taking_turns(place.branch), batch(self._store) as content:
            taken = self._workspaces.snapshot(self._branch, place, content, self._author)
        self._present = taken.tree
        with self._store.reading() as conn:
            return world_tree(conn, outcome), taken.tree

    def make_live(self, branch: str, head: Node) -> None:
        """Lay the world out as ``head`` has it, or bring the laid one there. Blocks."""
        if head.world is None:
            return
        with self._store.reading() as conn:
            tree, seq = world_tree(conn, head), branches.need(conn, branch).seq
        if not self._laid:
            self._laid = True
            if self._workspaces.find(branch) is None:
                self._workspaces.lay(seq, tree, None)
                self._present = tree
                return
        self._bring_to(tree)

    def follow(self, head: Node) -> None:
        """Keep a laid world in step with outcomes that came from the record. Blocks."""
        if self._laid and head.world is not None:
            with self._store.reading() as conn:
                tree = world_tree(conn, head)
            if tree != self._present:
                self._bring_to(tree)

    def _bring_to(self, tree: Id) -> None:
        place = self._workspaces.need(self._branch)
        with self._workspaces.taking_turns(place.branch), batch(self._store) as content:
            now = self._workspaces.snapshot(self._branch, place, content, self._author)
            if now.tree != tree:
                folder = self._workspaces.world(place).path
                restore.apply(content, plan(content, folder, now.tree, tree, keep=True))
        self._present = tree

    def _carry(self, content: Batch, node: Node, head: Node) -> Id | None:
        if not node.flags & OWN_TREE or node.world is None:
            return None
        with self._store.reading() as conn:
            after = objects.id_of(conn, node.world)
            before = (
                world_tree(conn, commits.get(conn, node.parent))
                if node.parent is not None
                else world_tree(conn, node)
            )
            present = world_tree(conn, head)
        if present == before:
            return after
        read = tree_reader(content)
        changes = tree_diff(read, before, after)
        return patch(read, spelling(partial(content.add, "tree")), present, changes)
