"""Stores for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.traces import Traces, traces


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Traces]:
    """An empty store."""
    with traces(tmp_path / ".shepherd") as store:
        yield store
