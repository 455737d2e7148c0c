"""What any LSP editor gets, once for each set of capabilities that real clients have."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.engine.worlds import Run
from tests.lsp.editor import NAMES, Editor, event, request
from tests.support.sidecar import Sidecar

CHANGE = "s/return 2/return 3  # 世👍/"


@pytest.fixture(scope="module", params=NAMES)
def wire(request: pytest.FixtureRequest, store: Path) -> Iterator[tuple[Sidecar, str]]:
    """An editor's connection, not yet initialized; tests share it, one a client."""
    with Sidecar.on(store) as running:
        yield running, request.param


@pytest.fixture(scope="module")
def shared(wire: tuple[Sidecar, str], tmp_path_factory: pytest.TempPathFactory) -> Editor:
    return Editor(*wire, tmp_path_factory.getbasetemp(), heldIntents="none")


@pytest.fixture
def edited(run: Run) -> str:
    """The commit of an edit of the last line of ``src/app.py``, asked for by a message."""
    run.sidecar.say(run.branch, "please mend it")
    run.exec("sed", "-i", CHANGE, "src/app.py")
    return run.log()[-1]["commit"]


@pytest.mark.requirement("LSP-04", "LSP-05")
def test_who_wrote_what_beside_the_code(shared: Editor, run: Run, edited: str) -> None:
    uri = shared.open(run.world / "src" / "app.py")
    assert shared.lenses(uri) == [(8, "1 edit by agent-1"), (8, "fork before")]
    [(line, character, label)] = shared.hints(uri)
    width = {"utf-16": 16 + 3, "utf-8": 16 + 7}[shared.encoding]
    assert (line, character, label) == (8, width, "agent-1 · exec")
    assert shared.hints(uri, 0, 7) == []
    card = shared.hover(uri, 8)
    assert card is not None
    assert "please mend it" in card
    assert ("**" in card) == shared.reads_markdown
    assert "was there when the run" in (shared.hover(uri, 0) or "")
    assert shared.hover(uri, 5_000) is None


@pytest.mark.requirement("LSP-05")
def test_what_is_typed_is_followed_and_is_nobodys(shared: Editor, run: Run, edited: str) -> None:
    uri = shared.open(run.world / "src" / "app.py")
    width = {"utf-16": 16 + 3, "utf-8": 16 + 7}[shared.encoding]
    shared.type(uri, 2, 0, 0, "# mine\n")
    shared.type(uri, 3, 9, width, " typed\n")
    assert shared.lenses(uri) == []
    assert "no commit has it yet" in (shared.hover(uri, 9) or "")
    shared.type(uri, 4, 9, 0, "new = 1\n")
    whole = {"textDocument": {"uri": uri, "version": 5}}
    text = (run.world / "src" / "app.py").read_text()
    shared.wire.notify(
        "textDocument/didChange", {**whole, "contentChanges": [{"text": "\n" + text}]}
    )
    assert shared.lenses(uri)[0] == (9, "1 edit by agent-1")


@pytest.mark.requirement("LSP-04")
def test_what_can_be_done_about_a_line(shared: Editor, run: Run, edited: str) -> None:
    uri = shared.open(run.world / "src" / "app.py")
    found = shared.actions(uri, 8)
    literal = shared.can("textDocument.codeAction.codeActionLiteralSupport")
    assert {one["title"] for one in found} == {
        "Fork before it",
        "Restore this file as it was before it",
        "Replay up to here",
        "Show the event",
    }
    assert all(isinstance(one["command"], dict) == literal for one in found)
    assert shared.actions(uri, 0) == []


@pytest.mark.requirement("LSP-04")
def test_causes_and_effects(shared: Editor, run: Run, edited: str) -> None:
    uri = shared.open(run.world / "src" / "app.py")
    [item] = shared.ask("textDocument/prepareCallHierarchy", uri, 8)
    [cause] = shared.wire.call("callHierarchy/incomingCalls", {"item": item})
    assert cause["from"]["name"].startswith("tool_call $ sed")
    [reason] = shared.wire.call("callHierarchy/incomingCalls", {"item": cause["from"]})
    assert reason["from"]["name"] == "message user: please mend it"
    effects = shared.wire.call("callHierarchy/outgoingCalls", {"item": reason["from"]})
    assert [one["to"]["data"]["commit"] for one in effects] == [cause["from"]["data"]["commit"]]
    [effect] = shared.wire.call("callHierarchy/outgoingCalls", {"item": cause["from"]})
    assert effect["to"]["data"]["commit"] == edited


