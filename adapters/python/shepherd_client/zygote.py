"""An agent that can be copied as it runs: at a safe point it forks into another world.

    python -m shepherd_client.zygote agent.py ...      or      shepherd_client.zygote.enable()

Started by ``world/launch``, the agent then answers ``branch/fork {process: true}``: a real-time
signal stops its one thread between two bytecodes, and a fork of it goes on in the new world, at
the same path, in mount, pid and user namespaces of its own, with files of its own as standard
output. It refuses, with the reason, what a fork would not copy truly: other threads, an event
loop's epoll, memory shared with others. Open files of the world are opened again in the new one;
sockets and pipes are closed in the copy, which has to dial again. ``random`` is seeded anew, as
after any ``os.fork``. Elsewhere ``enable`` does nothing and says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import re
import runpy
import shutil
import signal
import socket
import stat
import struct
import sys
from typing import Any, Final, NoReturn

from shepherd_client.asking import SIGNAL

VARIABLE: Final = "SHEPHERD_ZYGOTE_FD"
"""Names the descriptor of the socket on which the copies are asked for."""
_PATIENCE: Final = 30.0
"""Seconds until an asker that says nothing is given up: the agent goes on."""
_F_SETSIG: Final = 10
_CLONE3, _MOVE_MOUNT = 435, 429  # the same on every architecture
_NEW_USER, _NEW_MOUNTS, _NEW_PIDS = 0x10000000, 0x20000, 0x20000000
_NEW_IPC, _NEW_NETWORK = 0x8000000, 0x40000000
_WCLONE: Final = -(1 << 31)
_FROM_EMPTY, _AT_FDCWD, _PRIVATE = 0x4, -100, 1 << 18 | 1 << 14
_NOSUID, _NODEV, _BIND = 0x2, 0x4, 0x1000 | 0x4000

_SHARED: Final = re.compile(rb"^\S+ .w.s \S+ \S+ \S+ *(.*)$", re.MULTILINE)
"""A line of ``/proc/self/maps``: memory that is written to and seen by others."""

# PyDLL keeps the interpreter's lock: in the child there is no other thread to give it back.
_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_asked_on: socket.socket | None = None
_inits: list[int] = []


class _Refused(Exception):
    """Why there is no copy."""


def enable() -> bool:
    """Let this process be copied from now on; False when nobody would ask.

    Called in the main thread. Takes the variable out of the environment.
    """
    global _asked_on
    fd = os.environ.pop(VARIABLE, None)
    if fd is None or not sys.platform.startswith("linux"):
        return False
    _asked_on = socket.socket(fileno=int(fd))
    os.set_inheritable(_asked_on.fileno(), False)
    signal.signal(SIGNAL, _asked)
    _listen(_asked_on)
    signal.raise_signal(SIGNAL)  # somebody may have asked before this was listened to
    return True


def main() -> None:
    """Run a script or, after ``-m``, a module as the main program, able to be copied."""
    arguments = sys.argv[1:]
    if not arguments or arguments == ["-m"]:
        sys.exit("usage: python -m shepherd_client.zygote [-m MODULE | SCRIPT] [ARGUMENT ...]")
    module = __name__ if __name__ != "__main__" else "shepherd_client.zygote"
    enabled = sys.modules.get(module) or __import__(module, fromlist=["enable"])
    enabled.enable()
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        sys.path[0] = os.getcwd()
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        sys.path[0] = os.path.dirname(os.path.abspath(arguments[0]))
        runpy.run_path(arguments[0], run_name="__main__")


def _listen(asked_on: socket.socket) -> None:
    asked_on.setblocking(False)
    fcntl.fcntl(asked_on, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(asked_on, _F_SETSIG, SIGNAL)
    fcntl.fcntl(asked_on, fcntl.F_SETFL, fcntl.fcntl(asked_on, fcntl.F_GETFL) | os.O_ASYNC)


def _asked(number: int, frame: object) -> None:
    """The handler of the signal: the one thread stands still in here."""
    # Who asks meanwhile is served after that, not in the middle.
    signal.pthread_sigmask(signal.SIG_BLOCK, (SIGNAL,))
    try:
        while _asked_on is not None:
            try:
                connection, _ = _asked_on.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(_PATIENCE)
                with contextlib.suppress(OSError, ValueError):
                    if _serve(connection):
                        return
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (SIGNAL,))


def _serve(connection: socket.socket) -> bool:
    """Answer until the asker ends; True in a copy, which goes its own way.

    Goes on only when every copy has its files for scratch, too, as they are now.
    """
    waited, waiting = socket.socketpair()
    with waited, waiting:
        if _answered(connection, waiting, ties=(connection, waited)):
            return True
        waiting.close()
        waited.settimeout(_PATIENCE)
        waited.recv(1)
    return False


def _answered(
    connection: socket.socket, waiting: socket.socket, ties: tuple[socket.socket, ...]
) -> bool:
    held = False
    while True:
        data, fds, _, _ = socket.recv_fds(connection, 1 << 16, 16)
        if not data:
            return False
        request = json.loads(data)
        try:
            if request["do"] == "hold":
                said, held = _look(), True
                connection.send(_json({"held": said}))
            elif not held:  # what was looked at then stands still since
                raise _Refused("it was not asked to stand still")
            else:
                with socket.socket(fileno=fds.pop()) as channel:
                    channel.settimeout(_PATIENCE)
                    if _begin(connection, channel, waiting, ties, request):
                        return True
        except Exception as error:  # whatever it is, the agent goes on
            connection.send(_json({"refused": str(error) or repr(error)}))
        finally:
            for fd in fds:
                os.close(fd)


def _look() -> dict[str, Any]:
    """What stands in the way of a copy, and what one would not have."""
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise _Refused(f"{threads} threads run, and a fork copies one")
    with open("/proc/self/maps", "rb") as maps:
        shared = _SHARED.search(maps.read())
    if shared is not None:
        what = shared[1].decode("utf-8", "replace") or "anonymous"
        raise _Refused(f"memory is shared with others: {what}")
    for _, name in _descriptors():
        if "[eventpoll]" in name or "[io_uring]" in name:
            raise _Refused("an event loop is open (epoll), which a fork would share")
        if name.startswith("/dev/nvidia"):
            raise _Refused(f"a device is open: {name}")
    lost = []
    # A copy sees the numbers that the original's namespace gives.
    [task] = os.listdir("/proc/self/task")
    with open(f"/proc/self/task/{task}/children", "rb") as children:
        found = children.read().split()
    ours = [int(pid) for pid in found if not _is_first(int(pid))]
    lost += [{"what": f"child process {pid}", "why": "notCopied"} for pid in ours]
    return {"notCaptured": lost}


def _is_first(pid: int) -> bool:
    """Whether a child is the first process of a copy's own namespace."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", encoding="utf-8") as lines:
        return any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in lines)
    return True


