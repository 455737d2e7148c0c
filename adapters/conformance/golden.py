"""Writing golden transcripts: ids that came are put where ids are expected.

For whoever adds a transcript: write ``"?"`` where an exact id shall stand, run with ``--bless``,
read the difference.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_ID = re.compile(r"\?|[0-9a-f]{64}")
_WIDTH = 100


def with_ids(expected: Any, actual: Any) -> Any:
    """The expectation with the ids of what came, where it has ids."""
    if isinstance(expected, str) and _ID.fullmatch(expected):
        return actual if isinstance(actual, str) and _ID.fullmatch(actual) else expected
    if isinstance(expected, dict) and set(expected) == {"$exactly"}:
        return {"$exactly": with_ids(expected["$exactly"], actual)}
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: with_ids(part, actual.get(key)) for key, part in expected.items()}
    if isinstance(expected, list) and isinstance(actual, list) and len(actual) == len(expected):
        return [with_ids(part, one) for part, one in zip(expected, actual, strict=True)]
    return expected


def write(path: Path, transcript: dict[str, Any]) -> None:
    """Write a transcript as people like to read it."""
    path.write_text(_pretty(transcript, "") + "\n", "utf-8")


def _pretty(value: Any, indent: str) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        rows = [
            f"{json.dumps(key, ensure_ascii=False)}: {_pretty(part, inner)}"
            for key, part in value.items()
        ]
        left, right = "{", "}"
    else:
        rows = [_pretty(part, inner) for part in value]
        left, right = "[", "]"
    return left + f"\n{inner}" + f",\n{inner}".join(rows) + f"\n{indent}" + right
