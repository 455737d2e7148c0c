"""What a supervised agent tries, one by one: it stays supervised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import NUMBERS, Another
from tests.engine.following import decide, held_on
from tests.engine.supervising import Supervisor
from tests.support.sidecar import NO_ID, Sidecar, proposal

pytestmark = pytest.mark.requirement("SUPER-10")


@pytest.fixture(scope="module")
def agent(store: Path) -> Iterator[Sidecar]:
    with Sidecar.on(store, "agent") as running:
        running.call("run/list", {})
        yield running


@pytest.fixture
def guard(agent: Sidecar, another: Another) -> Supervisor:
    """Its supervisor."""
    return Supervisor(another(agent.store, "supervisor"), timeoutMs=60_000)


@pytest.fixture
def work(agent: Sidecar) -> str:
    return agent.begin(f"run {next(NUMBERS)}")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("supervisor/attach", {"name": "me"}),
        ("supervisor/attach", {"name": "me", "gate": False}),
        ("intervene/decide", {"intent": NO_ID, "verdict": {"decision": "allow"}, "by": "me"}),
        ("intervene/inject", {"branch": "BRANCH", "message": "x", "by": "guard"}),
        ("intervene/pause", {"branch": "BRANCH", "by": "guard"}),
        ("intervene/resume", {"branch": "BRANCH", "by": "guard"}),
        ("intervene/handoff", {"from": "BRANCH", "to": "new", "guidance": "x", "by": "guard"}),
        ("branch/apply", {"branch": "BRANCH", "onto": "OTHER"}),
        ("branch/select", {"branch": "BRANCH"}),
        ("branch/discard", {"branch": "OTHER"}),
        ("branch/rewind", {"branch": "OTHER", "to": NO_ID}),
        ("snapshot/restore", {"branch": "OTHER", "to": NO_ID}),
        ("world/exec", {"branch": "OTHER", "argv": ["true"]}),
        ("store/gc", {}),
        ("store/forget", {"commit": NO_ID, "reason": "x"}),
        ("store/export", {"path": "/nowhere/out"}),
        ("store/import", {"path": "/nowhere/in"}),
    ],
)
def test_what_is_not_for_agents(
    agent: Sidecar, another: Another, work: str, method: str, params: dict[str, Any]
) -> None:
    names = {"BRANCH": work}
    if "OTHER" in params.values():
        names["OTHER"] = another(agent.store).begin(f"another's {next(NUMBERS)}")
    sent = {key: names.get(str(value), value) for key, value in params.items()}
    agent.refused("RoleForbidden", method, sent)


def test_it_does_not_detach_its_supervisor(agent: Sidecar, guard: Supervisor, work: str) -> None:
    [listed] = agent.call("supervisor/list", {})["supervisors"]
    agent.refused("RoleForbidden", "supervisor/detach", {"supervisor": listed["supervisor"]})
    asked = agent.request("intent/propose", proposal(work, "bash"))
    guard.answer("deny", reason="no")
    assert agent.result(asked)["verdict"]["decision"] == "deny"


def test_it_does_not_answer_for_its_supervisor(
    agent: Sidecar, guard: Supervisor, work: str
) -> None:
    """Neither by a request, nor by a reply to a question that it was not asked, nor by role."""
    asked = agent.request("intent/propose", proposal(work, "bash"))
    question = guard.question()
    for number in range(5):
        agent.respond(f"s-{number}", {"decision": "allow"})
    params = {**question["params"], "decision": "allow"}
    assert agent.error(agent.request("supervisor/decide", params)).name == "MethodNotFound"
    intent = question["params"]["intent"]["commit"]
    params = {"intent": intent, "verdict": {"decision": "allow"}, "by": "guard"}
    agent.refused("RoleForbidden", "intervene/decide", params)
    guard.sidecar.respond(question["id"], {"decision": "deny", "reason": "no"})
    assert agent.result(asked)["verdict"]["decision"] == "deny"


@pytest.mark.parametrize("way", ["trace/append", "trace/record"])
def test_it_does_not_forge_a_verdict(
    agent: Sidecar, guard: Supervisor, work: str, way: str
) -> None:
    params = proposal(work, "bash", clientId="step-1")
    asked = agent.request("intent/propose", params)
    guard.answer("deny", reason="no")
    reply = agent.result(asked)
    said = {"action": "verdict", "decision": "allow", "by": "guard"}
    event = {"kind": "intervention", "intent": reply["commit"], "payload": said}
    forged = {"branch": work, "events": [event]}
    if way == "trace/append":
        agent.refused("InvalidParams", way, forged)
    else:
        agent.notify(way, forged)
    assert agent.call("intent/propose", params) == reply
    assert agent.log(work)[-1]["payload"]["status"] == "denied"


def test_it_does_not_act_before_it_was_answered(
    agent: Sidecar, guard: Supervisor, work: str
) -> None:
    asked = agent.request("intent/propose", proposal(work, "bash"))
    question = guard.question()
    intent = question["params"]["intent"]["commit"]
    params = {"branch": work, "intent": intent, "payload": {}, "status": "ok"}
    assert agent.error(agent.request("intent/resolve", params)).name == "IntentDenied"
    [entry] = guard.pushed("trace/didCommit")["entries"]
    assert entry["payload"]["action"] == "vetoIneffective"
    guard.sidecar.respond(question["id"], {"decision": "deny", "reason": "no"})
    assert agent.result(asked)["verdict"]["decision"] == "deny"


@pytest.mark.parametrize(
    ("way", "decided"),
    [("fork", True), ("fork", False), ("rewind", True), ("rewind", False), ("replay", True)],
)
def test_it_does_not_part_an_intent_from_its_verdict(
    agent: Sidecar, guard: Supervisor, work: str, way: str, decided: bool
) -> None:
    before = agent.head(work)
    asked = agent.request("intent/propose", proposal(work, "bash"))
    question = guard.question()
    intent = question["params"]["intent"]["commit"]
    if decided:
        guard.sidecar.respond(question["id"], {"decision": "deny", "reason": "no"})
        agent.result(asked)
    head = agent.head(work)
    if way == "fork":
        agent.refused("RoleForbidden", "branch/fork", {"at": intent})
    elif way == "rewind":
        agent.refused("RoleForbidden", "branch/rewind", {"branch": work, "to": intent})
    else:  # the verdict itself is exchanged: the replay would start at the intent
        verdict = agent.log(work)[-2]
        edit = {"at": verdict["commit"], "payload": {**verdict["payload"], "decision": "allow"}}
        params = {"from": head, "mode": "cached", "edits": [edit]}
        agent.refused("RoleForbidden", "replay/open", params)
    assert agent.head(work) == head
    assert len(agent.call("branch/list", {"run": agent.branch(work)["run"]})["branches"]) == 1
    agent.fork(before)
    if not decided:
        guard.sidecar.respond(question["id"], {"decision": "deny", "reason": "no"})
        assert agent.result(asked)["verdict"]["decision"] == "deny"


def test_it_does_not_decide_what_is_held_of_it(
    agent: Sidecar, guard: Supervisor, another: Another, work: str
) -> None:
    asked = agent.request("intent/propose", proposal(work, "bash"))
    guard.answer("hold", reason="ask ana")
    person = another(agent.store)
    held = held_on(person, work)
    params = {"intent": held["intent"], "verdict": {"decision": "allow"}, "by": "ana"}
    agent.refused("RoleForbidden", "intervene/decide", params)
    decide(person, held, "deny", reason="no")
    assert agent.result(asked)["verdict"]["by"] == "ana"


def test_it_does_not_choose_or_edit_its_rules(
    agent: Sidecar, another: Another, folder: Path, tmp_path: Path
) -> None:
    lax = tmp_path / "lax.toml"
    lax.write_text("")
    agent.refused("RoleForbidden", "run/start", {"name": "x", "gate": str(lax)})
    path = {"path": str(agent.store / "gate.toml")}
    agent.refused("RoleForbidden", "blob/put", path)
    agent.refused("WorkspaceRefused", "run/start", {"name": "x", "workspace": str(agent.store)})
    # Nor from a world of its own, by whatever name the store has.
    (agent.store / "gate.toml").write_text("# the owner's rules\n")
    started = agent.call("run/start", {"name": f"w {next(NUMBERS)}", "workspace": str(folder)})
    script = f"ls {agent.store}; cat {agent.store}/gate.toml; echo x >> {agent.store}/gate.toml"
    done = agent.call("world/exec", {"branch": started["branch"], "argv": ["sh", "-c", script]})
    (agent.store / "gate.toml").unlink()
    assert done["exitCode"] != 0
    assert done["stdout"] == ""
