"""Where things stand inside a store's folder.

Layer: store. Keeps: files 0600, folders 0700, and the store ignores itself for Git.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from shepherd_sidecar.errors import StoreFull, StoreReadOnly

FOLDER = ".shepherd"
DATABASE = "store.db"
OBJECTS = "objects"
WORLDS = "worlds"
PROCESSES = "processes"
IMAGES = "images"
DAMAGED = "damaged"
SUPERVISORS = "supervisors"
BELL = "bell"
GATE = "gate.toml"
SUPERVISOR = "supervisor.toml"
REDACTION = "redaction.toml"
SANDBOX = "sandbox.toml"
LAYING = "laying"
"""What is wished for, and the lock of the one process that fulfils it."""
TURNS = "turns"
SETTLING = "settling"

NO_ROOM = frozenset((errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO))
"""What the disk says when it does not take more."""


def find_store(start: Path, explicit: str | None = None) -> Path:
    """The store to use: ``explicit``, else ``$SHEPHERD_STORE``, else the nearest above ``start``.

    When there is none, the folder where a new one belongs.

    Raises:
        StoreReadOnly: there may be one in a folder that this user may not look into.
    """
    named = explicit or os.environ.get("SHEPHERD_STORE")
    if named:
        return Path(named).expanduser().absolute()
    for folder in (start, *start.parents):
        if is_store(folder / FOLDER):
            return folder / FOLDER
    return start / FOLDER


def is_store(root: Path) -> bool:
    """Whether there is a store in this folder. Raises StoreReadOnly when it may not be known."""
    try:
        return (root / DATABASE).is_file()
    except PermissionError as error:
        raise StoreReadOnly(
            f"the store cannot be looked into: {error.strerror}", path=str(root)
        ) from error


def prepare(root: Path) -> None:
    """Make the folder of a store, private to the user. Doing it again changes nothing."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (OBJECTS, WORLDS):
            (root / name).mkdir(mode=0o700, exist_ok=True)
        for name, text in ((".gitignore", "*\n"), (BELL, "\n")):
            path = root / name
            if not path.exists():
                write_private(path, text.encode())
        database = root / DATABASE
        if database.exists() and database.stat().st_mode & 0o077:
            with suppress(OSError):  # it is another's, or may only be read
                database.chmod(0o600)  # copied from elsewhere, perhaps
    except OSError as error:
        kind = StoreFull if error.errno in NO_ROOM else StoreReadOnly
        raise kind(
            f"the store folder cannot be made: {error.strerror}", path=str(error.filename or root)
        ) from error


def write_private(path: Path, data: bytes) -> None:
    """Write a small file that only the user may read, atomically."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(fd, data)
    except OSError:
        temporary.unlink()
        raise
    finally:
        os.close(fd)
    temporary.rename(path)
