"""Messages that every implementation must accept or refuse, one JSON object a line.

Layer: protocol. ``valid``: right in shape and values. ``invalid``: wrong in shape, refused with
InvalidParams before anything is done. ``values``: right in shape, but an id that is misspelt
or a number outside the domain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from shepherd_sidecar.protocol.generate.model import (
    NOTICE,
    Array,
    Base,
    Field,
    Map,
    Message,
    MethodRow,
    Model,
    Ref,
)
from shepherd_sidecar.protocol.generate.samples import (
    bad_values,
    complete,
    edges,
    minimal,
    misfits,
    snake_name,
)
from shepherd_sidecar.protocol.method import FROM_SIDECAR

Which = Literal["valid", "invalid", "values"]
Case = tuple[str, Any, str]
"""What is varied, the value, and why."""

_ABOUT: dict[Which, str] = {
    "valid": "every implementation accepts the shape of these",
    "invalid": "every implementation refuses these with InvalidParams (-32602)",
    "values": "right in shape, but a value outside its domain: refused with InvalidParams (-32602)",
}


def vectors(model: Model, which: Which) -> str:
    """The lines of one vector file; the first names the generator."""
    rows: list[dict[str, Any]] = [{"generated": NOTICE, "about": _ABOUT[which]}]
    for method in model.methods:
        for part, name in (("params", method.params), ("result", method.result)):
            if name is not None:
                rows += _rows(model, method, part, model.message(name), which)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _rows(
    model: Model, method: MethodRow, part: str, message: Message, which: Which
) -> Iterator[dict[str, Any]]:
    if which == "valid":
        cases = valid(model, message)
    elif part == "params" and method.direction not in FROM_SIDECAR:
        cases = invalid(model, message) if which == "invalid" else outside(model, message)
    else:
        return
    seen: set[str] = set()
    for what, value, why in cases:
        text = json.dumps(value, sort_keys=True)
        if text not in seen:
            seen.add(text)
            row = {"id": f"{method.name}/{part}/{what}", "method": method.name}
            yield {**row, part: value, "why": why}


def valid(model: Model, message: Message) -> Iterator[Case]:
    """Accepted forms of a message."""
    least, whole = minimal(model, message), complete(model, message)
    yield "minimal", least, "required fields only"
    yield "complete", whole, "every field"
    if message.is_params:
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        yield "meta", {**least, "_meta": {"traceparent": trace, "x": [1]}}, "_meta is allowed"
    for field in message.fields:
        if not field.required:
            yield f"only-{field.name}", {**least, field.name: whole[field.name]}, "one optional"
        if field.nullable:
            yield f"null-{field.name}", {**least, field.name: None}, "null is as good as absent"
        for number, (value, why) in enumerate(edges(model, field.type), 1):
            yield f"edge-{field.name}-{number}", {**least, field.name: value}, why


def invalid(model: Model, message: Message) -> Iterator[Case]:
    """Refused forms of a params message."""
    least = minimal(model, message)
    yield "by-position", [], "params are an object, never an array"
    yield "not-an-object", "params", "params are an object"
    yield "null", None, "params are an object"
    yield "meta-not-an-object", {**least, "_meta": "x"}, "_meta is an object"
    yield from _broken(model, message, depth=0)


def _broken(model: Model, message: Message, depth: int) -> Iterator[Case]:
    """One fault at a time, in the message and in every message inside it."""
    least = minimal(model, message)
    yield "unknown", {**least, "noSuchField": 1}, "an unknown field"
    if depth:
        yield "meta-inside", {**least, "_meta": {}}, "_meta belongs to params only"
    for field in message.fields:
        yield from _broken_field(least, field)
        inner = _message_in(field)
        if inner is not None and depth < 3:
            for what, value, why in _broken(model, model.message(inner.name), depth + 1):
                wrapped = {**least, field.name: _around(field, value)}
                yield f"{field.name}.{what}", wrapped, f"in {field.name}: {why}"


def _broken_field(least: dict[str, Any], field: Field) -> Iterator[Case]:
    if field.required:
        rest = {name: value for name, value in least.items() if name != field.name}
        yield f"missing-{field.name}", rest, f"{field.name} is missing"
    spelt = snake_name(field)
    if spelt is not None and not field.required:
        yield f"spelling-{field.name}", {**least, spelt: None}, f"{spelt} is not a name on the wire"
    any_json = isinstance(field.type, Base) and field.type.name == "json"
    if not field.nullable and not any_json:
        yield f"null-{field.name}", {**least, field.name: None}, f"{field.name} may not be null"
    for number, (value, why) in enumerate(misfits(field.type), 1):
        yield f"type-{field.name}-{number}", {**least, field.name: value}, f"{field.name}: {why}"


def outside(model: Model, message: Message, depth: int = 0) -> Iterator[Case]:
    """Forms whose shape is right and whose values are not."""
    least = minimal(model, message)
    for field in message.fields:
        for number, (value, why) in enumerate(bad_values(field.type), 1):
            broken = {**least, field.name: value}
            yield f"value-{field.name}-{number}", broken, f"{field.name}: {why}"
        inner = _message_in(field)
        if inner is not None and depth < 3:
            for what, value, why in outside(model, model.message(inner.name), depth + 1):
                wrapped = {**least, field.name: _around(field, value)}
                yield f"{field.name}.{what}", wrapped, f"in {field.name}: {why}"


def _message_in(field: Field) -> Ref | None:
    kind = field.type
    while isinstance(kind, (Array, Map)):
        kind = kind.element if isinstance(kind, Array) else kind.value
    return kind if isinstance(kind, Ref) else None


def _around(field: Field, value: Any) -> Any:
    kind = field.type
    while isinstance(kind, (Array, Map)):
        value = [value] if isinstance(kind, Array) else {"name": value}
        kind = kind.element if isinstance(kind, Array) else kind.value
    return value
