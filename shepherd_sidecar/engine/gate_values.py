"""Reading the values of a rule file, and saying what is wrong with one.

Layer: engine, pure. Keeps: a value is of the type that is asked for, or the file is unusable.
Every reader gives the value or raises ``Bad``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from shepherd_sidecar.engine.gate_globs import Globs, parse_globs

_LONGEST_WAIT_MS: Final = 366 * 24 * 3600 * 1000

Table = Mapping[str, Any]


class Bad(ValueError):
    """What is wrong with one value."""


def only(table: Table, known: set[str], within: str = "") -> None:
    """Refuse keys that nobody knows."""
    for key in table:
        if key not in known:
            raise Bad(f"{within}{key}: unknown; known are {', '.join(sorted(known))}")


def one(table: Table, key: str, read: Callable[[Any], Any]) -> Any:
    """The value under a key, read; None when it is not there."""
    if key not in table:
        return None
    try:
        return read(table[key])
    except Bad as error:
        raise Bad(f"{key}: {error}") from error


def text(value: Any) -> str:
    """A text, not blank."""
    if not isinstance(value, str) or not value.strip():
        raise Bad("a text is needed")
    return value


def name(value: Any) -> str:
    """A text that can stand in a verdict."""
    if not text(value).isprintable() or len(value) > 200:
        raise Bad("one line of at most 200 characters")
    return str(value)


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Bad("true or false")
    return value


def milliseconds(value: Any) -> int:
    """A wait."""
    if type(value) is not int or not 0 <= value <= _LONGEST_WAIT_MS:
        raise Bad(f"whole milliseconds, 0 to {_LONGEST_WAIT_MS}")
    return value


def count(value: Any) -> int:
    """A whole number, 1 or more."""
    if type(value) is not int or not 1 <= value <= 2**53:
        raise Bad("a whole number, 1 or more")
    return value


def amount(value: Any) -> float:
    """A number above 0."""
    if type(value) not in (int, float) or not 0 < value < float("inf"):
        raise Bad("a number above 0")
    return float(value)


def texts(value: Any) -> tuple[str, ...]:
    """Texts, at least one."""
    if not isinstance(value, list) or not value:
        raise Bad("a list of texts, not empty")
    return tuple(map(text, value))


def among(known: tuple[str, ...]) -> Callable[[Any], Any]:
    """One of these."""

    def read(value: Any) -> Any:
        if value not in known:
            raise Bad(f"{value!r} is none of {', '.join(known)}")
        return value

    return read


def all_among(known: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Some of these, at least one."""
    return lambda value: tuple(map(among(known), texts(value)))


def expression(value: Any) -> re.Pattern[str]:
    """A regular expression."""
    try:
        return re.compile(text(value))
    except (re.error, OverflowError, RecursionError) as error:
        raise Bad(str(error)) from error


def all_expressions(value: Any) -> tuple[re.Pattern[str], ...]:
    """Regular expressions, at least one."""
    return tuple(map(expression, texts(value)))


def expressions(value: Any) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A table of path = regular expression."""
    if not isinstance(value, dict) or not value:
        raise Bad("a table of path = regular expression, not empty")
    return tuple((path, one(value, path, expression)) for path in value)


def globs(value: Any) -> Globs:
    """Path globs, of which one may match."""
    listed = list(texts(value))
    if all(glob.startswith("!") for glob in listed):
        raise Bad("with ! alone nothing is ever among them")
    try:
        return parse_globs(listed)
    except ValueError as error:
        raise Bad(str(error)) from error
