"""The view: the file system as a confined command sees it.

Layer: worlds. A new root is put together out of the system's own folders (read-only), the
sidecar's Python, what the owner granted, an empty home and ``/tmp``, and the world at the path
of the folder it stands for. All else is not hidden in it but never was there. Sources are
opened before anything is put in place, and grants never through symbolic links, so that who
may write in one granted folder cannot lead the next command's view elsewhere. All but the world
can be put together ahead of time, for a command to come.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from shepherd_sidecar.worlds.confine import calls
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.namespaces import keep_mounts_private

SYSTEM: Final = (
    *("bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc", "opt", "nix", "gnu", "snap"),
    *("var/lib/dpkg", "var/lib/rpm", "var/lib/pacman", "var/cache/fontconfig"),
    *("sys/devices/system/cpu", "sys/devices/system/node"),
)
"""Folders of the system, below ``/``: the only ones that are seen without a grant."""
_SECRET: Final = (
    *("shadow", "shadow-", "gshadow", "gshadow-", "sudoers", "sudoers.d", "krb5.keytab"),
    *("ssl/private", "security/opasswd", "NetworkManager/system-connections", "wireguard"),
    *("ssh/ssh_host_rsa_key", "ssh/ssh_host_ecdsa_key", "ssh/ssh_host_ed25519_key"),
    *("docker/key.json", "kubernetes", "rancher", "letsencrypt", "wpa_supplicant", "ppp"),
)
"""Below ``/etc``: what no mode keeps from root."""
_DEVICES: Final = ("null", "zero", "full", "random", "urandom", "tty")
_DEV_LINKS: Final = (
    *(("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1")),
    *(("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx")),
)
_MEMORY: Final = ("kpagecount", "kpageflags", "kpagecgroup")
"""Below ``/proc``: the machine's memory, page by page."""
_PLAIN: Final = calls.NOSUID | calls.NODEV
_STAGE: Final = "/proc"
"""Where the new root is put together: covered by nothing that is needed from then on."""
_COVERS: Final = "/run/.covers"
_HOME: Final = "/run/.home"
"""What the home is made of, where that lies in a folder of the system."""


@dataclass(frozen=True, slots=True)
class View:
    """What came of it."""

    writable: tuple[str, ...]
    """Paths that may be written."""
    missing: tuple[tuple[str, str], ...]
    """What could not be had, and why."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A tree of mounts that waits for its place."""

    path: str
    at: str
    mount: int
    is_folder: bool
    writable: bool = False


def build(policy: Policy, world: str, mounted_at: str) -> View:
    """Make the view and move into it. The working folder is then ``/``.

    Args:
        policy: the rights.
        world: the folder of the world's files, as seen before.
        mounted_at: the absolute path at which the command sees it.

    Raises:
        OSError: it could not be made; what this process sees is undefined.
    """
    files = files_of(world, mounted_at)
    return Begun(policy, mounted_at).finish(files)


@dataclass(frozen=True, slots=True)
class Files:
    """A world's files, taken from where they are."""

    mount: int
    """A mount of them that is in no place yet."""
    path: str
    """Where they are, without links."""


class NotThere(OSError):
    """A world's files are not there, or may not be taken."""


def files_of(world: str, mounted_at: str) -> Files:
    """The files of a world that is to be seen at ``mounted_at``. Raises NotThere."""
    try:
        return _files_of(world, mounted_at)
    except OSError as error:
        raise NotThere(error.errno, error.strerror) from error


def _files_of(world: str, mounted_at: str) -> Files:
    if world != mounted_at:  # a world apart lies in the store, where no command can put links
        world = os.path.realpath(world)
    try:
        at = calls.open_path(world, calls.NO_SYMLINKS)
    except OSError as error:
        raise OSError(error.errno, f"{world}: the world is not there") from error
    try:
        if not stat.S_ISDIR(os.fstat(at).st_mode):
            raise OSError(errno.ENOTDIR, f"{world}: the world is not there")
        mount = calls.clone_mount(at)
    finally:
        os.close(at)
    try:
        calls.set_mount(mount, _PLAIN)
    except OSError:
        os.close(mount)
        raise
    return Files(mount, world)


