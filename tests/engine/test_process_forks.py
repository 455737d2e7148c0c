"""branch/fork with processes: memory goes on in worlds of its own, by each way there is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agents import Agent, end_all
from tests.engine.conftest import Another
from tests.engine.worlds import Run
from tests.support.lacking import lacking
from tests.support.living import living
from tests.support.sidecar import Sidecar
from tests.support.unprivileged import UID, as_user, user_folder
from tests.support.waiting import until

CLIENT = Path(__file__).parents[2] / "adapters" / "python" / "shepherd_client"
TICKING = """
import os, random, time
secret = random.random()  # only in memory
ticks = open("ticks", "a")
open("/tmp/own", "w").write(str(secret))
count = 0
while True:
    count += 1
    assert open("/tmp/own").read() == str(secret)
    ticks.write(f"{count} {secret}\\n")
    ticks.flush()
    print(count, flush=True)
    time.sleep(0.002)
"""
REPLAYING = """
import json, os, random, time
reads = int(os.environ["SHEPHERD_SIDECAR_FD"])
wire, asks = open(reads), open(reads + 1, "w")
def ask(method, **params):
    asks.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}) + "\\n")
    asks.flush()
    return json.loads(wire.readline())["result"]
own, at = os.environ["SHEPHERD_BRANCH"], os.environ.get("SHEPHERD_REPLAY_FROM")
replay = at and ask("replay/open", **{"from": at, "mode": "live", "into": own})["replay"]
for step in range(5 if at else 3):
    intent = {"kind": "tool_call", "payload": {"name": "roll", "arguments": {"step": step}}}
    found = ask("replay/next", replay=replay, **intent) if at else {"live": True}
    if not found["live"]:
        print("recorded", found["outcome"]["result"]["value"], flush=True)
        continue
    commit = found.get("commit") or ask("intent/propose", branch=own, **intent)["commit"]
    value = random.random()
    result = {"intent": commit, "payload": {"value": value}, "status": "ok", "snapshot": False}
    ask("intent/resolve", branch=own, **result)
    print("live", value, flush=True)
time.sleep(1000)
"""
PYTHON = sys.executable
ZYGOTE = (PYTHON, "-m", "shepherd_client.zygote", "agent.py")
PLAIN = (PYTHON, "agent.py")


@pytest.fixture
def run(fresh: Sidecar, folder: Path) -> Iterator[Run]:
    (folder / "agent.py").write_text(TICKING)
    shutil.copytree(CLIENT, folder / "shepherd_client", ignore=shutil.ignore_patterns("*.pyc"))
    yield Run.start(fresh, folder)
    end_all(fresh.store)


def need_criu(sidecar: Sidecar) -> None:
    told = sidecar.call("initialize", {"capabilities": {}})["capabilities"]["experimental"][
        "shepherd"
    ]["processDrivers"]
    [criu] = [one for one in told if one["name"] == "criu"]
    if not criu["available"]:
        lacking(criu["why"])


def ticks(world: Path) -> list[tuple[int, str]]:
    """What an agent has written into its world."""
    try:
        lines = (world / "ticks").read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    words = [line.split() for line in lines if line.endswith("\n")]
    return [(int(count), secret) for count, secret in words]


def ticking(run: Run, *argv: str, **params: Any) -> Agent:
    """An agent that has begun to tick."""
    agent = Agent.launch(run, *argv, **params)
    until(lambda: len(ticks(run.world)) > 3)
    return agent


def fork(run: Run, at: str | None = None, **params: Any) -> list[dict[str, Any]]:
    asked = {"at": at or run.branch, "process": True, **params}
    made: list[dict[str, Any]] = run.sidecar.call("branch/fork", asked)["branches"]
    return made


def check_apart(run: Run, origin: Agent, copies: list[dict[str, Any]]) -> None:
    """All go on from one memory, each in its own world; the end of one is nobody else's."""
    worlds = [run.world, *(Path(copy["world"]["path"]) for copy in copies)]
    agents = [origin, *(Agent.of(run.sidecar, copy["process"]) for copy in copies)]
    assert len({tick[1] for world in worlds for tick in ticks(world)}) == 1
    for world in worlds:
        until(partial(_grown, world, len(ticks(world)) + 3))
        counts = [count for count, _ in ticks(world)]
        assert counts == list(range(1, len(counts) + 1))
    for copy in copies:
        said = Agent.of(run.sidecar, copy["process"])
        assert said.said["of"] == origin.id
        assert int(said.output().split()[0]) > 1, "it goes on counting, into output of its own"
    while worlds:
        worlds.pop(0)
        gone = agents.pop(0)
        run.sidecar.call("world/signal", {"process": gone.id, "signal": "KILL"})
        until(partial(_is_gone, run, gone))
        for world in worlds:
            until(partial(_grown, world, len(ticks(world)) + 2))


