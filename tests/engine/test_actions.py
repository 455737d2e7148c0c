"""What a supervisor may do to a running agent: each action is an event with its author and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import NUMBERS
from tests.support.sidecar import Sidecar


@pytest.fixture(scope="module")
def supervisor(sidecar: Sidecar) -> Iterator[Sidecar]:
    sidecar.call("run/list", {})
    with Sidecar.on(sidecar.store, "supervisor") as running:
        yield running


def last(sidecar: Sidecar, branch: str) -> dict[str, Any]:
    """The payload of the newest event of a branch."""
    payload: dict[str, Any] = sidecar.log(branch)[-1]["payload"]
    return payload


@pytest.mark.requirement("SUPER-11")
@pytest.mark.parametrize("action", ["inject", "pause", "resume", "rewind", "fork", "discard"])
def test_every_action_is_an_event_with_its_author_and_reason(
    sidecar: Sidecar, supervisor: Sidecar, branch: str, action: str
) -> None:
    root = sidecar.head(branch)
    sidecar.say(branch, "one step")
    signed = {"by": "guard", "reason": "it went astray"}
    if action == "resume":
        supervisor.call("intervene/pause", {"branch": branch, **signed})
    if action == "inject":
        supervisor.call("intervene/inject", {"branch": branch, "message": "no", **signed})
    elif action == "fork":
        [made] = supervisor.call("branch/fork", {"at": branch, **signed})["branches"]
        branch = made["branch"]
        assert sidecar.head(branch) == made["head"]
    elif action in ("pause", "resume"):
        supervisor.call(f"intervene/{action}", {"branch": branch, **signed})
    else:
        where = {"to": root} if action == "rewind" else {}
        supervisor.call(f"branch/{action}", {"branch": branch, **where, **signed})
    said = last(sidecar, branch)
    assert (said["action"], said["by"], said["reason"]) == (action, "guard", "it went astray")


@pytest.mark.requirement("SUPER-11")
def test_a_supervisor_that_does_not_say_who_it_is_is_named_all_the_same(
    sidecar: Sidecar, supervisor: Sidecar, branch: str
) -> None:
    supervisor.call("branch/discard", {"branch": branch})
    assert last(sidecar, branch) == {"action": "discard", "by": "supervisor"}
    supervisor.call("branch/discard", {"branch": branch, "restore": True})
    assert last(sidecar, branch) == {"action": "takeBack", "by": "supervisor"}
    head = sidecar.head(branch)
    [fork] = sidecar.fork(branch)
    assert sidecar.head(fork) == head, "an owner's fork adds nothing"


def handoff(sidecar: Sidecar, giver: str, taker: str, **params: Any) -> dict[str, Any]:
    """Hand over; the result."""
    sent = {"from": giver, "to": taker, "guidance": "go on from here", "by": "guard", **params}
    return dict(sidecar.call("intervene/handoff", sent))


@pytest.mark.requirement("SUPER-12")
def test_a_handoff_gives_the_state_as_it_is_now_and_a_word_about_it(
    sidecar: Sidecar, supervisor: Sidecar, folder: Path
) -> None:
    number = next(NUMBERS)
    giver = sidecar.call("run/start", {"name": f"giver {number}", "workspace": str(folder)})
    [taker] = sidecar.call("branch/fork", {"at": giver["branch"]})["branches"]
    given, taken = Path(giver["world"]["path"]), Path(taker["world"]["path"])
    (given / "new.txt").write_text("not captured yet\n")
    (given / "notes.txt").unlink()
    (taken / "mine.txt").write_text("the taker's\n")
    done = handoff(supervisor, giver["branch"], taker["branch"], reason="it is ahead")
    assert sorted(path.name for path in taken.rglob("*") if path.is_file()) == ["app.py", "new.txt"]
    assert (taken / "new.txt").read_text() == "not captured yet\n"
    said = {
        "action": "handoff",
        "by": "guard",
        "reason": "it is ahead",
        "from": giver["branch"],
        "to": taker["branch"],
        "guidance": "go on from here",
    }
    for branch, commit in ((taker["branch"], done["commit"]), (giver["branch"], done["given"])):
        [entry] = [entry for entry in sidecar.log(branch) if entry["commit"] == commit]
        assert {key: entry["payload"].get(key) for key in said} == said
    [injected] = sidecar.propose(taker["branch"], "look")["verdict"]["injected"]
    assert (injected["message"], injected["by"]) == ("go on from here", "guard")
    sidecar.call("snapshot/restore", {"branch": taker["branch"], "to": done["safety"]})
    assert (taken / "mine.txt").read_text() == "the taker's\n"
    assert (taken / "notes.txt").exists()


@pytest.mark.requirement("SUPER-12")
def test_a_taker_that_is_not_there_is_forked(
    sidecar: Sidecar, supervisor: Sidecar, folder: Path
) -> None:
    number = next(NUMBERS)
    giver = sidecar.call("run/start", {"name": f"giver {number}", "workspace": str(folder)})
    (Path(giver["world"]["path"]) / "new.txt").write_text("new\n")
    done = handoff(supervisor, giver["branch"], f"second {number}")
    assert (Path(done["world"]["path"]) / "new.txt").read_text() == "new\n"
    assert "safety" not in done
    plain = sidecar.begin(f"no workspace {number}")
    done = handoff(supervisor, plain, f"third {number}")
    assert "world" not in done
    # Who has ended can still give.
    sidecar.call("run/end", {"branch": giver["branch"], "status": "finished"})
    done = handoff(supervisor, giver["branch"], f"fourth {number}")
    assert (Path(done["world"]["path"]) / "new.txt").read_text() == "new\n"


@pytest.mark.requirement("SUPER-12")
def test_a_handoff_that_cannot_be(
    sidecar: Sidecar, supervisor: Sidecar, branch: str, folder: Path
) -> None:
    sent = {"from": branch, "to": branch, "guidance": "x", "by": "guard"}
    supervisor.refused("InvalidParams", "intervene/handoff", sent)
    supervisor.refused("UnknownBranch", "intervene/handoff", {**sent, "from": "nobody"})
    ended = sidecar.begin(f"ended {next(NUMBERS)}")
    sidecar.call("run/end", {"branch": ended, "status": "finished"})
    supervisor.refused("BranchClosed", "intervene/handoff", {**sent, "to": ended})
    supervisor.refused("InvalidParams", "intervene/handoff", {**sent, "to": "new", "by": ""})
    assert folder.exists()
