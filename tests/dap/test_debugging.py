"""The debugger's face, by a client of the Debug Adapter Protocol beside an agent's sidecar."""

from __future__ import annotations

import pytest

from tests.dap.conftest import Attach
from tests.support.sidecar import Sidecar, proposal


@pytest.mark.requirement("DAP-01", "DAP-02")
def test_a_breakpoint_on_a_tool_holds_its_call_until_it_is_continued(
    agent: Sidecar, work: str, attach: Attach
) -> None:
    debugger = attach("git_*", branch=work)
    thread = debugger.thread(work)
    assert agent.propose(work, "ls")["verdict"]["by"] == "default", "it is none of ours"
    asked = agent.request(
        "intent/propose", proposal(work, "git_push", arguments={"to": "main", "force": True})
    )
    stop = debugger.stopped(thread, "function breakpoint")
    assert stop["hitBreakpointIds"] == [1]
    assert not stop["allThreadsStopped"]
    names = [frame["name"] for frame in debugger.frames(thread)]
    assert names[0] == "tool_call: git_push force=true to=main"
    assert names[1] == "message: user: please tidy up"
    assert names[2].startswith("run: ")
    assert debugger.variables(debugger.scope(thread, "Arguments")) == {
        "to": '"main"',
        "force": "true",
    }
    event = debugger.variables(debugger.scope(thread, "Event"))
    assert event["kind"] == '"tool_call"'
    assert "breakpoint" in event["waits"]
    debugger.ask("continue", threadId=thread)
    assert agent.result(asked)["verdict"] == {"decision": "allow", "by": "debugger"}


@pytest.mark.requirement("DAP-02")
def test_a_breakpoint_on_a_kind_of_intent(agent: Sidecar, work: str, attach: Attach) -> None:
    debugger = attach("model_call", branch=work)
    thread = debugger.thread(work)
    call = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    asked = agent.request("intent/propose", {"branch": work, "kind": "model_call", "payload": call})
    debugger.stopped(thread, "function breakpoint")
    debugger.ask("continue", threadId=thread)
    assert agent.result(asked)["verdict"]["decision"] == "allow"
    debugger.break_on()
    assert agent.propose(work, "ls")["verdict"]["by"] == "default"
    asked = agent.request("intent/propose", {"branch": work, "kind": "model_call", "payload": call})
    assert agent.result(asked)["verdict"]["by"] == "default", "the breakpoint is gone"


@pytest.mark.requirement("DAP-02")
def test_a_breakpoint_on_another_kind_pauses_after_it(
    agent: Sidecar, work: str, attach: Attach
) -> None:
    debugger = attach(branch=work)
    [shown] = debugger.break_on("thought")
    assert "after it happened" in shown["message"]
    thread = debugger.thread(work)
    agent.append(work, {"kind": "thought", "payload": {"text": "I could delete it"}})
    debugger.stopped(thread, "function breakpoint")
    assert debugger.at(thread) == "thought: I could delete it"
    asked = agent.request("intent/propose", proposal(work, "rm"))
    debugger.stopped(thread, "held")
    assert debugger.at(thread) == "tool_call: rm"
    debugger.ask("continue", threadId=thread)
    assert agent.result(asked)["verdict"]["decision"] == "allow"


@pytest.mark.requirement("DAP-03")
def test_arguments_are_overridden_by_hand(agent: Sidecar, work: str, attach: Attach) -> None:
    debugger = attach("bash", branch=work)
    thread = debugger.thread(work)
    given = {"argv": ["git", "push"], "n": 1, "why": "because"}
    asked = agent.request("intent/propose", proposal(work, "bash", arguments=given))
    debugger.stopped(thread, "function breakpoint")
    scope = debugger.scope(thread, "Arguments")
    [argv] = [
        one
        for one in debugger.ask("variables", variablesReference=scope)["variables"]
        if one["name"] == "argv"
    ]
    assert argv["indexedVariables"] == 2

    def put(reference: int, name: str, value: str) -> str:
        asked = {"variablesReference": reference, "name": name, "value": value}
        return str(debugger.ask("setVariable", **asked)["value"])

    assert put(argv["variablesReference"], "[1]", "status") == '"status"'
    assert put(scope, "why", '"for safety"') == '"for safety"'
    assert put(scope, "n", "2") == "2"
    assert debugger.at(thread) == "tool_call: bash git push", "the log says what was proposed"
    debugger.ask("continue", threadId=thread)
    assert agent.result(asked)["verdict"] == {
        "decision": "override",
        "by": "debugger",
        "payload": {
            "name": "bash",
            "arguments": {"argv": ["git", "status"], "n": 2, "why": "for safety"},
        },
    }


