"""Whose change it is, in the user's own folder and with several calls open."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.engine.attribution import files_of
from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar

DENY = '[[rule]]\nname="r"\ndecision="deny"\nreason="no"\ntools=["rm", "write", "sh"]\n'


@pytest.fixture
def run(sidecar: Sidecar, folder: Path, tmp_path: Path) -> Run:
    """A run in the user's own folder, where some tools are denied."""
    gate = tmp_path / "gate.toml"
    gate.write_text(DENY)
    return Run.start(sidecar, folder, place="inPlace", gate=str(gate))


def users(run: Run) -> list[list[str]]:
    """What each change by the user changed."""
    return [
        entry["payload"]["changed"]
        for entry in run.log()
        if entry["kind"] == "workspace_change" and entry["payload"]["why"] == "user"
    ]


def blamed(run: Run) -> list[tuple[str, list[str]]]:
    """The intents that are said to have run in vain of a veto, and what they changed."""
    return [
        (entry["intent"], entry["payload"]["changed"])
        for entry in run.log()
        if entry["payload"].get("action") == "vetoIneffective"
    ]


@pytest.mark.requirement("USER-01")
def test_what_changed_outside_calls_is_the_users(run: Run, folder: Path) -> None:
    (folder / "notes.txt").write_text("by the user")
    intent = run.sidecar.propose(run.branch, "edit")["commit"]
    assert users(run) == [["notes.txt"]]
    assert run.log()[-2]["kind"] == "workspace_change"
    assert run.log()[-1]["commit"] == intent, "it stands before the call"
    (folder / "src" / "app.py").write_text("by the agent")
    done = run.sidecar.resolve(run.branch, intent)
    assert done["snapshot"]["changed"] == ["src/app.py"]
    run.sidecar.act(run.branch, "look")
    assert users(run) == [["notes.txt"]], "nothing changed since"


@pytest.mark.requirement("USER-01")
def test_a_command_is_not_blamed_for_what_the_user_did_before(run: Run, folder: Path) -> None:
    (folder / "notes.txt").write_text("by the user")
    done = run.exec("sh", "-c", "echo more >> src/app.py")
    assert users(run) == [["notes.txt"]]
    assert done["snapshot"]["changed"] == ["src/app.py"]


@pytest.mark.requirement("USER-01")
def test_a_process_that_is_launched_is_not_blamed_for_what_the_user_did_before(
    run: Run, folder: Path
) -> None:
    (folder / "notes.txt").write_text("by the user")
    run.sidecar.call("world/launch", {"branch": run.branch, "argv": ["true"]})
    assert users(run) == [["notes.txt"]]
    kinds = [entry["kind"] for entry in run.log()]
    assert kinds.index("workspace_change") < kinds.index("tool_call")


@pytest.mark.requirement("USER-01")
def test_a_world_apart_has_no_user(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder)
    (run.world / "notes.txt").write_text("changed")
    sidecar.propose(run.branch, "edit")
    assert users(run) == []


@pytest.mark.requirement("USER-01")
def test_with_a_call_open_nothing_is_the_users(run: Run, folder: Path) -> None:
    first = run.sidecar.propose(run.branch, "edit")["commit"]
    (folder / "notes.txt").write_text("by whom?")
    second = run.sidecar.propose(run.branch, "edit", arguments={"n": 2})["commit"]
    (folder / "src" / "app.py").write_text("by whom?")
    assert users(run) == []
    run.sidecar.resolve(run.branch, first)
    [shared] = [entry for entry in run.log() if entry["kind"] == "workspace_change"]
    assert shared["payload"]["why"] == "calls"
    assert shared["payload"]["intents"] == [first, second]
    assert shared["payload"]["changed"] == ["notes.txt", "src/app.py"]
    (folder / "notes.txt").write_text("by the second")
    assert run.sidecar.resolve(run.branch, second)["snapshot"]["changed"] == ["notes.txt"]
    assert len([entry for entry in run.log() if entry["kind"] == "workspace_change"]) == 1


