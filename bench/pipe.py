"""A client over real pipes that costs as little as it can: what it takes is not the server's."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.harness import ROOT

ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
ENV.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode beside it
_CHUNK = 1 << 18


def message(method: str, params: Any, id_: int | None = None) -> bytes:
    """A request, or a notification when it has no id, framed as LSP does."""
    known = {} if id_ is None else {"id": id_}
    body = orjson.dumps({"jsonrpc": "2.0", **known, "method": method, "params": params})
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Pipe:
    """A server process and both ends to it; it is killed at the end of the block."""

    def __init__(self, argv: Sequence[str], *, quiet: bool = False) -> None:
        self.process = subprocess.Popen(
            argv,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            cwd=ROOT,
            env=ENV,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()
        self._buffer = bytearray()
        self._ids = itertools.count(1_000_000_000)  # apart from those of prepared messages

    @classmethod
    def serve(cls, store: Path, role: str = "owner") -> Pipe:
        """The sidecar itself."""
        program = [sys.executable, "-m", "shepherd_sidecar", "serve"]
        return cls([*program, "--store", str(store), "--role", role])

    def __enter__(self) -> Pipe:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Close both ends and wait: the sidecar then closes its store in order."""
        for end in (self.process.stdin, self.process.stdout):
            assert end is not None
            end.close()
        self.process.wait()

    def send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._in, view) :]

    def receive(self) -> bytes:
        """The next message's body."""
        buffer = self._buffer
        while (end := buffer.find(b"\r\n\r\n")) < 0 or len(buffer) < end + 4 + _length(buffer, 0):
            buffer += self._more()
        whole = end + 4 + _length(buffer, 0)
        body = bytes(buffer[end + 4 : whole])
        del buffer[:whole]
        return body

    def call(self, method: str, params: Any) -> Any:
        """A request and its result; other messages that come meanwhile are dropped."""
        id_ = next(self._ids)
        self.send(message(method, params, id_))
        return self.answer(id_)

    def answer(self, id_: int) -> Any:
        """The result of a request that was sent."""
        while (found := orjson.loads(self.receive())).get("id") != id_:
            pass
        if "error" in found:
            raise RuntimeError(found["error"])
        return found["result"]

    def serial(self, messages: Iterable[bytes]) -> list[float]:
        """Each request after the reply to the one before; milliseconds each."""
        times = []
        for data in messages:
            start = time.perf_counter()
            self.send(data)
            body = self.receive()
            times.append((time.perf_counter() - start) * 1e3)
            if b'"error":' in body[:60]:
                raise RuntimeError(body.decode())
        return times

    def pipelined(self, data: bytes, replies: int) -> float:
        """All requests at once, all replies counted; seconds."""
        feeder = threading.Thread(target=self.send, args=(data,))
        start = time.perf_counter()
        feeder.start()
        buffer, at = self._buffer, 0
        while replies:
            end = buffer.find(b"\r\n\r\n", at)
            whole = end + 4 + _length(buffer, at) if end >= 0 else 0
            if whole and len(buffer) >= whole:
                at = whole
                replies -= 1
                continue
            del buffer[:at]
            at = 0
            buffer += self._more()
        took = time.perf_counter() - start
        del buffer[:at]
        feeder.join()
        return took

    def resident(self) -> float:
        """VmRSS in MB (10^6)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6

    def _more(self) -> bytes:
        data = os.read(self._out, _CHUNK)
        if not data:
            raise RuntimeError("the server ended")
        return data


def _length(buffer: bytearray, at: int) -> int:
    start = buffer.index(b"Content-Length: ", at) + 16
    return int(buffer[start : buffer.index(b"\r\n", start)])
