"""Every world driver on a file system that suits it, behind one small bench."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.trees import Dir, File, Link, Tree, tree_bytes
from shepherd_sidecar.worlds.btrfs_driver import BtrfsDriver
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.client import Keeper
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.materialise import STANDING
from shepherd_sidecar.worlds.overlay_driver import OverlayDriver
from shepherd_sidecar.worlds.reflink_driver import ReflinkDriver
from tests.support.filesystems import Kind, file_system
from tests.support.folders import Shape, entries, make, names
from tests.support.keepers import keeper_of
from tests.support.objects import MemoryObjects

_count = itertools.count()


@dataclass(frozen=True)
class Kept:
    """A driver, the file system it is tried on, and whether it keeps folders at hand."""

    make: Callable[[Settings, Bench], Any]
    """Gives the driver."""
    on: Kind | None = None
    stands_by: bool = False
    keeps: bool = False
    """Whether it has a keeper, which takes long to start: then there is one bench for all."""


def _overlay(settings: Settings, b: Bench) -> OverlayDriver:
    b.worlds.mkdir(exist_ok=True)
    if b.keeper is None:
        b.keeper = Keeper(b.worlds, grace=0)
    return OverlayDriver(settings, Layers(b.worlds.with_name("layers")), b.keeper)


def plain(settings: Settings, b: Bench) -> CopyDriver:
    return CopyDriver(settings)


DRIVERS: dict[str, Kept] = {
    "copy": Kept(plain),
    "copy that stands by": Kept(plain, stands_by=True),
    "reflink on xfs": Kept(lambda told, _: ReflinkDriver(told), "xfs"),
    "reflink on btrfs that stands by": Kept(
        lambda told, _: ReflinkDriver(told), "btrfs", stands_by=True
    ),
    "btrfs": Kept(lambda told, _: BtrfsDriver(told), "btrfs"),
    "overlay": Kept(_overlay, keeps=True),
}


class Bench:
    """A store's folder of worlds with a driver, and objects in memory."""

    def __init__(self, base: Path, kept: Kept, limits: Limits | None = None) -> None:
        self.base, self.kept, self.limits = base, kept, limits or Limits()
        self.worlds = base / "worlds"
        self.objects = MemoryObjects()
        self.keeper: Keeper | None = None
        self.driver = self.another()

    def another(self) -> Any:
        """The driver as another process would have it."""
        return self.kept.make(self.settings(), self)

    def settings(self) -> Settings:
        standing = self.worlds / STANDING
        return Settings(caches=self.worlds, standing=standing, store=self.base, limits=self.limits)

    def forget(self) -> None:
        """Remove what is kept at hand."""
        if self.kept.keeps:
            self.driver.forget(self.worlds, [])
        else:
            self.driver.forget()

    def create(self, tree: Id, near: Iterable[Id] = ()) -> World:
        at = self.worlds / f"{next(_count)}-ab"
        return self.driver.create(self.objects, tree, at, near)

    def stand_by(self, tree: Id) -> None:
        """Have at hand what helps with a tree, if the driver is to."""
        if self.kept.stands_by:
            self.driver.refill(self.objects, tree)

    def snapshot(self, world: World, before: Id | None = None) -> Id:
        return self.driver.snapshot(self.objects, world, before).tree

    def tree_of(self, shape: Shape) -> Id:
        return tree_of(self.objects, shape)

    def clean(self, living: Iterable[Path]) -> list[Path]:
        """Clear away what a crash left, by a driver that knows of no world yet."""
        living = list(living)
        removed = self.another().clean(self.worlds, living)
        if self.kept.keeps:  # what never became a home is left to the portable driver
            removed += plain(self.settings(), self).clean(self.worlds, living)
        return list(removed)

    def end(self) -> None:
        """Let go of the keeper, if there is one, and see it end."""
        if self.keeper is None:
            return
        self.driver.clean(self.worlds, [])
        try:
            keeper = os.pidfd_open(keeper_of(self.worlds))
        except (FileNotFoundError, ConnectionRefusedError, ProcessLookupError):
            return  # it has ended, or was killed
        self.keeper.close()
        assert select.select([keeper], [], [], 20)[0], "the keeper does not end"
        os.close(keeper)

    def left(self) -> list[str]:
        """What is in the folder of the worlds besides what is kept at hand."""
        with contextlib.suppress(FileNotFoundError):
            names = set(os.listdir(self.worlds)) - {STANDING}
            return sorted(name for name in names if not name.startswith("keeper."))
        return []


