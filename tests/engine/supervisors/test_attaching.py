"""Who may supervise, and what becomes of intents that wait for one who goes."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from tests.engine.conftest import NUMBERS, Another
from tests.engine.supervising import Supervisor
from tests.support.sidecar import Sidecar, proposal


@pytest.mark.requirement("SUPER-03")
def test_a_supervisor_that_is_killed_is_not_waited_for(
    agent: Sidecar, mortal: Sidecar, work: str
) -> None:
    guard = Supervisor(mortal, timeoutMs=3_600_000)
    asked = agent.request("intent/propose", proposal(work, "bash", effect="reversible"))
    guard.question()
    assert mortal.process is not None
    os.kill(mortal.process.pid, signal.SIGKILL)
    mortal.wait()
    verdict = agent.result(asked)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("allow", "gone")
    assert agent.propose(work, "bash")["verdict"] == {"decision": "allow", "by": "default"}
    assert agent.call("supervisor/list", {}) == {"supervisors": []}
    assert list((agent.store / "supervisors").iterdir()) == []


@pytest.mark.requirement("SUPER-03")
def test_one_that_died_before_is_not_asked(agent: Sidecar, mortal: Sidecar, work: str) -> None:
    Supervisor(mortal, timeoutMs=3_600_000)
    assert mortal.process is not None
    os.kill(mortal.process.pid, signal.SIGKILL)
    mortal.wait()
    assert agent.propose(work, "bash")["verdict"] == {"decision": "allow", "by": "default"}


@pytest.mark.requirement("SUPER-07")
@pytest.mark.parametrize("way", ["detach", "close", "owner"])
def test_detaching_ends_the_waiting(
    agent: Sidecar, mortal: Sidecar, another: Another, work: str, way: str
) -> None:
    guard = Supervisor(mortal, timeoutMs=3_600_000, onTimeout="allow")
    asked = agent.request("intent/propose", proposal(work, "bash"))
    guard.question()
    if way == "detach":
        mortal.call("supervisor/detach", {"supervisor": guard.id})
    elif way == "close":
        mortal.close_input()
    else:
        another(agent.store).call("supervisor/detach", {"supervisor": guard.id})
        assert guard.pushed("supervisor/didDetach")["reason"] == "detached by the owner"
    verdict = agent.result(asked)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("allow", "gone")
    assert agent.propose(work, "bash")["verdict"]["by"] == "default"
    if way != "close":
        mortal.refused("UnknownSupervisor", "supervisor/detach", {"supervisor": guard.id})


@pytest.mark.requirement("SUPER-07")
def test_only_the_owner_detaches_anothers(
    agent: Sidecar, beside: Sidecar, another: Another, work: str
) -> None:
    guard = Supervisor(beside)
    other = another(beside.store, "supervisor")
    other.refused("UnknownSupervisor", "supervisor/detach", {"supervisor": guard.id})
    asked = agent.request("intent/propose", proposal(work, "bash"))
    guard.answer("allow")
    assert agent.result(asked)["verdict"]["by"] == "guard"


@pytest.mark.requirement("SUPER-01")
@pytest.mark.parametrize(
    "params",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "g", "timeoutMs": 0},
        {"name": "g", "timeoutMs": 3_600_001},
        {"name": "g", "recent": -1},
        {"name": "g", "recent": 101},
        {"name": "g", "onTimeout": "hold"},
        {"name": "g", "filter": {"kinds": ["nonsense"]}},
        {"name": "g", "maxPayload": -1},
    ],
)
def test_what_cannot_attach(agent: Sidecar, beside: Sidecar, params: dict[str, Any]) -> None:
    beside.refused("InvalidParams", "supervisor/attach", params)
    named = {"name": "g", "filter": {"branches": ["no such"]}}
    beside.refused("UnknownBranch", "supervisor/attach", named)
    named = {"name": "g", "filter": {"runs": ["no such"]}}
    beside.refused("UnknownRun", "supervisor/attach", named)
    assert agent.call("supervisor/list", {}) == {"supervisors": []}


@pytest.mark.requirement("SUPER-10")
def test_an_observer_does_not_gate(agent: Sidecar, another: Another) -> None:
    observer = another(agent.store, "observer")
    observer.refused("RoleForbidden", "supervisor/attach", {"name": "g"})


@pytest.mark.requirement("SUPER-06")
def test_what_gc_removes_ends_no_supervision(
    agent: Sidecar, beside: Sidecar, another: Another, work: str
) -> None:
    owner = another(agent.store)
    gone = owner.begin(f"gone {next(NUMBERS)}")
    run = owner.branch(gone)["run"]
    Supervisor(beside, "of the past", filter={"runs": [run], "branches": [gone]})
    guard = Supervisor(beside, filter={"branches": [gone, work]}, watch=True)
    owner.call("branch/discard", {"branch": gone})
    owner.call("store/gc", {"keepDiscardedDays": 0})
    listed = [one["filter"] for one in agent.call("supervisor/list", {})["supervisors"]]
    assert listed == [{"runs": [run], "branches": []}, {"branches": [work]}]
    asked = agent.request("intent/propose", proposal(work, "bash"))
    guard.answer("allow")
    assert agent.result(asked)["verdict"]["by"] == "guard"
    assert guard.pushed("trace/didCommit")["entries"]
