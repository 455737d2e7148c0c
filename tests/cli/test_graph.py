"""The drawing beside a log, read back as a person reads it: by following the strokes."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.cli.graph import Row, draw

History = list[tuple[str, list[str]]]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Commits with their parents, children first, in any order that allows."""
    size = draw(st.integers(0, 24))
    parents = {
        number: draw(
            st.lists(st.integers(0, number - 1), max_size=3, unique=True) if number else st.just([])
        )
        for number in range(size)
    }
    ready = [n for n in parents if not any(n in above for above in parents.values())]
    left = {n: sum(n in above for above in parents.values()) for n in parents}
    ordered: History = []
    while ready:
        number = ready.pop(draw(st.integers(0, len(ready) - 1)))
        ordered.append((f"c{number}", [f"c{parent}" for parent in parents[number]]))
        for parent in parents[number]:
            left[parent] -= 1
            if not left[parent]:
                ready.append(parent)
    return ordered


def follow(rows: Sequence[Row]) -> set[tuple[str, str]]:
    """The (child, parent) pairs that the strokes connect, lane by lane downwards."""
    pairs: set[tuple[str, str]] = set()
    inside: dict[int, set[str]] = {}
    """By lane: the children whose stroke runs there."""
    last, at = "", 0
    while at < len(rows):
        row = rows[at]
        if row.commit is not None:
            lane, odd = divmod(row.text.index("*"), 2)
            assert not odd
            pairs |= {(child, row.commit) for child in inside.pop(lane, set())}
            last = row.commit
            inside[lane] = {last}
            check_lanes(row.text, inside)
            at += 1
            below = rows[at].text if at < len(rows) else ""
            if not goes_on(below, lane) and not leaves(below, lane):
                del inside[lane]
            continue
        start, to, used = edge(rows[at:])
        moving = {last} if goes_on(row.text, start) else inside.pop(start)
        inside[to] = inside.get(to, set()) | moving
        at += used
    return pairs


def edge(rows: Sequence[Row]) -> tuple[int, int, int]:
    """From which lane to which the edge drawn here goes, and in how many rows."""
    first = rows[0].text
    stroke = "/" if "/" in first else "\\"
    assert first.count(stroke) == 1, first
    begins = ends = first.index(stroke)
    used = 1
    if len(rows) > 1 and rows[1].commit is None and stroke in rows[1].text:
        further = rows[1].text.index(stroke)
        if (further < begins) == (stroke == "/") and further != begins:
            ends, used = further, 2
    if stroke == "/":
        return (begins + 1) // 2, (ends - 1) // 2, used
    return (begins - 1) // 2, (ends + 1) // 2, used


def goes_on(text: str, lane: int) -> bool:
    return text[2 * lane : 2 * lane + 1] in ("|", "*")


def leaves(text: str, lane: int) -> bool:
    beside = text[max(2 * lane - 1, 0) : 2 * lane + 2]
    return "/" in beside[:1] or "\\" in beside[-1:]


def check_lanes(text: str, inside: dict[int, set[str]]) -> None:
    """A stroke runs in exactly the lanes where one was begun."""
    drawn = {x // 2 for x, char in enumerate(text) if char in "|*"}
    assert drawn == set(inside), text


@given(histories())
def test_each_commit_is_drawn_once_in_the_order_given(history: History) -> None:
    drawn = [row.commit for row in draw(history) if row.commit is not None]
    assert drawn == [commit for commit, _ in history]


@given(histories())
def test_following_the_strokes_leads_from_every_child_to_its_parents(history: History) -> None:
    pairs = {(commit, parent) for commit, parents in history for parent in parents}
    assert follow(list(draw(history))) == pairs


@given(histories())
def test_a_row_has_one_star_or_one_edge_and_a_lane_for_each_character(history: History) -> None:
    for row in draw(history):
        assert len(row.text) == len(row.lanes)
        assert row.text == row.text.rstrip()
        assert set(row.text) <= set("*|/\\_ ")
        strokes = [char for char in row.text if char in "*/\\"]
        assert len(strokes) == 1
        assert (strokes == ["*"]) == (row.commit is not None)


def drawing(*history: tuple[str, str]) -> list[str]:
    return [row.text for row in draw((commit, parents.split()) for commit, parents in history)]


def test_a_straight_line_is_a_column_of_stars() -> None:
    assert drawing(("c", "b"), ("b", "a"), ("a", "")) == ["*", "*", "*"]


def test_a_fork_joins_its_origin_as_git_draws_it() -> None:
    drawn = drawing(("fork", "base"), ("main", "base"), ("base", ""))
    assert drawn == ["*", "| *", "|/", "*"]


def test_a_merge_opens_a_lane_to_the_right() -> None:
    drawn = drawing(("m", "a b"), ("b", "base"), ("a", "base"), ("base", ""))
    assert drawn == ["*", "|\\", "| *", "* |", "|/", "*"]


def test_a_thousand_forks_of_one_commit_are_two_lanes_wide() -> None:
    history = [(f"f{n}", ["base"]) for n in range(1000)]
    rows = list(draw([*history, ("base", [])]))
    assert max(len(row.text) for row in rows) == len("| *")


def test_a_second_history_does_not_seem_to_hang_below_the_first() -> None:
    assert drawing(("a", ""), ("b", "")) == ["*", "  *"]


def test_a_parent_that_is_not_shown_keeps_its_lane() -> None:
    assert drawing(("a", "hidden"), ("b", "other"), ("c", "")) == ["*", "| *", "| | *"]
