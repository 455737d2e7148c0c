"""JSON values as Hypothesis strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from shepherd_sidecar.trace.canonical import SAFE_INTEGER

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

NUMBERS = st.integers(-SAFE_INTEGER, SAFE_INTEGER) | st.floats(
    allow_nan=False, allow_infinity=False
).filter(lambda x: not SAFE_INTEGER < abs(x) < 1e21)

SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS


def json_values(scalars: st.SearchStrategy[Any] = SCALARS) -> st.SearchStrategy[Any]:
    """Every sort of JSON value over these leaves."""
    return st.recursive(
        scalars,
        lambda parts: st.lists(parts, max_size=5) | st.dictionaries(TEXTS, parts, max_size=5),
        max_leaves=25,
    )


VALUES = json_values()
PAYLOADS = st.dictionaries(TEXTS, VALUES, max_size=5)