def _grown(world: Path, to: int) -> bool:
    return len(ticks(world)) >= to


def _is_gone(run: Run, agent: Agent) -> bool:
    listed = run.sidecar.call("world/processes", {})["processes"]
    return agent.id not in [one["process"] for one in listed]


@pytest.mark.requirement("PROC-06", "PROC-07")
def test_a_cooperating_python_forks_into_several_worlds(run: Run) -> None:
    origin = ticking(run, *ZYGOTE)
    copies = fork(run, count=3)
    assert [one["process"]["bornBy"] for one in copies] == ["zygote"] * 3
    assert copies[0]["process"]["notCaptured"] == []
    [change] = [one for one in run.log() if one["kind"] == "workspace_change"]
    assert change["payload"].get("notCaptured", []) == [], "all of it stood still"
    check_apart(run, origin, copies)


@pytest.mark.requirement("PROC-06", "PROC-07")
def test_any_process_is_copied_by_a_checkpoint(run: Run) -> None:
    need_criu(run.sidecar)
    origin = ticking(run, *PLAIN)
    copies = fork(run, count=3)
    assert [one["process"]["bornBy"] for one in copies] == ["criu"] * 3
    check_apart(run, origin, copies)
    assert os.listdir(run.sidecar.store / "images") in ([], ["criu.json"])


@pytest.mark.requirement("PROC-06")
def test_a_copy_is_copied_again(run: Run) -> None:
    for argv in (ZYGOTE, PLAIN):
        if argv is PLAIN:
            need_criu(run.sidecar)
        [fresh] = run.sidecar.fork(run.root)
        world = Path(run.sidecar.branch(fresh)["world"]["path"])
        Agent.launch(run, *argv, branch=fresh)
        until(partial(_grown, world, 3))
        [first] = fork(run, fresh)
        [second] = fork(run, first["branch"])
        assert second["process"]["bornBy"] == first["process"]["bornBy"], second["process"]
        end = Path(second["world"]["path"])
        until(partial(_grown, end, len(ticks(end)) + 3))
        assert {secret for _, secret in ticks(end)} == {ticks(world)[0][1]}


@pytest.mark.requirement("PROC-05", "PROC-06")
@pytest.mark.parametrize("way", ["zygote", "criu"])
def test_a_branch_that_is_set_aside_takes_only_its_own_processes_along(run: Run, way: str) -> None:
    """Not the copies of its copies; but what a copy has started besides."""
    if way == "criu":
        need_criu(run.sidecar)
    helper = f"1000.{time.time_ns()}"
    starting = f"import subprocess\nsubprocess.Popen(['sleep', '{helper}'])\n"
    (run.world / "agent.py").write_text(starting + TICKING)
    ticking(run, *(ZYGOTE if way == "zygote" else PLAIN))
    [first] = fork(run)
    until(partial(_grown, Path(first["world"]["path"]), 3))
    [second] = fork(run, first["branch"])
    run.sidecar.call("branch/discard", {"branch": first["branch"]})
    assert not os.path.exists(f"/proc/{first['process']['pid']}")
    for branch, world in (
        (run.branch, run.world),
        (second["branch"], Path(second["world"]["path"])),
    ):
        until(partial(_grown, world, len(ticks(world)) + 3))
        run.sidecar.call("branch/discard", {"branch": branch})
    until(lambda: not living(helper))
    assert run.sidecar.call("world/processes", {})["processes"] == []


