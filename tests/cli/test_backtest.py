"""``rules`` and ``backtest`` from the command line, on made and on recorded runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.stores import ExportParams
from tests.cli.conftest import Cli
from tests.support import recorded

LOOP = '[[rule]]\nname = "loop"\ndecision = "deny"\nloop = { same = 2 }\n'


def trajectory(*commands: str) -> dict[str, Any]:
    """An ATIF file of one call a step."""
    first = {"step_id": 1, "source": "user", "message": "do it"}
    steps = [
        {
            "step_id": number,
            "source": "agent",
            "message": "",
            "tool_calls": [
                {"tool_call_id": "c", "function_name": "sh", "arguments": {"command": command}}
            ],
            "observation": {"results": [{"source_call_id": "c", "content": "seen"}]},
            "metrics": {"prompt_tokens": 10, "completion_tokens": 5},
        }
        for number, command in enumerate(commands, 2)
    ]
    agent = {"name": "a", "version": "1"}
    made = {"schema_version": "ATIF-v1.6", "session_id": "s", "agent": agent}
    return {**made, "steps": [first, *steps]}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A task with a run that failed in a loop, one that passed, and one that passed in a loop."""
    folder = tmp_path / "task"
    (folder / "trajectories").mkdir(parents=True)
    made = {"bad": ("ls", "ls", "ls", "cat"), "good": ("ls", "cat"), "odd": ("ls", "cat", "ls")}
    for name, commands in made.items():
        path = folder / "trajectories" / f"{name}.json"
        path.write_text(json.dumps(trajectory(*commands)))
    rewards = {"bad": 0.0, "good": 1.0, "odd": 1.0}
    listed = [
        {"file": f"trajectories/{name}.json", "reward": reward} for name, reward in rewards.items()
    ]
    (folder / "task.json").write_text(json.dumps({"task": "t", "trajectories": listed}))
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "rules.toml"
    path.write_text(LOOP)
    return str(path)


@pytest.mark.requirement("RULE-08")
def test_where_how_early_and_how_often_wrongly(cli: Cli, runs: Path, rules: str) -> None:
    said = cli("backtest", rules, str(runs), "--json")
    assert said.code == 0
    by_name = {run["branch"]: run for run in said.json["runs"]}
    # Every step is a model call and a tool call: the second ``ls`` is the fourth intent of 8.
    first = by_name["bad"]["fired"][0]
    assert (first["rule"], first["action"], first["acts"]) == ("loop", "deny", True)
    assert (first["number"], first["fraction"]) == (4, 3 / 8)
    assert first["why"] == "the same call 2 times in the last 2"
    assert by_name["good"]["fired"] == []
    assert [one["number"] for one in by_name["odd"]["fired"]] == [6]
    [rule] = said.json["rules"]
    assert (rule["failed"], rule["passed"], rule["firings"]) == (1, 1, 3)
    assert (rule["precision"], rule["recall"]) == (0.5, 1.0)
    assert rule["first"] == (3 / 8 + 5 / 6) / 2
    assert (said.json["failed"], said.json["passed"], said.json["unknown"]) == (1, 2, 0)


@pytest.mark.requirement("RULE-08")
def test_the_table_says_the_same(cli: Cli, runs: Path, rules: str) -> None:
    said = cli("backtest", rules, str(runs))
    assert said.code == 0
    bad = next(line for line in said.lines if line.startswith("bad"))
    assert "loop (deny)" in bad
    assert "4 (38%)" in bad
    loop = next(line for line in said.lines if line.startswith("loop"))
    assert "1 of 1" in loop
    assert "1 of 2" in loop
    assert "3 runs: 1 failed, 2 passed" in said.err
    strict = cli("backtest", rules, str(runs), "--passed-from", "2", "--json").json
    assert (strict["failed"], strict["passed"]) == (3, 0)


@pytest.mark.requirement("RULE-08")
def test_branches_exports_and_files_are_tested_alike(
    cli: Cli, runs: Path, rules: str, tmp_path: Path
) -> None:
    store, bad = tmp_path / ".shepherd", runs / "trajectories" / "bad.json"
    assert cli("import", "--format", "atif", str(bad), store=store).code == 0
    archive = tmp_path / "all.shepherd"
    engine = Engine(store)
    engine.care().export(ExportParams(str(archive), None), lambda *_: None)
    engine.close()
    before = (store / "store.db").read_bytes()
    asked = [("bad",), (str(bad),), (str(archive),), ()]
    found = [cli("backtest", rules, *one, "--json", store=store).json for one in asked]
    told = [[(one["rule"], one["intent"]) for one in run["runs"][0]["fired"]] for run in found]
    assert told[0] == told[1] == told[2] == told[3] != []
    assert (store / "store.db").read_bytes() == before


def test_what_cannot_be_used_is_named(cli: Cli, runs: Path, rules: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(LOOP.replace("2", "0"))
    for file, error in ((broken, "GateInvalid: "), (tmp_path / "none.toml", "BadInput: no file ")):
        for words in (["backtest", str(file), str(runs)], ["rules", str(file)]):
            said = cli(*words)
            assert (said.code, said.out) == (1, "")
            assert f"{error}{file}" in said.err
    garbage = runs / "trajectories" / "garbage.json"
    garbage.write_text("{")
    said = cli("backtest", rules, str(garbage))
    assert (said.code, said.out) == (1, "")
    assert "ImportInvalid" in said.err
    assert str(garbage) in said.err
    said = cli("backtest", rules, str(runs), "--json")  # in a folder the others still count
    assert (said.code, len(said.json["runs"])) == (0, 3)
    assert f"{garbage} is left out" in said.err
    (tmp_path / "empty" / ".shepherd").mkdir(parents=True)
    (tmp_path / "empty" / ".shepherd" / "of-the-store.json").write_text("{}")
    said = cli("backtest", rules, str(tmp_path / "empty"))
    assert "no ATIF file" in said.err
    assert "left out" not in said.err, "a store is no recording"
    assert cli("backtest", rules, "nobody", store=tmp_path / "no").code == 1
    python = tmp_path / "wrong.py"
    python.write_text("1 / 0")
    said = cli("backtest", rules, str(runs), "--with", str(python))
    assert (said.code, "ZeroDivisionError" in said.err) == (1, True)


def test_rules_prints_a_file_that_it_accepts(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "supervisor.toml"
    path.write_text(cli("rules").out)
    assert cli("rules", str(path)).out == f"{path}: 8 rules\n"
    path.write_text("x = 1")
    assert "GateInvalid" in cli("rules", str(path)).err


@pytest.mark.requirement("RULE-08")
@recorded.needed
def test_the_recorded_runs(cli: Cli) -> None:
    """Two tasks have runs of both outcomes; every number here can be read off the files."""
    tasks = [str(recorded.RUNS / task) for task in ("2c44c556", "8ef16240")]
    found = cli("backtest", "default", *tasks, "--json").json
    assert (len(found["runs"]), found["failed"], found["passed"]) == (10, 5, 5)
    for run in found["runs"]:
        path = Path(run["source"])
        steps = json.loads(path.read_text())["steps"]
        calls = sum(len(step.get("tool_calls") or ()) for step in steps)
        assert run["intents"] == calls + sum(step["source"] == "agent" for step in steps)
        assert all(0 <= one["fraction"] < 1 for one in run["fired"])
    total = found["total"]
    assert total["passed"] <= 1, "the rules to begin with leave runs alone that go well"
    # No run of these was unsafe: nothing is denied or held.
    assert {rule["rule"] for rule in found["rules"] if rule["firings"]} <= {"circle"}
