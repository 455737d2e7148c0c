"""The Spec that Lean proves things of, beside the running sidecar: they say the same.

``SHEPHERD_EXAMPLES=2000 pytest tests/lean/test_tie.py`` looks longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.lean import mutants, vectors
from tests.lean.cases import KINDS, START, choose, from_json, to_json
from tests.lean.driver import Both, Served, carry_out
from tests.support.wire import WireError

EXAMPLES = int(os.environ.get("SHEPHERD_EXAMPLES", "60"))
SEEN = (AssertionError, WireError)
"""It differs, does not answer, or sees it itself: a commit of another name."""
numbers = st.lists(st.integers(0, 63), min_size=16, max_size=16)


class SpecAndSidecar(RuleBasedStateMachine):
    """Requests to both, of any kind, in any order."""

    served: Served

    @initialize(workspace=st.booleans())
    def begin(self, workspace: bool) -> None:
        self.both = Both(self.served, START if workspace else None)

    @rule(kind=st.sampled_from(sorted(set(KINDS))), drawn=numbers)
    def ask(self, kind: str, drawn: list[int]) -> None:
        op = choose(self.both.spec.desk, kind, drawn)
        if op is not None:
            self.both.play(op)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("tie") / ".shepherd") as made:
        yield made


@pytest.mark.requirement("APPEND-14", "INTENT-04", "FORK-01", "RESTORE-01")
@pytest.mark.timeout(600)
def test_the_sidecar_does_what_the_spec_says(served: Served) -> None:
    machine = type("Machine", (SpecAndSidecar,), {"served": served})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(600)
def test_the_vectors_are_what_the_sidecar_answers_now(served: Served) -> None:
    """So what Lean decides of them, it decides of this program."""
    for name, text in vectors.written(served).items():
        there = (vectors.FOLDER / name).read_text("utf-8")
        assert text == there, f"{name} is stale: python -m tests.lean.vectors writes it anew"


def test_a_case_is_what_its_file_says() -> None:
    cases = vectors.corpus()
    assert len(cases) >= 300
    assert [from_json(to_json(case)) for case in cases] == cases


@pytest.mark.parametrize("name", mutants.CAUGHT_BY)
@pytest.mark.timeout(120)
def test_a_program_that_does_something_else_is_caught(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = vectors.corpus()
    store = tmp_path_factory.mktemp("mutant") / ".shepherd"
    with Served(store, mutants.program(name), 5.0) as served, pytest.raises(SEEN) as caught:
        for index in mutants.CAUGHT_BY[name]:
            carry_out(served, cases[index])
    assert str(caught.value)


def test_there_are_twenty_and_each_is_known() -> None:
    known: dict[str, Any] = mutants.MUTANTS
    assert len(known) >= 20
    assert known.keys() == mutants.CAUGHT_BY.keys()
