"""``launch``, ``ps``, ``signal``, ``output``, ``enter`` and ``fork --process``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, program, ran
from tests.engine.agents import end_all
from tests.support.waiting import until


@pytest.fixture
def store(own: Path) -> Iterator[Path]:
    yield own
    end_all(own)


@pytest.mark.requirement("PROC-01", "PROC-02", "PROC-06")
def test_a_process_is_launched_listed_copied_read_and_ended(cli: Cli, store: Path) -> None:
    script = "echo hello; sleep 1000"
    said = cli("launch", "--name", "talker", "fix", "--", "sh", "-c", script, store=store)
    assert said.code == 0, said.err
    [process] = said.lines
    until(lambda: cli("output", process, store=store).out == "hello\n")
    assert cli("output", process, "--stderr", store=store).out == ""
    [title, row] = cli("ps", store=store).lines
    assert title.split()[0] == "PROCESS"
    assert row.split()[:3] == [process, "fix", "running"]
    assert row.endswith("talker")
    forked = cli("fork", "fix", "--process-driver", "rerun", "--name", "copy", store=store)
    assert forked.code == 0, forked.err
    assert "by rerun" in forked.out
    assert "without memory" in forked.out
    assert len(cli("ps", store=store).lines) == 3
    assert cli("signal", process, "kill", store=store).code == 0
    until(lambda: len(cli("ps", "fix", store=store).lines) == 0)
    [_, ended] = cli("ps", "fix", "--ended", store=store).lines
    assert "ended (-9)" in ended
    assert cli("signal", process, store=store).code == 1


@pytest.mark.requirement("PROC-01")
def test_bad_ways_to_ask(cli: Cli, store: Path) -> None:
    assert cli("launch", "fix", store=store).code == 2
    assert cli("signal", "0123456789abcdef", "NOPE", store=store).code == 1
    unknown = cli("output", "0123456789abcdef", store=store).err
    assert "UnknownProcess" in unknown and "`shepherd-sidecar ps`" in unknown
    assert cli("launch", "fix", "--", "no-such-program", store=store).code == 1
    assert cli("fork", "fix", "--process", store=store).code == 1
    assert cli("ps", store=store).err == "nothing that was launched runs\n"


@pytest.mark.requirement("PROC-13")
def test_a_person_enters_a_world(cli: Cli, store: Path) -> None:
    before = cli("log", "fix", "--json", store=store).json["entries"][0]["commit"]
    script = "pwd; echo by-hand > made; ls ~; exit 5"
    entered = ran(program("enter", "fix", "--", "sh", "-c", script, store=store))
    assert entered.code == 5
    assert entered.lines == [str(store.parent / "work")]
    assert "1 changed" in entered.err
    [last, *_] = cli("log", "fix", "--json", store=store).json["entries"]
    assert last["commit"] != before
    assert last["payload"]["changed"] == ["made"]
    assert ran(program("enter", "fix", "--", "no-such-program", store=store)).code == 1
