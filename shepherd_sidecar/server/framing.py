"""Bytes to messages and back, in both framings.

Layer: server. Pure: no file descriptors, no loop. However the bytes are split, the same
messages come out; and whatever the bytes are, the decoder answers them or resynchronises.

The first byte of a message decides its framing: ``{`` or ``[`` starts one JSON value on one
line; a letter starts a block of LSP headers. Anything else is a malformed line.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any, Final, NamedTuple

import msgspec

MAX_HEADERS: Final = 16 * 1024
_BLANK: Final = b" \t\r\n\xef\xbb\xbf"
"""Skipped before a message; a byte order mark counts, some shells put one into pipes."""
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:[ \t]*(.*?)[ \t]*\Z", re.DOTALL)
_PLAIN: Final = b"Content-Length: "
_HUGE_DIGITS: Final = 15

_decode = msgspec.json.Decoder().decode
_PARSE_ERROR: Final = -32700


class Framing(Enum):
    """How one message is delimited."""

    LINE = "line"
    HEADER = "header"


class Frame(NamedTuple):
    """One decoded message, or what was wrong with it."""

    framing: Framing
    value: Any
    """The JSON value; a ``Fault`` when there is none."""
    size: int
    """Bytes of the body."""


class Fault(NamedTuple):
    """Why bytes were not a message, as the error reply will say it."""

    code: int
    name: str
    message: str
    hint: str
    id: str | int | None = None
    """The request's id where it could still be read."""
    fatal: bool = False
    """The stream cannot be followed any further."""


