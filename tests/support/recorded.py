"""The recorded runs: ``$SHEPHERD_DATA``, else ``../shared/data`` beside the project.

Without the folder the tests that need it skip and say so; with it nothing is skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SHEPHERD_DATA") or ROOT.parent / "shared" / "data")
RUNS = DATA / "endless-terminals"

needed = pytest.mark.skipif(
    not RUNS.is_dir(), reason=f"no recorded runs: {RUNS} is not there (set SHEPHERD_DATA)"
)


def trajectories(task: str = "*") -> list[Path]:
    """Every recorded run, or those of one task."""
    return sorted(RUNS.glob(f"{task}/trajectories/*.json"))


def name(path: Path) -> str:
    """Task and run, for test ids."""
    return f"{path.parent.parent.name}-{path.stem}"
