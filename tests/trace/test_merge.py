"""merge3: what both sides did is there, what overlaps is told, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge import Content, Merged, Resolution, merge3, merged_tree
from shepherd_sidecar.trace.merge_text import Hunk, is_text, merge_text
from shepherd_sidecar.trace.tree_diff import tree_diff
from shepherd_sidecar.trace.tree_patch import spelling
from shepherd_sidecar.trace.trees import Dir, File
from tests.trace.forest import Forest, Spec, disjoint, specs, versions

ABC = b"a\nb\nc\nd\ne\n"


def merge(
    forest: Forest, base: Spec, onto: Spec, branch: Spec, **resolve: Resolution
) -> tuple[Merged, Id]:
    by_path = {path.replace("__", "/").encode(): how for path, how in resolve.items()}
    trees = forest.plant(base), forest.plant(onto), forest.plant(branch)
    merged = merge3(forest.objects, *trees, by_path)
    return merged, merged_tree(forest.read, spelling(forest.add_tree), trees[1], merged)


def same(forest: Forest, tree: Id, spec: Spec) -> None:
    assert forest.flat(tree) == forest.flat(forest.plant(spec))


# --- what is meant, by example ------------------------------------------------------------


def test_one_sided_changes_are_taken_and_both_sides_lines_come_together() -> None:
    forest = Forest()
    merged, tree = merge(
        forest,
        {"f": ABC, "gone": b"x", "dir": {"in": b"1"}},
        {"f": b"A\n" + ABC[2:], "gone": b"x", "dir": {"in": b"1", "ours": b"2"}},
        {"f": ABC + b"f\n", "dir": {"in": b"9"}, "new": {"deep": {"er": b"3"}}},
    )
    assert merged.conflicts == ()
    same(forest, tree, {
        "f": b"A\nb\nc\nd\ne\nf\n",
        "dir": {"in": b"9", "ours": b"2"},
        "new": {"deep": {"er": b"3"}},
    })  # fmt: skip


def test_the_same_lines_changed_differently_are_a_conflict_down_to_the_hunk() -> None:
    forest = Forest()
    merged, tree = merge(forest, {"f": ABC}, {"f": b"a\nB\nc\nd\ne\n"}, {"f": b"a\nX\nc\nd\nE\n"})
    [conflict] = merged.conflicts
    assert (conflict.path, conflict.why) == (b"f", "content")
    assert conflict.hunks == (Hunk((1, 2), (1, 2), (1, 2)),)
    assert forest.text(tree, "f") == b"a\nB\nc\nd\ne\n", "onto's text stands until resolved"


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ("onto", b"a\nB\nc\nd\ne\n"),
        ("branch", b"a\nX\nc\nd\nE\n"),
        ("base", ABC),
        (("onto",), b"a\nB\nc\nd\nE\n"),
        (("branch",), b"a\nX\nc\nd\nE\n"),
        (("both",), b"a\nB\nX\nc\nd\nE\n"),
        (("base",), b"a\nb\nc\nd\nE\n"),
        (Content(b"mine"), b"mine"),
    ],
)
def test_a_conflict_is_resolved_whole_or_by_hunk(how: Resolution, text: bytes) -> None:
    forest = Forest()
    merged, tree = merge(
        forest, {"f": ABC}, {"f": b"a\nB\nc\nd\ne\n"}, {"f": b"a\nX\nc\nd\nE\n"}, f=how
    )
    assert merged.conflicts == ()
    assert forest.text(tree, "f") == text


@pytest.mark.parametrize(
    ("base", "onto", "branch", "path", "why"),
    [
        ({"f": b"\0a"}, {"f": b"\0b"}, {"f": b"\0c"}, "f", "binary"),
        ({"f": ABC}, {}, {"f": b"edited\n"}, "f", "modifyDelete"),
        ({"f": ABC}, {"f": b"edited\n"}, {}, "f", "modifyDelete"),
        ({}, {"f": b"one\n"}, {"f": b"two\n"}, "f", "addAdd"),
        ({"f": "here"}, {"f": "there"}, {"f": "elsewhere"}, "f", "link"),
        ({"f": ABC}, {"f": "here"}, {"f": b"edited\n"}, "f", "kind"),
        ({"d": {"f": ABC}}, {"d": b"file\n"}, {"d": {"f": b"edited\n"}}, "d", "kind"),
        ({"d": {"f": ABC}}, {"d": {"f": b"edited\n"}}, {"d": b"file\n"}, "d", "kind"),
        ({}, {"d": b"file\n"}, {"d": {"f": b"x\n"}}, "d", "kind"),
        ({"f": ABC}, {"g": ABC}, {}, "g", "renameDelete"),
        ({"f": ABC}, {}, {"g": ABC}, "g", "renameDelete"),
        ({"f": ABC}, {"g": ABC}, {"h": ABC}, "g", "renameRename"),
    ],
)
def test_what_overlaps_is_reported(
    base: Spec, onto: Spec, branch: Spec, path: str, why: str
) -> None:
    forest = Forest()
    merged, _ = merge(forest, base, onto, branch)
    assert [(c.path.decode(), c.why) for c in merged.conflicts] == [(path, why)]
    for how, side in (("onto", onto), ("branch", branch)):
        merged, tree = merge(forest, base, onto, branch, **{path: how})
        assert merged.conflicts == ()
        if why != "renameRename":
            same(forest, tree, side)


def test_an_edit_follows_a_rename_on_either_side() -> None:
    forest = Forest()
    for onto, branch in (
        ({"g": ABC}, {"f": ABC + b"f\n"}),
        ({"f": ABC + b"f\n"}, {"g": ABC}),
        ({"g": b"A\n" + ABC[2:]}, {"f": ABC + b"f\n"}),
    ):
        merged, tree = merge(forest, {"f": ABC}, onto, branch)
        assert merged.conflicts == ()
        assert set(forest.flat(tree)) == {"g"}
        assert forest.text(tree, "g").endswith(b"e\nf\n")
    merged, tree = merge(
        forest, {"f": ABC}, {"d": {"g": b"X\nb\nc\nd\ne\n"}}, {"f": b"Y\n" + ABC[2:]}
    )
    [conflict] = merged.conflicts
    assert (conflict.path, conflict.names) == (b"d/g", (b"f", b"d/g", b"f"))


def test_a_folder_that_went_comes_back_for_what_was_added_in_it() -> None:
    forest = Forest()
    for onto, branch in (
        ({}, {"d": {"f": ABC, "new": b"n\n"}}),
        ({"d": {"f": ABC, "new": b"n\n"}}, {}),
    ):
        merged, tree = merge(forest, {"d": {"f": ABC}}, onto, branch)
        assert merged.conflicts == ()
        same(forest, tree, {"d": {"new": b"n\n"}})


@pytest.mark.requirement("SETTLE-01")
@pytest.mark.parametrize("distinct", [120, 1000])
def test_texts_that_repeat_themselves_come_together_in_bounded_time(distinct: int) -> None:
    """Comparing these as difflib does takes many minutes."""
    old = [b"%d\n" % (number % distinct) for number in range(40_000)]
    left, right = list(old), list(old)
    left[3:20_000:7] = [b"left %d\n" % (n % 50) for n in range(len(left[3:20_000:7]))]
    right[20_100::7] = [b"right %d\n" % (n % 50) for n in range(len(right[20_100::7]))]
    for mine, wanted in ((old, right), (left, [*left[:20_000], *right[20_000:]])):
        made = merge_text(*(b"".join(lines) for lines in (old, mine, right)))
        assert made.data == b"".join(wanted)


def test_a_file_without_its_last_line_end_does_not_run_into_the_other_side() -> None:
    text = merge_text(b"a", b"x", b"y", ("both",))
    assert text.data == b"x\ny"
    assert not is_text(b"\0") and is_text(b"")


# --- laws -----------------------------------------------------------------------------------


@given(specs, specs)
def test_a_side_that_did_nothing_changes_nothing(left: Spec, right: Spec) -> None:
    forest = Forest()
    merged, tree = merge(forest, left, right, left)
    assert (merged.changes, merged.conflicts) == ((), ())
    merged, tree = merge(forest, left, left, right)
    assert merged.conflicts == ()
    same(forest, tree, right)
    merged, tree = merge(forest, left, right, right)
    assert (merged.changes, merged.conflicts) == ((), ())


@pytest.mark.requirement("MERGE-01")
@given(versions())
def test_the_order_of_the_sides_does_not_matter(made: tuple[Spec, Spec, Spec]) -> None:
    forest, (base, left, right) = Forest(), made
    one, one_tree = merge(forest, base, left, right)
    two, two_tree = merge(forest, base, right, left)
    assert bool(one.conflicts) == bool(two.conflicts)
    if not one.conflicts:
        assert forest.flat(one_tree) == forest.flat(two_tree)


@pytest.mark.requirement("MERGE-01")
@given(disjoint())
def test_disjoint_changes_merge_clean_and_all_are_there(made: tuple[Spec, Spec, Spec]) -> None:
    forest, (base, left, right) = Forest(), made
    trees = [forest.plant(spec) for spec in (base, left, right)]
    ours, theirs = (tree_diff(forest.read, trees[0], tree) for tree in trees[1:])
    merged, tree = merge(forest, base, left, right)
    assert merged.conflicts == ()
    back, back_tree = merge(forest, base, right, left)
    assert (back.conflicts, back_tree) == ((), tree)
    got = forest.flat(tree)
    for change in (*ours, *theirs):
        after = change.after
        if after is None:
            assert change.path.decode() not in got
        else:
            seen = got[change.path.decode()]
            assert seen == (Dir(after.mode, "") if isinstance(after, Dir) else after)


@pytest.mark.requirement("MERGE-02")
@given(versions())
def test_no_bytes_of_either_side_are_lost_in_silence(made: tuple[Spec, Spec, Spec]) -> None:
    """Every file either side made or changed is in the result, merged into it, or told."""
    forest, (base, left, right) = Forest(), made
    trees = [forest.plant(spec) for spec in (base, left, right)]
    merged, tree = merge(forest, base, left, right)
    told = {name for c in merged.conflicts for name in (c.path, *c.names)}
    got = forest.flat(tree)
    in_both = {c.path for c in tree_diff(forest.read, trees[0], trees[1])} & {
        c.path for c in tree_diff(forest.read, trees[0], trees[2])
    }
    # What the base had already is not of either side: only moved, it may well change.
    kept = {
        entry.blob
        for entry in (*got.values(), *forest.flat(trees[0]).values())
        if isinstance(entry, File)
    }
    for side in trees[1:]:
        for change in tree_diff(forest.read, trees[0], side):
            if not isinstance(change.after, File) or not change.after.size:
                continue
            spelt = change.path
            covered = any(spelt == at or spelt.startswith(at + b"/") for at in told)
            assert covered or change.after.blob in kept or spelt in in_both or _lines_kept(
                forest, change.after, got
            ), (spelt, merged)  # fmt: skip


@pytest.mark.requirement("MERGE-03")
@given(versions(), st.sampled_from(["onto", "branch", "base"]))
def test_every_conflict_can_be_resolved_by_a_side(
    made: tuple[Spec, Spec, Spec], side: Resolution
) -> None:
    forest, (base, left, right) = Forest(), made
    trees = forest.plant(base), forest.plant(left), forest.plant(right)
    merged = merge3(forest.objects, *trees)
    again = merge3(forest.objects, *trees, {c.path: side for c in merged.conflicts})
    assert again.conflicts == ()
    merged_tree(forest.read, spelling(forest.add_tree), trees[1], again)


def _lines_kept(forest: Forest, file: File, got: dict[str, object]) -> bool:
    lines = set(forest.kept[file.blob].splitlines())
    return any(
        isinstance(entry, File) and lines <= set(forest.kept[entry.blob].splitlines())
        for entry in got.values()
    )
