"""Copies by CRIU: a checkpoint of a process tree in a world held still, restored in others.

Layer: worlds. CRIU runs inside the namespaces of what it takes, so that those are no part of
the checkpoint, and inside new ones when it restores: the same image gives several live siblings,
each at the same path in a world of its own. What leads outside (standard input and output, a
sidecar's pipes) is named in the image and given anew. Keeps: only what was started to be
checkpointed is tried, since an attempt on others can harm them.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.errors import ExecFailed
from shepherd_sidecar.worlds.driver import Availability
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from shepherd_sidecar.worlds.mounts import all_mounts
from shepherd_sidecar.worlds.processes.records import Record
from shepherd_sidecar.worlds.processes.zygote import NotCopied

VARIABLE: Final = "SHEPHERD_CRIU"
AT_LEAST: Final = (4, 1)
"""Older ones fail on kernels from 6.13 on."""
_DESCRIPTION: Final = "image.json"
_PROBED: Final = "criu.json"
_IMAGES, _PROGRAM, _CACHE, _MORE = 3, 4, 5, 6  # descriptors, as the program has them
_STDIO: Final = ("stdin", "stdout", "stderr")
SIDECAR: Final = {3: "fromSidecar", 4: "toSidecar"}
"""Descriptors of an agent that lead to a sidecar of its own."""


@dataclass(frozen=True, slots=True)
class Image:
    """A checkpoint in the store."""

    folder: Path
    root: int
    """Pid of its first process, in its own namespace."""
    last: int
    """The highest of its pids and of its threads' numbers."""
    outside: dict[str, str]
    """What leads outside: CRIU's key of it, and what has to be given for it."""
    scratch: tuple[str, ...]
    """Folders of which the image holds the files."""
    not_captured: tuple[dict[str, str], ...]
    process: dict[str, Any]
    """The record of what it is of."""

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name


def built_at() -> Path:
    """Where ``make criu`` puts it."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(cache) / "shepherd-sidecar" / "criu" / "wide" / "criu"


def find() -> Path | None:
    """The program: the one named by ``SHEPHERD_CRIU``, the project's own, or one on PATH."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named)
    if os.access(built_at(), os.X_OK):
        return built_at()
    found = shutil.which("criu")
    return Path(found) if found else None


