"""Payloads as variables: a tree that is opened part by part, addressed by paths.

Layer: dap. Pure. Keeps: whatever an agent reported, no control character reaches the reader.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Final

import orjson

from shepherd_sidecar.engine.text import visible
from shepherd_sidecar.errors import InvalidParams

Path = tuple[str | int, ...]
_SHOWN: Final = 1_000
"""Characters of one value in a list of them."""
_PREVIEW: Final = 120
_STEP: Final = re.compile(r"""\.(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]""")
_TYPES: Final = {str: "string", bool: "boolean", int: "number", float: "number", list: "array"}
_PLAIN: Final = re.compile(r"\w+\Z")


def parse(path: str) -> Path:
    """The path that ``$.arguments.argv[0]`` or ``$["a b"]`` means. Raises InvalidParams."""
    if not path.startswith("$"):
        raise InvalidParams.at("$.expression", "a path begins with $")
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise InvalidParams.at(
                "$.expression", f'no path from {path[at:][:40]!r} on: .name, [0] or ["name"]'
            )
        plain, number, quoted = found.groups()
        steps.append(plain if plain else int(number) if number else orjson.loads(quoted))
        at = found.end()
    return tuple(steps)


def written(path: Path) -> str:
    """A path as ``parse`` reads it."""
    parts = ["$"]
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN.match(step):
            parts.append(f".{step}")
        else:
            parts.append(f"[{orjson.dumps(step).decode()}]")
    return "".join(parts)


def at(value: Any, path: Path) -> Any:
    """What stands at a path. Raises InvalidParams."""
    for number, step in enumerate(path):
        value = _member(value, step, path[:number])
    return value


def with_value(whole: Any, path: Path, value: Any) -> Any:
    """A copy in which another value stands at a path that is there. Raises InvalidParams."""
    if not path:
        return value
    whole = copy.deepcopy(whole)
    inside = at(whole, path[:-1])
    _member(inside, path[-1], path[:-1])
    inside[path[-1]] = value
    return whole


def children(value: Any) -> list[tuple[str, str | int, Any]]:
    """The parts of a value: how each is called, its step of a path, and the value."""
    if isinstance(value, dict):
        return [(visible(name), name, item) for name, item in value.items()]
    if isinstance(value, list):
        return [(f"[{number}]", number, item) for number, item in enumerate(value)]
    return []


def opens(value: Any) -> bool:
    """Whether a value has parts."""
    return isinstance(value, dict | list) and bool(value)


def shown(value: Any, longest: int = _SHOWN) -> str:
    """A value on one line: JSON, cut to fit."""
    if opens(value):
        longest = min(longest, _PREVIEW)
    text = visible(orjson.dumps(value).decode())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def type_of(value: Any) -> str:
    """Its type, by JSON's names."""
    return "null" if value is None else _TYPES.get(type(value), "object")


def read(text: str, before: Any) -> Any:
    """The value that a person typed in place of ``before``.

    JSON; in place of text, whatever is no JSON text is the text itself. Raises InvalidParams.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        if isinstance(before, str):
            return text
        raise InvalidParams.at("$.value", "JSON is expected; text stands in quotes") from None
    return text if isinstance(before, str) and not isinstance(value, str) else value


def _member(value: Any, step: str | int, path: Path) -> Any:
    try:
        if isinstance(value, dict) and isinstance(step, str):
            return value[step]
        if isinstance(value, list) and isinstance(step, int):
            return value[step]
    except (KeyError, IndexError):
        pass
    raise InvalidParams.at("$.expression", f"nothing stands at {written((*path, step))}")
