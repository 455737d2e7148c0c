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
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.worlds.processes.upkeep import EXIT, kept_from

_RECORD: Final = "process.json"
_NOTED: Final = "noted"
_CHUNK: Final = 1 << 20
"""Bytes read of a stream at once, at most."""


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
    """Whether its descriptors 3 and 4 lead to a sidecar of its own."""
    name: str | None = None
    """What people call it."""
    called: str = ""
    """The name by which it knows its branch: of a copy, the original's."""
    copyable: str = "no"
    """What it gave up to be copied, as the keeper says it."""
    veiled: bool = False
    """Whether a secret was taken out of ``argv``."""
    not_captured: tuple[dict[str, str], ...] = ()
    """Of a copy: what of the original it does not have."""


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
            out.write(json.dumps({one.name: getattr(record, one.name) for one in fields(record)}))
        fresh.rename(path)

    def get(self, key: str) -> Record | None:
        """A process, or None."""
        try:
            return revived(json.loads((self.at(key) / _RECORD).read_bytes()))
        except (OSError, ValueError, LookupError, TypeError):
            return None  # not written yet, or damaged

    def every(self) -> Iterator[Record]:
        """All of them, the oldest first."""
        found = [record for name in self.names() if (record := self.get(name)) is not None]
        yield from sorted(found, key=lambda record: (record.started, record.id))

    def names(self) -> list[str]:
        """Every folder there is, also of processes that were never written down."""
        return sorted(os.listdir(self.folder)) if self.folder.is_dir() else []

    def note(self, key: str) -> None:
        """Its end was written down on its branch."""
        with contextlib.suppress(OSError):
            os.close(os.open(self.at(key) / _NOTED, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def is_noted(self, key: str) -> bool:
        """Whether its end was written down."""
        return (self.at(key) / _NOTED).exists()

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
            if len(said) == EXIT.size:
                return int(EXIT.unpack(said)[0])
        return None

    def ended(self, key: str, code: int) -> None:
        """Write its exit code down, unless that was done."""
        if self.exit_code(key) is None:
            fd = self.exit_file(key)
            try:
                os.pwrite(fd, EXIT.pack(code), 0)
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

    def size(self, key: str, stream: str) -> int:
        """Bytes that a process has written to ``stdout`` or ``stderr``."""
        try:
            return (self.at(key) / stream).stat().st_size
        except OSError:
            return 0

    def output(self, key: str, stream: str, offset: int, length: int | None) -> Output:
        """A part of what a process wrote."""
        size = self.size(key, stream)
        kept = kept_from(size)
        first = min(max(offset, kept), size)
        wanted = min(_CHUNK if length is None else length, _CHUNK)
        try:
            fd = os.open(self.at(key) / stream, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return Output(b"", 0, 0, 0)
        try:
            return Output(os.pread(fd, wanted, first), first, kept, size)
        finally:
            os.close(fd)


@dataclass(frozen=True, slots=True)
class Output:
    """A part of a stream."""

    data: bytes
    offset: int
    """Where it begins."""
    kept: int
    """The first byte that is still there."""
    size: int
    """Bytes written so far."""


def revived(said: Mapping[str, Any]) -> Record:
    """A record out of its JSON; what only another version knows of it is left out."""
    known = {one.name: said[one.name] for one in fields(Record) if one.name in said}
    lists = {name: tuple(known.get(name, ())) for name in ("argv", "not_captured")}
    return Record(**{**known, **lists})


def now() -> int:
    """Unix time in ms."""
    return int(time.time() * 1000)
