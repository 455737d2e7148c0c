"""Forks, restores and undo in a real VS Code: everything, one file, one hunk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.scene import begin, read, window_on, write
from tests.support.sidecar import Sidecar

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window


def test_fork_and_restore_by_clicking_and_undo(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    wrote = write(agent, branch, "app.py", "broken\n")
    with window_on(workbench, project) as window:
        noted = window.row("cat > NOTES.md")
        noted.wait_for()
        window.act(noted, "Fork Here", window.asked("Fork "))
        window.answer("from-notes")
        window.notice("from-notes starts at")
        window.row("from-notes").wait_for()
        assert agent.branch("from-notes")["forkedFrom"]["branch"] == branch

        assert read(agent, branch, "app.py") == "broken\n"
        window.menu(noted, "Restore Everything to Here", window.modal())
        said = window.dialog("Restore")
        assert "app.py" in said
        done = window.notice("Restored everything")
        assert "hello {name}" in read(agent, branch, "app.py")
        window.press(done, "Undo", window.notices("Undone"))
        assert read(agent, branch, "app.py") == "broken\n"
        assert wrote["outcome"] in agent.commits(branch), "history only grows"


def test_search_and_restore_of_one_file_and_of_one_hunk(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = agent.begin("two files", workspace=str(project), place="inPlace")
    old, new = ("".join(f"{word} {n}\n" for n in range(12)) for word in ("old", "new"))
    middle = "".join(f"old {n}\n" for n in range(1, 11))
    edited = f"new 0\n{middle}new 11\n"
    for app, other in ((old, old), (edited, new)):
        arguments = {"path": "app.py, other.py"}
        intent = agent.propose(branch, "edit", arguments=arguments, effect="reversible")
        (project / "app.py").write_text(app)
        (project / "other.py").write_text(other)
        agent.resolve(branch, intent["commit"])
    agent.say(branch, "a needle in a haystack")
    first = agent.log(branch)[2]["depth"]
    with window_on(workbench, project) as window:
        window.row("two files").wait_for()
        window.command("Shepherd: Search Events", window.asked("Search events"))
        window.choose("needle")
        window.tab("a needle in a haystack").wait_for()

        window.open_file("other.py")
        window.command("Shepherd: Restore This File", window.asked("Restore other.py to"))
        window.choose(f"#{first}")
        said = window.dialog("Restore")
        assert "other.py" in said
        assert "app.py" not in said
        window.notice("Restored other.py")
        assert (project / "other.py").read_text() == old
        assert (project / "app.py").read_text() == edited

        row = window.rows().filter(has_text=f"#{first} ")
        entry = window.page.locator(".multiDiffEntry", has_text="app.py").first
        window.act(row, "Show What Changed", entry)
        compare = window.page.get_by_role("button", name="Compare With the File Now").first
        window.click(entry.get_by_role("button", name="Open File"), compare)
        hunk = window.page.locator(".gutterItem").get_by_role("button").first
        window.click(compare, hunk)
        back = window.page.get_by_role("menuitem", name=re.compile("Revert")).first

        def take_back(patience: float) -> None:
            hunk.click(timeout=patience)
            window.pick(back, patience)

        window.until(take_back, window.page.locator(".tab.dirty", has_text="app.py").first)
        saved = window.page.locator(".tab:not(.dirty)", has_text="app.py").first
        window.press_key("Control+s", saved)
        assert (project / "app.py").read_text() == f"old 0\n{middle}new 11\n"