@pytest.mark.requirement("PROC-07")
def test_what_cannot_be_copied_is_run_again_and_told_where_it_is(run: Run) -> None:
    ticking(run, *PLAIN, copyable="no", env={"WHO": "ana"})
    [copy] = fork(run)
    said = copy["process"]
    assert said["bornBy"] == "rerun"
    assert [one["what"] for one in said["notCaptured"]] == ["memory"]
    environ = Path(f"/proc/{said['pid']}/environ").read_bytes().split(b"\0")
    assert f"SHEPHERD_REPLAY_FROM={copy['head']}".encode() in environ
    assert f"SHEPHERD_BRANCH={copy['branch']}".encode() in environ
    assert b"WHO=ana" in environ
    world = Path(copy["world"]["path"])
    until(lambda: len({secret for _, secret in ticks(world)}) == 2)


@pytest.mark.requirement("SANDBOX-04")
def test_where_a_part_of_the_world_is_hidden_no_copy_makes_its_own_view(
    run: Run, folder: Path
) -> None:
    (run.world / "hidden").write_text("")
    (run.sidecar.store / "sandbox.toml").write_text(f'hide = ["{folder}/hidden"]')
    ticking(run, *ZYGOTE)
    [copy] = fork(run)
    assert copy["process"]["bornBy"] == "rerun"
    asked = {"at": run.branch, "process": True, "processDriver": "zygote"}
    error = run.sidecar.error(run.sidecar.request("branch/fork", asked))
    assert error.name == "DriverUnavailable"
    assert "hides" in error.message


@pytest.mark.requirement("PROC-07")
def test_a_way_that_was_asked_for_by_name_is_that_way_or_an_error(run: Run) -> None:
    run.sidecar.refused("UnknownProcess", "branch/fork", {"at": run.branch, "process": True})
    ticking(run, *PLAIN, copyable="no")
    head = run.sidecar.head(run.branch)
    for way in ("zygote", "criu"):
        asked = {"at": run.branch, "process": True, "processDriver": way}
        error = run.sidecar.error(run.sidecar.request("branch/fork", asked))
        assert error.name == "DriverUnavailable"
        assert way in error.message
    assert len(run.sidecar.call("branch/list", {})["branches"]) == 1
    assert run.sidecar.commits(run.branch)[: len(run.sidecar.commits(head))]
    bad = {"at": run.branch, "process": True, "world": False}
    run.sidecar.refused("InvalidParams", "branch/fork", bad)
    run.sidecar.refused("InvalidParams", "branch/fork", {"at": run.branch, "processDriver": "criu"})


@pytest.mark.requirement("PROC-09")
def test_an_agent_that_is_run_again_finds_its_place_by_the_record(run: Run) -> None:
    (run.world / "again.py").write_text(REPLAYING)
    origin = Agent.launch(run, PYTHON, "again.py", copyable="no", sidecar=True)
    until(lambda: origin.output().count("\n") == 3)
    [copy] = fork(run)
    again = Agent.of(run.sidecar, copy["process"])
    until(lambda: again.output().count("\n") == 5)
    told = [line.split() for line in again.output().splitlines()]
    assert [word for word, _ in told] == ["recorded"] * 3 + ["live"] * 2
    assert [value for _, value in told][:3] == [
        line.split()[1] for line in origin.output().splitlines()
    ]
    log = run.sidecar.commits(copy["branch"])
    assert copy["head"] in log, "what the record answered is not recorded again"
    assert len(log) == log.index(copy["head"]) + 1 + 2 * 2
    other = {"from": run.branch, "mode": "live", "into": copy["branch"]}
    run.sidecar.refused("NameTaken", "replay/open", other)


