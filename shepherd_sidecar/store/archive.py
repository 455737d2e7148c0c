"""The file that branches are exported to: its records, its bytes, its own check.

Layer: store. The format is described for readers in protocol/archive.md; this is its one
implementation. A Zstandard frame of JSON lines, the last of which has the BLAKE3 of all before
it, then a skippable frame with the BLAKE3 of every byte before *it*: no bit of the file can
change unseen, and ``zstd -dc`` shows all of it.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, cast

import msgspec
import orjson
import zstandard
from blake3 import blake3

from shepherd_sidecar.errors import ImportInvalid, InvalidParams
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.events import Effect, Kind
from shepherd_sidecar.trace.ids import Id

FORMAT: Final = "shepherd-sidecar archive"
VERSION: Final = 1
PART: Final = 1 << 18
"""Content of more bytes is cut into lines of this many."""
LINE: Final = 64 << 20
"""Longer lines are refused: no writer makes them."""
_LEVEL: Final = 6
_WINDOW: Final = 1 << 25
_READ: Final = 1 << 16
_TRAILER: Final = struct.pack("<II", 0x184D2A5E, 32)


class _Record(
    msgspec.Struct,
    tag_field="record",
    tag=str.lower,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    pass


class Header(_Record):
    """The first line."""

    format: str
    version: int
    object_version: int


class Object(_Record):
    """A blob or a tree; before everything that names it, but for other trees."""

    id: Id
    kind: Literal["blob", "tree"]
    size: int
    data: str | None = None
    parts: int | None = None
    """The content is in so many lines that follow."""
    forgotten: bool = False


class Part(_Record):
    """A piece of the content of the object before."""

    data: str


class Commit(_Record):
    """A commit with its event; after its parents and its intent."""

    id: Id
    parents: list[Id]
    kind: Kind
    effect: Effect
    intent: Id | None = None
    tree: Id | None = None
    payload: dict[str, Any] | None = None
    forgotten: dict[str, Any] | None = None
    """In place of a payload that was forgotten: ``event``, ``size``, ``at`` and ``reason``."""


class Run(_Record):
    """A run."""

    run: str
    name: str
    started: int
    workspace: str | None = None
    facts: dict[str, Any] = {}


class Branch(_Record):
    """A branch; it stands at the commit of its last row."""

    branch: str
    run: str
    status: Literal["live", "paused", "finished", "failed", "exhausted", "stopped", "discarded"]
    created: int
    changed: int | None = None
    origin: str | None = None
    fork_point: Id | None = None
    asked: bool = True
    """False for the part of another branch that first tells of commits which these need."""


class Row(_Record):
    """A row of a branch's reflog, in the order of the store."""

    branch: str
    action: Literal["append", "start", "fork", "rewind", "status", "rename", "import", "replay"]
    commit: Id
    at: int
    author: str
    chain: Id
    client_id: str | None = None
    usage: dict[str, Any] | None = None
    gone: bool = False
    """The commit is not in this file: gc removed it, or a rewind left it behind."""


class End(_Record):
    """The last line: how many of each, and the BLAKE3 of every line before."""

    counts: dict[str, int]
    blake3: Id


Record = Header | Object | Part | Commit | Run | Branch | Row | End
_DECODER: Final = msgspec.json.Decoder(Record, strict=True)


class Writer:
    """Writes records to an open file."""

    def __init__(self, out: BinaryIO) -> None:
        self.counts: dict[str, int] = {}
        self._out = _Hashing(out)
        packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._frame: Any = packer.stream_writer(cast(BinaryIO, self._out), closefd=False)
        self._lines = blake3()

    def put(self, record: Record) -> None:
        """Add a record."""
        value = msgspec.to_builtins(record)
        line = canonical.encode(value) + b"\n"
        self._lines.update(line)
        self._frame.write(line)
        kind = value["record"]
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def end(self) -> None:
        """Add the last line and the check of the whole."""
        self.put(End(counts=dict(self.counts), blake3=self._lines.hexdigest()))
        self._frame.close()
        self._out.raw.write(_TRAILER + self._out.hash.digest())


