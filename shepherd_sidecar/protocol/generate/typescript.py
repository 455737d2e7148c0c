"""TypeScript types of the wire: interfaces with doc comments, method maps, error codes.

Layer: protocol. Types only, but for two constant tables, so that a client adds nothing to
what it ships.
"""

from __future__ import annotations

import json
import textwrap

from shepherd_sidecar import PROTOCOL_VERSION
from shepherd_sidecar.protocol.generate.model import (
    NOTICE,
    Array,
    Base,
    Enum,
    Map,
    Message,
    MethodRow,
    Model,
    Type,
)

_HEADER = f"""\
// {NOTICE}
/* eslint-disable */

/** Version of the protocol that these types describe. */
export const PROTOCOL_VERSION = {PROTOCOL_VERSION};

/** Name of an object: 64 lowercase hex digits, BLAKE3-256. */
export type Id = string;

/** Any JSON value whose whole numbers lie within ±(2^53 - 1). */
export type Json = null | boolean | number | string | Json[] | {{ [name: string]: Json }};

/** What every params object may carry besides its fields. */
export interface Meta {{
  /** W3C trace context of the caller's span. */
  traceparent?: string;
  [name: string]: Json | undefined;
}}
"""

_ERROR_DATA = """\
/** The `data` member of an error. */
export interface ErrorData {
  /** The stable name to match on. */
  name: ErrorName;
  /** What to do about it. */
  hint: string;
  /** For InvalidParams: which parts do not fit. */
  errors?: { path: string; message: string }[];
  [member: string]: unknown;
}
"""

_BASE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "id": "Id",
    "json": "Json",
}


def typescript(model: Model) -> str:
    """The text of ``protocol.ts``."""
    parts = [_HEADER]
    parts += [
        f"export type {enum.name} ={_alternatives(enum.values)};\n"
        for enum in model.enums
        if enum.name is not None
    ]
    parts += [_interface(message) for message in model.messages]
    parts += [
        _methods(
            "Methods",
            "Requests, by name: what goes with them and what comes back.",
            model,
            "request",
        ),
        _methods(
            "Notifications",
            "Notifications to the sidecar, by name; nothing comes back.",
            model,
            "notification",
        ),
        _methods("Pushes", "Notifications from the sidecar, by name.", model, "push"),
        _methods(
            "Asks", "Requests from the sidecar, by name: the client gives the result.", model, "ask"
        ),
    ]
    parts += _errors(model)
    return "\n".join(parts)


def _interface(message: Message) -> str:
    lines = [_comment(message.doc, ""), f"export interface {message.name} {{"]
    for field in message.fields:
        doc = field.doc
        if field.default is not None:
            doc += f" Default: `{json.dumps(field.default)}`."
        mark = "" if field.required else "?"
        null = " | null" if field.nullable and message.sent else ""
        lines += [_comment(doc, "  "), f"  {field.name}{mark}: {_type(field.type)}{null};"]
    if message.is_params:
        lines += [_comment("Not part of what is asked; see extensibility.md.", "  ")]
        lines += ["  _meta?: Meta;"]
    return "\n".join([*lines, "}", ""])


def _methods(name: str, doc: str, model: Model, direction: str) -> str:
    rows = [_row(method) for method in model.methods if method.direction == direction]
    return "\n".join([f"/** {doc} */", f"export interface {name} {{", *rows, "}", ""])


def _row(method: MethodRow) -> str:
    result = "" if method.result is None else f"; result: {method.result}"
    comment = _comment(method.doc, "  ")
    return f"{comment}\n  {json.dumps(method.name)}: {{ params: {method.params}{result} }};"


def _errors(model: Model) -> list[str]:
    codes = [
        f"{_comment(f'{error.doc} Hint: {error.hint}.', '  ')}\n  {error.name}: {error.code},"
        for error in model.errors
    ]
    return [
        "\n".join(
            [
                "/** Code of every error, by its stable name. A code is never reused. */",
                "export const ErrorCode = {",
                *codes,
                "} as const;",
                "",
            ]
        ),
        "/** Stable names of the errors. */\nexport type ErrorName = keyof typeof ErrorCode;\n",
        _ERROR_DATA,
    ]


def _type(kind: Type) -> str:
    if isinstance(kind, Base):
        return _BASE[kind.name]
    if isinstance(kind, Enum):
        return kind.name or _union(kind.values)
    if isinstance(kind, Array):
        inner = _type(kind.element)
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if isinstance(kind, Map):
        return f"{{ [name: string]: {_type(kind.value)} }}"
    return kind.name


def _union(values: tuple[str, ...]) -> str:
    return " | ".join(json.dumps(value) for value in values)


def _alternatives(values: tuple[str, ...]) -> str:
    return "".join(f"\n  | {json.dumps(value)}" for value in values)


def _comment(doc: str, indent: str) -> str:
    text = doc.replace("``", "`").replace("*/", "*\\/")
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, 88) or [""]]
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    body = textwrap.indent("\n".join(lines), f"{indent} * ", lambda _: True)
    trimmed = "\n".join(line.rstrip() for line in body.split("\n"))
    return f"{indent}/**\n{trimmed}\n{indent} */"
