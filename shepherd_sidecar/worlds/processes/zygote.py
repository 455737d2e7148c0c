"""Copies by a fork of the agent itself, at a safe point that it chooses.

Layer: worlds. The agent runs ``shepherd_client.zygote`` (the two share only the messages on its
control socket). While a ``Hold`` is open the agent stands still; every copy begun meanwhile has
the memory of that moment. Should this process end, the agent goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.keeper.client import Keeper

VARIABLE: Final = "SHEPHERD_ZYGOTE_FD"
MODULE: Final = "shepherd_client.zygote"
PATIENCE: Final = 5.0
"""Seconds for an agent to reach a point between two bytecodes."""
_CREDENTIALS: Final = struct.Struct("=iii")
_CONTROL: Final = "control"
_LOST: Final = "notCaptured"


class NotCopied(Exception):
    """Why an agent was not copied this way."""


def is_zygote(argv: Sequence[str]) -> bool:
    """Whether a command line starts an agent that can be asked to fork."""
    return any(
        word == "-m" and argv[at + 1] == MODULE for at, word in enumerate(argv[:-1]) if at < 8
    )


def listen(folder: Path) -> int:
    """A descriptor of a listening socket ``control`` in ``folder``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        at = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            listening.bind(f"/proc/self/fd/{at}/{_CONTROL}")
        finally:
            os.close(at)
        os.chmod(folder / _CONTROL, 0o600)
        listening.listen(8)
        return listening.detach()


class Hold:
    """An agent that was asked to stand still, and does from ``wait`` until ``close``.

    Raises:
        NotCopied: it does not answer; it goes on.
    """

    def __init__(self, folder: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(PATIENCE)
        try:
            at = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                self._socket.connect(f"/proc/self/fd/{at}/{_CONTROL}")
            finally:
                os.close(at)
            self._socket.send(b'{"do":"hold"}')
        except OSError as error:
            self._socket.close()
            raise NotCopied(f"the agent does not answer: {error}") from error
        self.not_captured: list[dict[str, str]] = []
        """What of it no copy has; known after ``wait``."""

    def wait(self) -> None:
        """Return when it stands still.

        Raises:
            NotCopied: it does not answer, or refuses; it goes on.
        """
        try:
            with _told():
                self.not_captured = _lost(_answer(self._socket)[0], "held")
        except NotCopied:
            self.close()
            raise

    def begin(self, mounted_at: str, scratch: Sequence[str], *, network: bool) -> Birth:
        """Have it fork, with the memory of this moment; the copy waits for its world.

        Args:
            mounted_at: where the copy is to see its world.
            scratch: folders of which it gets copies.
            network: whether it keeps the agent's.

        Raises:
            NotCopied: it does not answer.
        """
        request = {
            "do": "begin",
            "mountedAt": mounted_at,
            "scratch": list(scratch),
            "network": "host" if network else "none",
        }
        return Birth(self._socket, request)

    def close(self) -> None:
        """Let it go on."""
        self._socket.close()


class Birth:
    """A copy on its way: ``map``, ``enter``, ``adopt``, ``wait``, ``let_live``.

    Closed before, it ends. All but the last raise NotCopied: it could not be; the agent itself
    is unharmed.
    """

    def __init__(self, hold: socket.socket, request: Mapping[str, Any]) -> None:
        self._first = -1
        self._socket, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(PATIENCE)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            with its:
                socket.send_fds(hold, [json.dumps(request).encode()], [its.fileno()])
        except OSError as error:
            self._socket.close()
            raise NotCopied(f"the agent does not answer: {error}") from error

    def map(self, keeper: Keeper) -> None:
        """Wait for its pid 1, whose users the keeper numbers."""
        with _told():
            _, pid = _answer(self._socket)
            self._first = os.pidfd_open(pid)
            keeper.map_users(pid, self._first)
            self._socket.send(b"mapped")

    def enter(self, mounted_at: str, cwd: str, fds: Mapping[str, int]) -> None:
        """Send it into its world.

        Args:
            mounted_at: where it sees it.
            cwd: where it stands.
            fds: ``mount``, ``stdin``, ``stdout``, ``stderr``, ``listening``, ``status`` and
                perhaps ``fromSidecar`` and ``toSidecar``.
        """
        request = {"mountedAt": mounted_at, "cwd": cwd, "fds": list(fds)}
        with _told():
            socket.send_fds(self._socket, [json.dumps(request).encode()], list(fds.values()))

    def adopt(self, keeper: Keeper, key: str, home: Path, status: int) -> Child:
        """Have it held, while it is on its way, as a command of its world.

        Args:
            keeper: by whom it is held.
            key: its id.
            home: its world's.
            status: the file in which its exit code will be.
        """
        with _told():
            return keeper.adopt(key, home, self._first, status)

    def wait(self) -> Copied:
        """Wait until it stands in its world."""
        with _told():
            said, pid = _answer(self._socket)
        return Copied(pid, _lost(said, "copied"))

    def let_live(self) -> None:
        """Let it go on, once the keeper holds it. Should this process end before, so does it."""
        with contextlib.suppress(OSError):  # it was killed, and the keeper knows
            self._socket.send(b"held")

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()
        if self._first >= 0:
            os.close(self._first)
            self._first = -1


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotCopied(f"the agent does not answer: {error}") from error


def _answer(connection: socket.socket) -> tuple[dict[str, Any], int]:
    """What is said there, and the number of the process that said it."""
    data, extra, _, _ = connection.recvmsg(1 << 16, socket.CMSG_SPACE(_CREDENTIALS.size))
    if not data:
        raise NotCopied("the agent ended")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _nonsense()
    if "refused" in said:
        raise NotCopied(str(said["refused"]))
    pid = 0
    for level, kind, content in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            pid = _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
    return said, pid


def _lost(said: Mapping[str, Any], of: str) -> list[dict[str, str]]:
    """What an agent says that a copy does not have."""
    try:
        return [{name: str(one[name]) for name in ("what", "why")} for one in said[of][_LOST]]
    except (LookupError, TypeError) as error:
        raise _nonsense() from error


def _nonsense() -> NotCopied:
    return NotCopied("what the agent answers makes no sense")


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that stands in its world."""

    pid: int
    not_captured: list[dict[str, str]]
    """What it does not have."""
