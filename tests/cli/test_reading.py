"""Looking at a store: runs, log, show, cat, diff, search, and naming commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.traces import AppendParams, NewEvent
from tests.cli.conftest import Cli
from tests.protocol.schema import faults

READING = [
    (("runs",), "run.list.result"),
    (("branches",), "branch.list.result"),
    (("log",), "trace.log.result"),
    (("log", "--graph"), "trace.log.result"),
    (("log", "fix", "-n", "2", "--reverse"), "trace.log.result"),
    (("show", "fix"), "trace.get.result"),
    (("cat", "fix", "app.py"), "snapshot.read.result"),
    (("diff", "fix", "other"), "trace.diff.result"),
    (("search", "look at"), "trace.search.result"),
    (("replay", "fix", "--mode", "view"), "trace.log.result"),
    (("held",), "intervene.held.result"),
    (("stat",), "store.stat.result"),
    (("verify",), "store.verify.result"),
]


@pytest.mark.parametrize(("argv", "definition"), READING)
def test_json_is_one_document_as_the_protocol_has_it(
    cli: Cli, shared: Path, argv: tuple[str, ...], definition: str
) -> None:
    said = cli(*argv, "--json", store=shared)
    assert said.code == (argv[0] == "diff")
    assert faults(definition, said.json) == []
    assert said.err == ""


@pytest.mark.parametrize("argv", [argv for argv, _ in READING])
def test_reading_leaves_no_trace_in_the_store(
    cli: Cli, shared: Path, argv: tuple[str, ...]
) -> None:
    before = (shared / "store.db").read_bytes()
    cli(*argv, store=shared)
    if argv != ("stat",):  # it keeps its sums
        assert (shared / "store.db").read_bytes() == before


def test_a_log_has_a_line_for_each_commit_newest_first(cli: Cli, shared: Path) -> None:
    entries = cli("log", "fix", "--json", store=shared).json["entries"]
    lines = cli("log", "fix", store=shared).lines
    assert [line[:8] for line in lines] == [entry["commit"][:8] for entry in entries]
    assert "(fix)" in lines[0] and "exit 3: $ echo fix" in lines[0]
    assert "m-1, 1 message" in lines[-3]
    assert "1.5s 1.5k tok $0.012" in lines[-4]
    assert "user: mend 世界 \\x1b[31m👍" in lines[-2]
    assert "fix (demo 1.2)" in lines[-1]


def test_pages_of_a_log_put_together_are_the_log(cli: Cli, shared: Path) -> None:
    whole = cli("log", "fix", "-n", "0", "--json", store=shared).json
    assert "nextCursor" not in whole
    first = cli("log", "fix", "-n", "4", "--json", store=shared).json
    rest = cli("log", "fix", "--cursor", first["nextCursor"], "--json", store=shared).json
    assert first["entries"] + rest["entries"] == whole["entries"]


def test_a_log_of_a_kind_is_of_that_kind(cli: Cli, shared: Path) -> None:
    lines = cli("log", "fix", "--kind", "tool_call", "--reverse", store=shared).lines
    assert ["cat app.py" in lines[0], "exit 3" in lines[2]] == [True, True]
    assert len(lines) == 3


def test_the_graph_of_a_run_shows_all_its_branches(cli: Cli, shared: Path) -> None:
    lines = cli("log", "--graph", store=shared).lines
    stars = [line for line in lines if "*" in line.split()[0:2]]
    assert len(stars) == 12
    assert lines[0].startswith("* ") and "(other)" in lines[0]
    assert any("(fix)" in line and line.startswith("| * ") for line in lines)
    assert "|/" in lines
    assert "run_start" in lines[-1]


def test_a_run_is_named_by_its_id(cli: Cli, shared: Path) -> None:
    run = cli("runs", "--json", store=shared).json["runs"][0]["run"]
    assert cli("log", run, "--graph", store=shared).lines == (
        cli("log", "--graph", store=shared).lines
    )


def test_show_has_the_payload_its_blobs_the_outcome_and_the_files(cli: Cli, shared: Path) -> None:
    call = cli("show", "fix~7", store=shared).out
    assert "kind     model_call, irreversible" in call
    assert "content: look at it" in call
    assert "outcome  " in call and "I look." in call
    changed = cli("show", "fix~2", store=shared).out
    assert "2 files changed\n  M app.py  10 B\n  A new.txt  4 B\n" in changed


def test_cat_gives_the_bytes_and_lists_folders(cli: Cli, shared: Path) -> None:
    assert cli("cat", "fix", "app.py", store=shared).out == "print(42)\nfix\n"
    assert cli("cat", "fix~4", "app.py", store=shared).out == "print('hello')\n"
    listed = cli("cat", "other", store=shared).lines
    assert [line.split()[0] for line in listed] == ["app.py", "new.txt"]
    assert cli("cat", "fix", "nothing", store=shared).err.startswith(
        "shepherd-sidecar: PathNotFound: "
    )


def test_diff_shows_both_sides_and_says_by_its_exit_code_whether_they_differ(
    cli: Cli, shared: Path
) -> None:
    said = cli("diff", "fix", "other", store=shared)
    assert said.code == 1
    assert [line[0] for line in said.lines[3:7]] == ["<", "<", ">", ">"]
    assert any(line.startswith("first difference at $.payload.arguments") for line in said.lines)
    assert said.lines[-2:] == ["M app.py  16 B", "D notes.md"]
    assert cli("diff", "fix", "fix", store=shared).code == 0
    assert cli("diff", "fix~2", "other~2", "--files", store=shared).code == 0


def test_search_finds_text_in_any_case(cli: Cli, shared: Path) -> None:
    lines = cli("search", "MEND", store=shared).lines
    assert len(lines) == 1 and "message" in lines[0]


def test_a_commit_may_be_named_by_branch_prefix_or_steps_back(cli: Cli, shared: Path) -> None:
    def commit(name: str) -> str:
        return str(cli("show", name, "--json", store=shared).json["commit"])

    head = commit("fix")
    assert commit(head) == commit(head[:12]) == commit(head[:12].upper()) == commit("fix~0") == head
    log = cli("log", "fix", "--json", store=shared).json["entries"]
    assert commit("fix~3") == commit(f"{head[:12]}~3") == log[3]["commit"]


@pytest.mark.parametrize(
    ("name", "error", "about"),
    [
        ("nothing", "UnknownBranch", "branches"),
        ("123", "UnknownBranch", "branches"),
        ("0123456789", "UnknownCommit", "log"),
        ("0" * 64, "UnknownCommit", "log"),
        ("fix~99", "UnknownCommit", "log"),
        ("run-000000000000", "UnknownRun", "runs"),
    ],
)
def test_an_unknown_name_is_an_error_with_a_hint(
    cli: Cli, shared: Path, name: str, error: str, about: str
) -> None:
    said = cli("log", name, store=shared)
    assert (said.code, said.out) == (1, "")
    first, hint = said.err.splitlines()
    assert first.startswith(f"shepherd-sidecar: {error}: ")
    assert hint.startswith("hint: ") and about in hint


def test_a_prefix_of_several_commits_names_the_candidates(cli: Cli, tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    branch = engine.runs.start(RunStartParams("many"), "t").branch
    said = [NewEvent("annotation", {"n": number}) for number in range(2000)]
    commits = engine.append(AppendParams(branch, said), "t").result().commits
    engine.close()
    by_prefix: dict[str, list[str]] = {}
    for commit in commits:
        by_prefix.setdefault(commit[:4], []).append(commit)
    prefix, twins = max(by_prefix.items(), key=lambda item: len(item[1]))
    assert len(twins) > 1, "two thousand ids share four digits somewhere"
    error = cli("show", prefix, store=tmp_path)
    assert error.code == 1
    assert error.err.startswith(f"shepherd-sidecar: AmbiguousCommit: {len(twins)} commits")
    assert all(twin[:16] in error.err for twin in twins)


LOOKING = [
    "runs",
    "branches",
    "log",
    "show fix",
    "cat fix",
    "diff a b",
    "search x",
    "replay fix",
    "held",
    "stat",
    "verify",
    "gc --dry-run",
    "fork fix",
    "exec fix -- true",
    "snapshot fix",
    "restore fix --to fix",
    "decide abcd allow",
    "export file",
]


@pytest.mark.parametrize("words", LOOKING)
def test_without_a_store_nothing_is_made(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHEPHERD_STORE", raising=False)
    said = cli(*words.split())
    assert said.code == 1
    assert said.err.startswith(f"shepherd-sidecar: NoStore: no .shepherd/ in {tmp_path} or any")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.requirement("LIFE-05")
def test_the_store_is_found_as_serve_finds_it(
    cli: Cli, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHEPHERD_STORE", raising=False)
    monkeypatch.chdir(shared.parent / "work")
    assert cli("runs").code == 0
    monkeypatch.chdir(tmp_path)
    assert cli("runs").code == 1
    monkeypatch.setenv("SHEPHERD_STORE", str(shared))
    assert cli("runs").code == 0
    said = cli("runs", store=tmp_path / "elsewhere")
    assert (said.code, f"no store at {tmp_path}/elsewhere" in said.err) == (1, True)


@pytest.mark.requirement("LSP-01")
def test_blame_says_who_wrote_each_line(cli: Cli, shared: Path) -> None:
    said = cli("blame", "other", "app.py", store=shared)
    assert said.code == 0
    assert [line.split()[-1] for line in said.lines] == ["print(42)", "other"]
    assert "exec: done" in said.lines[0]
    found = cli("blame", "other", "app.py", "--line", "2", "--json", store=shared).json
    assert [(span["first"], span["count"]) for span in found["spans"]] == [(2, 1)]
    assert cli("blame", "other", "new.txt~", store=shared).code == 1
    refused = cli("blame", "fix", ".", store=shared)
    assert (refused.code, "folder" in refused.err) == (1, True)
