"""An agent in a process of its own, and debuggers on its store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dap.client import Debugger
from tests.engine.conftest import store  # noqa: F401
from tests.support.sidecar import Sidecar

Attach = Callable[..., Debugger]


@pytest.fixture(scope="module")
def agent(store: Path) -> Iterator[Sidecar]:  # noqa: F811
    """The agent; each test has a run of its own."""
    with Sidecar.on(store, "agent") as running:
        running.call("run/list", {})
        yield running


@pytest.fixture
def work(agent: Sidecar, request: pytest.FixtureRequest) -> str:
    """The branch of a new run, with a turn begun."""
    branch = agent.begin(request.node.name[:60])
    agent.say(branch, "please tidy up")
    return branch


@pytest.fixture
def attach(store: Path) -> Iterator[Attach]:  # noqa: F811
    """Starts a debugger on the store; at the end all it was told is held against the schema."""
    with contextlib.ExitStack() as stack:
        began: list[Debugger] = []

        def start(*breakpoints: str, **arguments: Any) -> Debugger:
            debugger = stack.enter_context(Debugger("--store", str(store)))
            began.append(debugger)
            debugger.begin(*breakpoints, **arguments)
            return debugger

        yield start
        for debugger in began:
            debugger.check()
