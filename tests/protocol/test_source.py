"""The METHODS tables and messages themselves: described, consistent, named by the rules."""

from __future__ import annotations

import re
from collections import Counter

import attrs
import pytest

from shepherd_sidecar import errors
from shepherd_sidecar.errors import ShepherdError, error_classes
from shepherd_sidecar.protocol import table
from shepherd_sidecar.protocol.generate.model import MethodRow
from shepherd_sidecar.protocol.generate.read import read
from shepherd_sidecar.protocol.method import wire_name

MODEL = read()
METHODS = {method.name: method for method in MODEL.methods}


def by_name(method: MethodRow) -> str:
    return method.name


@pytest.mark.requirement("WIRE-02")
def test_every_message_and_every_field_is_described() -> None:
    for message in MODEL.messages:
        assert re.match(r"[A-Z`].*\S", message.doc), message.name
        for field in message.fields:
            assert field.doc.strip(), f"{message.name}.{field.name}"
            assert field.doc.rstrip().endswith((".", "...")), f"{message.name}.{field.name}"


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("method", MODEL.methods, ids=by_name)
def test_the_errors_a_method_names_exist(method: MethodRow) -> None:
    assert len(set(method.errors)) == len(method.errors)
    for name in method.errors:
        assert issubclass(getattr(errors, name), ShepherdError)


@pytest.mark.requirement("WIRE-02")
def test_no_two_errors_share_a_code_or_a_name() -> None:
    rows = error_classes()
    assert [code for code, n in Counter(row.code for row in rows).items() if n > 1] == []
    assert len({row.__name__ for row in rows}) == len(rows)


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("row", error_classes(), ids=lambda row: row.__name__)
def test_an_error_says_what_it_is_and_what_to_do(row: type[ShepherdError]) -> None:
    assert row.__doc__ and row.__doc__.strip().endswith(".")
    assert row.hint and not row.hint.endswith(".")
    assert row.code == -32602 or -32050 <= row.code <= -32001


@pytest.mark.parametrize("method", MODEL.methods, ids=by_name)
def test_a_methods_name_follows_from_its_direction(method: MethodRow) -> None:
    namespace, _, verb = method.name.partition("/")
    assert namespace in table.NAMESPACES
    assert re.fullmatch(r"[a-z][a-zA-Z]*", verb)
    if method.direction == "push":
        assert re.fullmatch(r"did[A-Z][a-zA-Z]*", verb)
        assert method.result is None
    else:
        assert not re.match(r"did[A-Z]", verb)
        assert (method.result is None) == (method.direction == "notification")


def test_method_names_are_unique_and_found_by_name() -> None:
    methods = table.all_methods()
    assert len({method.name for method in methods}) == len(methods)
    for method in methods:
        assert table.find(method.name) is method
    for name in ("trace/noSuch", "noSuch/append", "trace", "trace/", "/append", ""):
        assert table.find(name) is None


def test_every_writer_is_kept_from_the_observer() -> None:
    """What is open to the observer only reads; what it reads never needs more than that."""
    asked = {name: m for name, m in METHODS.items() if not name.startswith("supervisor/did")}
    open_to_observers = {
        name for name, m in asked.items() if "observer" in m.roles and m.direction != "ask"
    }
    traces = r"trace/(log|get|diff|search|blame|subscribe|unsubscribe)"
    readers = rf"(run|branch)/(list|get|usage|overlaps)|{traces}|supervisor/(list|attach|detach)"
    worlds = r"world/(processes|output|didCopy)|snapshot/(diff|read)"
    others = rf"blob/get|{worlds}|intervene/held|store/stat|trace/didCommit|editor/[a-zA-Z]+"
    for name in open_to_observers:
        assert re.fullmatch(f"{readers}|{others}", name), name


def test_an_agent_never_decides() -> None:
    """A supervised agent cannot approve itself."""
    for name, method in METHODS.items():
        if name.startswith(("intervene/", "store/", "supervisor/")) and "agent" in method.roles:
            assert "observer" in method.roles, f"{name} is open to agents and is no reader"


def test_wire_names_are_camel_case_and_go_back() -> None:
    for message in MODEL.messages:
        names = [field.name for field in message.fields]
        assert len(set(names)) == len(names)
        for field in message.fields:
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", field.name), f"{message.name}.{field.name}"
            assert wire_name(field.python_name) == field.name


def test_messages_are_immutable_and_cheap() -> None:
    for method in table.all_methods():
        for cls in (method.params, method.result):
            if cls is not None:
                assert attrs.has(cls) and "__dict__" not in dir(cls)


def test_an_optional_field_of_any_json_needs_no_null() -> None:
    """``Any = None`` is enough; ``Any | None`` would say null twice."""
    for message in MODEL.messages:
        for field in message.fields:
            if field.nullable:
                assert not field.required, f"{message.name}.{field.name} may be null and must be"