@pytest.mark.requirement("PROC-08")
def test_a_checkpoint_is_kept_with_its_commit_and_lives_again(run: Run, another: Another) -> None:
    need_criu(run.sidecar)
    origin = ticking(run, *PLAIN)
    taken = run.sidecar.call("snapshot/take", {"branch": run.branch, "process": True})
    [kept] = taken["checkpoints"]
    assert kept["bytes"] > 100_000
    then = len(ticks(run.world))
    until(partial(_grown, run.world, then + 20))
    run.sidecar.call("world/signal", {"process": origin.id, "signal": "KILL"})
    until(partial(_is_gone, run, origin))
    run.sidecar.call("store/gc", {})
    copies = fork(run, taken["commit"], count=2)
    for copy in copies:
        world = Path(copy["world"]["path"])
        until(partial(_grown, world, len(ticks(world)) + 3))
        counts = [count for count, _ in ticks(world)]
        assert counts == list(range(1, len(counts) + 1)), "files and memory are of one moment"
    error = run.sidecar.error(run.sidecar.request("branch/fork", {"at": run.root, "process": True}))
    assert error.name == "UnknownProcess"
    run.sidecar.call("branch/discard", {"branch": run.branch})
    for copy in copies:
        run.sidecar.call("branch/discard", {"branch": copy["branch"]})

    def forgotten() -> bool:
        run.sidecar.call("store/gc", {"keepDiscardedDays": 0})
        return not [one for one in os.listdir(run.sidecar.store / "images") if len(one) == 32]

    until(forgotten)


@pytest.mark.requirement("PROC-11")
def test_files_and_process_are_restored_together(run: Run) -> None:
    need_criu(run.sidecar)
    origin = ticking(run, *PLAIN)
    asked = {"branch": run.branch, "to": run.root, "process": True}
    preview = run.sidecar.call("snapshot/restore", {**asked, "preview": True})
    assert {"path": "", "why": "process"} in preview["notCaptured"]
    taken = run.sidecar.call("snapshot/take", {"branch": run.branch, "process": True})["commit"]
    (run.world / "notes.txt").write_text("spoilt")
    until(partial(_grown, run.world, len(ticks(run.world)) + 50))
    later = len(ticks(run.world))
    done = run.sidecar.call("snapshot/restore", {**asked, "to": taken})
    [back] = done["processes"]
    assert (back["of"], back["bornBy"]) == (origin.id, "criu")
    assert (run.world / "notes.txt").read_text() == "hello\n"
    until(partial(_is_gone, run, origin))
    until(partial(_grown, run.world, later))
    counts = [count for count, _ in ticks(run.world)]
    assert counts == list(range(1, len(counts) + 1)), "it went on from the checkpoint"
    paths = {**asked, "paths": ["notes.txt"]}
    run.sidecar.refused("InvalidParams", "snapshot/restore", paths)


@pytest.mark.requirement("PROC-05")
def test_killed_in_the_middle_of_a_fork_nothing_is_half_done(run: Run, another: Another) -> None:
    """At any moment: afterwards every process is of a branch with a world, and all else is gone."""
    origin = ticking(run, *ZYGOTE)
    store = run.sidecar.store
    for wait in (0.0, 0.02, 0.05, 0.1, 0.2):
        with contextlib.ExitStack() as stack:
            doomed = stack.enter_context(Sidecar.on(store))
            doomed.call("branch/get", {"branch": run.branch})
            doomed.request("branch/fork", {"at": run.branch, "process": True, "count": 3})
            time.sleep(wait)  # not to wait for anything: to be somewhere else each time
            assert doomed.process is not None
            doomed.process.kill()
            doomed.process.wait()
    other = another(store)
    listed: list[dict[str, Any]] = []

    def settled() -> bool:
        other.call("store/gc", {})
        listed[:] = other.call("world/processes", {})["processes"]
        names = sorted(one["process"] for one in listed)
        homes = {b["branch"] for b in other.call("branch/list", {})["branches"] if b.get("world")}
        folders = sorted(os.listdir(store / "processes"))
        return names == folders and {one["branch"] for one in listed} <= homes

    until(settled)
    assert origin.id in [one["process"] for one in listed]
    alive = {one["pid"] for one in listed}

    def unlisted() -> set[int]:
        agents = {pid for pid in living("agent.py") if _is_of(store, pid)}
        return agents - alive - _firsts(alive)

    # What was on its way into a world that nobody waits for any more ends when it notices.
    until(lambda: not unlisted())


