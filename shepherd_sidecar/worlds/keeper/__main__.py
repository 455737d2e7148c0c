"""The keeper as a process: one for each store, which outlives the sidecar that needed it first.

Layer: worlds. Run as a file by ``python -I -S``, which loads nothing that it does not need. Its
standard output carries one line of JSON: ``{}`` when it serves, else ``why`` it does not.
A lock on a file decides who may serve; the socket takes its name only when it listens.
"""

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3)))

import contextlib
import fcntl
import gc
import json
import resource
import socket
import warnings  # noqa: F401  (os.execvpe imports it, in a child that may not find it)
from typing import Final, NoReturn

from shepherd_sidecar.worlds import namespaces
from shepherd_sidecar.worlds.keeper.serving import Keeper

LOCK: Final = "keeper.lock"
SOCKET: Final = "keeper.sock"
LOG: Final = "keeper.log"
_BACKLOG: Final = 64


def main(folder: str, grace: float) -> None:
    """Serve the worlds of ``folder`` until nobody needs that any more."""
    if os.fork():
        os._exit(0)  # the sidecar's child ends; what serves is nobody's child
    lock = os.open(os.path.join(folder, LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _end({"why": "held"})
    userns = not _may_mount()
    if userns:
        try:
            namespaces.own_user_namespace()
        except OSError as error:
            _end({"why": "userns", "message": namespaces.why_no_user_namespace(error)})
    os.setsid()
    os.chdir("/")
    os.umask(0o077)
    # Each command takes two descriptors, also when it has ended, for whoever asks how.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listening = _listen(folder)
    namespaces.call_oneself(b"shepherd-keeper")
    keeper = Keeper(folder, listening, SOCKET, grace, userns)
    _say({})
    _let_go(folder)
    # Collected objects would be written to, and copied, in every fork.
    gc.collect()
    gc.freeze()
    keeper.run()
    os.close(lock)


def _may_mount() -> bool:
    """Whether this process may mount as it is, found by trying in a fork."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            namespaces.unshare(namespaces.NEW_MOUNTS)
            namespaces.keep_mounts_private()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def _listen(folder: str) -> socket.socket:
    """The socket, under its name. A path over 108 bytes is reached by its folder's descriptor."""
    name = os.path.join(folder, SOCKET)
    fresh = f"{SOCKET}.{os.getpid()}"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    at = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh, dir_fd=at)
        listening.bind(f"/proc/self/fd/{at}/{fresh}")
        os.chmod(fresh, 0o600, dir_fd=at)
        listening.listen(_BACKLOG)
        listening.setblocking(False)
        os.rename(fresh, SOCKET, src_dir_fd=at, dst_dir_fd=at)
    except OSError as error:
        _end({"why": "socket", "message": f"{name} cannot be made: {error.strerror}"})
    finally:
        os.close(at)
    return listening


def _let_go(folder: str) -> None:
    """Hold nothing of the sidecar; what goes wrong from here on is written to a small log."""
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    log = os.open(
        os.path.join(folder, LOG), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600
    )
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(log, 2)
    os.close(nothing)
    os.close(log)


def _say(what: dict[str, str]) -> None:
    os.write(1, json.dumps(what).encode("ascii"))


def _end(what: dict[str, str]) -> NoReturn:
    _say(what)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
