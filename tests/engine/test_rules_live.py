"""supervisor.toml on a running sidecar: verdicts, messages, pauses, and what the trace says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.following import held_on
from tests.support.sidecar import Sidecar, proposal


def supervise(sidecar: Sidecar, text: str, name: str = "supervisor.toml") -> None:
    sidecar.call("run/list", {"limit": 1})  # the store's folder is there
    (sidecar.store / name).write_text(text)


def rule(conditions: str, decision: str = "deny", name: str = "r") -> str:
    return f'[[rule]]\nname = "{name}"\ndecision = "{decision}"\n{conditions}\n'


def told(sidecar: Sidecar, branch: str) -> list[dict[str, Any]]:
    return [one["payload"] for one in sidecar.log(branch) if one["kind"] == "intervention"]


@pytest.mark.requirement("RULE-01")
def test_a_loop_is_denied_and_says_so(fresh: Sidecar) -> None:
    supervise(fresh, rule("loop = {}"))
    branch = fresh.begin()
    for _ in range(2):
        fresh.act(branch, "ls")
    reply = fresh.propose(branch, "ls")
    why = "the same call 3 times in the last 3"
    assert reply["verdict"] == {"decision": "deny", "by": "rule:r", "reason": why}
    last = fresh.log(branch)[-2:]
    assert last[0]["intent"] == last[1]["intent"] == reply["commit"]
    assert last[0]["payload"]["reason"] == last[1]["payload"]["reason"] == why


@pytest.mark.requirement("RULE-02")
def test_the_supervisor_holds_whatever_gate_a_run_names(fresh: Sidecar, tmp_path: Path) -> None:
    lenient = tmp_path / "lenient.toml"
    lenient.write_text("")
    supervise(fresh, rule('reason = "no"\ntools = ["rm"]'))
    branch = fresh.begin(gate=str(lenient))
    assert fresh.propose(branch, "rm")["verdict"]["by"] == "rule:r"
    supervise(fresh, rule("loop = { same = 2 }", "hold", "back"), "gate.toml")
    other = fresh.begin("other")
    fresh.act(other, "rm2")
    assert fresh.propose(other, "rm")["verdict"]["by"] == "rule:r"
    held = fresh.propose(other, "rm2", timeoutMs=0)["verdict"]
    assert (held["decision"], held["by"]) == ("deny", "timeout")


@pytest.mark.requirement("RULE-03")
def test_the_file_is_read_again_and_a_broken_one_fails_closed(fresh: Sidecar) -> None:
    branch = fresh.begin()
    assert fresh.propose(branch)["verdict"]["decision"] == "allow"
    supervise(fresh, rule("loop = { same = 1 }"))
    assert fresh.propose(branch)["verdict"]["decision"] == "deny"
    supervise(fresh, rule("loop = { same = 0 }"))
    error = fresh.refused("GateInvalid", "intent/propose", proposal(branch))
    assert error.data["path"] == str(fresh.store / "supervisor.toml")
    assert error.data["rule"] == "r"
    supervise(fresh, "")
    assert fresh.propose(branch)["verdict"]["decision"] == "allow"


@pytest.mark.requirement("RULE-04")
def test_a_message_comes_with_the_verdict_and_is_quiet_for_a_while(fresh: Sidecar) -> None:
    supervise(fresh, rule('message = "think"\nerrors = { streak = 1 }\nquiet = 2', "inject"))
    branch = fresh.begin()
    replies = []
    for number in range(5):
        reply = fresh.propose(branch, f"t{number}")
        fresh.resolve(branch, reply["commit"], status="error")
        replies.append(reply["verdict"])
    message = "think (1 errors one after another)"
    injected = [[one["message"] for one in reply.get("injected", [])] for reply in replies]
    assert injected == [[], [message], [], [], ["think (4 errors one after another)"]]
    assert {reply["decision"] for reply in replies} == {"allow"}
    first = told(fresh, branch)[0]
    reason = "1 errors one after another"
    assert first == {"action": "inject", "by": "rule:r", "message": message, "reason": reason}


@pytest.mark.requirement("RULE-04")
def test_a_pause_lets_the_call_wait_until_somebody_resumes(fresh: Sidecar) -> None:
    supervise(fresh, rule("budget = { calls = 1 }", "pause"))
    branch = fresh.begin()
    fresh.act(branch)
    waiting = fresh.request("intent/propose", proposal(branch))
    assert held_on(fresh, branch)["by"] == "pause"
    assert fresh.branch(branch)["status"] == "paused"
    fresh.call("intervene/resume", {"branch": branch, "by": "ana"})
    assert fresh.result(waiting)["verdict"]["decision"] == "allow"
    assert fresh.propose(branch)["verdict"]["decision"] == "allow"  # quiet
    actions = [(one["action"], one["by"]) for one in told(fresh, branch)]
    assert ("pause", "rule:r") in actions
    assert told(fresh, branch)[1]["reason"] == "1 of 1 calls are spent"


@pytest.mark.requirement("RULE-01")
def test_the_second_agent_at_a_file_is_told(fresh: Sidecar, another: Another, folder: Path) -> None:
    supervise(fresh, rule("files = {}", "hold"))
    first = fresh.begin("one", workspace=str(folder), place="inPlace", agent={"name": "ana"})
    second = fresh.begin("two", workspace=str(folder), place="inPlace", agent={"name": "bo"})
    edit: dict[str, Any] = {"arguments": {"path": "src/app.py"}}
    fresh.act(first, "edit", **edit)
    other = another(fresh.store)  # another process sees it, too
    reply = other.propose(second, "edit", **edit, timeoutMs=0)["verdict"]
    assert reply["by"] == "timeout"
    assert "src/app.py is being changed by ana, too" in reply["reason"]
    elsewhere = {**edit, "arguments": {"path": "notes.txt"}}
    assert other.propose(second, "edit", **elsewhere)["verdict"]["decision"] == "allow"
    assert fresh.propose(first, "edit", **edit)["verdict"]["decision"] == "allow"
    fresh.call("run/end", {"branch": first, "status": "finished"})
    assert other.propose(second, "edit", **edit, clientId="x")["verdict"]["decision"] == "allow"


@pytest.mark.requirement("RULE-05")
def test_a_fork_remembers_what_its_log_holds(fresh: Sidecar) -> None:
    supervise(fresh, rule("loop = { same = 3 }"))
    branch = fresh.begin()
    fresh.act(branch, "ls")
    early = fresh.head(branch)
    fresh.act(branch, "ls")
    assert fresh.propose(branch, "ls")["verdict"]["decision"] == "deny"
    (fork,) = fresh.fork(early)
    assert fresh.propose(fork, "ls")["verdict"]["decision"] == "allow"
    assert fresh.propose(fork, "ls")["verdict"]["decision"] == "deny"


@pytest.mark.requirement("RULE-01")
def test_a_secret_is_seen_although_it_is_not_recorded(fresh: Sidecar) -> None:
    supervise(fresh, rule("secrets = {}"))
    key = "sk-ant-api03-" + "a1B2" * 20
    reply = fresh.propose(fresh.begin(), "bash", arguments={"command": f"curl -H 'X: {key}'"})
    assert reply["verdict"]["decision"] == "deny"
    assert "the call carries a secret: " in reply["verdict"]["reason"]
    assert key not in reply["verdict"]["reason"]
