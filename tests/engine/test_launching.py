"""world/launch: long-lived processes in worlds, listed, signalled, read, and gone with them."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agents import Agent, end_all
from tests.engine.conftest import Another
from tests.engine.worlds import Run
from tests.support.keepers import keeper_of
from tests.support.sidecar import Sidecar
from tests.support.waiting import until

RULES = """
[[rule]]
name = "no-rm"
decision = "deny"
reason = "delete files one by one"
tools = ["launch"]
arguments = { argv = "^rm$" }
"""
ASKING = """
import json, os, time
reads = int(os.environ["SHEPHERD_SIDECAR_FD"])
wire, asks = open(reads), open(reads + 1, "w")
def ask(method, **params):
    asks.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}) + "\\n")
    asks.flush()
    return json.loads(wire.readline())
own, other = os.environ["SHEPHERD_BRANCH"], os.environ["OTHER"]
event = {"kind": "thought", "payload": {"text": "I am here"}}
told = [ask("trace/append", branch=own, events=[event])]
told.append(ask("trace/append", branch=other, events=[event]))
told.append(ask("world/launch", branch=own, argv=["true"], copyable="nesting"))
print(json.dumps(told), flush=True)
time.sleep(1000)
"""


@pytest.fixture
def run(fresh: Sidecar, folder: Path, tmp_path: Path) -> Iterator[Run]:
    gate = tmp_path / "gate.toml"
    gate.write_text(RULES)
    yield Run.start(fresh, folder, gate=str(gate))
    end_all(fresh.store)


@pytest.mark.requirement("PROC-01")
def test_a_process_outlives_the_call_and_its_output_is_read(run: Run, folder: Path) -> None:
    script = 'echo "$WHO in $PWD"; echo err >&2; touch made; exec sleep 1000'
    agent = Agent.launch(run, "sh", "-c", script, env={"WHO": "ana"}, cwd="src", name="worker")
    until(lambda: (run.world / "src" / "made").exists())
    assert agent.output() == f"ana in {folder}/src\n"
    assert agent.output("stderr") == "err\n"
    assert not (folder / "src" / "made").exists(), "apart: the folder itself is not touched"
    [listed] = run.sidecar.call("world/processes", {"branch": run.branch})["processes"]
    assert (listed["process"], listed["name"], listed["status"]) == (agent.id, "worker", "running")
    assert listed["confinement"]["network"] == "none"
    intent, outcome = run.log()[-2:]
    assert intent["payload"]["arguments"]["argv"] == ["sh", "-c", script]
    assert outcome["payload"]["result"]["process"] == agent.id
    assert "tree" not in outcome, "a launch has no snapshot: it has only begun"


@pytest.mark.requirement("STILL-01")
def test_a_snapshot_of_a_world_in_which_something_runs_is_of_one_moment(run: Run) -> None:
    """Something writes a number into many files in turn; no two are more than one apart."""
    (run.world / "n").mkdir()
    for number in range(400):
        (run.world / "n" / f"{number:03}").write_text("0")
    script = (
        "import itertools, os\n"
        "files = [os.open(f'n/{i:03}', os.O_WRONLY) for i in range(400)]\n"
        "for n in itertools.count(): [os.pwrite(fd, b'%09d' % n, 0) for fd in files]\n"
    )
    Agent.launch(run, sys.executable, "-c", script)
    until(lambda: (run.world / "n" / "399").read_text() > "0")
    for _ in range(5):
        done = run.take()
        assert done["snapshot"]["notCaptured"] == []
        numbers = [int(run.read(done["commit"], f"n/{number:03}")) for number in (0, 399)]
        assert numbers[0] - numbers[1] in (0, 1)
        last = run.read(done["commit"], "n/399")
        until(lambda last=last: (run.world / "n" / "399").read_bytes() != last)  # type: ignore[misc]


@pytest.mark.requirement("PROC-01", "INTENT-03")
def test_a_denied_launch_starts_nothing(run: Run) -> None:
    done = run.sidecar.call("world/launch", {"branch": run.branch, "argv": ["rm", "notes.txt"]})
    assert done["verdict"]["decision"] == "deny"
    assert "process" not in done
    assert run.log()[-1]["commit"] == done["outcome"]
    assert run.sidecar.call("world/processes", {"ended": True})["processes"] == []


@pytest.mark.requirement("PROC-02")
def test_an_end_is_written_down_once_with_its_code(run: Run, another: Another) -> None:
    agent = Agent.launch(run, "sh", "-c", "trap 'exit 3' TERM; echo ready; sleep 1000 & wait")
    until(lambda: agent.output() == "ready\n")
    other = another(run.sidecar.store)  # it sees what the first one started
    until(lambda: agent.id in [p["process"] for p in processes(other, run.branch)])
    run.sidecar.call("world/signal", {"process": agent.id, "signal": "STOP"})
    run.sidecar.call("world/signal", {"process": agent.id, "signal": "CONT"})
    run.sidecar.call("world/signal", {"process": agent.id})
    until(lambda: said(run, "processEnded") != [])
    assert said(run, "processEnded") == [
        {"what": "processEnded", "process": agent.id, "exitCode": 3}
    ]
    assert [one["signal"] for one in said(run, "processSignal")] == ["STOP", "CONT", "TERM"]
    [ended] = processes(run.sidecar, run.branch, ended=True)
    assert (ended["status"], ended["exitCode"]) == ("ended", 3)
    assert processes(run.sidecar, run.branch) == []
    run.sidecar.refused("UnknownProcess", "world/signal", {"process": agent.id})

    def forgotten() -> bool:
        # Nothing is cleared away while somebody builds, or clears away: the other may, just now.
        run.sidecar.call("store/gc", {})
        return processes(run.sidecar, run.branch, ended=True) == []

    until(forgotten)
    assert said(run, "processEnded") != []


@pytest.mark.requirement("PROC-02")
def test_an_end_that_nobody_saw_is_written_down_at_the_next_start(
    run: Run, another: Another
) -> None:
    agent = Agent.launch(run, "sh", "-c", "trap '' HUP; sleep 1000 & wait")
    run.sidecar.close()
    os.kill(agent.pid, 9)
    other = another(run.sidecar.store)
    until(lambda: said_on(other, run.branch, "processEnded") != [])
    [one] = said_on(other, run.branch, "processEnded")
    assert one["exitCode"] == -9


@pytest.mark.requirement("PROC-02")
def test_what_has_ended_has_an_exit_code(run: Run, another: Another) -> None:
    """Between a death and the keeper's word of it nothing is called ended."""
    agent = Agent.launch(run, "sleep", "1000")
    other = another(run.sidecar.store)
    assert [one["process"] for one in processes(other, run.branch)] == [agent.id]
    assert run.sidecar.process is not None
    run.sidecar.process.kill()  # it would see the end itself
    run.sidecar.process.wait()
    keeper = keeper_of(run.sidecar.store / "worlds")
    os.kill(keeper, signal.SIGSTOP)
    try:
        os.kill(agent.pid, signal.SIGKILL)
        until(lambda: not os.path.exists(f"/proc/{agent.pid}"))
        asked = [other.request("world/processes", {"ended": True}) for _ in range(2)]
        for _ in range(50):
            other.call("branch/get", {"branch": run.branch})  # time enough for a hasty answer
    finally:
        os.kill(keeper, signal.SIGCONT)
    for request in asked:
        [one] = other.result(request)["processes"]
        assert one["status"] == "running" or one["exitCode"] == -9, one
    until(lambda: said_on(other, run.branch, "processEnded") != [])
    assert [one["exitCode"] for one in said_on(other, run.branch, "processEnded")] == [-9]