def _is_of(store: Path, pid: int) -> bool:
    """Whether a process writes into this store's folder of processes."""
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/fd/1").startswith(str(store))
    return False


def _firsts(pids: set[int]) -> set[int]:
    """The pids 1 of copies: a zygote's are forks of it and look like it."""
    found = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/stat").read_text()
            found.add(int(text.rpartition(")")[2].split()[1]))
    return found


@pytest.mark.requirement("PROC-12")
def test_no_more_than_so_many_live_at_once(tmp_path: Path, folder: Path) -> None:
    from shepherd_sidecar.engine.engine import Engine
    from shepherd_sidecar.engine.limits import Limits
    from shepherd_sidecar.errors import BudgetExceeded
    from shepherd_sidecar.protocol.branches import ForkParams
    from shepherd_sidecar.protocol.processes import LaunchParams
    from shepherd_sidecar.protocol.runs import RunStartParams

    engine = Engine(tmp_path / ".shepherd", Limits(processes=2))
    try:
        started = engine.runs.start(RunStartParams(name="few", workspace=str(folder)), "test")
        params = LaunchParams(branch=started.branch, argv=["sleep", "1000"])
        asyncio.run(engine.launching.launch(params, "test", "owner"))
        with pytest.raises(BudgetExceeded):
            engine.fork(ForkParams(at=started.branch, count=2, process=True), "test")
        asyncio.run(engine.launching.launch(params, "test", "owner"))
        with pytest.raises(BudgetExceeded):
            asyncio.run(engine.launching.launch(params, "test", "owner"))
    finally:
        end_all(engine.store.root)
        engine.close()


def _without_root(base: Path) -> tuple[str, int, set[str]]:
    """Launch and fork a zygote: how it was copied, its user, and the secrets in both worlds."""
    from shepherd_sidecar.engine.engine import Engine
    from shepherd_sidecar.protocol.branches import ForkParams
    from shepherd_sidecar.protocol.processes import LaunchParams
    from shepherd_sidecar.protocol.runs import RunStartParams

    workspace = base / "workspace"
    workspace.mkdir()
    (workspace / "agent.py").write_text(TICKING)
    shutil.copytree(CLIENT, workspace / "shepherd_client")
    engine = Engine(base / "store")
    try:
        run = engine.runs.start(RunStartParams(name="user", workspace=str(workspace)), "test")
        assert run.world is not None
        params = LaunchParams(branch=run.branch, argv=["/usr/bin/python3", *ZYGOTE[1:]])
        asyncio.run(engine.launching.launch(params, "test", "owner"))
        until(partial(_grown, Path(run.world.path), 3))
        [made] = engine.fork(ForkParams(at=run.branch, process=True), "test").branches
        assert made.world is not None
        assert made.process is not None
        world = Path(made.world.path)
        until(partial(_grown, world, len(ticks(world)) + 3))
        secrets = {secret for _, secret in (*ticks(world), *ticks(Path(run.world.path)))}
        return made.process.born_by, os.stat(f"/proc/{made.process.pid}").st_uid, secrets
    finally:
        end_all(base / "store")
        engine.close()


@pytest.mark.requirement("PROC-06")
def test_a_user_without_any_right_has_copies_too() -> None:
    with user_folder() as base:
        born_by, user, secrets = as_user(partial(_without_root, base))
    assert born_by == "zygote"
    assert user == (UID if os.geteuid() == 0 else os.geteuid())
    assert len(secrets) == 1
