"""Buffers say what the editor's text is, whatever was typed and however it counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from shepherd_sidecar.lsp.buffers import Buffer, split
from shepherd_sidecar.lsp.client import index, units

TEXT = st.text(st.sampled_from("ab\r\n\f\u2028é世👍"), max_size=12)
ENCODINGS = ("utf-8", "utf-16", "utf-32")


def position(text: str, at: int, encoding: str) -> types.Position:
    """The position of a character, by counting."""
    lines = split(text[:at])
    if lines and not lines[-1].endswith(("\n", "\r")):
        return types.Position(len(lines) - 1, units(lines[-1], encoding))
    return types.Position(len(lines), 0)


@pytest.mark.requirement("LSP-05")
@given(
    TEXT,
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), TEXT), max_size=5),
    st.sampled_from(ENCODINGS),
)
def test_changes_give_the_text_that_the_editor_has(
    text: str, edits: list[tuple[int, int, str]], encoding: str
) -> None:
    buffer = Buffer(1, text)
    for a, b, new in edits:
        start, end = sorted((min(a, len(text)), min(b, len(text))))
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue  # no editor stands between the two
        where = types.Range(position(text, start, encoding), position(text, end, encoding))
        buffer.change(2, [types.TextDocumentContentChangePartial(where, new)], encoding)
        text = text[:start] + new + text[end:]
        assert "".join(buffer.now.lines) == text
        assert buffer.now.lines == split(text)
        assert buffer.now.texts == [line.rstrip("\r\n").encode() for line in split(text)]


@given(TEXT, st.sampled_from(ENCODINGS))
def test_positions_and_characters_are_each_others_inverse(text: str, encoding: str) -> None:
    for at in range(len(text) + 1):
        assert index(text, units(text[:at], encoding), encoding) == at


def test_a_position_past_the_end_is_the_end() -> None:
    buffer = Buffer(1, "a\nb")
    where = types.Range(types.Position(1, 90), types.Position(70, 3))
    buffer.change(2, [types.TextDocumentContentChangePartial(where, "c")], "utf-16")
    assert "".join(buffer.now.lines) == "a\nbc"
