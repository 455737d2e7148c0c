"""Writes lean/Shepherd/Encoded.lean: values with the bytes that the program makes of them.

python -m tests.lean.encoding            write the file anew
"""

from __future__ import annotations

from typing import Any, Final

from shepherd_sidecar.trace.canonical import SAFE_INTEGER, encode
from tests.lean.vectors import json_value, text
from tests.support.sidecar import ROOT

FILE: Final = ROOT / "lean" / "Shepherd" / "Encoded.lean"

VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    7,
    10,
    -1,
    -10,
    SAFE_INTEGER,
    -SAFE_INTEGER,
    "",
    "a",
    '"\\/',
    "".join(map(chr, range(32))),
    "\x7f\x80é€\U0001d4b3\u2028",
    [],
    [[]],
    [1, 23],
    [12, 3],
    ["1", 1, None],
    {},
    {"": ""},
    {"a": {"b": [True, {}]}, "a\n": "b", "b": -12},
    {"é": 1, "": 2, "\U0001d4b3": 3, "\ufb01": 4, "Z": 5},
)


def ordered(value: Any) -> Any:
    """The same with members in the order of RFC 8785: by the UTF-16 units of their names."""
    if isinstance(value, list):
        return [ordered(part) for part in value]
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: ordered(value[name]) for name in names}
    return value


def written() -> str:
    """The text of the file."""
    stated = (
        f"example : Json.text {json_value(value)}\n"
        f"    = {text(encode(value).decode())} := by decide +kernel"
        for value in VALUES
    )
    return "\n".join(
        (
            "module\n\npublic import Shepherd.Spec.Encode\n",
            "/-! Written by tests/lean/encoding.py: what the program writes of values. -/\n",
            "@[expose] public noncomputable section\n",
            "namespace Shepherd\n",
            "\n\n".join(stated) + "\n",
            "end Shepherd\n",
        )
    )


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
