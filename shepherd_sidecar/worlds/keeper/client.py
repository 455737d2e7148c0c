"""The keeper of a store, as a sidecar sees it: started when needed, and started again.

Layer: worlds. Worlds can be mounted again from their layers, so a keeper that ended is no loss:
the next call starts another. Safe to use from several threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

from shepherd_sidecar.errors import DriverUnavailable, NoWorld
from shepherd_sidecar.worlds.confine.enter import Copyable
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.keeper.child import Child, told_by
from shepherd_sidecar.worlds.keeper.connection import SOCKET, Connection, in_its_stead
from shepherd_sidecar.worlds.keeper.messages import VERSION, BadMessage, Message
from shepherd_sidecar.worlds.keeper.mounting import ROOT, clone_world, mount_world
from shepherd_sidecar.worlds.processes.users import map_users_here

GRACE: Final = 30.0
_PROGRAM: Final = Path(__file__).with_name("__main__.py")
_START_WITHIN: Final = 30.0
_MOUNTED_WITHIN: Final = 15.0
"""Seconds that a command waits while its world's layers are rearranged."""
_SPARE: Final = 4
"""Connections kept for the next calls."""


@dataclass(frozen=True, slots=True)
class Spawn:
    """A command to start in a world."""

    argv: Sequence[str | bytes]
    """The program and its arguments; a name without ``/`` is looked up in ``env['PATH']``."""
    env: Mapping[str, str]
    """Its whole environment."""
    at: Path
    """The world's home."""
    mounted_at: Path
    """Where it sees its files."""
    policy: Policy
    cwd: str = ""
    """Where it starts, relative to the world."""
    detached: bool = False
    """Whether it outlives this sidecar."""
    key: str | None = None
    """The name of a detached command, for ``Keeper.find``."""
    files: Path | None = None
    """Where the world's files are; None: its mount."""
    terminal: bool = False
    """Whether its standard input is a terminal of its own, which it is to control."""
    copyable: Copyable = "no"
    """What it gives up so that it can be copied as it runs."""
    restores: Mapping[str, Any] | None = None
    """``argv`` restores a checkpoint: ``root``, the pid of its first process, ``last``, the
    highest of its pids, and ``scratch``, folders whose files its descriptor 3 holds. It runs with
    every right and becomes nobody's child."""
    shares: frozenset[str] = field(default=frozenset())
    """Namespaces it shares with the keeper: of ``ipc``, ``uts``, ``net``, ``cgroup``."""


@dataclass(frozen=True, slots=True)
class Process:
    """Something that lives in a world."""

    pid: int
    """In the keeper's pid namespace."""
    argv: tuple[str, ...]
    first: int
    """The pid 1 it lives under (``Child.first``)."""
    key: str | None
    """The key that command was started with."""


