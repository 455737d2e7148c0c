"""The recorded runs: ``$SHEPHERD_DATA``, else ``../shared/data`` beside the project.

Without the folder the tests that need it skip and say so, or fail where CI is set.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SHEPHERD_DATA") or ROOT.parent / "shared" / "data")
RUNS = DATA / "endless-terminals"

needed = pytest.mark.usefixtures("recorded_runs")
"""On a test that needs them; the fixture is in ``tests/conftest.py``."""


def trajectories(task: str = "*") -> list[Path]:
    """Every recorded run, or those of one task."""
    return sorted(RUNS.glob(f"{task}/trajectories/*.json"))


def name(path: Path) -> str:
    """Task and run, for test ids."""
    return f"{path.parent.parent.name}-{path.stem}"
