"""The prose: examples are valid, links lead somewhere, names exist."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from shepherd_sidecar import errors
from shepherd_sidecar.protocol import table
from tests.protocol.schema import GENERATED, PAGES, SCHEMA, faults

PROSE = sorted(PAGES.glob("*.md"))
BLOCK = re.compile(r"^```(\w+)(?: ([\w.]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pages = pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """What each code block of a language says it is, and its text."""
    found = BLOCK.findall(page.read_text("utf-8"))
    return [(what, text) for kind, what, text in found if kind == language]


@pytest.mark.requirement("WIRE-03")
@pages
def test_json_examples_are_valid_by_the_schema(page: Path) -> None:
    for definition, text in blocks(page, "json"):
        value = json.loads(text)
        if definition == "lsp":  # LSP's own messages: not part of our schema
            assert value["jsonrpc"] == "2.0"
            continue
        assert definition in SCHEMA["$defs"], f"{page.name}: name the definition of {text[:60]}"
        assert faults(definition, value) == [], text


def test_there_are_examples_of_requests_results_and_errors() -> None:
    shown = {what for page in PROSE for what, _ in blocks(page, "json")}
    for ending in (".request", ".response", ".params", ".result"):
        assert any(what.endswith(ending) for what in shown), ending


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("page", [*PROSE, GENERATED / "reference.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(other), f"{page.name}: {target}"


@pages
def test_every_page_is_reached_from_the_map(page: Path) -> None:
    if page.name != "README.md":
        assert f"]({page.name})" in (PAGES / "README.md").read_text("utf-8")


@pages
def test_methods_that_a_page_names_exist(page: Path) -> None:
    spaces = "|".join(table.NAMESPACES)
    for name in re.findall(
        rf"(?<![\w/.])(?:{spaces})/[a-z][A-Za-z]+\b(?![/.])", without_code(page)
    ):
        assert table.find(name) is not None, f"{page.name}: {name}"


def test_the_page_of_errors_names_errors_that_exist() -> None:
    rows = re.findall(r"^\| ([A-Z][A-Za-z, ]+) \|", (PAGES / "errors.md").read_text("utf-8"), re.M)
    names = [name for row in rows for name in row.split(", ")]
    assert names
    for name in names:
        assert hasattr(errors, name), name


@pages
def test_rule_files_are_toml(page: Path) -> None:
    for what, text in blocks(page, "toml"):
        assert what == "gate"
        rules = tomllib.loads(text)["rule"]
        assert len({rule["name"] for rule in rules}) == len(rules)


def anchors(page: Path) -> set[str]:
    text = page.read_text("utf-8")
    found = set(re.findall(r'<a id="([^"]+)">', text))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        found.add(re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-"))
    return found


def without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
