"""Between JSON and messages: strict, with paths, and back."""

from __future__ import annotations

import time
from typing import Any, Literal

import pytest

from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.converter import structure, unstructure
from shepherd_sidecar.protocol.method import message
from shepherd_sidecar.protocol.table import all_methods
from shepherd_sidecar.protocol.traces import AppendParams, NewEvent


@message
class Leaf:
    """A leaf."""

    kind: Literal["a", "b"]
    """Word."""
    at: str | int = 0
    """Either."""


@message
class Whole:
    """One field of each type."""

    name: str
    """Text."""
    from_: str | None = None
    """Reserved."""
    leaf_list: list[Leaf] | None = None
    """Nested."""
    numbers: dict[str, int] | None = None
    """Typed values."""
    ratio: float = 1.0
    """Number."""
    limit: int = 7
    """Defaulted."""
    pair: tuple[str, ...] = ()
    """Tuple."""
    what: Any = None
    """Anything."""
    members: dict[str, Any] | None = None
    """Kept."""
    choice: Leaf | list[str] | None = None
    """A union over JSON types."""


def faults(value: Any, cls: type = Whole) -> dict[str, str]:
    with pytest.raises(InvalidParams) as caught:
        structure(value, cls)
    return {one["path"]: one["message"] for one in caught.value.data["errors"]}


def test_wire_names_are_camel_case_both_ways() -> None:
    wire = {"name": "n", "from": "f", "leafList": [{"kind": "a", "at": "x"}], "numbers": {"a": 1}}
    got = structure(wire, Whole)
    assert (got.from_, got.leaf_list[0].at) == ("f", "x")  # type: ignore[index]
    assert unstructure(got) == {**wire, "ratio": 1.0, "limit": 7, "pair": ()}


def test_only_none_defaults_are_left_out() -> None:
    assert unstructure(Leaf("a")) == {"kind": "a", "at": 0}
    assert unstructure(structure({"name": "n", "what": None}, Whole)) == {
        "name": "n",
        "ratio": 1.0,
        "limit": 7,
        "pair": (),
    }


def test_payloads_are_the_very_objects() -> None:
    payload = {"jsonrpc": "2.0", "deep": [{"x": 2**70}]}
    got = structure({"name": "n", "what": payload, "members": payload}, Whole)
    assert got.what is payload
    assert got.members is payload
    assert unstructure(got)["what"] is payload


@pytest.mark.requirement("SHAPE-01")
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", 5, "expected string, got integer"),
        ("name", None, "expected string, got null"),
        ("limit", True, "expected integer, got boolean"),
        ("limit", "7", 'expected integer, got string "7"'),
        ("limit", 7.0, "expected integer, got number"),
        ("ratio", False, "expected number, got boolean"),
        ("leafList", "abc", 'expected array of object, got string "abc"'),
        ("leafList", {"kind": "a"}, "expected array of object, got object"),
        ("numbers", [], "expected object, got array"),
        ("members", 1, "expected object, got integer"),
        ("pair", "ab", 'expected array of string, got string "ab"'),
        ("choice", 1, "expected object or array of string or null, got integer"),
    ],
)
def test_nothing_is_coerced(field: str, value: Any, said: str) -> None:
    assert faults({"name": "n", field: value})[f"$.{field}"] == said


@pytest.mark.requirement("SHAPE-02", "SHAPE-03")
def test_every_fault_is_found_with_its_path() -> None:
    found = faults(
        {
            "leafList": [{"kind": "a"}, {"kind": "B", "at": []}, {"knd": "a"}, 5],
            "numbers": {"one": 1, "two": "2"},
            "choice": ["a", 1],
            "nmae": "n",
        }
    )
    assert found["$.name"] == "missing; expected string"
    assert found["$.nmae"] == "unknown field; did you mean 'name'?"
    assert "expected one of 'a', 'b', got string \"B\"" in found["$.leafList[1].kind"]
    assert found["$.leafList[1].at"] == "expected string or integer, got array"
    assert found["$.leafList[2].kind"].startswith("missing")
    assert found["$.leafList[2].knd"] == "unknown field; did you mean 'kind'?"
    assert found["$.leafList[3]"] == "expected object, got integer"
    assert found["$.numbers.two"] == 'expected integer, got string "2"'
    assert found["$.choice[1]"] == "expected string, got integer"


@pytest.mark.parametrize("value", [None, [], "x", 5, True])
def test_params_are_an_object(value: Any) -> None:
    assert list(faults(value)) == ["$"]


def test_a_long_string_is_not_repeated() -> None:
    assert (
        faults({"name": "n", "limit": "secret" * 100})["$.limit"] == "expected integer, got string"
    )


def test_int_is_kept_where_a_float_is_asked() -> None:
    assert type(structure({"name": "n", "ratio": 2}, Whole).ratio) is int


@pytest.mark.requirement("SHAPE-05")
@pytest.mark.parametrize("field", ["limit", "ratio"])
@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64, 10**30])
def test_whole_numbers_beyond_the_safe_range_are_refused(field: str, number: int) -> None:
    said = faults({"name": "n", field: number})[f"$.{field}"]
    assert said == "integer beyond ±(2^53-1); send it as a string"


@pytest.mark.requirement("SHAPE-08")
def test_null_means_left_out() -> None:
    assert unstructure(structure({"name": "n", "from": None, "choice": None}, Whole)) == (
        unstructure(structure({"name": "n"}, Whole))
    )


def test_every_message_of_the_table_has_its_converters() -> None:
    for method in all_methods():
        with pytest.raises(InvalidParams):
            structure({"noSuchField": 1}, method.params)
        if method.result is not None:
            with pytest.raises(InvalidParams):
                structure({"noSuchField": 1}, method.result)


def test_a_batch_of_events_costs_little() -> None:
    """A guard against falling off the generated road, an order of magnitude wide."""
    event = {"kind": "tool_call", "payload": {"a": 1}, "clientId": "c", "effect": "pure"}
    params = {"branch": "b", "events": [event] * 100}
    first = structure(params, AppendParams)
    assert all(type(one) is NewEvent for one in first.events)
    best = min(_timed(params) for _ in range(20))
    assert best / 100 < 40e-6


def _timed(params: Any) -> float:
    start = time.thread_time()
    structure(params, AppendParams)
    return time.thread_time() - start
