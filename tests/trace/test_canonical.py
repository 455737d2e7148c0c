"""Canonical JSON: one value, one byte string, and nothing else gets in."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.canonical import MAX_DEPTH, SAFE_INTEGER, check, decode, encode
from tests.trace.values import NUMBERS, TEXTS, VALUES, json_values

SMALL = json_values(st.sampled_from([None, True, False, 0, 1, 1.0, -0.0, 0.5, "", "a", "1"]))
BAD = [
    (SAFE_INTEGER + 1, "integer beyond"),
    (-(2**70), "integer beyond"),
    (float("nan"), "NaN"),
    (float("-inf"), "NaN and infinities"),
    (1e17, "whole number beyond"),
    (9007199254740994.0, "whole number beyond"),
    ("\ud800", "lone surrogate"),
    ("a\udfff", "lone surrogate"),
    (b"x", "bytes is not JSON"),
    ((1,), "tuple is not JSON"),
    (Decimal(1), "Decimal is not JSON"),
]


def same(a: Any, b: Any) -> bool:
    """Whether two values mean the same: numbers by value, everything else by kind and parts."""
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and bool(a == b)


@pytest.mark.requirement("OBJECT-02")
@given(VALUES)
@example({"\U00010000": 1, "\uffff": 2})
@example([1e21, 1e-7, 0.001, 1e15, 123456.75, -0.0, 5e-324, 1.7976931348623157e308])
def test_encoding_is_that_of_rfc_8785_and_reads_back(value: Any) -> None:
    check(value)
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert same(decode(data), value)
    assert encode(decode(data)) == data


@given(NUMBERS)
def test_every_number_has_the_spelling_of_rfc_8785(number: float) -> None:
    assert encode([number]) == rfc8785.dumps([number])


@given(SMALL, SMALL)
def test_encoding_is_injective(a: Any, b: Any) -> None:
    assert (encode(a) == encode(b)) is same(a, b)


@st.composite
def flawed(draw: st.DrawFn) -> tuple[Any, str]:
    """A value with one bad part, and the path to it."""
    part, _ = draw(st.sampled_from(BAD))
    path = ""
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            before, after = draw(st.lists(VALUES, max_size=2)), draw(st.lists(VALUES, max_size=2))
            part, path = [*before, part, *after], f"[{len(before)}]{path}"
        else:
            key = draw(TEXTS)
            part = {**draw(st.dictionaries(TEXTS, VALUES, max_size=2)), key: part}
            path = canonical.member("", key) + path
    return part, f"${path}"


@pytest.mark.requirement("SHAPE-05", "SHAPE-06")
@given(flawed())
def test_what_has_no_canonical_bytes_is_refused_with_its_path(drawn: tuple[Any, str]) -> None:
    value, path = drawn
    with pytest.raises(InvalidParams) as caught:
        check(value)
    assert [error["path"] for error in caught.value.data["errors"]] == [path]


@pytest.mark.parametrize(("value", "why"), BAD)
def test_every_refusal_says_why(value: Any, why: str) -> None:
    with pytest.raises(InvalidParams, match=why):
        check({"a": [value]})


def test_names_are_texts() -> None:
    with pytest.raises(InvalidParams, match="object keys are strings"):
        check({1: 2})
    with pytest.raises(InvalidParams, match="its name"):
        check({"\ud800": 1})


@pytest.mark.parametrize("wrap", [lambda part: [part], lambda part: {"a": part}])
def test_depth_is_bounded(wrap: Any) -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = wrap(value)
    check(value)
    assert decode(encode(value)) == value
    with pytest.raises(InvalidParams, match="nested deeper"):
        check(wrap(value))
    for _ in range(100_000):
        value = wrap(value)
    with pytest.raises(InvalidParams, match="nested deeper"):
        check(value)
    while value != 1:  # taken apart by hand: the collector would recurse
        value = value["a"] if isinstance(value, dict) else value[0]


ANYTHING = json_values(
    st.none() | st.text(max_size=3) | st.integers() | st.floats() | st.binary(max_size=1)
)


@given(ANYTHING | st.text(st.characters(), max_size=3))
def test_the_quick_check_and_the_one_with_paths_agree(value: Any) -> None:
    accepted = canonical._accepted(value, MAX_DEPTH)
    assert accepted is (canonical._fault(value, "$", MAX_DEPTH) is None)


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("a", "$.a"),
        ("client-id", "$.client-id"),
        ("a b", '$["a b"]'),
        ("", '$[""]'),
        ("é", '$["é"]'),
    ],
)
def test_paths_name_members_readably(key: str, path: str) -> None:
    assert canonical.member("$", key) == path


def test_minus_zero_is_zero() -> None:
    assert encode(-0.0) == encode(0) == b"0"
    assert math.copysign(1, decode(encode(-0.0))) == 1
