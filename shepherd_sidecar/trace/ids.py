"""Names of objects: BLAKE3-256 in derive-key mode, one context per kind of object.

Layer: trace. Anyone can recompute an id:
``b3sum --derive-key "shepherd-sidecar 1 blob" FILE``.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from blake3 import blake3

ObjectKind = Literal["blob", "tree", "event", "commit", "reflog", "memo"]
Id = Annotated[str, "id"]
"""64 lowercase hex digits. To a type checker a str; the mark is for the wire's converter."""

CONTEXTS: Final[dict[str, str]] = {
    kind: f"shepherd-sidecar 1 {kind}"
    for kind in ("blob", "tree", "event", "commit", "reflog", "memo")
}

_EMPTY: Final = {kind: blake3(derive_key_context=text) for kind, text in CONTEXTS.items()}
_HEX = re.compile(r"[0-9a-f]{64}")


def digest(kind: ObjectKind, data: bytes) -> bytes:
    """The 32-byte name of ``data`` as an object of ``kind``."""
    summer = _EMPTY[kind].copy()  # the context is hashed once, not for every object
    summer.update(data)
    return summer.digest()


def object_id(kind: ObjectKind, data: bytes) -> Id:
    """The name of ``data`` as an object of ``kind``, in hex."""
    return digest(kind, data).hex()


def hasher(kind: ObjectKind) -> blake3:
    """An incremental hasher for large objects (update, update_mmap, digest)."""
    return blake3(derive_key_context=CONTEXTS[kind])


def is_id(text: object) -> bool:
    """Whether ``text`` is spelt as an id."""
    return isinstance(text, str) and _HEX.fullmatch(text) is not None
