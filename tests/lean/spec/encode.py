"""Spec/Encode.lean: canonical text and bytes."""

from __future__ import annotations

from typing import Any

from tests.lean.spec.objects import Text

Json = Any
"""A value without fractions; the members of an object stand in the order of RFC 8785."""


def digit(n: int) -> str:
    return chr(48 + n if n < 10 else 87 + n)


def decimal(n: int) -> Text:
    return digit(n) if n < 10 else decimal(n // 10) + digit(n % 10)


def integer(i: int) -> Text:
    return decimal(i) if i >= 0 else "-" + decimal(-i)


def escape(c: str) -> Text:
    if c in ('"', "\\"):
        return "\\" + c
    if c == "\x08":
        return "\\b"
    if c == "\t":
        return "\\t"
    if c == "\n":
        return "\\n"
    if c == "\x0c":
        return "\\f"
    if c == "\r":
        return "\\r"
    if ord(c) < 32:
        return "\\u00" + digit(ord(c) // 16) + digit(ord(c) % 16)
    return c


def quoted(text: Text) -> Text:
    return "".join(escape(c) for c in text) + '"'


def text(value: Json) -> Text:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, str):
        return '"' + quoted(value)
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    members = ('"' + quoted(key) + ":" + text(part) for key, part in value.items())
    return "{" + ",".join(members) + "}"


# Json.bytes
def encoded(value: Json) -> bytes:
    return text(value).encode()
