"""Intents and verdicts: asked before, checked after, written down always."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.support.sidecar import NO_ID, Sidecar, proposal

RULES = """
[[rule]]
name = "no-rm"
decision = "deny"
reason = "delete files one by one"
tools = ["rm"]

[[rule]]
name = "dry"
decision = "override"
tools = ["deploy"]
payload = { arguments = { dryRun = true, force = {} } }

[[rule]]
name = "ask"
decision = "hold"
reason = "somebody should look"
tools = ["ask"]

[[rule]]
name = "no-model-x"
decision = "deny"
reason = "too expensive"
kinds = ["model_call"]
"""


@pytest.fixture(scope="module")
def sidecar(store: Path, sidecar: Sidecar) -> Sidecar:
    sidecar.call("run/list", {})
    (store / "gate.toml").write_text(RULES)
    return sidecar


def shown(entry: dict[str, Any]) -> tuple[str, str | None, dict[str, Any]]:
    return entry["kind"], entry.get("intent"), entry["payload"]


@pytest.mark.requirement("INTENT-01", "GATE-02")
def test_a_plain_allow_leaves_only_the_intent(sidecar: Sidecar, branch: str) -> None:
    reply = sidecar.propose(branch, "look")
    assert reply["verdict"] == {"decision": "allow", "by": "default"}
    log = sidecar.log(branch)
    assert [entry["commit"] for entry in log[1:]] == [reply["commit"]]
    assert shown(log[-1]) == ("tool_call", None, {"name": "look", "arguments": {}})


@pytest.mark.requirement("INTENT-01", "HOLD-01")
def test_the_intent_is_durable_before_anyone_decides(
    sidecar: Sidecar, branch: str, store: Path, another: Another
) -> None:
    asked = sidecar.request("intent/propose", proposal(branch, "ask"))
    beside = another(store, "observer")
    held = held_on(beside, branch)
    assert [e["commit"] for e in beside.log(branch)][1] == held["intent"]
    assert not [m for m in sidecar.rest() if m.get("id") == asked]
    sidecar.notify("$/cancelRequest", {"id": asked})
    assert sidecar.error(asked).code == -32800
    assert held_on(beside, branch) == held, "a cancelled wait leaves the hold standing"
    decide(sidecar, held, "allow")


def held_on(sidecar: Sidecar, branch: str) -> dict[str, Any]:
    """The one hold of a branch, once it is there."""
    entries = follow(sidecar, branch)
    while True:
        for entry in entries:
            if entry["payload"].get("decision") == "hold":
                [held] = [
                    one
                    for one in sidecar.call("intervene/held", {})["held"]
                    if one["branch"] == branch
                ]
                return dict(held)
        entries = sidecar.receive(lambda m: m.get("method") == "trace/didCommit")["params"][
            "entries"
        ]


def follow(sidecar: Sidecar, branch: str) -> list[dict[str, Any]]:
    sidecar.call("trace/subscribe", {"branches": [branch], "from": "0"})
    entries: list[dict[str, Any]] = sidecar.receive(lambda m: m.get("method") == "trace/didCommit")[
        "params"
    ]["entries"]
    return entries


def decide(sidecar: Sidecar, held: dict[str, Any], decision: str, **more: Any) -> Any:
    verdict = {"decision": decision, **more}
    params = {"intent": held["intent"], "verdict": verdict, "by": "ana", "branch": held["branch"]}
    return sidecar.call("intervene/decide", params)


@pytest.mark.requirement("INTENT-02", "INTENT-03", "GATE-02")
def test_a_deny_is_an_intervention_and_an_outcome_right_after_the_intent(
    sidecar: Sidecar, branch: str
) -> None:
    reply = sidecar.propose(branch, "rm")
    by, reason = "rule:no-rm", "delete files one by one"
    assert reply["verdict"] == {"decision": "deny", "by": by, "reason": reason}
    intent = reply["commit"]
    assert [shown(entry) for entry in sidecar.log(branch)[1:]] == [
        ("tool_call", None, {"name": "rm", "arguments": {}}),
        (
            "intervention",
            intent,
            {"action": "verdict", "decision": "deny", "by": by, "reason": reason},
        ),
        ("tool_result", intent, {"status": "denied", "by": by, "reason": reason}),
    ]


@pytest.mark.requirement("INTENT-03")
def test_a_denied_model_call_gets_a_model_result(sidecar: Sidecar, branch: str) -> None:
    reply = sidecar.call(
        "intent/propose", {"branch": branch, "kind": "model_call", "payload": {"model": "x"}}
    )
    assert reply["verdict"]["by"] == "rule:no-model-x"
    assert sidecar.log(branch)[-1]["kind"] == "model_result"


@pytest.mark.requirement("INTENT-02", "GATE-04")
def test_an_override_carries_the_whole_effective_payload(sidecar: Sidecar, branch: str) -> None:
    arguments = {"to": "prod", "force": True, "dryRun": False}
    reply = sidecar.propose(branch, "deploy", arguments=arguments)
    effective = {"name": "deploy", "arguments": {"to": "prod", "force": {}, "dryRun": True}}
    assert reply["verdict"] == {"decision": "override", "by": "rule:dry", "payload": effective}
    intent, verdict = sidecar.log(branch)[1:]
    assert intent["payload"]["arguments"] == arguments, "what was proposed stays as it was"
    assert shown(verdict) == (
        "intervention",
        intent["commit"],
        {"action": "verdict", "decision": "override", "by": "rule:dry", "payload": effective},
    )
    assert sidecar.resolve(branch, intent["commit"])["commit"] == sidecar.head(branch)


@pytest.mark.requirement("INTENT-04")
@pytest.mark.parametrize("way", ["resolve", "append", "append by client id"])
def test_an_outcome_of_a_denied_intent_is_refused_and_written_down(
    sidecar: Sidecar, branch: str, way: str
) -> None:
    intent = sidecar.propose(branch, "rm", clientId="denied")["commit"]
    before = sidecar.commits(branch)
    event: dict[str, Any] = {"kind": "tool_result", "payload": {"status": "ok"}}
    if way == "resolve":
        params = {"branch": branch, "intent": intent, "payload": {"gone": True}, "status": "ok"}
        error = sidecar.error(sidecar.request("intent/resolve", params))
    else:
        names = {"intent": intent} if way == "append" else {"intentClientId": "denied"}
        params = {"branch": branch, "events": [{**event, **names}]}
        error = sidecar.error(sidecar.request("trace/append", params))
    assert error.name == "IntentDenied"
    assert error.data["hint"]
    assert error.data["intent"] == intent
    log = sidecar.log(branch)
    assert [entry["commit"] for entry in log] == [*before, error.data["commit"]]
    kind, named, payload = shown(log[-1])
    assert (kind, named, payload["action"]) == ("intervention", intent, "vetoIneffective")


@pytest.mark.requirement("INTENT-04")
def test_no_way_leads_to_another_outcome_of_a_denied_intent(sidecar: Sidecar, branch: str) -> None:
    """Law 10: on the branch, on forks of it, by any report."""
    intent = sidecar.propose(branch, "rm")["commit"]
    for where in (branch, *sidecar.fork(branch, count=2)):
        for status in ("ok", "error"):
            params = {"branch": where, "intent": intent, "payload": {}, "status": status}
            assert sidecar.error(sidecar.request("intent/resolve", params)).name == "IntentDenied"
        outcomes = [e for e in sidecar.log(where) if e["kind"] == "tool_result"]
        assert [outcome["payload"]["status"] for outcome in outcomes] == ["denied"]


@pytest.mark.requirement("INTENT-04")
def test_nobody_may_report_a_denial_of_their_own(sidecar: Sidecar, branch: str) -> None:
    intent = sidecar.propose(branch)["commit"]
    event = {"kind": "tool_result", "payload": {"status": "denied"}, "intent": intent}
    sidecar.refused("InvalidParams", "trace/append", {"branch": branch, "events": [event]})


@pytest.mark.requirement("INTENT-06")
@pytest.mark.parametrize("tool", ["look", "rm", "deploy"])
def test_the_same_client_id_gives_the_same_intent_and_verdict(
    sidecar: Sidecar, branch: str, tool: str, store: Path, another: Another
) -> None:
    first = sidecar.propose(branch, tool, clientId="step-1")
    sidecar.say(branch, "meanwhile")
    log = sidecar.commits(branch)
    assert sidecar.propose(branch, tool, clientId="step-1") == first
    assert another(store).propose(branch, tool, clientId="step-1") == first
    assert sidecar.commits(branch) == log
    params = proposal(branch, tool, clientId="step-1", arguments={"other": True})
    sidecar.refused("ClientIdConflict", "intent/propose", params)


@pytest.mark.requirement("INTENT-06")
def test_a_rewind_does_not_turn_a_denial_into_an_allow(sidecar: Sidecar, branch: str) -> None:
    before = sidecar.head(branch)
    denied = sidecar.propose(branch, "rm", clientId="step-1")["commit"]
    sidecar.call("branch/rewind", {"branch": branch, "to": before})
    params = proposal(branch, "rm", clientId="step-1")
    error = sidecar.refused("ClientIdConflict", "intent/propose", params)
    assert error.data["commit"] == denied
    again = sidecar.propose(branch, "rm", clientId="step-1-again")
    assert (again["commit"], again["verdict"]["decision"]) == (denied, "deny")


@pytest.mark.requirement("APPEND-07", "APPEND-08")
def test_what_is_no_open_intent_of_the_branch_cannot_be_resolved(
    sidecar: Sidecar, branch: str
) -> None:
    intent, outcome = sidecar.act(branch)

    def params(named: str) -> dict[str, Any]:
        return {"branch": branch, "intent": named, "payload": {}, "status": "ok"}

    for wrong in (NO_ID, outcome, sidecar.commits(branch)[0]):
        sidecar.refused("UnknownIntent", "intent/resolve", params(wrong))
    sidecar.refused("IntentAlreadyResolved", "intent/resolve", params(intent))


def test_open_intents_are_resolved_each_by_its_own_commit(sidecar: Sidecar, branch: str) -> None:
    first, second = (sidecar.propose(branch, f"t{n}")["commit"] for n in (1, 2))
    sidecar.resolve(branch, second, payload={"n": 2}, usage={"durationMs": 5.5})
    sidecar.resolve(branch, first, payload={"n": 1}, status="error")
    late, early = sidecar.log(branch)[-2:]
    assert (late["intent"], late["payload"]) == (second, {"status": "ok", "result": {"n": 2}})
    assert late["usage"] == {"durationMs": 5.5}
    assert (early["intent"], early["payload"]["status"]) == (first, "error")


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"arguments": {}}},
        {"payload": {"name": ""}},
        {"payload": {"name": 5}},
        {"timeoutMs": -1},
        {"clientId": ""},
        {"clientId": "x" * 201},
        {"clientId": "two\nlines"},
        {"kind": "message"},
        {"effect": "harmless"},
    ],
)
def test_a_proposal_that_cannot_be_one(
    sidecar: Sidecar, branch: str, change: dict[str, Any]
) -> None:
    sidecar.refused("InvalidParams", "intent/propose", {**proposal(branch), **change})


@pytest.mark.requirement("GATE-01")
def test_what_was_only_reported_is_gated_when_it_is_proposed(sidecar: Sidecar) -> None:
    """Reporting an intent first, under the same clientId, is no way round the rules."""
    (sidecar.store / "gate.toml").write_text(
        '[[rule]]\nname = "no"\ndecision = "deny"\nreason = "never"\ntools = ["rm"]\n'
    )
    branch = sidecar.begin()
    payload = {"name": "rm", "arguments": {}}
    event = {"kind": "tool_call", "payload": payload, "clientId": "one"}
    (reported,) = sidecar.append(branch, event)
    asked = {"branch": branch, "kind": "tool_call", "payload": payload, "clientId": "one"}
    reply = sidecar.call("intent/propose", asked)
    assert reply["commit"] == reported
    assert (reply["verdict"]["decision"], reply["verdict"]["by"]) == ("deny", "rule:no")
    assert sidecar.call("intent/propose", asked)["verdict"] == reply["verdict"]
