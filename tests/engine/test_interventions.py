"""Acting on a running agent: messages put before it, pausing, letting it go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.following import decide, held_on
from tests.support.sidecar import Sidecar, proposal

RULES = """
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


@pytest.fixture(scope="module")
def sidecar(store: Path, sidecar: Sidecar) -> Sidecar:
    sidecar.call("run/list", {})
    (store / "gate.toml").write_text(RULES)
    return sidecar


def inject(sidecar: Sidecar, branch: str, message: Any, by: str = "ana") -> str:
    params = {"branch": branch, "message": message, "by": by}
    return str(sidecar.call("intervene/inject", params)["commit"])


@pytest.mark.requirement("INTENT-07")
@pytest.mark.parametrize("tool", ["look", "no", "dry"])
def test_injected_messages_come_once_with_the_next_verdict_whatever_it_is(
    sidecar: Sidecar, branch: str, tool: str
) -> None:
    first = inject(sidecar, branch, "stop")
    second = inject(sidecar, branch, {"role": "user", "content": ["look", 1]}, "ben")
    verdict = sidecar.propose(branch, tool)["verdict"]
    assert verdict["injected"] == [
        {"message": "stop", "by": "ana", "commit": first},
        {"message": {"role": "user", "content": ["look", 1]}, "by": "ben", "commit": second},
    ]
    assert "injected" not in sidecar.propose(branch, tool)["verdict"]
    entry = sidecar.call("trace/get", {"commit": first})
    assert entry["payload"] == {"action": "inject", "by": "ana", "message": "stop"}
    assert entry["kind"] == "intervention"


@pytest.mark.requirement("INTENT-07", "INTENT-06")
def test_a_proposal_that_is_repeated_brings_what_came_meanwhile(
    sidecar: Sidecar, branch: str
) -> None:
    sidecar.propose(branch, "look", clientId="step")
    inject(sidecar, branch, "news")
    again = sidecar.propose(branch, "look", clientId="step")
    assert [one["message"] for one in again["verdict"]["injected"]] == ["news"]
    assert "injected" not in sidecar.propose(branch, "look", clientId="step")["verdict"]


@pytest.mark.requirement("INTENT-07", "HOLD-02")
def test_a_message_injected_in_another_process_comes_with_a_hold_s_decision(
    sidecar: Sidecar, branch: str, another: Another, store: Path
) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    beside = another(store, "supervisor")
    held = held_on(beside, branch)
    inject(beside, branch, "carefully")
    decide(beside, held, "allow")
    verdict = sidecar.result(asked)["verdict"]
    assert [one["message"] for one in verdict["injected"]] == ["carefully"]


@pytest.mark.requirement("INTENT-07")
def test_the_same_message_to_two_forks_reaches_both(sidecar: Sidecar, branch: str) -> None:
    forks = sidecar.fork(branch, count=2)
    commits = {inject(sidecar, fork, "hurry") for fork in forks}
    assert len(commits) == 1, "the same event after the same commit is the same commit"
    for fork in forks:
        [told] = sidecar.propose(fork, "look")["verdict"]["injected"]
        assert told["message"] == "hurry"


@pytest.mark.requirement("INTENT-07")
def test_the_same_message_again_after_a_rewind_is_delivered_again(
    sidecar: Sidecar, branch: str
) -> None:
    root = sidecar.head(branch)
    for _ in range(2):
        inject(sidecar, branch, "hurry")
        [told] = sidecar.propose(branch, "look")["verdict"]["injected"]
        assert told["message"] == "hurry"
        sidecar.call("branch/rewind", {"branch": branch, "to": root})


@pytest.mark.requirement("HOLD-04")
def test_a_pause_makes_proposals_wait_and_a_resume_lets_them_go_on(
    sidecar: Sidecar, branch: str, another: Another, store: Path
) -> None:
    beside = another(store, "supervisor")
    paused = beside.call("intervene/pause", {"branch": branch, "by": "ana", "reason": "lunch"})
    assert sidecar.branch(branch)["status"] == "paused"
    denied = sidecar.propose(branch, "no")["verdict"]
    assert denied["decision"] == "deny", "what is denied anyway need not wait"
    asked = {
        tool: sidecar.request("intent/propose", proposal(branch, tool))
        for tool in ("look", "dry", "ask")
    }
    for tool in asked:
        held = held_on(beside, branch, tool)
        assert (held["by"], held.get("deadline")) == ("pause", None)
    sidecar.say(branch, "reports go on")
    resumed = beside.call("intervene/resume", {"branch": branch, "by": "ben"})
    assert sidecar.branch(branch)["status"] == "live"
    verdict = sidecar.result(asked["look"])["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("allow", "default")
    verdict = sidecar.result(asked["dry"])["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("override", "rule:dry")
    # What a rule holds goes on waiting, now for a person.
    held = held_on(beside, branch, "ask")
    assert held["by"] == "rule:ask"
    assert "deadline" in held
    decide(beside, held, "allow")
    assert sidecar.result(asked["ask"])["verdict"] == {"decision": "allow", "by": "ana"}
    said = {e["commit"]: e["payload"] for e in sidecar.log(branch)}
    assert said[paused["commit"]] == {"action": "pause", "by": "ana", "reason": "lunch"}
    assert said[resumed["commit"]] == {"action": "resume", "by": "ben"}


@pytest.mark.requirement("HOLD-04")
def test_a_paused_proposal_may_be_decided_or_run_out_by_the_client_s_own_limit(
    sidecar: Sidecar, branch: str
) -> None:
    sidecar.call("intervene/pause", {"branch": branch, "by": "ana"})
    asked = sidecar.request("intent/propose", proposal(branch, "look"))
    held = held_on(sidecar, branch)
    decide(sidecar, held, "deny", reason="no")
    assert sidecar.result(asked)["verdict"]["decision"] == "deny"
    late = sidecar.propose(branch, "look", timeoutMs=1, arguments={"n": 2})["verdict"]
    assert (late["decision"], late["by"]) == ("deny", "timeout")


@pytest.mark.requirement("HOLD-04")
def test_only_a_paused_branch_can_be_resumed(sidecar: Sidecar, branch: str) -> None:
    params = {"branch": branch, "by": "ana"}
    sidecar.refused("BranchClosed", "intervene/resume", params)
    sidecar.call("run/end", {"branch": branch, "status": "finished"})
    for method in ("intervene/pause", "intervene/resume"):
        sidecar.refused("BranchClosed", method, params)
    sidecar.refused("BranchClosed", "intervene/inject", {**params, "message": "too late"})


@pytest.mark.parametrize("by", ["", "x" * 201, "two\nlines"])
def test_who_acts_has_a_name(sidecar: Sidecar, branch: str, by: str) -> None:
    for method in ("inject", "pause", "resume"):
        more = {"message": "x"} if method == "inject" else {}
        params = {"branch": branch, "by": by, **more}
        sidecar.refused("InvalidParams", f"intervene/{method}", params)
