"""What the tables of guarantees name is there: theorems, functions, tests, benchmarks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from checker.sources import read_modules, without_comments

from bench.__main__ import MODULES
from tests.support.sidecar import ROOT

LEAN = ROOT / "lean"
_SPAN = re.compile(r"`([^`]+)`")
_SCOPE = re.compile(r"^(namespace|mutual|end|theorem|(?:[\w@\[\]]+ )*section)\b ?([\w.']*)", re.M)


def table(page: Path, chapter: str) -> list[list[str]]:
    """The rows of the first table of a chapter, without its head."""
    text = page.read_text("utf-8").split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def spans(cell: str) -> list[str]:
    return _SPAN.findall(cell)


@pytest.fixture(scope="module")
def theorems() -> set[str]:
    """Every theorem, by its whole name without ``Shepherd.``."""
    known: set[str] = set()
    for module in read_modules(LEAN, "Shepherd").values():
        scopes: list[str] = []
        for what, name in _SCOPE.findall(without_comments(module.text)):
            if what == "theorem":
                known.add(".".join([*filter(None, scopes), name]).removeprefix("Shepherd."))
            elif what == "end":
                scopes.pop()
            else:
                scopes.append(name if what == "namespace" else "")
    return known


def defined(path: Path) -> Iterator[str]:
    """Functions, classes and methods of a file, by their names in it."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield f"{node.name}.{part.name}"


ROWS = table(LEAN / "README.md", "Guarantees")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: spans(row[1])[0])
def test_what_a_guarantee_names_is_there(row: list[str], theorems: set[str]) -> None:
    _, proved, functions, tests, benchmarks = row
    assert spans(proved)
    assert set(spans(proved)) <= theorems
    for named in spans(functions):
        name, _, part = named.partition(": ")
        if "/" in name:
            path = ROOT / "shepherd_sidecar" / name
            assert path.is_file()
            assert not part or part in set(defined(path))
    assert spans(tests) or tests == "tie"
    for path in spans(tests):
        assert (ROOT / path).exists(), path
    assert set(spans(benchmarks)) <= set(MODULES)


def test_what_the_first_page_says_is_proved_is_there(theorems: set[str]) -> None:
    short = {name.rpartition(".")[2] for name in theorems}
    rows = table(ROOT / "README.md", "What is guaranteed, and what shows it")
    for _, proved, shown in rows:
        assert set(spans(proved)) <= short
        for path in re.findall(r"\]\(([^)#]+)", shown):
            assert (ROOT / path).exists(), path


def test_the_counted_lines_are_those_that_are_there() -> None:
    said = (LEAN / "README.md").read_text("utf-8").split("\n## Measured\n")[1]
    modules = read_modules(LEAN, "Shepherd")
    for part in ("Spec", "Thm"):
        lines = sum(one.lines for name, one in modules.items() if f".{part}." in name)
        assert re.search(rf"\b{part} {lines:,} lines\b", said), f"{part} has {lines:,} lines"
    proved = sum(one.theorems for name, one in modules.items() if ".Thm." in name)
    assert f" {proved} theorems" in said.replace("\n", " "), f"there are {proved} theorems"
