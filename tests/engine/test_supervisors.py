"""Supervisors in another process: asked before an intent runs, combined, and never waited for in
vain."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import NUMBERS, Another
from tests.engine.following import decide, held_on
from tests.engine.supervising import Supervisor, verdict_of
from tests.support.sidecar import Sidecar, proposal


@pytest.fixture(scope="module")
def agent(store: Path) -> Iterator[Sidecar]:
    """The agent of this module's tests; each works on a run of its own."""
    with Sidecar.on(store, "agent") as running:
        running.call("run/list", {})
        yield running


@pytest.fixture(scope="module")
def shared(agent: Sidecar) -> Iterator[Sidecar]:
    with Sidecar.on(agent.store, "supervisor") as running:
        yield running


@pytest.fixture
def beside(shared: Sidecar) -> Iterator[Sidecar]:
    """A supervisor's sidecar on the agent's store; what a test attached goes with it."""
    yield shared
    for one in shared.call("supervisor/list", {})["supervisors"]:
        shared.call("supervisor/detach", {"supervisor": one["supervisor"]})


@pytest.fixture
def mortal(another: Another, agent: Sidecar) -> Sidecar:
    """One that a test may kill."""
    return another(agent.store, "supervisor")


@pytest.fixture
def work(agent: Sidecar) -> str:
    """The branch of a new run."""
    return agent.begin(f"run {next(NUMBERS)}")


@pytest.mark.requirement("SUPER-01")
def test_an_intent_waits_for_a_supervisor_of_another_process(
    agent: Sidecar, beside: Sidecar, work: str
) -> None:
    said = agent.say(work, "list the files")
    guard = Supervisor(beside, recent=1)
    asked = agent.request("intent/propose", proposal(work, "bash", arguments={"cmd": "ls"}))
    question = guard.answer("allow", reason="harmless")
    assert question["branch"] == work
    assert question["intent"]["payload"] == {"name": "bash", "arguments": {"cmd": "ls"}}
    assert [entry["commit"] for entry in question["recent"]] == [said]
    reply = agent.result(asked)
    assert reply["commit"] == question["intent"]["commit"]
    assert reply["verdict"] == {"decision": "allow", "by": "guard", "reason": "harmless"}
    assert verdict_of(agent, work, reply["commit"]) == {
        "action": "verdict",
        "decision": "allow",
        "by": "guard",
        "reason": "harmless",
        "answers": [{"by": "guard", "decision": "allow", "reason": "harmless"}],
    }


@pytest.mark.requirement("SUPER-01")
def test_what_came_before_is_shown_as_it_is_now(
    agent: Sidecar, beside: Sidecar, another: Another, work: str
) -> None:
    """Also when it was shown before: a branch gets another name, a payload is forgotten."""
    owner = another(agent.store, "owner")
    said = agent.say(work, "a name and an address")
    guard = Supervisor(beside, recent=8)
    for _ in range(2):  # the second time with what the first one left
        asked = agent.request("intent/propose", proposal(work, "bash"))
        before = guard.answer("deny", reason="not now")["recent"]
        agent.result(asked)
    assert {entry["branch"] for entry in before} == {work}
    assert before[1]["payload"] == {"role": "user", "content": "a name and an address"}

    agent.call("branch/rename", {"branch": work, "name": f"{work} renamed"})
    owner.call("store/forget", {"commit": said, "reason": "it was personal"})
    asked = agent.request("intent/propose", proposal(f"{work} renamed", "bash"))
    shown = {entry["commit"]: entry for entry in guard.answer("deny", reason="no")["recent"]}
    agent.result(asked)
    assert {entry["branch"] for entry in shown.values()} == {f"{work} renamed"}
    assert shown[said]["forgotten"]
    assert "payload" not in shown[said]


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


@pytest.mark.requirement("INTENT-06")
def test_what_was_answered_is_not_asked_again_whoever_answered(
    agent: Sidecar, beside: Sidecar, work: str
) -> None:
    """Also when the supervisor is called as a verdict is that nobody gave."""
    guard = Supervisor(beside, "default", timeoutMs=600_000)
    call = {**proposal(work, "bash"), "clientId": "once"}
    asked = agent.request("intent/propose", call)
    guard.answer("allow", reason="once is enough")
    first = agent.result(asked)
    assert agent.call("intent/propose", call) == first


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


@pytest.mark.requirement("SUPER-06")
@pytest.mark.parametrize(
    ("wants", "asked"),
    [
        ({"tools": ["ba*"]}, True),
        ({"tools": ["rm"]}, False),
        ({"kinds": ["model_call"]}, False),
        ({"kinds": ["tool_call"]}, True),
        ({"branches": ["BRANCH"]}, True),
        ({"branches": ["OTHER"]}, False),
        ({"runs": ["RUN"]}, True),
        ({"runs": ["RUN"], "tools": ["rm"]}, False),
    ],
)
def test_only_what_the_filter_lets_through_is_asked(
    agent: Sidecar, beside: Sidecar, work: str, wants: dict[str, list[str]], asked: bool
) -> None:
    other = agent.begin("another run")
    names = {"BRANCH": work, "OTHER": other, "RUN": agent.branch(work)["run"]}
    wants = {key: [names.get(name, name) for name in names_] for key, names_ in wants.items()}
    guard = Supervisor(beside, filter=wants, timeoutMs=None)
    sent = agent.request("intent/propose", proposal(work, "bash"))
    if asked:
        guard.answer("allow")
    assert agent.result(sent)["verdict"]["by"] == ("guard" if asked else "default")
    [listed] = agent.call("supervisor/list", {})["supervisors"]
    assert listed["filter"] == wants
    assert (listed["name"], listed["timeoutMs"]) == ("guard", 10_000)