@pytest.mark.requirement("LSP-03", "LSP-04")
def test_documents_of_the_trace(shared: Editor, run: Run, edited: str) -> None:
    uri = f"shepherd:///branch/{quote(run.branch)}"
    assert shared.server["workspace"]["textDocumentContent"]["schemes"] == ["shepherd"]
    text = shared.wire.call("workspace/textDocumentContent", {"uri": uri})["text"]
    lines = text.splitlines()
    symbols = shared.ask("textDocument/documentSymbol", uri)
    if shared.can("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"):
        assert [len(one["children"]) for one in symbols] == [0, 2]
    else:
        assert [one["location"]["range"]["start"]["line"] for one in symbols] == [1, 2, 3, 4]
    links = shared.ask("textDocument/documentLink", uri)
    assert [lines[link["range"]["start"]["line"]].strip()[:8] for link in links] == [
        link["target"].rpartition("/")[2][:8] for link in links
    ]
    assert shared.ask("textDocument/foldingRange", uri) == [{"startLine": 2, "endLine": 4}]
    target = shared.ask("textDocument/definition", uri, 4)
    assert target["uri"] == f"shepherd:///event/{edited}.md"
    assert "exec" in (shared.hover(uri, 4) or "")
    assert shared.ask("textDocument/documentLink", target["uri"])
    [item] = shared.ask("textDocument/prepareCallHierarchy", uri, 4)
    assert item["data"]["commit"] == edited
    found = shared.wire.call("workspace/symbol", {"query": "please mend"})
    assert found[0]["name"] == "message user: please mend it"
    assert any(
        run.branch in one["name"] for one in shared.wire.call("workspace/symbol", {"query": ""})
    )


