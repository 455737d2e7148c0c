"""Blobs and trees: content by its hash, small ones in the database, large ones as files.

Layer: store. Keeps: a file is complete and durable before any row names it; what does not
hash to its name is never given out.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final, Literal, NamedTuple

import zstandard

from shepherd_sidecar.errors import BlobMissing, PayloadForgotten, StoreCorrupt, StoreLocked
from shepherd_sidecar.store.connection import translated
from shepherd_sidecar.store.layout import OBJECTS
from shepherd_sidecar.trace.ids import Id, digest, hasher
from shepherd_sidecar.trace.trees import EMPTY_TREE

ContentKind = Literal["blob", "tree"]

FILE_FROM: Final = 64 * 1024
"""Content of this many bytes and more is kept outside the database."""
_COMPRESS_FROM: Final = 200
_CHUNK: Final = 1024 * 1024
_NEW: Final = ".new-"
_AT_ONCE: Final = 100
"""Blobs that one question asks for."""
YOUNG_S: Final = 60 * 60
"""A file that no row names may be one that is about to get its row."""

RAW, ZSTD, FILE, FILE_ZSTD, FORGOTTEN, DAMAGED = range(6)
KIND: Final[dict[str, int]] = {"blob": 0, "tree": 1}
_KIND_NAME: Final[tuple[ContentKind, ContentKind]] = ("blob", "tree")

_local = threading.local()


class New(NamedTuple):
    """Content on its way into the store: hashed, and on disk already if it is large."""

    kind: ContentKind
    name: bytes
    """Its 32-byte digest."""
    size: int
    data: bytes | None
    """The content; None when it is in its file."""
    codec: int = RAW
    """How its file is written; small content is packed when it turns out to be new."""
    file: Path | None = None
    """The file that holds it, if it is large."""

    @property
    def id(self) -> Id:
        """Its id in hex."""
        return self.name.hex()


def pack(data: bytes) -> tuple[int, bytes]:
    """``(codec, bytes)``: compressed when that saves at least a tenth."""
    if len(data) >= _COMPRESS_FROM:
        packed = _compressor().compress(data)
        if len(packed) * 10 <= len(data) * 9:
            return ZSTD, packed
    return RAW, data


def unpack(codec: int, data: bytes, size: int) -> bytes:
    """The content of a row."""
    if codec == ZSTD:
        return _decompressor().decompress(data, max_output_size=max(size, 1))
    return data


def unpack_frame(data: bytes) -> bytes:
    """The content of a compressed frame that knows its own size."""
    return _decompressor().decompress(data)


def prepare(root: Path, kind: ContentKind, data: bytes) -> New:
    """Hash content; large content goes to its file now, durably."""
    name = digest(kind, data)
    if len(data) < FILE_FROM:
        return New(kind, name, len(data), data)
    packing, packed = pack(data)
    codec = FILE_ZSTD if packing == ZSTD else FILE
    file = file_of(root, name, codec)
    with translated(file):
        _write_file(root, file, packed)
    return New(kind, name, len(data), None, codec, file)


def prepare_file(root: Path, fd: int) -> New:
    """Take the content of an open file as a blob, without holding a large one in memory.

    Large files are kept uncompressed: they can then be copied by the kernel, and mapped.
    """
    size = os.fstat(fd).st_size
    if size < FILE_FROM:
        return prepare(root, "blob", _read_all(fd))
    summer, total = hasher("blob"), 0
    temporary = _temporary(root)
    with translated(temporary):
        out = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        while chunk := os.read(fd, _CHUNK):  # what reading says is not about the store
            summer.update(chunk)
            total += len(chunk)
            with translated(temporary):
                if chunk.count(0) == len(chunk):
                    os.lseek(out, len(chunk), os.SEEK_CUR)  # holes stay holes
                else:
                    write_all(out, chunk)
        with translated(temporary):
            os.ftruncate(out, total)
            os.fsync(out)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(out)
    name = summer.digest()
    file = file_of(root, name, FILE)
    with translated(file):
        _settle(temporary, file)
    return New("blob", name, total, None, FILE, file)


def leftovers(root: Path) -> Iterator[Path]:
    """Files that were being written when their writer died: so old that nobody writes them now."""
    young = time.time() - YOUNG_S
    for path in (root / OBJECTS).glob(f"{_NEW}*"):
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime < young:
                yield path


def spool(root: Path) -> int:
    """An open file without a name, for content that comes in pieces; ``prepare_file`` takes it."""
    temporary = _temporary(root)
    with translated(temporary):
        fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        temporary.unlink()
    return fd


def insert(conn: sqlite3.Connection, new: New) -> int:
    """The row of this content, made if it is not there.

    A forgotten one stays forgotten; one that was set aside as damaged is whole again.
    """
    found = conn.execute(
        "SELECT seq, codec FROM objects WHERE substr(id, 1, 8) = ? AND id = ? AND kind = ?",
        (new.name[:8], new.name, KIND[new.kind]),
    ).fetchone()
    if found is not None and found[1] != DAMAGED:
        return int(found[0])
    if new.file is not None and not new.file.exists():
        raise StoreLocked(
            "gc removed content that was just being added again",
            hint="send it again",
            path=str(new.file),
        )
    codec, data = (new.codec, None) if new.data is None else pack(new.data)
    if found is not None:
        conn.execute(
            "UPDATE objects SET codec = ?, size = ?, data = ? WHERE seq = ?",
            (codec, new.size, data, found[0]),
        )
        return int(found[0])
    row = conn.execute(
        "INSERT INTO objects(id, kind, codec, size, data) VALUES (?, ?, ?, ?, ?)",
        (new.name, KIND[new.kind], codec, new.size, data),
    )
    assert row.lastrowid is not None
    return row.lastrowid


def find(conn: sqlite3.Connection, kind: ContentKind, name: bytes) -> int | None:
    """The row of this content, or None."""
    row = conn.execute(
        "SELECT seq FROM objects WHERE substr(id, 1, 8) = ? AND id = ? AND kind = ?",
        (name[:8], name, KIND[kind]),
    ).fetchone()
    return row[0] if row else None


def read(conn: sqlite3.Connection, root: Path, kind: ContentKind, name: Id) -> bytes:
    """The content of an id, checked. The tree of an empty folder is known without a row.

    Raises:
        BlobMissing: the store does not have it.
        PayloadForgotten: it was removed.
        StoreCorrupt: what is stored does not hash to its name.
    """
    binary = bytes.fromhex(name)
    row = conn.execute(
        "SELECT codec, size, data FROM objects WHERE substr(id, 1, 8) = ? AND id = ? AND kind = ?",
        (binary[:8], binary, KIND[kind]),
    ).fetchone()
    if row is not None:
        return content(root, kind, binary, *row)
    if kind == "tree" and name == EMPTY_TREE:
        return b""
    raise BlobMissing(f"the store has no {kind} {name}", hash=name)


def read_blobs(conn: sqlite3.Connection, root: Path, names: Collection[Id]) -> dict[Id, bytes]:
    """The contents of several blobs, each checked. Raises as ``read``."""
    wanted = {bytes.fromhex(name): name for name in names}
    found: dict[Id, bytes] = {}
    ahead = iter(wanted)
    while part := list(islice(ahead, _AT_ONCE)):
        marks = ",".join("?" * len(part))
        rows = conn.execute(
            "SELECT id, codec, size, data FROM objects"
            f" WHERE substr(id, 1, 8) IN ({marks}) AND kind = 0",
            [name[:8] for name in part],
        )
        for binary, *columns in rows:
            if binary in wanted:
                found[wanted[binary]] = content(root, "blob", binary, *columns)
    for name in names:
        if name not in found:
            raise BlobMissing(f"the store has no blob {name}", hash=name)
    return found


def content_of(root: Path, new: New) -> bytes:
    """The content of something on its way into the store."""
    return content(root, new.kind, new.name, new.codec, new.size, new.data)


def plain_file(conn: sqlite3.Connection, root: Path, blob: Id) -> Path | None:
    """The file that holds exactly the bytes of a blob, if there is one."""
    name = bytes.fromhex(blob)
    row = conn.execute(
        "SELECT codec FROM objects WHERE substr(id, 1, 8) = ? AND id = ? AND kind = 0",
        (name[:8], name),
    ).fetchone()
    return file_of(root, name, FILE) if row and row[0] == FILE else None


def read_seq(conn: sqlite3.Connection, root: Path, seq: int) -> bytes:
    """The content of a row."""
    name, kind, codec, size, data = conn.execute(
        "SELECT id, kind, codec, size, data FROM objects WHERE seq = ?", (seq,)
    ).fetchone()
    return content(root, _KIND_NAME[kind & 1], name, codec, size, data)


def content(
    root: Path, kind: ContentKind, name: bytes, codec: int, size: int, data: bytes | None
) -> bytes:
    """The content behind the columns of a row, checked against its name."""
    if codec == FORGOTTEN:
        raise PayloadForgotten(f"{kind} {name.hex()} was forgotten", hash=name.hex())
    if codec == DAMAGED:
        raise _damaged(kind, name, "set aside by an earlier verify")
    try:
        if codec in (FILE, FILE_ZSTD):
            stored = file_of(root, name, codec).read_bytes()
            found = unpack(ZSTD if codec == FILE_ZSTD else RAW, stored, size)
        else:
            found = unpack(codec, data or b"", size)
    except (OSError, zstandard.ZstdError) as error:
        raise _damaged(kind, name, str(error)) from error
    if digest(kind, found) != name:
        raise _damaged(kind, name, "the stored bytes do not hash to the name")
    return found


def id_of(conn: sqlite3.Connection, seq: int) -> Id:
    """The id of a row."""
    row = conn.execute("SELECT id FROM objects WHERE seq = ?", (seq,)).fetchone()
    return bytes(row[0]).hex()


def file_of(root: Path, name: bytes, codec: int) -> Path:
    """Where a large object stands. Its two spellings have two names: either may come first."""
    text = name.hex() + (".zst" if codec == FILE_ZSTD else "")
    return root / OBJECTS / text[:2] / text[2:]


def kind_name(number: int) -> ContentKind:
    """``blob`` or ``tree``, from the column."""
    return _KIND_NAME[number]


def _damaged(kind: str, name: bytes, why: str) -> StoreCorrupt:
    problem = {"what": "hash", "where": name.hex(), "detail": f"{kind}: {why}"}
    return StoreCorrupt(f"{kind} {name.hex()} is damaged: {why}", problems=[problem])


def _write_file(root: Path, file: Path, data: bytes) -> None:
    if file.exists():
        return
    temporary = _temporary(root)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        write_all(fd, data)
        os.fsync(fd)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(fd)
    _settle(temporary, file)


def _settle(temporary: Path, target: Path) -> None:
    if not target.parent.is_dir():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        _sync(target.parent.parent)
    temporary.rename(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Make durable which names stand in a folder."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _temporary(root: Path) -> Path:
    return root / OBJECTS / f"{_NEW}{os.getpid()}-{secrets.token_hex(8)}"


def _read_all(fd: int) -> bytes:
    parts = []
    while chunk := os.read(fd, _CHUNK):
        parts.append(chunk)
    return b"".join(parts)


def write_all(fd: int, data: bytes) -> None:
    """Write all of it: one call may write less."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _decompressor() -> zstandard.ZstdDecompressor:
    made: zstandard.ZstdDecompressor | None = getattr(_local, "decompressor", None)
    if made is None:
        made = _local.decompressor = zstandard.ZstdDecompressor()
    return made


def _compressor() -> zstandard.ZstdCompressor:
    # A compressor is not for two threads at once; making one for every call costs more than it.
    made: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if made is None:
        made = _local.compressor = zstandard.ZstdCompressor(level=1)
    return made
