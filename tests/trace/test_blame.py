"""Blame names the last version that wrote the line: by example, by a model, by a naive table."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.blame import Line, begin, follow, squeezed

Versions = list[list[bytes]]


def blame(versions: Versions) -> list[Line]:
    lines = begin(versions[0], 0)
    for number, (before, after) in enumerate(itertools.pairwise(versions), 1):
        lines = follow(before, lines, after, number)
    return lines


def sources(*texts: str) -> list[int]:
    return [line.source for line in blame([text.encode().splitlines() for text in texts])]


# --- by example ---------------------------------------------------------------------------


def test_lines_that_stay_keep_their_source_and_place() -> None:
    lines = blame([[b"a", b"b", b"c"], [b"x", b"a", b"B", b"c"]])
    assert lines == [Line(1, 0), Line(0, 0), Line(1, 2, over=0), Line(0, 2)]


def test_a_line_that_is_only_indented_is_still_whose_it_was() -> None:
    assert sources("a = 1\nb = 2\n", "if x:\n    a = 1\n    b = 2\n") == [1, 0, 0]


def test_a_call_that_is_broken_over_lines_and_joined_again() -> None:
    one = "before()\nresult = compute(first, second)\nafter()\n"
    many = "before()\nresult = compute(\n    first,\n    second\n)\nafter()\n"
    assert sources(one, many) == [0] * 6
    assert sources(one, many, one) == [0] * 3
    edited = many.replace("second", "other")
    assert sources(one, many, edited) == [0, 0, 0, 2, 0, 0]
    joined = one.replace("second", "other")
    assert sources(one, many, edited, joined) == [0, 2, 0], "joined: whose wrote the last of it"


MOVED = "def one():\n    return first_thing_of_all()\n\n"
STAYS = "".join(f"x{i} = {i}\n" for i in range(6))


def test_a_block_that_moved_is_still_whose_it_was() -> None:
    assert sources("", MOVED + STAYS, STAYS + MOVED) == [1] * 9
    assert sources("", MOVED + STAYS, STAYS + MOVED.replace("one", "two")) == [1] * 6 + [2, 1, 1]


def test_a_short_line_that_is_elsewhere_was_written_there() -> None:
    assert sources("}\na\nb\nc\nd\n", "a\nb\nc\nd\n}\n") == [0, 0, 0, 0, 1]


def test_what_a_line_took_the_place_of() -> None:
    texts = ["a\nb\nc", "a\nmine\nc", "a\nyours\nmore\nc"]
    lines = blame([text.encode().splitlines() for text in texts])
    assert [line.over for line in lines] == [None, 1, 1, None]


def test_any_sequence_of_lines_will_do() -> None:
    before = (b"a", b"b", b"c")
    lines = begin(before, 0)
    assert follow(before, tuple(lines), [*before], 1) == lines
    assert [line.source for line in follow(before, lines, [b"a", b"x", b"c"], 1)] == [0, 1, 0]


def test_files_that_are_empty_or_become_so() -> None:
    assert sources("", "a\n", "", "a\n") == [3]
    assert sources("a\n", "") == []


# --- by a model: edits of lines whose writer is known --------------------------------------


@dataclass(frozen=True)
class Written:
    """A line of the model: its words are like no other's."""

    words: tuple[str, ...]
    by: int
    indent: int = 0

    @property
    def text(self) -> bytes:
        return (" " * self.indent + " ".join(self.words)).encode()


Edit = Callable[[list[Written], int, "itertools.count[int]"], list[Written]]


def fresh(by: int, serial: itertools.count[int]) -> Written:
    number = next(serial)
    return Written(tuple(f"<{number}:{word}>" for word in ("alphabetical", "betterment")) * 2, by)


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    kind = draw(st.sampled_from(["insert", "replace", "delete", "indent", "move", "break", "join"]))
    start, size, to, count = (draw(st.integers(0, 12)) for _ in range(4))
    size = size % 4 + 1

    def apply(lines: list[Written], by: int, serial: itertools.count[int]) -> list[Written]:
        at = start % (len(lines) + 1)
        head, part, tail = lines[:at], lines[at : at + size], lines[at + size :]
        if kind == "insert":
            return [*head, *(fresh(by, serial) for _ in range(count % 3 + 1)), *part, *tail]
        if kind == "replace":
            return [*head, *(fresh(by, serial) for _ in range(count % 3 + 1)), *tail]
        if kind == "delete":
            return head + tail
        if kind == "indent":
            return [*head, *(replace(line, indent=line.indent + 4) for line in part), *tail]
        if kind == "move":
            rest = head + tail
            there = to % (len(rest) + 1)
            return [*rest[:there], *part, *rest[there:]]
        if kind == "break":
            return [*head, *(half for line in part for half in halves(line)), *tail]
        joined = Written(
            tuple(word for line in part for word in line.words),
            max((line.by for line in part), default=by),
        )
        return [*head, *([joined] if part else []), *tail]

    return apply


def halves(line: Written) -> list[Written]:
    if len(line.words) < 4:  # a piece must still say enough to be known again elsewhere
        return [line]
    middle = len(line.words) // 2
    return [replace(line, words=line.words[:middle]), replace(line, words=line.words[middle:])]


@pytest.mark.requirement("LSP-01")
@given(st.integers(0, 8), st.lists(edits(), max_size=12))
def test_blame_names_who_wrote_the_line_through_any_edits(size: int, made: list[Edit]) -> None:
    serial = itertools.count()
    lines = [fresh(0, serial) for _ in range(size)]
    versions = [[line.text for line in lines]]
    for number, edit in enumerate(made, 1):
        lines = edit(lines, number, serial)
        versions.append([line.text for line in lines])
    assert [line.source for line in blame(versions)] == [line.by for line in lines]


# --- by a naive table: any lines at all -----------------------------------------------------

TEXTS = st.lists(st.sampled_from([b"a", b"b", b"  a", b"", b"ab", b"c d"]), max_size=8)


def common(left: list[bytes], right: list[bytes]) -> int:
    """Length of a longest common subsequence."""
    above = [0] * (len(right) + 1)
    for a in left:
        row = [0]
        for j, b in enumerate(right):
            row.append(above[j] + 1 if a == b else max(above[j + 1], row[j]))
        above = row
    return above[-1]


@pytest.mark.requirement("LSP-01")
@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_nothing_written_is_missed_and_nothing_kept_is_claimed(versions: Versions) -> None:
    lines = blame(versions)
    newest = len(versions) - 1
    old = [squeezed(line) for line in versions[-2]]
    new = [squeezed(line) for line in versions[-1]]
    assert len(lines) == len(new)
    assert sum(line.source != newest for line in lines) >= common(old, new)
    for text, line in zip(new, lines, strict=True):
        if text not in b"".join(old):
            assert line.source == newest, "it stands nowhere in the version before"
        assert line.at < len(versions[line.source])


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_version_that_changes_nothing_changes_no_blame(versions: Versions) -> None:
    assert blame([*versions, versions[-1]]) == blame(versions)
