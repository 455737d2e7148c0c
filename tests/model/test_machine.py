"""The running sidecar beside the model: every reply, every id, every world is the same.

``SHEPHERD_EXAMPLES=2500 pytest tests/model`` looks longer (minutes);
``SHRINK=0`` stops at the first find.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine.branches import Branches
from tests.model.machine.events import Events
from tests.model.machine.worlds import Worlds
from tests.support.sidecar import Sidecar

GATE = """
[[rule]]
name = "no"
decision = "deny"
reason = "never"
tools = ["no"]
[[rule]]
name = "dry"
decision = "override"
tools = ["dry"]
payload = { arguments = { dry = true } }
[[rule]]
name = "ask"
decision = "hold"
reason = "look"
tools = ["ask"]
"""
EXAMPLES = int(os.environ.get("SHEPHERD_EXAMPLES", "150"))
PHASES = tuple(Phase) if os.environ.get("SHRINK", "1") == "1" else (Phase.generate,)


class SidecarAndModel(Branches, Events, Worlds):
    """All that is done to them."""


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    store = tmp_path_factory.mktemp("model") / ".shepherd"
    with contextlib.ExitStack() as stack:
        sidecar = stack.enter_context(Sidecar.on(store))
        sidecar.call("run/list", {})
        (store / "gate.toml").write_text(GATE)
        yield sidecar


@pytest.mark.requirement("APPEND-14", "OBJECT-01", "INTENT-04", "REPLAY-01", "RESTORE-01")
@pytest.mark.timeout(600)
def test_the_sidecar_does_what_the_model_says(
    serving: Sidecar, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("workspaces")
    machine = type("Machine", (SidecarAndModel,), {"sidecar": serving, "base": base})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
