"""The model as JSON, for generators of other languages.

Layer: protocol.
"""

from __future__ import annotations

from typing import Any

from shepherd_sidecar import PROTOCOL_VERSION
from shepherd_sidecar.protocol.generate.model import (
    NOTICE,
    Array,
    Base,
    Enum,
    Field,
    Map,
    Model,
    Type,
)


def metamodel(model: Model) -> dict[str, Any]:
    """The whole model."""
    return {
        "generated": NOTICE,
        "protocolVersion": PROTOCOL_VERSION,
        "namespaces": [{"name": space.name, "doc": space.doc} for space in model.namespaces],
        "methods": [
            {
                "name": method.name,
                "direction": method.direction,
                "doc": method.doc,
                "params": method.params,
                "result": method.result,
                "roles": list(method.roles),
                "errors": list(method.errors),
            }
            for method in model.methods
        ],
        "messages": [
            {
                "name": message.name,
                "module": message.module,
                "doc": message.doc,
                "isParams": message.is_params,
                "fields": [_field(field) for field in message.fields],
            }
            for message in model.messages
        ],
        "enums": [{"name": enum.name, "values": list(enum.values)} for enum in model.enums],
        "errors": [
            {"name": error.name, "code": error.code, "doc": error.doc, "hint": error.hint}
            for error in model.errors
        ],
    }


def _field(field: Field) -> dict[str, Any]:
    out: dict[str, Any] = {
        "name": field.name,
        "type": type_json(field.type),
        "required": field.required,
        "nullable": field.nullable,
        "doc": field.doc,
    }
    if field.default is not None:
        out["default"] = field.default
    return out


def type_json(kind: Type) -> dict[str, Any]:
    """A type as JSON: ``{"kind": "array", "element": {"kind": "base", "name": "id"}}``."""
    if isinstance(kind, Base):
        return {"kind": "base", "name": kind.name}
    if isinstance(kind, Enum):
        named = {} if kind.name is None else {"name": kind.name}
        return {"kind": "enum", **named, "values": list(kind.values)}
    if isinstance(kind, Array):
        return {"kind": "array", "element": type_json(kind.element)}
    if isinstance(kind, Map):
        return {"kind": "map", "value": type_json(kind.value)}
    return {"kind": "reference", "name": kind.name}
