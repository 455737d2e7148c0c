"""Worlds as overlay mounts: a fork costs a mount, a snapshot what changed.

Layer: worlds. A world is a stack of immutable layers (``layers.py``) and an upper of its own;
layers are never changed under it and its upper is nobody else's. The keeper mounts, so a world
outlives the sidecar that made it, and can be mounted again from its home by any other.

An upper that has grown becomes a layer when nothing is in the world (``rotation``), so that
snapshots cost what changed lately and not what ever changed. Uppers are never synced: after the
machine was started again a world does not open (``NoWorld``); ``renew`` lays it anew.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from shepherd_sidecar.errors import NoWorld, ShepherdError
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.tree_diff import Read
from shepherd_sidecar.worlds import overlay_home as homes
from shepherd_sidecar.worlds.capture import attempts, capture
from shepherd_sidecar.worlds.copy_driver import Settings
from shepherd_sidecar.worlds.driver import Availability, Objects, Snapshot, World
from shepherd_sidecar.worlds.layer_delta import WHITEOUT
from shepherd_sidecar.worlds.layer_stack import Stack, needs_squash
from shepherd_sidecar.worlds.layers import Layers, boot, no_room_told
from shepherd_sidecar.worlds.mount_points import MountPoints, mounted_in
from shepherd_sidecar.worlds.parsed import Counts, Parsed
from shepherd_sidecar.worlds.reach import FOLDER, remove_all
from shepherd_sidecar.worlds.stat_cache import Folder, StatCache
from shepherd_sidecar.worlds.upper import Below, UpperCapture, WalkNeeded

GROWN: Final = 256
"""Names in an upper, looked at in vain, from which on it should become a layer."""
_TIMES_GROWN: Final = 4
"""So many times more changed names become one at once: a fork then finds them laid."""
_UNPRIVILEGED: Final = (
    "without root a folder that was there at the fork cannot be renamed (EXDEV): programs copy it, "
    "as in a container; worlds are seen below /proc"
)


class Mounter(Protocol):
    """What the driver needs of the keeper."""

    @property
    def mode(self) -> str:
        """``root``, or ``userns``: mounts are in a user namespace."""

    def probe(self) -> str | None:
        """Why overlays do not work here; None when they do."""

    def mount(self, at: Path, lowers: Sequence[str], upper: str, work: str) -> Path:
        """Mount at ``root`` in the home ``at``; where the files are then."""

    def mounted(self, at: Path) -> Path | None:
        """Where the files are, if the world is mounted."""

    def unmount(self, at: Path, *, destroy: bool = False) -> bool:
        """Unmount, unless something is in there; with ``destroy`` whatever is."""


@dataclass(slots=True)
class _Seen:
    """What this process knows of one world."""

    upper: StatCache
    merged: StatCache
    """Of walks of the mount, where the upper did not tell."""
    last: StatCache | None = None
    """Which of the two the last snapshot was taken with."""
    record: homes.Record | None = None
    mark: tuple[int, int] = (0, 0)
    """Inode and mtime of the record, which another process may replace."""


class OverlayDriver:
    """See the module. Safe to use from several threads; calls for one world take turns."""

    name = "overlay"

    def __init__(
        self,
        settings: Settings,
        layers: Layers,
        keeper: Mounter,
        *,
        grown: int = GROWN,
        deep: Callable[[Id], None] | None = None,
    ) -> None:
        """``deep`` is told of trees that ``layers.squash`` should be called for, some time."""
        self.settings, self.layers, self._keeper = settings, layers, keeper
        self._grown, self._deep = grown, deep
        self._seen: dict[Path, _Seen] = {}
        self._paths: dict[Path, Path] = {}
        """Where worlds were found mounted, which may no longer be so."""
        self._lock = Lock()
        self._asked = False
        self._mounts: MountPoints | None = None

    def probe(self, folder: Path) -> Availability:
        """Whether overlays can be mounted in ``folder`` and layers written beside it."""
        area = self.layers.folder
        try:
            stands = area if area.exists() else area.parent
            if stands.stat().st_uid != os.geteuid():
                return self._not(f"{stands} is another user's")
            if stands.stat().st_dev != folder.stat().st_dev:
                return self._not(f"{stands} is on another file system than {folder}")
            name = os.fsencode(folder / f".probe-{secrets.token_hex(8)}")
            os.mknod(name, WHITEOUT, 0)
            os.unlink(name)
        except OSError as error:
            return self._not(f"layers cannot be written there: {error.strerror}")
        try:
            why = self._keeper.probe()
        except ShepherdError as error:
            why = error.message
        if why is not None:
            return self._not(why)
        return Availability(self.name, True, _UNPRIVILEGED if self._keeper.mode != "root" else None)

    def create(self, objects: Objects, tree: Id, at: Path, near: Iterable[Id] = ()) -> World:
        """A new upper over the layers of ``tree``; see ``Driver.create``."""
        at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._ask_mode()
        with self.layers.using():
            stack = self.layers.lay(objects, tree, near)
            with no_room_told(at.parent), homes.new(at) as fd:
                try:
                    homes.furnish(fd, stack)
                    path = self._mount(at, fd, stack, again=False)
                except BaseException:
                    self._remove(at)
                    if self._missing(stack):
                        self.layers.drop(tree)  # the next try lays it again
                    raise
        self._paths[at] = path
        if self._deep is not None and needs_squash(stack):
            self._deep(tree)
        return World(path=path, mounted_at=path, driver=self.name, place="apart", home=at)

    @property
    def userxattr(self) -> bool:
        """Whether layers are written for mounts in a user namespace."""
        self._ask_mode()
        return self.layers.userxattr

    def lay(self, objects: Objects, tree: Id, near: Iterable[Id] = ()) -> None:
        """Have the layers of ``tree`` before a world needs them; see ``Layers.lay``."""
        self._ask_mode()
        self.layers.lay(objects, tree, near)

    def open(self, world: World) -> World:
        """Mount again what was not mounted any more.

        Raises:
            NoWorld: the home is gone, or the machine was started again since: its upper may be
                half on the disk. ``renew`` makes it stand as a snapshot again.
        """
        home = world.stands_in
        path = self._paths.get(home)
        if path is None or not _is_mounted(path):
            path = self._keeper.mounted(home)
        if path is None:
            with homes.alone_in(home) as fd:
                path = self._keeper.mounted(home) or self._mounted_again(home, fd)
        self._paths[home] = path
        return world if path == world.path else replace(world, path=path, home=home)

    def renew(self, objects: Objects, world: World, tree: Id, near: Iterable[Id] = ()) -> World:
        """The world as ``tree`` instead of what it was, which is lost.

        One that is not lost (somebody else was first) is opened as it is.

        Raises:
            NoWorld: its home is gone. DriverUnavailable: it cannot be mounted.
        """
        self._ask_mode()
        home = world.stands_in
        with self.layers.using(), homes.alone_in(home) as fd:
            with suppress(NoWorld):
                path = self._keeper.mounted(home) or self._mounted_again(home, fd)
                return replace(world, path=path, home=home)
            stack = self.layers.lay(objects, tree, near)
            self._keeper.unmount(home, destroy=True)
            homes.give_up(fd, stack)
            self._forget(home)
            homes.refurnish(fd, stack)
            path = self._mount(home, fd, stack)
        return replace(world, path=path, home=home)

    @property
    def parsed(self) -> Parsed:
        """Trees that were met already."""
        return self.layers.parsed

    def reader(self, objects: Objects, world: World) -> Read:
        """Trees by id, without reading again what was met already."""
        return self.layers.parsed.reader(objects)

    def snapshot(self, objects: Objects, world: World, before: Id | None) -> Snapshot:
        """The world as it is now, read from its upper."""
        self._ask_mode()
        home = world.stands_in
        with homes.alone_in(home) as fd:
            seen = self._know(home, fd)
            assert seen.record is not None
            stack = seen.record.stack
            upper = home / homes.UPPER
            read = self.layers.parsed.reader(objects)
            parsed, userxattr = self.layers.parsed, self.layers.userxattr
            below = Below(stack.tree, stack.counts, parsed, read, userxattr)
            limits = self.settings.limits
            taken: UpperCapture | None = None

            def attempt() -> UpperCapture:
                nonlocal taken
                taken = UpperCapture(objects, upper, seen.upper, limits, below)
                return taken

            try:
                if (
                    stack.counts.largest > limits.bytes_per_file
                    or not objects.has("tree", stack.tree)
                    or self._has_mounts(world.path)
                ):
                    raise WalkNeeded
                made = attempts(attempt, before, self.name, read)
            except WalkNeeded:
                seen.last = seen.merged
                return capture(
                    objects,
                    world.path,
                    seen.merged,
                    limits=limits,
                    store=self.settings.store,
                    before=before,
                    driver=self.name,
                )
            assert taken is not None
            seen.last = seen.upper
            if not made.not_captured and self._has_grown(taken):
                self._rotate(home, fd, attempt, made, taken.entries)
            return made

    def _has_grown(self, taken: UpperCapture) -> bool:
        """Whether the upper should become a layer.

        Not for what was new in this snapshot: who edits the same files again would have each
        snapshot mount anew, and each edit copy them up.
        """
        return taken.stale > self._grown or taken.entries > _TIMES_GROWN * self._grown

    def destroy(self, world: World) -> None:
        """Remove the world, and end what runs in it."""
        self._remove(world.stands_in)

    def clean(self, folder: Path, living: Iterable[Path]) -> list[Path]:
        """Remove the homes that a crash left in ``folder``, and layers that none needs."""
        keep = {path.absolute() for path in living}
        removed = []
        for name in sorted(os.listdir(folder)) if folder.is_dir() else []:
            home = folder.absolute() / name
            if home not in keep and homes.is_home(home) and self._remove_free(home):
                removed.append(home)
        self.layers.clean(self._needed(folder))
        return removed

    def forget(self, folder: Path, keep: Iterable[Id]) -> list[str]:
        """Remove the layers that neither a tree of ``keep`` nor a world in ``folder`` needs."""
        return self.layers.forget(keep, self._needed(folder))

    def flush(self) -> None:
        """Write the stat caches, so that the next process need not read the uppers again."""
        with self._lock:
            known = list(self._seen.items())
            mounts, self._mounts = self._mounts, None
        if mounts is not None:
            mounts.close()
        for home, seen in known:
            with seen.upper.lock, suppress(FileNotFoundError):
                seen.upper.save((home / homes.UPPER).lstat().st_ino)

    def known(self, world: World) -> Folder | None:
        """What was seen at the world's last snapshot: in its upper, or all of it."""
        with self._lock:
            seen = self._seen.get(world.stands_in)
        return seen.last.root if seen is not None and seen.last is not None else None

    def _ask_mode(self) -> None:
        """Write layers as the keeper will mount them; root need not be allowed to mount."""
        if not self._asked:
            self.layers.userxattr = self._keeper.mode != "root"
            self._asked = True

    def _rotate(
        self,
        home: Path,
        fd: int,
        attempt: Callable[[], UpperCapture],
        made: Snapshot,
        entries: int,
    ) -> None:
        """Make the upper the layer of what was just captured, unless somebody is in there."""
        seen = self._know(home, fd)
        assert seen.record is not None
        stack = seen.record.stack
        if not self._keeper.unmount(home):
            return
        again = attempt()
        again.run()
        if again.tree != made.tree or again.not_captured:
            self._mount(home, fd, stack)  # something was written after the snapshot
            return
        with self.layers.using():
            counts = Counts(again.files, again.bytes_total, stack.counts.largest)
            later = stack.with_layer(self.layers.new_name(), made.tree, entries, counts)
            homes.write(fd, homes.Record(stack, boot(), later))
            self.layers.adopt(os.fsencode(home / homes.UPPER), later)
            homes.refurnish(fd, later)
            self._mount(home, fd, later)
        seen.upper.forget()

    def _mounted_again(self, home: Path, fd: int) -> Path:
        record = homes.read(fd, home)
        if record.boot != boot():
            raise homes.lost(home, "the machine was started again since")
        stack = record.stack
        if not homes.has_upper(fd, home):  # a rotation was broken off
            stack = record.next or stack
            homes.refurnish(fd, stack)
        if not self.layers.is_trusted(stack):
            raise homes.lost(home, "what it says of its layers cannot be believed")
        return self._mount(home, fd, stack)

    def _mount(self, home: Path, fd: int, stack: Stack, *, again: bool = True) -> Path:
        work = homes.new_work(fd, again=again)
        lowers = [os.fsdecode(path) for path in self.layers.paths(stack)]
        return self._keeper.mount(home, lowers, f"{home}/{homes.UPPER}", f"{home}/{work}")

    def _remove(self, home: Path) -> None:
        self._forget(home)
        with suppress(FileNotFoundError, NoWorld):  # somebody else was first
            self._keeper.unmount(home, destroy=True)
            fd = os.open(home.parent, FOLDER)
            try:
                remove_all(home.name, fd)
            finally:
                os.close(fd)

    def _remove_free(self, home: Path) -> bool:
        """Remove a home unless somebody is at work in it just now."""
        fd = os.open(home, FOLDER)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._remove(home)
        except BlockingIOError:
            return False
        finally:
            os.close(fd)
        return True

    def _know(self, home: Path, fd: int) -> _Seen:
        """What is known of the world, with its record as it is now."""
        with self._lock:
            seen = self._seen.get(home)
            if seen is None:
                seen = _Seen(StatCache(home / homes.CACHE), StatCache())
                self._seen[home] = seen
        with suppress(FileNotFoundError):
            found = os.stat(homes.RECORD, dir_fd=fd)
            mark = found.st_ino, found.st_mtime_ns
            if seen.record is None or seen.mark != mark:
                seen.record, seen.mark = homes.read(fd, home), mark
            return seen
        raise homes.lost(home, "its record is gone")

    def _has_mounts(self, path: Path) -> bool:
        """Whether something is mounted in a world: what it hides is in no snapshot."""
        found = mounted_in(os.fsencode(path))
        if found is not None:
            return found
        with self._lock:
            if self._mounts is None:
                self._mounts = MountPoints()
            return self._mounts.any_below(os.fsencode(path))

    def _forget(self, home: Path) -> None:
        with self._lock:
            self._seen.pop(home, None)
            self._paths.pop(home, None)

    def _needed(self, folder: Path) -> set[str]:
        """The layers that the worlds in ``folder`` stand on."""
        needed: set[str] = set()
        for name in os.listdir(folder) if folder.is_dir() else []:
            with suppress(OSError, ShepherdError):
                fd = os.open(folder / name, FOLDER)
                try:
                    record = homes.read(fd, folder / name)
                finally:
                    os.close(fd)
                for stack in (record.stack, record.next or record.stack):
                    needed.update(layer.name for layer in stack.layers)
        return needed

    def _missing(self, stack: Stack) -> bool:
        return not all(self.layers.holds(layer.name) for layer in stack.layers)

    def _not(self, why: str) -> Availability:
        return Availability(self.name, False, why)


def _is_mounted(root: Path) -> bool:
    """Whether something is mounted there, as far as this process sees."""
    name = os.fspath(root)
    try:
        return os.stat(name).st_dev != os.stat(os.path.dirname(name)).st_dev
    except OSError:
        return False
