"""Writing a tree into an empty folder.

Layer: worlds. Content, names, permission bits and links are exact; times are those of the
writing, owners those of this process, since no tree holds either. Content comes out of the
object store, or where a standing folder has the same file, from that.

What is learned on the way (inode and times of each file) fills the stat cache, so the first
snapshot of the folder reads almost nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Final

from shepherd_sidecar.errors import BlobMissing, StoreCorrupt
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.trace.trees import BadTree, Dir, Entry, File, Link, Tree, parse_tree
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.progress import tell
from shepherd_sidecar.worlds.reach import FOLDER, Reach, set_mode
from shepherd_sidecar.worlds.stat_cache import Folder, Known, coarse_now, known, settle_racy
from shepherd_sidecar.worlds.write_file import (
    NEW_FILE,
    SMALL,
    read_small,
    write_all,
    write_content,
)

_LATER: Final = 1 << 62
_ALONE: Final = 200
"""Files that are written before it is known whether threads are worth it."""
_THREADS: Final = 2
_SLOW_S: Final = 200e-6
"""A file that takes longer is waited for in the kernel: others may be written meanwhile.

Where it does not, threads only wait for each other.
"""
_FILES, _BYTES = 64, 1 << 20
"""What one thread is given at a time."""
_WAITING: Final = 8
"""Portions that may wait for a thread; each holds two descriptors and its content."""
_LONG: Final = 16 << 20
"""Bytes of a file that takes long by itself."""
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_File = tuple[bytes, File, bytes | None]
"""Name, entry and content; without it the file of that name in the source is copied."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder that has most of the files, so that they need not come out of the object store."""

    fd: int
    """The folder, open."""
    tree: Id
    """What it holds, or held a moment ago."""
    copy: Callable[[int, int, File], bool]
    """Give an empty open file (the second) the content of an open one (the first).

    False when that is not what the tree says.
    """


def fill(
    objects: Objects,
    tree: Id,
    fd: int,
    source: Source | None = None,
    read: Read | None = None,
) -> Folder:
    """Write ``tree`` into the empty folder open at ``fd``; its own mode is left alone.

    ``read`` gives trees that may be known already.

    Returns what the stat cache may believe of the folder.

    Raises:
        BlobMissing, StoreCorrupt, OSError: broken off.
    """
    root = Folder(0)
    work = _Fill(objects, source, read or partial(read_tree, objects))
    with work.threads:
        work.folder(tree, fd, root, [], (source.fd, source.tree) if source else None)
        work.finish()
    with Reach(fd) as reach:
        for names, mode in reversed(work.closed):
            set_mode(names[-1], mode, reach.folder(names[:-1]))
    _sum_up(root)
    settle_racy(root, coarse_now())
    return root


def read_tree(objects: Objects, tree: Id) -> Tree:
    """A tree of the store. Raises BlobMissing, StoreCorrupt."""
    try:
        return parse_tree(objects.read("tree", tree))
    except BadTree as error:
        problem = {"what": "encoding", "where": tree, "detail": str(error)}
        raise StoreCorrupt(f"tree {tree} cannot be read: {error}", problems=[problem]) from error


def make_link(name: bytes, entry: Link, fd: int) -> None:
    """Make a link in an open folder. Raises StoreCorrupt for the empty target a tree can spell."""
    try:
        os.symlink(entry.target, name, dir_fd=fd)
    except FileNotFoundError:  # Linux cannot hold it
        raise StoreCorrupt("a link without target cannot be made", problems=[]) from None


