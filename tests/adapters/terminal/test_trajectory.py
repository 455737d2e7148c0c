"""Reading recorded runs: keys, screens, the machine."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from shepherd_terminal.initial import BadArchive, names_of, unpack
from shepherd_terminal.trajectory import (
    NotATerminalRun,
    parse,
    prompt_folder,
    read,
    screen_of,
    translate,
)

from tests.support import recorded


@pytest.mark.parametrize(
    ("keys", "sent"),
    [
        ("ls -la\n", "ls -la\n"),
        ("C-c", "\x03"),
        ("C-d", "\x04"),
        ("C-[", "\x1b"),
        ("M-x", "\x1bx"),
        ("Enter", "\r"),
        ("C-c Enter", "\x03\r"),
        ("", ""),
        ("echo C-c\n", "echo C-c\n"),
        ("C-cat\n", "C-cat\n"),
        ("Up", "\x1b[A"),
    ],
)
def test_keys_are_translated_as_tmux_would(keys: str, sent: str) -> None:
    assert translate(keys) == sent


def test_the_screen_is_what_stands_between_the_agents_words() -> None:
    text = (
        "Previous response had warnings:\nWARNINGS: - x\n\nNew Terminal Output:\n\n"
        "user@h:~$ ls\na\nuser@h:~$\n\n\nAre you sure you want to mark the task as complete? x"
    )
    assert screen_of([text]) == "user@h:~$ ls\na\nuser@h:~$"
    assert screen_of(["Current Terminal Screen:\nuser@h:~$\n\n"]) == "user@h:~$"
    assert screen_of(["plain"]) == "plain"


def test_the_last_prompt_names_the_folder() -> None:
    assert prompt_folder("root@h:/home/user# cd x\nroot@h:/home/user/x# ") == "/home/user/x"
    assert prompt_folder("user@h:~$") == "~"
    assert prompt_folder("no prompt") is None


@pytest.mark.parametrize("value", [[], {}, {"schema_version": "OTLP"}, {"schema_version": None}])
def test_what_is_no_terminal_run_is_refused(value: Any) -> None:
    with pytest.raises(NotATerminalRun):
        parse(value, "x")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotATerminalRun):
        read(tmp_path / "missing.json")


@recorded.needed
@pytest.mark.parametrize("path", recorded.trajectories(), ids=recorded.name)
def test_every_recorded_run_is_read(path: Path) -> None:
    found = read(path)
    value = json.loads(path.read_bytes())
    assert found.user in ("root", "user")
    assert len(found.host) == 12
    assert len(found.steps) == sum(step["source"] == "agent" for step in value["steps"])
    assert all(step.screen for step in found.steps)


def archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w") as made:
        for member, data in members:
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode, made.mtime = kind, link, 0o666, 1_700_000_000
    return made


def test_the_workspace_is_laid_out_with_its_permissions(tmp_path: Path) -> None:
    folder = member("d", tarfile.DIRTYPE)
    folder.mode = 0o777
    made = archive(
        tmp_path / "a.tar",
        (folder, b""),
        (member("d/f"), b"abc"),
        (member("l", tarfile.SYMTYPE, "d/f"), b""),
    )
    out = tmp_path / "out"
    out.mkdir()
    assert unpack(made, out) == {"d/f": 3}
    assert (out / "l").read_text() == "abc"
    assert (out / "d").stat().st_mode & 0o777 == 0o777
    assert (out / "d/f").stat().st_mtime == 1_700_000_000


@pytest.mark.parametrize(
    "members",
    [
        [(member("/etc/x"), b"")],
        [(member("../x"), b"")],
        [(member("p", tarfile.FIFOTYPE), b"")],
        [(member("a", tarfile.SYMTYPE, "/"), b""), (member("a/b", tarfile.SYMTYPE, "c"), b"")],
    ],
)
def test_what_would_leave_the_workspace_is_refused(
    tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(BadArchive):
        unpack(archive(tmp_path / "a.tar", *members), out)


def test_names_that_files_share_name_none_of_them() -> None:
    assert names_of({"a/f": 1, "b/f": 2, "b/g": 3}) == {
        "/home/user/a/f": 1,
        "/home/user/b/f": 2,
        "/home/user/b/g": 3,
        "g": 3,
    }
