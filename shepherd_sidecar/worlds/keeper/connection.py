"""One connection to a keeper: the way to its socket, requests and what it answers, its errors.

Layer: worlds. Starts no keeper.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shepherd_sidecar.errors import DriverUnavailable, NoWorld
from shepherd_sidecar.worlds.keeper.messages import VERSION, BadMessage, Message, receive, send

SOCKET: Final = "keeper.sock"
"""Its name in the folder of worlds."""
_PEER: Final = struct.Struct("=iii")


class Connection:
    """One connection, for one request at a time.

    Attributes:
        between: a request was sent and not yet answered.
        version, mode: what the keeper said of itself.
        pid: the keeper's.
        prefix: what comes before the paths of its mounts, as this process sees them.
    """

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.between = False
        self.version: int | None = None
        self.pid = 0
        self.mode = ""
        self.prefix = ""

    def open(self, folder: Path) -> None:
        """Connect and say hello. Raises OSError, EOFError."""
        at = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._socket.connect(f"/proc/self/fd/{at}/{SOCKET}")
        finally:
            os.close(at)
        peer = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
        self.pid, uid, _ = _PEER.unpack(peer)
        if uid != os.geteuid():
            raise DriverUnavailable(f"the keeper of {folder} is user {uid}'s")
        hello, _ = self.ask({"do": "hello", "version": VERSION})
        self.version, self.mode = hello["version"], hello["mode"]
        if not _sees_its_mounts(self.pid):
            self.prefix = f"/proc/{self.pid}/root"

    @property
    def sees_its_mounts(self) -> bool:
        """Whether what it mounts is mounted for this process too, and the other way round."""
        return self.mode == "root" and not self.prefix

    def ask(self, message: Message, fds: Sequence[int] = ()) -> tuple[Message, list[int]]:
        """One request. Raises ConnectionError, EOFError, and what the keeper answers."""
        self.between = True
        try:
            send(self._socket, message, fds)
        except BadMessage as error:
            self.between = False
            raise OSError(errno.E2BIG, str(error)) from error
        answer = receive(self._socket)
        if answer is None:
            raise EOFError
        self.between = False
        if "error" in answer[0]:
            raise _error(answer[0])
        return answer

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def seen_from(folder: Path) -> str:
    """What comes before the paths of what is mounted in ``folder``, as this process sees them.

    Asks the keeper that is there; starts none.
    """
    connection = Connection()
    try:
        connection.open(folder)
        return connection.prefix
    except (OSError, EOFError, DriverUnavailable):
        return ""
    finally:
        connection.close()


def _sees_its_mounts(pid: int) -> bool:
    """Whether the keeper's mounts are this process's too."""
    try:
        return os.readlink(f"/proc/{pid}/ns/mnt") == os.readlink("/proc/self/ns/mnt")
    except OSError:
        return False


def _error(answer: Message) -> Exception:
    why, message = answer["error"], answer["message"]
    if why == "noWorld":
        return NoWorld(message)
    if why == "message":
        return ValueError(message)
    return DriverUnavailable(message, why=why, **{k: answer[k] for k in ("errno",) if k in answer})


@contextlib.contextmanager
def in_its_stead() -> Iterator[None]:
    """Errors of what is done in the keeper's stead, as they are when it does it.

    What this process may not do is passed over: the keeper may.
    """
    try:
        yield
    except PermissionError:
        return
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise DriverUnavailable(f"{error.strerror}{where}", why="os", errno=error.errno) from error
