"""The texts that stand at a place in a tool call's arguments.

Layer: engine, pure. Keeps: nothing can hide in a spelling. Arguments that are JSON in a string
are read; a list of words is also one command line; a number is its digits; content that is
only referred to is said to be unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import orjson

from shepherd_sidecar.trace.canonical import MAX_DEPTH, Json, encode

ANYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is there but cannot be looked at."""

    why: str


def opened(arguments: Json) -> Json:
    """The arguments as a value, also when they came as JSON in a string."""
    if isinstance(arguments, str) and arguments.lstrip()[:1] in ("{", "["):
        try:
            return orjson.loads(arguments)
        except orjson.JSONDecodeError:
            return arguments
    return arguments


def texts_at(arguments: Json, path: str) -> Iterator[str | Unreadable]:
    """Every text at a path of names with dots between; ``*`` is anywhere, names included.

    A path goes into each item of a list. Arguments that are no object are at every path.
    """
    arguments = opened(arguments)
    if path == ANYWHERE:
        yield from _texts(arguments, names=True)
        return
    if not isinstance(arguments, dict) or is_blob(arguments):
        yield from _texts(arguments, names=False)
        return
    for part in _at(arguments, path.split(".")):
        yield from _texts(part, names=False)


def is_blob(value: Json) -> bool:
    """Whether a value refers to content that is not in the payload."""
    return isinstance(value, dict) and len(value) == 1 and "$blob" in value


def _at(value: Json, names: list[str]) -> Iterator[Json]:
    if not names or is_blob(value):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _at(part, names)
    elif isinstance(value, dict):
        # A name may itself hold dots: every way to cut the path counts.
        for count in range(1, len(names) + 1):
            name = ".".join(names[:count])
            if name in value:
                yield from _at(value[name], names[count:])


def _texts(value: Json, names: bool, depth: int = 0) -> Iterator[str | Unreadable]:
    if depth > MAX_DEPTH:
        yield Unreadable("nested too deeply")
    elif isinstance(value, str):
        yield value
    elif is_blob(value):
        yield Unreadable("content that is only referred to")
    elif isinstance(value, dict):
        for name, part in value.items():
            if names:
                yield name
            yield from _texts(part, names, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, names, depth + 1)
        words = [part for part in value if isinstance(part, str)]
        if len(words) > 1:
            yield " ".join(words)
    elif value is not None:
        yield encode(value).decode()
