"""blob/*: content that is too large, or too often repeated, to stand inside an event.

Layer: protocol.
"""

from __future__ import annotations

from shepherd_sidecar.protocol.method import WRITERS, Method, message
from shepherd_sidecar.trace.ids import Id


@message
class BlobPutParams:
    """Store bytes under their hash. Exactly one of ``data`` and ``path`` is given.

    Storing what is there already changes nothing.
    """

    data: str | None = None
    """The bytes, base64."""
    path: str | None = None
    """An absolute path of a regular file that the sidecar reads itself. A file of 64 KiB and more
    is kept as it is: secrets are taken out of smaller ones and of ``data`` only."""
    hash: Id | None = None
    """The hash the client computed; a mismatch is an error and keeps nothing."""


@message
class BlobPutResult:
    """Where the bytes are found from now on."""

    hash: Id
    """``H(blob, bytes)``."""
    size: int
    """Length in bytes."""


@message
class BlobGetParams:
    """Read a blob, or a part of it."""

    hash: Id
    """Its id."""
    offset: int = 0
    """First byte."""
    length: int | None = None
    """How many bytes at most; the limit of one reply applies as well."""


@message
class BlobGetResult:
    """The bytes asked for."""

    data: str
    """base64."""
    size: int
    """Length of the whole blob in bytes."""


METHODS = (
    Method(
        "blob/put",
        BlobPutParams,
        BlobPutResult,
        WRITERS,
        errors=("BlobTooLarge", "BlobHashMismatch", "StoreFull"),
    ),
    Method("blob/get", BlobGetParams, BlobGetResult, errors=("BlobMissing", "PayloadForgotten")),
)
