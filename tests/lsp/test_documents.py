"""editor/document: runs, logs, events and files as text, for clients of any kind."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.engine.worlds import Run
from tests.support.sidecar import NO_ID


def document(run: Run, uri: str) -> str:
    return str(run.sidecar.call("editor/document", {"uri": uri})["text"])


@pytest.mark.requirement("LSP-03")
def test_a_log_is_one_line_an_event_in_turns(run: Run) -> None:
    run.sidecar.say(run.branch, "please mend it")
    run.exec("sh", "-c", "echo done")
    lines = document(run, f"shepherd:///branch/{quote(run.branch)}").splitlines()
    assert lines[0].startswith("# ")
    assert [line[:2] == "  " for line in lines[1:]] == [False, False, True, True]
    assert "user: please mend it" in lines[2]
    assert "exec: done" in lines[4]
    commits = run.sidecar.commits(run.branch)
    assert [line.strip()[:8] for line in lines[1:]] == [commit[:8] for commit in commits]
    part = document(run, f"shepherd:///branch/{quote(run.branch)}?until={commits[1]}")
    assert len(part.splitlines()) == 3
    encoded = f"shepherd:/branch/{quote(run.branch)}?until%3D{commits[1]}"
    assert document(run, encoded) == part, "as VS Code writes it"
    runs = document(run, "shepherd:///runs")
    assert f"shepherd:///branch/{quote(run.branch, safe='')}" in runs


@pytest.mark.requirement("LSP-03")
def test_an_event_is_its_card_and_its_payload(run: Run) -> None:
    run.sidecar.say(run.branch, "please mend it")
    hostile = "# not a heading\n```\n[x](https://example.org) \x1b[31m<script>"
    intent, outcome = run.sidecar.act(run.branch, "edit", arguments={"text": hostile})
    text = document(run, f"shepherd:///event/{outcome}.md")
    assert "**agent\\-1**" in text
    assert "> **Asked:** user: please mend it" in text
    assert f"shepherd:///event/{intent}.md" in text
    text = document(run, f"shepherd:/event/{intent}.md")
    assert "\x1b" not in text
    assert "\n````json\n" in text, "the fence is longer than any inside"
    said = run.sidecar.say(run.branch, hostile)
    card, _, _ = document(run, f"shepherd:///event/{said}.md").partition("\n- kind")
    assert "\\[x\\]\\(https" in card
    assert "\\<script" in card


@pytest.mark.requirement("LSP-03")
def test_a_file_as_it_was_or_a_sentence_why_not(run: Run) -> None:
    (run.world / "src" / "data.bin").write_bytes(b"\0\1")
    (run.world / "grüße 1.txt").write_text("hé\n")
    (run.world / "to").symlink_to("src")
    (run.world / "large.txt").write_bytes(b"a line\n" * 700_000)
    commit = run.take()["commit"]
    at = f"shepherd:///file/{commit}"
    assert document(run, f"{at}/src/app.py").startswith("import os\n")
    assert document(run, f"{at}/{quote('grüße 1.txt')}") == "hé\n"
    assert "not text" in document(run, f"{at}/src/data.bin")
    assert "too much" in document(run, f"{at}/large.txt")
    assert "folder" in document(run, f"{at}/src")
    assert "a link to src" in document(run, f"{at}/to")
    assert "was not in the workspace" in document(run, f"shepherd:///file/{run.root}/large.txt")


@pytest.mark.requirement("LSP-03")
def test_a_path_may_be_words_for_people(run: Run) -> None:
    (run.world / "a=b & c.txt").write_text("found\n")
    commit = run.take()["commit"]
    card = document(run, f"shepherd:///event/{commit}.md")
    assert document(run, f"shepherd:/%233%20what%20it%20did.md?event={commit}") == card
    assert document(run, f"shepherd:///a%3Db%20%26%20c.txt?file={commit}") == "found\n"
    query = f"file={commit}&path={quote('a=b & c.txt')}"
    assert document(run, f"shepherd:///home/ana/a.txt?{query}") == "found\n"
    assert document(run, f"shepherd:///home/ana/a.txt?{quote(query, safe='')}") == "found\n"


@pytest.mark.requirement("LSP-03")
@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("shepherd:///nothing", "InvalidParams"),
        ("shepherd:///event/xyz.md", "InvalidParams"),
        ("shepherd://host/runs", "InvalidParams"),
        ("shepherd://[", "InvalidParams"),
        ("file:///etc/passwd", "InvalidParams"),
        (f"shepherd:///file/{NO_ID}/%2E%2E/x", "InvalidParams"),
        (f"shepherd:///x?file={NO_ID}&path=../x", "InvalidParams"),
        ("shepherd:///x?event=1", "InvalidParams"),
        ("shepherd:///branch/nobody", "UnknownBranch"),
        (f"shepherd:///event/{NO_ID}.md", "UnknownCommit"),
        (f"shepherd:///file/{NO_ID}/a", "UnknownCommit"),
    ],
)
def test_an_address_of_nothing_is_an_error(run: Run, uri: str, name: str) -> None:
    run.sidecar.refused(name, "editor/document", {"uri": uri})
