"""Roles: an observer only reads, an agent never decides, and works on its own branches only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.protocol.table import all_methods
from tests.engine.conftest import Another
from tests.support.sidecar import NO_ID, Sidecar, message

ROLES = ("agent", "observer", "supervisor", "owner")
READING = {
    "run/list",
    "run/usage",
    "trace/log",
    "trace/get",
    "trace/diff",
    "trace/blame",
    "world/processes",
    "world/output",
    "trace/search",
    "trace/subscribe",
    "trace/unsubscribe",
    "blob/get",
    "snapshot/diff",
    "snapshot/read",
    "branch/list",
    "branch/get",
    "branch/overlaps",
    "intervene/held",
    "supervisor/list",
    "store/stat",
    "editor/document",
}
WATCHING = {"supervisor/attach", "supervisor/detach"}
DECIDING = {f"intervene/{verb}" for verb in ("decide", "inject", "pause", "resume", "handoff")}
DECIDING |= {"branch/select", "branch/apply"}
CARING = {"store/verify", "store/gc", "store/forget", "store/export", "store/import"}


def may(role: str, method: str) -> bool:
    """lifecycle.md, in one line each."""
    if role == "owner" or method in READING:
        return True
    if method in WATCHING:
        return role != "agent"
    if method in CARING or role == "observer":
        return False
    return role == "supervisor" or method not in DECIDING


@pytest.mark.requirement("LIFE-07")
@pytest.mark.parametrize("role", ROLES)
def test_every_method_is_open_to_exactly_its_roles(
    sidecar: Sidecar, store: Path, another: Another, role: str
) -> None:
    sidecar.call("run/list", {})
    peer = another(store, role)
    for method in all_methods():
        if method.direction != "request":
            continue
        error = None
        sent = peer.request(method.name, {"noSuchField": 1})
        error = peer.error(sent)  # no method has this field: only the role makes a difference
        forbidden = error.name == "RoleForbidden"
        assert forbidden == (not may(role, method.name)), f"{role} {method.name}: {error}"
        if forbidden:
            assert error.data["role"] == role
            assert error.data["hint"]


@pytest.mark.requirement("LIFE-07")
def test_what_a_role_may_not_notify_is_not_recorded(
    sidecar: Sidecar, branch: str, store: Path, another: Another
) -> None:
    observer = another(store, "observer")
    head = sidecar.head(branch)
    observer.notify("trace/record", {"branch": branch, "events": [message("forged")]})
    assert observer.head(branch) == head
    assert sidecar.head(branch) == head


@pytest.mark.requirement("LIFE-07")
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("trace/append", {"events": [message("x")]}),
        ("intent/propose", {"kind": "tool_call", "payload": {"name": "x"}}),
        ("intent/resolve", {"intent": NO_ID, "payload": {}, "status": "ok"}),
        ("run/end", {"status": "finished"}),
        ("branch/rename", {"name": "mine now"}),
        ("branch/rewind", {"to": NO_ID}),
        ("branch/discard", {}),
        ("snapshot/take", {}),
        ("snapshot/restore", {"to": NO_ID}),
        ("world/exec", {"argv": ["true"]}),
        ("memo/call", {"name": "x", "sourceHash": "y", "inputs": {}}),
    ],
)
def test_an_agent_writes_on_its_own_branches_only(
    sidecar: Sidecar, branch: str, store: Path, another: Another, method: str, params: Any
) -> None:
    agent = another(store, "agent")
    agent.refused("RoleForbidden", method, {"branch": branch, **params})
    [own] = agent.fork(branch)
    answer = agent.error(agent.request(method, {"branch": own, **params, "noSuchField": 1}))
    assert answer.name == "InvalidParams"
    assert agent.say(own, "a fork is its own")


@pytest.mark.requirement("LIFE-07")
def test_a_rename_that_fails_gives_an_agent_nobody_s_branch(
    sidecar: Sidecar, branch: str, store: Path, another: Another
) -> None:
    agent = another(store, "agent")
    own = agent.begin("an agent's")
    agent.refused("NameTaken", "branch/rename", {"branch": own, "name": branch})
    params = {"branch": branch, "events": [message("forged")]}
    agent.refused("RoleForbidden", "trace/append", params)
    renamed = agent.call("branch/rename", {"branch": own, "name": "still an agent's"})["branch"]
    assert agent.say(renamed, "x")
    # The old name may come to be somebody else's.
    taken = sidecar.call("branch/rename", {"branch": branch, "name": own})["branch"]
    params = {"branch": taken, "events": [message("forged")]}
    agent.refused("RoleForbidden", "trace/append", params)


@pytest.mark.requirement("LIFE-07", "REPLAY-01")
def test_an_agent_replays_what_it_may_read_on_a_branch_of_its_own(
    sidecar: Sidecar, branch: str, store: Path, another: Another
) -> None:
    sidecar.act(branch, "look")
    agent = another(store, "agent")
    opened = agent.call("replay/open", {"from": branch, "mode": "cached"})
    payload = {"name": "look", "arguments": {}}
    params = {"replay": opened["replay"], "kind": "tool_call", "payload": payload}
    assert agent.call("replay/next", params)["hit"]
    assert agent.call("replay/close", {"replay": opened["replay"]})["head"] == sidecar.head(branch)
    assert agent.say(opened["branch"], "goes on")


@pytest.mark.requirement("LIFE-07")
def test_a_supervisor_forks_replays_and_reports_anywhere(
    sidecar: Sidecar, branch: str, store: Path, another: Another
) -> None:
    supervisor = another(store, "supervisor")
    supervisor.say(branch, "noted")
    assert supervisor.fork(branch)
    supervisor.call("intervene/inject", {"branch": branch, "message": "x", "by": "ana"})
    supervisor.refused("RoleForbidden", "store/gc", {})


@pytest.mark.requirement("LIFE-01")
def test_initialize_tells_store_drivers_and_limits(sidecar: Sidecar, store: Path) -> None:
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    result = sidecar.call("initialize", params)
    told = result["capabilities"]["experimental"]["shepherd"]
    assert told["protocolVersion"] == 1
    assert told["storePath"] == str(store)
    assert "copy" in [driver["name"] for driver in told["drivers"] if driver["available"]]
    for driver in told["drivers"]:
        assert driver["available"] or driver["why"]
    assert {"eventBytes", "events", "blobBytes", "page", "forks"} <= told["limits"].keys()


@pytest.mark.requirement("LIFE-07")
def test_an_agent_does_not_choose_its_rules(store: Path, tmp_path: Path) -> None:
    """A run's own gate takes the place of the store's: an agent could name an empty one."""
    lax = tmp_path / "lax.toml"
    lax.write_text("")
    with Sidecar.on(store, "agent") as agent:
        agent.refused("RoleForbidden", "run/start", {"name": "free", "gate": str(lax)})
        assert agent.begin("bound") == "bound"
