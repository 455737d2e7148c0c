"""Holds: who waits, who decides, and what happens when nobody does."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.following import decide, held_on, until
from tests.support.sidecar import NO_ID, Sidecar, proposal
from tests.support.wire import reply

RULES = """
[defaults]
on_timeout = { compensable = "deny" }

[[rule]]
name = "ask"
decision = "hold"
reason = "somebody should look"
tools = ["ask", "ask_*"]
"""


@pytest.fixture(scope="module")
def sidecar(store: Path, sidecar: Sidecar) -> Sidecar:
    sidecar.call("run/list", {})
    (store / "gate.toml").write_text(RULES)
    return sidecar


def verdicts(sidecar: Sidecar, branch: str) -> list[tuple[str, str]]:
    """Decision and decider of each verdict on a log."""
    said = [e["payload"] for e in sidecar.log(branch) if e["kind"] == "intervention"]
    return [(p["decision"], p["by"]) for p in said if p["action"] == "verdict"]


@pytest.mark.requirement("HOLD-02", "INTENT-02")
@pytest.mark.parametrize("role", ["supervisor", "owner"])
def test_a_hold_is_listed_and_decided_in_another_process(
    sidecar: Sidecar, branch: str, another: Another, store: Path, role: str
) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask", arguments={"n": 1}))
    beside = another(store, role)
    held = held_on(beside, branch)
    assert (held["reason"], held["by"]) == ("somebody should look", "rule:ask")
    assert held["default"] == "deny"
    assert held["entry"]["payload"] == {"name": "ask", "arguments": {"n": 1}}
    payload = {"name": "ask", "arguments": {"n": 2}}
    commit = decide(beside, held, "override", payload=payload)
    reply = sidecar.result(asked)
    assert reply["commit"] == held["intent"]
    assert reply["verdict"] == {"decision": "override", "by": "ana", "payload": payload}
    assert sidecar.head(branch) == commit
    assert verdicts(sidecar, branch) == [("hold", "rule:ask"), ("override", "ana")]
    assert not [one for one in beside.call("intervene/held", {})["held"] if one["branch"] == branch]


@pytest.mark.requirement("HOLD-02", "INTENT-03")
def test_a_denied_hold_is_denied_for_good(sidecar: Sidecar, branch: str) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    decide(sidecar, held, "deny", reason="not on a Friday")
    reply = sidecar.result(asked)
    assert reply["verdict"] == {"decision": "deny", "by": "ana", "reason": "not on a Friday"}
    last = sidecar.log(branch)[-1]
    assert last["payload"] == {"status": "denied", "by": "ana", "reason": "not on a Friday"}
    params = {"branch": branch, "intent": held["intent"], "payload": {}, "status": "ok"}
    assert sidecar.error(sidecar.request("intent/resolve", params)).name == "IntentDenied"


@pytest.mark.requirement("HOLD-03")
def test_one_decision_counts(sidecar: Sidecar, branch: str) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    decide(sidecar, held, "allow")
    assert sidecar.result(asked)["verdict"] == {"decision": "allow", "by": "ana"}
    params = {"intent": held["intent"], "by": "ben"}
    denial = {**params, "verdict": {"decision": "deny", "reason": "too late"}}
    sidecar.refused("IntentAlreadyResolved", "intervene/decide", denial)
    plain = {**params, "intent": sidecar.propose(branch, "look")["commit"]}
    allow = {**plain, "verdict": {"decision": "allow"}}
    sidecar.refused("IntentAlreadyResolved", "intervene/decide", allow)
    no_intent = {**allow, "intent": sidecar.commits(branch)[0]}
    sidecar.refused("UnknownIntent", "intervene/decide", no_intent)


@pytest.mark.parametrize(
    "verdict",
    [
        {"decision": "deny"},
        {"decision": "deny", "reason": ""},
        {"decision": "override"},
        {"decision": "allow", "payload": {}},
        {"decision": "hold"},
    ],
)
def test_a_decision_that_cannot_be_one(
    sidecar: Sidecar, branch: str, verdict: dict[str, Any]
) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    params = {"intent": held["intent"], "verdict": verdict, "by": "ana"}
    sidecar.refused("InvalidParams", "intervene/decide", params)
    sidecar.refused(
        "InvalidParams", "intervene/decide", {**params, "verdict": {"decision": "allow"}, "by": ""}
    )
    assert held_on(sidecar, branch) == held, "still waiting"
    decide(sidecar, held, "allow")
    sidecar.result(asked)


@pytest.mark.requirement("HOLD-01")
@pytest.mark.parametrize(
    ("effect", "default"),
    [
        (None, "deny"),
        ("irreversible", "deny"),
        ("compensable", "deny"),
        ("reversible", "allow"),
        ("pure", "allow"),
    ],
)
def test_without_a_decision_the_default_of_the_effect_class_applies(
    sidecar: Sidecar, branch: str, effect: str | None, default: str
) -> None:
    """compensable is allowed unless a file says otherwise; this one does."""
    params = proposal(branch, "ask", timeoutMs=1)
    if effect is not None:
        params["effect"] = effect
    verdict = sidecar.call("intent/propose", params)["verdict"]
    assert (verdict["decision"], verdict["by"]) == (default, "timeout")
    assert "somebody should look" in verdict["reason"]
    assert verdicts(sidecar, branch) == [("hold", "rule:ask"), (default, "timeout")]
    outcomes = [e["payload"]["status"] for e in sidecar.log(branch) if e["kind"] == "tool_result"]
    assert outcomes == (["denied"] if default == "deny" else [])


@pytest.mark.requirement("HOLD-01")
def test_a_timeout_of_the_client_shortens_and_never_lengthens(
    sidecar: Sidecar, tmp_path: Path
) -> None:
    gate = tmp_path / "short.toml"
    gate.write_text("[defaults]\nhold_timeout_ms = 1\n" + RULES.replace("[defaults]\n", ""))
    branch = sidecar.begin(gate=str(gate))
    verdict = sidecar.propose(branch, "ask", timeoutMs=10**12)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("deny", "timeout")


@pytest.mark.requirement("INTENT-06", "HOLD-02")
def test_a_hold_outlives_its_process_and_is_found_by_its_client_id(
    another: Another, tmp_path: Path
) -> None:
    store = tmp_path / ".shepherd"
    first, watcher = another(store), another(store)
    first.call("run/list", {})
    (store / "gate.toml").write_text(RULES)
    branch = first.begin()
    params = proposal(branch, "ask", clientId="step-1")
    first.request("intent/propose", params)
    held = held_on(watcher, branch)
    assert first.process is not None
    first.process.send_signal(signal.SIGKILL)
    first.wait()
    assert held_on(watcher, branch) == held

    second = another(store)
    asked = second.request("intent/propose", params)
    decide(watcher, held, "allow")
    reply = second.result(asked)
    assert (reply["commit"], reply["verdict"]["decision"]) == (held["intent"], "allow")
    assert another(store).call("intent/propose", params) == reply
    assert verdicts(watcher, branch) == [("hold", "rule:ask"), ("allow", "ana")]


@pytest.mark.requirement("HOLD-01")
def test_forks_that_hold_the_same_intent_are_decided_apart(sidecar: Sidecar, branch: str) -> None:
    forks = sidecar.fork(branch, count=2)
    asked = [sidecar.request("intent/propose", proposal(fork, "ask")) for fork in forks]
    holds = [held_on(sidecar, fork) for fork in forks]
    intent = holds[0]["intent"]
    assert intent == holds[1]["intent"]
    params = {"intent": intent, "verdict": {"decision": "allow"}, "by": "ana"}
    sidecar.refused("InvalidParams", "intervene/decide", params)
    decide(sidecar, holds[0], "allow")
    decide(sidecar, holds[1], "deny", reason="no")
    decisions = [sidecar.result(one)["verdict"]["decision"] for one in asked]
    assert decisions == ["allow", "deny"]


@pytest.mark.requirement("HOLD-05")
def test_what_waits_is_denied_on_a_fork_until_it_is_proposed_there(
    sidecar: Sidecar, branch: str
) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    [fork] = sidecar.fork(branch)
    params = {"branch": fork, "intent": held["intent"], "payload": {}, "status": "ok"}
    error = sidecar.error(sidecar.request("intent/resolve", params))
    assert error.name == "IntentDenied"
    assert "propose it again" in error.data["hint"]
    assert sidecar.log(fork)[-1]["payload"]["action"] == "vetoIneffective"
    decide(sidecar, held, "allow")
    assert sidecar.result(asked)["verdict"]["decision"] == "allow"
    again = sidecar.error(sidecar.request("intent/resolve", params))
    assert again.name == "IntentDenied", "what was decided elsewhere counts there only"
    sidecar.call("intent/resolve", {**params, "branch": branch})

    anew = sidecar.request("intent/propose", proposal(fork, "ask"))
    second = held_on(sidecar, fork)
    decide(sidecar, second, "allow")
    assert sidecar.result(anew)["verdict"]["decision"] == "allow"
    sidecar.call("intent/resolve", {**params, "intent": second["intent"]})


@pytest.mark.requirement("HOLD-06")
def test_what_waits_has_no_outcome_where_a_rewind_cut_the_hold_off(
    sidecar: Sidecar, branch: str
) -> None:
    """Back to the intent itself: its log says nothing of the hold any more, but somebody waits."""
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    sidecar.call("branch/rewind", {"branch": branch, "to": held["intent"]})
    params = {"branch": branch, "intent": held["intent"], "payload": {}, "status": "ok"}
    error = sidecar.error(sidecar.request("intent/resolve", params))
    assert error.name == "IntentDenied"
    assert "nobody has decided yet" in error.message
    assert sidecar.log(branch)[-1]["payload"]["action"] == "vetoIneffective"
    decide(sidecar, held_on(sidecar, branch), "allow")
    assert sidecar.result(asked)["verdict"]["decision"] == "allow"
    sidecar.call("intent/resolve", params)


def test_a_hold_waits_while_others_are_answered(sidecar: Sidecar, branch: str) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    assert sidecar.propose(branch, "look")["verdict"]["decision"] == "allow"
    other = sidecar.request("intent/propose", proposal(branch, "ask_again"))
    second = held_on(sidecar, branch, "ask_again")
    decide(sidecar, second, "allow")
    assert sidecar.result(other)["commit"] == second["intent"]
    decide(sidecar, held, "allow")
    assert sidecar.result(asked)["commit"] == held["intent"]


@pytest.mark.requirement("HOLD-01", "INTENT-04")
@pytest.mark.parametrize("way", ["rewind", "discard", "run/end", "resolve"])
def test_whatever_becomes_of_the_branch_a_hold_ends_and_others_go_on(
    sidecar: Sidecar, branch: str, way: str
) -> None:
    """An undecided intent whose branch moves away must not leave anyone waiting for ever."""
    root = sidecar.head(branch)
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    if way == "rewind":
        sidecar.call("branch/rewind", {"branch": branch, "to": root})
    elif way == "discard":
        sidecar.call("branch/discard", {"branch": branch})
    elif way == "run/end":
        sidecar.call("run/end", {"branch": branch, "status": "stopped"})
    else:
        params = {"branch": branch, "intent": held["intent"], "payload": {}, "status": "ok"}
        error = sidecar.error(sidecar.request("intent/resolve", params))
        assert error.name == "IntentDenied"
        assert sidecar.log(branch)[-1]["payload"]["action"] == "vetoIneffective"
    # Somebody decides after all: whatever the answer is, there is one, and it is by name.
    params = {**{k: held[k] for k in ("intent", "branch")}, "by": "ana"}
    late = {**params, "verdict": {"decision": "deny", "reason": "no"}}
    if way == "rewind":
        sidecar.refused("IntentAlreadyResolved", "intervene/decide", late)
    else:
        sidecar.call("intervene/decide", late)
    verdict = sidecar.result(asked)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("deny", "rewind" if way == "rewind" else "ana")
    assert branch not in [one["branch"] for one in sidecar.call("intervene/held", {})["held"]]
    # The next hold runs out as it should: whoever watches the clock is still there.
    other = sidecar.begin()
    assert sidecar.propose(other, "ask", timeoutMs=1)["verdict"]["by"] == "timeout"


@pytest.mark.requirement("HOLD-01")
@pytest.mark.parametrize("way", ["rewind", "discard", "resolve"])
def test_a_hold_that_runs_out_on_a_branch_that_moved_does_not_stop_the_clock(
    sidecar: Sidecar, branch: str, way: str
) -> None:
    root = sidecar.head(branch)
    asked = sidecar.request("intent/propose", proposal(branch, "ask", timeoutMs=400))
    # From the log: on a busy machine it may have run out before it is looked for.
    intent = until(sidecar, branch, lambda e: e["payload"].get("decision") == "hold")["intent"]
    if way == "rewind":
        sidecar.call("branch/rewind", {"branch": branch, "to": root})
    elif way == "discard":
        sidecar.call("branch/discard", {"branch": branch})
    else:
        params = {"branch": branch, "intent": intent, "payload": {}, "status": "ok"}
        sidecar.expect(reply(sidecar.request("intent/resolve", params)))
    sidecar.expect(reply(asked))
    other = sidecar.begin()
    assert sidecar.propose(other, "ask", timeoutMs=1)["verdict"]["by"] == "timeout"


def test_a_branch_may_be_renamed_while_it_waits(sidecar: Sidecar, branch: str) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    held = held_on(sidecar, branch)
    renamed = sidecar.call("branch/rename", {"branch": branch, "name": f"{branch} renamed"})
    decide(sidecar, {**held, "branch": renamed["branch"]}, "allow")
    assert sidecar.result(asked)["verdict"] == {"decision": "allow", "by": "ana"}


@pytest.mark.requirement("HOLD-03")
def test_what_never_was_held_cannot_be_decided(sidecar: Sidecar) -> None:
    params = {"intent": NO_ID, "verdict": {"decision": "allow"}, "by": "ana"}
    sidecar.refused("UnknownIntent", "intervene/decide", params)