@pytest.mark.requirement("USER-01")
def test_the_users_changes_are_in_forks_restores_and_the_end(run: Run, folder: Path) -> None:
    (folder / "notes.txt").write_text("first")
    [fork] = run.sidecar.fork(run.branch)
    assert users(run) == [["notes.txt"]]
    assert run.read(run.sidecar.head(fork), "notes.txt") == b"first"
    (folder / "notes.txt").write_text("second")
    run.restore(run.root, preview=True)
    assert len(users(run)) == 1, "a preview writes nothing down"
    run.restore(run.root)
    assert len(users(run)) == 2
    (folder / "notes.txt").write_text("third")
    run.sidecar.call("run/end", {"branch": run.branch, "status": "finished"})
    assert len(users(run)) == 3
    assert run.log()[-1]["kind"] == "run_end"


@pytest.mark.requirement("USER-02")
def test_a_denied_call_is_blamed_for_the_files_it_names(run: Run, folder: Path) -> None:
    run.sidecar.propose(run.branch, "write", arguments={"path": "notes.txt"})
    (folder / "src" / "app.py").write_text("by the user")
    run.sidecar.propose(run.branch, "write", arguments={"path": "notes.txt", "n": 2})
    assert (blamed(run), users(run)) == ([], [["src/app.py"]])
    denied = run.sidecar.propose(run.branch, "write", arguments={"path": "notes.txt", "n": 3})
    (folder / "notes.txt").write_text("by the agent")
    (folder / "src" / "app.py").write_text("by the user again")
    run.sidecar.propose(run.branch, "look")
    assert blamed(run) == [(denied["commit"], ["notes.txt"])]
    assert users(run) == [["src/app.py"], ["src/app.py"]]


@pytest.mark.requirement("USER-02")
def test_a_denied_command_is_blamed_with_a_reservation(run: Run, folder: Path) -> None:
    denied = run.sidecar.propose(run.branch, "sh", arguments={"command": "cat src/app.py"})
    (folder / "notes.txt").write_text("by whom?")
    run.sidecar.propose(run.branch, "look")
    assert blamed(run) == [(denied["commit"], ["notes.txt"])]
    [said] = [e["payload"] for e in run.log() if e["payload"].get("action") == "vetoIneffective"]
    assert said["why"].endswith("it may have been the user")
    assert users(run) == []


def test_a_folder_that_cannot_be_captured_keeps_no_call_waiting(run: Run, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    assert run.sidecar.propose(run.branch, "look")["verdict"]["decision"] == "allow"
    [failed] = [entry for entry in run.log() if entry["kind"] == "annotation"]
    assert failed["payload"]["what"] == "snapshotFailed"


def test_a_restore_sees_what_was_stored_through_a_mapping(run: Run, folder: Path) -> None:
    mapped = folder / "mapped"
    mapped.write_text("0000")
    before = run.take()["commit"]
    mapped.write_text("1111")
    run.take()
    with mapped.open("r+b") as opened:
        mapping = mmap.mmap(opened.fileno(), 4)
    with mapping:
        mapping[0:4] = b"2222"  # nobody is told while it is mapped
        mapping.flush()
        done = run.restore(before)
    assert mapped.read_text() == "0000"
    assert run.read(done["safety"], "mapped") == b"2222", "nothing was lost"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"path": "a/b"}, {"a/b"}),
        ({"files": ["a", "/w/b"]}, {"a", "b"}),
        ({"path": "a", "content": "path: z"}, {"a"}),
        ({"command": "rm a"}, None),
        ({"edit": {"cmd": ["rm"]}, "path": "a"}, None),
        ("rm a", None),
        ({"n": 1}, None),
        ({"path": "$DIR/a"}, None),
        ({"path": "/etc/passwd"}, None),
        (None, None),
    ],
)
def test_which_files_a_call_names(arguments: Any, named: set[str] | None) -> None:
    assert files_of(json.loads(json.dumps(arguments)), "/w", "/w") == named
