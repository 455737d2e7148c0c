"""Taking a snapshot: walk, read what is new, seal the trees.

Layer: worlds. Decides what is captured, for every driver alike. The result is a complete tree
or an error; a failed snapshot records nothing and is never answered with an older tree.

Captured: regular files with permission bits (07777), links with their bytes, folders with
their permission bits, empty ones too; names and targets as bytes. Not captured, because they
do not travel: owners, times, extended attributes; a file with such as somebody could miss is
named (``attributes``). Nested repositories are folders like any other. Hard links are captured
as separate files; a file that shares its inode with others *inside* the workspace is named once
a group (``hardLink``).

With a ``Watch`` only the folders that changed are looked at; the result is the same.

A walk is not atomic: what moves from a part not yet walked to one already walked is missed.
Who needs one instant freezes the processes first (a driver's business).
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections import defaultdict
from collections.abc import Callable
from functools import cache as remembered
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shepherd_sidecar.errors import SnapshotFailed
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read, tree_diff
from shepherd_sidecar.trace.trees import Dir, File, Tree, parse_tree, tree_bytes
from shepherd_sidecar.worlds.driver import NotCaptured, Objects, Snapshot
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.paths import printable
from shepherd_sidecar.worlds.reach import FOLDER, Reach
from shepherd_sidecar.worlds.read_file import ATTRIBUTES, GREW, Content, ReadFailed, read_content
from shepherd_sidecar.worlds.rescan import Rescan, WalkAll, left_out_below
from shepherd_sidecar.worlds.scan import Scan, Vanished, cannot_read
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache, all_folders

if TYPE_CHECKING:
    from shepherd_sidecar.worlds.watching import Claim, Watch

_NAMED = 1000
"""Files with attributes that are named one by one."""
_ATTEMPTS = 5
"""Walks that may start again because a folder went away under them."""


def capture(
    objects: Objects,
    root: Path,
    cache: StatCache,
    *,
    limits: Limits | None = None,
    store: Path | None = None,
    before: Id | None = None,
    driver: str = "copy",
    watch: Watch | None = None,
    walk: bool = False,
    read: Read | None = None,
) -> Snapshot:
    """The workspace at ``root`` as it is now, its content added to ``objects``.

    ``before`` is the tree to name the changed paths against; without it none are named.
    ``watch`` knows what changed since the last capture with it; ``walk``: walk all the same.
    ``read`` gives trees that may be known already.

    Raises:
        BudgetExceeded: before anything was read, naming the biggest offenders.
        SnapshotFailed: the workspace is gone, or would not hold still.
    """
    return attempts(
        lambda: Capture(objects, root, cache, limits or Limits(), store, watch, walk),
        before,
        driver,
        seen_reader(cache, read or tree_reader(objects)),
    )


def attempts(
    attempt: Callable[[], Capture], before: Id | None, driver: str, read: Read
) -> Snapshot:
    """The first attempt that no folder's going away spoilt; see ``capture``.

    ``read`` reads ``before`` and the new tree, to name what changed between them.
    """
    start = time.perf_counter()
    gone: Vanished | None = None
    taken = attempt()
    with taken.cache.lock:
        for _ in range(_ATTEMPTS):
            try:
                taken.run()
                break
            except Vanished as error:
                gone = error
                taken = attempt()
        else:
            shown = printable(os.fsencode(str(gone)))
            raise SnapshotFailed(
                f"the workspace would not hold still: {shown} went away in each of "
                f"{_ATTEMPTS} walks",
                hint="let what is writing there finish, or name it in .shepherdignore",
                path=shown,
            ) from gone
    changed: tuple[str, ...] = ()
    if before is not None:
        changed = tuple(printable(c.path) for c in tree_diff(read, before, taken.tree))
    return Snapshot(
        tree=taken.tree,
        files=taken.files,
        bytes_total=taken.bytes_total,
        ms=(time.perf_counter() - start) * 1000,
        driver=driver,
        not_captured=taken.not_captured,
        changed=changed,
    )


class Capture:
    """One attempt. A driver that knows what cannot have changed overrides ``run``."""

    tree: Id

    def __init__(
        self,
        objects: Objects,
        root: Path,
        cache: StatCache,
        limits: Limits,
        store: Path | None,
        watch: Watch | None = None,
        walk: bool = False,
    ) -> None:
        self.objects, self.root, self.cache = objects, root, cache
        self.watch, self.walk = watch, walk
        self.scan = Scan(_identity(store), limits, watch)
        self.again: list[str] = []
        """Folders in which something was not captured as it is: they are looked at anew."""
        self._claim: Claim | None = None
        self._told_anew = False
        """Whether a file was read that is to be named even so."""

    def run(self) -> None:
        """Take it. Raises Vanished when another attempt may succeed."""
        try:
            root_fd = os.open(self.root, FOLDER)
        except OSError as error:
            raise self._lost(error.strerror) from error
        watch = self.watch
        try:
            here = os.fstat(root_fd)
            old = self.cache.load(here.st_ino, partial(self.objects.has, "tree"))
            if watch is not None:
                terms = (self.scan.limits, self.scan.store)
                self._claim = watch.claim(root_fd, old, terms, self.walk)
            folder = self._walk(root_fd, old)
            self.files, self.bytes_total = self.scan.tally.files, self.scan.tally.bytes
            with Reach(root_fd) as reach:
                self._read(reach)
            self.tree = self._seal(folder)
            if _identity(self.root) != (here.st_dev, here.st_ino):
                raise self._lost("it was moved, replaced or removed meanwhile")
            self.not_captured = self._not_captured(folder)
        except BaseException:
            if watch is not None and self._claim is not None:
                watch.give_back(self._claim)
            raise
        finally:
            os.close(root_fd)
        self.cache.believe(folder, here.st_ino, len(self.scan.unread))
        if watch is not None and self._claim is not None:
            if (folder.files_below, folder.bytes_below) != (self.files, self.bytes_total):
                _sum_all(folder)
            watch.settle(self._claim, folder, self.not_captured, self.again)

    def _walk(self, root: int, old: Folder | None) -> Folder:
        """Look at what may have changed: at everything, unless a watch knows better."""
        full, claim = self.scan, self._claim
        if claim is not None and claim.dirty is not None and old is not None:
            self.scan = rescan = Rescan(full.store, full.limits, self.watch)
            try:
                return rescan.look(root, old, claim.dirty)
            except WalkAll:
                claim.dirty, self.scan = None, full
        return full.run(root, old)

    def _read(self, reach: Reach) -> None:
        at, dir_fd = "", reach.root
        for item in self.scan.unread:
            if item.path != at:
                at, dir_fd = item.path, self._opened(reach, item.path)
            try:
                got = read_content(self.objects, dir_fd, item.name)
            except ReadFailed as error:
                raise cannot_read(item.path + item.name, error) from error
            if stat.S_ISREG(item.found.st_mode):
                self.bytes_total -= item.found.st_size
            if isinstance(got, Content):
                item.folder.files[item.name] = got.record
                if isinstance(got.record[5], File):
                    self.bytes_total += got.record[5].size
                if got.links > 1:
                    item.folder.linked[item.name] = got.record[3]
                if got.attributed:
                    item.folder.attributed |= {item.name}
                    self._told_anew = True
                if got.note is not None:
                    self._note(item.path, item.name, got.note)
            else:
                self.files -= 1
                if got is not None:
                    item.folder.left_out[item.name] = got
                    self._note(item.path, item.name, got)

    def _opened(self, reach: Reach, path: str) -> int:
        """The folder at a path (empty, or with its ``/``), valid until the next is asked for."""
        try:
            return reach.folder(os.fsencode(path).split(b"/")[:-1])
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Vanished(path) from error
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise Vanished(path) from error
            raise cannot_read(path, error) from error

    def _note(self, path: str, name: str, why: str) -> None:
        self.scan.not_captured.append((path + name, why))
        self.again.append(path)

    def _seal(self, folder: Folder) -> Id:
        """Add the trees of what is new, the innermost first."""
        if folder.tree is None:
            for inner in folder.folders.values():
                self._seal(inner)
            folder.sum_up()
            folder.tree = self.objects.add("tree", tree_bytes(_tree_of(folder)))
        return folder.tree

    def _not_captured(self, root: Folder) -> tuple[NotCaptured, ...]:
        found, claim = self.scan.not_captured, self._claim
        if isinstance(self.scan, Rescan):
            known = claim.notes if claim is not None and self.scan.same_notes else None
            if known is not None and not self.again and not self._told_anew:
                return known
            found = left_out_below(root) + [note for note in found if note[1] == GREW]
        notes = [(os.fsencode(path), why) for path, why in found]
        if root.links_below:
            groups: dict[int, list[bytes]] = defaultdict(list)
            for path, folder in all_folders(root):
                for name, inode in folder.linked.items():
                    groups[inode].append(os.fsencode(path + name))
            notes += [(min(paths), "hardLink") for paths in groups.values() if len(paths) > 1]
        if root.attributes_below:
            attributed = [
                (os.fsencode(path + name), ATTRIBUTES)
                for path, folder in all_folders(root)
                for name in folder.attributed
            ]
            notes += sorted(attributed)[:_NAMED]
            if len(attributed) > _NAMED:
                notes.append((b".", ATTRIBUTES))
        return tuple(NotCaptured(printable(path), why) for path, why in sorted(notes))

    def _lost(self, why: str | None) -> SnapshotFailed:
        shown = printable(os.fsencode(self.root))
        return SnapshotFailed(
            f"the workspace {shown} cannot be captured: {why}",
            hint="bring the folder back, or start a run on the folder it is in now",
            path=shown,
        )


def _sum_all(folder: Folder) -> None:
    """Sum up a folder whose parts may have been made without."""
    for inner in folder.folders.values():
        _sum_all(inner)
    folder.sum_up()


def tree_reader(objects: Objects) -> Read:
    """Trees of a store by id, each read and parsed once."""

    @remembered
    def read(tree: Id) -> Tree:
        return parse_tree(objects.read("tree", tree))

    return read


def seen_reader(cache: StatCache, others: Read) -> Read:
    """Trees by id, without reading and parsing again what the last walks of a folder saw."""
    seen: dict[Id, Folder] = {}

    def read(tree: Id) -> Tree:
        for root in (cache.confirmed, cache.root) if not seen else ():
            if root is not None and root.tree is not None:
                seen[root.tree] = root
        folder = seen.get(tree)
        if folder is None:
            return others(tree)
        seen.update((inner.tree, inner) for inner in folder.folders.values() if inner.tree)
        return _tree_of(folder)

    return read


def _tree_of(folder: Folder) -> Tree:
    """The tree of a folder whose folders are sealed."""
    encode = os.fsencode
    tree: Tree = {encode(name): record[5] for name, record in folder.files.items()}
    for name, inner in folder.folders.items():
        assert inner.tree is not None, "the innermost are sealed first"
        tree[encode(name)] = Dir(inner.mode, inner.tree)
    return tree


def _identity(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.lstat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None
