"""The VS Code extension in a real VS Code: every surface, by mouse and by keyboard."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

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
pytestmark = pytest.mark.timeout(400)  # a busy machine takes its time over a window
INSTALLED_MS = 240_000
"""How long a virtual environment may take to be made and filled from the package index."""
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
        done = window.rows().filter(has_text="exit 0").first
        window.click(done, window.tab("#6 exit 0.md"))
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
            back.click(timeout=patience)

        window.until(take_back, window.page.locator(".tab.dirty", has_text="app.py").first)
        saved = window.page.locator(".tab:not(.dirty)", has_text="app.py").first
        window.press_key("Control+s", saved)
        assert (project / "app.py").read_text() == f"old 0\n{middle}new 11\n"


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


def test_what_an_event_changed_and_stepping_through_it(
    workbench: Workbench, project: Path, agent: Sidecar
) -> None:
    begin(agent, project)
    with window_on(workbench, project) as window:
        row = window.rows().filter(has_text="exit 0").first
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
        stack.get_by_text("tool_result: exec").first.wait_for()
        window.page.keyboard.press("F5")
        stack.get_by_text("tool_call: deploy").first.wait_for()
        window.page.keyboard.press("F5")
        assert verdict(agent, asked) == {"decision": "allow", "by": "debugger"}
        window.page.keyboard.press("Shift+F5")
        window.page.locator(".debug-toolbar").wait_for(state="hidden")
