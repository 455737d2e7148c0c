"""Both directions of protocol/requirements.toml: each id is tested, each tested id exists.

Read from the sources, so it holds whichever tests were selected to run.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "protocol" / "requirements.toml"
ID = re.compile(r"[A-Z]+-\d\d")
SOURCE = re.compile(
    r"(design (\d+|words|house|worlds|time budget)|semantics (law \d+|[a-z]+)|sketch [A-Za-z/]+"
    r"|pygls (\d+|API)|bad input|anchors|[a-zA-Z-]+\.md)"
)
COMMENT = re.compile(r"(?://|#|--|\*)\s*requirements?:\s*([A-Z]+-\d\d(?:\s*,\s*[A-Z]+-\d\d)*)")
OTHER_LANGUAGES = {".ts", ".mts", ".js", ".mjs", ".java", ".kt", ".go", ".rs", ".lua", ".lean"}
SKIPPED = {"node_modules", "dist", "build", "target", ".git", "generated"}


def manifest() -> dict[str, dict[str, Any]]:
    return tomllib.loads(MANIFEST.read_text("utf-8"))


def named_by_tests() -> dict[str, list[str]]:
    """Id → places that name it."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, line in python_marks(ast.parse(path.read_text("utf-8"))):
            found.setdefault(name, []).append(f"{path.relative_to(ROOT)}:{line}")
    for path in sources_of_other_languages():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for match in COMMENT.finditer(line):
                for name in ID.findall(match[1]):
                    found.setdefault(name, []).append(f"{path.relative_to(ROOT)}:{number}")
    return found


def python_marks(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Ids in ``...mark.requirement("X", "Y")`` or ``requirement("X")``, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_requirement(node.func):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, node.lineno


def called_requirement(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "requirement"
    return isinstance(function, ast.Name) and function.id == "requirement"


def sources_of_other_languages() -> Iterator[Path]:
    for folder in ("adapters", "editors", "lean", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT).parts
            if path.suffix in OTHER_LANGUAGES and not SKIPPED.intersection(inside):
                yield path


def test_every_entry_is_complete() -> None:
    for name, entry in manifest().items():
        assert ID.fullmatch(name), name
        assert set(entry) <= {"source", "says", "gap"}, name
        assert SOURCE.fullmatch(entry["source"]), f"{name}: unknown source {entry['source']!r}"
        assert entry["says"].endswith("."), name
        if entry["source"].endswith(".md"):
            assert (ROOT / "protocol" / entry["source"]).is_file(), f"{name}: no such page"
        if "gap" in entry:
            assert entry["gap"].strip(), f"{name}: a gap says why"


def test_ids_of_a_topic_are_numbered_without_holes() -> None:
    topics: dict[str, list[int]] = {}
    for name in manifest():
        topic, _, number = name.rpartition("-")
        topics.setdefault(topic, []).append(int(number))
    for topic, numbers in topics.items():
        assert numbers == list(range(1, len(numbers) + 1)), topic


def test_every_id_that_tests_name_exists() -> None:
    known = manifest()
    unknown = {name: where for name, where in named_by_tests().items() if name not in known}
    assert not unknown


def test_every_requirement_is_named_by_a_test_or_is_a_known_gap() -> None:
    named = named_by_tests()
    untested = [
        f"{name}: {entry['says']}"
        for name, entry in manifest().items()
        if "gap" not in entry and name not in named
    ]
    assert not untested, "\n" + "\n".join(untested)


def test_a_gap_that_is_tested_is_no_gap() -> None:
    named = named_by_tests()
    gaps = [name for name, entry in manifest().items() if "gap" in entry]
    assert not {name: named[name] for name in gaps if name in named}
