"""What goes wrong around the extension in a real VS Code, and what it says of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.scene import begin, window_on
from tests.support.sidecar import Sidecar

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window
OTHER_VERSION = """#!/usr/bin/env python3
import json, sys
length = 0
while (line := sys.stdin.readline()).strip():
    if line.lower().startswith("content-length"):
        length = int(line.split(":")[1])
asked = json.loads(sys.stdin.read(length))
body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": json.loads('''ANSWER''')})
sys.stdout.write(f"Content-Length: {len(body)}\\r\\n\\r\\n{body}")
sys.stdout.flush()
sys.stdin.read()
"""


def test_a_crashed_sidecar_is_started_again_and_nothing_is_lost(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        window.status().filter(has_text=re.compile("KB|MB")).wait_for()
        os.kill(sidecar_of(project, agent), signal.SIGKILL)
        agent.say(branch, "said while it was away")
        window.row("said while it was away").wait_for()
        window.row("a function with a parameter").wait_for()
        window.command("Shepherd: Restart Sidecar")
        agent.say(branch, "said after a restart")
        window.row("said after a restart").wait_for()


def sidecar_of(project: Path, agent: Sidecar) -> int:
    """The window's sidecar: the other process that serves the project's store."""
    mine = {str(agent.process.pid)}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0") if folder.name.isdigit() else []
            if {b"serve", str(project / ".shepherd").encode()} <= {
                *words
            } and folder.name not in mine:
                return int(folder.name)
    raise AssertionError("the window has no sidecar")


def test_trouble_is_a_plain_sentence_with_a_next_step(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    begin(agent, project)
    other = project.parent / "other-program"
    answer = {"code": -32019, "message": "no", "data": {"name": "ProtocolVersionUnsupported"}}
    answer["data"] |= {"hint": "data.supported lists the versions", "supported": [7]}
    other.write_text(OTHER_VERSION.replace("ANSWER", json.dumps(answer)))
    other.chmod(0o755)
    for path, sentence in (
        ("/nowhere/x", "names /nowhere/x, and no program is there"),
        (str(other), "speaks protocol version 7; this extension speaks 1"),
        ("/bin/false", "/bin/false does not answer as shepherd-sidecar does"),
    ):
        with window_on(workbench, project, **{"shepherd.path": path}) as window:
            window.notice(sentence).get_by_role("button", name="Choose Where It Is").wait_for()
            window.page.get_by_text("The sidecar does not run.").wait_for()
            assert window.page.get_by_text("couldn't create connection").count() == 0


def test_service_commands(workbench: Workbench, project: Path, agent: Sidecar) -> None:
    begin(agent, project)
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        told = window.page.locator(".view-line", has_text="protocol 1").first
        window.command("Shepherd: Print Debug Information", told)
        output = window.page.locator(".panel", has_text="Output").first
        window.command("Shepherd: Show Sidecar Logs", output)
        window.command("Shepherd: Show Logs")
        steps = window.page.get_by_text("Stand beside an agent").first
        window.command("Shepherd: How It Works", steps)
        window.shot("walkthrough")


def test_a_folder_that_is_not_trusted_starts_nothing_until_somebody_trusts_it(
    tmp_path: Path, workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    """What a folder brings along names a program, and is a store: neither is touched."""
    begin(agent, project)
    told = project.parent / "started"
    own = project / ".venv" / "bin" / "shepherd-sidecar"
    own.parent.mkdir(parents=True)
    own.write_text(f'#!/bin/sh\ntouch "{told}"\nexec "{workbench.program}" "$@"\n')
    own.chmod(0o755)
    settings = {"shepherd.path": str(own)}
    with (
        type(workbench).start(tmp_path / "careful", trusting=False, beside=workbench) as careful,
        window_on(careful, project, **settings) as window,
    ):
        page = window.page
        no = page.get_by_role("button", name="No, I don't trust the authors")
        window.click(no, page.get_by_text("This folder is not trusted.").first)
        window.status().filter(has_text="folder not trusted").wait_for()
        window.shot("untrusted")
        assert window.rows().count() == 0
        assert not told.exists()
        trust = page.get_by_role("button", name="Trust", exact=True)
        window.click(page.get_by_role("button", name="Manage Trust").first, trust)
        window.click(trust, window.row("greet by name"))
        assert told.exists(), "the setting of a folder that is trusted counts"
