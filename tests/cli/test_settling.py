"""Settling from the command line: what is shown, what is asked, what undoes it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_acting import checked, world


def test_a_conflict_is_shown_with_both_sides_and_the_way_out(cli: Cli, own: Path) -> None:
    cli("fork", "fix", "--name", "onto", "--driver", "copy", store=own)  # stands by itself
    folder = world(cli, own, "onto")
    said = cli("apply", "other", "--onto", "onto", "--yes", store=own)
    assert said.code == 1
    assert "app.py: both changed these lines" in said.out
    assert [line.strip() for line in said.lines[2:6]] == [
        "onto line 2", "fix", "branch line 2", "other",
    ]  # fmt: skip
    [way] = [line.strip() for line in said.lines if "--take" in line]
    assert (folder / "app.py").read_text() == "print(42)\nfix\n"
    option = shlex.split(way.partition("  ")[0])
    assert option == ["--take", "app.py=both"]
    asked = ("apply", "other", "--onto", "onto", *option)
    shown = cli(*asked, "--preview", "--json", store=own)
    assert checked("branch.apply.result", shown.json)["conflicts"] == []
    assert cli(*asked, store=own).code == 1, "nobody said yes"
    assert (folder / "notes.md").exists()
    done = cli(*asked, "--yes", "--by", "me", "--reason", "both", store=own)
    assert done.code == 0
    assert (folder / "app.py").read_text() == "print(42)\nfix\nother\n"
    assert not (folder / "notes.md").exists()
    assert "apply" in cli("log", "onto", store=own).out
    undo = shlex.split(done.lines[-1])
    assert cli(*undo[1:], "--yes").code == 0
    assert (folder / "app.py").read_text() == "print(42)\nfix\n"
    again = cli("apply", "other", "--onto", "onto", store=own)
    assert (again.code, again.lines) == (0, ["nothing to apply: onto has it all"])


def test_the_user_s_own_folder(cli: Cli, own: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "notes.md").write_text("# my notes\n")
    mine = tmp_path / "mine"
    mine.write_text("mine\n")
    said = cli("apply", "fix", "--workspace", "--yes", store=own)
    assert said.code == 0
    assert (work / "app.py").read_text() == "print(42)\nfix\n"
    assert (work / "notes.md").read_text() == "# my notes\n"
    undo = shlex.split(said.lines[-1])
    assert cli(*undo[1:], "--yes").code == 0
    assert (work / "app.py").read_text() == "print('hello')\n"
    assert (work / "notes.md").read_text() == "# my notes\n"
    asked = ("apply", "other", "--workspace", "--yes", "--json")
    told = cli(*asked, store=own)
    assert told.code == 1
    assert [one["path"] for one in told.json["conflicts"]] == ["app.py", "notes.md"]
    take = ("--take", "app.py=branch", "--file", f"notes.md={mine}")
    done = cli(*asked, *take, store=own)
    assert done.json["conflicts"] == []
    assert (work / "notes.md").read_text() == "mine\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--take", "app.py"),
        ("--take", "app.py=mine"),
        ("--take", "app.py=onto", "--file", "app.py=x"),
    ],
)
def test_what_makes_no_sense(cli: Cli, own: Path, wrong: tuple[str, ...]) -> None:
    assert cli("apply", "other", "--onto", "fix", *wrong, store=own).code == 2
    assert cli("apply", "other", store=own).code == 2
    missing = cli("apply", "other", "--onto", "fix", "--file", "app.py=/nowhere", store=own)
    assert "cannot be read" in missing.err


def test_select_names_the_others(cli: Cli, own: Path) -> None:
    cli("fork", "fix", "--name", "a", "--name", "b", store=own)
    said = cli("select", "a", "--reason", "it is", store=own)
    assert (said.code, said.lines) == (0, ["a is selected", "the others:", "  b  live"])
    checked("branch.select.result", cli("select", "b", "--json", store=own).json)


def test_overlaps_are_shown(cli: Cli, own: Path) -> None:
    said = cli("overlaps", "other", store=own)
    assert said.code == 1
    assert "app.py: fix and other: both changed these lines" in said.out
    assert "line 2 and line 2 (were before line 2)" in said.out
    watched = cli("overlaps", "other", "--watch", "on", "--json", store=own).json
    assert checked("branch.overlaps.result", watched)["watched"] is True