@pytest.mark.requirement("PROC-03")
def test_an_agent_has_a_sidecar_of_its_own_for_its_branch_only(run: Run) -> None:
    (run.world / "agent.py").write_text(ASKING)
    agent = Agent.launch(run, sys.executable, "agent.py", sidecar=True, env={"OTHER": bare(run)})
    until(lambda: agent.output().endswith("\n"))
    own, other, nesting = json.loads(agent.output())
    assert "error" not in own
    assert run.log()[-1]["payload"] == {"text": "I am here"}
    assert other["error"]["data"]["name"] == "RoleForbidden"
    assert nesting["error"]["data"]["name"] == "RoleForbidden"


@pytest.mark.requirement("PROC-04")
def test_only_an_owner_gives_up_confinement_and_never_where_it_is_required(
    run: Run, another: Another
) -> None:
    nesting = {"branch": run.branch, "argv": ["sleep", "1000"], "copyable": "nesting"}
    started = run.sidecar.call("world/launch", nesting)["process"]
    missing = {one["what"] for one in started["confinement"]["missing"]}
    assert {"landlock", "namespaces"} <= missing
    (run.sidecar.store / "sandbox.toml").write_text("required = true\n")
    refused = run.sidecar.refused("ExecFailed", "world/launch", nesting)
    assert refused.data["why"] == "unconfined"
    plain = {**nesting, "copyable": "auto"}
    assert run.sidecar.call("world/launch", plain)["process"]["confinement"]["missing"] == []