@contextlib.contextmanager
def bench(name: str, limits: Limits | None = None) -> Iterator[Callable[[], Bench]]:
    """Gives benches, each with a new folder, on a file system of the driver's."""
    kept = DRIVERS[name]
    with contextlib.ExitStack() as stack:
        if kept.on is not None:
            folder = stack.enter_context(file_system(kept.on))
        else:
            folder = Path(stack.enter_context(_folder()))
        made: list[Bench] = []

        def give() -> Bench:
            if made and kept.keeps:
                made[0].driver.clean(made[0].worlds, [])
                made[0].objects = MemoryObjects()
                return made[0]
            for old in made:
                remove(old.base)
            base = folder / f"store{next(_count)}"
            base.mkdir()
            made[:] = [Bench(base, kept, limits)]
            return made[0]

        try:
            yield give
        finally:
            for old in made:
                old.end()
                remove(old.base)


def remove(folder: Path) -> None:
    """Remove a folder with subvolumes in it."""
    shutil.rmtree(folder)


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix=f"shepherd-test-{os.getpid()}-") as name:
        yield name


def tree_of(objects: MemoryObjects, shape: Shape) -> Id:
    """The tree of a shape, without any folder."""
    tree: Tree = {}
    for name, entry in shape.items():
        if entry[0] == "file":
            tree[name] = File(entry[1], len(entry[2]), objects.add("blob", entry[2]))
        elif entry[0] == "link":
            tree[name] = Link(entry[1])
        else:
            tree[name] = Dir(entry[1], tree_of(objects, entry[2]))
    return objects.add("tree", tree_bytes(tree))


Edit = tuple[int, bytes, Any]
"""Which folder (counted round), a name in it, and what it becomes (None: nothing)."""
edits: st.SearchStrategy[list[Edit]] = st.lists(
    st.tuples(st.integers(0, 7), names, st.one_of(st.none(), entries)), max_size=5
)


def edit(shape: Shape, at: Path | None, changes: Iterable[Edit]) -> Shape:
    """The shape after some changes, made in the folder ``at`` as well."""
    shape = _copied(shape)
    for which, name, entry in changes:
        folders = list(_folders(shape, b""))
        path, inner = folders[which % len(folders)]
        if at is not None:
            _edit(os.path.join(os.fsencode(at), path), name, entry)
        inner.pop(name, None)
        if entry is not None:
            inner[name] = _copied({name: entry})[name]
    return shape


def _edit(folder: bytes, name: bytes, entry: Any) -> None:
    mode = os.stat(folder).st_mode & 0o7777
    os.chmod(folder, mode | 0o700)
    target = os.path.join(folder, name)
    if os.path.isdir(target) and not os.path.islink(target):
        shutil.rmtree(target)
    elif os.path.lexists(target):
        os.unlink(target)
    if entry is not None:
        make({name: entry}, Path(os.fsdecode(folder)))
    os.chmod(folder, mode)


def _copied(shape: Shape) -> Shape:
    return {
        name: ("dir", entry[1], _copied(entry[2])) if entry[0] == "dir" else entry
        for name, entry in shape.items()
    }


def _folders(shape: Shape, path: bytes) -> Iterator[tuple[bytes, Shape]]:
    yield path, shape
    for name, entry in sorted(shape.items()):
        if entry[0] == "dir":
            yield from _folders(entry[2], os.path.join(path, name))
