"""Starting a confined command in namespaces of its own.

Layer: worlds. The keeper's child is pid 1 there, and its child the command. Pid 1 stays to
reap, to pass on signals and to end everything in its namespace when the command has ended (or
its sidecar has, unless detached). All a sidecar needs it gets as descriptors: a pidfd of pid 1
(readable when nothing is left alive), a memory file with the command's exit code, a socket that
tells whether exec succeeded, and for a child that is not detached a pipe whose closing ends it
and through which comes a byte when nothing of it is left. The keeper takes no further part.

Both may be made before their command is known, by what the last one was: then they wait, the
namespaces are made and all of the view is there but the world.

What runs here runs in a fork of the keeper: nothing may be imported, and nothing returns.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
import termios
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from shepherd_sidecar.worlds import namespaces
from shepherd_sidecar.worlds.confine import view
from shepherd_sidecar.worlds.confine.enter import Entering, Refused
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.keeper.messages import receive, send
from shepherd_sidecar.worlds.processes import trusted

NAMESPACES: Final = {
    "mnt": namespaces.NEW_MOUNTS,
    "pid": namespaces.NEW_PIDS,
    "ipc": namespaces.NEW_IPC,
    "uts": namespaces.NEW_HOSTNAME,
    "net": namespaces.NEW_NETWORK,
    "cgroup": namespaces.NEW_CGROUP,
}
"""Namespaces by the kernel's names; ``mnt`` and ``pid`` are never shared."""
_PASSED_ON: Final = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
STATUS: Final = struct.Struct("=i")
"""The exit code in the memory file; negative: the signal that ended the command."""
OVER: Final = b"."
"""Comes through the pipe that keeps a command alive when nothing of it is."""


class Kind:
    """What of a command must be known to make its processes ahead.

    Args:
        request: as for ``spawn``.

    Raises:
        KeyError, TypeError: it is no such request.
    """

    __slots__ = ("flags", "mounted_at", "policy", "stands_on")

    def __init__(self, request: dict[str, Any]) -> None:
        self.flags = 0
        """Its namespaces."""
        for name, flag in NAMESPACES.items():
            if name in ("mnt", "pid") or name not in request["shares"]:
                self.flags |= flag
        self.mounted_at: str | None = request["mountedAt"]
        """Where it sees its world; None: its view cannot be made ahead."""
        if request["restores"]:
            self.mounted_at = None
        self.policy = Policy.from_dict(request["policy"])
        self.stands_on = view.stands_on(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kind) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    def own(self) -> list[str]:
        """The names of its namespaces."""
        return [name for name in NAMESPACES if self.flags & NAMESPACES[name]]


class Spare:
    """A pid 1 that waits for its command. Made ahead, it takes its making off the way."""

    __slots__ = ("child_orders", "group", "kind", "orders", "pid", "pidfd")

    def __init__(
        self, pid: int, pidfd: int, kind: Kind, group: str | None, *orders: socket.socket
    ) -> None:
        self.pid, self.pidfd, self.kind, self.group = pid, pidfd, kind, group
        self.orders, self.child_orders = orders

    def drop(self) -> None:
        """It is not needed; it ends."""
        self.close()
        os.waitpid(self.pid, 0)
        os.close(self.pidfd)

    def close(self) -> None:
        """There are no more orders for it."""
        self.orders.close()
        self.child_orders.close()


class Spawned:
    """A pid 1 and the keeper's descriptors of it."""

    __slots__ = ("adopted", "at", "detached", "group", "key", "lingers", "pid", "pidfd", "status")

    def __init__(self, pid: int, pidfd: int, status: int, request: dict[str, Any]) -> None:
        self.pid, self.pidfd, self.status = pid, pidfd, status
        self.at: str = request["at"]
        self.detached: bool = request["detached"]
        self.key: str | None = request.get("key")
        self.lingers = request.get("copyable") == "nesting"
        self.adopted = False
        self.group: str | None = None
        """Its cgroup."""

    def close(self) -> None:
        """Let go of the descriptors."""
        os.close(self.pidfd)
        os.close(self.status)


def prepare(kind: Kind, keeper: int, cgroup: int | None, group: str | None) -> Spare:
    """Make a pid 1 for a command to come.

    Args:
        kind: what is known of it.
        keeper: pidfd of this process.
        cgroup: descriptor of the cgroup to be born in.
        group: its name.

    Raises:
        OSError: the kernel refused the namespaces.
    """
    # A cgroup namespace shows the cgroup it is made in as the root, so pid 1 makes it inside. To
    # copy all mounts takes time, which the keeper does not wait for.
    born_in = kind.flags & ~(namespaces.NEW_CGROUP | namespaces.NEW_MOUNTS)
    orders, ordered = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child_orders, child_ordered = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ordered, child_ordered:
        try:
            pid, pidfd = namespaces.clone(born_in, cgroup)
        except OSError:
            orders.close()
            child_orders.close()
            raise
        if pid == 0:
            _in_child(lambda: _pid_one(ordered, child_ordered, keeper, kind))
    return Spare(pid, pidfd, kind, group, orders, child_orders)