@pytest.mark.requirement("PROC-05")
def test_a_process_ends_with_its_branch(run: Run) -> None:
    [fork] = run.sidecar.fork(run.branch)
    agent = Agent.launch(run, "sleep", "1000", branch=fork)
    run.sidecar.call("branch/discard", {"branch": fork})
    assert not os.path.exists(f"/proc/{agent.pid}"), "set aside: it has ended by then"
    [ended] = processes(run.sidecar, fork, ended=True)
    assert (ended["status"], ended["exitCode"]) == ("ended", -9)
    until(lambda: said_on(run.sidecar, fork, "processEnded") != [])
    run.sidecar.call("branch/discard", {"branch": fork, "restore": True})
    assert processes(run.sidecar, fork) == []
    run.sidecar.call("branch/discard", {"branch": fork})

    def forgotten() -> bool:
        run.sidecar.call("store/gc", {"keepDiscardedDays": 0})
        return os.listdir(run.sidecar.store / "processes") == []

    until(forgotten)


@pytest.mark.requirement("PROC-01")
def test_what_cannot_be_started_says_so_and_leaves_nothing(run: Run) -> None:
    for argv, cwd, why in (
        (["no-such-program"], None, "programMissing"),
        (["true"], "missing", "cwdMissing"),
        (["true"], "..", "cwdOutside"),
    ):
        asked = {"branch": run.branch, "argv": argv, "cwd": cwd}
        error = run.sidecar.error(run.sidecar.request("world/launch", asked))
        assert (error.name, error.data["why"]) == ("ExecFailed", why)
        assert run.log()[-1]["payload"]["status"] == "error"
    assert os.listdir(run.sidecar.store / "processes") == []
    run.sidecar.refused("InvalidParams", "world/launch", {"branch": run.branch, "argv": []})
    run.sidecar.refused("UnknownProcess", "world/output", {"process": "../../x"})
    run.sidecar.refused("NoWorld", "world/launch", {"branch": bare(run), "argv": ["true"]})


def bare(run: Run) -> str:
    """A branch without a world."""
    return run.sidecar.begin("bare")


def processes(sidecar: Sidecar, branch: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sidecar.call("world/processes", {"branch": branch, **params})[
        "processes"
    ]
    return found


def said(run: Run, what: str) -> list[dict[str, Any]]:
    return said_on(run.sidecar, run.branch, what)


def said_on(sidecar: Sidecar, branch: str, what: str) -> list[dict[str, Any]]:
    """The payloads of a log that tell of this."""
    return [
        entry["payload"] for entry in sidecar.log(branch) if entry["payload"].get("what") == what
    ]
