"""Which folder may be a workspace.

Layer: worlds. Keeps the rule that the user's files are sacred: `/`, the home folder and what
lies above it are refused, under whatever name or link they come, and so is the store.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import stat
from pathlib import Path

from shepherd_sidecar.errors import WorkspaceRefused
from shepherd_sidecar.worlds.paths import printable


def admit(folder: str | Path, store: Path | None = None) -> Path:
    """The folder, resolved, when it may be a workspace.

    Folders are compared by device and inode as well as by name, so that a bind mount or a
    file system without case does not open a side door.

    Raises:
        WorkspaceRefused: with ``why`` (``missing``, ``notAFolder``, ``root``, ``home``,
            ``aboveHome``, ``store``, ``unreadable``) and a hint.
    """
    given = Path(folder)
    if not os.fspath(folder) or "\0" in os.fspath(folder):
        raise _refused(given, "missing", "an empty name or one with NUL names no folder")
    try:
        real = given.resolve(strict=True)
        found = real.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise _refused(given, "missing", "no such folder") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before 3.13
        raise _refused(given, "unreadable", f"it cannot be looked up ({error})") from None
    if not stat.S_ISDIR(found.st_mode):
        raise _refused(given, "notAFolder", "it is not a folder")
    here = (found.st_dev, found.st_ino)
    if real == Path("/") or here == _identity(Path("/")):
        raise _refused(given, "root", "it is the root of the file system")
    for home in _homes():
        if real == home or here == _identity(home):
            raise _refused(given, "home", "it is a home folder")
        if any(real == above or here == _identity(above) for above in home.parents):
            raise _refused(given, "aboveHome", f"the home folder {home} lies in it")
    if store is not None:
        kept = store.resolve()
        inside = [real, *real.parents]
        if kept in inside or _identity(kept) in {_identity(above) for above in inside}:
            raise _refused(given, "store", f"it lies in the store {kept}")
    if not os.access(real, os.R_OK | os.X_OK):
        raise _refused(given, "unreadable", "it may not be read")
    return real


def _homes() -> list[Path]:
    """Home by the environment and by the user database; they may differ under sudo."""
    named = [os.environ.get("HOME", "")]
    with contextlib.suppress(KeyError):  # a user id without an entry, as in containers
        named.append(pwd.getpwuid(os.getuid()).pw_dir)
    return [Path(name).resolve() for name in named if name.startswith("/") and name != "/"]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _refused(folder: Path, why: str, sentence: str) -> WorkspaceRefused:
    shown = printable(os.fsencode(folder))
    hints = {
        "missing": "create the folder, or correct the name",
        "notAFolder": "name the folder that holds it",
        "unreadable": "give this user the right to read it",
        "store": "name the folder beside the store, not the store",
    }
    hint = hints.get(why, "name a project folder of its own, e.g. ~/projects/this-one")
    return WorkspaceRefused(
        f"{shown} may not be a workspace: {sentence}", hint=hint, path=shown, why=why
    )
