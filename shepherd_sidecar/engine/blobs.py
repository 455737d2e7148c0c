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
from shepherd_sidecar.trace.ids import is_id, object_id


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
        new = _of_file(store, preparer, params.path)
    if params.hash is not None and new.id != params.hash:
        raise BlobHashMismatch(
            f"the data hashes to {new.id}, not to {params.hash}", hash=new.id, expected=params.hash
        )

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
    clean = preparer.text(data)
    if clean != data and params.hash is not None:
        # The client's hash would name bytes that are not kept.
        if object_id("blob", data) != params.hash:
            raise BlobHashMismatch(f"the data does not hash to {params.hash}", expected=params.hash)
        raise InvalidParams.at("$.data", "holds a secret; send it without hash to have it redacted")
    return objects.prepare(store.root, "blob", clean)


def _of_file(store: Store, preparer: Preparer, path: str) -> New:
    if not Path(path).is_absolute():
        raise InvalidParams.at("$.path", "an absolute path")
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise InvalidParams.at("$.path", f"cannot be read: {error.strerror}") from None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidParams.at("$.path", "not a regular file")
        if status.st_size >= objects.FILE_FROM:
            return objects.prepare_file(store.root, fd)
        return objects.prepare(store.root, "blob", preparer.text(os.read(fd, objects.FILE_FROM)))
    finally:
        os.close(fd)