def frame(body: bytes, framing: Framing) -> bytes:
    """The bytes that carry ``body``. Precondition: LINE bodies hold no newline."""
    if framing is Framing.LINE:
        return body + b"\n"
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Decoder:
    """Feed it bytes, take messages; it holds at most one message of ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._searched = 0  # bytes of the buffer known to hold no newline
        self._need = -1  # body length still to come after its headers; -1 outside a body
        self._headers: bytearray | None = None  # header lines read so far of this block
        self._length: int | None = None
        self._skip = 0  # bytes of an oversized body to throw away
        self._skip_line = False  # throwing away the rest of an oversized line
        self._dead = False
        self.framing = Framing.HEADER
        """Framing of the message seen last."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes; returns the messages they complete, in order."""
        if self._dead:
            return []
        out: list[Frame] = []
        if self._skip:
            dropped = min(self._skip, len(data))
            self._skip -= dropped
            data = data[dropped:]
        self._buffer += data
        while self._step(out):
            pass
        return out

    def eof(self) -> list[Frame]:
        """The bytes ended: a last line needs no newline; half a message is a fault."""
        if self._dead:
            return []
        if self._need < 0 and self._headers is None and not self._skip:
            out = self.feed(b"\n")
            if self._headers is None:
                return out
        self._dead = True
        message = "the stream ended inside a message"
        return [self._fault(message, "send the whole message before closing", fatal=True)]

    def _step(self, out: list[Frame]) -> bool:
        """Decode one piece; False when more bytes are needed."""
        buffer = self._buffer
        if self._need >= 0:
            return self._body(out)
        if self._headers is None and not self._skip_line:
            if not self._searched:
                self._strip()
            if not buffer:
                return False
            if self._plain_header():
                return True
        end = buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(buffer)
            return self._unended(out)
        self._searched = 0
        if self._skip_line:
            self._skip_line = False
            del buffer[: end + 1]
        elif self._headers is not None or _is_letter(buffer[0]):
            if end > MAX_HEADERS:
                self._endless_header(out)
                del buffer[: end + 1]
                return True
            line = bytes(buffer[:end]).rstrip(b"\r")
            del buffer[: end + 1]
            self._header(line, out)
        else:
            self.framing = Framing.LINE
            if end > self._limit:
                out.append(self._oversized())
            else:
                out.append(Frame(Framing.LINE, _parse(buffer[:end]), end))
            del buffer[: end + 1]
        return not self._dead

    def _strip(self) -> None:
        buffer, start = self._buffer, 0
        while start < len(buffer) and buffer[start] in _BLANK:
            start += 1
        if start:
            del buffer[:start]

    def _plain_header(self) -> bool:
        """Take the header block every LSP client writes, without the general parsing."""
        buffer = self._buffer
        if not buffer.startswith(_PLAIN):
            return False
        end = buffer.find(b"\r\n\r\n", len(_PLAIN), len(_PLAIN) + _HUGE_DIGITS + 4)
        digits = buffer[len(_PLAIN) : end]
        if end < 0 or not digits.isdigit() or int(digits) > self._limit:
            return False
        self._need = int(digits)
        self._searched = 0
        self.framing = Framing.HEADER
        del buffer[: end + 4]
        return True

    def _unended(self, out: list[Frame]) -> bool:
        """A line without its end yet: keep it within bounds."""
        buffer = self._buffer
        if self._skip_line:
            buffer.clear()
            self._searched = 0
            return False
        headers = self._headers is not None or _is_letter(buffer[0])
        if len(buffer) > (MAX_HEADERS if headers else self._limit):
            if headers:
                self._endless_header(out)
            else:
                self.framing = Framing.LINE
                out.append(self._oversized())
            buffer.clear()
            self._searched = 0
            self._skip_line = True
        return False

    def _endless_header(self, out: list[Frame]) -> None:
        self._headers = self._length = None
        self.framing = Framing.HEADER
        out.append(self._fault("a header line does not end", _HEADERS_HINT))

    def _header(self, line: bytes, out: list[Frame]) -> None:
        if not line:
            length, self._length, self._headers = self._length, None, None
            if length is None:
                out.append(self._fault("headers without Content-Length", _HEADERS_HINT))
            elif length > self._limit:
                out.append(self._oversized())
                dropped = min(length, len(self._buffer))
                del self._buffer[:dropped]
                self._skip = length - dropped
            else:
                self._need = length
            return
        match = _HEADER.match(line)
        if match is None:
            # Not a header at all: most likely a stray line of text; try afresh after it.
            self._headers = self._length = None
            out.append(self._fault("neither JSON nor a header line", _HEADERS_HINT))
            return
        self._headers = self._headers or bytearray()
        self._headers += line
        self.framing = Framing.HEADER
        if len(self._headers) > MAX_HEADERS:
            self._dead = True
            out.append(self._fault("the header block does not end", _HEADERS_HINT, fatal=True))
        elif match[1].lower() == b"content-length":
            self._content_length(match[2], out)

    def _content_length(self, text: bytes, out: list[Frame]) -> None:
        """A length that cannot be believed leaves no way to find the next message."""
        if not text.isdigit() or len(text) > _HUGE_DIGITS:
            why = "Content-Length is not a believable number"
        elif self._length is not None and self._length != int(text):
            why = "two different Content-Length headers"
        else:
            self._length = int(text)
            return
        self._dead = True
        out.append(self._fault(why, _HEADERS_HINT, fatal=True))

    def _body(self, out: list[Frame]) -> bool:
        need, buffer = self._need, self._buffer
        if len(buffer) < need:
            return False
        out.append(Frame(Framing.HEADER, _parse(buffer[:need]), need))
        del buffer[:need]
        self._need = -1
        return True

    def _fault(self, message: str, hint: str, *, fatal: bool = False) -> Frame:
        fault = Fault(_PARSE_ERROR, "ParseError", message, hint, fatal=fatal)
        return Frame(self.framing, fault, 0)

    def _oversized(self) -> Frame:
        message = f"a message is longer than the limit of {self._limit} bytes"
        fault = Fault(-32023, "PayloadTooLarge", message, _LARGE_HINT)
        return Frame(self.framing, fault, 0)


_HEADERS_HINT: Final = (
    "send one JSON object a line, or `Content-Length: <bytes>`, an empty line and the body"
)
_LARGE_HINT: Final = "blob/put large parts by path, or split the message"


def _is_letter(byte: int) -> bool:
    return 65 <= byte <= 90 or 97 <= byte <= 122


def _parse(body: bytearray) -> Any:
    try:
        return _decode(body)
    except UnicodeDecodeError as error:
        message = f"the body is not UTF-8 (byte {error.start})"
    except RecursionError:
        message = "the body is nested too deeply"
    except msgspec.DecodeError as error:
        return _salvage(body, str(error))
    return Fault(_PARSE_ERROR, "ParseError", message, "encode the message as UTF-8 JSON")


def _salvage(body: bytearray, why: str) -> Fault:
    """The fault of a body msgspec refuses, with the id if it is JSON by the grammar.

    A lone surrogate or a number beyond floats is well-formed JSON that no store can keep:
    the client shall learn which of its requests was refused.
    """
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return Fault(_PARSE_ERROR, "ParseError", why, "send well-formed JSON in UTF-8")
    found = value.get("id") if type(value) is dict else None
    return Fault(
        -32602,
        "InvalidParams",
        "the message holds a lone surrogate or a number beyond range",
        "send text as Unicode and large numbers as strings",
        found if type(found) in (str, int) else None,
    )


def _no_constant(name: str) -> Any:
    raise ValueError(name)
