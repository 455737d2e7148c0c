"""Small Python agents that were launched with a sidecar of their own, and copy themselves."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.agents import Agent, end_all
from tests.engine.test_process_forks import CLIENT, need_criu
from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar
from tests.support.waiting import until

TRYING = """
import pathlib, sys
from shepherd_client import Sidecar, fork_here
branch = Sidecar.inherited().own_branch()
tried = []
outer = fork_here()
point = fork_here(branch)
tried.append(point.attempt)
branch.thought(f"try {point.attempt}, told {point.note}")
note = pathlib.Path("notes.txt")
assert note.read_text() == "hello\\n", note.read_text()
assert tried == [point.attempt], "memory is as it was"
note.write_text("spoilt")
pathlib.Path(f"only-{point.attempt}").write_text("")
if point.attempt < 2:
    point.back(point.attempt)
print("done", point.attempt, sorted(p.name for p in pathlib.Path().glob("only-*")), flush=True)
sys.exit(7)
"""
FORKING = """
import time
from shepherd_client import Sidecar
branch = Sidecar.inherited().own_branch()
mine = ["made before"]
branch.thought("before")
made = branch.fork(process=True, count=2)  # never by running it again
branch.thought(f"after, {'origin' if made else 'copy'}")
print(mine, len(made), flush=True)
while True:
    time.sleep(0.01)
"""
ASKING = """
from shepherd_client import Sidecar
branch = Sidecar.inherited().own_branch()
count = 0
while True:
    count += 1
    branch.thought(f"thought {count}")
"""


@pytest.fixture
def run(fresh: Sidecar, folder: Path) -> Iterator[Run]:
    shutil.copytree(CLIENT, folder / "shepherd_client", ignore=shutil.ignore_patterns("*.pyc"))
    for name, text in (("trying", TRYING), ("forking", FORKING), ("asking", ASKING)):
        (folder / f"{name}.py").write_text(text)
    yield Run.start(fresh, folder)
    end_all(fresh.store)


def thoughts(run: Run, branch: str) -> list[str]:
    return [e["payload"]["text"] for e in run.sidecar.log(branch) if e["kind"] == "thought"]


@pytest.mark.requirement("PROC-10")
def test_an_agent_comes_back_to_a_checkpoint_of_itself_and_its_world(run: Run) -> None:
    agent = Agent.launch(run, sys.executable, "trying.py", sidecar=True)
    until(lambda: agent.output() != "")
    assert agent.output() == "done 2 ['only-2']\n", agent.output("stderr")
    assert thoughts(run, run.branch) == [
        "try 0, told None",
        "try 1, told 0",
        "try 2, told 1",
    ]

    def code() -> list[int]:
        listed = run.sidecar.call("world/processes", {"ended": True})["processes"]
        return [one["exitCode"] for one in listed if one["status"] == "ended"]

    until(lambda: code() == [7])


@pytest.mark.requirement("PROC-10")
@pytest.mark.parametrize("way", ["zygote", "criu"])
def test_an_agent_copies_itself_and_knows_which_it_is(run: Run, way: str) -> None:
    if way == "criu":
        need_criu(run.sidecar)
    start = ("-m", "shepherd_client.zygote") if way == "zygote" else ()
    agent = Agent.launch(run, sys.executable, *start, "forking.py", sidecar=True)
    until(lambda: agent.output() == "['made before'] 2\n")

    def copies() -> list[Agent]:
        listed = run.sidecar.call("world/processes", {})["processes"]
        return [Agent.of(run.sidecar, one) for one in listed if one.get("of") == agent.id]

    until(lambda: [one.output() for one in copies()] == ["['made before'] 0\n"] * 2)
    assert {one.said["bornBy"] for one in copies()} == {way}
    assert thoughts(run, run.branch) == ["before", "after, origin"]
    for copy in copies():
        assert thoughts(run, copy.said["branch"]) == ["before", "after, copy"]


@pytest.mark.requirement("PROC-10")
@pytest.mark.parametrize("way", ["zygote", "criu"])
def test_a_copy_that_was_in_the_middle_of_a_request_asks_again(run: Run, way: str) -> None:
    if way == "criu":
        need_criu(run.sidecar)
    start = ("-m", "shepherd_client.zygote") if way == "zygote" else ()
    Agent.launch(run, sys.executable, *start, "asking.py", sidecar=True)
    until(lambda: len(thoughts(run, run.branch)) > 10)
    for _ in range(2):
        [made] = run.sidecar.call("branch/fork", {"at": run.branch, "process": True})["branches"]
        assert made["process"]["bornBy"] == way, made["process"]
        first = len(thoughts(run, made["branch"]))
        until(lambda branch=made["branch"], at=first: len(thoughts(run, branch)) > at + 5)  # type: ignore[misc]
        said = [int(text.split()[1]) for text in thoughts(run, made["branch"])]
        assert sorted(set(said)) == list(range(1, len(set(said)) + 1)), "nothing is lost"
        assert len(said) - len(set(said)) <= 1, "at most the one under way is said twice"


@pytest.mark.requirement("PROC-12")
def test_an_agent_that_copies_itself_is_not_run_again_without_end(run: Run) -> None:
    agent = Agent.launch(run, sys.executable, "forking.py", sidecar=True, copyable="no")
    until(lambda: "can only be run again" in agent.output("stderr"))
    assert len(run.sidecar.call("world/processes", {"ended": True})["processes"]) == 1
    assert len(run.sidecar.call("branch/list", {})["branches"]) == 1
