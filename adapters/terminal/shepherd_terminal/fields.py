"""Parts of a line that may differ between two runs for a reason that can be named.

Pure. Each field says what it looks like and nothing more: a line that differs in anything
else is a real difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

Replace = Callable[[str], str]


class Field(NamedTuple):
    """A kind of difference, and how to take it out of a line."""

    kind: str
    mask: Replace


def _masked(pattern: str, template: str) -> Replace:
    compiled = re.compile(pattern)
    return lambda line: compiled.sub(template, line)


_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# A line of `ls -l`: mode, links, owner, group, size, date, name. Only there are these fields;
# one that was taken out already stands there as <mark>.
_LISTED: Final = re.compile(
    r"^[bcdlps-][rwxsStT-]{9}[.+@]? +(?P<links>\d+|<\w+>) +(?P<owner>[\w.-]+|<\w+>)"
    r" +(?P<group>[\w.-]+|<\w+>) +(?P<size>[\d.]+[KMGT]?|<\w+>)"
    rf" +(?P<date>{_MONTH} +\d+ +(?:\d\d:\d\d|\d{{4}})|\d{{4}}-\d\d-\d\d \d\d:\d\d|<\w+>) "
)


def _listed(*groups: str, folders_only: bool = False) -> Replace:
    """Take fields out of a line of ``ls -l``; the padding around them stays."""

    def mask(line: str) -> str:
        if folders_only and line[:1] != "d":
            return line
        for group in groups:
            found = _LISTED.match(line)
            if found is None:
                return line
            line = f"{line[: found.start(group)]}<{group}>{line[found.end(group) :]}"
        return line

    return mask


def _padding(line: str) -> str:
    """The columns of a listing are as wide as the widest entry, which may be another line's."""
    found = _LISTED.match(line)
    return re.sub(" +", " ", found[0]) + line[found.end() :] if found else line


FIELDS: Final = (
    Field("listing time", _listed("date")),
    Field("owner", _listed("owner", "group")),
    Field("link count of a folder", _listed("links", folders_only=True)),
    Field("size of a folder", _listed("size", folders_only=True)),
    Field("column padding", _padding),
    Field("block count", _masked(r"^total [\d.]+[KMGT]?$", "total <blocks>")),
    Field(
        "date or time",
        _masked(
            rf"\b\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"
            rf"|\b\d{{1,2}}/{_MONTH}/\d{{4}}(?: \d\d:\d\d:\d\d)?"
            rf"|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{_MONTH} +\d{{1,2}} \d\d:\d\d(?::\d\d)?\b"
            r"|\b\d\d:\d\d:\d\d\b",
            "<time>",
        ),
    ),
    Field("random name", _masked(r"(?<=/tmp\.)[A-Za-z0-9]{10}\b", "<name>")),  # of mktemp
    Field(
        "process id", _masked(r"^(\[\d+\]) +\d+$|\b(pid|PID|process)([ =:]+)\d+\b", r"\1\2\3<pid>")
    ),
    # Three numbers; four are an address.
    Field("version", _masked(r"(?<![\w.])\d+\.\d+\.\d+(?:[-+~]\w[\w.]*)?(?![\w.])", "<version>")),
)
"""In the order in which they are tried; a line may differ in several."""


def with_inputs(line: str, sizes: Mapping[str, int]) -> str:
    """A recorded line as it would be with the input files of now.

    They were laid out before the run began; where the record shows another size, its files
    were of another build. ``sizes``: name in the listing → size here, of those unchanged.
    """
    found = _LISTED.match(line)
    if found is None or line[0] != "-" or not found["size"].isdigit():
        return line
    known = sizes.get(line[found.end() :])
    if known is None:
        return line
    start, end = found.span("size")
    return f"{line[:start]}{known}{line[end:]}"


def host_field(recorded: str, actual: str) -> Field:
    """The names of the two machines."""
    names = sorted({recorded, actual} - {""}, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in names) or r"(?!)"
    return Field("host name", _masked(rf"(?<![\w.-])(?:{pattern})(?![\w.-])", "<host>"))


def explain(recorded: str, actual: str, fields: tuple[Field, ...]) -> list[str] | None:
    """The kinds in which two lines differ; None when they differ in anything else.

    A field counts only when taking it out changes whether the lines are equal: what is left
    without it would still differ.
    """
    if recorded == actual:
        return []
    left = [field for field in fields if field.mask(recorded) != recorded]
    if _all(recorded, left) != _all(actual, left):
        return None
    needed = list(left)
    for field in reversed(left):  # the particular ones come first and are kept
        without = [other for other in needed if other is not field]
        if _all(recorded, without) == _all(actual, without):
            needed = without
    return [field.kind for field in needed]


def shape(line: str, fields: tuple[Field, ...]) -> str:
    """A line with every field taken out."""
    return _all(line, list(fields))


def _all(line: str, fields: list[Field]) -> str:
    for field in fields:
        line = field.mask(line)
    return line
