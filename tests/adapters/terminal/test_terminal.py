"""Recorded runs played again in worlds of a real sidecar."""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shepherd_client import Sidecar
from shepherd_terminal.__main__ import main
from shepherd_terminal.compare import REAL
from shepherd_terminal.player import Player
from shepherd_terminal.rerun import Options, rerun
from shepherd_terminal.room import Machine, NoRoom, probe
from shepherd_terminal.trajectory import Call, read

from tests.support import recorded
from tests.support.lacking import lacking

COMMAND = [sys.executable, "-m", "shepherd_sidecar", "serve"]
TASKS = ("021e3bf6", "14c0e8b5", "97a36505", "dfa4d21d")


@pytest.fixture(scope="module", autouse=True)
def rooms() -> None:
    try:
        probe()
    except NoRoom as error:
        lacking(f"no rooms on this machine: {error}")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / ".shepherd"


@pytest.fixture
def sidecar(store: Path) -> Iterator[Sidecar]:
    with Sidecar.start(command=COMMAND, store=store) as sidecar:
        yield sidecar


def first_of(task: str) -> Path:
    return recorded.trajectories(task)[0]


def initial(path: Path) -> Path:
    return path.parent.parent / "initial.tar"


def content(sidecar: Sidecar, commit: str, path: str) -> bytes:
    answer = sidecar.request("snapshot/read", {"commit": commit, "path": path})
    return base64.b64decode(answer["data"])


@recorded.needed
@pytest.mark.requirement("INTENT-08")
@pytest.mark.parametrize("task", TASKS)
def test_a_run_played_again_shows_the_same_or_the_reason_is_known(
    sidecar: Sidecar, store: Path, task: str
) -> None:
    path = first_of(task)
    run = read(path)
    report = rerun(sidecar, run, initial(path), store)
    real = [one for step in report.steps for one in step.differences if one.kind == REAL]
    assert real == []
    assert len(report.steps) == len(run.steps)
    entries = list(sidecar.branch(report.branch).log())
    calls = [call for step in run.steps for call in step.calls]
    asked = [entry for entry in reversed(entries) if entry["kind"] == "tool_call"]
    assert [entry["payload"]["name"] for entry in asked] == [call.name for call in calls]
    outcomes = [entry for entry in entries if entry["kind"] == "tool_result"]
    assert len(outcomes) == len(calls)
    assert all("tree" in entry for entry in outcomes)
    assert sum(entry["kind"] == "observation" for entry in entries) == len(run.steps)


@recorded.needed
def test_another_behaviour_is_not_explained_away(sidecar: Sidecar, store: Path) -> None:
    path = recorded.RUNS / "021e3bf6" / "trajectories" / "F9EDKiy.json"
    run = read(path)
    steps = [
        replace(step, screen=(step.screen or "").replace("host02  15.00", "host02  15.10"))
        for step in run.steps
    ]
    report = rerun(sidecar, replace(run, steps=tuple(steps)), initial(path), store)
    [found] = [one for step in report.steps for one in step.differences if not one.explained]
    assert (found.recorded, found.actual) == ("host02  15.10", "host02  15.00")


@recorded.needed
@pytest.mark.requirement("FORK-02")
def test_other_keys_in_a_fork_leave_the_original_as_it_was(sidecar: Sidecar, store: Path) -> None:
    path = first_of("14c0e8b5")
    run = read(path)
    keys = ("echo forked > audit.txt; sed -i s/deny/allow/ firewall_rules.json; pwd\n",)
    alone = rerun(sidecar, run, initial(path), store)
    report = rerun(sidecar, run, initial(path), store, Options(fork_at=3, keys=keys))
    assert report.fork is not None
    assert "/home/user/audit\n" in report.fork.shown  # where the original's shell stood
    theirs = report.fork.played[-1].tree
    assert theirs is not None
    fork = sidecar.branch(report.fork.branch).info()["head"]
    original = sidecar.branch(report.branch).info()["head"]
    assert content(sidecar, fork, "audit/audit.txt") == b"forked\n"
    assert b"allow" in content(sidecar, fork, "audit/firewall_rules.json")
    assert b'"default_action": "deny"' in content(sidecar, original, "audit/firewall_rules.json")
    assert [s.differences == [] for s in report.steps] == [s.differences == [] for s in alone.steps]
    # The original went on after the fork, and ended with the very same files.
    trees = (
        [step.played[-1].tree for step in report.steps],
        [s.played[-1].tree for s in alone.steps],
    )
    assert trees[0] == trees[1]
    files: dict[str, Any] = report.fork.files
    assert "audit/firewall_rules.json" in str(files["changed"])


