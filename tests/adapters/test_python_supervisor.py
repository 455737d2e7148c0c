"""Supervisors written with the Python client, against the real sidecar."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from shepherd_client import (
    AsyncSidecar,
    Decision,
    Denied,
    Question,
    Run,
    Sidecar,
    SidecarError,
    allow,
    deny,
    hold,
)

from tests.support.waiting import until

EXAMPLES = Path(__file__).resolve().parents[2] / "adapters" / "python" / "examples"
SERVE = [sys.executable, "-m", "shepherd_sidecar", "serve"]


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Sidecar]:
    with Sidecar.start(command=SERVE, store=tmp_path / "store", role="agent") as started:
        started.request("run/list")
        yield started


@pytest.fixture
def run(agent: Sidecar) -> Run:
    return agent.start_run("main")


@pytest.fixture
def beside(agent: Sidecar, tmp_path: Path) -> Iterator[Sidecar]:
    with Sidecar.start(command=SERVE, store=tmp_path / "store", role="supervisor") as started:
        yield started


def judge(question: Question) -> Decision | None:
    if "rm -rf" in str(question.arguments):
        return deny("delete files one by one")
    if question.tool == "deploy":
        return question.override("only try it", dry=True)
    if question.tool == "broken":
        raise LookupError("the supervisor has a fault")
    if question.tool == "odd":
        return {"decision": "perhaps"}
    return None


@pytest.mark.requirement("SUPER-01")
def test_a_supervisor_is_a_function(run: Run, beside: Sidecar) -> None:
    with beside.supervise("guard", judge, tools=["bash", "deploy"], onTimeout="allow") as guard:
        with run.tool("bash", {"cmd": "ls"}) as call:
            pass
        assert call.verdict == {"decision": "allow", "by": "guard"}
        with pytest.raises(Denied, match="one by one"), run.tool("bash", {"cmd": "rm -rf /"}):
            pytest.fail("it ran")
        with run.tool("deploy", {"to": "production"}) as call:
            assert call.arguments == {"to": "production", "dry": True}
        with run.tool("look", {}) as call:
            assert call.verdict["by"] == "default"
        assert not guard.wait(0)
    with run.tool("bash", {"cmd": "rm -rf /"}) as call:
        assert call.verdict["by"] == "default", "nobody supervises any more"


@pytest.mark.requirement("SUPER-04")
def test_a_supervisor_with_a_fault_stops_nobody(run: Run, beside: Sidecar) -> None:
    with beside.supervise("guard", judge) as guard:
        with pytest.raises(Denied, match="LookupError"), run.tool("broken", {}):
            pytest.fail("it ran")
        with run.tool("odd", {}, effect="pure") as call:
            assert call.verdict["by"] == "invalid"
        assert [one["name"] for one in guard.refused] == ["InvalidParams"]
        with run.tool("bash", {"cmd": "ls"}) as call:
            assert call.verdict["by"] == "guard"


@pytest.mark.requirement("SUPER-08")
def test_watching_is_told_of_commits(run: Run, beside: Sidecar) -> None:
    seen: list[dict[str, Any]] = []
    with beside.supervise("watcher", see=seen.append, branches=[run.name]) as watcher:
        commits = [run.thought("one"), run.thought("two")]
        until(lambda: len(seen) >= 2 or watcher.wait(0))
    assert [entry["commit"] for entry in seen] == commits


def test_the_owner_ends_it_and_a_wrong_one_is_refused(
    agent: Sidecar, beside: Sidecar, tmp_path: Path
) -> None:
    with pytest.raises(SidecarError) as refused:
        beside.supervise("guard", judge, branches=["nobody"])
    assert refused.value.name == "UnknownBranch"
    with Sidecar.start(command=SERVE, store=tmp_path / "store") as owner:
        guard = beside.supervise("guard", judge)
        owner.request("supervisor/detach", {"supervisor": guard.id})
        assert guard.wait(30)
        guard.close()
    with pytest.raises(SidecarError) as refused:
        agent.supervise("me", judge)
    assert refused.value.name == "RoleForbidden"


@pytest.mark.requirement("SUPER-01", "SUPER-05")
def test_the_asyncio_face_does_the_same(tmp_path: Path) -> None:
    async def decide(question: Question) -> Decision | None:
        await asyncio.sleep(0)
        return hold("ask ana", timeout_ms=1) if question.tool == "deploy" else allow("harmless")

    async def program() -> None:
        store = tmp_path / "store"
        async with (
            await AsyncSidecar.start(command=SERVE, store=store, role="agent") as agent,
            await AsyncSidecar.start(command=SERVE, store=store, role="supervisor") as beside,
        ):
            run = await agent.start_run("main")
            async with await beside.supervise("guard", decide):
                async with run.tool("bash", {}) as call:
                    assert call.verdict["by"] == "guard"
                with pytest.raises(Denied, match="ask ana"):
                    async with run.tool("deploy", {}):
                        pytest.fail("it ran")

    asyncio.run(program())


class Scripted(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that says what the test scripted, in turn."""

    script: ClassVar[list[str]] = []
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append({"path": self.path, "key": self.headers["authorization"], **body})
        said = self.script.pop(0)
        self.send_response(500 if said == "500" else 200)
        self.end_headers()
        choice = {"message": {"role": "assistant", "content": said}}
        self.wfile.write(json.dumps({"choices": [choice]}).encode())

    def log_message(self, *arguments: object) -> None:
        """Nothing on stderr."""


