"""Comparing what a terminal showed with what it showed when the run was recorded.

Pure. Keeps: a difference is explained or called real, never dropped; the lines of both sides
are in it. Only what no two terminals agree on is taken out beforehand: escape sequences,
trailing spaces, blank lines at the ends, and the breaks of wrapped lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from shepherd_terminal.fields import FIELDS, Field, explain, host_field, shape, with_inputs

REAL: Final = "real"
ORDER: Final = "order of lines"
ECHO: Final = "echo of keys typed ahead"
INPUT: Final = "input file of another build"
ABSENT: Final = "program that is not here"

_ESCAPES: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])"
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NOT_FOUND: Final = re.compile(r"(?:^|: )(\w[\w.+-]*): (?:command )?not found$")
_MIN_ECHO: Final = 2
"""Lines: a shorter piece of what was typed proves nothing."""


_Pair = tuple[str | None, str | None]
"""Both sides of what has no explanation in its place; None where a side has no line."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``kind`` is why, or ``real``; an empty side means that it has no line."""

    kind: str
    recorded: str
    actual: str

    @property
    def explained(self) -> bool:
        """Whether there is a reason for it other than another behaviour."""
        return self.kind != REAL


def compare(
    recorded: str,
    actual: str,
    *,
    typed: str = "",
    columns: int = 160,
    hosts: tuple[str, str] = ("", ""),
    inputs: Mapping[str, int] | None = None,
) -> list[Difference]:
    """Every difference between two texts of a terminal; none when they are equal.

    Args:
        recorded: the text of the record.
        actual: the text of now.
        typed: the keys that were sent for it, to know their echo.
        columns: width of both terminals; a row that fills it goes on in the next.
        hosts: names of the recorded machine and of this one.
        inputs: files that were there before the run and are unchanged, as a listing may name
            them → their size.
    """
    left, right = lines(recorded, columns), lines(actual, columns)
    fields = (host_field(*hosts), *FIELDS)

    def differences(ours: list[str], theirs: list[str]) -> list[Difference]:
        return _differences(ours, theirs, fields, inputs or {})

    best = differences(left, right)
    if not _real(best):
        return best
    # Keys that arrive while the shell is not reading are echoed at once, out of their place.
    keys = lines(typed, columns)
    for ours in _echoes(left, keys):
        for theirs in _echoes(right, keys):
            found = [Difference(ECHO, line, "") for line in left[ours]]
            found += [Difference(ECHO, "", line) for line in right[theirs]]
            found += differences(_without(left, ours), _without(right, theirs))
            if len(_real(found)) < len(_real(best)):
                best = found
    return best


def lines(text: str, columns: int) -> list[str]:
    """A terminal's text as the lines that were printed."""
    rows = _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n"))).split("\n")
    joined: list[str] = []
    goes_on = False
    for row in rows:
        if goes_on:
            joined[-1] += row
        else:
            joined.append(row)
        goes_on = len(row) == columns
    joined = [line.rstrip() for line in joined]
    while joined and not joined[-1]:
        joined.pop()
    while joined and not joined[0]:
        joined.pop(0)
    return joined


def _real(found: Sequence[Difference]) -> list[Difference]:
    return [one for one in found if not one.explained]


def _differences(
    left: list[str], right: list[str], fields: tuple[Field, ...], inputs: Mapping[str, int]
) -> list[Difference]:
    found: list[Difference] = []
    pairs: list[_Pair] = []
    ours = [shape(with_inputs(line, inputs), fields) for line in left]
    theirs = [shape(line, fields) for line in right]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            for a, b in zip(left[i1:i2], right[j1:j2], strict=True):
                kinds = _explained(a, b, fields, inputs)
                if kinds is None:
                    pairs.append((a, b))
                else:
                    found += [Difference(kind, a, b) for kind in kinds]
        else:
            pairs += [(line, None) for line in left[i1:i2]]
            pairs += [(None, line) for line in right[j1:j2]]
    return found + list(_unpaired(pairs))


def _explained(
    a: str, b: str, fields: tuple[Field, ...], inputs: Mapping[str, int]
) -> list[str] | None:
    kinds = explain(a, b, fields)
    if kinds is None and (now := with_inputs(a, inputs)) != a:
        kinds = explain(now, b, fields)
        if kinds is not None:
            kinds.append(INPUT)
    if kinds is None and _absent(a, b):
        kinds = [ABSENT]
    return kinds


def _unpaired(pairs: list[_Pair]) -> Iterator[Difference]:
    """Lines without an explanation in their place: moved, or really gone, new or other."""
    moved = Counter(a for a, _ in pairs if a is not None)
    moved &= Counter(b for _, b in pairs if b is not None)
    gone, come = Counter(moved), Counter(moved)
    for a, b in pairs:
        if a is not None and gone[a] > 0:
            gone[a] -= 1
            yield Difference(ORDER, a, a)
            a = None
        if b is not None and come[b] > 0:
            come[b] -= 1
            b = None
        if a is not None or b is not None:
            yield Difference(REAL, a or "", b or "")


def _absent(recorded: str, actual: str) -> bool:
    """Whether one of the machines lacks a program that the other has."""
    return (_NOT_FOUND.search(recorded) is None) != (_NOT_FOUND.search(actual) is None)


def _echoes(shown: list[str], keys: list[str]) -> list[slice]:
    """Where the typed text may stand once more, without the shell's prompts; nowhere, first.

    The longest stretch that begins with the end of a typed line (its beginning was read
    already) and goes on with whole ones; and the same without a blank line at its front.
    """
    best = slice(0, 0)
    for start, line in enumerate(shown):
        for key, typed in enumerate(keys):
            if not typed.endswith(line):
                continue
            length = 1
            while (
                start + length < len(shown)
                and key + length < len(keys)
                and shown[start + length] == keys[key + length]
            ):
                length += 1
            if length >= _MIN_ECHO and length > best.stop - best.start:
                best = slice(start, start + length)
    if best.stop == 0:
        return [best]
    found = [slice(0, 0), best]
    if not shown[best.start]:
        found.append(slice(best.start + 1, best.stop))
    return found


def _without(lines_: list[str], part: slice) -> list[str]:
    return lines_[: part.start] + lines_[part.stop :]
