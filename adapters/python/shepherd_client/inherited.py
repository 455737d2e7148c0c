"""The connection that an agent inherits from the sidecar that launched it.

No thread and no process of its own: a request writes a line and reads until its answer comes. So
the agent can be copied as it runs, by ``zygote``, by a checkpoint or by ``fork_here``. In a copy
the same descriptor leads to a sidecar of the copy's own, which says so first; a request that was
the original's is then sent again.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Final

from shepherd_client.asking import SIGNAL
from shepherd_client.connection import Listener
from shepherd_client.errors import SidecarError, SidecarExited
from shepherd_client.wire import decode, encode

VARIABLE: Final = "SHEPHERD_SIDECAR_FD"
COPIED: Final = "world/didCopy"
_CHUNK: Final = 1 << 16
_BEGINNING: Final = b'{"jsonrpc"'


class Inherited:
    """The connection at two inherited descriptors. For one thread.

    Raises:
        SidecarExited: this process was not launched with a sidecar.
    """

    def __init__(self) -> None:
        named = os.environ.get(VARIABLE)
        if named is None or not named.isdigit():
            raise SidecarExited(f"no sidecar was inherited: {VARIABLE} is not set")
        self._reads = int(named)
        self._writes = self._reads + 1
        for fd in (self._reads, self._writes):
            os.set_inheritable(fd, False)
        self._serial = itertools.count(1)
        self._buffer = b""
        self._listeners: dict[str, list[Listener]] = {}
        self._enders: list[Callable[[SidecarExited], None]] = []
        self.pid = 0
        """Of a sidecar that is not this process's child nothing is known."""

    def request(self, method: str, params: dict[str, Any]) -> Future[Any]:
        """Send a request and wait: the future has the result, SidecarError or SidecarExited."""
        future: Future[Any] = Future()
        try:
            with _in_one_piece(method):
                future.set_result(self._asked(method, params))
        except (SidecarError, SidecarExited) as error:
            future.set_exception(error)
        return future

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification: nothing comes back, not even an error."""
        with _in_one_piece(method):
            self._send(encode({"jsonrpc": "2.0", "method": method, "params": params}))

    def on(self, method: str, listener: Listener) -> Callable[[], None]:
        """Have pushes told to ``listener``, while a request waits; returns what stops it."""
        self._listeners.setdefault(method, []).append(listener)
        return lambda: self._listeners[method].remove(listener)

    def on_end(self, ender: Callable[[SidecarExited], None]) -> None:
        """Have ``ender`` called when the sidecar is found to have gone."""
        self._enders.append(ender)

    def close(self, grace: float = 0.0) -> None:
        """Let go of it; the sidecar ends when every process that inherited it has."""
        fds, self._reads, self._writes = (self._reads, self._writes), -1, -1
        for fd in fds:
            if fd >= 0:
                os.close(fd)

    def _asked(self, method: str, params: dict[str, Any]) -> Any:
        id_, through = self._ask(method, params)
        while True:
            message = self._next()
            said = message.get("method")
            if isinstance(said, str):
                told = message.get("params") or {}
                self._tell(said, told)
                # Asked through the connection that the copy has, it is being answered.
                if said == COPIED and through != os.fstat(self._writes).st_ino:
                    if method == "branch/fork":
                        return {"branches": [], "ms": 0, "notCaptured": [], "copied": told}
                    id_, through = self._ask(method, params)
            elif message.get("id") == id_:
                error = message.get("error")
                if isinstance(error, dict):
                    raise SidecarError(
                        error.get("code", 0), error.get("message", ""), error.get("data")
                    )
                return message.get("result")

    def _ask(self, method: str, params: dict[str, Any]) -> tuple[int, int]:
        """Send a request; its id, and the number of the pipe that it went through."""
        id_, through = next(self._serial), os.fstat(self._writes).st_ino
        self._send(encode({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}))
        return id_, through

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        for listener in list(self._listeners.get(method, ())):
            listener(params)

    def _next(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            try:
                chunk = os.read(self._reads, _CHUNK)
            except OSError as error:
                raise self._ended(error.strerror or "") from error
            if not chunk:
                raise self._ended("it closed the connection")
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        found = decode(line)
        if not isinstance(found, dict):
            # What had come of a line when this process was copied is the original's.
            found = decode(line[max(0, line.rfind(_BEGINNING)) :])
        return found if isinstance(found, dict) else {}

    def _send(self, line: bytes) -> None:
        view = memoryview(line)
        try:
            while view:
                view = view[os.write(self._writes, view) :]
        except OSError as error:
            raise self._ended(error.strerror or "") from error

    def _ended(self, why: str) -> SidecarExited:
        reason = SidecarExited(f"the inherited sidecar is gone: {why}")
        enders, self._enders = self._enders, []
        for ender in enders:
            ender(reason)
        return reason


@contextlib.contextmanager
def _in_one_piece(method: str) -> Iterator[None]:
    """Not copied by a fork in the middle of a request, unless it is the request for that."""
    if method == "branch/fork":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (SIGNAL,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
