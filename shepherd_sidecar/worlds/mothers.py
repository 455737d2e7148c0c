"""Mothers: folders of known trees that stay as they are, for worlds to be cloned from.

Layer: worlds. At most one of each tree, under the tree's name; the file system is the index.
A lock (shared while something is cloned from it) keeps one from being removed meanwhile.
Nothing depends on what stands here: all of it may be lost.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.worlds.materialise import Begin, clean_folder, locked, staged
from shepherd_sidecar.worlds.reach import FOLDER, remove_all
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache

_LOOKED_AT: Final = 200
"""Near trees that are tried; the further, the less is saved."""
_STAT: Final = ".stat"


class Mothers:
    """See the module. Safe to use from several threads and processes."""

    def __init__(
        self, folder: Path, most: int, remove: Callable[[str, int], None] = remove_all
    ) -> None:
        """``folder``: on the file system of the worlds; ``most``: how many may stand there."""
        self.folder = folder
        self.most = most
        self._remove = remove

    def nearest(self, tree: Id, near: Iterable[Id]) -> Id | None:
        """The first of ``tree`` and ``near`` that has a mother."""
        standing = set(self.standing())
        if not standing:
            return None
        for candidate in chain((tree,), islice(near, _LOOKED_AT)):
            if candidate in standing:
                return candidate
        return None

    @contextlib.contextmanager
    def opened(self, tree: Id) -> Iterator[int]:
        """The mother of a tree, open, and staying as long as the block lasts.

        Raises:
            FileNotFoundError: there is none, or it is just being removed.
        """
        fd = os.open(self.folder / tree, FOLDER)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FileNotFoundError(errno.ENOENT, "is being removed", tree) from None
            os.utime(fd)  # the one used longest ago goes first
            yield fd
        finally:
            os.close(fd)

    def lay(
        self, tree: Id, write: Callable[[int], Folder | None], begin: Begin | None = None
    ) -> None:
        """Make the mother of a tree; nothing happens when another process was faster.

        Args:
            tree: what it will hold.
            write: brings the folder that ``begin`` made to hold it, and tells its records.
            begin: as for ``staged``.

        Raises:
            As ``staged`` and ``write``.
        """
        self._make_room()
        try:
            with staged(self.folder / tree, begin, self._remove) as fd:
                records = write(fd)
                if records is not None:
                    cache, inode = StatCache(self.stat(tree)), os.fstat(fd).st_ino
                    cache.believe(records, inode, 1)
                    cache.save(inode)
        except FileExistsError:
            pass

    def stat(self, tree: Id) -> Path:
        """The file of the stat cache that goes with a mother."""
        return self.folder / f"{tree}{_STAT}"

    def standing(self) -> list[Id]:
        """The trees that have a mother, the one used last first."""
        used = []
        with contextlib.suppress(FileNotFoundError):
            for entry in os.scandir(self.folder):
                if is_id(entry.name):
                    with contextlib.suppress(FileNotFoundError):
                        used.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
        return [tree for _, tree in sorted(used, reverse=True)]

    def forget(self, keep: Collection[Id] = ()) -> None:
        """Remove all but those of ``keep`` and those in use, and what a crash left."""
        in_use = {tree for tree in self.standing() if self._in_use(tree)}
        kept = [self.folder / tree for tree in in_use.union(keep)]
        kept += [self.stat(tree) for tree in in_use.union(keep)]
        clean_folder(self.folder, kept, self._remove)

    def _make_room(self) -> None:
        """Remove those used longest ago, so that one more may stand."""
        used = self.standing()
        if len(used) >= self.most:
            self.forget(used[: self.most - 1])

    def _in_use(self, tree: Id) -> bool:
        try:
            os.close(locked(self.folder / tree))
        except BlockingIOError:
            return True
        except OSError:
            pass  # gone
        return False
