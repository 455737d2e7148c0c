"""Spec/Merge.lean: merge of three workspaces, path by path."""

from __future__ import annotations

from collections.abc import Callable

from tests.lean.spec.objects import Entry, Path, Tree

TextMerge = Callable[[Entry | None, Entry | None, Entry | None], tuple[Entry | None] | None]
"""Of base, ours and theirs; None when it is none."""


def merge_entry(
    text: TextMerge, base: Entry | None, ours: Entry | None, theirs: Entry | None
) -> tuple[Entry | None, bool]:
    """What comes of a path, and whether that is a conflict."""
    if ours == theirs:
        return ours, False
    if ours == base:
        return theirs, False
    if theirs == base:
        return ours, False
    found = text(base, ours, theirs)
    return (ours, True) if found is None else (found[0], False)


def paths(base: Tree, ours: Tree, theirs: Tree) -> tuple[Path, ...]:
    return (*base, *ours, *theirs)


def merged(text: TextMerge, base: Tree, ours: Tree, theirs: Tree) -> Tree:
    made = {}
    for path in paths(base, ours, theirs):
        found, _ = merge_entry(text, base.get(path), ours.get(path), theirs.get(path))
        if found is not None:
            made[path] = found
    return made


def conflicts(text: TextMerge, base: Tree, ours: Tree, theirs: Tree) -> tuple[Path, ...]:
    return tuple(
        path
        for path in paths(base, ours, theirs)
        if merge_entry(text, base.get(path), ours.get(path), theirs.get(path))[1]
    )
