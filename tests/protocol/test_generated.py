"""The generated files: current, valid in their own language, linked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shepherd_sidecar.errors import error_classes
from shepherd_sidecar.protocol.generate import __main__ as command
from shepherd_sidecar.protocol.generate.model import COMMAND
from shepherd_sidecar.protocol.generate.outputs import outputs
from shepherd_sidecar.protocol.generate.read import read
from tests.protocol.schema import GENERATED, SCHEMA, is_valid

MODEL = read()


@pytest.mark.requirement("WIRE-01")
def test_the_generated_files_are_current() -> None:
    assert command.stale(command.ROOT) == [], f"run {COMMAND}"


@pytest.mark.requirement("WIRE-01")
def test_check_names_what_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = ["--out", str(tmp_path)]
    assert command.main(there) == 0
    written = capsys.readouterr().out.split()
    assert command.main([*there, "--check"]) == 0
    (tmp_path / written[0]).write_text("something else")
    (tmp_path / written[1]).unlink()
    assert command.main([*there, "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [f"stale: {name}" for name in written[:2]]


def test_nothing_else_lies_among_the_generated_files() -> None:
    known = {command.ROOT / name for name in outputs(MODEL)}
    found = {path for path in GENERATED.rglob("*") if path.is_file()}
    assert found <= known, f"no longer generated: {found - known}"


@pytest.mark.parametrize("name", sorted(outputs(MODEL)))
def test_each_file_names_its_generator_at_its_top(name: str) -> None:
    text = (command.ROOT / name).read_text("utf-8")
    assert COMMAND in text[:300]
    assert text.endswith("\n") and "\r" not in text


def test_the_schema_is_json_schema_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for reference in references(SCHEMA):
        assert reference.removeprefix("#/$defs/") in SCHEMA["$defs"], reference


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        here = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return here + [found for value in part.values() for found in references(value)]
    if isinstance(part, list):
        return [found for value in part for found in references(value)]
    return []


@pytest.mark.parametrize(
    ("name", "value", "valid"),
    [
        ("Id", "0" * 64, True),
        ("Id", "0" * 63, False),
        ("Id", "A" * 64, False),
        ("Id", "0" * 64 + "\n", False),
        ("Json", {"a": [2**53 - 1, 1.5, None, 1e300]}, True),
        ("Json", {"a": [2**53]}, False),
        ("Json", [1e17], False),
        ("Integer", True, False),
        ("Number", 1e21, True),
        ("Number", False, False),
        ("trace.log.request", {"jsonrpc": "2.0", "id": 1, "method": "trace/log"}, False),
        (
            "trace.log.request",
            {"jsonrpc": "2.0", "id": "a", "method": "trace/log", "params": {"branch": "main"}},
            True,
        ),
        (
            "trace.log.request",
            {"jsonrpc": "2.0", "id": 1.5, "method": "trace/log", "params": {}},
            False,
        ),
        (
            "trace.log.request",
            {"jsonrpc": "2.0", "method": "trace/log", "params": {"branch": "main"}},
            False,
        ),
        ("Response", {"jsonrpc": "2.0", "id": 1, "result": {}}, True),
        ("Response", {"jsonrpc": "2.0", "id": 1}, False),
        (
            "Response",
            {"jsonrpc": "2.0", "id": 1, "result": {}, "error": {"code": 1, "message": ""}},
            False,
        ),
        ("ErrorObject", {"code": -32003, "message": "x"}, False),
        (
            "ErrorObject",
            {"code": -32003, "message": "x", "data": {"name": "HeadMoved", "hint": "y", "head": 1}},
            True,
        ),
        (
            "ErrorObject",
            {"code": -32003, "message": "x", "data": {"name": "UnknownRun", "hint": "y"}},
            False,
        ),
    ],
)
def test_what_the_shared_definitions_accept(name: str, value: Any, valid: bool) -> None:
    assert is_valid(name, value) is valid


@pytest.mark.parametrize("row", error_classes(), ids=lambda row: row.__name__)
def test_every_error_we_raise_fits_the_schema(row: Any) -> None:
    error = row("what happened")
    data = error.wire_data()
    assert is_valid("ErrorObject", {"code": row.code, "message": error.message, "data": data})


def test_the_metamodel_holds_all_that_the_other_files_say() -> None:
    metamodel = json.loads((GENERATED / "metamodel.json").read_text("utf-8"))
    messages = {message["name"] for message in metamodel["messages"]}
    for method in metamodel["methods"]:
        assert method["params"] in messages
        assert method["result"] is None or method["result"] in messages
    assert messages <= set(SCHEMA["$defs"])
    types = (GENERATED / "protocol.ts").read_text("utf-8")
    for name in messages:
        assert f"export interface {name} {{" in types


def test_the_types_know_every_method_and_error_code() -> None:
    types = (GENERATED / "protocol.ts").read_text("utf-8")
    for method in MODEL.methods:
        assert f'\n  "{method.name}": {{ params: {method.params}' in types
    for error in MODEL.errors:
        assert f"\n  {error.name}: {error.code}," in types


def test_links_inside_the_reference_lead_to_one_place() -> None:
    page = (GENERATED / "reference.md").read_text("utf-8")
    anchors = re.findall(r'<a id="([^"]+)">', page)
    for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE):
        anchors.append(re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-"))
    assert len(set(anchors)) == len(anchors)
    for target in re.findall(r"\]\(#([^)]+)\)", page):
        assert target in anchors, target
