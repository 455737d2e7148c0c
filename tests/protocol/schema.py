"""Validation against the generated JSON Schema, by the name of a definition."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

PAGES = Path(__file__).resolve().parents[2] / "protocol"
GENERATED = PAGES / "generated"
SCHEMA: dict[str, Any] = json.loads((GENERATED / "schema.json").read_text("utf-8"))


def is_valid(definition: str, value: Any) -> bool:
    """Whether a value fits a definition such as ``trace.append.params``."""
    return bool(validator(definition).is_valid(value))


def faults(definition: str, value: Any) -> list[str]:
    """What is wrong with a value, for messages."""
    return [
        f"{error.json_path}: {error.message}" for error in validator(definition).iter_errors(value)
    ]


@cache
def validator(definition: str) -> Draft202012Validator:
    assert definition in SCHEMA["$defs"], definition
    top = {"$schema": SCHEMA["$schema"], "$ref": f"#/$defs/{definition}", "$defs": SCHEMA["$defs"]}
    return Draft202012Validator(top)
