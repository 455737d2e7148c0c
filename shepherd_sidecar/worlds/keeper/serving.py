"""The keeper's loop: connections, requests, the children, the end.

Layer: worlds. One thread, so that a fork is plain and nothing needs a lock. Nothing is kept that
could not be lost: what is mounted is asked of the kernel, and a world can be mounted again.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Final

from shepherd_sidecar.worlds import mounts
from shepherd_sidecar.worlds.confine import view
from shepherd_sidecar.worlds.keeper import processes
from shepherd_sidecar.worlds.keeper.freezing import Cgroups, NotStill, let_go, stop
from shepherd_sidecar.worlds.keeper.messages import VERSION, BadMessage, Message, receive, send
from shepherd_sidecar.worlds.keeper.mounting import ROOT, clone_world, mount_world
from shepherd_sidecar.worlds.keeper.moving import Moves
from shepherd_sidecar.worlds.keeper.spares import Spares
from shepherd_sidecar.worlds.keeper.spawning import Spawned, has_ended
from shepherd_sidecar.worlds.processes import trusted, upkeep, users

_PEER: Final = struct.Struct("=iii")
_TICK: Final = 5.0
"""Seconds between looks whether the store is still there."""
_FIRST_WITHIN: Final = 5.0
"""Seconds that it waits for its first connection, beside the grace time."""
_REMEMBERED: Final = 1000
"""Ended detached children whose exit code is kept for whoever asks."""
_KILLED_WITHIN: Final = 10.0

Fds = Sequence[int]
Answer = tuple[Message, list[int]]


class Refused(Exception):
    """A request that cannot be done, with a word for programs."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class Keeper:
    """See the module.

    Args:
        folder: the store's folder of worlds; nothing outside it is mounted or unmounted.
        listening: the socket, already bound and named ``name`` in ``folder``.
        grace: seconds without connection and child after which it ends.
        userns: whether this process is in a user namespace of its own.
    """

    def __init__(
        self, folder: str, listening: socket.socket, name: str, grace: float, userns: bool
    ) -> None:
        self.folder, self.name, self.grace, self.userns = folder, name, grace, userns
        self.listening = listening
        self.socket_inode = os.lstat(os.path.join(folder, name)).st_ino
        self.pidfd = os.pidfd_open(os.getpid())
        # Held open, so that no other folder can come to have its number.
        self.opened = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        here = os.fstat(self.opened)
        self.cgroups = Cgroups(f"shepherd-{here.st_dev:x}-{here.st_ino:x}")
        self.moves = Moves(self.cgroups)
        self.connections: dict[int, socket.socket] = {}
        self.children: dict[int, Spawned] = {}
        self.ended: dict[str, Spawned] = {}
        self.frozen: dict[str, tuple[int, list[int] | None, list[str]]] = {}
        """By world: the connection that froze it, what it stopped, or else which cgroups."""
        self.spares = Spares(self.cgroups, self.pidfd)
        self.records = os.path.join(os.path.dirname(folder), upkeep.FOLDER)
        self.kept_up_at = 0.0
        self.later: list[tuple[int, Message, Fds]] = []
        """Commands to start in a world that is being held still."""
        self.idle_since = time.monotonic() + _FIRST_WITHIN  # who started it is on the way
        self.polled = select.poll()
        self.polled.register(listening, select.POLLIN)
        self.doing: dict[str, Callable[[int, Message, Fds], Answer]] = {
            "mount": self.mount,
            "mounted": self.mounted,
            "unmount": self.unmount,
            "spawn": self.spawn,
            "find": self.find,
            "processes": self.processes,
            "kill": self.kill,
            "freeze": self.freeze,
            "thaw": self.thaw,
            "checkpoint": self.checkpoint,
            "clone": self.clone,
            "adopt": self.adopt,
            "map": self.map,
        }

    def run(self) -> None:
        """Serve until idle for the grace time; then leave nothing behind that is not in use."""
        while not self._is_over():
            left = min(self.spares.due_in(self.children), self.moves.due_in(), _TICK)
            if not self.connections and not self.children:
                left = max(0.0, self.idle_since + self.grace - time.monotonic())
            ready = self.polled.poll(int(min(left, _TICK) * 1000) + 1)
            if not ready:
                self.moves.begin()
                self.spares.tidy(self.children)
            self._keep_up()
            self.moves.reap()
            for fd, _ in ready:
                if fd == self.listening.fileno():
                    self._accept()
                elif fd in self.connections:
                    self._serve(fd)
                elif fd in self.children and has_ended(self.children[fd], 0.0):
                    self._reaped(fd)
        self._leave()

    # --- the requests

    def mount(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Mount a world's overlay, unless it is mounted."""
        self._root(request)
        root = mount_world(
            request["at"],
            request["lowers"],
            request["upper"],
            request["work"],
            userxattr=self.userns,
            volatile=request["volatile"],
        )
        return {"mounted": root}, []

    def mounted(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Where it is mounted, if it is."""
        root = self._root(request)
        return {"mounted": root if mounts.is_mounted(os.fsencode(root)) else None}, []

    def unmount(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Unmount it, unless something lives there; with ``destroy`` kill that first."""
        root = os.fsencode(self._root(request))
        if request["destroy"]:
            self._kill_all(request["at"])
        else:
            for child in self._living(request["at"]):
                # Of what has said that it is over only the kernel has not let go yet.
                if not os.pread(child.status, 4, 0) or not has_ended(child, _KILLED_WITHIN):
                    return {"unmounted": False}, []
        if not mounts.is_mounted(root):
            return {"unmounted": True}, []
        return {"unmounted": mounts.unmount(root, busy_too=request["destroy"])}, []

    def spawn(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Start a command; see ``spawning``."""
        if len(fds) < 3:
            raise Refused("message", "a command needs three descriptors")
        at = request["at"]
        if not os.path.isdir(at):
            raise Refused("noWorld", f"there is no world at {at}")
        files = request.get("files")
        if files is None:
            files = os.path.join(at, ROOT)
            if not mounts.is_mounted(os.fsencode(files)):
                # What lies there instead, the layers and what names them, is for no command.
                raise Refused("notMounted", f"the world at {at} is not mounted")
        try:
            child, given = self.spares.start(request, files, fds)
        except view.NotThere as error:
            raise Refused("noWorld", str(error.strerror)) from error
        self.children[child.pidfd] = child
        self.polled.register(child.pidfd, select.POLLIN)
        return {"first": child.pid}, given

    def find(self, connection: int, request: Message, fds: Fds) -> Answer:
        """A detached child by its key, living or ended."""
        key = request["key"]
        child = next((c for c in self.children.values() if c.key == key), self.ended.get(key))
        if child is None:
            return {"first": None}, []
        return {"first": child.pid, "at": child.at}, [os.dup(child.pidfd), os.dup(child.status)]

    def processes(self, connection: int, request: Message, fds: Fds) -> Answer:
        """What lives in a world (without the pids 1)."""
        found = []
        for child in self._living(request["at"]):
            for pid in self._below(child):
                described = processes.describe(pid)
                if described is not None:
                    found.append({**described, "first": child.pid, "key": child.key})
        return {"processes": found}, []

    def kill(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Kill everything that lives in a world, or one command; answered when it is gone."""
        self._kill_all(request["at"], request.get("key"))
        return {}, []

    def checkpoint(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Run a checkpoint program inside the namespaces of a command; see ``trusted``."""
        child = next((c for c in self.children.values() if c.key == request["key"]), None)
        if child is None:
            raise Refused("noProcess", "it has ended")
        cgroup = None
        if child.at in self.frozen and self.frozen[child.at][1] is None:
            cgroup = self.cgroups.open(child.group)
        # Its pid 1 hides from whoever could look into it, without root also from this process.
        living = self._below(child)
        if not living:
            raise Refused("noProcess", "it has ended")
        inside = os.pidfd_open(living[0])
        try:
            return {"cgroup": cgroup is not None}, [
                trusted.checkpoint(request["argv"], inside, fds, cgroup)
            ]
        finally:
            os.close(inside)
            if cgroup is not None:
                os.close(cgroup)

    def clone(self, connection: int, request: Message, fds: Fds) -> Answer:
        """A mount of a world's files in no place yet, for a process to put into its own view."""
        files = request.get("files") or self._root(request)
        return {}, [clone_world(files)]

    def map(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Let the users of a command's own user namespace be those of this one."""
        pid = processes.pid_of(fds[0])
        whole = not self.userns and os.geteuid() == 0
        users.map_users(pid, whole=whole)
        return {}, []

    def adopt(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Take a pid 1 that a command made for its copy as one of another world's children.

        The descriptors are a pidfd of it, and the file in which it leaves its exit code.
        """
        pid = processes.pid_of(fds[0])
        child = Spawned(pid, os.dup(fds[0]), os.dup(fds[1]), {**request, "detached": True})
        child.adopted = child.lingers = True
        if self.cgroups.base is not None:
            child.group = self._group(request["at"])
            self.moves.ask(child)
        self.children[child.pidfd] = child
        self.polled.register(child.pidfd, select.POLLIN)
        return {"first": pid}, []

    def freeze(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Hold a world still until ``thaw``, or the end of the connection.

        A command of ``but`` stands still by itself, when it is no more than one process.
        """
        at = request["at"]
        if at in self.frozen:
            raise Refused("frozen", f"{at} is being held still by another")
        but = request.get("but", ())
        living = [
            child
            for child in self._living(at)
            if child.key not in but or len(self._below(child)) > 1
        ]
        self.moves.finish(living)
        groups = sorted({child.group for child in living if child.group is not None})
        if not living:
            stopped: list[int] | None = []
        elif all(child.group is not None for child in living):
            stopped = None
            self.cgroups.freeze(groups)
        else:
            groups = []
            stopped = stop((child.pid for child in living), self._adopted())
        self.frozen[at] = connection, stopped, groups
        return {"by": "signals" if stopped is not None else "cgroup"}, []

    def thaw(self, connection: int, request: Message, fds: Fds) -> Answer:
        """Let a world go on."""
        if self.frozen.get(request["at"], (-1,))[0] == connection:
            self._thaw(request["at"])
        return {}, []

    # --- connections

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # who connected is gone, or there is no descriptor
            connection, _ = self.listening.accept()
            peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
            if _PEER.unpack(peer)[1] != os.geteuid():
                connection.close()
                return
            connection.setblocking(False)
            self.idle_since = time.monotonic()
            self.connections[connection.fileno()] = connection
            self.polled.register(connection, select.POLLIN)

    def _serve(self, fd: int) -> None:
        """One request of a connection."""
        try:
            received = receive(self.connections[fd])
        except BlockingIOError:
            return
        except (BadMessage, OSError):
            received = None
        if received is None:
            self._disconnect(fd)
            return
        request, fds = received
        if request.get("do") == "spawn" and request.get("at") in self.frozen:
            self.later.append((fd, request, fds))
            return
        self._answer(fd, request, fds)

    def _answer(self, fd: int, request: Message, fds: Fds) -> None:
        given: list[int] = []
        answer: Message
        try:
            if request.get("do") == "hello":
                answer = {"version": VERSION, "mode": "userns" if self.userns else "root"}
                if request.get("version") != VERSION:
                    self.grace = 0.0  # who speaks another version waits for this one's end
            else:
                answer, given = self.doing[request["do"]](fd, request, fds)
        except Refused as error:
            answer = {"error": error.why, "message": str(error)}
        except NotStill as error:
            answer = {"error": "notStill", "message": str(error)}
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            answer = {"error": "os", "errno": error.errno, "message": f"{error.strerror}{where}"}
        except (LookupError, TypeError, ValueError) as error:
            answer = {"error": "message", "message": f"a request without sense: {error!r}"}
        try:
            send(self.connections[fd], answer, given)
        except (BadMessage, OSError):
            self._disconnect(fd)
        finally:
            for other in (*fds, *given):
                os.close(other)

    def _disconnect(self, fd: int) -> None:
        """Forget a connection, and let go on what it held still."""
        self.polled.unregister(fd)
        self.connections.pop(fd).close()
        for _, _, fds in [item for item in self.later if item[0] == fd]:
            for other in fds:
                os.close(other)
        self.later = [item for item in self.later if item[0] != fd]
        for at in [at for at, (holder, _, _) in self.frozen.items() if holder == fd]:
            self._thaw(at)
        self.idle_since = time.monotonic()

    # --- worlds and what lives in them

    def _keep_up(self) -> None:
        """Now and then, bound what the processes have written."""
        if time.monotonic() - self.kept_up_at < _TICK:
            return
        self.kept_up_at = time.monotonic()
        for child in self.children.values():
            if child.key is not None:
                upkeep.bound(self.records, child.key)

    def _root(self, request: Message) -> str:
        at = request["at"]
        if os.path.dirname(at) != self.folder or not os.path.basename(at):
            raise Refused("outside", f"{at} is not in {self.folder}")
        if not os.path.isdir(at):
            raise Refused("noWorld", f"there is no world at {at}")
        return os.path.join(at, ROOT)

    def _living(self, at: str) -> list[Spawned]:
        found = [
            child
            for child in self.children.values()
            if child.at == at and not self._only_lingers(child)
        ]
        # Who asks may have seen an end that the loop has not come to yet.
        for child in found:
            if has_ended(child, 0.0):
                self._reaped(child.pidfd)
        return [child for child in found if child.pidfd in self.children]

    def _group(self, at: str) -> str:
        return os.path.basename(at).replace("\n", "?")[:200]

    def _thaw(self, at: str) -> None:
        _, stopped, groups = self.frozen.pop(at)
        self.cgroups.thaw(groups)
        let_go(stopped or ())
        waiting = [item for item in self.later if item[1]["at"] == at]
        self.later = [item for item in self.later if item[1]["at"] != at]
        for fd, request, fds in waiting:
            self._answer(fd, request, fds)

    def _kill_all(self, at: str, key: str | None = None) -> None:
        living = [child for child in self._living(at) if key in (None, child.key)]
        for child in living:
            if not self._outlived(child):
                _kill(child)
        until = time.monotonic() + _KILLED_WITHIN
        for child in living:
            if self._outlived(child):
                # Its pid 1 stays for the copies, which live in other worlds.
                while below := self._below(child):
                    for pid in below:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                    if time.monotonic() > until:
                        raise Refused("busy", f"processes in {at} do not end")
                    time.sleep(0.001)
                continue
            if not has_ended(child, until - time.monotonic()):
                raise Refused("busy", f"processes in {at} do not end")
            self._reaped(child.pidfd)

    def _adopted(self) -> frozenset[int]:
        """The pids 1 of copies, which live below the namespace of what they are copies of."""
        return frozenset(child.pid for child in self.children.values() if child.adopted)

    def _below(self, child: Spawned) -> list[int]:
        """What lives under a pid 1, without the copies that went to other worlds."""
        return [
            pid
            for pid in processes.below(child.pid, self._adopted() - {child.pid})
            if processes.state(pid) not in "ZX"
        ]

    def _only_lingers(self, child: Spawned) -> bool:
        """Whether nothing is left of a command but a pid 1, for copies in other worlds."""
        return child.lingers and bool(os.pread(child.status, 4, 0)) and not self._below(child)

    def _outlived(self, child: Spawned) -> bool:
        """Whether copies live on below its pid 1."""
        return child.lingers and any(
            other.adopted and other.pid in processes.below(child.pid)
            for other in self.children.values()
        )

    def _reaped(self, pidfd: int) -> None:
        """A pid 1 has ended, and everything below it."""
        child = self.children.pop(pidfd)
        self.polled.unregister(pidfd)
        self.moves.forget(child)
        if not child.adopted:  # else its parent, or its pid 1, reaps it
            os.waitpid(child.pid, 0)
        if all(other.group != child.group for other in self.children.values()):
            self.cgroups.remove(child.group)
        if child.key is not None:
            upkeep.write_exit(self.records, child.key, child.status)
            self.ended[child.key] = child
            if len(self.ended) > _REMEMBERED:
                self.ended.pop(next(iter(self.ended))).close()
        else:
            child.close()
        self.idle_since = time.monotonic()

    # --- the end

    def _is_over(self) -> bool:
        if self.connections or self.children:
            return False
        if time.monotonic() - self.idle_since >= self.grace:
            return True
        try:
            return os.lstat(os.path.join(self.folder, self.name)).st_ino != self.socket_inode
        except OSError:
            return True  # the store was removed

    def _leave(self) -> None:
        with contextlib.suppress(OSError):
            path = os.path.join(self.folder, self.name)
            if os.lstat(path).st_ino == self.socket_inode:
                os.unlink(path)
        # Who connected in between is told by the closing, and starts the next keeper.
        self.listening.close()
        self.spares.close()
        self.cgroups.close()
        try:
            if not os.path.samestat(os.stat(self.folder), os.fstat(self.opened)):
                return  # another store's, which has a keeper of its own
        except OSError:
            return
        for mount in list(mounts.all_mounts(os.fsencode(self.folder))):
            if mount.kind == "overlay":
                with contextlib.suppress(OSError):
                    mounts.unmount(mount.at)


def _kill(child: Spawned) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)
