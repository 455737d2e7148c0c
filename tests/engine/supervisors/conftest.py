"""An agent, and supervisors beside it in other processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import NUMBERS, Another
from tests.support.sidecar import Sidecar


@pytest.fixture(scope="module")
def agent(store: Path) -> Iterator[Sidecar]:
    """The agent of this module's tests; each works on a run of its own."""
    with Sidecar.on(store, "agent") as running:
        running.call("run/list", {})
        yield running


@pytest.fixture(scope="module")
def shared(agent: Sidecar) -> Iterator[Sidecar]:
    with Sidecar.on(agent.store, "supervisor") as running:
        yield running


@pytest.fixture
def beside(shared: Sidecar) -> Iterator[Sidecar]:
    """A supervisor's sidecar on the agent's store; what a test attached goes with it."""
    yield shared
    for one in shared.call("supervisor/list", {})["supervisors"]:
        shared.call("supervisor/detach", {"supervisor": one["supervisor"]})


@pytest.fixture
def mortal(another: Another, agent: Sidecar) -> Sidecar:
    """One that a test may kill."""
    return another(agent.store, "supervisor")


@pytest.fixture
def work(agent: Sidecar) -> str:
    """The branch of a new run."""
    return agent.begin(f"run {next(NUMBERS)}")
