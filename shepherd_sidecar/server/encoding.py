"""Outgoing envelopes as bytes: results, errors, notifications, requests.

Layer: server. Keeps the rule that no traceback and no body of a failed call goes out: an
unexpected exception leaves only its type and a reference into the log.
"""

from __future__ import annotations

import itertools
import json
import logging
import traceback
from typing import Any, Final

import msgspec
import orjson

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.protocol.converter import unstructure

Raw = orjson.Fragment
"""JSON that is encoded already (without newlines); may stand anywhere inside a result."""

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INTERNAL_ERROR: Final = -32603
REQUEST_CANCELLED: Final = -32800
NOT_INITIALIZED: Final = -32002

log = logging.getLogger(__name__)
_references = itertools.count(1)


def encode(value: Any) -> bytes:
    """JSON of plain values, messages and ``Raw`` in any mixture, without newlines."""
    try:
        return orjson.dumps(value, default=_plain)
    except TypeError:
        # Integers beyond 64 bits and very deep values: rare, so the slow road is good enough.
        return json.dumps(
            value, default=_plain_slowly, separators=(",", ":"), allow_nan=False
        ).encode()


def encode_id(id: str | int | None) -> bytes:
    """JSON of a request id."""
    return b"%d" % id if type(id) is int else orjson.dumps(id)


def result_body(id: str | int, result: Any) -> bytes:
    """The envelope of a result."""
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (encode_id(id), encode(result))


def error_body(id: str | int | None, error: dict[str, Any]) -> bytes:
    """The envelope of an error object."""
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (encode_id(id), encode(error))


def notification_body(method: str, params: Any) -> bytes:
    """The envelope of a notification."""
    return b'{"jsonrpc":"2.0","method":%b,"params":%b}' % (encode(method), encode(params))


def request_body(id: str, method: str, params: Any) -> bytes:
    """The envelope of a request of ours."""
    return b'{"jsonrpc":"2.0","id":%b,"method":%b,"params":%b}' % (
        encode_id(id),
        encode(method),
        encode(params),
    )


def error_object(code: int, name: str, message: str, hint: str, **data: Any) -> dict[str, Any]:
    """A JSON-RPC error object in the shape every error of ours has."""
    return {"code": code, "message": message, "data": {"name": name, "hint": hint, **data}}


CANCELLED: Final = error_object(
    REQUEST_CANCELLED,
    "RequestCancelled",
    "the request was cancelled",
    "nothing more will come of it",
)


def error_of(error: BaseException, method: str) -> dict[str, Any]:
    """The error object of an exception; what is not ours is logged and hidden."""
    if isinstance(error, ShepherdError):
        return {"code": error.code, "message": error.message, "data": error.wire_data()}
    reference = f"e-{next(_references)}"
    log_exception(reference, method, error)
    return error_object(
        INTERNAL_ERROR,
        "InternalError",
        f"internal error in {method} ({type(error).__name__})",
        f"the sidecar's stderr tells more under {reference}; the request may be sent again",
        reference=reference,
    )


def log_exception(reference: str, method: str, error: BaseException) -> None:
    """Write where an exception came from to the log, without text that may hold a body.

    The words of the operating system and of SQLite never hold one; other messages may.
    """
    module = type(error).__module__
    text = f": {error}" if isinstance(error, OSError) or module == "sqlite3" else ""
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    log.error("%s in %s: %s%s\n%s", reference, method, type(error).__qualname__, text, frames)


def _plain(value: Any) -> Any:
    if hasattr(value, "__attrs_attrs__"):
        return unstructure(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _plain_slowly(value: Any) -> Any:
    if type(value) is Raw:
        # A Fragment gives its bytes only through the encoder.
        return msgspec.json.decode(orjson.dumps(value))
    return _plain(value)
