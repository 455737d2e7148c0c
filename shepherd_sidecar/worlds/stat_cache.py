"""What is known of a folder from its last snapshot, so that the next reads only what changed.

Layer: worlds. A file is taken as unchanged when ctime, mtime, size, inode and mode are those
seen when it was read, and its timestamps were then strictly older than the clock (Git's rule
for racy entries): a later write cannot carry the same timestamps. An entry that fails this is
kept with an impossible ctime, so the next walk reads it again.

Two holes remain, as in Git: a store through a shared mapping that was already dirty when the
file was read shows in no timestamp until written back; and a clock set back by more than the
time since the last snapshot, to the nanosecond.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE, S_ISREG
from threading import RLock
from typing import Any

import msgspec
from blake3 import blake3

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import File, Link

Known = tuple[int, int, int, int, int, File | Link]
"""ctime_ns, mtime_ns, size, inode, st_mode and the entry these stand for."""

_CLOCK_COARSE = 5  # CLOCK_REALTIME_COARSE, the clock the kernel stamps files with
_RACY = -1
_MAGIC = b"shepherd-sidecar stat cache 2\n"
_SAVE_AFTER = 2048
"""Files read since the last save that make another save worth its writing."""


class Folder:
    """One folder as it was walked: its files and links, its folders, its tree once known.

    Not changed any more once its snapshot stands: an unchanged folder is shared by the next.
    """

    __slots__ = ("attributed", "attributes_below", "bytes_below", "files", "files_below",
                 "folders", "largest", "left_out", "linked", "links_below", "mode", "rules",
                 "size", "tree")  # fmt: skip

    def __init__(self, mode: int) -> None:
        self.mode = mode
        self.files: dict[str, Known] = {}
        self.folders: dict[str, Folder] = {}
        self.left_out: dict[str, str] = {}
        """Name to why; an ignored folder ends in ``/``, since some patterns match only folders."""
        self.linked: dict[str, int] = {}
        """Name to inode, of files with several hard links."""
        self.links_below = False
        """Whether it or a folder below it has such files."""
        self.attributed: frozenset[str] = frozenset()
        """Names of files with attributes that no tree holds."""
        self.attributes_below = False
        """Whether it or a folder below it has such files."""
        self.rules = ""
        """Digest of the ignore rules it was walked under."""
        self.size = 0
        """Sum of the sizes of its own files."""
        self.largest = 0
        """Size of its own largest file."""
        self.files_below = 0
        """Files and links in it and below it."""
        self.bytes_below = 0
        """Sum of the sizes of the files in it and below it."""
        self.tree: Id | None = None

    def sum_up(self) -> None:
        """Set what follows from the files and folders (those being summed up already)."""
        sizes = [record[2] for record in self.files.values() if S_ISREG(record[4])]
        self.size, self.largest = sum(sizes), max(sizes, default=0)
        self.links_below, self.attributes_below = bool(self.linked), bool(self.attributed)
        self.files_below, self.bytes_below = len(self.files), self.size
        for inner in self.folders.values():
            self.links_below |= inner.links_below
            self.attributes_below |= inner.attributes_below
            self.files_below += inner.files_below
            self.bytes_below += inner.bytes_below


def coarse_now() -> int:
    """The clock that stamps files, in ns. A write after this call is stamped with no less."""
    return time.clock_gettime_ns(_CLOCK_COARSE)


def known(found: os.stat_result, entry: File | Link, read_from: int) -> Known:
    """The record of a file whose reading began at ``read_from`` (``coarse_now``)."""
    ctime, mtime = found.st_ctime_ns, found.st_mtime_ns
    newest = max(ctime, mtime)
    # Round timestamps tell of a file system with coarse ones (FAT 2 s, some 1 s or 1-10 ms).
    if newest % 1_000_000 == 0:
        newest += 2_000_000_000 if newest % 1_000_000_000 == 0 else 20_000_000
    if newest >= read_from:
        ctime = _RACY
    return ctime, mtime, found.st_size, found.st_ino, found.st_mode, entry


def settle_racy(folder: Folder, now: int) -> None:
    """Mark the entries that are not older than ``now`` as racy (after making a world)."""
    for name, record in folder.files.items():
        if record[0] >= now:
            folder.files[name] = (_RACY, *record[1:])
    for inner in folder.folders.values():
        settle_racy(inner, now)


def is_same(record: Known, found: os.stat_result) -> bool:
    """Whether the file is as it was when the record was made."""
    return (
        record[0] == found.st_ctime_ns
        and record[1] == found.st_mtime_ns
        and record[2] == found.st_size
        and record[3] == found.st_ino
        and record[4] == found.st_mode
    )


@dataclass(slots=True)
class StatCache:
    """The last walk of one folder. Used by one thread at a time: hold ``lock``."""

    file: Path | None = None
    """Where it is kept between processes; None keeps it in memory only."""
    root: Folder | None = None
    """The folder as last captured; its tree stands for all that is believed."""
    confirmed: Folder | None = None
    """The last one whose tree was seen in the store later on."""
    lock: RLock = field(default_factory=RLock, repr=False)
    unsaved: int = 0
    """Files read since the last save."""
    _loaded: bool = False

    def believe(self, root: Folder, identity: int, read: int) -> None:
        """Take over a finished walk (``root.tree`` is known) that read ``read`` files."""
        self.root, self._loaded = root, True
        self.unsaved += read
        if self.unsaved >= _SAVE_AFTER:
            self.save(identity)

    def forget(self) -> None:
        """Believe nothing; the next walk reads every file."""
        self.root = self.confirmed = None
        self._loaded = True

    def load(self, identity: int, is_held: Callable[[Id], bool]) -> Folder | None:
        """What is known, from memory or else from the file; None when nothing can be believed.

        The records stand for blobs, and these are there only while a tree that names them all
        is. A preview, a failed transaction or gc may mean that it is not: ``is_held`` asks the
        store. Then the tree before serves, or none.

        ``identity`` is the inode of the folder: records of another folder are not believed.
        """
        if not self._loaded:
            self._loaded = True
            self.root = self._read(identity)
        for root in (self.root, self.confirmed):
            if root is not None and root.tree is not None and is_held(root.tree):
                self.root = self.confirmed = root
                return root
        self.forget()
        return None

    def save(self, identity: int) -> None:
        """Write the file, whole or not at all. Losing it costs time, never truth: no fsync."""
        if self.file is None or self.root is None or not self.unsaved:
            return
        body = msgspec.msgpack.encode((identity, _packed(self.root)))
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd, name = tempfile.mkstemp(prefix=f".{self.file.name}.", dir=self.file.parent)
            try:
                with os.fdopen(fd, "wb") as out:
                    out.write(_MAGIC + blake3(body).digest() + body)
                os.replace(name, self.file)
            except BaseException:
                os.unlink(name)
                raise
        except OSError:
            return  # a full or read-only disk: the next process reads the files again
        self.unsaved = 0

    def _read(self, identity: int) -> Folder | None:
        if self.file is None:
            return None
        try:
            data = self.file.read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + 32
        if not data.startswith(_MAGIC) or blake3(data[start:]).digest() != data[start - 32 : start]:
            return None
        try:
            of, packed = msgspec.msgpack.decode(data[start:])
            return _unpacked(packed) if of == identity else None
        except (msgspec.DecodeError, ValueError, TypeError, LookupError):
            return None


def all_folders(folder: Folder, path: str = "") -> Iterator[tuple[str, Folder]]:
    """The folder and every folder below it, each after its path (empty, or ending in ``/``)."""
    yield path, folder
    for name, inner in folder.folders.items():
        yield from all_folders(inner, f"{path}{name}/")


def _packed(folder: Folder) -> list[Any]:
    # Names as bytes: MessagePack text must be UTF-8, names need not.
    return [
        folder.mode,
        folder.tree,
        folder.rules,
        [
            (os.fsencode(name), *record[:5], _packed_entry(record[5]))
            for name, record in folder.files.items()
        ],
        [(os.fsencode(name), _packed(inner)) for name, inner in folder.folders.items()],
        [(os.fsencode(name), why) for name, why in folder.left_out.items()],
        [(os.fsencode(name), inode) for name, inode in folder.linked.items()],
        [os.fsencode(name) for name in folder.attributed],
    ]


def _packed_entry(entry: File | Link) -> bytes:
    return bytes.fromhex(entry.blob) if isinstance(entry, File) else b"l" + entry.target


def _unpacked(packed: list[Any]) -> Folder:
    mode, tree, rules, files, folders, left_out, linked, attributed = packed
    folder = Folder(mode)
    folder.tree, folder.rules = tree, rules
    for name, ctime, mtime, size, inode, st_mode, data in files:
        entry: File | Link
        entry = File(S_IMODE(st_mode), size, data.hex()) if S_ISREG(st_mode) else Link(data[1:])
        folder.files[os.fsdecode(name)] = (ctime, mtime, size, inode, st_mode, entry)
    folder.folders = {os.fsdecode(name): _unpacked(inner) for name, inner in folders}
    folder.left_out = {os.fsdecode(name): why for name, why in left_out}
    folder.linked = {os.fsdecode(name): inode for name, inode in linked}
    folder.attributed = frozenset(os.fsdecode(name) for name in attributed)
    folder.sum_up()
    return folder
