"""What supervisors answer: combined, taken or not, and never waited for in vain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.following import decide, held_on
from tests.engine.supervising import Supervisor, verdict_of
from tests.support.sidecar import Sidecar, proposal


@pytest.mark.requirement("SUPER-01")
def test_deny_and_override(agent: Sidecar, beside: Sidecar, work: str) -> None:
    guard = Supervisor(beside)
    asked = agent.request("intent/propose", proposal(work, "rm"))
    guard.answer("deny", reason="not that")
    verdict = agent.result(asked)["verdict"]
    assert verdict == {"decision": "deny", "by": "guard", "reason": "not that"}
    assert agent.log(work)[-1]["payload"]["status"] == "denied"
    asked = agent.request("intent/propose", proposal(work, "bash", arguments={"cmd": "rm"}))
    payload = {"name": "bash", "arguments": {"cmd": "ls"}}
    guard.answer("override", payload=payload)
    assert agent.result(asked)["verdict"] == {
        "decision": "override",
        "by": "guard",
        "payload": payload,
    }


@pytest.mark.requirement("SUPER-02")
@pytest.mark.parametrize(
    ("answers", "decision", "by"),
    [
        (("allow", "allow", "allow"), "allow", "s0"),
        (("allow", "override", "override"), "override", "s1"),
        (("override", "allow", "deny"), "deny", "s2"),
    ],
)
def test_several_answers_are_combined(
    agent: Sidecar,
    beside: Sidecar,
    another: Another,
    work: str,
    answers: tuple[str, ...],
    decision: str,
    by: str,
) -> None:
    """The last to attach answers first: it is the order of attaching that breaks ties."""
    others = [beside, another(beside.store, "supervisor"), another(beside.store, "owner")]
    attached = [Supervisor(peer, f"s{number}") for number, peer in enumerate(others)]
    asked = agent.request("intent/propose", proposal(work, "bash"))
    for number, (one, answer) in reversed(list(enumerate(zip(attached, answers, strict=True)))):
        more: dict[str, Any] = {"reason": "no"} if answer == "deny" else {}
        if answer == "override":
            more = {"payload": {"name": "bash", "arguments": {"n": number}}}
        one.answer(answer, **more)
        if answer == "deny":
            break  # nobody else is waited for
    verdict = agent.result(asked)["verdict"]
    assert (verdict["decision"], verdict["by"]) == (decision, by)
    if decision == "override":
        assert verdict["payload"]["arguments"] == {"n": 1}


@pytest.mark.requirement("SUPER-03")
@pytest.mark.parametrize(
    ("effect", "on_timeout", "decision"),
    [
        ("pure", None, "allow"),
        ("irreversible", None, "deny"),
        ("pure", "deny", "deny"),
        ("irreversible", "allow", "allow"),
    ],
)
def test_without_an_answer_the_default_counts(
    agent: Sidecar, beside: Sidecar, work: str, effect: str, on_timeout: str | None, decision: str
) -> None:
    guard = Supervisor(beside, timeoutMs=1_000, onTimeout=on_timeout)
    reply = agent.propose(work, "bash", effect=effect)
    assert (reply["verdict"]["decision"], reply["verdict"]["by"]) == (decision, "timeout")
    assert "guard gave no answer within 1000 ms" in reply["verdict"]["reason"]
    [told] = verdict_of(agent, work, reply["commit"])["answers"]
    assert (told["by"], told["fault"]) == ("guard", "timeout")
    late = guard.question()
    beside.respond(late["id"], {"decision": "allow"})
    refused = guard.pushed("supervisor/didRefuse")
    assert refused["name"] == "IntentAlreadyResolved"
    assert refused["intent"] == reply["commit"]


@pytest.mark.requirement("SUPER-03")
def test_the_agents_own_limit_never_gets_it_past_a_supervisor(
    agent: Sidecar, beside: Sidecar, work: str
) -> None:
    Supervisor(beside, "strict", onTimeout="deny", timeoutMs=60_000)
    verdict = agent.propose(work, "bash", effect="pure", timeoutMs=0)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("deny", "timeout")


@pytest.mark.requirement("SUPER-04")
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("yes", "expected object"),
        ({}, "missing"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "deny"}, "says why"),
        ({"decision": "hold"}, "says why"),
        ({"decision": "allow", "payload": {}}, "payload"),
        ({"decision": "override"}, "payload"),
        ({"decision": "override", "payload": {"name": "rm", "arguments": {}}}, "keeps the tool"),
        ({"decision": "override", "payload": {"name": "bash", "arguments": 1}}, "arguments"),
        ({"decision": "override", "payload": {"name": "bash", "arguments": []}}, "arguments"),
        ({"decision": "allow", "timeoutMs": 5}, "for a hold"),
        ({"decision": "allow", "because": "x"}, "unknown field"),
    ],
)
def test_what_cannot_be_an_answer_counts_as_none(
    agent: Sidecar, beside: Sidecar, work: str, answer: Any, why: str
) -> None:
    guard = Supervisor(beside)
    asked = agent.request("intent/propose", proposal(work, "bash"))
    beside.respond(guard.question()["id"], answer)
    refused = guard.pushed("supervisor/didRefuse")
    assert refused["name"] == "InvalidParams"
    assert why in refused["message"]
    reply = agent.result(asked)
    assert (reply["verdict"]["decision"], reply["verdict"]["by"]) == ("deny", "invalid")
    [told] = verdict_of(agent, work, reply["commit"])["answers"]
    assert told["fault"] == "invalid"


@pytest.mark.requirement("SUPER-04")
def test_an_override_over_the_limit_and_an_error_count_as_none(
    agent: Sidecar, beside: Sidecar, work: str
) -> None:
    guard = Supervisor(beside)
    asked = agent.request("intent/propose", proposal(work, "bash", effect="pure"))
    big = {"name": "bash", "arguments": {"x": "y" * (20 << 20)}}
    beside.respond(guard.question()["id"], {"decision": "override", "payload": big})
    assert agent.result(asked)["verdict"]["by"] == "invalid"
    asked = agent.request("intent/propose", proposal(work, "bash", effect="pure"))
    error = {"code": -32601, "message": "no such method"}
    beside.send({"jsonrpc": "2.0", "id": guard.question()["id"], "error": error})
    verdict = agent.result(asked)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("allow", "invalid")
    assert "no such method" in verdict["reason"]


@pytest.mark.requirement("SUPER-04")
def test_the_first_answer_counts(agent: Sidecar, beside: Sidecar, work: str) -> None:
    guard = Supervisor(beside)
    asked = agent.request("intent/propose", proposal(work, "bash"))
    question = guard.question()
    beside.respond(question["id"], {"decision": "allow"})
    beside.respond(question["id"], {"decision": "deny", "reason": "no, wait"})
    assert guard.pushed("supervisor/didRefuse")["name"] == "IntentAlreadyResolved"
    assert agent.result(asked)["verdict"]["decision"] == "allow"


@pytest.mark.requirement("SUPER-05")
def test_a_supervisor_leaves_it_to_a_person(
    agent: Sidecar, beside: Sidecar, another: Another, work: str
) -> None:
    guard = Supervisor(beside)
    person = another(beside.store, "owner")
    asked = agent.request("intent/propose", proposal(work, "deploy"))
    question = guard.question()
    intent = question["params"]["intent"]["commit"]
    params = {"intent": intent, "verdict": {"decision": "allow"}, "by": "ana"}
    person.refused("IntentAlreadyResolved", "intervene/decide", params)
    assert person.call("intervene/held", {})["held"] == []
    beside.respond(question["id"], {"decision": "hold", "reason": "ask ana", "timeoutMs": 60_000})
    held = held_on(person, work)
    assert (held["by"], held["reason"]) == ("guard", "ask ana")
    decide(person, held, "allow")
    assert agent.result(asked)["verdict"] == {"decision": "allow", "by": "ana"}


@pytest.mark.requirement("SUPER-02")
def test_the_gate_is_the_first_of_them(agent: Sidecar, beside: Sidecar, work: str) -> None:
    gate = agent.store / "gate.toml"
    gate.write_text(
        '[[rule]]\nname = "no-rm"\ndecision = "deny"\nreason = "never"\ntools = ["rm"]\n'
        '[[rule]]\nname = "dry"\ndecision = "override"\ntools = ["deploy"]\n'
        "payload = { arguments = { dry = true } }\n"
    )
    guard = Supervisor(beside)
    assert agent.propose(work, "rm")["verdict"]["by"] == "rule:no-rm"  # nobody is asked
    asked = agent.request("intent/propose", proposal(work, "deploy"))
    guard.answer("override", payload={"name": "deploy", "arguments": {"dry": False}})
    verdict = agent.result(asked)["verdict"]
    assert (verdict["by"], verdict["payload"]["arguments"]) == ("rule:dry", {"dry": True})
    asked = agent.request("intent/propose", proposal(work, "deploy"))
    guard.answer("deny", reason="not today")
    assert agent.result(asked)["verdict"]["by"] == "guard"
    gate.unlink()


@pytest.mark.requirement("SUPER-09")
def test_a_veto_in_vain_is_told_to_whoever_supervises_the_branch(
    agent: Sidecar, beside: Sidecar, another: Another, work: str
) -> None:
    watching = another(agent.store, "observer")
    guard = Supervisor(beside, filter={"tools": ["rm"]})
    watcher = Supervisor(watching, gate=False, filter={"kinds": ["message"]})
    asked = agent.request("intent/propose", proposal(work, "rm"))
    guard.answer("deny", reason="no")
    intent = agent.result(asked)["commit"]
    params = {"branch": work, "intent": intent, "payload": {}, "status": "ok"}
    assert agent.error(agent.request("intent/resolve", params)).name == "IntentDenied"
    for one in (guard, watcher):
        [entry] = one.pushed("trace/didCommit")["entries"]
        assert (entry["payload"]["action"], entry["intent"]) == ("vetoIneffective", intent)