@pytest.mark.requirement("DAP-04")
@pytest.mark.parametrize("way", ["terminate", "disconnect", "thread"])
def test_ending_denies_what_waits(agent: Sidecar, work: str, attach: Attach, way: str) -> None:
    debugger = attach("bash", branch=work)
    thread = debugger.thread(work)
    asked = agent.request("intent/propose", proposal(work, "bash", effect="pure"))
    debugger.stopped(thread, "function breakpoint")
    if way == "terminate":
        debugger.ask("terminate")
        debugger.event("terminated")
    elif way == "disconnect":
        debugger.ask("disconnect", terminateDebuggee=True)
    else:
        debugger.ask("terminateThreads", threadIds=[thread])
        debugger.event("continued")
    verdict = agent.result(asked)["verdict"]
    assert (verdict["decision"], verdict["by"]) == ("deny", "debugger")
    assert "debugger" in verdict["reason"]


@pytest.mark.requirement("DAP-04")
@pytest.mark.parametrize(("effect", "decision"), [("irreversible", "deny"), ("pure", "allow")])
def test_a_debugger_that_goes_leaves_the_default(
    agent: Sidecar, work: str, attach: Attach, effect: str, decision: str
) -> None:
    debugger = attach("bash", branch=work)
    asked = agent.request("intent/propose", proposal(work, "bash", effect=effect))
    debugger.stopped(debugger.thread(work), "function breakpoint")
    if effect == "pure":
        debugger.process.kill()
    else:
        debugger.ask("disconnect")
    assert agent.result(asked)["verdict"]["decision"] == decision


@pytest.mark.requirement("DAP-04")
def test_a_debugger_that_suspends_leaves_it_to_a_person(
    agent: Sidecar, work: str, attach: Attach, store: object
) -> None:
    debugger = attach("bash", branch=work)
    asked = agent.request("intent/propose", proposal(work, "bash"))
    debugger.stopped(debugger.thread(work), "function breakpoint")
    debugger.ask("disconnect", suspendDebuggee=True)
    second = attach(branch=work)
    thread = second.thread(work)
    second.stopped(thread, "held")
    second.ask("continue", threadId=thread)
    assert agent.result(asked)["verdict"]["decision"] == "allow"


@pytest.mark.requirement("DAP-05")
def test_steps_move_a_cursor_through_the_log(agent: Sidecar, work: str, attach: Attach) -> None:
    agent.append(work, {"kind": "thought", "payload": {"text": "first the list"}})
    agent.act(work, "ls", result={"text": "a b"})
    agent.act(work, "rm", result={"text": "gone"})
    agent.say(work, "thanks")
    debugger = attach("rm", branch=work)
    thread = debugger.thread(work)
    debugger.ask("pause", threadId=thread)
    debugger.stopped(thread, "pause")

    def go(command: str, reason: str = "step") -> str:
        debugger.ask(command, threadId=thread)
        debugger.stopped(thread, reason)
        return debugger.at(thread)

    assert go("stepBack").startswith("message: user: thanks")
    assert go("reverseContinue", "function breakpoint") == "tool_call: rm"
    assert go("next") == "tool_result: rm: gone"
    assert go("stepBack") == "tool_call: rm"
    assert go("stepBack") == "tool_result: ls: a b"
    assert go("reverseContinue", "entry").startswith("run: ")
    assert go("stepBack").startswith("run: "), "there is nothing before"
    assert go("stepOut") == "message: user: please tidy up"
    assert go("stepIn") == "thought: first the list"
    assert go("continue", "function breakpoint") == "tool_call: rm"
    assert go("stepOut").startswith("message: user: thanks")
    first, *_ = debugger.frames(thread)
    source = debugger.ask("source", sourceReference=first["source"]["sourceReference"])
    assert "user: thanks" in source["content"].splitlines()[first["line"] - 1]