@pytest.mark.requirement("SUPER-01", "SUPER-04")
def test_a_model_supervises(agent: Sidecar, run: Run, tmp_path: Path) -> None:
    """The example as a program, beside a scripted server on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    threading.Thread(target=server.serve_forever).start()
    Scripted.asked.clear()
    Scripted.script[:] = [
        '{"decision": "allow", "reason": "harmless"}',
        'I think:\n```json\n{"decision": "deny", "reason": "it sends data out"}\n```',
        "I would rather not say.",
        "500",
    ]
    program = [sys.executable, str(EXAMPLES / "llm_supervisor.py"), "--model", "scripted"]
    program += ["--url", f"http://127.0.0.1:{server.server_port}/v1", "--policy", "Nothing leaves."]
    program += ["--store", str(tmp_path / "store"), "--tool", "bash"]
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    starter = bin_ / "shepherd-sidecar"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shepherd_sidecar "$@"\n')
    starter.chmod(0o700)
    env = {
        **os.environ,
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(EXAMPLES.parent), str(EXAMPLES.parents[2])]),
        "OPENAI_API_KEY": "the key",
        "NO_PROXY": "*",
    }
    supervisor = subprocess.Popen(program, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert supervisor.stdout is not None
    assert supervisor.stderr is not None
    try:
        assert b"scripted supervises" in supervisor.stdout.readline(), supervisor.stderr.read()
        with run.tool("bash", {"cmd": "ls"}) as call:
            assert call.verdict["reason"] == "harmless"
        with pytest.raises(Denied, match="it sends data out"), run.tool("bash", {"cmd": "curl"}):
            pytest.fail("it ran")
        for _ in range(2):
            with run.tool("bash", {"cmd": "ls"}, effect="pure") as call:
                assert call.verdict["by"] == "invalid"
        with run.tool("look", {}) as call:
            assert call.verdict["by"] == "default"
    finally:
        supervisor.terminate()
        supervisor.wait()
        supervisor.stdout.close()
        supervisor.stderr.close()
        server.shutdown()
        server.server_close()
    first = Scripted.asked[0]
    assert (first["path"], first["key"]) == ("/v1/chat/completions", "Bearer the key")
    assert "Nothing leaves." in first["messages"][0]["content"]
    assert '"cmd": "ls"' in first["messages"][1]["content"]