@pytest.mark.requirement("LSP-04")
def test_without_a_trace_everything_is_empty_and_nothing_an_error(
    shared: Editor, run: Run, edited: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("x = 1\n")
    binary = run.world / "data.bin"
    binary.write_bytes(b"\0\1\2")
    large = run.world / "large.txt"
    large.write_bytes(b"a line\n" * 700_000)
    gone = run.world / "gone.py"
    gone.write_text("x = 1\n")
    run.take()
    gone.unlink()
    run.take()
    uris = [
        shared.open(outside),
        shared.open(binary, "?"),
        shared.open(gone, "x = 1\n"),
        large.as_uri(),
        (run.world / "src").as_uri(),
        (run.world / "never.py").as_uri(),
        "untitled:Untitled-1",
        "file://elsewhere/x",
        "file:///%00",
        "shepherd:///branch/nobody",
        "shepherd:///nothing",
        "https://[",
    ]
    for uri in uris:
        assert shared.lenses(uri) == []
        assert shared.hints(uri) == []
        assert shared.hover(uri, 0) is None
        assert shared.ask("textDocument/documentSymbol", uri) == []
        assert shared.ask("textDocument/documentLink", uri) == []
        assert shared.ask("textDocument/foldingRange", uri) == []
        assert shared.ask("textDocument/definition", uri, 0) is None
        assert shared.ask("textDocument/prepareCallHierarchy", uri, 0) is None
        assert [one["title"] for one in shared.actions(uri, 0)] == []
    item = {"name": "x", "kind": 1, "uri": "x:", "data": {"commit": "zz"}}
    item |= {"range": RANGE, "selectionRange": RANGE}
    assert shared.wire.call("callHierarchy/incomingCalls", {"item": item}) == []


RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


@pytest.mark.requirement("LSP-06")
def test_problems_are_pushed_with_what_can_be_done(shared: Editor, run: Run, edited: str) -> None:
    uri = shared.open(run.world / "src" / "app.py")
    path = str(run.world / "src" / "app.py")
    intent = run.sidecar.propose(run.branch, "edit", arguments={"path": path})["commit"]
    run.sidecar.resolve(run.branch, intent, payload={"text": "no such line"}, status="error")
    [problem] = shared.problems(uri, "failed")
    assert problem["source"] == "shepherd"
    assert problem["message"] == "agent-1: edit failed"
    titles = {one["title"] for one in shared.actions(uri, 0)}
    assert "Restore this file as it was before it" in titles
    source = run.world / "src" / "app.py"
    source.write_text(source.read_text().replace("import os", "import os, sys  # by hand"))
    intent = run.sidecar.propose(run.branch, "edit", arguments={"path": path})["commit"]
    source.write_text(source.read_text().replace("os, sys  # by hand", "pathlib"))
    run.sidecar.resolve(run.branch, intent)
    source_text = source.read_text()
    whole = {"textDocument": {"uri": uri, "version": 2}}
    shared.wire.notify(
        "textDocument/didChange", {**whole, "contentChanges": [{"text": source_text}]}
    )
    problems = shared.problems(uri, "failed", "overwritten")
    [lost] = [one for one in problems if one["code"] == "overwritten"]
    assert (lost["message"], lost["range"]["start"]["line"]) == ("agent-1 wrote over yours", 0)
    shared.wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    shared.problems(uri)


@pytest.mark.requirement("LSP-03")
def test_a_payload_full_of_links_is_no_page_of_links(
    run: Run, another: Any, tmp_path: Path
) -> None:
    """What an agent reports may be made to be slow to look through."""
    editor = Editor(another(run.sidecar.store), "bare", tmp_path)
    for text in ("](shepherd:" * 90_000, "](shepherd:x) " * 70_000, "](shepherd:x)\n" * 70_000):
        said = run.sidecar.say(run.branch, text)
        links = editor.ask("textDocument/documentLink", f"shepherd:///event/{said}.md")
        assert len(links) <= 1000
    value = [f"[x](shepherd:{number})" for number in range(3000)]
    [said] = run.sidecar.append(run.branch, {"kind": "annotation", "payload": {"links": value}})
    assert len(editor.ask("textDocument/documentLink", f"shepherd:///event/{said}.md")) == 1000


@pytest.mark.requirement("LSP-06")
def test_two_branches_that_change_the_same_lines_are_told(
    shared: Editor, run: Run, edited: str
) -> None:
    [other] = run.sidecar.fork(run.root)
    change = ["sed", "-i", "s/return 2/return 4/", "src/app.py"]
    run.sidecar.call("world/exec", {"branch": other, "argv": change})
    uri = shared.open(run.world / "src" / "app.py")
    [conflict] = shared.problems(uri, "conflict")
    assert other in conflict["message"]
    assert conflict["range"]["start"]["line"] == 8


@pytest.mark.requirement("LSP-07")
def test_fork_restore_and_undo_by_command(shared: Editor, run: Run, edited: str) -> None:
    uri = shared.open(run.world / "src" / "app.py")
    fork = next(
        one for one in shared.ask("textDocument/codeLens", uri) if "fork" in one["command"]["title"]
    )
    [made] = shared.run("shepherd.fork", **fork["command"]["arguments"][0])["branches"]
    assert (Path(made["world"]["path"]) / "src" / "app.py").read_text().endswith("return 2\n")
    before = made["head"]
    asked = {"branch": run.branch, "to": before, "paths": ["src/app.py"]}
    declined = shared.start("shepherd.restore", **asked)
    assert "src/app.py" in shared.choose("Cancel", about="Restore")
    assert shared.wire.result(declined) is None
    going = shared.start("shepherd.restore", **asked)
    shared.choose("Restore", about="Restore 1 path")
    done = shared.wire.result(going)
    assert (run.world / "src" / "app.py").read_text().endswith("return 2\n")
    shared.choose(None, about="Restored")
    shared.run("shepherd.undo", branch=run.branch, safety=done["safety"])
    assert "return 3" in (run.world / "src" / "app.py").read_text()
    again = shared.run("shepherd.restore", **asked, confirmed=True)
    assert again["commit"]


@pytest.mark.requirement("LSP-07")
def test_a_replay_shows_its_progress(shared: Editor, run: Run, edited: str) -> None:
    going = shared.start("shepherd.replay", **{"from": run.branch})
    token = None
    if shared.can("window.workDoneProgress"):
        [asked] = shared.wire.expect(request("window/workDoneProgress/create"))
        token = asked["params"]["token"]
        shared.wire.respond(asked["id"], None)
        shared.wire.expect(
            event("$/progress", lambda p: p["value"]["kind"] == "begin")
            >> event("$/progress", lambda p: p["token"] == token and p["value"]["kind"] == "end")
        )
    assert shared.wire.result(going)["same"] is True


@pytest.mark.requirement("LSP-07")
def test_a_long_replay_can_be_stopped(shared: Editor, run: Run) -> None:
    for _ in range(150):
        run.sidecar.act(run.branch)
    going = shared.start("shepherd.replay", **{"from": run.branch, "workDoneToken": "mine"})
    begun = event("$/progress", lambda p: p["token"] == "mine" and p["value"]["kind"] == "begin")
    shared.wire.expect(begun)
    shared.wire.notify("window/workDoneProgress/cancel", {"token": "mine"})
    assert shared.wire.result(going)["complete"] is False


@pytest.mark.requirement("LSP-07")
def test_showing_a_document(shared: Editor, run: Run, edited: str) -> None:
    uri = f"shepherd:///event/{edited}.md"
    going = shared.start("shepherd.show", uri=uri, line=2)
    if shared.can("window.showDocument.support"):
        [asked] = shared.wire.expect(request("window/showDocument"))
        assert asked["params"]["uri"] == uri
        shared.wire.respond(asked["id"], {"success": True})
        assert shared.wire.result(going) == {"uri": uri, "shown": True}
    else:
        shown = shared.wire.result(going)
        assert (shown["shown"], "exec" in shown["text"]) == (False, True)


@pytest.mark.requirement("LSP-07")
def test_a_branch_is_chosen_instead_of_the_files_own(shared: Editor, run: Run, edited: str) -> None:
    [other] = run.sidecar.fork(run.root)
    uri = shared.open(run.world / "src" / "app.py")
    assert shared.run("shepherd.useBranch", branch=other) == {"branch": other}
    assert shared.lenses(uri) == [], "to that branch the line is new"
    shared.run("shepherd.useBranch", branch=None)
    assert len(shared.lenses(uri)) == 2


@pytest.mark.requirement("LSP-07")
@pytest.mark.parametrize(
    ("command", "argument"),
    [
        ("shepherd.show", {}),
        ("shepherd.show", {"uri": "shepherd:///nothing"}),
        ("shepherd.fork", {"at": "nobody"}),
        ("shepherd.fork", {}),
        ("shepherd.restore", {"branch": "nobody", "to": "nobody"}),
        ("shepherd.restore", {}),
        ("shepherd.replay", {"from": "nobody"}),
        ("shepherd.replay", {"from": "nobody", "mode": "live"}),
        ("shepherd.decide", {"intent": "0" * 64, "decision": "allow"}),
        ("shepherd.decide", {"intent": "0" * 64, "decision": "perhaps"}),
        ("shepherd.useBranch", {"branch": "nobody"}),
        ("shepherd.nothing", {}),
    ],
)
def test_commands_that_make_no_sense(
    shared: Editor, run: Run, command: str, argument: dict[str, Any]
) -> None:
    if command == "shepherd.show" and argument and shared.can("window.showDocument.support"):
        return  # the client says itself that it cannot show it
    error = shared.wire.error(shared.start(command, **argument))
    assert error.data["hint"]


def test_a_store_that_is_gone_is_nothing_to_show(another: Any, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "a.txt").write_text("a\n")
    editor = Editor(another(tmp_path / "s" / ".shepherd"), "bare", folder)
    run = Run.start(editor.wire, folder, place="inPlace")
    uri = editor.open(folder / "a.txt")
    assert editor.hover(uri, 0) is not None
    shutil.rmtree(tmp_path / "s" / ".shepherd" / "objects", ignore_errors=True)
    assert editor.lenses(uri) == []
    assert run.branch
