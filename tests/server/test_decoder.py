"""The decoder as a function of bytes: how they are split does not matter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.server.framing import Decoder, Fault, Frame, Framing, frame

LIMIT = 200

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
messages = st.dictionaries(st.text(), json_values, max_size=4) | st.lists(json_values, max_size=3)
framings = st.sampled_from(Framing)
garbage = st.one_of(
    st.binary(max_size=300),
    st.text('Content-Length: 0123456789\r\n{}[]"abc', max_size=60).map(str.encode),
    st.sampled_from(
        [
            b"Content-Length: 5\r\n\r\n",
            b"content-length:3\n\n{}x",
            b"Content-Length: 1000\r\n\r\n" + b"y" * 1000,
            b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            b"{" + b"z" * 300 + b"\n",
            b"Long: " + b"h" * 17_000 + b"\r\n\r\n",
            b"Content-Length: -1\r\n\r\n",
        ]
    ),
)


def decode(chunks: list[bytes], limit: int = 1 << 30) -> list[Frame]:
    decoder = Decoder(limit)
    return [got for chunk in chunks for got in decoder.feed(chunk)] + decoder.eof()


@st.composite
def split(draw: st.DrawFn, data: bytes) -> list[bytes]:
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def as_bytes(value: Any, framing: Framing) -> bytes:
    return frame(json.dumps(value).encode(), framing)


@pytest.mark.requirement("FRAME-03")
@settings(max_examples=600, deadline=None)
@given(st.lists(st.tuples(messages, framings), max_size=5), st.data())
def test_every_split_of_the_bytes_gives_the_messages(
    sent: list[tuple[Any, Framing]], data: st.DataObject
) -> None:
    whole = b"".join(as_bytes(value, framing) for value, framing in sent)
    got = decode(data.draw(split(whole)))
    assert [(one.value, one.framing) for one in got] == sent


@pytest.mark.requirement("FRAME-03")
@settings(max_examples=600, deadline=None)
@given(st.lists(garbage, max_size=6), st.data())
def test_every_split_of_any_bytes_gives_the_same(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    assert decode(data.draw(split(whole)), LIMIT) == decode([whole], LIMIT)


@pytest.mark.requirement("FRAME-05")
@given(garbage, messages, framings)
def test_after_a_bad_line_the_next_message_is_understood(
    bad: bytes, value: Any, framing: Framing
) -> None:
    line = b"%" + bad.replace(b"\n", b"") + b"\n"
    first, second = decode([line + as_bytes(value, framing)])
    assert isinstance(first.value, Fault)
    assert (second.value, second.framing) == (value, framing)


@pytest.mark.requirement("FRAME-06")
@given(st.integers(LIMIT + 1, 5000), messages, framings, framings, st.data())
def test_an_oversized_message_is_one_fault_and_skipped(
    size: int, value: Any, large: Framing, framing: Framing, data: st.DataObject
) -> None:
    body = b"{" + b"x" * (size - 1)
    whole = frame(body, large) + frame(b"{}", framing)
    first, second = decode(data.draw(split(whole)), LIMIT)
    assert (first.value.name, first.value.id, first.framing) == ("PayloadTooLarge", None, large)
    assert (second.value, second.framing) == ({}, framing)


@pytest.mark.requirement("FRAME-06")
def test_a_gigabyte_is_skipped_without_keeping_it() -> None:
    decoder = Decoder(1 << 20)
    [refused] = decoder.feed(b"Content-Length: %d\r\n\r\n" % (1 << 30))
    assert refused.value.name == "PayloadTooLarge"
    chunk = b"x" * (1 << 20)
    for _ in range(1 << 10):
        assert decoder.feed(chunk) == []
        assert len(decoder._buffer) == 0
    assert [one.value for one in decoder.feed(b"{}\n")] == [{}]


@pytest.mark.requirement("FRAME-07")
def test_after_a_fatal_fault_nothing_comes() -> None:
    decoder = Decoder(LIMIT)
    [fault] = decoder.feed(b"Content-Length: x\r\n\r\n{}\n")
    assert fault.value.fatal
    assert decoder.feed(b"{}\n") == []
    assert decoder.eof() == []


def test_numbers_keep_their_kind() -> None:
    [got] = decode([b'{"big": 18446744073709551617, "whole": 1, "real": 1.0}\n'])
    assert got.value == {"big": 2**64 + 1, "whole": 1, "real": 1.0}
    assert [type(value) for value in got.value.values()] == [int, int, float]
