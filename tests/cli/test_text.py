"""Text made harmless, measured and cut."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.cli.block import block, some
from shepherd_sidecar.cli.terminal import Paint
from shepherd_sidecar.engine.summary import summary, words
from shepherd_sidecar.engine.text import ago, clean, columns, count, duration, fit, money, pad, size
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.trace.events import KINDS
from tests.trace.values import VALUES

PLAIN = Paint(on=False)


@given(st.text())
def test_whatever_is_cleaned_prints_on_one_line(text: str) -> None:
    assert clean(text).isprintable()


@given(st.text(), st.integers(0, 40), st.sampled_from(["…", "..."]))
def test_what_is_fitted_fits(text: str, width: int, mark: str) -> None:
    line = clean(text)
    cut = fit(line, width, mark)
    assert columns(cut) <= width
    assert cut == line or columns(line) > width


@given(st.text(), st.integers(0, 40))
def test_what_is_padded_is_at_least_so_wide(text: str, width: int) -> None:
    assert columns(pad(clean(text), width)) >= width


def test_wide_letters_count_two_columns_and_marks_none() -> None:
    assert columns("世界") == 4
    assert columns("e\u0301") == 1
    assert fit("世界世界", 5) == "世界…"
    assert fit("世界世界", 6, "...") == "世..."


def test_escape_sequences_are_shown_not_obeyed() -> None:
    assert clean("\x1b[31mred\x07\u202e") == "\\x1b[31mred\\x07\\u202e"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (size(0), "0 B"),
        (size(1536), "1.5 KiB"),
        (size(5 * 1024**3), "5.0 GiB"),
        (duration(0.4), "0ms"),
        (duration(1234), "1.2s"),
        (duration(59_990), "1m00s"),
        (duration(7_500_000), "2h05m"),
        (money(0.00312), "$0.0031"),
        (money(12.5), "$12.50"),
        (count(999), "999"),
        (count(1500), "1.5k"),
        (count(2_000_000), "2.0M"),
    ],
)
def test_sizes_for_people(made: str, said: str) -> None:
    assert made == said


def test_times_are_told_from_now() -> None:
    now = datetime.fromisoformat("2026-01-01T12:00:00Z")
    assert ago("2026-01-01T11:58:30Z", now) == "1 minute ago"
    assert ago("2026-01-01T14:00:00Z", now) == "in 2 hours"


@given(st.sampled_from(KINDS), VALUES)
def test_any_payload_has_a_summary_of_one_harmless_line(kind: str, payload: object) -> None:
    entry = Entry("0" * 64, [], kind, "pure", "0" * 64, 0, payload={"result": payload})  # type: ignore[arg-type]
    assert summary(entry).isprintable()


@given(VALUES)
def test_any_payload_is_shown_in_harmless_lines(payload: object) -> None:
    assert all(line.isprintable() for line in block(payload, PLAIN))
    assert words(payload) is not None


def test_a_block_keeps_the_lines_of_a_text_and_says_what_it_leaves_out() -> None:
    shown = block({"a": "one\ntwo", "b": [{"c": 1, "d": []}], "e": {}}, PLAIN)
    assert list(shown) == ["a:", "  one", "  two", "b:", "  - c: 1", "    d: []", "e: {}"]
    assert list(some(iter("abc"), 2)) == ["a", "b", "    ... 1 more line"]
    assert list(some(iter("abc"), 0)) == ["a", "b", "c"]
