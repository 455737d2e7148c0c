"""A sidecar for tests of what editors get."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import Another, another, sidecar, store  # noqa: F401
from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar

APP = "import os\n\n\ndef first():\n    return os.getpid()\n\n\ndef second():\n    return 2\n"


@pytest.fixture
def run(sidecar: Sidecar, tmp_path: Path) -> Run:  # noqa: F811
    """An agent that works in the user's own folder, on ``src/app.py``."""
    folder = tmp_path / "workspace"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text(APP)
    return Run.start(sidecar, folder, place="inPlace", agent={"name": "agent-1"})
