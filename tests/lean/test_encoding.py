"""The canonical text of the model is what the program hashes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.canonical import SAFE_INTEGER, encode
from tests.lean import encoding
from tests.lean.spec.encode import encoded
from tests.trace.values import TEXTS, json_values

WHOLE = st.integers(-SAFE_INTEGER, SAFE_INTEGER)


@given(json_values(st.none() | st.booleans() | WHOLE | TEXTS))
def test_the_model_writes_the_program_s_bytes(value: Any) -> None:
    assert encoded(encoding.ordered(value)) == encode(value)


def test_what_lean_decides_is_what_the_program_writes_now() -> None:
    assert encoding.FILE.read_text("utf-8") == encoding.written(), "python -m tests.lean.encoding"
