"""Printable paths read back; folders that may not be workspaces are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.errors import InvalidParams, WorkspaceRefused
from shepherd_sidecar.worlds.paths import parse_printable, printable
from shepherd_sidecar.worlds.workspace import admit


@given(st.binary(max_size=60).filter(lambda b: b"\0" not in b))
def test_every_path_reads_back(path: bytes) -> None:
    text = printable(path)
    assert text.isprintable()
    text.encode("utf-8")
    assert parse_printable(text) == path


@given(st.text(max_size=40))
def test_what_parses_prints_as_one_text(text: str) -> None:
    try:
        path = parse_printable(text)
    except InvalidParams:
        return
    assert parse_printable(printable(path)) == path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (b"src/main.py", "src/main.py"),
        ("naïve/日本".encode(), "naïve/日本"),
        (b"\xff/a\\b\n", "\\xff/a\\x5cb\\x0a"),
        ("\u202egnp.exe".encode(), "\\xe2\\x80\\xaegnp.exe"),
        (b"a b", "a b"),
    ],
)
def test_the_printable_form(path: bytes, text: str) -> None:
    assert printable(path) == text


@pytest.mark.parametrize("text", ["a\\b", "a\\x", "a\\xZZ", "\\xFF", "\\x00", "a\0", "\ud800"])
def test_what_is_no_printable_path_is_refused(text: str) -> None:
    with pytest.raises(InvalidParams):
        parse_printable(text)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "people" / "ada"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", os.fspath(home))
    return home


def why(folder: str | Path, store: Path | None = None) -> str:
    with pytest.raises(WorkspaceRefused) as refused:
        admit(folder, store)
    assert refused.value.advice
    return str(refused.value.data["why"])


def test_root_and_home_and_above_are_refused_under_every_name(home: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/")
    to_home = tmp_path / "to home"
    to_home.symlink_to(home)
    assert why("/") == why("//") == why("/../..") == why(link) == "root"
    assert why(home) == why(to_home) == why(f"{home}/../ada/.") == "home"
    assert why(home.parent) == why(tmp_path) == "aboveHome"


def test_the_home_of_the_user_database_is_refused_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path(os.path.expanduser(f"~{os.environ.get('USER', 'root')}"))
    if real.is_dir():
        assert why(real) in ("home", "aboveHome", "root")


def test_what_is_no_folder_is_refused(home: Path, tmp_path: Path) -> None:
    (home / "file").write_text("")
    (home / "loop").symlink_to("loop")
    (home / "dangling").symlink_to("nothing")
    assert why(home / "nothing") == why(home / "dangling") == why("") == why("a\0b") == "missing"
    assert why(home / "file" / "x") == "missing"
    assert why(home / "file") == "notAFolder"
    assert why(home / "loop") == "unreadable"


def test_the_store_is_refused_and_what_lies_in_it(home: Path) -> None:
    store = home / "project" / ".shepherd"
    (store / "worlds").mkdir(parents=True)
    (home / "link").symlink_to(store / "worlds")
    assert why(store, store) == why(store / "worlds", store) == why(home / "link", store) == "store"
    assert admit(home / "project", store) == home / "project"


def test_a_project_in_the_home_folder_is_admitted(home: Path) -> None:
    (home / "project").mkdir()
    (home / "link").symlink_to("project")
    assert admit(home / "link") == admit(home / "project") == (home / "project").resolve()
