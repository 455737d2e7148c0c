"""Bytes that are no messages, over real pipes: each is answered, and the next is understood."""

from __future__ import annotations

import pytest

from tests.server.conftest import Serve
from tests.support.wire import Wire

ECHO = b'{"jsonrpc":"2.0","id":%b,"method":"echo/now","params":{"payload":%b}}'


@pytest.mark.requirement("FRAME-05", "FRAME-08")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{nonsense}\n", -32700),
        (b'{"a": NaN}\n', -32700),
        (b'{"a": "\xff"}\n', -32700),
        (b"{" + b'"a":[' * 5000 + b"\n", -32700),
        (b"%&/ stray bytes\n", -32700),
        (b"a stray line of text\n", -32700),
        (b"Content-Type: text\r\n\r\n", -32700),
        (b"Content-Length: 0\r\n\r\n", -32700),
        (b"Content-Length: 1\r\n\r\n7", -32600),
        (b"X-Long: %b\r\n" % (b"x" * 20_000), -32700),
    ],
)
def test_bad_bytes_are_answered_and_the_stream_goes_on(wire: Wire, data: bytes, code: int) -> None:
    wire.send_bytes(data)
    answer = wire.receive()
    assert (answer["id"], answer["error"]["code"]) == (None, code)
    assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}


@pytest.mark.requirement("SHAPE-06")
@pytest.mark.parametrize("payload", [b'"\\ud800"', b"1e999"])
def test_values_no_store_can_keep_are_refused_by_request(wire: Wire, payload: bytes) -> None:
    wire.send_bytes(ECHO % (b"7", payload) + b"\n")
    assert wire.error(7).name == "InvalidParams"


@pytest.mark.requirement("FRAME-07")
@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: 999999999999999999999999\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
    ],
)
def test_a_stream_that_cannot_be_followed_is_closed_with_a_word(wire: Wire, data: bytes) -> None:
    wire.send_bytes(data)
    answer = wire.receive()
    assert answer["error"]["code"] == -32700
    assert wire.wait() == 1
    assert wire.until_closed() == []


def test_blank_lines_and_a_byte_order_mark_are_skipped(wire: Wire) -> None:
    wire.send_bytes(b"\xef\xbb\xbf\r\n \n\t" + ECHO % (b"1", b"2") + b"\r\n\n")
    assert wire.result(1) == {"payload": 2}


@pytest.mark.requirement("FRAME-06")
def test_a_long_line_over_the_limit_is_refused_once(serve: Serve) -> None:
    wire = serve("--limit", "1000")
    wire.send_bytes(b"{" + b"x" * 3_000_000 + b"\n" + ECHO % (b"1", b"2") + b"\n")
    assert wire.receive()["error"]["data"]["name"] == "PayloadTooLarge"
    assert wire.receive()["result"] == {"payload": 2}


@pytest.mark.requirement("FRAME-09")
def test_the_last_line_needs_no_newline(wire: Wire) -> None:
    wire.send_bytes(ECHO % (b"1", b"2"))
    wire.close_input()
    assert wire.result(1) == {"payload": 2}
    assert wire.wait() == 0


@pytest.mark.requirement("FRAME-09")
def test_half_a_message_at_the_end_is_an_error(wire: Wire) -> None:
    wire.send_bytes(b"Content-Length: 100\r\n\r\n{")
    wire.close_input()
    assert wire.receive()["error"]["code"] == -32700
    wire.wait()


def test_large_messages_go_through_both_ways(wire: Wire) -> None:
    payload = "x" * 5_000_000
    for framing in ("line", "header"):
        wire.framing = framing
        assert wire.call("echo/now", {"payload": payload}) == {"payload": payload}