def _descriptors() -> list[tuple[int, str]]:
    found = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.append((int(name), os.readlink(f"/proc/self/fd/{name}")))
    return found


def _begin(
    connection: socket.socket,
    channel: socket.socket,
    waiting: socket.socket,
    ties: tuple[socket.socket, ...],
    request: dict[str, Any],
) -> bool:
    """Fork a pid 1 for a copy, told on ``channel``: False here, True in the copy.

    The original waits as long as anybody has ``waiting`` open; ``ties`` are nothing to a copy.
    """
    _inits[:] = [pid for pid in _inits if not os.waitpid(pid, os.WNOHANG | _WCLONE)[0]]
    for stream in (sys.stdout, sys.stderr):
        # One that is just being written to goes on being written to, in both.
        with contextlib.suppress(RuntimeError, OSError, ValueError, AttributeError):
            stream.flush()
    flags = _NEW_USER | _NEW_MOUNTS | _NEW_PIDS | _NEW_IPC
    # No signal at its end: the agent's own waiting for its children does not see it.
    fields = (ctypes.c_uint64 * 8)(flags)
    try:
        pid = _checked(_libc.syscall(_CLONE3, fields, ctypes.sizeof(fields)), "clone")
    except OSError as error:
        channel.send(_json({"refused": str(error)}))
        return False
    if pid == 0:
        for tie in ties:
            tie.close()
        _first(channel, waiting, request)
        return True
    _inits.append(pid)
    return False


def _first(channel: socket.socket, waiting: socket.socket, request: dict[str, Any]) -> None:
    """Pid 1 of the copy's namespaces: fork the copy, make the view for it, then only reap.

    Comes back in the copy, which makes the rest of itself ready meanwhile.
    """
    try:
        channel.send(_json({"map": True}))
        above, below = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            above.close()
            waiting.close()
            with below:
                _become(channel, below, request)
            return
        below.close()
        _mount(ctypes.c_void_p(), b"/", ctypes.c_void_p(), _PRIVATE, b"")
        if channel.recv(16) != b"mapped":
            os._exit(1)
        above.send(_json({"lost": _apart(request)}))
        waiting.close()
        _, fds, _, _ = socket.recv_fds(above, 16, 1)
    except BaseException as error:
        _refuse(channel, error)
    _reap(pid, fds[0] if fds else -1)