@pytest.mark.requirement("SUPER-06")
def test_an_agent_does_not_leave_its_supervisor_by_branching_or_renaming(
    agent: Sidecar, beside: Sidecar, work: str
) -> None:
    guard = Supervisor(beside, filter={"branches": [work]})
    [fork] = agent.fork(work)
    [again] = agent.fork(fork)
    agent.call("branch/rename", {"branch": work, "name": "elsewhere"})
    for branch in (again, "elsewhere"):
        sent = agent.request("intent/propose", proposal(branch, "bash"))
        assert guard.answer("allow")["branch"] == branch
        assert agent.result(sent)["verdict"]["by"] == "guard"


@pytest.mark.requirement("HOLD-05")
def test_what_is_asked_has_no_outcome_on_a_fork_either(
    agent: Sidecar, beside: Sidecar, another: Another, work: str
) -> None:
    guard = Supervisor(beside)
    asked = agent.request("intent/propose", proposal(work, "bash"))
    question = guard.question()
    owner = another(agent.store)  # the agent itself may not start there
    [fork] = owner.fork(work)
    intent = question["params"]["intent"]["commit"]
    done = {"branch": fork, "intent": intent, "payload": {}, "status": "ok"}
    error = owner.error(owner.request("intent/resolve", done))
    assert error.name == "IntentDenied"
    assert "propose it again" in error.data["hint"]
    assert agent.log(fork)[-1]["payload"]["action"] == "vetoIneffective"
    beside.respond(question["id"], {"decision": "allow"})
    agent.call("intent/resolve", {**done, "intent": agent.result(asked)["commit"], "branch": work})

    anew = owner.request("intent/propose", proposal(fork, "bash"))
    guard.answer("allow")
    owner.call("intent/resolve", {**done, "intent": owner.result(anew)["commit"]})


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


@pytest.mark.requirement("SUPER-01")
def test_a_pause_comes_first_and_then_the_supervisors(
    agent: Sidecar, beside: Sidecar, work: str
) -> None:
    guard = Supervisor(beside)
    beside.call("intervene/pause", {"branch": work, "by": "guard"})
    asked = agent.request("intent/propose", proposal(work, "bash"))
    held_on(beside, work)
    beside.call("intervene/resume", {"branch": work, "by": "guard"})
    guard.answer("deny", reason="no")
    assert agent.result(asked)["verdict"]["by"] == "guard"


@pytest.mark.requirement("SUPER-01")
def test_a_question_outlives_the_agents_process(beside: Sidecar, another: Another) -> None:
    agent = another(beside.store, "agent")
    work = agent.begin("short of breath")
    guard = Supervisor(beside, filter={"branches": [work]})
    params = proposal(work, "bash", clientId="step-1")
    agent.request("intent/propose", params)
    question = guard.question()
    assert agent.process is not None
    agent.process.send_signal(signal.SIGKILL)
    agent.wait()
    again = another(beside.store)
    asked = again.request("intent/propose", params)
    beside.respond(question["id"], {"decision": "deny", "reason": "no"})
    reply = again.result(asked)
    assert reply["commit"] == question["params"]["intent"]["commit"]
    assert (reply["verdict"]["decision"], reply["verdict"]["by"]) == ("deny", "guard")
    assert again.call("intent/propose", params) == reply


@pytest.mark.requirement("SUPER-08", "SUPER-06")
@pytest.mark.parametrize("role", ["observer", "supervisor"])
def test_a_watcher_is_told_what_its_filter_lets_through_and_asked_nothing(
    agent: Sidecar, another: Another, work: str, role: str
) -> None:
    watching = another(agent.store, role)
    wants = {"branches": [work], "tools": ["bash"]}
    watcher = Supervisor(watching, "watcher", gate=False, filter=wants)
    assert agent.call("supervisor/list", {}) == {"supervisors": []}
    agent.act(agent.begin("elsewhere"), "bash")
    agent.say(work, "no tool")
    agent.act(work, "look")
    acted = agent.act(work, "bash")
    seen: list[str] = []
    while len(seen) < 2:
        seen += [entry["commit"] for entry in watcher.pushed("trace/didCommit")["entries"]]
    assert seen == list(acted)
    watching.call("supervisor/detach", {"supervisor": watcher.id})
    watching.refused("UnknownSupervisor", "supervisor/detach", {"supervisor": watcher.id})


@pytest.mark.requirement("SUPER-10")
def test_an_observer_does_not_gate(agent: Sidecar, another: Another) -> None:
    observer = another(agent.store, "observer")
    observer.refused("RoleForbidden", "supervisor/attach", {"name": "g"})


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