def spawn(
    spare: Spare, request: dict[str, Any], files: view.Files | str, stdio: Sequence[int]
) -> tuple[Spawned, list[int]]:
    """Give a pid 1 its command.

    Args:
        spare: from ``prepare`` for its kind; used up by this.
        request: ``argv``, ``env``, ``cwd``, ``at``, ``mountedAt``, ``policy``, ``detached``,
            ``terminal``, ``shares``, ``copyable``, ``restores``.
        files: the world's files; for what ``restores`` where they are, as the keeper sees them.
        stdio: descriptors for 0, 1, 2 and so on of the command.

    Returns:
        What the keeper keeps, and descriptors for the sidecar (the caller closes them): pidfd,
        status, started, and when not detached the pipe to hold.

    Raises:
        OSError: the pid 1 has ended.
    """
    told, telling = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    status = os.memfd_create("status", os.MFD_CLOEXEC)
    held = () if request["detached"] else os.pipe2(os.O_CLOEXEC)
    path = files if isinstance(files, str) else files.path
    mount = () if isinstance(files, str) else (files.mount,)
    try:
        about = {name: request[name] for name in ("restores", "copyable", "detached")}
        order = {**request, "policy": None, "files": path}
        send(spare.child_orders, order, (telling.fileno(), *mount, *stdio))
        send(spare.orders, about, (telling.fileno(), status, *held[1:]))
    except OSError:
        for fd in (status, told.detach(), *held[:1]):
            os.close(fd)
        spare.drop()
        raise
    finally:
        telling.close()
        for fd in held[1:]:
            os.close(fd)
    spare.close()
    child = Spawned(spare.pid, spare.pidfd, status, request)
    child.group = spare.group
    return child, [os.dup(spare.pidfd), os.dup(status), told.detach(), *held[:1]]


def has_ended(child: Spawned | Spare, within: float) -> bool:
    """Whether a pid 1 ends within so many seconds."""
    polled = select.poll()
    polled.register(child.pidfd, select.POLLIN)
    return bool(polled.poll(max(0.0, within) * 1000))


def _in_child(run: Callable[[], int]) -> NoReturn:
    """Run in a fork; no exception leads back into the keeper's own code."""
    code = 70
    try:
        code = run()
    except BaseException:
        sys.excepthook(*sys.exc_info())  # into the keeper's log, or the command's own stderr
    finally:
        os._exit(code)


def _pid_one(ordered: socket.socket, child_ordered: socket.socket, keeper: int, kind: Kind) -> int:
    """Pid 1 of the new namespace; its result is the command's as a shell would give it."""
    if not namespaces.die_with_parent(keeper):
        return 70
    wakes, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    _close_all_but(ordered.fileno(), child_ordered.fileno(), wakes, wake)
    os.setsid()
    os.chdir("/")
    namespaces.call_oneself(b"world")
    # Before there is a child that could look into it: it holds the descriptors of the status.
    namespaces.hide_from_tracers(True)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, *_PASSED_ON):
        signal.signal(number, _ignored)
    if kind.flags & namespaces.NEW_NETWORK:
        namespaces.loopback_up()
    if kind.flags & namespaces.NEW_CGROUP:
        with contextlib.suppress(OSError):  # kernels without them confine all the same
            namespaces.unshare(namespaces.NEW_CGROUP)
    refused = None
    try:
        namespaces.unshare(namespaces.NEW_MOUNTS)
        namespaces.keep_mounts_private()
    except OSError as error:
        refused = str(error)
    command = 0
    if kind.mounted_at is not None and refused is None:
        command = _forked(child_ordered, kind)
    with ordered:
        order = receive(ordered)
    if order is None:
        return 0
    request, (telling, status, *rest) = order
    if refused is not None:
        _tell(telling, {"stage": "namespaces", "message": refused})
        return 70
    if command == 0:
        trusted.number_after(request["restores"]["last"])
        command = _forked(child_ordered, kind)
    child_ordered.close()
    return _run(request, command, telling, status, rest[0] if rest else None, wakes)


