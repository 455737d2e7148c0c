"""Vectors of ids: values, their canonical bytes, and the names these have.

Layer: protocol. Keeps the rule that ids are reproducible by anyone: an implementation in any
language that agrees on these lines names objects as we do.
"""

from __future__ import annotations

import json
from typing import Any, Final

from shepherd_sidecar.protocol.generate.model import NOTICE
from shepherd_sidecar.trace.canonical import SAFE_INTEGER, encode
from shepherd_sidecar.trace.ids import CONTEXTS, object_id
from shepherd_sidecar.trace.trees import Dir, File, Link, Tree, tree_bytes

_VALUES: Final[tuple[tuple[str, Any], ...]] = (
    ("empty object", {}),
    ("members in order", {"b": 1, "a": {"d": [], "c": None}}),
    ("whole numbers", [0, -1, SAFE_INTEGER, -SAFE_INTEGER]),
    ("fractions", [0.1, 1.0, -0.0, 1e-7, 1e-6, 123456789.125]),
    ("exponents", [1e21, -1e300, 5e-324, 1.7976931348623157e308]),
    ("literals", [True, False, None]),
    ("escapes", '"\\/\b\f\n\r\t\u0000\u001f\u007f'),
    ("text beyond ASCII", "é \u2028 \U0001f411"),
    ("no normalisation", ["\u00e9", "e\u0301"]),
    ("names by UTF-16 code units", {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4, "\r": 5}),
    ("a blob in place", {"content": {"$blob": object_id("blob", b"hello\n")}}),
)
_FILE: Final = File(0o644, 6, object_id("blob", b"hello\n"))
_TREES: Final[tuple[tuple[str, Tree], ...]] = (
    ("empty folder", {}),
    ("prefixes sort first", {b"a.b": _FILE, b"a": _FILE, b"a-b": _FILE}),
    ("modes", {b"plain": File(0, 0, _FILE.blob), b"all": File(0o7777, 6, _FILE.blob)}),
    ("names that are not UTF-8", {b"\xff\xfe": _FILE, b"with space\n": _FILE}),
    ("links", {b"up": Link(b"../x"), b"none": Link(b""), b"odd": Link(b"\xff")}),
    ("a folder inside", {b"d": Dir(0o755, object_id("tree", b""))}),
)


def id_vectors() -> str:
    """The lines of ``ids.jsonl``; the first names the generator."""
    about = "hash is BLAKE3-256 in derive-key mode, in `context`, of the bytes whose hex is `bytes`"
    rows: list[dict[str, Any]] = [{"generated": NOTICE, "about": about}]
    rows += [_row(f"{kind}: no bytes", kind, b"") for kind in CONTEXTS]
    rows.append(_row("blob: larger than a chunk", "blob", bytes(range(256)) * 5))
    for name, value in _VALUES:
        rows.append({**_row(f"json: {name}", "blob", encode(value)), "value": value})
    rows += [_row(f"tree: {name}", "tree", tree_bytes(tree)) for name, tree in _TREES]
    return "".join(json.dumps(row) + "\n" for row in rows)


def _row(name: str, kind: Any, data: bytes) -> dict[str, Any]:
    return {
        "id": name,
        "context": CONTEXTS[kind],
        "bytes": data.hex(),
        "hash": object_id(kind, data),
    }
