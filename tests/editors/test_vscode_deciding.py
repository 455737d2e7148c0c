"""Held intents decided in a real VS Code, by mouse and by keyboard, in time and too late."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.scene import GATE, begin, held, verdict, window_on
from tests.support.sidecar import Sidecar

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window


def test_a_held_intent_is_denied_and_allowed_by_clicking(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    (project / ".shepherd" / "gate.toml").write_text(GATE)
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        first = held(agent, branch, "rm -rf build")
        notice = window.notice("rm -rf build")
        window.row("rm -rf build", "Waiting").wait_for()
        window.status().filter(has_text="1 waiting").wait_for()
        window.shot("held-intent")
        window.press(notice, "Deny", window.asked("Why not?"))
        window.answer("not the build folder")
        denied = verdict(agent, first)
        assert (denied["decision"], denied["by"]) == ("deny", "ana")
        assert denied["reason"] == "not the build folder"

        second = held(agent, branch, "rm old.txt")
        row = window.row("rm old.txt", "Waiting")
        row.wait_for()
        window.act(row, "Allow", window.page.get_by_text("No intent waits"))
        assert verdict(agent, second)["decision"] == "allow"


def test_a_held_intent_runs_with_edited_arguments_by_keyboard_alone(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    (project / ".shepherd" / "gate.toml").write_text(GATE)
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        first = held(agent, branch, "rm -rf /")
        window.row("rm -rf /", "Waiting").wait_for()
        edited = window.page.locator(".tab", has_text="arguments.json")
        window.command("Shepherd: Edit Arguments", edited)
        window.page.locator(".view-lines", has_text="rm -rf /").first.wait_for()
        window.write('{"command": "ls"}')
        window.command("Shepherd: Allow With These Arguments")
        given = verdict(agent, first)
        assert given["decision"] == "override"
        assert given["payload"] == {"name": "bash", "arguments": {"command": "ls"}}

        second = held(agent, branch, "rm a")
        window.row("rm a", "Waiting").wait_for()
        window.command("Shepherd: Ask the Agent", window.asked("Your question"))
        window.answer("which a?")
        asked = verdict(agent, second)
        assert asked["decision"] == "deny"
        assert "which a?" in asked["reason"]


def test_time_that_is_up_while_the_dialog_is_open_is_said(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    (project / ".shepherd" / "gate.toml").write_text(GATE)
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        request = held(agent, branch, "rm -rf build", timeoutMs=6000)
        window.press(window.notice("rm -rf build"), "Deny", window.asked("Why not?"))
        assert verdict(agent, request)["by"] == "timeout"
        window.answer("too late")
        told = window.notice("was up: it was denied by default")
        window.press(told, "Fork Before It", window.asked("Fork "))
        window.answer("again")
        window.row("again").wait_for()
        assert agent.branch("again")["head"] == agent.log(branch)[-4]["parents"][0]


def test_two_windows_on_one_folder_see_one_trace(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    (project / ".shepherd" / "gate.toml").write_text(GATE)
    with window_on(workbench, project) as one, window_on(workbench, project) as two:
        for window in (one, two):
            window.row("greet by name").wait_for()
        asked = held(agent, branch, "rm -rf build")
        two.row("rm -rf build", "Waiting").wait_for()
        row = one.row("rm -rf build", "Waiting")
        one.act(row, "Allow", one.page.get_by_text("No intent waits"))
        assert verdict(agent, asked)["decision"] == "allow"
        two.page.get_by_text("No intent waits").wait_for()
