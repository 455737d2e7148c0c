"""Blobs put and got by clients.

Layer: engine.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from concurrent.futures import Future
from pathlib import Path

from shepherd_sidecar.engine.entries import one_of
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.errors import BlobHashMismatch, BlobTooLarge, InvalidParams
from shepherd_sidecar.protocol.blobs import (
    BlobGetParams,
    BlobGetResult,
    BlobPutParams,
    BlobPutResult,
)
from shepherd_sidecar.store import objects, pins
from shepherd_sidecar.store.objects import New
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.ids import Id, hasher, is_id, object_id


def put(
    store: Store, preparer: Preparer, limits: Limits, params: BlobPutParams
) -> Future[BlobPutResult]:
    """Store bytes under their hash. Text loses its secrets first."""
    one_of((("data", params.data), ("path", params.path)))
    if params.hash is not None and not is_id(params.hash):
        raise InvalidParams.at("$.hash", "an id is 64 lowercase hex digits")
    if params.data is not None:
        new = _of_data(store, preparer, limits, params)
    else:
        assert params.path is not None
        new = _of_file(store, preparer, params.path, params.hash)

    def work(tx: Tx) -> BlobPutResult:
        pins.add(tx.conn, objects.insert(tx.conn, new), tx.now)
        return BlobPutResult(hash=new.id, size=new.size)

    return store.submit(work)


def get(store: Store, limits: Limits, params: BlobGetParams) -> BlobGetResult:
    """Read a blob, or a part of it."""
    if not is_id(params.hash):
        raise InvalidParams.at("$.hash", "an id is 64 lowercase hex digits")
    if params.offset < 0 or (params.length is not None and params.length < 0):
        raise InvalidParams.at("$.offset", "offset and length are 0 or more")
    with store.reading() as conn:
        data = objects.read(conn, store.root, "blob", params.hash)
    length = min(limits.blob_bytes, params.length if params.length is not None else len(data))
    part = data[params.offset : params.offset + length]
    return BlobGetResult(data=base64.b64encode(part).decode(), size=len(data))


def _of_data(store: Store, preparer: Preparer, limits: Limits, params: BlobPutParams) -> New:
    assert params.data is not None
    try:
        data = base64.b64decode(params.data, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidParams.at("$.data", "not base64") from None
    if len(data) > limits.blob_bytes:
        raise BlobTooLarge(
            f"{len(data)} bytes; one message takes {limits.blob_bytes}", limit=limits.blob_bytes
        )
    return _of_bytes(store, preparer, data, params.hash)


def _of_bytes(store: Store, preparer: Preparer, data: bytes, expected: Id | None) -> New:
    """Bytes, without their secrets. Nothing is written when they have another hash."""
    if expected is not None:
        _check(object_id("blob", data), expected)
    clean = preparer.text(data)
    if clean != data and expected is not None:
        # The client's hash would name bytes that are not kept.
        raise InvalidParams.at("$.hash", "the data holds a secret; without hash it is redacted")
    return objects.prepare(store.root, "blob", clean)


def _check(found: Id, expected: Id) -> None:
    if found != expected:
        raise BlobHashMismatch(
            f"the data hashes to {found}, not to {expected}", hash=found, expected=expected
        )


def _of_file(store: Store, preparer: Preparer, path: str, expected: Id | None) -> New:
    """A file's content. Files of ``FILE_FROM`` bytes and more are kept as they are."""
    if not Path(path).is_absolute():
        raise InvalidParams.at("$.path", "an absolute path")
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds NUL"
        raise InvalidParams.at("$.path", f"cannot be read: {why}") from None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidParams.at("$.path", "not a regular file")
        if status.st_size < objects.FILE_FROM:
            return _of_bytes(store, preparer, os.read(fd, objects.FILE_FROM), expected)
        if expected is not None:
            _check(hasher("blob").update_mmap(path).hexdigest(), expected)
        return objects.prepare_file(store.root, fd)
    finally:
        os.close(fd)
