"""Two logs side by side."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace import diff
from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.diff import Parting, Row, align, first_difference, first_divergence
from shepherd_sidecar.trace.events import Event
from tests.trace.values import VALUES, json_values

FEW = st.lists(st.sampled_from("abcd"), max_size=12)
SMALL = json_values(st.sampled_from([None, True, 0, 1, 1.0, "", "a"]))


def assert_alignment(left: list[str], right: list[str], rows: list[Row]) -> None:
    """Both orders kept, every entry once, only equal ones on one row."""
    assert [row.left for row in rows if row.left is not None] == list(range(len(left)))
    assert [row.right for row in rows if row.right is not None] == list(range(len(right)))
    for row in rows:
        assert row.left is not None or row.right is not None
        if row.left is not None and row.right is not None:
            assert row.same
            assert left[row.left] == right[row.right]


def longest(left: list[str], right: list[str]) -> int:
    """Length of a longest common subsequence, by the table."""
    above = [0] * (len(right) + 1)
    for a in left:
        row = [0]
        for j, b in enumerate(right):
            row.append(above[j] + 1 if a == b else max(above[j + 1], row[j]))
        above = row
    return above[-1]


@given(FEW, FEW)
def test_an_alignment_is_valid_and_as_good_as_can_be(left: list[str], right: list[str]) -> None:
    rows = align(left, right)
    assert_alignment(left, right, rows)
    assert sum(row.same for row in rows) == longest(left, right)


@given(FEW)
def test_equal_logs_stand_side_by_side(entries: list[str]) -> None:
    assert align(entries, list(entries)) == [Row(i, i) for i in range(len(entries))]


@given(FEW, FEW, FEW)
def test_shared_ends_stay_together(head: list[str], middle: list[str], tail: list[str]) -> None:
    rows = align([*head, "x", *middle, *tail], [*head, "y", *tail])
    assert rows[: len(head)] == [Row(i, i) for i in range(len(head))]
    assert sum(row.same for row in rows) == len(head) + len(tail)


@given(FEW, FEW)
def test_an_alignment_is_valid_beyond_the_limit(left: list[str], right: list[str]) -> None:
    before, diff.PAIRS = diff.PAIRS, 3  # type: ignore[misc]
    try:
        assert_alignment(left, right, align(left, right))
    finally:
        diff.PAIRS = before  # type: ignore[misc]


def test_long_logs_that_repeat_themselves_are_aligned_in_bounded_time() -> None:
    left = ["a", "b"] * 10_000 + ["x"] + [str(i) for i in range(10_000)]
    right = ["b", "a", "a"] * 7_000 + ["y"] + [str(i) for i in range(0, 10_000, 3)] + ["z"]
    start = time.thread_time()
    rows = align(left, right)
    assert time.thread_time() - start < 5
    assert_alignment(left, right, rows)
    assert sum(row.same for row in rows) >= 3_300


@pytest.mark.requirement("TRACE-04")
@given(SMALL, SMALL)
def test_values_differ_somewhere_exactly_when_their_bytes_differ(a: Any, b: Any) -> None:
    path = first_difference(a, b)
    assert (path is None) is (encode(a) == encode(b))
    assert first_difference(b, a) == path


@given(VALUES)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert first_difference(value, value) is None


@pytest.mark.parametrize(
    ("a", "b", "path"),
    [
        (1, 1.0, None),
        (True, 1, "$"),
        ({"b": 1, "a": 2}, {"a": 3, "b": 4}, "$.a"),
        ({"a": 1}, {"a": 1, "b": 2}, "$.b"),
        ({"a": [1, {"x": 2}]}, {"a": [1, {"x": 3}]}, "$.a[1].x"),
        ([1, 2], [1], "$[1]"),
        ([], {}, "$"),
        ({"a b": 1}, {"a b": 2}, '$["a b"]'),
        ({"\uffff": 1, "\U00010000": 1}, {"\uffff": 2, "\U00010000": 2}, '$["\U00010000"]'),
    ],
)
def test_the_path_of_the_first_difference(a: Any, b: Any, path: str | None) -> None:
    assert first_difference(a, b) == path


def said(text: str) -> Event:
    return Event("message", {"role": "user", "content": text}, "pure")


@pytest.mark.requirement("TRACE-04")
def test_where_logs_part() -> None:
    a, b, c = said("a"), said("b"), said("c")
    assert first_divergence([], []) is None
    assert first_divergence([a, b], [said("a"), said("b")]) is None
    assert first_divergence([a, b], [a, c]) == Parting(1, "$.payload.content")
    assert first_divergence([a, b], [a]) == Parting(1, "$")
    assert first_divergence([a], [Event("thought", a.payload, "pure")]) == Parting(0, "$.kind")
    asked = Event("tool_result", {}, "pure", "0" * 64)
    other = Event("tool_result", {}, "pure", "1" * 64)
    assert first_divergence([asked], [other]) == Parting(0, "$.intent")


def test_forgotten_events_are_compared_by_id() -> None:
    a, b = said("a"), said("b")
    assert first_divergence([a.id], [a]) is None
    assert first_divergence([a.id], [a.id]) is None
    assert first_divergence([a.id], [b]) == Parting(0, "$")
    assert first_divergence([a.id], [b.id]) == Parting(0, "$")