class Keeper:
    """The keeper of the worlds in ``folder``.

    Args:
        folder: the store's folder of worlds; each world's home is a folder right in it.
        grace: seconds that a keeper started by this one waits, unused, before it ends.

    Every method raises ``DriverUnavailable`` when no keeper can work here.
    """

    def __init__(self, folder: Path, grace: float | None = None) -> None:
        self.folder = folder.absolute()
        if grace is None:
            grace = float(os.environ.get("SHEPHERD_KEEPER_GRACE", GRACE))
        self._grace = grace
        self._lock = Lock()
        self._starting = Lock()
        self._spare: list[Connection] = []
        self._owner = os.getpid()
        self._probed: list[str | None] = []

    @property
    def mode(self) -> str:
        """``root``: mounts are the machine's own; ``userns``: in a namespace of the keeper."""
        with self._connection() as connection:
            return connection.mode

    def is_there(self) -> bool:
        """Whether a keeper was started and may still be there; starts none."""
        return (self.folder / SOCKET).exists()

    def close(self) -> None:
        """Let go of the keeper. What was started detached goes on."""
        with self._lock:
            spare, self._spare = self._spare, []
        for connection in spare:
            connection.close()

    def probe(self) -> str | None:
        """Why overlays do not work in this folder; None when they do. Tried once."""
        if not self._probed:
            self._probed.append(self._probe())
        return self._probed[0]

    def mount(
        self,
        at: Path,
        lowers: Sequence[str | Path],
        upper: str | Path,
        work: str | Path,
        *,
        volatile: bool = True,
    ) -> Path:
        """Mount a world's overlay, if it is not mounted; where its files are now.

        Args:
            at: the world's home; the mount is at ``root`` in it.
            lowers: the layers, the top first.
            upper: the world's own layer.
            work: an empty folder beside it, new for each volatile mount.
            volatile: never wait for the disk.

        Raises:
            NoWorld: there is no folder ``at``.
        """
        with self._connection() as connection:  # held: a keeper without any may be ending
            if connection.sees_its_mounts and at.parent == self.folder and at.is_dir():
                words = [os.fspath(path) for path in (at, upper, work, *lowers)]
                home, top, beside, *below = words
                modes = {"userxattr": False, "volatile": volatile}
                with in_its_stead():
                    return Path(mount_world(home, below, top, beside, **modes))
        reply, _, prefix = self._ask(
            {
                "do": "mount",
                "at": _absolute(at),
                "lowers": [_absolute(lower) for lower in lowers],
                "upper": _absolute(upper),
                "work": _absolute(work),
                "volatile": volatile,
            }
        )
        return Path(prefix + reply["mounted"])

    def mounted(self, at: Path) -> Path | None:
        """Where the world's files are now; None when it is not mounted."""
        reply, _, prefix = self._ask({"do": "mounted", "at": _absolute(at)})
        root = reply["mounted"]
        return Path(prefix + root) if root is not None else None

    def unmount(self, at: Path, *, destroy: bool = False) -> bool:
        """Unmount a world; False when something lives in it or has a file of it open.

        Args:
            at: the world's home.
            destroy: kill what lives in it, and take it away even if it is in use from outside.
        """
        message = {"do": "unmount", "at": _absolute(at), "destroy": destroy}
        return bool(self._ask(message)[0]["unmounted"])

    def spawn(self, command: Spawn, stdin: int, stdout: int, stderr: int, *more: int) -> Child:
        """Start a command, confined to its world. Returns when exec has succeeded.

        The descriptors stay open here; ``more`` become 3, 4, ... of the command.

        Raises:
            OSError: exec failed; ``filename`` is the program, or the cwd when that is at fault.
            ExecFailed: it could not be confined (``why``: ``unconfined``).
            DriverUnavailable: this machine refuses the namespaces.
            NoWorld: there is no such world, or it is not mounted.
            ValueError: an argument or variable holds a NUL or is no text.
        """
        argv = [os.fsdecode(word) for word in command.argv]
        shares = set(command.shares) | ({"net"} if command.policy.network else set())
        message = {
            "do": "spawn",
            "argv": _without_nul(argv),
            "env": dict(
                zip(_without_nul(command.env), _without_nul(command.env.values()), strict=True)
            ),
            "at": _absolute(command.at),
            "files": _absolute(command.files) if command.files is not None else None,
            "mountedAt": os.fspath(command.mounted_at),
            "cwd": command.cwd,
            "policy": command.policy.to_dict(),
            "detached": command.detached,
            "key": command.key,
            "terminal": command.terminal,
            "copyable": command.copyable,
            "restores": dict(command.restores) if command.restores else None,
            "shares": sorted(shares),
        }
        reply, fds, _ = self._when_mounted(message, (stdin, stdout, stderr, *more))
        pidfd, status, telling, *held = fds
        child = Child(reply["first"], pidfd, status)
        if held:
            child.hold(held[0])
        try:
            child.pid, child.confinement = told_by(
                socket.socket(fileno=telling), argv[0], command.cwd
            )
        except BaseException:
            child.kill()
            child.close()
            raise
        return child

    def find(self, key: str) -> Child | None:
        """The detached command with this key; None when there is none.

        One that has ended is remembered as long as the keeper is there that saw it end. The
        ``confinement`` is empty and the ``pid`` 0.
        """
        reply, fds, _ = self._ask({"do": "find", "key": key})
        return Child(reply["first"], *fds) if fds else None

    def checkpoint(self, key: str, argv: Sequence[str], *fds: int) -> int:
        """Run a checkpoint program with every right inside the namespaces of a command.

        The descriptors become 3, 4, ... of the program; the last of its own is the world's
        cgroup, when that holds the world still. Waits for its end.

        Returns:
            Its exit code.

        Raises:
            ProcessLookupError: the command has ended.
        """
        _, given, _ = self._ask({"do": "checkpoint", "key": key, "argv": list(argv)}, fds)
        with socket.socket(fileno=given[0]) as told:
            data = told.recv(64)
        return int(data) if data else -9

    def clone(self, at: Path, files: Path | None = None) -> int:
        """A descriptor of a mount of a world's files that is in no place yet."""
        with self._connection() as connection:
            if connection.sees_its_mounts:
                with in_its_stead():
                    return clone_world(os.fspath(files or at / ROOT))
        message = {"do": "clone", "at": _absolute(at), "files": files and _absolute(files)}
        return self._ask(message)[1][0]

    def map_users(self, pid: int, pidfd: int) -> None:
        """Number the users of a process's own, new user namespace as the keeper's are.

        Args:
            pid: of that process, as it is numbered here.
            pidfd: of the same.
        """
        with self._connection() as connection:
            if connection.sees_its_mounts:
                with in_its_stead():
                    if map_users_here(pid, whole=os.geteuid() == 0):
                        return
        self._ask({"do": "map"}, (pidfd,))

    def adopt(self, key: str, at: Path, pidfd: int, status: int) -> Child:
        """Hold a pid 1 that a command made for its copy as one of this world's commands.

        What comes back is as ``find`` gives it.

        Args:
            key: its name, for ``find``.
            at: the world's home.
            pidfd: of that pid 1.
            status: the file in which it leaves its exit code.
        """
        message = {"do": "adopt", "at": _absolute(at), "key": key}
        reply, _, _ = self._ask(message, (pidfd, status))
        return Child(reply["first"], os.dup(pidfd), os.dup(status))

    def processes(self, at: Path) -> list[Process]:
        """What lives in a world, of what the keeper started there."""
        reply, _, _ = self._ask({"do": "processes", "at": _absolute(at)})
        return [
            Process(one["pid"], tuple(one["argv"]), one["first"], one["key"])
            for one in reply["processes"]
        ]

    def kill(self, at: Path, key: str | None = None) -> None:
        """Kill everything the keeper started in a world; returns when it is gone.

        Copies that a process made of itself for other worlds live on.

        Args:
            at: the world's home.
            key: only the command that was started with it, and what that started.
        """
        self._ask({"do": "kill", "at": _absolute(at), "key": key})

    @contextlib.contextmanager
    def freeze(self, at: Path, but: Sequence[str] = ()) -> Iterator[str]:
        """Hold a world still inside the block; yields by what: ``cgroup`` or ``signals``.

        Should this process end inside, the world goes on.

        Args:
            at: the world's home.
            but: keys of commands whose own process stands still already; with children, they are
                held like all others.

        Raises:
            DriverUnavailable: some process would not hold still, or another holds it already.
        """
        where = _absolute(at)
        with self._connection() as connection:
            how = connection.ask({"do": "freeze", "at": where, "but": list(but)})[0]["by"]
            try:
                yield how
            finally:
                connection.ask({"do": "thaw", "at": where})

    def _when_mounted(self, message: Message, fds: Sequence[int]) -> tuple[Message, list[int], str]:
        """A request; while a snapshot has the world unmounted for a moment it is made again."""
        until = time.monotonic() + _MOUNTED_WITHIN
        while True:
            try:
                return self._ask(message, fds)
            except DriverUnavailable as error:
                if error.data.get("why") != "notMounted":
                    raise
                if time.monotonic() > until:
                    raise NoWorld(error.message, hint="ask once more") from error
            time.sleep(0.002)

    # --- connections

    def _ask(self, message: Message, fds: Sequence[int] = ()) -> tuple[Message, list[int], str]:
        """A request; once more on a fresh connection when the keeper ended before it answered.

        What it had started by then ended with it.
        """
        try:
            return self._ask_once(message, fds)
        except (ConnectionError, EOFError):
            self.close()
        try:
            return self._ask_once(message, fds)
        except (ConnectionError, EOFError) as error:
            raise DriverUnavailable(
                "the keeper of the worlds ended in the middle of a request",
                hint=f"look into {self.folder / 'keeper.log'}",
            ) from error

    def _ask_once(self, message: Message, fds: Sequence[int]) -> tuple[Message, list[int], str]:
        with self._connection() as connection:
            reply, given = connection.ask(message, fds)
            return reply, given, connection.prefix

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection for one user; it is kept for the next, unless something went wrong."""
        if os.getpid() != self._owner:  # a fork: its parent's connections are not its own
            self._owner, self._spare, self._lock = os.getpid(), [], Lock()
            self._starting = Lock()
        with self._lock:
            connection = self._spare.pop() if self._spare else None
        if connection is None:
            connection = self._connect()
        try:
            yield connection
        except (ConnectionError, EOFError, BadMessage):
            connection.close()
            raise
        except BaseException:
            if connection.between:
                connection.close()
                raise
            self._give_back(connection)
            raise
        self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        with self._lock:
            if len(self._spare) < _SPARE:
                self._spare.append(connection)
                return
        connection.close()

    def _connect(self) -> Connection:
        until = time.monotonic() + _START_WITHIN
        while True:
            connection = Connection()
            try:
                connection.open(self.folder)
                if connection.version == VERSION:
                    return connection
            except (FileNotFoundError, ConnectionError, EOFError):
                pass
            except BaseException:
                connection.close()
                raise
            old = connection.version
            connection.close()
            if time.monotonic() > until or (old and time.monotonic() > until - _START_WITHIN + 1):
                raise _no_keeper(self.folder, old)
            if old or not self._start():
                time.sleep(0.005)

    def _start(self) -> bool:
        """Start a keeper; False when another one is starting, or ending."""
        if not self.folder.is_dir():
            raise NoWorld(f"there is no folder {self.folder}")
        with self._starting:
            # No variable of the sidecar: it may hold keys, and children could inherit them.
            ran = subprocess.run(
                [sys.executable, "-I", "-S", _PROGRAM, self.folder, str(self._grace)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd="/",
                env={"PATH": os.defpath},
                check=False,
            )
        try:
            said = json.loads(ran.stdout)
        except ValueError:
            said = {"why": "crash", "message": ran.stderr.decode("utf-8", "replace").strip()}
        if said and said["why"] != "held":
            raise DriverUnavailable(
                f"the keeper of the worlds cannot work here: {said['message']}", why=said["why"]
            )
        return not said

    def _probe(self) -> str | None:
        """Mount an overlay, write through it, and remove it."""
        try:
            with tempfile.TemporaryDirectory(prefix=".probe-", dir=self.folder) as name:
                at = Path(name)
                lower, upper, work = (at / part for part in ("lower", "upper", "work"))
                for part in (lower, upper, work):
                    part.mkdir()
                (lower / "file").write_bytes(b"")
                try:
                    root = self.mount(at, [lower], upper, work)
                    (root / "file").rename(root / "renamed")
                    (root / "folder").mkdir()
                    if not (upper / "renamed").exists():
                        return "what is written to an overlay does not arrive in its upper folder"
                finally:
                    self.unmount(at, destroy=True)
        except DriverUnavailable as error:
            return error.message
        except OSError as error:
            return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
        return None


def _no_keeper(folder: Path, old: int | None) -> DriverUnavailable:
    if old is not None:
        return DriverUnavailable(
            f"the keeper of {folder} is of another version ({old}, here {VERSION})",
            hint="it ends when no other sidecar uses it and nothing runs in its worlds",
            why="version",
        )
    return DriverUnavailable(
        f"no keeper of {folder} came up in {_START_WITHIN:.0f} s",
        hint="another process holds keeper.lock there, or the machine is overloaded",
        why="start",
    )


def _absolute(path: str | Path) -> str:
    return os.path.abspath(path)


def _without_nul(words: Any) -> list[str]:
    for word in words:
        if "\0" in word:
            raise ValueError("embedded null byte")
    return list(words)
