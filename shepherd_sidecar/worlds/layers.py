"""The layer area: trees laid out as folders that overlay mounts stack, immutable, shared.

Layer: worlds. A cache and nothing more: identity is the tree in the object store, and whatever
is missing or not to be trusted here is written again from there. The file system is the index:

    ``<area>/<tree>.json``           the layers that together are a tree
    ``<area>/<boot>-<token>/``       what a layer puts over those below it
    ``<area>/<boot>-<token>.synced`` present when the layer is known to be on the disk

A layer is complete before a tree names it, never changed after, and removed by ``forget`` only
when no tree and no world needs it. One that was made before the machine last started (another
``<boot>``) and was not synced may be half on the disk: it is not believed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from shepherd_sidecar.errors import BlobMissing, StoreFull
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.building import building, clearing
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.fill_tree import fill
from shepherd_sidecar.worlds.layer_delta import Delta
from shepherd_sidecar.worlds.layer_stack import Layer, Stack, merge_point
from shepherd_sidecar.worlds.parsed import Counts, Parsed
from shepherd_sidecar.worlds.reach import FOLDER, remove_all
from shepherd_sidecar.worlds.stat_cache import all_folders
from shepherd_sidecar.worlds.write_file import write_all

_INDEX: Final = ".json"
_SYNCED: Final = ".synced"
_NEW: Final = ".new-"
_LAYER: Final = re.compile(r"[0-9a-f]{12}-[0-9a-f]{16}")
_TRIED: Final = 64
"""Near trees that are looked for before a tree is written whole."""
_REMEMBERED: Final = 1024
"""Stacks kept in memory."""
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Held(NamedTuple):
    """What the area holds."""

    layers: int
    bytes: int
    """On the disk."""


class Layers:
    """The layer area of one store. Safe for several threads and processes."""

    def __init__(self, folder: Path, *, userxattr: bool | None = None) -> None:
        """``userxattr``: as the mounts will be; by default True for who is not root."""
        self.folder = folder
        self.userxattr = os.geteuid() != 0 if userxattr is None else userxattr
        self.parsed = Parsed()
        self._area = os.fsencode(folder.absolute())
        self._known: dict[Id, tuple[int, int, Stack]] = {}
        self._trusted: set[str] = set()
        self._sound: set[str] = set()

    @contextmanager
    def using(self) -> Iterator[None]:
        """Hold from finding a stack until a mount or a world names it: ``forget`` waits."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with building(self.folder):
            yield

    def laid(self, tree: Id) -> Stack | None:
        """The layers that are ``tree``, if it is laid and they are to be trusted."""
        path = self._index(tree)
        known = self._known.get(tree)
        try:
            if known is not None:
                found = os.stat(path)
                if (found.st_ino, found.st_mtime_ns) == known[:2]:
                    return known[2]
            with open(path, "rb", buffering=0) as file:
                found = os.fstat(file.fileno())
                stack = msgspec.json.decode(file.readall(), type=Stack)
        except (FileNotFoundError, msgspec.DecodeError):
            self._known.pop(tree, None)
            return None
        if not stack.layers or stack.tree != tree or not self.is_trusted(stack):
            return None
        self._remember(found, stack)
        return stack

    def _remember(self, index: os.stat_result, stack: Stack) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[stack.tree] = (index.st_ino, index.st_mtime_ns, stack)

    def is_trusted(self, stack: Stack) -> bool:
        """Whether each layer was made since the machine started, or is on the disk.

        None is then a link to somewhere else, whoever wrote the stack down.
        """
        return all(self._is_sound(layer.name) for layer in stack.layers)

    def paths(self, stack: Stack) -> list[bytes]:
        """The folders to stack, the top first."""
        return [self._at(layer.name) for layer in stack.layers]

    def lay(self, objects: Objects, tree: Id, near: Iterable[Id] = ()) -> Stack:
        """The layers that are ``tree``, laid now if need be.

        Over the first of ``near`` that is laid, or else as a whole.

        Raises:
            BlobMissing, StoreCorrupt, StoreFull, OSError: nothing is left behind.
        """
        with self.using():
            found = self.laid(tree)
            if found is not None:
                return found
            for other in islice(near, _TRIED):
                under = self.laid(other)
                if under is not None:
                    made = self._lay_over(objects, tree, under)
                    if made is not None:
                        return self._publish(made)
                    break
            return self._publish(self._lay_whole(objects, tree))

    def squash(self, objects: Objects, tree: Id) -> Stack:
        """Lay a tree anew with fewer layers below it; worlds that stand keep the old ones.

        For the background: takes as long as writing what the layers that become one hold.
        """
        with self.using():
            stack = self.laid(tree)
            made: Stack | None = None
            if stack is not None:
                top = stack.layers[0].entries
                point = merge_point(stack.below(1), top, somebody_waits=False) + 1
                if point < 2:
                    return stack
                made = self._lay_over(objects, tree, stack, point)
            return self._publish(made or self._lay_whole(objects, tree), anew=True)

    def new_name(self) -> str:
        """A name for a layer that is about to be made."""
        return f"{boot()}-{secrets.token_hex(8)}"

    def adopt(self, folder: bytes, stack: Stack) -> Stack:
        """Take ``folder``, an upper that is not mounted, as the top layer of ``stack``.

        Hold ``using``. Returns the stack that the tree has from now on.
        """
        os.rename(folder, self._at(stack.layers[0].name))
        return self._publish(stack, keep=True)

    def holds(self, name: str) -> bool:
        """Whether the layer is there."""
        return os.path.isdir(self._at(name))

    def drop(self, tree: Id) -> None:
        """Forget how a tree is laid (its layers were found to be missing)."""
        with suppress(FileNotFoundError):
            os.unlink(self._index(tree))

    def forget(self, keep: Iterable[Id], names: Iterable[str] = ()) -> list[str]:
        """Remove every layer that no tree of ``keep`` and no name (of a world's) needs.

        Returns the names removed; none while somebody is laying.
        """
        kept = set(keep)
        return self._sweep(set(names), lambda stack: stack.tree in kept)

    def clean(self, names: Iterable[str] = ()) -> list[str]:
        """Remove what a crash left and what is not to be trusted, but none of ``names``."""
        return self._sweep(set(names), lambda stack: True)

    def sync(self) -> None:
        """Write all layers to the disk, so that they outlast a crash of the machine.

        For the background: may wait for everything that the file system has not written.
        """
        fresh = [name for name in self._names() if not self._is_synced(name)]
        if not fresh:
            return
        fd = os.open(self.folder, FOLDER)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(fd) != 0:
                raise OSError(ctypes.get_errno(), "syncfs failed", os.fspath(self.folder))
            for name in fresh:
                if self.holds(name):
                    os.close(os.open(name + _SYNCED, _NEW_FILE & ~os.O_EXCL, 0o600, dir_fd=fd))
        finally:
            os.close(fd)

    def stat(self) -> Held:
        """How much the area holds. Looks at every file in it."""
        total = 0
        waiting = [self._area] if self.folder.is_dir() else []
        while waiting:
            try:
                with os.scandir(waiting.pop()) as listing:
                    for entry in listing:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
            except (FileNotFoundError, PermissionError):
                continue  # forgotten meanwhile, or a folder captured without the right to read it
        return Held(len(self._names()), total)

    def _lay_over(
        self, objects: Objects, tree: Id, under: Stack, point: int | None = None
    ) -> Stack | None:
        """A layer over ``under``, in the place of its first ``point``; None: lay it whole.

        Without ``point`` in the place of as many as is good while somebody waits.
        """
        alone = self._delta(objects, under.tree, tree)
        if point is None:
            entries = alone.entries if alone is not None else 1
            point = merge_point(under, entries, somebody_waits=True)
        for at in (point, 0) if point else (0,):
            below = under.below(at)
            delta = self._delta(objects, below.tree, tree) if at else alone
            if delta is None:
                continue
            counts = below.counts.without(delta.lost).and_also(delta.new)
            if 2 * delta.entries > counts.files + counts.folders + 100:
                return None  # not much of what is below would still be seen
            name = self._made(lambda fd, delta=delta: delta.write(objects, fd, self.userxattr))  # type: ignore[misc]
            return below.with_layer(name, tree, delta.entries, counts)
        return None

    def _delta(self, objects: Objects, before: Id, after: Id) -> Delta | None:
        """What is to be laid over one tree for another; None: gc has removed the first."""
        read = self.parsed.reader(objects)
        try:
            read(before)
            return Delta(self.parsed, read, before, after)
        except BlobMissing:
            return None

    def _lay_whole(self, objects: Objects, tree: Id) -> Stack:
        counts = Counts()

        def write(fd: int) -> None:
            nonlocal counts
            for _, folder in all_folders(fill(objects, tree, fd)):
                own = Counts(len(folder.files), folder.size, folder.largest, len(folder.folders))
                counts = counts.and_also(own)

        name = self._made(write)
        return Stack((Layer(name, tree, counts.files + counts.folders, *counts),))

    def _made(self, write: Callable[[int], None]) -> str:
        """A new layer, written; its name. Nothing is left when that fails."""
        name = self.new_name()
        at = self._at(name)
        with no_room_told(self.folder):
            os.mkdir(at, 0o700)
            try:
                fd = os.open(at, FOLDER)
                try:
                    write(fd)
                    os.fchmod(fd, 0o755)
                finally:
                    os.close(fd)
            except BaseException:
                self._remove(name)
                raise
        return name

    def _publish(self, stack: Stack, *, anew: bool = False, keep: bool = False) -> Stack:
        """Say how a tree is laid. Who comes second takes over what the first has laid.

        ``anew``: in place of what was said before. ``keep``: the layer is needed even so.
        """
        index = self._index(stack.tree)
        beside: bytes | None = None
        top = stack.layers[0].name
        try:
            with no_room_told(self.folder), self._unnamed() as fd:
                write_all(fd, msgspec.json.encode(stack))
                winner = None
                if not anew:
                    try:
                        _name(fd, index)
                    except FileExistsError:
                        winner = self.laid(stack.tree)
                    else:
                        self._remember(os.fstat(fd), stack)
                        return stack
                if winner is None:
                    beside = self._at(_NEW + secrets.token_hex(8))
                    _name(fd, beside)
                    os.rename(beside, index)
                    return stack
        except BaseException:
            if beside is not None:
                with suppress(OSError):
                    os.unlink(beside)
            if not keep:
                self._remove(top)
            raise
        if winner != stack and not keep:
            self._remove(top)
        return winner

    @contextmanager
    def _unnamed(self) -> Iterator[int]:
        """An open file in the area that has no name yet: nothing of it can be left behind."""
        fd = os.open(self._area, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            yield fd
        finally:
            os.close(fd)

    def _sweep(self, needed: set[str], wanted: Callable[[Stack], bool]) -> list[str]:
        removed: list[str] = []
        with clearing(self.folder) as alone:
            if not alone or not self.folder.is_dir():
                return removed
            layers = []
            unwanted: list[tuple[str, Stack | None]] = []
            for name in os.listdir(self.folder):
                if name.startswith(_NEW):
                    os.unlink(self.folder / name)
                elif name.endswith(_INDEX):
                    tree = name.removesuffix(_INDEX)
                    stack = self.laid(tree)
                    if stack is not None and wanted(stack):
                        needed.update(layer.name for layer in stack.layers)
                    else:
                        unwanted.append((tree, stack))
                elif _LAYER.fullmatch(name):
                    layers.append(name)
            for tree, stack in unwanted:
                # What stays anyway may as well be found.
                if stack is None or not needed.issuperset(at.name for at in stack.layers):
                    self.drop(tree)
            for name in layers:
                if name not in needed:
                    self._remove(name)
                    removed.append(name)
        self._known.clear()
        return removed

    def _remove(self, name: str) -> None:
        fd = os.open(self.folder, FOLDER)
        try:
            with suppress(FileNotFoundError):
                os.unlink(name + _SYNCED, dir_fd=fd)
            remove_all(name, fd)
        finally:
            os.close(fd)

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self.folder) if _LAYER.fullmatch(name)]
        except FileNotFoundError:
            return []

    def _is_sound(self, name: str) -> bool:
        if name in self._sound:
            return True
        if os.path.islink(self._at(name)) or not (name.startswith(boot()) or self._is_synced(name)):
            return False
        self._sound.add(name)
        return True

    def _is_synced(self, name: str) -> bool:
        if name not in self._trusted:
            if not os.path.exists(self._at(name + _SYNCED)):
                return False
            self._trusted.add(name)
        return True

    def _index(self, tree: Id) -> bytes:
        return self._at(tree + _INDEX)

    def _at(self, name: str) -> bytes:
        return b"%b/%b" % (self._area, name.encode())


@cache
def boot() -> str:
    """Names this start of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().replace("-", "")[:12]


@contextmanager
def no_room_told(folder: Path) -> Iterator[None]:
    """What a full disk says becomes StoreFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"no space in {folder}", path=str(folder)) from error
        raise


def _name(fd: int, path: bytes) -> None:
    """Give an open file without a name one. Raises FileExistsError when that is taken."""
    # Python asks the kernel to follow the link only if it is given a folder, here of no use.
    os.link(f"/proc/self/fd/{fd}", path, src_dir_fd=fd, follow_symlinks=True)
