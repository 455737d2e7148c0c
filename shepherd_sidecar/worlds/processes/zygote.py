"""Copies by a fork of the agent itself, at a safe point that it chooses.

Layer: worlds. The agent runs ``shepherd_client.zygote`` (the two share only the messages on its
control socket). While a ``Hold`` is open the agent stands still; every copy made meanwhile has
the memory of that moment. Should this process end, the agent goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.worlds.keeper.client import Keeper

VARIABLE: Final = "SHEPHERD_ZYGOTE_FD"
MODULE: Final = "shepherd_client.zygote"
PATIENCE: Final = 5.0
"""Seconds for an agent to reach a point between two bytecodes."""
_CREDENTIALS: Final = struct.Struct("=iii")
_CONTROL: Final = "control"


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
    """An agent that stands still until ``close``.

    Raises:
        NotCopied: it does not answer, or refuses; it goes on.
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
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            self._socket.send(b'{"do":"hold"}')
            self.not_captured: list[dict[str, str]] = self._answer()[0]["held"]["notCaptured"]
        except OSError as error:
            self._socket.close()
            raise NotCopied(f"the agent does not answer: {error}") from error
        except NotCopied:
            self._socket.close()
            raise

    def copy(
        self,
        request: Mapping[str, Any],
        fds: Mapping[str, int],
        keeper: Keeper,
        *,
        key: str,
        home: Path,
    ) -> Copied:
        """Have it fork into a world.

        The copy goes on once the keeper holds it: should this process end before, so does it.

        Args:
            request: ``mountedAt``, ``cwd``, ``env``, ``scratch``, ``network``.
            fds: ``mount``, ``stdin``, ``stdout``, ``stderr``, ``listening``, ``status`` and
                perhaps ``fromSidecar`` and ``toSidecar``.
            keeper: who numbers the users of the copy's namespace, and holds it by ``key``.
            key: the copy's id.
            home: of the world.

        Raises:
            NotCopied: it could not; the agent itself is unharmed.
        """
        message = json.dumps({"do": "copy", **request, "fds": list(fds)}).encode()
        with contextlib.ExitStack() as opened:
            try:
                socket.send_fds(self._socket, [message], list(fds.values()))
                _, pid = self._answer()
                first = os.pidfd_open(pid)
                opened.callback(os.close, first)
                keeper.map_users(first)
                self._socket.send(b"mapped")
                said, pid = self._answer()
                keeper.adopt(key, home, first, fds["status"])
                self._socket.send(b"held")
            except OSError as error:
                raise NotCopied(f"the agent does not answer: {error}") from error
        return Copied(pid, said["copied"]["notCaptured"])

    def close(self) -> None:
        """Let it go on."""
        self._socket.close()

    def _answer(self) -> tuple[dict[str, Any], int]:
        """What it says, and the number of the process that said it."""
        data, extra, _, _ = self._socket.recvmsg(1 << 16, socket.CMSG_SPACE(_CREDENTIALS.size))
        if not data:
            raise NotCopied("the agent ended")
        said = json.loads(data)
        if "refused" in said:
            raise NotCopied(said["refused"])
        pid = 0
        for level, kind, content in extra:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                pid = _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
        return said, pid


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that lives."""

    pid: int
    not_captured: list[dict[str, str]]
    """What it does not have."""
