"""The fixture server over real pipes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.wire import Wire

ROOT = Path(__file__).resolve().parents[2]

Serve = Callable[..., Wire]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts an echo server with the options given; ends it after the test."""
    with contextlib.ExitStack() as stack:

        def start(*options: str, framing: str = "header") -> Wire:
            return stack.enter_context(
                Wire.start(
                    [sys.executable, "-m", "tests.server.echo_server", *options],
                    env={"PYTHONPATH": str(ROOT)},
                    cwd=ROOT,
                    framing=framing,
                )
            )

        yield start


@pytest.fixture
def wire(serve: Serve) -> Wire:
    """A running echo server."""
    return serve()
