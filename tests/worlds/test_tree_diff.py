"""The difference of two trees turns one into the other."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.tree_diff import (
    TreeChange,
    find_entry,
    pair_renames,
    tree_diff,
    walk_tree,
)
from shepherd_sidecar.trace.trees import Dir, Entry, File, Link, Tree, tree_bytes

names = st.sampled_from([b"a", b"b", b"c", b"a-b", b"\xff"])
files = st.builds(
    lambda mode, text: File(mode, len(text), object_id("blob", text)),
    st.sampled_from([0o644, 0o755]),
    st.sampled_from([b"", b"1", b"2", b"3"]),
)
links = st.builds(Link, st.sampled_from([b"a", b"/x"]))
nested = st.recursive(
    st.one_of(files, links),
    lambda inner: st.tuples(
        st.sampled_from([0o755, 0o700]), st.dictionaries(names, inner, max_size=4)
    ),
    max_leaves=10,
)
roots = st.dictionaries(names, nested, max_size=4)


class Trees:
    """Trees by id, and which of them were read."""

    def __init__(self) -> None:
        self.held: dict[Id, Tree] = {}
        self.reads: list[Id] = []

    def add(self, shape: dict[bytes, Any]) -> Id:
        tree: Tree = {
            name: Dir(entry[0], self.add(entry[1])) if isinstance(entry, tuple) else entry
            for name, entry in shape.items()
        }
        data = tree_bytes(tree)
        self.held[object_id("tree", data)] = tree
        return object_id("tree", data)

    def read(self, tree: Id) -> Tree:
        self.reads.append(tree)
        return self.held[tree]


def flat(trees: Trees, root: Id) -> dict[bytes, Entry | int]:
    """Path to entry; of a folder only its mode, for its content stands beside it."""
    return {
        path: entry.mode if isinstance(entry, Dir) else entry
        for path, entry in walk_tree(trees.read, root)
    }


def applied(onto: dict[bytes, Entry | int], changes: list[TreeChange]) -> dict[bytes, Entry | int]:
    result = dict(onto)
    for change in changes:
        if change.after is None:
            del result[change.path]
        else:
            after = change.after
            result[change.path] = after.mode if isinstance(after, Dir) else after
    return result


@given(roots, roots)
def test_the_difference_applied_gives_the_other(left: Any, right: Any) -> None:
    trees = Trees()
    a, b = trees.add(left), trees.add(right)
    changes = tree_diff(trees.read, a, b)
    assert applied(flat(trees, a), changes) == flat(trees, b)
    assert [c.path for c in changes] == sorted({c.path for c in changes})
    assert all(c.before != c.after for c in changes)
    back = tree_diff(trees.read, b, a)
    assert [(c.path, c.after, c.before) for c in back] == [
        (c.path, c.before, c.after) for c in changes
    ]


@given(roots)
def test_equal_trees_are_not_read(shape: Any) -> None:
    trees = Trees()
    root = trees.add(shape)
    assert tree_diff(trees.read, root, root) == []
    assert trees.reads == []


@given(roots)
def test_every_path_is_found(shape: Any) -> None:
    trees = Trees()
    root = trees.add(shape)
    for path, entry in walk_tree(trees.read, root):
        assert find_entry(trees.read, root, path.split(b"/")) == entry
    assert find_entry(trees.read, root, [b"no", b"such"]) is None


def test_unchanged_folders_are_not_entered() -> None:
    trees = Trees()
    one = File(0o644, 1, object_id("blob", b"1"))
    two = File(0o644, 1, object_id("blob", b"2"))
    same = (0o755, {b"f": one})
    a = trees.add({b"same": same, b"d": (0o755, {b"f": one})})
    b = trees.add({b"same": same, b"d": (0o700, {b"f": two})})
    changes = tree_diff(trees.read, a, b)
    assert [(c.path, c.kind) for c in changes] == [(b"d", "mode"), (b"d/f", "content")]
    assert len(trees.reads) == 4


@given(roots, roots)
def test_renames_pair_equal_blobs_and_lose_nothing(left: Any, right: Any) -> None:
    trees = Trees()
    changes = tree_diff(trees.read, trees.add(left), trees.add(right))
    renames, rest = pair_renames(changes)
    for rename in renames:
        assert rename.before.blob == rename.after.blob
    paths = [r.source for r in renames] + [r.target for r in renames] + [c.path for c in rest]
    assert sorted(paths) == [c.path for c in changes]


def test_a_moved_file_pairs_with_its_own_name_first() -> None:
    trees = Trees()
    same = File(0o644, 1, object_id("blob", b"1"))
    a = trees.add({b"a": same, b"b": same})
    b = trees.add({b"d": (0o755, {b"a": same, b"b": same})})
    renames, rest = pair_renames(tree_diff(trees.read, a, b))
    assert [(r.source, r.target) for r in renames] == [(b"a", b"d/a"), (b"b", b"d/b")]
    assert [c.path for c in rest] == [b"d"]
