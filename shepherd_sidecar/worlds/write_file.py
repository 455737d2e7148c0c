"""Writing the content of a blob into a new file, with holes for its zeros.

Layer: worlds. Used by every way of bringing content back: making a world, restoring.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

from blake3 import blake3

from shepherd_sidecar.errors import StoreCorrupt
from shepherd_sidecar.trace.ids import digest, hasher
from shepherd_sidecar.trace.trees import File
from shepherd_sidecar.worlds.driver import Objects

SMALL: Final = 64 << 10
"""Files smaller than this are read whole, and have no holes."""
_BLOCK: Final = SMALL
"""Runs of zeros at least this long, at multiples of it, become holes."""
_CHUNK: Final = 16 * _BLOCK
_ZEROS: Final = bytes(_BLOCK)
NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
"""Flags that make a file where nothing stands, and fail where a link does."""


def write_content(objects: Objects, fd: int, entry: File) -> None:
    """Write a file's content to an empty open file.

    Raises:
        BlobMissing, StoreCorrupt: also when the content has not the size the tree says.
    """
    if entry.size < SMALL:
        write_all(fd, read_small(objects, entry))
        return
    _write_chunks(fd, _chunks(objects, entry), entry)


def copy_content(source: int, fd: int, entry: File) -> bool:
    """Write a file's content to an empty open file, out of one that may have it.

    False: it does not have it, and something else may have been written.
    """
    if entry.size < SMALL:
        data = os.read(source, entry.size + 1)
        if len(data) != entry.size or digest("blob", data).hex() != entry.blob:
            return False
        write_all(fd, data)
        return True
    sum_of = hasher("blob")
    try:
        _write_chunks(fd, _read_chunks(source, sum_of, entry.size), entry)
    except StoreCorrupt:
        return False
    return sum_of.hexdigest() == entry.blob


def _write_chunks(fd: int, chunks: Iterable[memoryview], entry: File) -> None:
    at = 0
    hole = False
    for chunk in chunks:
        for start in range(0, len(chunk), _BLOCK):
            block = chunk[start : start + _BLOCK]
            hole = len(block) == _BLOCK and block == _ZEROS
            if hole:
                os.lseek(fd, _BLOCK, os.SEEK_CUR)
            else:
                write_all(fd, block)
            at += len(block)
    check_size(entry, at)
    if hole:
        os.ftruncate(fd, at)


def _read_chunks(source: int, sum_of: blake3, most: int) -> Iterator[memoryview]:
    """What an open file holds, up to one chunk more than ``most``."""
    buffer = bytearray(_CHUNK)
    read = 0
    while read <= most and (length := os.readv(source, [buffer])):
        chunk = memoryview(buffer)[:length]
        sum_of.update(chunk)
        read += length
        yield chunk


def read_small(objects: Objects, entry: File) -> bytes:
    """The content of a small file.

    Raises:
        BlobMissing, StoreCorrupt: as for ``write_content``.
    """
    data = objects.read("blob", entry.blob)
    check_size(entry, len(data))
    return data


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write all of it: one call may write less."""
    while data:
        written = os.write(fd, data)
        if written == len(data):
            return
        data = memoryview(data)[written:]


def _chunks(objects: Objects, entry: File) -> Iterator[memoryview]:
    file = objects.open_file(entry.blob)
    if file is None:
        data = memoryview(objects.read("blob", entry.blob))
        for start in range(0, len(data), _CHUNK):
            yield data[start : start + _CHUNK]
        return
    # Nobody else has checked this file: what does not hash to its name is never given out.
    sum_of = hasher("blob")
    with file.open("rb", buffering=0) as source:
        yield from _read_chunks(source.fileno(), sum_of, entry.size)
    if sum_of.hexdigest() != entry.blob:
        raise _corrupt(entry, "its file does not hash to the name")


def check_size(entry: File, size: int) -> None:
    """Refuse content that has not the size the tree says. Raises StoreCorrupt."""
    if size != entry.size:
        raise _corrupt(entry, f"it has {size} bytes, the tree says {entry.size}")


def _corrupt(entry: File, why: str) -> StoreCorrupt:
    problem = {"what": "hash", "where": entry.blob, "detail": why}
    return StoreCorrupt(f"blob {entry.blob} is damaged: {why}", problems=[problem])