def _refuse(channel: socket.socket, error: BaseException) -> NoReturn:
    with contextlib.suppress(OSError):
        channel.send(_json({"refused": f"in the new world: {error}"}))
    os._exit(1)


def _reap(pid: int, status: int) -> NoReturn:
    try:
        for number in range(1, signal.NSIG):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else _ignored)
        os.chdir("/")  # out of the original's world
        kept = fcntl.fcntl(status, fcntl.F_DUPFD_CLOEXEC, 3) if status >= 0 else -1
        for fd, _ in _descriptors():
            if fd != kept:
                with contextlib.suppress(OSError):
                    os.close(fd)
        _drop_capabilities()
        with contextlib.suppress(ChildProcessError):
            while True:
                ended, code = os.waitpid(-1, 0)
                if ended == pid:
                    os.pwrite(kept, struct.pack("=i", os.waitstatus_to_exitcode(code)), 0)
    finally:
        os._exit(0)


def _ignored(number: int, frame: object) -> None:
    """Pid 1 ends with the last of its children, not by a signal."""


def _apart(request: dict[str, Any]) -> list[dict[str, str]]:
    """Folders for scratch of the copy's own; what was lost of the original's."""
    lost: list[dict[str, str]] = []
    mounted = _mounts()
    for path in request["scratch"]:
        lost += _fresh(path, request["mountedAt"], mounted)
    return lost


