"""A running sidecar for tests: one a module where tests do not meet, more where they must."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.sidecar import Sidecar

Another = Callable[..., Sidecar]
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of this module's tests."""
    return tmp_path_factory.mktemp("store") / ".shepherd"


@pytest.fixture(scope="module")
def sidecar(store: Path) -> Iterator[Sidecar]:
    """The owner's sidecar on the module's store; each test begins runs of its own."""
    with Sidecar.on(store) as running:
        yield running


@pytest.fixture
def another() -> Iterator[Another]:
    """Starts further sidecars: ``another(store, role)``; they end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **kw: stack.enter_context(Sidecar.on(*args, **kw))


@pytest.fixture
def fresh(tmp_path: Path, another: Another) -> Sidecar:
    """A sidecar on a store that no other test has seen."""
    return another(tmp_path / "store" / ".shepherd")


@pytest.fixture
def branch(sidecar: Sidecar) -> str:
    """The branch of a new run, whose name makes its commits its own."""
    return sidecar.begin(f"run {next(NUMBERS)}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small workspace."""
    made = tmp_path / "workspace"
    (made / "src").mkdir(parents=True)
    (made / "src" / "app.py").write_text("print('one')\n")
    (made / "notes.txt").write_text("hello\n")
    return made
