"""Canonical JSON (RFC 8785): one value, one byte string.

Layer: trace. Keeps the rule that ids are reproducible by anyone.

The value domain is JSON with one restriction that makes reading the bytes back give the
value again: a number that is whole must lie within ±(2**53 - 1). This refuses integers
beyond that, and floats such as ``1e17`` that RFC 8785 prints as an integer beyond it.
"""

from __future__ import annotations

from typing import Any

import orjson
import rfc8785

from shepherd_sidecar.errors import InvalidParams

Json = Any
"""A JSON value: None, bool, int, float, str, list of Json, dict of str to Json."""

SAFE_INTEGER = 2**53 - 1
MAX_DEPTH = 200

_FIRST_EXPONENT = 1e21  # from here on RFC 8785 prints an exponent, which reads back as a float


def encode(value: Json) -> bytes:
    """Canonical bytes of a value that ``check`` accepts.

    orjson writes the same bytes as RFC 8785 unless the value holds a float (other spelling)
    or a key beyond U+FFFF (UTF-16 order differs from UTF-8 order); those take the slow road.
    A property test holds the two roads equal.
    """
    if _plain(value):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return rfc8785.dumps(value)


def decode(data: bytes) -> Json:
    """The value of canonical bytes."""
    return orjson.loads(data)


def check(value: Json, at: str = "$") -> None:
    """Refuse what has no canonical bytes.

    Raises:
        InvalidParams: with the JSON path of the offending part.
    """
    _check(value, at, 0)


def _plain(value: Json) -> bool:
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return True
    if kind is dict:
        for key, part in value.items():
            if not (key.isascii() or max(key) < "\U00010000") or not _plain(part):
                return False
        return True
    return kind is list and all(map(_plain, value))


def _check(value: Json, at: str, depth: int) -> None:
    kind = type(value)
    if kind is str:
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise InvalidParams.at(at, "a lone surrogate is not Unicode text") from None
    elif kind is int:
        if not -SAFE_INTEGER <= value <= SAFE_INTEGER:
            raise InvalidParams.at(at, "integer beyond ±(2^53-1); send it as a string")
    elif kind is dict:
        if depth >= MAX_DEPTH:
            raise InvalidParams.at(at, f"nested deeper than {MAX_DEPTH}")
        for key, part in value.items():
            if type(key) is not str:
                raise InvalidParams.at(at, "object keys are strings")
            if type(part) is str and part.isascii() and key.isascii():
                continue
            _check(key, f"{at} (a key)", depth)
            _check(part, f"{at}.{key}", depth + 1)
    elif kind is list:
        if depth >= MAX_DEPTH:
            raise InvalidParams.at(at, f"nested deeper than {MAX_DEPTH}")
        for index, part in enumerate(value):
            _check(part, f"{at}[{index}]", depth + 1)
    elif kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            raise InvalidParams.at(at, "NaN and infinities are not JSON")
        if SAFE_INTEGER < abs(value) < _FIRST_EXPONENT:
            raise InvalidParams.at(at, "whole number beyond ±(2^53-1); send it as a string")
    elif value is not None and kind is not bool:
        raise InvalidParams.at(at, f"{kind.__name__} is not JSON")
