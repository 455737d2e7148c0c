"""The first minutes with the extension in a real VS Code: nothing there, then a demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.scene import begin, window_on
from tests.support.sidecar import Sidecar

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window
INSTALLED_MS = 240_000
"""How long a virtual environment may take to be made and filled from the package index."""


def test_a_folder_without_a_trace_says_so_and_a_first_run_appears(
    workbench: Workbench, project: Path
) -> None:
    with window_on(workbench, project) as window:
        window.page.get_by_text("No agent has left a trace in this folder yet.").wait_for()
        assert not (project / ".shepherd").exists(), "looking makes no store"
        window.shot("no-trace")
        with Sidecar.on(project / ".shepherd") as agent:
            begin(agent, project)
            window.row("greet by name").wait_for()


def test_where_there_is_no_sidecar_it_is_offered_and_installed(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    begin(agent, project)
    with window_on(workbench, project, **{"shepherd.path": ""}) as window:
        window.page.get_by_text("The program shepherd-sidecar was not found.").wait_for()
        window.shot("install")
        install = window.page.get_by_role("button", name="Install It").first
        window.until(lambda patience: install.click(timeout=patience), window.modal())
        assert "virtual environment" in window.dialog("Install")
        window.row("greet by name").wait_for(timeout=INSTALLED_MS)
    own = list((workbench.folder / "server").glob("**/globalStorage/**/bin/shepherd-sidecar"))
    assert len(own) == 1, "it is in the extension's own folder"


def test_the_demo_agent_is_denied_by_who_knows_nothing(workbench: Workbench, project: Path) -> None:
    with window_on(workbench, project) as window:
        window.page.get_by_role("button", name="Run the Demo Agent").click()
        notice = window.notice("rm -rf build")
        window.press(notice, "Deny", window.asked("Why not?"))
        window.answer()
        window.row("build/ was left as it is").wait_for()
        window.page.locator(".terminal-wrapper, .xterm").first.wait_for()
        window.shot("demo")
    with Sidecar.on(project / ".shepherd") as after:
        (run,) = after.call("run/list", {})["runs"]
        assert run["branches"][0]["status"] == "finished"


def test_the_first_walk_is_gone_with_the_keyboard_alone(
    workbench: Workbench, project: Path
) -> None:
    """The demo, a denial, a fork and a restore: no mouse, no name but the program's known."""
    with window_on(workbench, project) as window:
        keys = window.page.keyboard
        window.command("Shepherd: Run the Demo Agent")
        window.row("rm -rf build", "Waiting").wait_for()
        window.command("Shepherd: Deny", window.asked("Why not?"))
        window.answer()
        window.row("finished summary").wait_for()
        window.command("Shepherd: Focus on Runs View")

        def go_to(text: str) -> None:
            row = window.tree().locator(".monaco-list-row.focused", has_text=text)
            for _ in range(100):
                if row.is_visible():
                    return
                keys.press("ArrowDown")
            raise AssertionError(f"the arrow keys do not reach {text}")

        go_to("exit 0: $ cat > greet.py")
        window.press_key("f", window.asked("Fork demo at #7"))
        window.answer("the-other-way")
        window.row("the-other-way").wait_for()
        window.command("Shepherd: Focus on Runs View")
        go_to("the-other-way")
        window.press_key("r", window.asked("Restore everything to"))
        window.choose("#3")
        window.modal().wait_for()
        said = window.modal().inner_text()
        assert "to event #3?" in said
        assert "greet.py" in said
        window.press_key("Enter", window.notices("Restored everything in the-other-way"))
        window.command("Shepherd: Undo the Last Restore", window.notices("Undone"))
        window.shot("walked")

        window.command("Shepherd: Focus on Runs View")
        keys.press("Home")
        go_to("$ ls -R")
        window.press_key("r", window.modal())
        assert "demo has ended." in window.modal().inner_text()
        window.press_key("Enter", window.asked("Fork demo at #3"))
        window.answer("from-the-first-look")
        window.notices("from-the-first-look starts at #3").wait_for()
