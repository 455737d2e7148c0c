"""Waiting for what comes by itself, for as long as a busy machine may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 60.0
"""Seconds until a test gives up; what is as it should be never takes them."""


def until(true: Callable[[], bool], what: str = "it did not come to that") -> None:
    """Ask again and again until something is true; ``what`` is said when it never is."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def becomes(ask: Callable[[], object], wanted: object) -> None:
    """Ask again and again until the answer is this one; the last answer is shown otherwise."""
    end = time.monotonic() + PATIENCE
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.005)
    assert found == wanted
