"""The demo's folder: a small Git repository with uncommitted notes, and its hash."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent / "project"
NOTES: Final = "Ask Ana which languages the titles come in.\n"
_GIT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "demo"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "demo@example.org"),
    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T00:00:00Z"),
}


def lay_out(folder: Path) -> Path:
    """Make the folder anew with the project in it; returns the project's path."""
    if folder.exists():
        shutil.rmtree(folder)
    project = folder / "project"
    shutil.copytree(PROJECT, project)
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for words in (
        ("init", "--quiet", "--template=", "--initial-branch=main"),
        ("add", "."),
        ("commit", "--quiet", "--message=A title as an address"),
    ):
        subprocess.run(["git", *words], cwd=project, env={**env, **_GIT}, check=True)
    (project / "notes.md").write_text(NOTES, "utf-8")
    return project


def digest(folder: Path, without: str = "") -> str:
    """A hash of every name, kind, mode and byte in a folder, ``without`` one of its folders."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if without and path.is_relative_to(folder / without):
            continue
        mode = path.lstat().st_mode
        content = b""
        if stat.S_ISLNK(mode):
            content = os.fsencode(os.readlink(path))
        elif stat.S_ISREG(mode):
            content = path.read_bytes()
        found.update(f"{path.relative_to(folder)}\0{mode:o}\0{len(content)}\0".encode() + content)
    return found.hexdigest()
