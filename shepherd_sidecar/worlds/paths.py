r"""Paths as bytes, and their printable form.

Layer: worlds. The printable form is reversible: a byte that is not part of valid, printable
UTF-8 is written ``\xNN``, and so is the backslash itself. No control character, and nothing
that could turn a terminal or a JSON string into something else, gets through.
"""

from __future__ import annotations

import re

from shepherd_sidecar.errors import InvalidParams

_ESCAPE = re.compile(r"\\(x[0-9a-f]{2})?")


def printable(path: bytes) -> str:
    r"""The path as text; other bytes than printable UTF-8 as ``\xNN``."""
    text = path.decode("utf-8", "surrogateescape")
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(char if char.isprintable() and char != "\\" else _escaped(char) for char in text)


def parse_printable(text: str) -> bytes:
    r"""The path of a printable form.

    Raises:
        InvalidParams: for a backslash that does not begin ``\xNN``, a NUL, or text that has
            no bytes (a lone surrogate).
    """
    parts = []
    at = 0
    for match in _ESCAPE.finditer(text):
        if match[1] is None:
            raise InvalidParams(f"path {text!r}: write a backslash as \\x5c")
        parts.append(_encode(text[at : match.start()]))
        parts.append(bytes.fromhex(match[1][1:]))
        at = match.end()
    parts.append(_encode(text[at:]))
    path = b"".join(parts)
    if b"\0" in path:
        raise InvalidParams("a path holds no NUL")
    return path


def _encode(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidParams("a path holds a lone surrogate") from None


def _escaped(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
