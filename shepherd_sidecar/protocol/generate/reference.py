"""The reference page: methods by namespace, then messages, then the error table.

Layer: protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from shepherd_sidecar import PROTOCOL_VERSION
from shepherd_sidecar.protocol.generate.model import (
    NOTICE,
    Array,
    Base,
    Enum,
    ErrorRow,
    Field,
    Map,
    Message,
    MethodRow,
    Model,
    Type,
)
from shepherd_sidecar.protocol.method import FROM_SIDECAR

_DIRECTION = {
    "request": "request to the sidecar",
    "notification": "notification to the sidecar, never answered",
    "push": "notification from the sidecar",
    "ask": "request from the sidecar, which the client answers with the result",
}
_INTRO = f"""\
<!-- {NOTICE} -->

# Reference, protocol version {PROTOCOL_VERSION}

How messages travel is in [framing](../framing.md), what the operations mean in the pages listed
in the [map](../README.md). On the wire every field is camelCase. Ids are 64 lowercase hex
digits (BLAKE3-256), times RFC 3339 in UTC, durations milliseconds, sizes bytes. A field with a
*default* may be left out; where *null* is listed, null means the same as leaving it out, and the
sidecar itself leaves such fields out. Unknown fields are refused, except
[`_meta`](../extensibility.md). Whole numbers lie within ±(2^53 - 1).
"""
_ANYWHERE = (
    "InvalidParams",
    "RoleForbidden",
    "StoreCorrupt",
    "StoreFull",
    "StoreLocked",
    "StoreReadOnly",
    "ShuttingDown",
)
"""Errors that any method may answer with."""
_FROM_JSON_RPC = (
    (-32700, "the bytes are not JSON; answered with the id null"),
    (-32600, "JSON, but not a JSON-RPC 2.0 message"),
    (-32601, "no method of this name"),
    (-32603, "a fault of the sidecar's own; please report it"),
)


def reference(model: Model) -> str:
    """The text of ``reference.md``."""
    return "\n".join(
        [
            _INTRO,
            *_contents(model),
            "## Methods\n",
            "Besides the errors listed at each, any method may answer with "
            f"{', '.join(map(_link, _ANYWHERE))}.\n",
            *_methods(model),
            "## Messages\n",
            *(_message(message, model) for message in _shared(model)),
            "## Values\n",
            *(_enum(enum) for enum in model.enums),
            "## Errors\n",
            *_errors(model),
        ]
    )


def _contents(model: Model) -> Iterator[str]:
    yield "| namespace | methods |\n|---|---|"
    for space in model.namespaces:
        names = [row.name for row in model.methods if row.name.startswith(f"{space.name}/")]
        yield f"| {space.name} | {' · '.join(_link(name) for name in names)} |"
    yield ""


def _methods(model: Model) -> Iterator[str]:
    for space in model.namespaces:
        doc = space.doc[:1].upper() + space.doc[1:]
        yield f"### Namespace {space.name}\n\n{_text(doc)}\n"
        for method in model.methods:
            if method.name.startswith(f"{space.name}/"):
                yield _method(method, model)


def _method(method: MethodRow, model: Model) -> str:
    lines = [f"#### {method.name}\n", _text(method.doc) + "\n"]
    who = "" if method.direction in FROM_SIDECAR else f" · roles: {', '.join(method.roles)}"
    lines.append(f"*{_DIRECTION[method.direction]}*{who}\n")
    lines.append(f"**Params**{_fields(model.message(method.params))}")
    if method.result is not None:
        result = model.message(method.result)
        if _is_shared(result, model):
            lines.append(f"**Result**: {_link(result.name)}\n")
        else:
            lines.append(f"**Result.** {_text(result.doc)}{_fields(result)}")
    if method.errors:
        lines.append(f"**Errors**: {', '.join(_link(name) for name in method.errors)}\n")
    return "\n".join(lines)


def _is_shared(message: Message, model: Model) -> bool:
    """Whether a message is described on its own and not at the one method that uses it."""
    users = list(model.users(message.name))
    return (len(users) > 1 and not message.is_params) or not any("/" in user for user in users)


def _shared(model: Model) -> Iterator[Message]:
    return (message for message in model.messages if _is_shared(message, model))


def _message(message: Message, model: Model) -> str:
    users = ", ".join(_user(name, model) for name in model.users(message.name))
    lines = [f"### {message.name}\n", _text(message.doc) + "\n", f"Used by {users}."]
    return "\n".join(lines) + _fields(message)


def _user(name: str, model: Model) -> str:
    """A link to a method, or to where the message that mentions it is described."""
    if "/" in name or _is_shared(model.message(name), model):
        return _link(name)
    return ", ".join(_link(user) for user in model.users(name))


def _fields(message: Message) -> str:
    if not message.fields:
        return ": none.\n" if message.is_params else "\n"
    rows = [
        f"| `{field.name}` | {_type(field.type)} | {_presence(field)} | {_cell(field.doc)} |"
        for field in message.fields
    ]
    return "\n".join(
        ["\n", "| field | type | presence | meaning |", "|---|---|---|---|", *rows, ""]
    )


def _presence(field: Field) -> str:
    if field.required:
        return "required, null allowed" if field.nullable else "required"
    if field.default is None:
        return "optional, null" if field.nullable else "optional"
    return f"default `{json.dumps(field.default)}`"


def _type(kind: Type) -> str:
    if isinstance(kind, Base):
        return {"id": "id", "json": "any JSON"}.get(kind.name, kind.name)
    if isinstance(kind, Enum):
        return _link(kind.name) if kind.name else " \\| ".join(f'`"{v}"`' for v in kind.values)
    if isinstance(kind, Array):
        return f"array of {_type(kind.element)}"
    if isinstance(kind, Map):
        return f"object of {_type(kind.value)}"
    return _link(kind.name)


def _enum(enum: Enum) -> str:
    return f"### {enum.name}\n\n{', '.join(f'`{value}`' for value in enum.values)}\n"


def _errors(model: Model) -> Iterator[str]:
    yield "JSON-RPC's own:\n"
    yield "| code | meaning |\n|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in _FROM_JSON_RPC)
    yield "\nOurs; `data.name` holds the name, `data.hint` the hint:\n"
    yield "| name | code | meaning | what to do |\n|---|---|---|---|"
    for error in model.errors:
        anchor = f'<a id="{error.name.lower()}"></a>'
        yield f"| {anchor}{error.name} | {error.code} | {_cell(error.doc)} | {_cell(error.hint)} |"
    yield ""
    yield from _error_users(model.errors, model)


def _error_users(errors: tuple[ErrorRow, ...], model: Model) -> Iterator[str]:
    yield "Where each is particular to a method:\n"
    for error in errors:
        users = [method.name for method in model.methods if error.name in method.errors]
        if users:
            yield f"- {error.name}: {', '.join(_link(name) for name in users)}"
    yield ""


def _link(name: str) -> str:
    """A link to the heading of a method, message, named enum, or to an error's row."""
    anchor = "".join(c for c in name.lower() if c.isalnum() or c in "-_")
    return f"[{name}](#{anchor})"


def _text(doc: str) -> str:
    return doc.replace("``", "`")


def _cell(doc: str) -> str:
    return _text(doc).replace("\n", " ").replace("|", "\\|")
