"""The sidecar's process and the conversation with it; both faces of the client stand on it.

Two threads: one reads replies and pushes, one keeps the end of what the sidecar logs. A reply
resolves a ``concurrent.futures.Future``, which a blocking caller waits for and an asyncio
caller wraps. Cancelling the future cancels the request. The process ends by itself when its
standard input does, so it never outlives this one.
"""

from __future__ import annotations

import itertools
import logging
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

from shepherd_client.errors import SidecarError, SidecarExited
from shepherd_client.wire import decode, encode

DEFAULT_COMMAND: Final = ("shepherd-sidecar", "serve")
_LOG_KEPT: Final = 4096

log = logging.getLogger(__name__)

Listener = Callable[[dict[str, Any]], None]
Answerer = Callable[[dict[str, Any]], Any]


def command_line(
    command: Sequence[str] | None, store: str | os.PathLike[str] | None, role: str | None
) -> list[str]:
    """The whole argument vector of a sidecar."""
    argv = list(command or DEFAULT_COMMAND)
    if store is not None:
        argv += ["--store", os.fspath(store)]
    if role is not None:
        argv += ["--role", role]
    return argv


class Connection:
    """A running sidecar. Its methods may be called from any thread.

    Raises:
        SidecarExited: the program cannot be started.
    """

    def __init__(
        self,
        argv: Sequence[str],
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        try:
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env={**os.environ, **env} if env is not None else None,
                bufsize=0,
            )
        except OSError as error:
            why = f"cannot start {argv[0]}: {error.strerror}"
            if error.filename == argv[0]:
                why += "; put it on the PATH, or say where it is with command=[...]"
            raise SidecarExited(why) from error
        self._serial = itertools.count(1)
        self._pending: dict[int, Future[Any]] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._answerers: dict[str, Answerer] = {}
        self._answering: set[str] = set()
        self._enders: list[Callable[[SidecarExited], None]] = []
        self._state = threading.Lock()  # of the tables above
        self._writing = threading.Lock()
        self._log = b""
        self._ended: SidecarExited | None = None
        self._logger = threading.Thread(target=self._keep_log, name="sidecar-log", daemon=True)
        self._reader = threading.Thread(target=self._read, name="sidecar-reader", daemon=True)
        self._logger.start()
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process id of the sidecar."""
        return self._process.pid

    def request(self, method: str, params: dict[str, Any]) -> Future[Any]:
        """Send a request. The future gives the result, SidecarError or SidecarExited."""
        id_ = next(self._serial)
        line = encode({"jsonrpc": "2.0", "id": id_, "method": method, "params": params})
        future: Future[Any] = Future()
        with self._state:
            if self._ended is not None:
                future.set_exception(self._ended)
                return future
            self._pending[id_] = future
        future.add_done_callback(lambda done: self._forget(id_, done))
        self._send(line)
        return future

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification: nothing comes back, not even an error."""
        if self._ended is not None:
            raise self._ended
        self._send(encode({"jsonrpc": "2.0", "method": method, "params": params}))

    def on(self, method: str, listener: Listener) -> Callable[[], None]:
        """Have pushes told to ``listener``, on the reading thread; returns what stops it."""
        with self._state:
            self._listeners.setdefault(method, []).append(listener)

        def stop() -> None:
            with self._state, suppress(ValueError):
                self._listeners[method].remove(listener)

        return stop

    def answerer(self, method: str, make: Callable[[], Answerer]) -> Answerer:
        """Who answers the sidecar's requests of this method, each on a thread of its own.

        The one there is, or the one that ``make`` makes. What it raises is answered as an error.
        """
        with self._state:
            if method not in self._answerers:
                self._answerers[method] = make()
            return self._answerers[method]

    def on_end(self, ender: Callable[[SidecarExited], None]) -> None:
        """Have ``ender`` called when the process has ended (at once, if it has)."""
        with self._state:
            if self._ended is None:
                self._enders.append(ender)
                return
        ender(self._ended)

    def close(self, grace: float) -> None:
        """End its input and wait until it has gone; after ``grace`` seconds it is killed."""
        until = time.monotonic() + grace
        # One that reads nothing any more has a writer stand here, which its end lets go on.
        self._close_input(grace)
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            self._close_input(-1)
        if threading.current_thread() is not self._reader:
            self._reader.join()
        self._logger.join()

    def _close_input(self, within: float) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        if self._writing.acquire(timeout=within):
            try:
                with suppress(OSError):
                    stdin.close()
            finally:
                self._writing.release()

    def _send(self, line: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        view = memoryview(line)
        # A process that is gone fails here; the reader tells the same, with the reason.
        with self._writing, suppress(OSError, ValueError):
            while view:
                view = view[stdin.write(view) or 0 :]

    def _forget(self, id_: int, done: Future[Any]) -> None:
        with self._state:
            known = self._pending.pop(id_, None)
        if known is not None and done.cancelled():
            params = {"id": id_}
            self._send(encode({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": params}))

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        buffer = bytearray()
        while chunk := stdout.read(1 << 16):
            buffer += chunk
            *lines, rest = buffer.split(b"\n") if b"\n" in chunk else (buffer,)
            buffer = rest
            for line in lines:
                self._receive(decode(bytes(line)))
        self._end()
        stdout.close()

    def _receive(self, message: Any) -> None:
        if not isinstance(message, dict):
            return  # something around the sidecar printed; no request is waiting for it
        method, id_ = message.get("method"), message.get("id")
        if isinstance(method, str):
            params = message.get("params") or {}
            if id_ is None:
                self._told(method, params)
            else:
                self._asked(method, params, id_)
            return
        with self._state:
            future = self._pending.pop(id_, None) if isinstance(id_, int) else None
        if future is None or not future.set_running_or_notify_cancel():
            return
        error = message.get("error")
        if isinstance(error, dict):
            future.set_exception(
                SidecarError(error.get("code", 0), error.get("message", ""), error.get("data"))
            )
        else:
            future.set_result(message.get("result"))

    def _told(self, method: str, params: dict[str, Any]) -> None:
        with self._state:
            listeners = list(self._listeners.get(method, ()))
            if method == "$/cancelRequest":
                self._answering.discard(str(params.get("id")))
        for listener in listeners:
            try:
                listener(params)
            except Exception:
                log.exception("a listener to %s failed", method)

    def _asked(self, method: str, params: dict[str, Any], id_: object) -> None:
        with self._state:
            answerer = self._answerers.get(method)
            if answerer is not None:
                self._answering.add(str(id_))
        if answerer is None:
            refusal = {"code": -32601, "message": f"this client does not answer {method}"}
            self._send(encode({"jsonrpc": "2.0", "id": id_, "error": refusal}))
            return
        arguments = (answerer, params, id_, method)
        threading.Thread(target=self._answer, args=arguments, name=method, daemon=True).start()

    def _answer(self, answerer: Answerer, params: dict[str, Any], id_: object, method: str) -> None:
        try:
            body = encode({"jsonrpc": "2.0", "id": id_, "result": answerer(params)})
        except Exception as error:
            log.exception("answering %s failed", method)
            failure = {"code": -32603, "message": f"{type(error).__name__}: {error}"}
            body = encode({"jsonrpc": "2.0", "id": id_, "error": failure})
        with self._state:
            wanted = str(id_) in self._answering
            self._answering.discard(str(id_))
        if wanted:  # else the sidecar took its question back
            self._send(body)

    def _keep_log(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        while chunk := stderr.read(4096):
            self._log = (self._log + chunk)[-_LOG_KEPT:]
        stderr.close()

    def _end(self) -> None:
        code = self._process.wait()
        self._logger.join(1.0)
        said = self._log.decode(errors="replace").strip()
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        reason = SidecarExited(
            f"the sidecar ended ({how})" + (f"; it said: {said}" if said else "")
        )
        with self._state:
            self._ended = reason
            pending, self._pending = list(self._pending.values()), {}
            enders, self._enders = self._enders, []
        for future in pending:
            if future.set_running_or_notify_cancel():
                future.set_exception(reason)
        for ender in enders:
            ender(reason)
