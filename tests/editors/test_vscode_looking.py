"""Looking at a trace in a real VS Code: side bar, cards, steps, graph, comparison, blame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.editors.scene import DEAR, GATE, begin, window_on, write
from tests.support.sidecar import Sidecar, message

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench

pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window


def test_the_side_bar_shows_runs_branches_events_and_follows_them(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    agent.fork(branch, names=["other-way"])
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        window.row("a function with a parameter").wait_for()
        window.row("other-way").wait_for()
        window.row("cat > app.py").wait_for()
        window.status().filter(has_text="$0.01").wait_for()
        agent.say(branch, "said while you watch")
        window.row("said while you watch").wait_for()
        window.command("Shepherd: Pause Following", window.status().filter(has_text="paused"))
        agent.say(branch, "said behind your back")
        window.status().filter(has_text="paused, 1 new").wait_for()
        assert window.row("said behind your back").count() == 0
        window.command("Shepherd: Follow Live", window.row("said behind your back"))
        row = window.row("a function with a parameter")
        window.click(row, window.tab("#2 a function with a parameter.md"))
        window.webview().get_by_text("a function with a parameter").first.wait_for()
        window.shot("side-bar")


def test_a_card_is_a_page_with_links_and_what_is_done_there_is_about_its_event(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    hostile = "# no *heading* [x](command:shepherd.demo) <b>bold</b>"
    said = agent.say(branch, hostile)
    with window_on(workbench, project) as window:
        done = window.row("exit 0: $ cat > NOTES.md")
        window.click(done, window.tab("#6 exit 0: $ cat > NOTES.md"))
        window.webview().get_by_text("Asked: user: please greet by name").wait_for()
        window.shot("card")
        call = window.webview().get_by_role("link", name=re.compile("^call"))
        window.click(call, window.tab(agent.log(branch)[5]["commit"]))
        window.webview().get_by_text(re.compile("cat > NOTES.md")).first.wait_for()
        window.click(window.row("no *heading*"), window.tab("#7 user: # no *heading*"))
        window.webview().get_by_text(hostile).first.wait_for()
        window.command("Shepherd: Fork Here", window.asked("at #7"))
        window.answer("from-the-page")
        window.row("from-the-page").wait_for()
        assert agent.branch("from-the-page")["head"] == said


def test_a_hundred_thousand_events_are_pages_in_folders(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = agent.begin("long")
    for start in range(0, 100_000, 10_000):
        agent.append(branch, *(message(f"event {start + n}") for n in range(10_000)))
    with window_on(workbench, project) as window:
        window.row("event 99999").wait_for()
        window.row("event 99999").click()
        window.last("Events 0 to 9,999").click()
        window.last("Events 0 to 99").click()
        window.last("user: event 0")
        window.shot("hundred-thousand")


def test_what_an_event_changed_and_stepping_through_it(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    begin(agent, project)
    with window_on(workbench, project) as window:
        row = window.row("exit 0: $ cat > NOTES.md")
        row.wait_for()
        diffs = window.page.locator(".multiDiffEntry")
        window.act(row, "Show What Changed", diffs.filter(has_text="NOTES.md").first)
        stepping = window.page.locator(".statusbar-item", has_text=" of ").first
        window.menu(row, "Step Through From Here", stepping)
        window.press_key("Alt+Shift+ArrowLeft", diffs.filter(has_text="app.py").first)
        window.page.locator(".view-line", has_text="hello {name}").first.wait_for()
        window.shot("step-through")
        window.command("Shepherd: Stop Stepping Through")
        stepping.wait_for(state="hidden")
        window.menu(row, "Replay", window.asked("Replay how?"))
        window.choose("From the record")
        window.notice(re.compile("came out the same: 2 steps from the record"))


def test_the_graph_is_used_with_the_keyboard_and_calls_commands(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = begin(agent, project)
    (project / ".shepherd" / "gate.toml").write_text(GATE.replace('"hold"', '"deny"'))
    agent.propose(branch, "bash", arguments={"command": "rm -rf /"})
    (other,) = agent.fork(agent.commits(branch)[4], names=["other-way"])
    write(agent, other, "app.py", "print('hello')\n")
    write(agent, other, "more.py", "pass\n")
    (third,) = agent.fork(other, names=["third-way"])
    agent.append(third, {"kind": "thought", "payload": {"text": "hm"}, "usage": DEAR})
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        window.command("Shepherd: Show the Branch Graph", window.tab("Graph of"))
        frame = window.webview()
        frame.get_by_role("option").nth(2).wait_for()
        lanes = frame.get_by_role("listbox", name="Branches")
        lanes.focus()
        lanes.press("Control+ArrowLeft")
        frame.get_by_text(re.compile("deny by rule:ask-first")).last.wait_for()
        window.shot("graph")
        assert frame.get_by_role("option").nth(1).get_attribute("aria-label") == (
            "other-way, live, 4 events, forked from greet by name at event 4,"
            f" {took(frame, 'other-way')}0 marks"
        )
        lanes.press("ArrowDown")
        lanes.press("End")
        frame.get_by_text(re.compile(r"#8 of 8 on other-way")).wait_for()
        window.until(lambda patience: lanes.press("f", timeout=patience), window.asked("Fork "))
        window.answer("fourth-way")
        frame.get_by_role("option").nth(3).wait_for()
        assert agent.branch("fourth-way")["head"] == agent.head(other)
        policy = frame.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        assert policy is not None
        assert policy.startswith("default-src 'none';")


def took(frame: Any, branch: str) -> str:
    label = frame.get_by_role("option").filter(has_text=branch).get_attribute("aria-label")
    found = re.search(r"event 4, (.*?)0 marks", label)
    assert found, label
    return found[1]


def test_two_branches_are_compared(workbench: Workbench, project: Path, agent: Sidecar) -> None:
    branch = begin(agent, project)
    (other,) = agent.fork(agent.commits(branch)[4], names=["other-way"])
    write(agent, other, "app.py", "print('hello')\n")
    write(agent, other, "more.py", "pass\n")
    with window_on(workbench, project) as window:
        row = window.row("other-way")
        row.wait_for()
        window.menu(row, "Compare Two Branches", window.tab("other-way"))
        frame = window.webview()
        frame.get_by_text("They go apart after event #4").wait_for()
        window.shot("compare")
        frame.get_by_role("button", name="added: NOTES.md").wait_for()
        frame.get_by_role("button", name="changed: app.py").click()
        window.page.locator(".view-line", has_text="hello {name}").first.wait_for()


def test_who_wrote_a_line_stands_beside_it(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    branch = agent.begin(
        "greet by name", agent={"name": "ana-bot"}, workspace=str(project), place="inPlace"
    )
    agent.append(branch, {"kind": "thought", "payload": {"text": "a function with a parameter"}})
    for path, text in (
        ("app.py", 'def greet(name):\n    print(f"hello {name}")\n'),
        ("more.py", "import app\n\napp.greet('you')\n"),
    ):
        arguments = {"path": path, "content": text}
        intent = agent.propose(branch, "write_file", arguments=arguments, effect="reversible")
        (project / path).write_text(text)
        agent.resolve(branch, intent["commit"])
    with window_on(workbench, project) as window:
        window.row("greet by name").wait_for()
        window.open_file("app.py")
        lens = window.page.locator(".codelens-decoration a", has_text="fork before").first
        lens.wait_for()
        line = window.page.locator(".view-line", has_text="def greet").first
        line.filter(has_text=re.compile("ana-bot.*write_file")).wait_for()
        line.get_by_text("greet").first.hover()
        window.page.locator(".monaco-hover-content", has_text="write_file").first.wait_for()
        window.page.locator(".monaco-hover:visible").first.evaluate(
            "card => Promise.all(card.getAnimations({subtree: true}).map((one) => one.finished))"
        )
        window.page.screenshot(path=window.picture("blame"))
        window.page.keyboard.press("Escape")
        window.click(lens, window.asked("Fork "))
        window.answer("before-that")
        window.row("before-that").wait_for()
        assert agent.branch("before-that")["depth"] < agent.branch(branch)["depth"]