def stands_on(policy: Policy) -> tuple[tuple[int, int] | None, ...]:
    """What a view made ahead depends on: when this has changed, it is out of date.

    Device and inode of each path that is granted or hidden; None where there is nothing. The
    system's own folders are taken to stay.
    """
    paths = [*policy.interpreter, *policy.read, *policy.write, *policy.hide]
    paths += [policy.store] if policy.store is not None else []
    paths += ["/etc/" + name for name in _SECRET]
    return tuple(_identity(path) for path in paths)


class Begun:
    """A view without its world; this process has moved into it. The working folder is ``/``.

    Args:
        policy: the rights.
        mounted_at: the absolute path at which the command sees the world.

    Raises:
        OSError: it could not be made; what this process sees is undefined.
    """

    def __init__(self, policy: Policy, mounted_at: str) -> None:
        self._policy = policy
        self._at = mounted_at
        self._missing: list[tuple[str, str]] = []
        self._writable: list[str] = []
        self._covers = 0
        with ExitStack() as self._opened:
            self._begin()

    @property
    def writable(self) -> tuple[str, ...]:
        """Paths that may be written so far."""
        return (*self._writable,)

    def _begin(self) -> None:
        keep_mounts_private()
        links = _links_at_root()
        sources = [self._system("/" + name) for name in SYSTEM]
        sources += [self._source("/dev/" + name, 0) for name in _DEVICES]
        granted = self._grants()
        self._store = self._found_store()
        proc = self._optional("proc", b"proc", _PLAIN | calls.NOEXEC)
        terminals = self._optional(
            "terminals", b"devpts", calls.NOSUID | calls.NOEXEC, ptmxmode="0666", mode="0620"
        )
        self._new_root()
        system = [source for source in sources if source is not None]
        self._furnish(links, system)
        for name, mount in (("/proc", proc), ("/dev/pts", terminals)):
            os.mkdir(name)
            if mount is not None:
                calls.place_mount(mount, name)
        if os.getuid() == 0:  # all others are kept from these by their modes
            for path in (*("/proc/" + name for name in _MEMORY), *("/etc/" + n for n in _SECRET)):
                self._cover(path)
        for source in granted:
            self._place(source)
        self._hide_store([*system, *granted])
        for path in self._policy.hide:
            if not within(path, self._at):
                self._hide_named(path)
        if proc is not None:
            calls.set_mount(proc, calls.RDONLY, recursive=False)

    def finish(self, files: Files) -> View:
        """Put the world into it, and seal it. The mount of ``files`` is used up.

        Raises:
            OSError: it could not be done; what this process sees is undefined.
        """
        try:
            inside = _Source(files.path, self._at, files.mount, is_folder=True, writable=True)
            self._place(inside, needed=True)
            for path in self._policy.hide:
                if within(path, self._at):
                    self._hide_named(path)
                elif within(os.path.realpath(path), self._at):
                    raise _by_link(path)
            self._hide_store([inside])
        finally:
            os.close(files.mount)
        root = calls.open_path("/")
        try:
            calls.set_mount(root, calls.RDONLY, recursive=False)
        finally:
            os.close(root)
        return View((*self._writable,), (*self._missing,))

    def _system(self, path: str) -> _Source | None:
        if os.path.islink(path):  # seen as the link it is
            return None
        return self._source(path, _PLAIN | calls.RDONLY)

    def _grants(self) -> list[_Source]:
        policy, found = self._policy, []
        wanted = [(path, False) for path in (*policy.interpreter, *policy.read)]
        wanted += [(path, True) for path in policy.write]
        for path, writable in sorted(set(wanted)):
            if policy.store is not None and within(path, policy.store):
                self._missing.append((path, "it lies in the store, which nobody is shown"))
                continue
            if within(path, self._at):
                if path not in policy.interpreter:
                    self._missing.append((path, "it lies in the world, where the world's own is"))
                continue
            if not writable and any(within(path, "/" + name) for name in SYSTEM):
                continue
            try:
                source = self._source(
                    path, _PLAIN | (0 if writable else calls.RDONLY), writable=writable
                )
            except OSError as error:
                why = error.strerror or str(error)
                if error.errno == errno.ELOOP:
                    why = "it leads through a symbolic link: name the real path in sandbox.toml"
                self._missing.append((path, why))
                continue
            if source is not None:
                found.append(source)
            elif path not in policy.interpreter:
                self._missing.append((path, "it is not there"))
        return found

    def _source(self, path: str, attributes: int, *, writable: bool = False) -> _Source | None:
        """A tree of mounts at ``path``, not through links; None when nothing is there."""
        try:
            fd = calls.open_path(path, calls.NO_SYMLINKS)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR):
                return None
            raise
        try:
            is_folder = stat.S_ISDIR(os.fstat(fd).st_mode)
            mount = calls.clone_mount(fd)
        finally:
            os.close(fd)
        self._opened.callback(os.close, mount)
        if attributes:
            calls.set_mount(mount, attributes)
        return _Source(path, path, mount, is_folder, writable)

    def _optional(self, what: str, kind: bytes, attributes: int, **options: str) -> int | None:
        try:
            mount = calls.new_mount(kind, attributes, **options)
        except OSError as error:
            self._missing.append((what, error.strerror or str(error)))
            return None
        self._opened.callback(os.close, mount)
        return mount

    def _new_root(self) -> None:
        size = str(self._policy.limits.scratch_bytes)
        root = calls.new_mount(b"tmpfs", _PLAIN, size=size, mode="0755", nr_inodes="1000000")
        self._opened.callback(os.close, root)
        calls.place_mount(root, _STAGE)
        calls.change_root(root)
        os.umask(0o022)

    def _furnish(self, links: list[tuple[str, str]], sources: list[_Source]) -> None:
        for name, target in links:
            os.symlink(target, "/" + name)
        for folder in ("/run", "/dev", "/var", "/sys", _COVERS):
            os.mkdir(folder, 0o755)
        for name, target in (("run", "/run"), ("lock", "/run")):
            os.symlink(target, "/var/" + name)
        for path in ("/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108
            self._scratch(path, 0o1777)
        home = self._policy.home
        in_system = home is not None and any(within(home, "/" + name) for name in SYSTEM)
        if home is not None and not in_system:
            self._scratch(home, 0o700)
        for source in sources:
            self._place(source)
        if home is not None and in_system and os.path.isdir(home):
            os.mkdir(_HOME, 0o700)
            self._own_mount(home, _HOME)
            self._writable.append(home)
        for name, target in _DEV_LINKS:
            os.symlink(target, "/dev/" + name)

    def _scratch(self, path: str, mode: int) -> None:
        """An empty folder of the new root's, writable when the root no longer is."""
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
        self._own_mount(path)
        self._writable.append(path)

    def _own_mount(self, path: str, of: str | None = None) -> None:
        """A mount at a path: of the folder ``of``, or of what is there anyway."""
        fd = calls.open_path(path, calls.NO_SYMLINKS)
        try:
            mount = calls.clone_mount(fd) if of is None else self._mount_of(of)
            try:
                calls.place_mount(mount, fd)
            finally:
                os.close(mount)
        finally:
            os.close(fd)

    @staticmethod
    def _mount_of(path: str) -> int:
        fd = calls.open_path(path)
        try:
            return calls.clone_mount(fd)
        finally:
            os.close(fd)

    def _place(self, source: _Source, *, needed: bool = False) -> None:
        try:
            try:
                _make(source.at, source.is_folder)
            except OSError as error:
                if not needed or error.errno not in (errno.EROFS, errno.EACCES):
                    raise
                above = _deepest(source.at)
                self._cover(above)
                self._missing.append((above, "it is not seen: the world stands below it"))
                _make(source.at, source.is_folder)
            calls.place_mount(source.mount, source.at)
        except OSError as error:
            if needed or any(within(source.at, "/" + top) for top in ("dev", *SYSTEM)):
                raise
            self._missing.append((source.at, error.strerror or str(error)))
            return
        if source.writable:
            self._writable.append(source.at)

    def _cover(self, path: str, identity: tuple[int, int] | None = None) -> bool:
        """Put something empty over a path; whether it was there (and is ``identity``)."""
        try:
            fd = calls.open_path(path, calls.NO_SYMLINKS)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                return False
            raise
        try:
            found = os.fstat(fd)
            if identity is not None and (found.st_dev, found.st_ino) != identity:
                return False
            empty = f"{_COVERS}/{self._covers}"
            self._covers += 1
            _make(empty, stat.S_ISDIR(found.st_mode), mode=0)
            mount = self._mount_of(empty)
            try:
                calls.set_mount(mount, calls.RDONLY)
                calls.place_mount(mount, fd)
            finally:
                os.close(mount)
        finally:
            os.close(fd)
        return True

    def _found_store(self) -> tuple[int, int] | None:
        if self._policy.store is None:
            return None
        found = _identity(self._policy.store)
        if found is None:
            raise OSError(errno.ENOENT, f"{self._policy.store}: the store is not there")
        return found

    def _hide_store(self, sources: list[_Source]) -> None:
        """Cover the store in the trees that hold it; an error when one of them has it elsewhere."""
        path = self._policy.store
        if path is None:
            return
        seen = {
            os.path.join(source.at, os.path.relpath(path, source.path))
            for source in sources
            if source.path != path and within(path, source.path) and source.is_folder
        }
        for at in seen:
            if not self._hide(at, self._store):
                raise OSError(errno.ESTALE, f"{path}: the store was moved, or another is there")

    def _hide_named(self, path: str) -> None:
        """Cover what the owner hides; an error when it is seen by another way than its name."""
        if not self._hide(path) and os.path.exists(path):
            raise _by_link(path)

    def _hide(self, path: str, identity: tuple[int, int] | None = None) -> bool:
        """Cover a path for this command and the next: nothing above it can be renamed."""
        above = os.path.dirname(path)
        pins = []
        while any(within(above, tree) and above != tree for tree in self._writable):
            pins.append(above)
            above = os.path.dirname(above)
        for folder in reversed(pins):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self._own_mount(folder)
        return self._cover(path, identity)


def _by_link(path: str) -> OSError:
    # Who may write in the link's folder could lead it elsewhere, and so keep the file in sight.
    why = "is to be hidden and leads through a symbolic link: name the real path in sandbox.toml"
    return OSError(errno.ELOOP, f"{path} {why}")


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _links_at_root() -> list[tuple[str, str]]:
    """The links that stand for folders of the system, such as ``/bin``."""
    names = {name.partition("/")[0] for name in SYSTEM} | {"home"}
    return [(name, os.readlink("/" + name)) for name in sorted(names) if os.path.islink("/" + name)]


def within(path: str, folder: str) -> bool:
    """Whether a path is a folder's own or lies below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _make(path: str, is_folder: bool, mode: int = 0o644) -> None:
    """Something to put a mount on; a file gets ``mode``."""
    if is_folder:
        try:
            os.mkdir(path)
        except FileExistsError:
            pass
        except FileNotFoundError:
            os.makedirs(path, exist_ok=True)
    elif not os.path.lexists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))


def _deepest(path: str) -> str:
    """The nearest folder above that exists."""
    above = os.path.dirname(path)
    while not os.path.isdir(above):
        above = os.path.dirname(above)
    return above