class Criu:
    """Checkpoints for one store.

    Args:
        folder: where images are kept.
    """

    name: Final = "criu"

    def __init__(self, folder: Path, keeper: Keeper) -> None:
        self._folder = folder
        self._keeper = keeper
        self._program = find()
        self._probed: Availability | None = None

    def probe(self) -> Availability:
        """Whether it works here; the answer is remembered for this program and this kernel."""
        if self._probed is None:
            self._probed = self._remembered() or self._try()
        return self._probed

    def images(self) -> list[Image]:
        """The images that are kept."""
        names = os.listdir(self._folder) if self._folder.is_dir() else []
        return [image for name in names if (image := self.image(name)) is not None]

    def image(self, name: str) -> Image | None:
        """An image by its name, or None."""
        folder = self._folder / name
        try:
            said = json.loads((folder / _DESCRIPTION).read_bytes())
        except (OSError, ValueError):
            return None
        said["scratch"], said["not_captured"] = tuple(said["scratch"]), tuple(said["not_captured"])
        return Image(folder, **said)

    def sweep(self, keep: Iterable[str]) -> list[str]:
        """Remove the images but those to keep; their names."""
        kept = set(keep)
        gone = [name for name in _names(self._folder) if name not in kept]
        for name in gone:
            shutil.rmtree(self._folder / name, ignore_errors=True)
        return gone

    def dump(self, record: Record, scratch: Iterable[str], *, held: bool) -> Image:
        """Checkpoint a process and its children; they go on as they were.

        Args:
            record: which.
            scratch: folders of its own outside the world, whose files the image takes along.
            held: whether its world is held still (it must be when others could write ``/proc``).

        Raises:
            NotCopied: it cannot be taken, with CRIU's own words.
        """
        tree = self._tree(record)
        folder = self._folder / secrets.token_hex(16)
        folder.mkdir(mode=0o700, parents=True)
        try:
            outside, lost = _outside(tree, record)
            kept = _take_scratch(tree[0], scratch, folder)
            options = ["--leave-running", "--freeze-cgroup", f"/proc/self/fd/{_MORE}"]
            files = [key for key in outside if not key.startswith("pipe:")]
            asked = [word for key in files for word in ("--external", key)]
            arguments = ["dump", "-t", str(_inner(tree[0])), *self._common("dump.log")]
            code = self._in_namespaces(
                record, folder, [*arguments, *asked], options if held else options[:1]
            )
            if code != 0:
                raise NotCopied(f"criu: {_why(folder / 'dump.log')}")
            image = Image(
                folder,
                _inner(tree[0]),
                max(number for pid in tree for number in _threads(pid)),
                outside,
                kept,
                tuple(lost),
                asdict(record),
            )
            _describe(image)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return image

    def restore(
        self, image: Image, spawn: Spawn, given: Mapping[str, int]
    ) -> tuple[int, dict[str, Any]]:
        """Bring an image to life in a world.

        Args:
            image: which.
            spawn: the world, by whose key the keeper knows it; ``argv`` and ``env`` are not used.
            given: descriptors for what leads outside: ``stdin``, ``stdout``, ``stderr``, ...

        Returns:
            The first process's pid, and what confines it.

        Raises:
            NotCopied: it could not be restored.
        """
        log = f"restore-{secrets.token_hex(4)}.log"
        numbers: dict[str, int] = dict(zip(_STDIO, range(3), strict=True))
        more = sorted({name for name in image.outside.values() if name not in numbers})
        numbers.update(zip(more, range(_MORE, _MORE + len(more)), strict=True))
        options = ["--restore-detached", "--leave-stopped", *self._common(log)]
        for key, name in image.outside.items():
            options += ["--inherit-fd", f"fd[{numbers[name]}]:{key}"]
        program = f"/proc/self/fd/{_PROGRAM}"
        with self._open(image.folder) as fds:
            restores: dict[str, Any] = {
                "root": image.root,
                "last": image.last,
                "scratch": list(image.scratch),
            }
            command = Spawn(
                argv=[program, "restore", "-D", f"/proc/self/fd/{_IMAGES}", *options],
                env={"PATH": os.defpath},
                at=spawn.at,
                mounted_at=spawn.mounted_at,
                policy=spawn.policy,
                detached=True,
                key=spawn.key,
                files=spawn.files,
                restores=restores,
            )
            try:
                child = self._keeper.spawn(
                    command, *(given[name] for name in _STDIO), *fds, *(given[n] for n in more)
                )
            except ExecFailed as error:
                raise NotCopied(f"criu: {_why(image.folder / log, error.message)}") from error
            finally:
                with contextlib.suppress(OSError):
                    (image.folder / log).unlink()
        with child:
            for pid in _children(child.first):
                if _inner(pid) == image.root:
                    return pid, dict(child.confinement)
        raise NotCopied("criu: what was restored ended at once")

    def _in_namespaces(
        self, record: Record, folder: Path, arguments: list[str], options: list[str]
    ) -> int:
        program = f"/proc/self/fd/{_PROGRAM}"
        where = ["-D", f"/proc/self/fd/{_IMAGES}"]
        with self._open(folder) as fds:
            try:
                return self._keeper.checkpoint(
                    record.id, [program, *arguments, *where, *options], *fds
                )
            except ProcessLookupError as error:
                raise NotCopied("it has ended") from error

    @contextlib.contextmanager
    def _open(self, folder: Path) -> Any:
        """Descriptors of the images, the program and its cache."""
        assert self._program is not None
        with contextlib.ExitStack() as opened:
            fds = []
            for path in (folder, self._program, _cache() or folder):
                fds.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
                opened.callback(os.close, fds[-1])
            yield fds

    @staticmethod
    def _common(log: str) -> list[str]:
        """Options of both ways."""
        user = [] if os.geteuid() == 0 else ["--unprivileged"]
        return ["--manage-cgroups=ignore", "--tcp-close", "-v1", "-o", log, *user]

    def _tree(self, record: Record) -> list[int]:
        """The machine's numbers of a process and everything below it, it first."""
        if not os.path.exists(f"/proc/{record.pid}"):
            raise NotCopied("it has ended")
        found, todo = [], [record.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            todo += _children(pid)
        return found

    def _remembered(self) -> Availability | None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            said = json.loads(((_cache() or self._folder) / _PROBED).read_bytes())
            if self._program is not None and said["of"] == self._identity():
                return Availability(self.name, said["available"], said["why"])
        return None

    def _identity(self) -> list[Any]:
        assert self._program is not None
        found = self._program.stat()
        return [str(self._program), found.st_mtime_ns, os.uname().release, os.geteuid()]

    def _try(self) -> Availability:
        why = self._why_not()
        if self._program is not None and why is None:  # what is in the way may go
            with contextlib.suppress(OSError):
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                said = {"of": self._identity(), "available": why is None, "why": why}
                kept = (_cache() or self._folder) / _PROBED
                fresh = kept.with_suffix(f".{os.getpid()}")
                fresh.write_text(json.dumps(said), "utf-8")
                fresh.rename(kept)
        return Availability(self.name, why is None, why)

    def _why_not(self) -> str | None:
        if self._program is None:
            return f"there is no criu: `make criu` builds one, or name one in {VARIABLE}"
        try:
            ran = subprocess.run(
                [self._program, "--version"], capture_output=True, text=True, timeout=10
            )
            version = re.search(r"Version: (\d+)\.(\d+)", ran.stdout)
            if version is None:
                return f"{self._program} does not say its version: {ran.stderr.strip()}"
            if (int(version[1]), int(version[2])) < AT_LEAST:
                return f"{self._program} is version {version[1]}.{version[2]}; 4.1 is needed"
            if os.geteuid() == 0:
                ran = subprocess.run(
                    [self._program, "check"], capture_output=True, text=True, timeout=30
                )
                if ran.returncode != 0:
                    return f"criu check: {ran.stdout.strip() or ran.stderr.strip()}"
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{self._program} cannot be run: {error}"
        return None


def _outside(tree: list[int], record: Record) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What of the processes leads out of their view; and what will not come along.

    Raises:
        NotCopied: something of it cannot be given anew.
    """
    outside: dict[str, str] = {}
    lost: list[dict[str, str]] = []
    for pid in tree:
        inside = _mounts(pid)
        connected = _connected(pid)
        for fd in _fds(pid):
            try:
                name = os.readlink(f"/proc/{pid}/fd/{fd}")
                kind = os.stat(f"/proc/{pid}/fd/{fd}").st_mode
                info = _info(pid, fd)
            except OSError:
                continue
            if name.startswith(("/dev/nvidia", "/dev/dri", "/dev/kfd")):
                raise NotCopied(f"a device is open: {name}")
            if stat.S_ISSOCK(kind):
                number = name[8:-1]
                if number in connected:
                    lost.append({"what": f"connection {connected[number]}", "why": "closed"})
            elif stat.S_ISFIFO(kind):
                if record.sidecar and pid == record.pid and fd in SIDECAR:
                    outside[name] = SIDECAR[fd]
            elif info["mnt_id"] not in inside and name.startswith("/"):
                if fd > 2 or pid != record.pid:
                    key = f"file[{info['mnt_id']:x}:{info['ino']:x}]"
                    if key not in outside:
                        raise NotCopied(f"a file outside is open: {name}")
                    continue
                outside.setdefault(f"file[{info['mnt_id']:x}:{info['ino']:x}]", _STDIO[fd])
    return outside, lost


def _take_scratch(pid: int, scratch: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Copy the files in folders of the process's own into the image."""
    kept: list[str] = []
    for path in scratch:
        seen = f"/proc/{pid}/root{path}"
        with contextlib.suppress(FileNotFoundError):
            device = os.stat(seen).st_dev
            if not any(os.lstat(f"{seen}/{n}").st_dev == device for n in os.listdir(seen)):
                continue
            target = folder / f"scratch-{len(kept)}"
            target.mkdir(mode=0o700)
            copied = ["cp", "-a", "--one-file-system", f"{seen}/.", str(target)]
            ran = subprocess.run(copied, capture_output=True, text=True)
            if ran.returncode != 0:
                raise NotCopied(f"{path} cannot be copied: {ran.stderr.strip()}")
            for mount in all_mounts(os.fsencode(path), pid):
                # Where something else is mounted it is no part of the folder.
                inside = target / os.path.relpath(os.fsdecode(mount.at), path)
                with contextlib.suppress(OSError):
                    if inside != target:
                        inside.rmdir() if inside.is_dir() else inside.unlink()
            kept.append(path)
    return tuple(kept)


def _describe(image: Image) -> None:
    said = {
        "root": image.root,
        "last": image.last,
        "outside": image.outside,
        "scratch": image.scratch,
        "not_captured": image.not_captured,
        "process": image.process,
    }
    (image.folder / _DESCRIPTION).write_text(json.dumps(said), "utf-8")


def _inner(pid: int) -> int:
    """A process's number in its own namespace."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[-1])
    return 0


def _threads(pid: int) -> list[int]:
    """The numbers of a process's threads in its own namespace."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return [_inner(int(thread)) for thread in os.listdir(f"/proc/{pid}/task")]
    return []


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            text = Path(f"/proc/{pid}/task/{thread}/children").read_text("ascii")
            found += map(int, text.split())
    return found


def _fds(pid: int) -> list[int]:
    try:
        return sorted(map(int, os.listdir(f"/proc/{pid}/fd")))
    except FileNotFoundError:
        return []


def _info(pid: int, fd: int) -> dict[str, int]:
    """``mnt_id`` and ``ino`` of a descriptor."""
    said = {}
    with open(f"/proc/{pid}/fdinfo/{fd}", encoding="ascii", errors="replace") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            if name in ("mnt_id", "ino"):
                said[name] = int(value)
    return said


def _mounts(pid: int) -> set[int]:
    with open(f"/proc/{pid}/mountinfo", encoding="utf-8", errors="replace") as lines:
        return {int(line.split(None, 1)[0]) for line in lines}


def _connected(pid: int) -> dict[str, str]:
    """The inodes of established TCP connections, and their far ends as the kernel writes them."""
    found = {}
    for kind in ("tcp", "tcp6"):
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{pid}/net/{kind}", encoding="ascii") as lines,
        ):
            for line in lines:
                words = line.split()
                if len(words) > 9 and words[3] == "01":
                    found[words[9]] = words[2]
    return found


def _cache() -> Path | None:
    """A folder in memory for what CRIU learns of the kernel; it saves 30 ms a time."""
    folder = Path("/dev/shm") / f"shepherd-criu-{os.geteuid()}"  # noqa: S108
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
    except OSError:
        return None
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return folder if mine and not found.st_mode & 0o077 else None


def _why(log: Path, otherwise: str = "it failed") -> str:
    """The first thing that CRIU calls an error in its log, but for those that always are."""
    with contextlib.suppress(OSError):
        for line in log.read_text("utf-8", "replace").splitlines():
            said = re.search(r"Error \(.*?\): (.*)", line)
            if said and not re.search("RLIMIT_NOFILE|tun", said[1]):
                return said[1]
    return otherwise


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [entry.name for entry in os.scandir(folder) if entry.is_dir()]
