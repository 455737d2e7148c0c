"""The portable driver: worlds are copies out of the object store.

Layer: worlds. Works wherever files can be written. A world costs the difference to a folder
that stands by (``standby.py``), or else a write of every file; a snapshot costs a walk, and
the reading of what changed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice, tee
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from shepherd_sidecar.trace.ids import Id, object_id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.worlds.capture import capture, seen_reader
from shepherd_sidecar.worlds.driver import Availability, Objects, Snapshot, World
from shepherd_sidecar.worlds.fill_tree import Source, fill, read_tree
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.materialise import clean_folder, staged
from shepherd_sidecar.worlds.parsed import Parsed
from shepherd_sidecar.worlds.reach import FOLDER, Reach, remove_all
from shepherd_sidecar.worlds.standby import Standby
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache, all_folders
from shepherd_sidecar.worlds.write_file import copy_content

if TYPE_CHECKING:
    from shepherd_sidecar.worlds.watching import Watch, Watching

_LOOKED_AT: Final = 64
"""Near trees of which a live folder is looked for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What every driver is told."""

    store: Path | None = None
    """The store: never captured."""
    caches: Path | None = None
    """Folder for stat caches, one file a world; None keeps them in memory only."""
    limits: Limits = field(default_factory=Limits)
    """Budgets of each snapshot."""
    standing: Path | None = None
    """Folder for what is kept at hand to make worlds from, on their file system: ``STANDING`` in
    the folder of the worlds. None: nothing is."""
    watch: bool = False
    """Watch plain folders from their first snapshot on, so that the next need not walk them."""


class CopyDriver:
    """See the module. Safe to use from several threads; calls for one world take turns."""

    name = "copy"

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        standing = self.settings.standing
        self._parsed = Parsed()
        self.standby = Standby(standing / "standby", lay=self._lay) if standing else None
        self._caches: dict[Path, StatCache] = {}
        self._watching: Watching | None = None
        self._lock = Lock()

    def probe(self, folder: Path) -> Availability:
        """Make a small world in ``folder`` and remove it."""
        try:
            with tempfile.TemporaryDirectory(prefix=".probe-", dir=folder) as name:
                file = Path(name, "file")
                file.write_bytes(b"")
                file.chmod(0o640)
                Path(name, "link").symlink_to("file")
                file.rename(Path(name, "renamed"))
        except OSError as error:
            return Availability(self.name, False, f"{folder} cannot be written: {error.strerror}")
        return Availability(self.name, True)

    def create(self, objects: Objects, tree: Id, at: Path, near: Iterable[Id] = ()) -> World:
        """A folder that stands by, or else a new one; see ``Driver.create``."""
        nearest, again = tee(near)
        if self.standby is not None:
            self.standby.want(tree)
            if self.standby.claim(objects, tree, at, nearest, self._cache_file(at)):
                return World(path=at, mounted_at=at, driver=self.name, place="apart")
        with staged(at) as fd:
            folder = self._lay(objects, tree, fd, again)
        cache = self.cache_of(at)
        with cache.lock:
            read = sum(len(inner.files) for _, inner in all_folders(folder))
            cache.believe(folder, at.lstat().st_ino, read)
        return World(path=at, mounted_at=at, driver=self.name, place="apart")

    def wanted(self) -> list[Id]:
        """Trees of which a next world would be made faster by ``refill``, the most wanted first."""
        return self.standby.wanted() if self.standby is not None else []

    def refill(self, objects: Objects, tree: Id) -> None:
        """Keep at hand what makes worlds of ``tree`` fast; see ``Standby.refill``."""
        if self.standby is not None:
            self.standby.refill(objects, tree)

    def forget(self, keep: Collection[Id] = ()) -> None:
        """Remove what is kept at hand, but for trees in ``keep``."""
        if self.standby is not None:
            self.standby.forget(keep)

    def open(self, world: World) -> World:
        """A folder stays where it is."""
        return world

    def snapshot(self, objects: Objects, world: World, before: Id | None) -> Snapshot:
        """The world as it is now; see ``capture``."""
        return capture(
            objects,
            world.path,
            self.cache_of(world.path),
            limits=self.settings.limits,
            store=self.settings.store,
            before=before,
            driver=self.name,
            watch=self.watch_of(world.path),
            read=self._parsed.reader(objects),
        )

    @property
    def parsed(self) -> Parsed:
        """Trees that were met already."""
        return self._parsed

    def reader(self, objects: Objects, world: World) -> Read:
        """Trees by id, those of the world's last snapshots without reading them."""
        return seen_reader(self.cache_of(world.path), self._parsed.reader(objects))

    def watch_of(self, path: Path) -> Watch | None:
        """What knows of the changes in a plain folder; None when nothing does."""
        if not self.settings.watch:
            return None
        with self._lock:
            if self._watching is None:
                # Imported when a folder is watched: a start shall not pay for it.
                from shepherd_sidecar.worlds.watching import Watching

                self._watching = Watching()
        return self._watching.of(path)

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            watching, self._watching = self._watching, None
        if watching is not None:
            watching.close()

    def destroy(self, world: World) -> None:
        """Remove the world. Of a world in place only what is remembered of it is removed."""
        if world.place == "apart":
            with Reach(world.path.parent.resolve()) as reach:
                remove_all(world.path.name, reach.root)
        with self._lock:
            cache = self._caches.pop(world.path, None)
            watching = self._watching
        if watching is not None:
            watching.forget(world.path)
        file = cache.file if cache is not None else self._cache_file(world.path)
        if file is not None:
            file.unlink(missing_ok=True)

    def clean(self, folder: Path, living: Iterable[Path]) -> list[Path]:
        """Remove what a crash left; what another process is just building stays.

        The stat caches of the living stay too, should they be kept in the same folder.
        """
        return clean_folder(folder, self._with_caches(living))

    def flush(self) -> None:
        """Write the stat caches, so that the next process need not read every file again."""
        with self._lock:
            caches = list(self._caches.items())
        for path, cache in caches:
            with cache.lock:
                if path.is_dir():
                    cache.save(path.lstat().st_ino)

    def known(self, world: World) -> Folder | None:
        """What was seen at the world's last snapshot."""
        return self.cache_of(world.path).root

    def cache_of(self, path: Path) -> StatCache:
        """The stat cache of the world at ``path``."""
        with self._lock:
            cache = self._caches.get(path)
            if cache is None:
                cache = self._caches[path] = StatCache(self._cache_file(path))
            return cache

    def _lay(self, objects: Objects, tree: Id, fd: int, near: Iterable[Id] = ()) -> Folder:
        """Write a tree into an empty open folder, out of a live one that is nearest to it.

        What a live one holds is checked against the tree file by file: anybody may write there.
        """
        live = self._live()
        candidates = chain((tree,), islice(near, _LOOKED_AT)) if live else ()
        found = next((other for other in candidates if other in live), None)
        with contextlib.ExitStack() as held:
            source = read = None
            if found is not None:
                with contextlib.suppress(OSError):  # gone, or closed: the store has all
                    folder = os.open(live[found], FOLDER)
                    held.callback(os.close, folder)
                    source = Source(folder, found, copy_content)
                    read = seen_reader(self.cache_of(live[found]), partial(read_tree, objects))
            return fill(objects, tree, fd, source, read)

    def _live(self) -> dict[Id, Path]:
        """Folders by the tree that they held at their last snapshot."""
        with self._lock:
            known = list(self._caches.items())
        return {
            cache.root.tree: path
            for path, cache in known
            if cache.root is not None and cache.root.tree is not None
        }

    def _with_caches(self, living: Iterable[Path]) -> list[Path]:
        keep = list(living)
        return keep + [file for file in map(self._cache_file, keep) if file is not None]

    def _cache_file(self, path: Path) -> Path | None:
        if self.settings.caches is None:
            return None
        name = object_id("memo", os.fsencode(path.absolute()))
        return self.settings.caches / f"{name[:32]}.stat"
