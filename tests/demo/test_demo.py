"""The demo from end to end: real sidecars, real Node agents, and what they leave behind."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "adapters"))

import toolchain  # it is in the source tree, not installed

from tests.support.lacking import lacking

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "adapters" / "typescript" / "demo"
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
FACTS = 16


def python(*words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)],
        env={**ENV, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    try:
        toolchain.ensure_demo()
    except toolchain.Missing as why:
        lacking(str(why))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "left"


@pytest.fixture(scope="module")
def said(folder: Path, built: None) -> str:
    done = python(DEMO / "demo.py", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def asked(folder: Path, *words: str) -> Any:
    """What the command line answers about the store that was left."""
    done = python("-m", "shepherd_sidecar", "--store", folder / "store", "--json", *words)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def story(text: str) -> dict[str, list[str]]:
    """Who did what, without ids, times and the order in which two at once came."""
    found: dict[str, list[str]] = {}
    for line in text.partition("5  What it cost")[0].splitlines():
        line = re.sub(r"\s+[\d.]+ ms( +\d+ tok  \$[\d.]+)?$", "", line)
        line = re.sub(r"\b[0-9a-f]{8}\b", "ID", line)
        found.setdefault(line[:13], []).append(line)
    return found


def test_every_fact_is_told(said: str) -> None:
    assert len(re.findall(r"^  (?:✓|\+) ", said, re.MULTILINE)) == FACTS
    assert f"{FACTS} facts checked in" in said
    assert "not so" not in said


def test_nothing_is_coloured_and_no_line_is_too_long_where_there_is_no_terminal(said: str) -> None:
    assert "\x1b" not in said
    commands = said.index("Look around")
    assert max(map(len, said[:commands].splitlines())) <= 100


def test_two_forks_of_a_past_step_end_otherwise(said: str, folder: Path) -> None:
    branches = {b["branch"]: b for b in asked(folder, "branches")["branches"]}
    assert set(branches) == {"main", "try-ascii", "try-marks", "verified", "home"}
    origin = branches["try-ascii"]["forkedFrom"]
    assert origin["commit"] == branches["try-marks"]["forkedFrom"]["commit"]
    assert origin["commit"] != branches["main"]["head"]
    assert [branches[name]["status"] for name in ("main", "try-ascii")] == ["failed", "failed"]
    assert branches["try-marks"]["status"] == "finished"
    assert branches["verified"]["head"] == branches["try-marks"]["head"]


def test_the_denied_command_was_answered_by_the_rule_on_every_branch(
    said: str, folder: Path
) -> None:
    for branch in ("main", "try-ascii", "try-marks"):
        log = asked(folder, "log", branch, "--limit", "0")["entries"]
        results = [e["payload"] for e in log if e["kind"] == "tool_result"]
        denied = [payload for payload in results if payload["status"] == "denied"]
        assert [payload["by"] for payload in denied] == ["rule:keep-folders"]


def test_every_step_says_what_it_cost(said: str, folder: Path) -> None:
    for entry in asked(folder, "log", "try-marks", "--limit", "0")["entries"]:
        if entry["kind"] == "model_result":
            assert {"inputTokens", "outputTokens", "costUsd", "durationMs"} <= set(entry["usage"])
        if entry["kind"] == "tool_result" and entry["payload"]["status"] == "ok":
            assert entry["usage"]["durationMs"] > 0


def test_the_user_has_the_fix_and_the_notes(said: str, folder: Path) -> None:
    project = folder / "project"
    assert "\\p{M}" in (project / "src" / "slug.js").read_text("utf-8")
    assert (project / "notes.md").is_file()
    fsck = subprocess.run(["git", "fsck", "--strict"], cwd=project, capture_output=True, text=True)
    assert fsck.returncode == 0, fsck.stderr


def test_what_it_left_verifies(said: str, folder: Path) -> None:
    done = python("-m", "shepherd_sidecar", "--store", folder / "store", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_commands_it_ends_with_work(said: str, folder: Path) -> None:
    export, *commands = said.partition("Look around")[2].strip().splitlines()[1:]
    store = export.strip().removeprefix("export SHEPHERD_STORE=")
    assert Path(store).resolve() == folder / "store"
    assert len(commands) == 6
    for command in commands:
        words = shlex.split(command)
        done = subprocess.run(
            words,
            env={**ENV, "SHEPHERD_STORE": store},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        differs = 1 if "diff" in words else 0
        assert done.returncode == differs, f"{command}\n{done.stdout}{done.stderr}"
        assert done.stdout.strip(), command


def test_it_can_be_run_again_and_tells_the_same(said: str, folder: Path) -> None:
    again = python(DEMO / "demo.py", folder)
    assert again.returncode == 0, again.stdout + again.stderr
    assert story(again.stdout) == story(said)


def test_without_its_gate_it_says_what_is_not_so(tmp_path: Path) -> None:
    program = (
        "import shutil, sys, demo\n"
        "copy = shutil.copyfile\n"
        "def all_but_the_gate(source, to, **how):\n"
        "    return source.name == 'gate.toml' or copy(source, to, **how)\n"
        "shutil.copyfile = all_but_the_gate\n"
        f"sys.argv[1:] = [{str(tmp_path / 'left')!r}]\n"
        "sys.exit(demo.main())"
    )
    done = python("-c", program, PYTHONPATH=f"{ROOT}{os.pathsep}{DEMO}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not so: denied by rule:keep-folders" in done.stdout
