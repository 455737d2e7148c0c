"""world/exec: proposed, run in the world, resolved and captured, in one call."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.engine.conftest import Another
from tests.engine.following import decide, held_on
from tests.engine.worlds import Run
from tests.model.objects import tree_id
from tests.support.folders import shape_of
from tests.support.living import living
from tests.support.sidecar import Sidecar

RULES = """
[[rule]]
name = "no-rm"
decision = "deny"
reason = "delete files one by one"
tools = ["exec"]
arguments = { argv = "^rm$" }

[[rule]]
name = "polite"
decision = "override"
tools = ["exec"]
arguments = { argv = "^shout$" }
payload = { arguments = { argv = ["echo", "please"] } }

[[rule]]
name = "ask"
decision = "hold"
reason = "look"
tools = ["exec"]
arguments = { argv = "^ask$" }
"""
LIMIT = 1 << 20


@pytest.fixture
def run(sidecar: Sidecar, folder: Path, tmp_path: Path) -> Run:
    gate = tmp_path / "gate.toml"
    gate.write_text(RULES)
    return Run.start(sidecar, folder, gate=str(gate))


@pytest.mark.requirement("EXEC-01")
def test_intent_outcome_and_snapshot_come_in_one_call(run: Run, folder: Path) -> None:
    done = run.exec(
        "sh",
        "-c",
        "cat > made; echo out; echo err >&2; echo $WHO $PWD; exit 3",
        stdin="told\n",
        env={"WHO": "ana"},
        cwd="src",
    )
    assert (done["exitCode"], done["stderr"]) == (3, "err\n")
    assert done["stdout"].startswith("out\nana ")
    assert done["stdout"].endswith("/src\n")
    assert (done["stdoutBytes"], done["stderrBytes"]) == (len(done["stdout"]), 4)
    assert (run.world / "src" / "made").read_text() == "told\n"
    assert not (folder / "src" / "made").exists(), "apart: the folder itself is not touched"
    assert done["snapshot"]["changed"] == ["src/made"]
    intent, outcome = run.log()[-2:]
    assert (intent["commit"], outcome["commit"]) == (done["intent"], done["outcome"])
    assert intent["effect"] == "reversible"
    assert intent["payload"]["arguments"]["stdin"] == "told\n"
    assert outcome["intent"] == done["intent"]
    assert outcome["payload"]["status"] == "error", "an exit status other than 0"
    assert outcome["payload"]["result"]["exitCode"] == 3
    assert outcome["tree"] == done["snapshot"]["tree"] == tree_id(shape_of(run.world))
    assert outcome["usage"]["durationMs"] > 0


@pytest.mark.requirement("EXEC-01", "INTENT-03")
def test_a_denied_command_does_not_run(run: Run) -> None:
    done = run.exec("rm", "notes.txt")
    assert done["verdict"]["decision"] == "deny"
    assert "exitCode" not in done
    assert (run.world / "notes.txt").exists()
    assert run.log()[-1]["commit"] == done["outcome"]
    assert run.log()[-1]["payload"]["status"] == "denied"


@pytest.mark.requirement("EXEC-01", "GATE-04")
def test_an_overridden_command_runs_as_ruled(run: Run) -> None:
    done = run.exec("shout")
    assert (done["verdict"]["by"], done["stdout"]) == ("rule:polite", "please\n")


@pytest.mark.requirement("EXEC-01", "HOLD-02")
def test_a_held_command_runs_when_it_is_let(run: Run, another: Another, store: Path) -> None:
    params = {"branch": run.branch, "argv": ["ask"]}
    asked = run.sidecar.request("world/exec", params)
    beside = another(store, "supervisor")
    held = held_on(beside, run.branch)
    payload = {"name": "exec", "arguments": {"argv": ["echo", "asked"]}}
    decide(beside, held, "override", payload=payload)
    assert run.sidecar.result(asked)["stdout"] == "asked\n"


@pytest.mark.requirement("EXEC-02")
def test_a_command_past_its_time_is_killed_with_its_group(run: Run) -> None:
    script = "echo begun; sleep 2000.125 & wait"
    done = run.exec("sh", "-c", script, timeoutMs=2500)
    assert done["timedOut"]
    assert done["exitCode"] < 0
    assert done["stdout"] == "begun\n"
    assert done["limitsReached"] == ["time: killed after 2.5 seconds"]
    assert not living("2000.125")
    assert run.log()[-1]["payload"]["result"]["timedOut"]
    error = {"branch": run.branch, "argv": ["true"], "timeoutMs": 0}
    run.sidecar.refused("InvalidParams", "world/exec", error)


@pytest.mark.requirement("EXEC-02")
def test_output_over_the_limit_is_cut_and_counted(run: Run) -> None:
    done = run.exec("sh", "-c", f"head -c {3 * LIMIT} /dev/zero | tr '\\0' x; printf short >&2")
    assert done["stdout"] == "x" * LIMIT
    assert done["stdoutBytes"] == 3 * LIMIT
    assert (done["stderr"], done["stderrBytes"]) == ("short", 5)
    result = run.log()[-1]["payload"]["result"]
    assert result["stdoutBytes"] == 3 * LIMIT
    assert "stderrBytes" not in result


def test_output_that_is_not_utf_8_is_replaced(run: Run) -> None:
    done = run.exec("printf", "a\\377b")
    assert (done["stdout"], done["stdoutBytes"]) == ("a\ufffdb", 3)


@pytest.mark.requirement("EXEC-03")
@pytest.mark.parametrize(
    ("argv", "cwd", "why"),
    [
        (["no-such-program"], None, "programMissing"),
        (["./notes.txt"], None, "notExecutable"),
        (["true"], "nowhere", "cwdMissing"),
        (["true"], "../..", "cwdOutside"),
        ([], None, "programMissing"),
        (["a\0b"], None, "badArgument"),
    ],
)
def test_what_cannot_be_started_is_the_outcome(
    run: Run, argv: list[str], cwd: str | None, why: str
) -> None:
    params = {"branch": run.branch, "argv": argv, "cwd": cwd}
    error = run.sidecar.error(run.sidecar.request("world/exec", params))
    assert (error.name, error.data["why"]) == ("ExecFailed", why)
    assert error.data["hint"]
    intent, outcome = run.log()[-2:]
    assert intent["payload"]["arguments"]["argv"] == argv
    assert (outcome["intent"], outcome["payload"]["status"]) == (intent["commit"], "error")


@pytest.mark.requirement("RPC-05", "EXEC-02")
def test_cancelling_kills_the_command_and_its_outcome_says_so(run: Run) -> None:
    fifo = run.world / "fifo"
    os.mkfifo(fifo)
    script = "sleep 2000.25 & echo x > fifo; wait"
    params = {"branch": run.branch, "argv": ["sh", "-c", script]}
    asked = run.sidecar.request("world/exec", params)
    fifo.read_text()  # it runs
    run.sidecar.notify("$/cancelRequest", {"id": asked})
    assert run.sidecar.error(asked).code == -32800
    assert not living("2000.25")
    last = run.log()[-1]
    assert (last["kind"], last["payload"]["status"]) == ("tool_result", "error")
    assert "cancelled" in last["payload"]["result"]["error"]


@pytest.mark.requirement("PRIVATE-01")
def test_a_child_gets_neither_streams_nor_environment(
    another: Another, tmp_path: Path, folder: Path
) -> None:
    sidecar = another(tmp_path / ".shepherd", env={"API_TOKEN": "hush", "LANG": "C"})
    run = Run.start(sidecar, folder)
    seen = run.exec("sh", "-c", "env; ls -l /proc/self/fd; cat; echo '{\"jsonrpc\": 1}'")
    assert "hush" not in seen["stdout"]
    assert "LANG=C" in seen["stdout"]
    links = [line for line in seen["stdout"].splitlines() if " -> " in line]
    numbers = {line.split(" -> ")[0].split()[-1] for line in links}
    assert numbers <= {"0", "1", "2", "3"}, "3 is what ls reads the folder by"
    assert any(line.endswith("0 -> /dev/null") for line in links)
    assert seen["stdout"].endswith('{"jsonrpc": 1}\n')
    assert sidecar.call("run/list", {})["runs"], "the protocol goes on"


@pytest.mark.requirement("SANDBOX-04", "SANDBOX-05")
def test_the_owners_rules_hold_from_one_command_to_the_next(run: Run, store: Path) -> None:
    done = run.exec("sh", "-c", "cat */sandbox.toml .shepherd/sandbox.toml; pwd")
    assert done["confinement"]["seccomp"]
    assert done["confinement"]["network"] == "none"
    assert run.exec("printenv", "HANDED_ON")["exitCode"] == 1
    rules = store / "sandbox.toml"
    rules.write_text("[limits]\nopenFiles = 77\n")
    assert run.exec("sh", "-c", "ulimit -n")["stdout"] == "77\n"
    rules.write_text("limits = 5\n")
    params = {"branch": run.branch, "argv": ["true"]}
    error = run.sidecar.error(run.sidecar.request("world/exec", params))
    assert (error.name, error.data["key"]) == ("SandboxInvalid", "limits")
    assert run.log()[-1]["payload"]["status"] == "error", "the attempt is recorded"
    rules.unlink()
    assert run.exec("true")["exitCode"] == 0
