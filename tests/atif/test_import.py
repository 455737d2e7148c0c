"""Taking files in: all recorded runs, again, and damaged ones."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.engine import branching, reading
from shepherd_sidecar.engine.atif import import_atif
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.errors import ImportInvalid
from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.traces import LogParams
from tests.support import recorded

SMALL = {
    "schema_version": "ATIF-v1.6",
    "session_id": "s-1",
    "agent": {"name": "a", "version": "1"},
    "steps": [
        {"step_id": 1, "source": "user", "message": "hi", "timestamp": "2026-01-01T00:00:00Z"},
        {
            "step_id": 2,
            "source": "agent",
            "message": "hello",
            "timestamp": "2026-01-01T00:00:05Z",
            "metrics": {"prompt_tokens": 3},
        },
    ],
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path / ".shepherd")
    yield engine
    engine.close()


def write(folder: Path, value: Any, name: str = "small.json") -> Path:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


def log(engine: Engine, branch: str) -> list[Entry]:
    """Oldest first."""
    found = reading.log(
        engine.store, LogParams(branch=branch, limit=1000, max_payload=1 << 20), engine.limits
    )
    return sorted(found.entries, key=lambda entry: entry.depth)


def runs(engine: Engine) -> int:
    return len(branching.runs(engine.store, 100, None).runs)


@recorded.needed
def test_every_recorded_run_is_there() -> None:
    assert len(recorded.trajectories()) == 34


@recorded.needed
@pytest.mark.requirement("APPEND-12", "OBJECT-03")
def test_all_recorded_runs_are_taken_in_and_the_same_again(engine: Engine) -> None:
    for path in recorded.trajectories():
        value = json.loads(path.read_bytes())
        first = import_atif(engine, path, "test")
        assert first.branches == [path.stem]
        entries = log(engine, path.stem)
        assert first.commits == len(entries)
        check_one(value, entries)
        again = import_atif(engine, path, "test")
        assert (again.branches, again.commits, again.objects) == ([f"{path.stem}-2"], 0, 0)
        assert [e.commit for e in log(engine, again.branches[0])] == [e.commit for e in entries]


def check_one(value: Any, entries: list[Entry]) -> None:
    """The counts and contents that the trajectory promises."""
    steps = value["steps"]
    acts = [step for step in steps if step["source"] == "agent"]
    calls = [call for step in acts for call in step.get("tool_calls", [])]

    def of(kind: str) -> list[Entry]:
        return [entry for entry in entries if entry.kind == kind]

    assert len(of("model_call")) == len(of("model_result")) == len(acts)
    assert [(e.payload["name"], e.payload["arguments"]) for e in of("tool_call")] == [
        (call["function_name"], call["arguments"]) for call in calls
    ]
    assert {e.intent for e in of("tool_result")} == {e.commit for e in of("tool_call")}
    seen = [r["content"] for step in acts for r in step["observation"]["results"]]
    assert [e.payload["content"] for e in of("observation")] == seen
    tokens = [e.usage.input_tokens for e in of("model_result") if e.usage]
    assert tokens == [step["metrics"]["prompt_tokens"] for step in acts]
    # Everything new that a model call was shown is stored once: the list only grows.
    shown = [e.payload["messages"] for e in of("model_call")]
    for shorter, longer in itertools.pairwise(shown):
        assert longer[: len(shorter)] == shorter
    end = entries[-1]
    assert (end.kind, end.payload["status"]) == ("run_end", "finished")
    assert end.payload["payload"]["reward"] in (0.0, 1.0)
    assert end.payload["payload"]["atif"]["final_metrics"] == value["final_metrics"]


@recorded.needed
def test_rewards_are_those_of_the_task(engine: Engine) -> None:
    for path in recorded.trajectories("2c44c556") + recorded.trajectories("8ef16240"):
        import_atif(engine, path, "test")
        task = json.loads((path.parent.parent / "task.json").read_bytes())
        [told] = [one for one in task["trajectories"] if one["file"].endswith(path.name)]
        payload = log(engine, path.stem)[-1].payload["payload"]
        assert (payload["reward"], payload["task"]) == (told["reward"], task["task"])


@recorded.needed
def test_a_recorded_run_can_be_forked_anywhere(engine: Engine) -> None:
    path = recorded.trajectories()[0]
    import_atif(engine, path, "test")
    at = log(engine, path.stem)[7].commit
    [fork] = engine.fork(ForkParams(at=at, names=["other"]), "test").branches
    assert (fork.head, fork.world) == (at, None)


def test_times_and_usage_are_in_the_reflog_only(engine: Engine, tmp_path: Path) -> None:
    import_atif(engine, write(tmp_path, SMALL), "test")
    entries = log(engine, "small")
    assert [(e.kind, (e.at or "")[17:19]) for e in entries] == [
        ("run_start", "00"),
        ("message", "00"),
        ("model_call", "05"),
        ("model_result", "05"),
        ("message", "05"),
        ("run_end", "05"),
    ]
    assert entries[3].usage is not None
    assert entries[3].usage.input_tokens == 3
    [run] = branching.runs(engine.store, 10, None).runs
    assert (run.started_at[:19], run.name) == ("2026-01-01T00:00:00", "small")
    assert run.agent is not None
    assert run.agent.name == "a"


@pytest.mark.requirement("OBJECT-03")
def test_commits_depend_on_neither_file_name_nor_store(tmp_path: Path, engine: Engine) -> None:
    other = Engine(tmp_path / "other")
    try:
        import_atif(other, write(tmp_path, SMALL, "x.json"), "somebody")
        import_atif(engine, write(tmp_path, SMALL, "y.json"), "test")
        assert log(other, "x")[-1].commit == log(engine, "y")[-1].commit
    finally:
        other.close()


def test_a_reward_that_is_given_goes_before_the_tasks(engine: Engine, tmp_path: Path) -> None:
    listed = [{"file": "small.json", "reward": 1.0}]
    write(tmp_path, {"task": "t", "trajectories": listed}, "task.json")
    path = write(tmp_path, SMALL)
    import_atif(engine, path, "test", reward=0.25)
    import_atif(engine, path, "test")
    ends = [log(engine, branch)[-1].payload["payload"] for branch in ("small", "small-2")]
    assert [(end["task"], end["reward"]) for end in ends] == [("t", 0.25), ("t", 1.0)]


def test_a_task_file_of_no_use_is_noted(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, b"{", "task.json")
    notes = import_atif(engine, write(tmp_path, SMALL), "test").notes
    assert notes is not None
    assert "task.json" in notes[0]["note"]


def test_embedded_trajectories_are_runs_of_their_own(engine: Engine, tmp_path: Path) -> None:
    inner = {**SMALL, "trajectory_id": "inner", "session_id": None}
    outer = {**SMALL, "schema_version": "ATIF-v1.7", "subagent_trajectories": [inner]}
    inner["schema_version"] = "ATIF-v1.7"
    result = import_atif(engine, write(tmp_path, outer), "test")
    assert result.branches == ["small", "small-sub1"]
    assert runs(engine) == 2


@pytest.mark.requirement("PRIVATE-02")
def test_a_secret_is_redacted(engine: Engine, tmp_path: Path) -> None:
    call = {"tool_call_id": "c", "function_name": "login", "arguments": {"password": "hunter2"}}
    steps = [{"step_id": 1, "source": "agent", "message": "", "tool_calls": [call]}]
    import_atif(engine, write(tmp_path, {**SMALL, "steps": steps}), "test")
    assert "hunter2" not in str([entry.payload for entry in log(engine, "small")])


def test_a_name_that_cannot_be_a_branch_is_replaced(engine: Engine, tmp_path: Path) -> None:
    result = import_atif(engine, write(tmp_path, SMALL, "a" * 64 + ".json"), "test")
    assert result.branches == ["s-1"]


BAD_STEP = {"step_id": 3, "source": "agent", "message": "x", "metrics": {"prompt_tokens": -1}}


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (b"", {"path": "$", "line": 1}),
        (b'{"schema_version":\n NaN}', {"path": "$", "line": 2}),
        (b'{"a": "\xff"}', {"path": "$"}),
        (b"[" * 5000, {"path": "$"}),
        ({"spans": []}, {"path": "$.schema_version"}),
        ({**SMALL, "steps": [*SMALL["steps"], BAD_STEP]}, {"path": "$.steps[2].metrics"}),
        ({**SMALL, "extra": {"n": 2**60}}, {"path": "$.extra.n"}),
        (
            {**SMALL, "steps": [{"step_id": 1, "source": "user", "message": "x" * 9_000_000}]},
            {"path": "$.steps[0]"},
        ),
    ],
)
def test_what_cannot_be_taken_in_changes_nothing(
    engine: Engine, tmp_path: Path, content: Any, data: dict[str, Any]
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ImportInvalid) as caught:
        import_atif(engine, path, "test")
    found = caught.value.data
    assert found["file"] == str(path)
    assert found["path"].startswith(data["path"])
    assert found.get("line") == data.get("line", found.get("line"))
    assert runs(engine) == 0


def test_what_is_no_file_is_refused_without_waiting(engine: Engine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "missing", Path("/dev/zero")):
        with pytest.raises(ImportInvalid):
            import_atif(engine, path, "test")
