"""Methods of the fixture server: real rows, in a table of their own."""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.protocol.method import DECIDERS, Method, message


@message
class EchoParams:
    """Any payload."""

    payload: Any = None
    """Comes back."""


@message
class EchoResult:
    """The payload, again."""

    payload: Any = None
    """As it came."""
    meta: dict[str, Any] | None = None
    """The call's ``_meta``."""


@message
class Item:
    """Part of a nested list."""

    kind: Literal["tool_call", "message"]
    """One of two."""
    size: int
    """Strictly an integer."""
    from_: str | None = None
    """A word that Python keeps for itself."""


@message
class TypedParams:
    """One field of every type."""

    text: str
    """Text."""
    whole: int = 0
    """Integer."""
    ratio: float = 0.5
    """Any number."""
    flag: bool = False
    """Truth."""
    items: list[Item] | None = None
    """Nested messages."""


@message
class CountParams:
    """How much of something."""

    count: int = 1
    """How many."""
    size: int = 0
    """How large, in bytes."""


@message
class SumResult:
    """A number."""

    total: int
    """It."""


METHODS = {
    row.name: row
    for row in (
        Method("echo/now", EchoParams, EchoResult),
        Method("echo/async", EchoParams, EchoResult),
        Method("echo/thread", EchoParams, EchoResult),
        Method("echo/raw", EchoParams, EchoResult),
        Method("echo/typed", TypedParams, TypedParams),
        Method("test/count", CountParams, SumResult),
        Method("test/total", CountParams, SumResult),
        Method("test/hang", CountParams, EchoResult),
        Method("test/hangThread", CountParams, EchoResult),
        Method("test/release", CountParams, EchoResult),
        Method("test/fail", EchoParams, EchoResult),
        Method("test/refuse", EchoParams, EchoResult, errors=("UnknownBranch",)),
        Method("test/print", EchoParams, EchoResult),
        Method("test/block", CountParams, EchoResult),
        Method("test/push", CountParams, SumResult),
        Method("test/big", CountParams, EchoResult),
        Method("test/ask", EchoParams, EchoResult),
        Method("test/decide", EchoParams, EchoResult, DECIDERS),
        Method("test/noted", EchoParams, None, direction="push"),
    )
}
"""Name to row."""
