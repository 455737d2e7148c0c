"""Trees that are known already: what is made from them is what is made without knowing."""

from __future__ import annotations

from hypothesis import given

from shepherd_sidecar.trace.merge import Objects as Contents
from shepherd_sidecar.trace.merge import merge3, merged_tree
from shepherd_sidecar.trace.tree_patch import spelling
from shepherd_sidecar.trace.trees import parse_tree
from shepherd_sidecar.worlds.parsed import Parsed
from tests.support.objects import MemoryObjects
from tests.trace.forest import Forest, Spec, versions


@given(versions(), versions())
def test_a_tree_made_from_known_ones_has_the_same_id(
    first: tuple[Spec, Spec, Spec], second: tuple[Spec, Spec, Spec]
) -> None:
    forest, objects, parsed = Forest(), MemoryObjects(), Parsed()
    for specs in (first, second, first):  # the last time everything is known
        base, onto, branch = map(forest.plant, specs)
        objects.held.update((("tree", name), data) for name, data in forest.kept.items())
        read = parsed.reader(objects)
        merged = merge3(forest.objects, base, onto, branch)
        known = merge3(Contents(read, forest.kept.__getitem__, forest.add_blob), base, onto, branch)
        assert known == merged
        made = merged_tree(read, parsed.adder(objects), onto, merged)
        assert made == merged_tree(forest.read, spelling(forest.add_tree), onto, merged)
        assert parse_tree(objects.held["tree", made]) == read(made)