def _forked(ordered: socket.socket, kind: Kind) -> int:
    """The process that waits to become the command."""
    command = os.fork()
    if command == 0:
        _in_child(lambda: _command(ordered, kind))
    return command


def _run(
    request: dict[str, Any], command: int, telling: int, status: int, held: int | None, wakes: int
) -> int:
    """The rest of pid 1's life: its command's, and the end of all that this left behind."""
    ended: dict[int, int] = {}
    if request["restores"]:
        restored = _reap(command, ended, wakes, held)
        if restored == 0:
            trusted.let_go_on()
        _tell(telling, {"restored": restored})
        if restored != 0:
            return 70
        command = request["restores"]["root"]
    os.close(telling)
    code = _reap(command, ended, wakes, held)
    if request["copyable"] == "nesting" and code is not None:
        # Its copies live on in pid namespaces below this one.
        os.pwrite(status, STATUS.pack(code), 0)
        _reap(0, ended, wakes, held)
    _end_all()
    if code is None:
        return 128 + signal.SIGKILL
    os.pwrite(status, STATUS.pack(code), 0)
    if held is not None:
        # Nobody else is left. To take the namespaces away, which comes first when this process
        # ends, takes the kernel milliseconds that nobody need wait for.
        with contextlib.suppress(BrokenPipeError):
            os.write(held, OVER)
    return code if code >= 0 else 128 - code


def _reap(command: int, ended: dict[int, int], wakes: int, held: int | None) -> int | None:
    """Reap until the command has ended: its exit code; None when its sidecar ended first.

    Command 0: until nobody is left. ``ended`` keeps the codes of others that ended meanwhile.
    """
    polled = select.poll()
    polled.register(wakes, select.POLLIN)
    if held is not None:
        polled.register(held, 0)  # told all the same when the other end is closed
    while True:
        # Several deaths may be one signal.
        try:
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                ended[found[0]] = os.waitstatus_to_exitcode(found[1])
        except ChildProcessError:
            if command == 0:
                return 0
        if command in ended:
            return ended[command]
        for fd, _ in polled.poll():
            if fd == held:
                return None
            for number in os.read(wakes, 512):
                if number != signal.SIGCHLD and command:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(command, number)


def _end_all() -> None:
    """Kill whatever else lives in this pid namespace, and see it gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _command(ordered: socket.socket, kind: Kind) -> int:
    """Confine this process as far as its kind is known, wait for the rest, and become it."""
    namespaces.hide_from_tracers(False)
    signal.set_wakeup_fd(-1)
    for number in (*_PASSED_ON, signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setsid()
    _close_all_but(ordered.fileno())
    begun: Entering | Exception | None = None
    if kind.mounted_at is not None:
        try:
            begun = Entering(kind.policy, kind.mounted_at, kind.own())
        except Exception as error:
            begun = error
    order = receive(ordered)
    if order is None:
        return 0
    request, given = order
    telling, *stdio = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 64) for fd in given)
    stage = "cwd"
    try:
        if isinstance(begun, Exception):
            raise begun
        if begun is not None:
            files = view.Files(stdio.pop(0), request["files"])
            confinement = begun.finish(files, request["cwd"], request["copyable"])
            _take(stdio, telling)
        else:
            _take(stdio, telling)
            scratch = request["restores"].get("scratch", ())
            confinement = trusted.enter(
                kind.policy, request["files"], request["mountedAt"], kind.own(), scratch
            )
        if request["terminal"]:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        _tell(telling, {"confinement": confinement.to_dict()})
        stage = "exec"
        os.execvpe(request["argv"][0], request["argv"], request["env"])  # noqa: S606
    except Refused as error:
        _tell(telling, {"stage": "confine", "message": str(error)})
    except OSError as error:
        _tell(telling, {"stage": stage, "errno": error.errno})
    except Exception as error:
        _tell(telling, {"stage": "confine", "message": repr(error)})
    return 127


def _tell(telling: int, what: dict[str, Any]) -> None:
    os.write(telling, json.dumps(what).encode("ascii"))


def _take(stdio: Sequence[int], telling: int) -> None:
    """Have descriptors as 0, 1, 2 and so on, and ``telling``; none besides."""
    for target, fd in enumerate(stdio):
        os.dup2(fd, target)
    _close_all_but(*range(3, len(stdio)), telling)


def _close_all_but(*kept: int) -> None:
    """Close every descriptor from 3 on but these."""
    after = 3
    for fd in sorted({fd for fd in kept if fd >= 3}):
        os.closerange(after, fd)
        after = fd + 1
    os.closerange(after, 1 << 20)


def _ignored(number: int, frame: object) -> None:
    """The signal is read from the wakeup descriptor."""