def _loopback_alone() -> None:
    """A network of its own, on which it reaches only itself."""
    _checked(_libc.unshare(_NEW_NETWORK), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = struct.pack("16sh22x", b"lo", 1)
        with contextlib.suppress(OSError):
            fcntl.ioctl(any_socket, 0x8914, up)


def _arrive(request: dict[str, Any], mount: int) -> None:
    """Put the new world in the old one's place."""
    at = os.fsencode(request["mountedAt"])
    arguments = (_MOVE_MOUNT, mount, b"", _AT_FDCWD, at, _FROM_EMPTY)
    _checked(_libc.syscall(*arguments), "move_mount")
    try:
        os.chdir(request["cwd"])
    except OSError:
        os.chdir(at)


def _fresh(path: str, world: str, mounted: list[str]) -> list[dict[str, str]]:
    """A copy of a folder for scratch, in place of the one shared with the original."""
    try:
        old = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    lost = []
    # What is mounted below stays as it is, but for the world, which is exchanged.
    kept = {at: os.open(at, os.O_PATH | os.O_CLOEXEC) for at in _below(path, mounted)}
    found = os.fstat(old)

    def other(folder: str, names: list[str]) -> list[str]:
        return [n for n in names if os.lstat(os.path.join(folder, n)).st_dev != found.st_dev]

    try:
        mode = stat.S_IMODE(found.st_mode)
        _mount(b"tmpfs", os.fsencode(path), b"tmpfs", _NOSUID | _NODEV, b"mode=%o" % mode)
        try:
            source = f"/proc/self/fd/{old}"
            names = os.listdir(old)
            if len(other(source, names)) < len(names):
                shutil.copytree(source, path, symlinks=True, dirs_exist_ok=True, ignore=other)
        except (OSError, shutil.Error) as error:
            lost.append({"what": path, "why": f"not copied whole: {error}"})
        for at, fd in kept.items():
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                os.makedirs(at, exist_ok=True)
            else:
                os.makedirs(os.path.dirname(at), exist_ok=True)
                os.close(os.open(at, os.O_CREAT, 0o600))
            if at != world:
                bound = b"/proc/self/fd/%d" % fd
                _mount(bound, os.fsencode(at), ctypes.c_void_p(), _BIND, b"")
    finally:
        for fd in (old, *kept.values()):
            os.close(fd)
    return lost


def _mounts() -> list[str]:
    """Where something is mounted, what is above before what is below it."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        return sorted({_unescaped(line.split(None, 5)[4]) for line in lines})


def _below(path: str, mounted: list[str]) -> list[str]:
    """What is mounted below a folder, without what is mounted below that again."""
    found: list[str] = []
    for at in mounted:
        if at.startswith(path + "/") and not any(at.startswith(above + "/") for above in found):
            found.append(at)
    return found


def _unescaped(name: str) -> str:
    for code in (r"\040", r"\011", r"\012", r"\134"):
        name = name.replace(code, chr(int(code[1:], 8)))
    return name


def _become(channel: socket.socket, above: socket.socket, request: dict[str, Any]) -> None:
    """Go into the new world, cut every tie to the original but memory, and say so."""
    try:
        os.setsid()
        if request["network"] == "none":
            _loopback_alone()
        _bound_capabilities()
        held = _descriptors()
        said = above.recv(1 << 16)  # until then what comes on the channel is for pid 1
        if not said:
            os._exit(1)  # it has told why
        lost = json.loads(said)["lost"]
        data, fds, _, _ = socket.recv_fds(channel, 1 << 16, 16)
        if not data:
            os._exit(1)
        request |= json.loads(data)
        fds = [_beyond_sidecar(fd) for fd in fds]
        named = dict(zip(request["fds"], fds, strict=True))
        socket.send_fds(above, [b"status"], [named["status"]])
        _arrive(request, named["mount"])
        own = {channel.fileno(), above.fileno(), *fds}
        lost += _cut([at for at in held if at[0] not in own], named, request["mountedAt"])
        channel.send(_json({"copied": {"notCaptured": lost}}))
        if channel.recv(16) != b"held":
            os._exit(1)  # it would live on without anybody knowing of it
        for fd in fds:
            os.close(fd)
    except BaseException as error:
        _refuse(channel, error)


def _beyond_sidecar(fd: int) -> int:
    """The same descriptor by a number that is none of those an agent knows by heart."""
    if fd > 4:
        return fd
    beyond = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 5)
    os.close(fd)
    return beyond


def _cut(held: list[tuple[int, str]], named: dict[str, int], world: str) -> list[dict[str, str]]:
    """Have what was given in place of the original's, and all else that was open renewed.

    Args:
        held: what was open in the original.
        named: what was given.
        world: where the new world is.

    Returns:
        What was lost.
    """
    places = {0: "stdin", 1: "stdout", 2: "stderr", 3: "fromSidecar", 4: "toSidecar"}
    if _asked_on is not None:
        places[_asked_on.fileno()] = "listening"
    given = {number for number, name in places.items() if name in named}
    for number in given:
        os.dup2(named[places[number]], number, inheritable=number < 3)
    found = [_renew(fd, name, world) for fd, name in held if fd not in given]
    _give_up_capabilities()
    _inits.clear()
    if _asked_on is not None:
        _listen(_asked_on)
    return [said for said in found if said is not None]


def _renew(fd: int, name: str, world: str) -> dict[str, str] | None:
    """Make an inherited descriptor the copy's own; what was lost, if so."""
    try:
        kind = os.fstat(fd).st_mode
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        keep = fcntl.fcntl(fd, fcntl.F_GETFD) & fcntl.FD_CLOEXEC == 0
    except OSError:
        return None  # the descriptor of the listing itself
    if stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind):
        near, far = socket.socketpair()
        far.close()
        os.dup2(near.fileno(), fd, inheritable=keep)
        near.close()
        what = "socket" if stat.S_ISSOCK(kind) else "pipe"
        return {"what": f"{what} {fd}", "why": "closed in the copy"}
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        return None
    again = flags & ~(os.O_CREAT | os.O_EXCL | os.O_TRUNC | os.O_ASYNC)
    try:
        if name.endswith(" (deleted)"):
            fresh = os.memfd_create("deleted")
            at = 0
            while data := os.pread(fd, 1 << 20, at):
                at += os.write(fresh, data)
        else:
            fresh = os.open(name, again)
    except OSError as error:
        fresh = os.open(os.devnull, os.O_RDWR)
        os.dup2(fresh, fd, inheritable=keep)
        os.close(fresh)
        return {"what": name, "why": f"closed in the copy: {error.strerror}"}
    if stat.S_ISREG(kind):
        os.lseek(fresh, os.lseek(fd, 0, os.SEEK_CUR), os.SEEK_SET)
    os.dup2(fresh, fd, inheritable=keep)
    os.close(fresh)
    return None


def _drop_capabilities() -> None:
    _bound_capabilities()
    _give_up_capabilities()


def _bound_capabilities() -> None:
    """None comes back, not after exec either."""
    capability = 0
    while _libc.prctl(24, capability, 0, 0, 0) == 0:
        capability += 1


def _give_up_capabilities() -> None:
    header = struct.pack("=Ii", 0x20080522, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def _mount(source: Any, at: bytes, kind: Any, flags: int, data: bytes) -> None:
    _checked(_libc.mount(source, at, kind, ctypes.c_ulong(flags), data), "mount")


def _checked(result: int, call: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{call}: {os.strerror(code)}")
    return result


def _json(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()


if __name__ == "__main__":
    main()
