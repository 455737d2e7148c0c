"""A store with a run that was forked, and two ways to call the command line on it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.cli.main import main
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.common import Usage
from shepherd_sidecar.protocol.runs import Agent, RunStartParams
from shepherd_sidecar.protocol.traces import AppendParams, NewEvent
from shepherd_sidecar.protocol.worlds import ExecParams

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Said:
    """What a call of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out.endswith("\n")
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Cli = Callable[..., Said]


def history(root: Path, folder: Path) -> None:
    """Record the run ``fix``: a conversation, three commands, and a fork that went another way."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text("print('hello')\n")
    (folder / "notes.md").write_text("# notes\n")
    engine = Engine(root)

    def say(branch: str, event: NewEvent) -> str:
        return engine.append(AppendParams(branch, [event]), "agent").result().commits[0]

    def run(branch: str, script: str) -> None:
        params = ExecParams(branch, ["sh", "-c", script])
        asyncio.run(engine.executing.exec(params, "agent"))

    try:
        agent = Agent("demo", "1.2")
        engine.runs.start(RunStartParams("fix", agent=agent, workspace=str(folder)), "agent")
        say("fix", NewEvent("message", {"role": "user", "content": "mend 世界 \x1b[31m👍"}))
        messages = [{"role": "user", "content": "look at it"}]
        call = say("fix", NewEvent("model_call", {"model": "m-1", "messages": messages}))
        answer = {"status": "ok", "result": {"content": [{"type": "text", "text": "I look."}]}}
        cost = Usage(1200, 300, None, 0.0123, 1532.0)
        say("fix", NewEvent("model_result", answer, intent=call, usage=cost))
        run("fix", "cat app.py")
        run("fix", "echo 'print(42)' > app.py; echo new > new.txt; echo done")
        engine.fork(ForkParams("fix", names=["other"]), "agent")
        run("fix", "echo fix >> app.py; exit 3")
        run("other", "echo other >> app.py; rm notes.md")
    finally:
        engine.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of ``history``, for tests that only read."""
    base = tmp_path_factory.mktemp("cli")
    history(base / ".shepherd", base / "work")
    return base / ".shepherd"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The store of ``history``, for one test alone."""
    history(tmp_path / ".shepherd", tmp_path / "work")
    return tmp_path / ".shepherd"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """Calls ``main`` in this process: ``cli("log", "fix", store=path)``."""

    def call(*argv: str, store: Path | None = None) -> Said:
        capsys.readouterr()
        code = main([*(("--store", str(store)) if store is not None else ()), *argv])
        return Said(code, *capsys.readouterr())

    return call


def program(
    *argv: str, store: Path | None = None, cwd: Path | None = None, **env: str
) -> subprocess.Popen[bytes]:
    """Starts the program in a process of its own, with nothing on stdin."""
    named = ["--store", str(store)] if store is not None else []
    return subprocess.Popen(
        [sys.executable, "-m", "shepherd_sidecar", *named, *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ran(process: subprocess.Popen[bytes]) -> Said:
    """What a process came to."""
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out.decode(), err.decode())
