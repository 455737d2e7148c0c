"""Well-formedness: what the operations build has no violation, and each break shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.events import OUTCOME_OF, Event
from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.trees import Dir, File, Tree, tree_bytes, tree_id
from shepherd_sidecar.trace.well_formed import Clause, violations


class Model:
    """A store in memory that records whatever it is told to."""

    def __init__(self) -> None:
        self.commits: dict[Id, Commit] = {}
        self.events: dict[Id, Event] = {}
        self.trees: dict[Id, Tree] = {}
        self.blobs: set[Id] = set()

    def add(
        self,
        kind: Any,
        *parents: Id,
        intent: Id | None = None,
        tree: Id | None = None,
        **payload: Any,
    ) -> Id:
        event = Event(kind, payload, "pure", intent)
        self.events[event.id] = event
        commit = Commit(parents, event.id, tree)
        self.commits[commit.id] = commit
        return commit.id

    def deny(self, head: Id, intent: Id) -> Id:
        return self.add(
            "intervention", head, intent=intent, action="verdict", decision="deny", by="x"
        )

    def found(self) -> list[tuple[Clause, Id, Id]]:
        found = violations(
            self.commits, self.events, self.trees.get, lambda blob: blob in self.blobs
        )
        return [(v.clause, v.commit, v.about) for v in found]


@pytest.fixture
def model() -> Model:
    return Model()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 99)), max_size=25))
def test_what_the_operations_build_is_well_formed(steps: list[tuple[int, int]]) -> None:
    """Appends, proposals, denials, resolutions, forks and merges, in any order."""
    model = Model()
    heads = [model.add("run_start", run="r")]
    state: list[dict[Id, str]] = [{}]  # per branch: intent → open, denied or done
    for number, (what, choice) in enumerate(steps):
        b = choice % len(heads)
        open_here = [intent for intent, is_now in state[b].items() if is_now == "open"]
        if what == 0:
            heads[b] = model.add("message", heads[b], n=number)
        elif what == 1:
            heads[b] = model.add("tool_call", heads[b], name="x", n=number)
            state[b][heads[b]] = "open"
        elif what == 2 and open_here:
            intent = open_here[choice % len(open_here)]
            heads[b] = model.add("tool_result", heads[b], intent=intent, status="ok", n=number)
            state[b][intent] = "done"
        elif what == 3 and open_here:
            intent = open_here[choice % len(open_here)]
            heads[b] = model.deny(heads[b], intent)
            heads[b] = model.add("tool_result", heads[b], intent=intent, status="denied", n=number)
            state[b][intent] = "done"
        elif what == 4:
            heads.append(heads[b])
            state.append(dict(state[b]))
        elif what == 5 and len(heads) > 1:
            other = heads[(b + 1) % len(heads)]
            heads[b] = model.add("annotation", heads[b], other, merged=number)
        elif what == 6:
            tree: Tree = {b"a": File(0o644, number, object_id("blob", b"%d" % number))}
            model.trees[tree_id(tree)] = tree
            model.blobs.add(object_id("blob", b"%d" % number))
            heads[b] = model.add("observation", heads[b], tree=tree_id(tree), n=number)
    assert model.found() == []


def test_missing_objects_are_named(model: Model) -> None:
    blob, gone = object_id("blob", b"x"), object_id("tree", tree_bytes({}) + b"x")
    inner: Tree = {b"f": File(0o644, 1, blob)}
    outer: Tree = {b"d": Dir(0o755, tree_id(inner)), b"e": Dir(0o755, gone)}
    model.trees |= {tree_id(inner): inner, tree_id(outer): outer}
    root = model.add("message", x={"$blob": blob})
    child = model.add("message", root, "f" * 64, tree=tree_id(outer))
    assert set(model.found()) == {
        ("missing", root, blob),
        ("missing", child, "f" * 64),
        ("missing", child, blob),
        ("missing", child, gone),
    }
    assert [v.about for v in violations(model.commits, model.events)] == ["f" * 64]
    del model.events[model.commits[root].event]
    assert ("missing", root, model.commits[root].event) in model.found()
    named = model.add("intervention", root, intent="e" * 64)
    assert ("missing", named, "e" * 64) in model.found()


def test_a_commit_is_not_above_itself(model: Model) -> None:
    event = model.commits[model.add("message")].event
    model.commits |= {"a": Commit(("b",), event), "b": Commit(("a",), event)}
    model.commits["c"] = Commit(("b",), event)
    assert model.found() == [("order", at, at) for at in "abc"]


@pytest.mark.parametrize("kind", OUTCOME_OF)
def test_an_outcome_answers_an_intent_of_its_kind_before_it(model: Model, kind: str) -> None:
    root = model.add("run_start")
    intent = model.add(kind, root)
    aside = model.add(OUTCOME_OF[kind], root, intent=intent, status="ok")
    wrong = model.add(
        next(outcome for asked, outcome in OUTCOME_OF.items() if asked != kind),
        intent,
        intent=intent,
        status="ok",
    )
    none = model.add(OUTCOME_OF[kind], intent, status="ok")
    model.add(OUTCOME_OF[kind], intent, intent=intent, status="ok")
    assert set(model.found()) == {
        ("intent", aside, intent),
        ("intent", wrong, intent),
        ("intent", none, none),
    }


def test_no_path_holds_two_outcomes_of_one_intent(model: Model) -> None:
    root = model.add("run_start")
    intent = model.add("tool_call", root)
    first = model.add("tool_result", intent, intent=intent, status="ok")
    model.add("tool_result", intent, intent=intent, status="error")  # another path
    assert model.found() == []
    later = model.add("message", first)
    second = model.add("tool_result", later, intent=intent, status="error")
    assert model.found() == [("twice", second, intent)]


def test_both_halves_of_a_merge_may_hold_an_outcome(model: Model) -> None:
    intent = model.add("tool_call", model.add("run_start"))
    one = model.add("tool_result", intent, intent=intent, status="ok")
    two = model.add("tool_result", intent, intent=intent, status="error")
    model.add("annotation", one, two)
    assert model.found() == []


@pytest.mark.requirement("INTENT-04")
def test_a_denied_intent_has_no_outcome_but_denied(model: Model) -> None:
    intent = model.add("tool_call", model.add("run_start"))
    denied = model.deny(intent, intent)
    model.add("tool_result", denied, intent=intent, status="denied")
    model.add("tool_result", intent, intent=intent, status="ok")  # a path without the verdict
    assert model.found() == []
    ran = model.add("tool_result", denied, intent=intent, status="ok")
    assert model.found() == [("veto", ran, intent)]


def test_a_deny_that_comes_after_an_outcome(model: Model) -> None:
    intent = model.add("tool_call", model.add("run_start"))
    ran = model.add("tool_result", intent, intent=intent, status="ok")
    late = model.deny(ran, intent)
    assert model.found() == [("veto", late, intent)]


@pytest.mark.parametrize("decision", [None, "allow", "override"])
def test_an_outcome_while_the_intent_waits(model: Model, decision: str | None) -> None:
    intent = model.add("tool_call", model.add("run_start"))
    said = {"action": "verdict", "by": "x"}
    head = model.add("intervention", intent, intent=intent, decision="hold", **said)
    if decision is not None:
        head = model.add("intervention", head, intent=intent, decision=decision, **said)
    ran = model.add("tool_result", head, intent=intent, status="ok")
    assert model.found() == ([("veto", ran, intent)] if decision is None else [])
