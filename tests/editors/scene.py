"""What tests of the VS Code extension share: a window, an agent's run, an intent that waits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.sidecar import Sidecar, message

if TYPE_CHECKING:
    from tests.editors.workbench import Window, Workbench

GATE = """
[[rule]]
name = "ask-first"
decision = "hold"
reason = "it deletes files"
arguments = { "*" = "\\\\brm\\\\b" }
"""
DEAR = {"inputTokens": 1200, "outputTokens": 80, "costUsd": 0.0123, "durationMs": 900.0}


@contextlib.contextmanager
def window_on(workbench: Workbench, project: Path, **settings: Any) -> Iterator[Window]:
    window = workbench.open(project, settings=settings)
    try:
        yield window
    except BaseException:
        window.page.screenshot(path=window.picture(f"failed-{project.name}"))
        raise
    finally:
        window.close()


def begin(agent: Sidecar, project: Path, name: str = "greet by name") -> str:
    """A run in a world of its own, with two steps that write files."""
    branch = agent.begin(name, agent={"name": "ana-bot", "version": "1"}, workspace=str(project))
    agent.append(
        branch,
        message("please greet by name"),
        {"kind": "thought", "payload": {"text": "a function with a parameter"}, "usage": DEAR},
    )
    write(agent, branch, "app.py", 'def greet(name):\n    print(f"hello {name}")\n')
    write(agent, branch, "NOTES.md", "greets by name\n")
    return branch


def write(agent: Sidecar, branch: str, path: str, text: str) -> dict[str, Any]:
    script = f"cat > {path} <<'EOF'\n{text}EOF"
    done: dict[str, Any] = agent.call(
        "world/exec", {"branch": branch, "argv": ["sh", "-c", script]}
    )
    assert done["exitCode"] == 0, done
    return done


def read(agent: Sidecar, branch: str, path: str) -> str:
    done = agent.call("world/exec", {"branch": branch, "argv": ["cat", path]})
    return str(done["stdout"])


def held(agent: Sidecar, branch: str, command: str, **params: Any) -> int:
    """Propose a command that waits; returns the request that is not answered yet."""
    payload = {"name": "bash", "arguments": {"command": command}}
    asked = {"branch": branch, "kind": "tool_call", "payload": payload, **params}
    return int(agent.request("intent/propose", asked))


def verdict(agent: Sidecar, request: int) -> dict[str, Any]:
    return dict(agent.result(request)["verdict"])
