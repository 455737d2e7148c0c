"""A sidecar for tests of what editors get."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar

Another = Callable[..., Sidecar]
APP = "import os\n\n\ndef first():\n    return os.getpid()\n\n\ndef second():\n    return 2\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of this module's tests."""
    return tmp_path_factory.mktemp("store") / ".shepherd"


@pytest.fixture(scope="module")
def sidecar(store: Path) -> Iterator[Sidecar]:
    """The agent's sidecar; editors have others on the same store."""
    with Sidecar.on(store) as running:
        yield running


@pytest.fixture
def another() -> Iterator[Another]:
    """Starts further sidecars; they end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **kw: stack.enter_context(Sidecar.on(*args, **kw))


@pytest.fixture
def run(sidecar: Sidecar, tmp_path: Path) -> Run:
    """An agent that works in the user's own folder, on ``src/app.py``."""
    folder = tmp_path / "workspace"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text(APP)
    return Run.start(sidecar, folder, place="inPlace", agent={"name": "agent-1"})