class _Hashing:
    """A file that hashes what is written to it, or read from it up to a length."""

    def __init__(self, raw: BinaryIO, length: int = -1) -> None:
        self.raw = raw
        self.hash = blake3()
        self._left = length

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self.raw.write(data)

    def read(self, size: int) -> bytes:
        data = self.raw.read(min(size, self._left))
        self._left -= len(data)
        self.hash.update(data)
        return data


def read(path: Path, *, known: Id | None = None) -> Iterator[tuple[int, Record]]:
    """The records of a file with their line numbers, checked as far as one line can be.

    The check of the whole file comes last: believe nothing before the end was given. With the
    ``blake3`` of a last line that was read before, lines are not checked one by one again: it
    must be the same at the end.

    Raises:
        ImportInvalid: naming the line.
    """
    try:
        with path.open("rb") as file:
            yield from _records(path, file, known)
    except OSError as error:
        raise invalid(path, 0, f"it cannot be read: {error.strerror}") from error


def invalid(path: Path, line: int, why: str) -> ImportInvalid:
    """What is wrong with a file, and where."""
    return ImportInvalid(f"{path} line {line}: {why}", path=str(path), line=line)


def content_of(text: str) -> bytes:
    """The bytes of a ``data`` member. Raises ValueError."""
    return base64.b64decode(text, validate=True)


def text_of(content: bytes) -> str:
    """Bytes as a ``data`` member."""
    return base64.b64encode(content).decode()


def _records(path: Path, file: BinaryIO, known: Id | None) -> Iterator[tuple[int, Record]]:
    size = file.seek(0, 2)
    file.seek(0)
    source = _Hashing(file, max(0, size - len(_TRAILER) - 32))
    lines, number, last = blake3(), 0, None
    try:
        for line in _lines(source):
            number += 1
            if last is not None:
                raise invalid(path, number, "something follows the end")
            try:
                record = _parse(line, known is None)
            except _BadLine as error:
                raise invalid(path, number, str(error)) from error
            if number == 1:
                _check_header(path, record)
            if isinstance(record, End):
                last = record
                if record.blake3 != lines.hexdigest() or known not in (None, record.blake3):
                    raise invalid(path, number, "the lines before do not hash to what it says")
            lines.update(line + b"\n")
            yield number, record
    except (zstandard.ZstdError, _BadLine) as error:
        why = str(error) if number else f"it is no file that store/export wrote: {error}"
        raise invalid(path, number + 1, why) from error
    if last is None:
        raise invalid(path, number + 1, "the file ends here, without its last line")
    source.read(size)
    if file.read() != _TRAILER + source.hash.digest():
        raise invalid(path, number, "the file does not hash to what its end says")


class _BadLine(Exception):
    pass


def _lines(source: _Hashing) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    reader = unpacker.stream_reader(cast(BinaryIO, source))
    rest = bytearray()
    while chunk := reader.read(_READ):
        *whole, last = chunk.split(b"\n")
        for line in whole:
            rest += line
            yield bytes(rest)
            rest.clear()
        rest += last
        if len(rest) > LINE:
            raise _BadLine(f"a line of more than {LINE} bytes")
    if rest:
        raise _BadLine("the line does not end")


def _parse(line: bytes, careful: bool) -> Record:
    try:
        record: Record = _DECODER.decode(line)
        if not careful:
            return record
        value = orjson.loads(line)
        canonical.check(value)
        if canonical.encode(value) != line:
            raise _BadLine("not in canonical spelling")
    except (msgspec.MsgspecError, orjson.JSONDecodeError, InvalidParams, RecursionError) as error:
        raise _BadLine(str(error)) from error
    return record


def _check_header(path: Path, record: Record) -> None:
    if not isinstance(record, Header) or record.format != FORMAT:
        raise invalid(path, 1, f"not a {FORMAT}")
    if record.version != VERSION or record.object_version != 1:
        raise invalid(path, 1, f"version {record.version}; this version reads {VERSION}")
