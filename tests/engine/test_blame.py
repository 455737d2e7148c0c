"""trace/blame: the last commit on the log that wrote the line, through names, moves and forks."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.protocol.traces import BlameParams
from shepherd_sidecar.trace.blame import Line, begin, follow
from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar
from tests.support.traces import Traces, empty, traces

TEXT = "import os\n\n\ndef first():\n    return os.getpid()\n\n\ndef second():\n    return 2\n"
EDIT = "import pathlib; p = pathlib.Path({0!r}); p.write_text(p.read_text().replace({1!r}, {2!r}))"


@pytest.fixture
def run(sidecar: Sidecar, tmp_path: Path) -> Run:
    folder = tmp_path / "workspace"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text(TEXT)
    return Run.start(sidecar, folder, driver="copy")


def blame(run: Run, path: str = "src/app.py", **params: Any) -> dict[str, Any]:
    asked = {"path": path, **({} if "commit" in params else {"branch": run.branch}), **params}
    return dict(run.sidecar.call("trace/blame", asked))


def by_line(found: dict[str, Any]) -> list[str]:
    """The commit of each line."""
    return [span["commit"] for span in found["spans"] for _ in range(span["count"])]


def edit(run: Run, path: str, old: str, new: str) -> str:
    """Have the agent exchange a text; returns the commit that carries the change."""
    run.exec("python3", "-c", EDIT.format(path, old, new))
    return str(run.log()[-1]["commit"])


@pytest.mark.requirement("LSP-01")
def test_lines_are_followed_through_edits_of_both_names_and_forks(run: Run) -> None:
    agent = edit(run, "src/app.py", "return 2", "return 3")
    (run.world / "src" / "app.py").write_text(
        "# mine\n" + (run.world / "src" / "app.py").read_text()
    )
    person = run.take()["commit"]
    run.exec("mv", "src/app.py", "src/main.py")
    indented = edit(
        run, "src/main.py", "def second():\n    return 3", "if 1:\n  def second():\n    return 3"
    )
    found = blame(run, "src/main.py")
    assert (found["lines"], found["path"]) == (11, "src/main.py")
    assert by_line(found) == [person, *[run.root] * 7, indented, run.root, agent]
    assert found["spans"][-1] == {
        "first": 11, "count": 1, "commit": agent, "line": 9, "path": "src/app.py",
    }  # fmt: skip
    assert {entry["commit"] for entry in found["entries"]} == {person, run.root, indented, agent}
    assert blame(run, commit=agent)["spans"][-1] == {
        "first": 9, "count": 1, "commit": agent, "line": 9,
    }  # fmt: skip
    [fork] = run.sidecar.fork(run.branch, world=False)
    assert by_line(blame(run, "src/main.py", branch=fork)) == by_line(found)
    one = blame(run, "src/main.py", line=9)
    assert [span["commit"] for span in one["spans"]] == [indented]
    assert len(one["entries"]) == 1


@pytest.mark.requirement("LSP-01")
def test_a_restore_writes_the_lines_that_it_brings_back(run: Run) -> None:
    edit(run, "src/app.py", "return 2", "return 3")
    restored = run.restore(run.root)["commit"]
    assert by_line(blame(run)) == [*[run.root] * 8, restored]


@pytest.mark.requirement("LSP-02")
@pytest.mark.parametrize(
    ("content", "why"),
    [(b"\0\1\2", "binary"), (b"a line\n" * 700_000, "large"), (None, "folder")],
)
def test_what_has_no_lines_says_why(run: Run, content: bytes | None, why: str) -> None:
    path = run.world / "thing"
    path.mkdir() if content is None else path.write_bytes(content)
    run.take()
    assert blame(run, "thing") == {
        **blame(run, "thing"), "lines": 0, "spans": [], "entries": [], "why": why,
    }  # fmt: skip
    (run.world / "to").symlink_to("src")
    run.take()
    assert blame(run, "to")["why"] == "link"


@pytest.mark.requirement("LSP-02")
def test_bad_questions(run: Run) -> None:
    ask = run.sidecar.refused
    asked = {"branch": run.branch, "path": "src/app.py"}
    assert "1 to 9" in str(ask("InvalidParams", "trace/blame", {**asked, "line": 10}))
    ask("InvalidParams", "trace/blame", {**asked, "line": 0})
    ask("InvalidParams", "trace/blame", {**asked, "path": "../outside"})
    ask("InvalidParams", "trace/blame", {**asked, "commit": run.root})
    ask("PathNotFound", "trace/blame", {**asked, "path": "src/gone.py"})
    ask("UnknownBranch", "trace/blame", {**asked, "branch": "nobody"})
    run.exec("rm", "src/app.py")
    ask("PathNotFound", "trace/blame", asked)
    assert blame(run, commit=run.root)["lines"] == 9, "it has its history still"
    bare = run.sidecar.begin()
    ask("PathNotFound", "trace/blame", {**asked, "branch": bare})


TEXTS = st.lists(st.sampled_from(["a", "b", "  a", "", "ab", "def f(x, y):"]), max_size=6)
STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "rename", "delete", "nothing"]), TEXTS), max_size=6
)


def naive(versions: list[tuple[str, list[bytes] | None]]) -> list[Line] | None:
    """Blame from the first version to the last, nothing remembered."""
    lines: list[Line] | None = None
    before: list[bytes] | None = None
    for commit, texts in versions:
        if texts is None:
            lines = None
        elif before is None or lines is None:
            lines = begin(texts, commit)
        elif texts != before:
            depth = [one for one, _ in versions].index
            raised = [Line((depth(line.source), line.source), line.at) for line in lines]
            lines = [
                Line(line.source[1], line.at)
                for line in follow(before, raised, texts, (depth(commit), commit))
            ]
        before = texts
    return lines


@pytest.mark.requirement("LSP-01", "TRACE-06")
@settings(max_examples=40, deadline=None)
@given(TEXTS, STEPS)
def test_what_is_remembered_changes_no_answer(
    tmp_path_factory: pytest.TempPathFactory, first: list[str], steps: list[tuple[str, list[str]]]
) -> None:
    """Asked at every commit or only at the end, blame is that of the whole history."""
    base = tmp_path_factory.mktemp("law15")
    folder = empty(base / "workspace")
    names = (f"file{number}.txt" for number in itertools.count())
    at = folder / next(names)
    at.write_text("".join(f"{line}\n" for line in first))
    with traces(base / "often") as often:
        branch = often.start("run", folder)
        versions = [(often.head(branch), at.read_bytes().splitlines())]
        for what, texts in steps:
            if what == "write" and at.exists():
                at.write_text("".join(f"{line}\n" for line in texts))
            elif what == "rename" and at.exists() and at.stat().st_size:
                at = at.rename(folder / next(names))
            elif what == "delete" and at.exists():
                at.unlink()
            commit = often.snapshot(branch)
            texts_now = at.read_bytes().splitlines() if at.exists() else None
            versions.append((commit, texts_now))
            if at.exists():
                assert answer(often, branch, at.name) == told(naive(versions))
        last = answer(often, branch, at.name) if at.exists() else None
    with traces(base / "often") as fresh:
        assert (answer(fresh, branch, at.name) if at.exists() else None) == last


def answer(made: Traces, branch: str, path: str) -> list[tuple[str, int]]:
    found = made.engine.blaming.blame(BlameParams(path, branch=branch))
    return [(span.commit, span.line + k - 1) for span in found.spans for k in range(span.count)]


def told(lines: list[Line] | None) -> list[tuple[str, int]]:
    assert lines is not None
    return [(line.source, line.at) for line in lines]
