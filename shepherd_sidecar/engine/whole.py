"""A payload with its blobs put in their places, for reading.

Layer: engine.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import short, size
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.protocol.blobs import BlobGetParams
from shepherd_sidecar.trace.ids import Id, is_id

_PART = 64 * 1024
"""Bytes of a blob that is shown; of a larger one, its size."""
_DEEP = 20


def whole(engine: Engine, payload: Any, deep: int = 0) -> Any:
    """The payload, with what its ``$blob`` members stand for."""
    if isinstance(payload, list):
        return [whole(engine, item, deep) for item in payload]
    if not isinstance(payload, dict):
        return payload
    blob = payload.get("$blob")
    if len(payload) == 1 and isinstance(blob, str) and is_id(blob) and deep < _DEEP:
        return _blob(engine, blob, deep)
    return {name: whole(engine, item, deep) for name, item in payload.items()}


def _blob(engine: Engine, blob: Id, deep: int) -> Any:
    try:
        part = engine.get_blob(BlobGetParams(blob, length=_PART))
    except ShepherdError as error:
        return f"(blob {short(blob)}: {error.name})"
    data = base64.b64decode(part.data)
    if part.size > len(data):
        return f"(blob {blob}, {size(part.size)})"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return f"(blob {blob}, {size(part.size)}, not text)"
    try:
        return whole(engine, json.loads(text), deep + 1)
    except ValueError:
        return text
