"""The wire as JSON Schema 2020-12.

Layer: protocol. One definition per message, and per method its ``.params``, ``.result``,
``.request`` (or ``.notification``) and ``.response``; the schema itself accepts any message of
the protocol. The value domain of ids (whole numbers within ±(2^53 - 1)) is part of it.
"""

from __future__ import annotations

from typing import Any

from shepherd_sidecar.protocol.generate.model import (
    NOTICE,
    Array,
    Base,
    Enum,
    Field,
    Map,
    Message,
    MethodRow,
    Model,
    Type,
)
from shepherd_sidecar.trace.canonical import SAFE_INTEGER

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WHOLE_BEYOND = 10**21
"""From here on a number is written with an exponent and no longer counts as a whole number."""

_SHARED: dict[str, Any] = {
    "Id": {
        "description": "Name of an object: 64 lowercase hex digits, BLAKE3-256.",
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "minLength": 64,
        "maxLength": 64,
    },
    "Integer": {
        "description": "A whole number within ±(2^53 - 1).",
        "type": "integer",
        "minimum": -SAFE_INTEGER,
        "maximum": SAFE_INTEGER,
    },
    "Number": {
        "description": "A number; a whole one lies within ±(2^53 - 1).",
        "type": "number",
        "anyOf": [
            {"minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER},
            {"minimum": _WHOLE_BEYOND},
            {"maximum": -_WHOLE_BEYOND},
        ],
    },
    "Json": {
        "description": "Any JSON value whose whole numbers lie within ±(2^53 - 1).",
        "anyOf": [
            {"type": ["null", "boolean", "string"]},
            {"$ref": "#/$defs/Number"},
            {"type": "array", "items": {"$ref": "#/$defs/Json"}},
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/Json"}},
        ],
    },
    "Meta": {
        "description": "What every params object may carry besides its fields.",
        "type": "object",
        "properties": {
            "traceparent": {
                "description": "W3C trace context of the caller's span.",
                "type": "string",
            }
        },
        "additionalProperties": {"$ref": "#/$defs/Json"},
    },
    "RequestId": {
        "description": "Chosen by the sender; the response repeats it.",
        "type": ["string", "integer"],
    },
}

_BASE: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"$ref": "#/$defs/Integer"},
    "number": {"$ref": "#/$defs/Number"},
    "boolean": {"type": "boolean"},
    "id": {"$ref": "#/$defs/Id"},
    "json": {"$ref": "#/$defs/Json"},
}


def schema(model: Model) -> dict[str, Any]:
    """The whole schema."""
    definitions: dict[str, Any] = {**_SHARED, "ErrorObject": _error_object(model)}
    for enum in model.enums:
        definitions[str(enum.name)] = {"enum": list(enum.values)}
    for message in model.messages:
        definitions[message.name] = _message(message)
    incoming = []
    for method in model.methods:
        parts = _method(method)
        definitions.update(parts)
        incoming += [name for name in parts if name.endswith((".request", ".notification"))]
    definitions["Response"] = _response({})
    return {
        "$schema": DIALECT,
        "$comment": NOTICE,
        "title": "shepherd-sidecar protocol",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in [*incoming, "Response"]],
        "$defs": definitions,
    }


def part(name: str) -> dict[str, str]:
    """A reference to one definition, such as ``trace.append.params``."""
    return {"$ref": f"#/$defs/{name}"}


def dotted(method: str) -> str:
    """A method's name as it stands in the names of definitions."""
    return method.replace("/", ".")


def _message(message: Message) -> dict[str, Any]:
    properties = {field.name: _field(field) for field in message.fields}
    if message.is_params:
        properties["_meta"] = part("Meta")
    out: dict[str, Any] = {
        "description": message.doc,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    required = [field.name for field in message.fields if field.required]
    return {**out, "required": required} if required else out


def _field(field: Field) -> dict[str, Any]:
    out: dict[str, Any] = {"description": field.doc, **_nullable(_type(field.type), field)}
    if field.default is not None:
        out["default"] = field.default
    return out


def _nullable(kind: dict[str, Any], field: Field) -> dict[str, Any]:
    if not field.nullable:
        return kind
    return {"anyOf": [kind, {"type": "null"}]}


def _type(kind: Type) -> dict[str, Any]:
    if isinstance(kind, Base):
        return _BASE[kind.name]
    if isinstance(kind, Enum):
        return part(kind.name) if kind.name else {"enum": list(kind.values)}
    if isinstance(kind, Array):
        return {"type": "array", "items": _type(kind.element)}
    if isinstance(kind, Map):
        return {"type": "object", "additionalProperties": _type(kind.value)}
    return part(kind.name)


def _method(method: MethodRow) -> dict[str, Any]:
    name, asks = dotted(method.name), method.direction in ("request", "ask")
    envelope: dict[str, Any] = {
        "type": "object",
        "properties": {
            "jsonrpc": {"const": "2.0"},
            **({"id": part("RequestId")} if asks else {}),
            "method": {"const": method.name},
            "params": part(f"{name}.params"),
        },
        "required": ["jsonrpc", *(["id"] if asks else []), "method", "params"],
        "additionalProperties": False,
    }
    definitions: dict[str, Any] = {f"{name}.params": part(method.params)}
    if method.result is None:
        return {**definitions, f"{name}.notification": envelope}
    definitions[f"{name}.result"] = part(method.result)
    definitions[f"{name}.request"] = envelope
    definitions[f"{name}.response"] = _response(part(f"{name}.result"))
    return definitions


def _response(result: dict[str, Any]) -> dict[str, Any]:
    """A result, or an error; an error that answers what could not be read has the id null."""
    return {
        "type": "object",
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"anyOf": [part("RequestId"), {"type": "null"}]},
            "result": result,
            "error": part("ErrorObject"),
        },
        "required": ["jsonrpc", "id"],
        "oneOf": [{"required": ["result"]}, {"required": ["error"]}],
        "additionalProperties": False,
    }


def _error_object(model: Model) -> dict[str, Any]:
    """An error; one of ours has its code and its name together."""
    ours = [error.code for error in model.errors]
    return {
        "type": "object",
        "properties": {
            "code": {"type": "integer"},
            "message": {"type": "string"},
            "data": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "hint": {"type": "string"}},
            },
        },
        "required": ["code", "message"],
        "additionalProperties": False,
        "if": {"properties": {"code": {"enum": ours}}},
        "then": {
            "required": ["data"],
            "properties": {"data": {"required": ["name", "hint"]}},
            "oneOf": [
                {
                    "properties": {
                        "code": {"const": error.code},
                        "data": {"properties": {"name": {"const": error.name}}},
                    }
                }
                for error in model.errors
            ],
        },
    }