@pytest.fixture
def player(sidecar: Sidecar, store: Path, tmp_path: Path) -> Iterator[Player]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "a.txt").write_text("a\n")
    run = sidecar.start_run("try", workspace=str(workspace))
    player = Player(run, Machine("user", "box", missing=("perl",)), [store])
    yield player
    player.close()


def keys(text: str) -> tuple[Call, ...]:
    return (Call("c", "bash_command", {"keystrokes": text, "duration": 0.1}),)


def test_the_shell_sees_the_recorded_machine(player: Player) -> None:
    _, shown = player.play(keys("pwd; hostname; whoami; perl -v; ls -A . /tmp ~\n"))
    assert shown.splitlines() == [
        "user@box:~$ pwd; hostname; whoami; perl -v; ls -A . /tmp ~",
        "/home/user",
        "box",
        "user",
        "bash: perl: command not found",
        ".:",
        "a.txt",
        "",
        "/home/user:",
        "a.txt",
        "",
        "/tmp:",
        "user@box:~$",
    ]


def test_the_shell_cannot_change_the_machine_nor_see_the_store(
    player: Player, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("mine")
    text = f"ls {tmp_path}; touch /etc/x /usr/x; echo > /dev/tcp/1.1.1.1/80\n"
    _, shown = player.play(keys(text))
    assert shown.count("Read-only file system") + shown.count("Permission denied") == 2
    assert f"cannot access '{tmp_path}'" in shown
    assert "Network is unreachable" in shown


@pytest.mark.requirement("INTENT-03")
def test_a_denied_call_types_nothing_and_an_override_types_the_other(
    player: Player, tmp_path: Path
) -> None:
    (tmp_path / ".shepherd" / "gate.toml").write_text(
        '[[rule]]\nname = "no-rm"\ndecision = "deny"\nreason = "keep it"\n'
        'arguments = { keystrokes = "^rm " }\n'
        '[[rule]]\nname = "softly"\ndecision = "override"\narguments = { keystrokes = "^mv " }\n'
        'payload = { arguments = { keystrokes = "cp a.txt b.txt\\n" } }\n'
    )
    [denied], shown = player.play(keys("rm a.txt\n"))
    assert (denied.decision, denied.state, shown) == ("deny", None, "user@box:~$")
    [changed], shown = player.play(keys("mv a.txt b.txt\n"))
    assert (changed.decision, changed.changed) == ("override", ["b.txt"])
    assert shown.startswith("user@box:~$ cp a.txt b.txt")


def test_a_fork_starts_where_the_shell_stands(player: Player) -> None:
    player.play(keys("mkdir d; cd d; echo 1 > f\n"))
    fork = player.fork(name="other")
    try:
        _, shown = fork.play(keys("pwd; echo 2 > f\n"))
        assert "/home/user/d\n" in shown
        assert player.play(keys("cat f\n"))[1].splitlines()[1] == "1"
        assert fork.play(keys("cat f\n"))[1].splitlines()[1] == "2"
    finally:
        fork.close()


@recorded.needed
def test_the_command_line_prints_a_table_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    path = first_of("dfa4d21d")
    sidecar = ["--sidecar", " ".join(COMMAND)]
    assert main(["rerun", *sidecar, "--until", "2", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "0 unexplained" in shown
    assert main(["rerun", *sidecar, "--until", "2", "--json", str(path)]) == 0
    assert '"unexplained": 0' in capsys.readouterr().out
    assert main(["rerun", *sidecar, "--fork-at", "2", str(path)]) == 2
    assert main(["rerun", *sidecar, "missing.json"]) == 2


@recorded.needed
def test_a_store_of_its_own_goes_with_its_worlds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the keeper of the worlds waits for whoever comes next, as it does by itself."""
    monkeypatch.setenv("SHEPHERD_KEEPER_GRACE", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    fork = ["--fork-at", "1", "--keys", "pwd\\n", "--until", "2"]
    argv = ["rerun", "--sidecar", " ".join(COMMAND), *fork, str(first_of("dfa4d21d"))]
    assert main(argv) == 0
    assert list(tmp_path.iterdir()) == []
