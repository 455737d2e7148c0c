"""Values to one line of JSON and back.

``json.dumps`` turns integer keys into text and NaN into what is not JSON; a trace must not
change what it is told, so such values are refused before anything is sent.
"""

from __future__ import annotations

import json
from typing import Any

from shepherd_client.errors import invalid_params

_SAFE = 2**53 - 1
_FIRST_EXPONENT = 1e21  # from here on a number is written with an exponent, not as digits


def encode(value: Any) -> bytes:
    """One line of JSON with its newline.

    Raises:
        SidecarError: InvalidParams, for what has no canonical form.
    """
    _check(value, "$")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Any:
    """The value of a line; None when it is not JSON."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _check(value: Any, path: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise invalid_params(path, "a lone surrogate is not Unicode text") from None
    elif isinstance(value, int):
        if abs(value) > _SAFE:
            raise invalid_params(path, "integer beyond ±(2^53-1); send it as a string")
    elif isinstance(value, float):
        if value != value or abs(value) == float("inf"):
            raise invalid_params(path, "NaN and infinities are not JSON")
        if _SAFE < abs(value) < _FIRST_EXPONENT:
            raise invalid_params(path, "whole number beyond ±(2^53-1); send it as a string")
    elif isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise invalid_params(path, "object keys are strings")
            _check(key, f"{path} (a key)")
            _check(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            _check(part, f"{path}[{index}]")
    else:
        raise invalid_params(path, f"{type(value).__name__} is not JSON")
