"""What a store remembers of the processes it launched: one folder each.

Layer: worlds. ``<store>/processes/<id>/`` holds ``process.json``, what the process writes
(``stdout``, ``stderr``), the socket on which a zygote is asked for copies (``control``) and, when
it has ended, its exit code (``exit``). Files, not rows: the processes themselves write them, and
outlive every sidecar.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

_RECORD: Final = "process.json"
_EXIT: Final = struct.Struct("=i")


@dataclass(frozen=True, slots=True)
class Record:
    """One process that was launched, or is a copy of one."""

    id: str
    """Its folder's name, and its key at the keeper."""
    branch: int
    """Row of its branch."""
    home: str
    """Its world's."""
    mounted_at: str
    """Where it sees its world."""
    argv: tuple[str, ...]
    cwd: str
    env: dict[str, str]
    """What was added to the small clean environment."""
    driver: str
    """How it can be copied: ``zygote``, ``criu`` or ``rerun``."""
    why: str | None
    """Why by nothing better."""
    started: int
    """Unix time in ms."""
    pid: int
    """In the machine's numbers."""
    confinement: dict[str, Any] = field(default_factory=dict)
    of: str | None = None
    """What it is a copy of."""
    born_by: str = "launch"
    """``launch``, or the driver that made the copy."""
    sidecar: bool = False
    """Whether its descriptor 3 leads to a sidecar of its own."""


class Records:
    """The records below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> Path:
        """A new folder for a process; its name is the id."""
        path = self.folder / secrets.token_hex(8)
        path.mkdir(mode=0o700, parents=True)
        return path

    def at(self, key: str) -> Path:
        """The folder of a process."""
        return self.folder / key

    def put(self, record: Record) -> None:
        """Write a record down, whole or not at all."""
        path = self.at(record.id) / _RECORD
        fresh = path.with_suffix(".new")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with open(fd, "w", encoding="utf-8") as out:
            json.dump(asdict(record), out)
        fresh.rename(path)

    def get(self, key: str) -> Record | None:
        """A process, or None."""
        try:
            said = json.loads((self.at(key) / _RECORD).read_bytes())
        except (OSError, ValueError):
            return None
        return Record(**{**said, "argv": tuple(said["argv"])})

    def every(self) -> Iterator[Record]:
        """All of them, the oldest first."""
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        found = [record for name in names if (record := self.get(name)) is not None]
        yield from sorted(found, key=lambda record: (record.started, record.id))

    def forget(self, key: str) -> None:
        """Remove what is left of a process."""
        with contextlib.suppress(OSError):
            for path in self.at(key).iterdir():
                path.unlink()
            self.at(key).rmdir()

    def exit_file(self, key: str) -> int:
        """A descriptor of the file for its exit code."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        return os.open(self.at(key) / "exit", flags, 0o600)

    def exit_code(self, key: str) -> int | None:
        """Its exit code, when it was written down; negative: a signal."""
        with contextlib.suppress(OSError):
            said = (self.at(key) / "exit").read_bytes()
            if len(said) == _EXIT.size:
                return int(_EXIT.unpack(said)[0])
        return None

    def ended(self, key: str, code: int) -> None:
        """Write its exit code down."""
        fd = self.exit_file(key)
        try:
            os.pwrite(fd, _EXIT.pack(code), 0)
        finally:
            os.close(fd)

    def outputs(self, key: str) -> tuple[int, int, int]:
        """Descriptors for 0, 1 and 2: nothing to read, and two files that are appended to."""
        folder = self.at(key)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        return (
            os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC),
            os.open(folder / "stdout", flags, 0o600),
            os.open(folder / "stderr", flags, 0o600),
        )


def now() -> int:
    """Unix time in ms."""
    return int(time.time() * 1000)
