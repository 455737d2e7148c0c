"""What all tests share."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import recorded
from tests.support.lacking import lacking

sys.path.insert(0, str(Path(__file__).parents[1] / "adapters"))


# How fast data is made says something of the machine, and nothing of the program.
settings.register_profile("shepherd", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("shepherd")


def pytest_configure(config: pytest.Config) -> None:
    import toolchain

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Of tests in the background the shell says so, and what they start would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    # A keeper that waits for the next user would hold mounts in folders that are removed.
    os.environ.setdefault("SHEPHERD_KEEPER_GRACE", "0")

    try:
        # Node may be the virtual environment's own: tests find it where programs would.
        os.environ["PATH"] = toolchain.environment()["PATH"]
    except toolchain.Missing as missing:
        print(f"node: {missing}", file=sys.stderr)
    config.addinivalue_line(
        "markers",
        "requirement(*ids): the behaviours of protocol/requirements.toml that this test shows",
    )


@pytest.fixture(scope="session")
def recorded_runs() -> None:
    """What ``tests.support.recorded.needed`` asks for."""
    if not recorded.RUNS.is_dir():
        lacking(f"no recorded runs: {recorded.RUNS} is not there (set SHEPHERD_DATA)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Editors come last: they wait as a person does, and the proofs are checked by then."""
    items.sort(key=lambda item: item.path.parent.name == "editors")