class _Fill:
    """Walks the tree and reads; threads write what was read, or copy from the source."""

    def __init__(self, objects: Objects, source: Source | None, read: Read) -> None:
        self.objects, self.source, self.read = objects, source, read
        self.threads = _Threads()
        self.reading = Lock()
        self.files = 0
        self.writing_s = 0.0
        """How long the files took that were written by this thread."""
        self.closed: list[tuple[list[bytes], int]] = []
        """Folders that cannot be worked in once they have their mode, outer before inner."""

    def folder(
        self, tree: Id, fd: int, into: Folder, names: list[bytes], like: tuple[int, Id] | None
    ) -> None:
        """Fill one folder. ``like``: the folder at the same path of the source, and its tree."""
        into.tree = tree
        if self.files > _ALONE:
            tell(f"{self.files:,} files")
        with self.reading:
            entries = self.read(tree)
            theirs = entries if like is not None and like[1] == tree else self._theirs(like)
        portion: list[_File] = []
        size = 0
        for name, entry in entries.items():
            if isinstance(entry, Dir):
                self._inner(name, entry, fd, into, [*names, name], like, theirs.get(name))
                continue
            if isinstance(entry, Link):
                make_link(name, entry, fd)
                found = os.stat(name, dir_fd=fd, follow_symlinks=False)
                into.files[os.fsdecode(name)] = known(found, entry, _LATER)
                continue
            twin = theirs.get(name)
            data = None
            if not isinstance(twin, File) or twin.blob != entry.blob:
                if entry.size >= SMALL:
                    self._large(name, entry, fd, into)
                    continue
                with self.reading:
                    data = read_small(self.objects, entry) if entry.size else b""
                size += entry.size
            portion.append((name, entry, data))
            if len(portion) >= _FILES or size >= _BYTES:
                self._hand_out(portion, fd, into, like)
                portion, size = [], 0
        self._hand_out(portion, fd, into, like)

    def _theirs(self, like: tuple[int, Id] | None) -> Tree:
        try:
            return self.read(like[1]) if like else {}
        except BlobMissing:
            return {}  # a tree that gc removed while its folder still stands

    def finish(self) -> None:
        """Wait for the threads; raises what went wrong in them."""
        self.threads.finish()

    def _inner(
        self,
        name: bytes,
        entry: Dir,
        fd: int,
        into: Folder,
        names: list[bytes],
        like: tuple[int, Id] | None,
        twin: Entry | None,
    ) -> None:
        os.mkdir(name, 0o700, dir_fd=fd)
        made = os.open(name, FOLDER, dir_fd=fd)
        try:
            if entry.mode & stat.S_IRWXU == stat.S_IRWXU:
                os.fchmod(made, entry.mode)
            else:
                self.closed.append((names, entry.mode))
            folder = into.folders[os.fsdecode(name)] = Folder(entry.mode)
            theirs = -1
            if like is not None and isinstance(twin, Dir):
                # One that is closed, or gone, is done without: the object store has all.
                with contextlib.suppress(OSError):
                    theirs = os.open(name, FOLDER, dir_fd=like[0])
            if theirs < 0 or not isinstance(twin, Dir):
                self.folder(entry.tree, made, folder, names, None)
                return
            try:
                self.folder(entry.tree, made, folder, names, (theirs, twin.tree))
            finally:
                os.close(theirs)
        finally:
            os.close(made)

    def _large(self, name: bytes, entry: File, fd: int, into: Folder) -> None:
        if entry.size >= _LONG:
            tell(f"{self.files:,} files")
        file = os.open(name, NEW_FILE, entry.mode & 0o777, dir_fd=fd)
        try:
            with self.reading:
                write_content(self.objects, file, entry)
            into.files[os.fsdecode(name)] = _settled(file, entry)
        finally:
            os.close(file)

    def _hand_out(
        self, portion: list[_File], fd: int, into: Folder, like: tuple[int, Id] | None
    ) -> None:
        self.files += len(portion)
        if not self.threads.at_work and (
            self.files <= _ALONE or self.writing_s < self.files * _SLOW_S
        ):
            start = time.perf_counter()
            self._write(portion, fd, into, like[0] if like else -1)
            self.writing_s += time.perf_counter() - start
        elif portion:
            self.threads.make_room()
            held = os.dup(fd), os.dup(like[0]) if like else -1
            self.threads.do(self._write_and_close, portion, into, *held)

    def _write_and_close(self, portion: list[_File], into: Folder, fd: int, like: int) -> None:
        try:
            if not self.threads.failed:
                self._write(portion, fd, into, like)
        finally:
            os.close(fd)
            if like >= 0:
                os.close(like)

    def _write(self, portion: list[_File], fd: int, into: Folder, like: int) -> None:
        for name, entry, data in portion:
            # Asking for the final bits at once saves a chmod where the umask allows them.
            file = os.open(name, NEW_FILE, entry.mode & 0o777, dir_fd=fd)
            try:
                if data is not None:
                    write_all(file, data)
                elif entry.size and not self._copied(name, entry, like, file):
                    with self.reading:
                        write_content(self.objects, file, entry)
                into.files[os.fsdecode(name)] = _settled(file, entry)
            finally:
                os.close(file)

    def _copied(self, name: bytes, entry: File, like: int, file: int) -> bool:
        """Copy a file of the source; False when it cannot be, or is not what it should be."""
        assert self.source is not None
        try:
            theirs = os.open(name, _READ, dir_fd=like)
        except OSError:
            return False
        try:
            if self.source.copy(theirs, file, entry):
                return True
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
        finally:
            os.close(theirs)
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        return False


class _Threads:
    """A few threads with a short queue. At the end of the block all have ended."""

    def __init__(self) -> None:
        self.failed = False
        """What is still in the queue need not be done."""
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    @property
    def at_work(self) -> bool:
        """Whether there are any."""
        return self._pool is not None

    def make_room(self) -> None:
        """Wait until the queue takes one more. Raises what went wrong meanwhile."""
        if len(self._waiting) >= _WAITING:
            self._waiting.popleft().result()

    def do(self, work: Callable[..., None], *arguments: object) -> None:
        """Put work into the queue."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_THREADS)
        self._waiting.append(self._pool.submit(work, *arguments))

    def finish(self) -> None:
        """Wait for everything. Raises what went wrong."""
        while self._waiting:
            self._waiting.popleft().result()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.failed = error is not None
        if self._pool is not None:
            self._pool.shutdown(wait=True)


def _settled(file: int, entry: File) -> Known:
    """The record of a file just written, which gets its mode."""
    found = os.fstat(file)
    if stat.S_IMODE(found.st_mode) != entry.mode:
        os.fchmod(file, entry.mode)
        found = os.fstat(file)
    # Whether it is racy is settled at the end, against the clock of the end.
    return known(found, entry, _LATER)


def _sum_up(folder: Folder) -> None:
    for inner in folder.folders.values():
        _sum_up(inner)
    folder.sum_up()
