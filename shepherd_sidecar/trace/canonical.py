"""Canonical JSON (RFC 8785): one value, one byte string.

Layer: trace. Keeps the rule that ids are reproducible by anyone.

The value domain is JSON with one restriction that makes reading the bytes back give the
value again: a number that is whole must lie within ±(2**53 - 1). This refuses integers
beyond that, and floats such as ``1e17`` that RFC 8785 prints as an integer beyond it.
"""

from __future__ import annotations

import re
from typing import Any, Final

import orjson
import rfc8785

from shepherd_sidecar.errors import InvalidParams

Json = Any
"""A JSON value: None, bool, int, float, str, list of Json, dict of str to Json."""

SAFE_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 200

_FIRST_EXPONENT: Final = 1e21  # from here on RFC 8785 prints an exponent: it reads back as a float
_LEAVES: Final = frozenset((str, int, bool, type(None)))
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


def encode(value: Json) -> bytes:
    """Canonical bytes of a value that ``check`` accepts.

    orjson writes the same bytes as RFC 8785 unless the value holds a float that is whole, very
    large or very small (other spelling) or a key beyond U+FFFF (UTF-16 order differs from
    UTF-8 order); those take the slow road. A property test holds the two roads equal.
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
        InvalidParams: with the JSON path of the first offending part.
    """
    if not _accepted(value, MAX_DEPTH):
        fault = _fault(value, at, MAX_DEPTH)
        assert fault is not None
        raise fault


def member(at: str, key: str) -> str:
    """The JSON path of a member of the object at ``at``."""
    if _NAME.fullmatch(key):
        return f"{at}.{key}"
    return f"{at}[{orjson.dumps(key.encode('utf-8', 'replace').decode()).decode()}]"


def _plain(value: Json) -> bool:
    kind = type(value)
    if kind in _LEAVES:
        return True
    if kind is dict:
        for key, part in value.items():
            if not (key.isascii() or max(key) < "\U00010000"):
                return False
            if type(part) not in _LEAVES and not _plain(part):
                return False
        return True
    if kind is list:
        return all(map(_plain, value))
    return kind is float and bool(1e-3 < abs(value) < 1e15 and not value.is_integer())


def _accepted(value: Json, room: int) -> bool:
    """Whether a value has canonical bytes, with at most ``room`` levels; without paths, for speed.

    Says no exactly when ``_fault`` finds something.
    """
    kind = type(value)
    if kind is str:
        return value.isascii() or _is_text(value)
    if kind is int:
        return bool(-SAFE_INTEGER <= value <= SAFE_INTEGER)
    if kind is dict:
        if room == 0:
            return False
        for key, part in value.items():
            if type(key) is not str or not (key.isascii() or _is_text(key)):
                return False
            if type(part) is str:
                if not (part.isascii() or _is_text(part)):
                    return False
            elif type(part) is int:
                if not -SAFE_INTEGER <= part <= SAFE_INTEGER:
                    return False
            elif not _accepted(part, room - 1):
                return False
        return True
    if kind is list:
        if room == 0:
            return False
        for part in value:  # noqa: SIM110  (a generator costs more than the check)
            if not _accepted(part, room - 1):
                return False
        return True
    if kind is float:
        return bool(abs(value) <= SAFE_INTEGER or _FIRST_EXPONENT <= abs(value) < float("inf"))
    return value is None or kind is bool


def _fault(value: Json, at: str, room: int) -> InvalidParams | None:
    """What is wrong first, with its path; None when nothing is."""
    kind = type(value)
    if kind is str:
        if not _is_text(value):
            return InvalidParams.at(at, "a lone surrogate is not Unicode text")
    elif kind is int:
        if not -SAFE_INTEGER <= value <= SAFE_INTEGER:
            return InvalidParams.at(at, "integer beyond ±(2^53-1); send it as a string")
    elif kind is dict or kind is list:
        if room == 0:
            return InvalidParams.at(at, f"nested deeper than {MAX_DEPTH}")
        return _fault_within(value, at, room)
    elif kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            return InvalidParams.at(at, "NaN and infinities are not JSON")
        if SAFE_INTEGER < abs(value) < _FIRST_EXPONENT:
            return InvalidParams.at(at, "whole number beyond ±(2^53-1); send it as a string")
    elif value is not None and kind is not bool:
        return InvalidParams.at(at, f"{kind.__name__} is not JSON")
    return None


def _fault_within(value: Json, at: str, room: int) -> InvalidParams | None:
    if type(value) is list:
        faults = (_fault(part, f"{at}[{index}]", room - 1) for index, part in enumerate(value))
        return next((fault for fault in faults if fault is not None), None)
    for key, part in value.items():
        if type(key) is not str:
            return InvalidParams.at(at, "object keys are strings")
        fault = _fault(key, f"{member(at, key)} (its name)", 0)
        fault = fault or _fault(part, member(at, key), room - 1)
        if fault is not None:
            return fault
    return None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
