"""The overlay driver with mounts made in this process (by root), and what may happen in a world."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds import mounts
from shepherd_sidecar.worlds.capture import capture
from shepherd_sidecar.worlds.copy_driver import Settings
from shepherd_sidecar.worlds.driver import Snapshot, World
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.limits import Limits
from shepherd_sidecar.worlds.overlay_driver import GROWN, Mounter, OverlayDriver
from shepherd_sidecar.worlds.stat_cache import StatCache
from tests.support.folders import contents, names, targets
from tests.support.objects import MemoryObjects


class Mounts:
    """What a keeper does, done here."""

    mode = "root"

    def probe(self) -> str | None:
        return None

    def mounted(self, at: Path) -> Path | None:
        return at / "root" if mounts.is_mounted(os.fsencode(at / "root")) else None

    def mount(self, at: Path, lowers: list[Path], upper: Path, work: Path) -> Path:
        if self.mounted(at) is None:
            mounts.mount_overlay(
                os.fsencode(at / "root"),
                [os.fsencode(lower) for lower in lowers],
                os.fsencode(upper),
                os.fsencode(work),
                userxattr=False,
            )
        return at / "root"

    def unmount(self, at: Path, *, destroy: bool = False) -> bool:
        return mounts.unmount(os.fsencode(at / "root"), busy_too=destroy)


class Area:
    """A store's folders with an overlay driver, and objects in memory."""

    def __init__(self, base: Path, mounter: Mounter | None = None, grown: int = GROWN) -> None:
        self.base, self.worlds = base, base / "worlds"
        self.worlds.mkdir()
        self.mounter = mounter or Mounts()
        self.grown = grown
        self.objects = MemoryObjects()
        self.limits = Limits()
        self.again()
        self._count = 0

    def again(self) -> None:
        """Everything as a new process would have it."""
        self.layers = Layers(self.base / "layers")
        settings = Settings(store=self.base, limits=self.limits)
        self.driver = OverlayDriver(settings, self.layers, self.mounter, grown=self.grown)

    def create(self, tree: Id, *near: Id) -> World:
        self._count += 1
        return self.driver.create(self.objects, tree, self.worlds / f"w{self._count}", near)

    def snapshot(self, world: World, before: Id | None = None) -> Snapshot:
        return self.driver.snapshot(self.objects, world, before)

    def walked(self, folder: Path, before: Id | None = None) -> Snapshot:
        """What a plain walk says of a folder."""
        return capture(
            self.objects, folder, StatCache(), before=before, store=self.base, limits=self.limits
        )


@contextlib.contextmanager
def area(base: Path | None = None, grown: int = GROWN) -> Iterator[Area]:
    """A new area; at the end nothing of it is mounted."""
    folder = Path(tempfile.mkdtemp(prefix=f"shepherd-test-{os.getpid()}-", dir=base))
    try:
        yield Area(folder, grown=grown)
    finally:
        for mount in reversed(list(mounts.all_mounts(os.fsencode(folder)))):
            mounts.unmount(mount.at, busy_too=True)
        shutil.rmtree(folder)


paths = st.integers(0, 40)
"""One of the paths there are, counted round."""
modes = st.sampled_from([0o644, 0o755, 0o600, 0o700, 0o4755, 0o1777, 0o555])
rules = st.sampled_from([b"", b"# nothing\n", b"a\n", b"b/\n", b"*\n!src\n", b"/src/a\n"])
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("write"), paths, names, contents),
        st.tuples(st.just("append"), paths, contents),
        st.tuples(st.just("remove"), paths),
        st.tuples(st.just("folder"), paths, names),
        st.tuples(st.just("move"), paths, paths, names),
        st.tuples(st.just("link"), paths, names, targets),
        st.tuples(st.just("hardLink"), paths, paths, names),
        st.tuples(st.just("mode"), paths, modes),
        st.tuples(st.just("again"), paths),
        st.tuples(st.just("pipe"), paths, names),
        st.tuples(st.just("rules"), paths, rules),
        st.tuples(st.just("store"), paths),
    ),
    max_size=8,
)
"""What a program does in a folder."""
_a_move = st.tuples(st.just("move"), paths, paths, names)
folder_moves = st.lists(
    st.one_of(
        _a_move,
        _a_move,
        st.tuples(st.just("write"), paths, names, contents),
        st.tuples(st.just("remove"), paths),
        st.tuples(st.just("folder"), paths, names),
        st.tuples(st.just("again"), paths),
        st.tuples(st.just("rules"), paths, rules),
    ),
    max_size=8,
)
"""Much of it renames."""


def do(root: Path, what: list[tuple[object, ...]]) -> None:
    """Do it, as far as it can be done; what the system refuses is left."""
    for deed in what:
        with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            _do(os.fsencode(root), deed)


def _do(root: bytes, deed: tuple[object, ...]) -> None:
    found = sorted(_below(root))
    folders = [root, *(path for path in found if stat.S_ISDIR(os.lstat(path).st_mode))]
    others = found or [root]
    kind = deed[0]
    which = deed[1]
    assert isinstance(which, int)
    folder = folders[which % len(folders)]
    path = others[which % len(others)]
    match deed:
        case ("write", _, bytes() as name, bytes() as content):
            _write(os.path.join(folder, name), content, os.O_TRUNC)
        case ("append", _, bytes() as content) if stat.S_ISREG(os.lstat(path).st_mode):
            _write(path, content, os.O_APPEND)
        case ("remove", _) if path != root:
            _remove(path)
        case ("folder", _, bytes() as name):
            os.mkdir(os.path.join(folder, name))
        case ("move", _, int() as to, bytes() as name) if path != root:
            target = os.path.join(folders[to % len(folders)], name)
            if not (target + b"/").startswith(path + b"/"):
                _move(path, target)
        case ("link", _, bytes() as name, bytes() as target):
            os.symlink(target, os.path.join(folder, name))
        case ("hardLink", _, int() as to, bytes() as name) if stat.S_ISREG(os.lstat(path).st_mode):
            os.link(path, os.path.join(folders[to % len(folders)], name))
        case ("mode", _, int() as mode) if not os.path.islink(path) and path != root:
            os.chmod(path, mode)
        case ("again", _) if path in folders and path != root:
            _remove(path)
            os.mkdir(path)
        case ("pipe", _, bytes() as name):
            os.mkfifo(os.path.join(folder, name))
        case ("rules", _, bytes() as text):
            _write(os.path.join(folder, b".shepherdignore"), text, os.O_TRUNC)
        case ("store", _):
            os.mkdir(os.path.join(folder, b".shepherd"))
    assert kind


def _write(path: bytes, content: bytes, how: int) -> None:
    """Write, but not through a link and not into a pipe."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | how
    try:
        fd = os.open(path, flags, 0o644)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return
        raise
    with os.fdopen(fd, "wb") as out:
        out.write(content)


def _below(root: bytes) -> Iterator[bytes]:
    for folder, inner, names_ in os.walk(root):
        for name in (*inner, *names_):
            yield os.path.join(folder, name)


def _remove(path: bytes) -> None:
    if stat.S_ISDIR(os.lstat(path).st_mode):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def _move(path: bytes, target: bytes) -> None:
    try:
        os.rename(path, target)
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
