"""Supervising from the command line, a line an answer, while an agent in another process waits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Cli
from tests.support.sidecar import Sidecar, proposal


def person(store: Path, *options: str) -> subprocess.Popen[str]:
    """Somebody at ``supervise``, whose lines are written by the test."""
    started = subprocess.Popen(
        [sys.executable, "-m", "shepherd_sidecar", "--store", str(store), "supervise", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert started.stderr is not None
    assert "supervising as ana" in started.stderr.readline()
    return started


def says(one: subprocess.Popen[str], line: str) -> None:
    assert one.stdin is not None
    one.stdin.write(line + "\n")


def shown(one: subprocess.Popen[str]) -> str:
    assert one.stdout is not None
    return one.stdout.readline()


@pytest.mark.requirement("SUPER-01")
def test_every_answer_is_a_line(cli: Cli, tmp_path: Path) -> None:
    store = tmp_path / ".shepherd"
    with Sidecar.on(store, "agent") as agent:
        branch = agent.begin()
        ana = person(store, "--by", "ana", "--tool", "bash", "--timeout", "60", "--else", "deny")
        listed = cli("supervisors", store=store)
        assert "ana" in listed.out
        assert "60 s" in listed.out

        asked = agent.request("intent/propose", proposal(branch, "bash", arguments={"cmd": "ls"}))
        assert "bash" in shown(ana)
        says(ana, "")
        says(ana, "nonsense")
        says(ana, "d")
        says(ana, "o [1]")
        says(ana, "a looks fine")
        verdict = agent.result(asked)["verdict"]
        assert verdict == {"decision": "allow", "by": "ana", "reason": "looks fine"}

        asked = agent.request("intent/propose", proposal(branch, "bash", arguments={"cmd": "rm"}))
        shown(ana)
        says(ana, "d not that")
        assert agent.result(asked)["verdict"]["reason"] == "not that"

        asked = agent.request("intent/propose", proposal(branch, "bash", arguments={"cmd": "x"}))
        shown(ana)
        says(ana, 'o {"dry": true}')
        verdict = agent.result(asked)["verdict"]
        assert verdict["payload"]["arguments"] == {"cmd": "x", "dry": True}
        assert agent.propose(branch, "look")["verdict"]["by"] == "default"

        # The sequences of a terminal, and what turns the letters round, are told apart.
        hidden = "ls \x9b2K\u202e\u2028 \x7f"
        asked = agent.request("intent/propose", proposal(branch, "bash", arguments={"cmd": hidden}))
        shown(ana)
        says(ana, "p")
        printed = [shown(ana) for _ in range(6)]
        assert printed[-1] == "}\n"
        assert r"ls \x9b2K\u202e\u2028 \x7f" in "".join(printed)
        says(ana, "a")
        agent.result(asked)

        asked = agent.request("intent/propose", proposal(branch, "bash"))
        shown(ana)
        out, err = ana.communicate("q\n", timeout=60)
        assert (out, ana.returncode) == ("", 0)
        assert "a deny says why" in err
        assert "a JSON object" in err
        verdict = agent.result(asked)["verdict"]
        assert (verdict["decision"], verdict["by"]) == ("deny", "gone")
        assert cli("supervisors", store=store).err == "nobody supervises\n"


@pytest.mark.requirement("SUPER-12")
def test_handoff(cli: Cli, own: Path) -> None:
    said = cli("handoff", "fix", "other", "go on from here", "--by", "ana", store=own)
    assert said.code == 0, said
    assert said.out.startswith("other goes on from fix (")
    assert f"undo: shepherd-sidecar --store {own} restore other --to " in said.err
    said = cli("handoff", "fix", "third", "x", "--json", store=own)
    assert said.json["commit"]
    assert cli("handoff", "fix", "fix", "x", store=own).code == 1
