"""Values that fit a type, and values that nearly do.

Layer: protocol. Every choice is fixed, so that the vectors are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from shepherd_sidecar.protocol.generate.model import (
    Array,
    Base,
    Enum,
    Field,
    Map,
    Message,
    Model,
    Ref,
    Type,
)
from shepherd_sidecar.trace.canonical import SAFE_INTEGER
from shepherd_sidecar.trace.ids import object_id

SAMPLE_ID: Final = object_id("blob", b"sample")
_TIME: Final = "2026-01-02T03:04:05.678Z"
_BY_NAME: Final[dict[str, str]] = {
    "at": "main",
    "branch": "main",
    "by": "reviewer",
    "clientId": "step-1",
    "cursor": "42",
    "data": "aGVsbG8=",
    "deadline": _TIME,
    "into": "main-replay",
    "left": "main",
    "nextCursor": "42",
    "onto": "main",
    "path": "src/app.py",
    "right": "main-2",
    "run": "run-1",
    "since": _TIME,
    "startedAt": _TIME,
    "undoUntil": _TIME,
    "workspace": "/work/project",
}


def complete(model: Model, message: Message) -> dict[str, Any]:
    """A message with every field."""
    return {field.name: sample(model, field.type, field.name) for field in message.fields}


def minimal(model: Model, message: Message) -> dict[str, Any]:
    """A message with its required fields only."""
    return {
        field.name: sample(model, field.type, field.name, full=False)
        for field in message.fields
        if field.required
    }


def sample(model: Model, kind: Type, name: str = "", *, full: bool = True) -> Any:
    """One value of a type; ``name`` of the field makes a string plausible."""
    if isinstance(kind, Base):
        return _base(kind, name)
    if isinstance(kind, Enum):
        return kind.values[0]
    if isinstance(kind, Array):
        return [sample(model, kind.element, name, full=full)]
    if isinstance(kind, Map):
        return {"name": sample(model, kind.value, name, full=full)}
    inner = model.message(kind.name)
    return complete(model, inner) if full else minimal(model, inner)


def _base(kind: Base, name: str) -> Any:
    if kind.name == "string":
        return _BY_NAME.get(name, f"a {name}" if name else "text")
    return {
        "integer": 3,
        "number": 1.5,
        "boolean": True,
        "id": SAMPLE_ID,
        "json": {"text": "grüße \U0001f411", "list": [1, -0.5, None, True], "$blob": SAMPLE_ID},
    }[kind.name]


def edges(model: Model, kind: Type) -> Iterator[tuple[Any, str]]:
    """Further values of a type that must be accepted, with why each is worth trying."""
    if isinstance(kind, Enum):
        yield from ((value, f'the value "{value}"') for value in kind.values[1:])
    elif isinstance(kind, (Array, Map)):
        yield ([] if isinstance(kind, Array) else {}), "empty"
    elif isinstance(kind, Base):
        yield from _base_edges(kind)


def _base_edges(kind: Base) -> Iterator[tuple[Any, str]]:
    if kind.name == "string":
        yield "", "an empty string"
        yield "\U0001f411 \u0000 \u2028 é", "text beyond ASCII, NUL and a line separator"
    elif kind.name == "integer":
        yield 0, "zero"
        yield SAFE_INTEGER, "the largest whole number"
        yield -SAFE_INTEGER, "the smallest whole number"
    elif kind.name == "number":
        yield 2, "a number without a fraction"
        yield 1e-9, "a small number"
    elif kind.name == "boolean":
        yield False, "false"
    elif kind.name == "json":
        yield None, "null is a JSON value"
        yield [], "an array"
        yield "text", "a string"
        yield SAFE_INTEGER, "the largest whole number"


def misfits(kind: Type) -> Iterator[tuple[Any, str]]:
    """Values of the wrong shape for a type, with what each gets wrong. Null is left to others."""
    if isinstance(kind, Enum):
        yield "no such value", "a value that is not listed"
        yield kind.values[0].upper(), "a listed value in capitals"
        yield [kind.values[0]], "a list around the value"
        yield 0, "a number for one of some strings"
    elif isinstance(kind, Array):
        yield {"0": "x"}, "an object for an array"
        yield "x", "a string for an array"
    elif isinstance(kind, (Map, Ref)):
        yield [], "an array for an object"
        yield "{}", "a string for an object"
    else:
        yield from _base_misfits(kind)
    if isinstance(kind, (Array, Map)):
        wrap = (lambda v: [v]) if isinstance(kind, Array) else (lambda v: {"name": v})
        inner = kind.element if isinstance(kind, Array) else kind.value
        yield from ((wrap(value), f"inside: {why}") for value, why in misfits(inner))
        if not (isinstance(inner, Base) and inner.name == "json"):
            yield wrap(None), "inside: null"


def _base_misfits(kind: Base) -> Iterator[tuple[Any, str]]:
    if kind.name in ("string", "id"):
        yield 5, "a number for a string"
        yield True, "a boolean for a string"
        yield ["x"], "an array for a string"
    elif kind.name == "integer":
        yield "5", "a string for an integer"
        yield True, "a boolean for an integer"
        yield 2.5, "a fraction for an integer"
    elif kind.name == "number":
        yield "1.5", "a string for a number"
        yield False, "a boolean for a number"
    elif kind.name == "boolean":
        yield "true", "a string for a boolean"
        yield 1, "a number for a boolean"


def bad_values(kind: Type) -> Iterator[tuple[Any, str]]:
    """Values of the right shape that lie outside the domain of the type."""
    if isinstance(kind, Base) and kind.name == "id":
        yield SAMPLE_ID[:-1], "an id of 63 digits"
        yield SAMPLE_ID + "0", "an id of 65 digits"
        yield SAMPLE_ID.upper(), "an id in capitals"
        yield "0x" + SAMPLE_ID[2:], "an id with a prefix"
        yield SAMPLE_ID + "\n", "an id and a newline"
        yield "", "an empty id"
    elif isinstance(kind, Base) and kind.name in ("integer", "number"):
        yield SAFE_INTEGER + 1, "a whole number past 2^53 - 1"
        yield -SAFE_INTEGER - 1, "a whole number past -(2^53 - 1)"
    elif isinstance(kind, Base) and kind.name == "json":
        yield {"a": [SAFE_INTEGER + 1]}, "a whole number past 2^53 - 1 inside"
    elif isinstance(kind, Array):
        yield from (([value], f"inside: {why}") for value, why in bad_values(kind.element))
    elif isinstance(kind, Map):
        yield from (({"name": value}, f"inside: {why}") for value, why in bad_values(kind.value))


def snake_name(field: Field) -> str | None:
    """The field's name in the source, where the wire spells it otherwise."""
    return None if field.python_name == field.name else field.python_name