@pytest.mark.requirement("DAP-05")
def test_a_step_at_the_end_lets_the_agent_do_one_thing(
    agent: Sidecar, work: str, attach: Attach
) -> None:
    debugger = attach("one", branch=work)
    thread = debugger.thread(work)
    first = agent.request("intent/propose", proposal(work, "one"))
    debugger.stopped(thread, "function breakpoint")
    debugger.ask("next", threadId=thread)
    intent = agent.result(first)["commit"]
    agent.resolve(work, intent)
    second = agent.request("intent/propose", proposal(work, "two"))
    debugger.stopped(thread, "step")
    assert debugger.at(thread) == "tool_call: two"
    debugger.ask("continue", threadId=thread)
    agent.resolve(work, agent.result(second)["commit"])
    assert agent.propose(work, "three")["verdict"]["by"] == "default"


@pytest.mark.requirement("DAP-06")
def test_restarting_a_frame_forks_there(agent: Sidecar, work: str, attach: Attach) -> None:
    before = agent.head(work)
    agent.act(work, "rm")
    agent.call("run/end", {"branch": work, "status": "finished"})
    debugger = attach(branch=work)
    thread = debugger.thread(work)
    debugger.stopped(thread, "end")
    debugger.ask("reverseContinue", threadId=thread)
    debugger.stopped(thread, "entry")
    for _ in range(2):
        debugger.ask("next", threadId=thread)
        debugger.stopped(thread, "step")
    frame = debugger.frames(thread)[0]
    assert frame["name"] == "tool_call: rm"
    debugger.ask("restartFrame", frameId=frame["id"])
    started = debugger.event("thread", lambda body: body["reason"] == "started")
    debugger.stopped(started["threadId"], "restart")
    named = {one["id"]: one["name"] for one in debugger.ask("threads")["threads"]}
    made = named[started["threadId"]]
    forked = agent.branch(made)["forkedFrom"]
    assert forked["commit"] == before
    assert agent.log(made)[-1]["payload"]["by"] == "debugger"


@pytest.mark.requirement("DAP-07")
def test_the_trace_is_asked_by_path_and_by_words(agent: Sidecar, work: str, attach: Attach) -> None:
    agent.act(work, "bash", arguments={"a b": [1, {"deep": "x\x1b[31m"}]}, result={"text": "zebra"})
    agent.call("run/end", {"branch": work, "status": "finished"})
    debugger = attach(branch=work)
    thread = debugger.thread(work)
    debugger.stopped(thread, "end")
    outcome = 1 + next(
        n for n, e in enumerate(reversed(agent.log(work))) if e["kind"] == "tool_result"
    )
    for _ in range(outcome):
        debugger.ask("stepBack", threadId=thread)
        debugger.stopped(thread, "step")
    frame = debugger.frames(thread)[0]["id"]

    def ask(text: str) -> dict[str, object]:
        return debugger.ask("evaluate", expression=text, frameId=frame, context="repl")

    assert ask('$.arguments["a b"][0]')["result"] == "1"
    assert ask("$.arguments")["namedVariables"] == 1
    assert ask('$.arguments["a b"][1].deep')["result"] == '"x\\u001b[31m"'
    found = ask("ZEBRA")
    assert found["result"] == f"1 event on {work}"
    [row] = debugger.variables(int(str(found["variablesReference"]))).values()
    assert row == "tool_result: bash: zebra"
    assert ask("nowhere to be found")["result"] == f"0 events on {work}"


@pytest.mark.requirement("DAP-01")
def test_new_branches_and_runs_appear_as_threads(agent: Sidecar, attach: Attach) -> None:
    debugger = attach()
    branch = agent.begin("later")
    started = debugger.event("thread", lambda body: body["reason"] == "started")
    assert debugger.thread(branch) == started["threadId"]
    [forked] = agent.fork(branch)
    started = debugger.event("thread", lambda body: body["reason"] == "started")
    assert debugger.thread(forked) == started["threadId"]
