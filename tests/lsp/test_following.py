"""What an editor is told unasked: who waits for a decision, and that something has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.worlds import Run
from tests.lsp.editor import Editor, event, request
from tests.support.sidecar import Sidecar, proposal

GATE = """
[[rule]]
name = "ask first"
decision = "hold"
reason = "a person looks at it"
tools = ["deploy"]

[[rule]]
name = "hands off"
decision = "deny"
reason = "it is frozen"
tools = ["edit"]
"""


@pytest.fixture
def gated(tmp_path: Path, another: Callable[..., Sidecar]) -> Sidecar:
    """An agent whose deployments wait for a person."""
    agent = another(tmp_path / "s" / ".shepherd")
    agent.call("run/list", {})
    (agent.store / "gate.toml").write_text(GATE)
    return agent


def hold(agent: Sidecar, branch: str) -> Any:
    """Propose what is held; returns the request."""
    asked = proposal(branch, "deploy", arguments={"to": "production"})
    return agent.request("intent/propose", asked)


@pytest.mark.requirement("LSP-08")
@pytest.mark.parametrize(("choice", "decision"), [("Allow", "allow"), ("Deny", "deny")])
def test_a_person_is_asked_and_decides(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path, choice: str, decision: str
) -> None:
    editor = Editor(another(gated.store), "neovim", tmp_path)
    branch = gated.begin()
    going = hold(gated, branch)
    assert "deploy to=production" in editor.choose(choice, about="waits")
    assert gated.result(going)["verdict"]["decision"] == decision


@pytest.mark.requirement("LSP-08")
def test_who_decides_sees_the_end_of_a_long_wish_or_how_much_there_is_beyond(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path
) -> None:
    editor = Editor(another(gated.store), "neovim", tmp_path)
    branch = gated.begin()
    for length, seen in ((3_000, "# it deletes everything"), (9_000, "more characters")):
        to = "x" * length + " # it deletes everything"
        asked = proposal(branch, "deploy", arguments={"to": to})
        going = gated.request("intent/propose", asked)
        assert seen in editor.choose("Deny", about="waits")
        assert gated.result(going)["verdict"]["decision"] == "deny"


@pytest.mark.requirement("LSP-08")
def test_who_decides_sees_what_a_command_is_fed_and_where_it_runs(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path
) -> None:
    editor = Editor(another(gated.store), "neovim", tmp_path)
    branch = gated.begin()
    given = {"argv": ["sh"], "cwd": "src", "env": {"PATH": "bin"}, "stdin": "rm -r ."}
    going = gated.request("intent/propose", proposal(branch, "deploy", arguments=given))
    said = editor.choose("Deny", about="waits")
    assert 'deploy sh cwd=src env={"PATH": "bin"} stdin="rm -r ."' in said
    assert gated.result(going)["verdict"]["decision"] == "deny"


@pytest.mark.requirement("LSP-08")
def test_a_plugin_is_notified_and_asks_itself(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path
) -> None:
    editor = Editor(another(gated.store), "vscode", tmp_path, heldIntents="notify")
    branch = gated.begin()
    going = hold(gated, branch)
    [told] = editor.wire.expect(event("editor/didHold", lambda p: len(p["held"]) == 1))
    [held] = told["params"]["held"]
    assert (held["branch"], held["entry"]["payload"]["name"]) == (branch, "deploy")
    editor.run("shepherd.decide", intent=held["intent"], decision="allow")
    editor.wire.expect(event("editor/didHold", lambda p: p["held"] == []))
    assert gated.result(going)["verdict"]["decision"] == "allow"
    twice = editor.start("shepherd.decide", intent=held["intent"], decision="allow")
    assert editor.wire.error(twice).name == "IntentAlreadyResolved"


@pytest.mark.requirement("LSP-08")
def test_what_was_decided_elsewhere_is_asked_no_longer(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path
) -> None:
    editor = Editor(another(gated.store), "emacs", tmp_path)
    branch = gated.begin()
    going = hold(gated, branch)
    [asked] = editor.wire.expect(request("window/showMessageRequest"))
    [held] = gated.call("intervene/held", {})["held"]
    ruling = {"intent": held["intent"], "verdict": {"decision": "allow"}, "by": "another"}
    gated.call("intervene/decide", ruling)
    gated.result(going)
    editor.wire.expect(event("$/cancelRequest", lambda p: p["id"] == asked["id"]))


@pytest.mark.requirement("LSP-08")
def test_an_observer_is_shown_and_not_asked(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path
) -> None:
    watching = Editor(another(gated.store, "observer"), "vscode", tmp_path, heldIntents="notify")
    branch = gated.begin()
    going = hold(gated, branch)
    [told] = watching.wire.expect(event("editor/didHold"))
    [held] = told["params"]["held"]
    error = watching.wire.error(
        watching.start("shepherd.decide", intent=held["intent"], decision="allow")
    )
    assert error.name == "RoleForbidden"
    refused = watching.wire.error(watching.start("shepherd.fork", at=branch))
    assert refused.name == "RoleForbidden"
    ruling = {"intent": held["intent"], "verdict": {"decision": "allow"}, "by": "somebody"}
    gated.call("intervene/decide", ruling)
    gated.result(going)


@pytest.mark.requirement("LSP-06")
def test_vetoes_are_problems_and_stand_on_the_card(
    gated: Sidecar, another: Callable[..., Sidecar], tmp_path: Path
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    file = folder / "a.txt"
    file.write_text("one\n")
    run = Run.start(gated, folder, place="inPlace")
    editor = Editor(another(gated.store), "vscode", folder, heldIntents="notify")
    uri = editor.open(file)
    gated.propose(run.branch, "edit", arguments={"path": str(file)})
    [vetoed] = editor.problems(uri, "vetoed")
    assert "was denied by rule:hands off: it is frozen" in vetoed["message"]
    file.write_text("two\n")
    gated.propose(run.branch, "look")
    editor.problems(uri, "vetoed", "ineffective")
    going = hold(gated, run.branch)
    [told] = editor.wire.expect(event("editor/didHold", lambda p: len(p["held"]) == 1))
    [held] = told["params"]["held"]
    editor.run("shepherd.decide", intent=held["intent"], decision="allow", reason="looked at it")
    gated.result(going)
    card = gated.call("editor/document", {"uri": f"shepherd:///event/{held['intent']}.md"})["text"]
    assert "**Verdict:** allow by Visual Studio Code: looked at it" in card


@pytest.mark.requirement("LSP-08")
def test_what_is_shown_is_asked_for_again_when_commits_arrive(
    run: Run, another: Callable[..., Sidecar], store: Path
) -> None:
    editor = Editor(another(store), "vscode", run.world)
    uri = editor.open(run.world / "src" / "app.py")
    assert editor.lenses(uri) == []
    log = f"shepherd:///branch/{run.branch.replace(' ', '%20')}"
    editor.wire.call("workspace/textDocumentContent", {"uri": log})
    run.exec("sed", "-i", "s/return 2/return 3/", "src/app.py")
    parts = request("workspace/codeLens/refresh") & request("workspace/inlayHint/refresh")
    parts &= request("workspace/textDocumentContent/refresh", lambda p: p["uri"] == log)
    for asked in editor.wire.expect(parts):
        editor.wire.respond(asked["id"], None)
    editor.replace(uri, 2, (run.world / "src" / "app.py").read_text())
    assert editor.lenses(uri)[0] == (8, "1 edit by agent-1")


@pytest.mark.requirement("LSP-08")
def test_what_a_client_does_not_want_it_does_not_get(
    run: Run, another: Callable[..., Sidecar], store: Path
) -> None:
    none: dict[str, Any] = {"codeLens": False, "inlayHints": False, "commands": False}
    editor = Editor(another(store), "vscode", run.world, diagnostics=False, **none)
    assert "codeLensProvider" not in editor.server
    assert "inlayHintProvider" not in editor.server
    assert editor.server["executeCommandProvider"]["commands"] == []
    assert editor.run("shepherd.useBranch", branch=run.branch) == {"branch": run.branch}
    run.exec("sed", "-i", "s/return 2/return 3/", "src/app.py")
    uri = editor.open(run.world / "src" / "app.py")
    assert editor.lenses(uri) == []
    assert json.dumps(editor.hover(uri, 8))
