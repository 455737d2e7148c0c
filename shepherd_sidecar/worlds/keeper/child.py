"""A command that the keeper started, as the sidecar holds it: by descriptors only.

Layer: worlds. Nothing here asks the keeper: the end, the exit code and the killing go straight
between the kernel and the sidecar.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any, Final

from shepherd_sidecar.errors import ExecFailed

_STATUS: Final = struct.Struct("=i")
_CREDENTIALS: Final = struct.Struct("=iii")
_LARGEST: Final = 1 << 16


class Child:
    """A command and everything that it starts. Its attributes stay when it has ended.

    Attributes:
        pid: the command, in the sidecar's pid namespace; 0 when it cannot be seen from there.
        first: pid 1 of its namespace, in the keeper's.
        pidfd: of that pid 1: readable when nothing of it is left alive and its namespaces are
            taken away. Closed by ``close``.
        confinement: what was applied to it and what could not be.
    """

    def __init__(self, first: int, pidfd: int, status: int) -> None:
        self.first, self.pidfd, self.pid = first, pidfd, 0
        self.confinement: Mapping[str, Any] = {}
        self._status: int | None = status
        self._held: int | None = None
        self._code: int | None = None
        self._killed = False
        """Its pid 1 has died without saying that all is over."""

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fileno(self) -> int:
        """Readable (asyncio: ``add_reader``) when it may have ended: ``poll`` then says.

        Another one after ``poll`` has found that it was killed but is not gone yet.
        """
        return self.pidfd if self._held is None or self._killed else self._held

    def hold(self, pipe: int) -> None:
        """Take the pipe that keeps it alive, and tells of its end."""
        self._held = pipe

    def poll(self) -> int | None:
        """Its exit code, if everything of it has ended; negative: the signal that killed it."""
        return self._ended(0.0)

    def told(self) -> int | None:
        """The command's own exit code once it has ended, whatever lives on below its pid 1."""
        if self._code is None and self._status is not None:
            code = os.pread(self._status, _STATUS.size, 0)
            return _STATUS.unpack(code)[0] if code else self.poll()
        return self._code

    def wait_told(self, timeout: float) -> int:
        """Wait for the command's own end, however that comes to be known; its exit code.

        Raises:
            TimeoutError: it goes on.
        """
        until = time.monotonic() + timeout
        while (code := self.told()) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"process {self.pid} has not ended in {timeout} s")
            time.sleep(0.001)
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Wait until everything of it has ended; its exit code.

        Args:
            timeout: seconds.

        Raises:
            TimeoutError: it goes on.
        """
        code = self._ended(timeout)
        if code is None:
            raise TimeoutError(f"process {self.pid} has not ended in {timeout} s")
        return code

    def kill(self) -> None:
        """Kill the command and everything it started, also what made sessions of its own.

        Returns at once; ``wait`` tells when it is all gone.
        """
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the command to end (SIGTERM)."""
        self._signal(signal.SIGTERM)

    def close(self) -> None:
        """Let go of it. What was not started detached is killed by that."""
        self.poll()
        for fd in (self.pidfd, self._status, self._held):
            if fd is not None and fd >= 0:
                os.close(fd)
        self.pidfd, self._status, self._held = -1, None, None

    def _signal(self, number: signal.Signals) -> None:
        if self._code is None and self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, number)

    def _ended(self, timeout: float | None) -> int | None:
        until = None if timeout is None else time.monotonic() + timeout
        while self._code is None and self._status is not None:
            polled = select.poll()
            polled.register(self.fileno(), select.POLLIN)
            left = None if until is None else max(0.0, until - time.monotonic()) * 1000
            if not polled.poll(left):
                return None
            if self._held is not None and not self._killed and os.read(self._held, 1) == b"":
                self._killed = True  # what it started goes on for as long as the kernel takes
                continue
            code = os.pread(self._status, _STATUS.size, 0)
            self._code = _STATUS.unpack(code)[0] if code else -signal.SIGKILL
        return self._code


def told_by(telling: socket.socket, program: str, cwd: str) -> tuple[int, dict[str, Any]]:
    """What the starting of a command came to: its pid and its confinement.

    Blocks until exec was done (some ms).

    Raises:
        OSError: exec failed, with ``filename`` the program, or the cwd cannot be entered, with
            ``filename`` the cwd.
        ExecFailed: it could not be confined, or was killed meanwhile.
    """
    pid, confinement = 0, None
    with telling:
        while True:
            data, extra, _, _ = telling.recvmsg(
                _LARGEST, socket.CMSG_SPACE(_CREDENTIALS.size) + socket.CMSG_SPACE(4)
            )
            if not data:
                break
            told = json.loads(data)
            for level, kind, content in extra:
                if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                    pid = _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
            if "confinement" in told:
                confinement = told["confinement"]
            elif "restored" in told:
                if told["restored"] != 0:
                    raise ExecFailed("the checkpoint could not be restored", why="restore")
            elif told["stage"] in ("cwd", "exec"):
                path = cwd if told["stage"] == "cwd" else program
                raise OSError(told["errno"], os.strerror(told["errno"]), path)
            else:
                raise ExecFailed(told["message"], why="unconfined")
    if confinement is None:
        raise ExecFailed("the command was killed before it had started", why="killed")
    return pid, confinement
