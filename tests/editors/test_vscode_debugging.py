"""Agents under the debugger of a real VS Code."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.scene import begin, verdict, window_on
from tests.support.sidecar import Sidecar

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window


@pytest.mark.requirement("DAP-02", "DAP-05")
def test_an_agent_is_debugged(workbench: Workbench, project: Path, agent: Sidecar) -> None:
    branch = begin(agent, project)
    (project / ".vscode").mkdir()
    told = {"type": "shepherd", "request": "attach", "name": "Agents", "branch": branch}
    launch = {"version": "0.2.0", "configurations": [told]}
    (project / ".vscode" / "launch.json").write_text(json.dumps(launch))
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        window.side_bar("Run and Debug")
        pane = window.page.locator(".pane", has=window.page.locator(".debug-breakpoints"))
        pane.locator(".pane-header").hover()
        name = pane.locator(".debug-breakpoints .monaco-inputbox input").first
        window.click(pane.get_by_role("button", name="Add Function Breakpoint"), name)
        name.fill("deploy")
        name.press("Enter")
        pane.locator(".debug-breakpoints").get_by_text("deploy").first.wait_for()
        window.command("Debug: Start Debugging")
        stack = window.page.locator(".debug-call-stack")
        deadline = time.monotonic() + 30
        while not agent.call("supervisor/list", {})["supervisors"]:
            assert time.monotonic() < deadline, "the breakpoint holds nothing"
        payload = {"name": "deploy", "arguments": {"to": "production"}}
        asked = agent.request(
            "intent/propose", {"branch": branch, "kind": "tool_call", "payload": payload}
        )
        stack.get_by_text("tool_call: deploy").first.wait_for()
        stack.get_by_text("message: user: please greet by name").first.wait_for()
        window.page.locator(".debug-variables").get_by_text("production").first.wait_for()
        window.page.locator(".view-lines").get_by_text("deploy to=production").first.wait_for()
        window.shot("debugger")
        buttons = window.page.locator(".debug-toolbar").get_by_role("button")
        buttons.and_(window.page.get_by_label("Step Back")).first.click()
        stack.get_by_text("tool_result: exit 0: $ cat").first.wait_for()
        window.page.keyboard.press("F5")
        stack.get_by_text("tool_call: deploy").first.wait_for()
        window.page.keyboard.press("F5")
        assert verdict(agent, asked) == {"decision": "allow", "by": "debugger"}
        window.page.keyboard.press("Shift+F5")
        window.page.locator(".debug-toolbar").wait_for(state="hidden")
