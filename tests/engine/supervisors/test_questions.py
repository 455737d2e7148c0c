"""What supervisors in another process are asked, and what watchers are told."""

from __future__ import annotations

import signal

import pytest

from tests.engine.conftest import Another
from tests.engine.following import held_on
from tests.engine.supervising import Supervisor, verdict_of
from tests.support.sidecar import Sidecar, proposal


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
