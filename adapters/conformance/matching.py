"""Templates and expectations of golden transcripts. Pure.

A template is JSON in which ``${name}`` stands for what was captured. An expectation is JSON in
which an object lists only the members that matter, an array is whole, and an object with one
``$`` member is one of the matchers below.
"""

from __future__ import annotations

import re
from typing import Any

_NAME = re.compile(r"\$\{([A-Za-z0-9_.]+)\}")
_ID = re.compile(r"[0-9a-f]{64}")


class Mismatch(Exception):
    """What was expected is not what came; the text begins with the JSON path."""


def fill(template: Any, captured: dict[str, Any]) -> Any:
    """The template with what was captured; a string that is only ``${name}`` becomes the value."""
    if isinstance(template, str):
        whole = _NAME.fullmatch(template)
        if whole:
            return captured[whole[1]]
        return _NAME.sub(lambda found: str(captured[found[1]]), template)
    if isinstance(template, dict):
        return {fill(key, captured): fill(part, captured) for key, part in template.items()}
    if isinstance(template, list):
        return [fill(part, captured) for part in template]
    return template


def match(expected: Any, actual: Any, captured: dict[str, Any], path: str = "$") -> None:
    """Compare; captures go into ``captured``.

    Raises:
        Mismatch: at the first difference.
    """
    if isinstance(expected, dict) and len(expected) == 1:
        [(name, argument)] = expected.items()
        matcher = _MATCHERS.get(name)
        if matcher is not None:
            matcher(argument, actual, captured, path)
            return
    if isinstance(expected, dict):
        _need(isinstance(actual, dict), path, "an object", actual)
        for key, part in expected.items():
            if part == {"$absent": True}:
                _need(key not in actual, f"{path}.{key}", "nothing", actual.get(key))
                continue
            _need(key in actual, f"{path}.{key}", "to be there", "nothing")
            match(part, actual[key], captured, f"{path}.{key}")
    elif isinstance(expected, list):
        _need(isinstance(actual, list), path, "an array", actual)
        _need(len(actual) == len(expected), path, f"{len(expected)} items", actual)
        for index, part in enumerate(expected):
            match(part, actual[index], captured, f"{path}[{index}]")
    else:
        wanted = fill(expected, captured)
        same_type = isinstance(wanted, bool) == isinstance(actual, bool)
        _need(same_type and wanted == actual, path, repr(wanted), actual)


def _need(holds: bool, path: str, wanted: str, actual: Any) -> None:
    if not holds:
        raise Mismatch(f"{path}: expected {wanted}, got {actual!r}"[:2000])


def _capture(name: Any, actual: Any, captured: dict[str, Any], path: str) -> None:
    captured[name] = actual


def _id(name: Any, actual: Any, captured: dict[str, Any], path: str) -> None:
    _need(isinstance(actual, str) and _ID.fullmatch(actual) is not None, path, "an id", actual)
    if isinstance(name, str):
        captured[name] = actual


def _text(pattern: Any, actual: Any, captured: dict[str, Any], path: str) -> None:
    found = isinstance(actual, str) and re.search(fill(pattern, captured), actual) is not None
    _need(found, path, f"text like {pattern!r}", actual)


def _exactly(wanted: Any, actual: Any, captured: dict[str, Any], path: str) -> None:
    wanted = fill(wanted, captured)
    _need(wanted == actual, path, f"exactly {wanted!r}", actual)


def _length(count: Any, actual: Any, captured: dict[str, Any], path: str) -> None:
    _need(isinstance(actual, list) and len(actual) == count, path, f"{count} items", actual)


_MATCHERS = {
    "$capture": _capture,
    "$id": _id,
    "$text": _text,
    "$exactly": _exactly,
    "$length": _length,
}
