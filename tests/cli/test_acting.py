"""Changing things: fork, restore, replay, deciding, and what becomes of branches."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.protocol.schema import faults
from tests.support.sidecar import Sidecar


def world(cli: Cli, store: Path, branch: str) -> Path:
    for found in cli("branches", "--json", store=store).json["branches"]:
        if found["branch"] == branch:
            return Path(found["world"]["path"])
    raise AssertionError(branch)


def checked(definition: str, value: Any) -> Any:
    assert faults(definition, value) == []
    return value


def test_fork_makes_branches_with_worlds(cli: Cli, own: Path) -> None:
    said = cli("fork", "fix~2", "--count", "2", "--name", "a", "--name", "b", store=own)
    assert said.code == 0
    assert [line.split()[0] for line in said.lines] == ["a", "b"]
    assert (world(cli, own, "a") / "new.txt").read_text() == "new\n"
    made = checked("branch.fork.result", cli("fork", "fix", "--json", store=own).json)
    assert made["branches"][0]["branch"] == "fix-fork"
    bare = cli("fork", "fix", "--no-world", "--json", store=own).json
    assert "world" not in bare["branches"][0]


def test_fork_needs_as_many_names_as_branches(cli: Cli, own: Path) -> None:
    assert cli("fork", "fix", "--count", "2", "--name", "a", store=own).code == 2
    taken = cli("fork", "fix", "--name", "other", store=own)
    assert (taken.code, taken.err.split(":")[1]) == (1, " NameTaken")


def test_a_preview_changes_nothing(cli: Cli, own: Path) -> None:
    before = cli("log", "fix", "--json", store=own).json
    said = cli("restore", "fix", "--to", "fix~4", "--preview", store=own)
    assert said.code == 0
    assert {line.strip().split("  ")[0] for line in said.lines[1:]} == {"M app.py", "D new.txt"}
    shown = cli("restore", "fix", "--to", "fix~4", "--preview", "--json", store=own).json
    checked("snapshot.restore.result", shown)
    assert cli("log", "fix", "--json", store=own).json == before


def test_restore_asks_and_without_a_terminal_does_not_assume(cli: Cli, own: Path) -> None:
    for flags in ((), ("--json",)):
        said = cli("restore", "fix", "--to", "fix~4", *flags, store=own)
        assert said.code == 1
        assert "shepherd-sidecar: Unconfirmed: " in said.err and "hint: add --yes" in said.err
    assert (world(cli, own, "fix") / "new.txt").exists()


def test_restore_prints_the_command_that_undoes_it(cli: Cli, own: Path) -> None:
    folder = world(cli, own, "fix")
    said = cli("restore", "fix", "--to", "fix~4", "--yes", store=own)
    assert said.code == 0
    assert (folder / "app.py").read_text() == "print('hello')\n"
    assert not (folder / "new.txt").exists()
    undo = shlex.split(said.lines[-1])
    assert undo[0] == "shepherd-sidecar"
    assert cli(*undo[1:], "--yes").code == 0
    assert (folder / "app.py").read_text() == "print(42)\nfix\n"
    assert (folder / "new.txt").exists()


def test_restore_of_a_path_leaves_the_others(cli: Cli, own: Path) -> None:
    folder = world(cli, own, "fix")
    said = cli("restore", "fix", "--to", "fix~4", "--path", "app.py", "--yes", "--json", store=own)
    checked("snapshot.restore.result", said.json)
    assert (folder / "app.py").read_text() == "print('hello')\n"
    assert (folder / "new.txt").exists()


def test_restore_to_how_it_is_says_so_and_does_nothing(cli: Cli, own: Path) -> None:
    said = cli("restore", "fix", "--to", "fix", store=own)
    assert (said.code, said.lines) == (0, ["nothing to change: the world is as it was there"])


def test_snapshot_tells_what_changed(cli: Cli, own: Path) -> None:
    (world(cli, own, "fix") / "by-hand.txt").write_text("x")
    said = cli("snapshot", "fix", store=own)
    assert said.code == 0
    assert "1 path changed:" in said.lines and "  by-hand.txt" in said.lines
    checked("snapshot.take.result", cli("snapshot", "fix", "--json", store=own).json)


def test_a_record_replayed_against_itself_ends_at_the_same_head(cli: Cli, own: Path) -> None:
    said = cli("replay", "fix", "--mode", "cached", store=own)
    head = cli("show", "fix", "--json", store=own).json["commit"]
    assert (said.code, said.lines) == (0, ["4 pairs matched", f"same head {head[:8]}"])
    done = cli("replay", "other", "--mode", "cached", "--json", store=own).json
    assert checked("replay.close.result", done)["complete"]


def test_a_record_that_ends_inside_an_action_replays_up_to_it(cli: Cli, own: Path) -> None:
    said = cli("replay", "fix~1", "--mode", "cached", store=own)
    before = cli("show", "fix~2", "--json", store=own).json["commit"]
    assert (said.code, said.lines) == (0, ["3 pairs matched", f"same head {before[:8]}"])


def test_verify_runs_the_commands_again_and_finds_them_as_recorded(cli: Cli, own: Path) -> None:
    said = cli("replay", "fix", "--mode", "verify", store=own)
    assert said.code == 0, said
    assert said.lines[0] == "4 pairs matched, 3 of them by running again"


def test_verify_shows_the_first_difference(cli: Cli, own: Path) -> None:
    cli("exec", "fix", "--", "cat", "/proc/sys/kernel/random/uuid", store=own)
    said = cli("replay", "fix", "--mode", "verify", store=own)
    assert said.code == 1
    assert "$.result.stdout" in said.lines[0]
    assert any(line.startswith("- ") for line in said.lines)
    assert any(line.startswith("+ ") for line in said.lines)
    again = cli("replay", "fix", "--mode", "verify", "--json", store=own)
    assert again.code == 1
    assert checked("replay.close.result", again.json)["diverged"]["path"] == "$.result.stdout"


def test_a_replays_branch_is_kept_when_it_was_named(cli: Cli, own: Path) -> None:
    def live() -> set[str]:
        listed = cli("branches", "--json", store=own).json["branches"]
        return {found["branch"] for found in listed if found["status"] != "discarded"}

    cli("replay", "fix", "--mode", "cached", store=own)
    assert live() == {"fix", "other"}
    cli("replay", "fix", "--mode", "cached", "--into", "copy", store=own)
    assert live() == {"fix", "other", "copy"}


def test_view_prints_the_record_from_its_beginning(cli: Cli, own: Path) -> None:
    said = cli("replay", "fix", "--lines", "2", store=own)
    assert "run_start" in said.lines[0]
    assert "... " in said.out and " more line" in said.out
    assert "content: look at it" in cli("replay", "fix", "--lines", "0", store=own).out


def test_a_branch_is_renamed_discarded_taken_back_and_rewound(cli: Cli, own: Path) -> None:
    renamed = cli("rename", "other", "second", "--json", store=own).json
    assert checked("branch.rename.result", renamed)["branch"] == "second"
    said = cli("discard", "second", store=own)
    undo = shlex.split(said.lines[-1])
    assert "(second" not in cli("log", "--graph", store=own).out
    assert "(second, discarded)" in cli("log", "--graph", "--discarded", store=own).out
    undone = cli(*undo[1:], "--json").json
    assert checked("branch.discard.result", undone)["branch"]["status"] == "live"
    back = cli("rewind", "fix", "--to", "fix~2", "--json", store=own).json
    assert checked("branch.rewind.result", back)["tail"] == "fix-tail"
    assert cli("rewind", "fix", "--to", "second", store=own).err.startswith(
        "shepherd-sidecar: UnknownCommit: "
    )


def test_a_name_that_an_agent_chose_is_one_word_of_the_command_that_undoes_it(
    cli: Cli, own: Path
) -> None:
    name = "fix; $(touch it)"
    cli("rename", "other", name, store=own)
    undo = shlex.split(cli("discard", name, store=own).lines[-1])
    assert undo == ["shepherd-sidecar", "--store", str(own), "discard", "--undo", name]
    assert cli(*undo[1:]).code == 0
    said = cli("handoff", "fix", name, "go on from here", store=own)
    undo = shlex.split(said.err.partition("undo: ")[2])
    assert undo[:5] == ["shepherd-sidecar", "--store", str(own), "restore", name]
    assert cli(*undo[1:], "--yes").code == 0


def test_a_place_that_an_agent_named_is_shown_as_it_is(cli: Cli, own: Path) -> None:
    with Sidecar.on(own, "owner") as owner:
        for name in ("one", "two"):
            owner.call("branch/fork", {"at": "fix", "names": [name], "world": False})
            payload = {"\x9b2K\u202e": name}
            owner.append(name, {"kind": "observation", "payload": payload})
    said = cli("diff", "one", "two", store=own)
    assert r'first difference at $.payload["\x9b2K\u202e"]' in said.out


def test_pause_inject_and_resume_are_recorded_with_who_did_it(cli: Cli, own: Path) -> None:
    assert cli("pause", "fix", "--reason", "a look", "--by", "ann", store=own).code == 0
    cli("inject", "fix", "mind the gap", "--by", "ann", store=own)
    done = cli("resume", "fix", "--by", "bob", "--json", store=own).json
    checked("intervene.resume.result", done)
    lines = cli("log", "fix", "-n", "3", store=own).lines
    assert "resume by bob" in lines[0]
    assert "inject by ann: mind the gap" in lines[1]
    assert "pause by ann: a look" in lines[2]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "nonsense",
        "show",
        "restore fix",
        "fork fix --count 0",
        "exec fix",
        "exec fix --env X -- true",
        "decide abcd deny",
        "decide abcd override",
        "decide abcd allow --payload {}",
        "log --graph --reverse",
        "log -n x",
        "forget",
        "completion tcsh",
        "serve --role king",
        "import --reward 1 a b",
        "import --format atif --reward nan a",
        "exec fix --timeout inf -- true",
        "supervise --timeout 0",
        "gc --keep-discarded-days nan",
        "backtest default --passed-from inf",
    ],
)
def test_arguments_that_make_no_sense_end_with_code_2(cli: Cli, own: Path, words: str) -> None:
    said = cli(*words.split(), store=own)
    assert (said.code, said.out) == (2, "")
    assert "error: " in said.err


def test_a_misspelt_command_names_the_nearest(cli: Cli, own: Path) -> None:
    said = cli("--json", "lgo", store=own)
    assert said.code == 2
    assert said.err.endswith("error: no command 'lgo'; did you mean log?\n")


def test_a_payload_that_is_no_json_object_is_named(cli: Cli, own: Path) -> None:
    for text in ("{", "[1]"):
        said = cli("decide", "fix", "override", "--payload", text, store=own)
        assert (said.code, said.err.split(":")[1]) == (1, " BadInput")
