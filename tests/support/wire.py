"""A small synchronous JSON-RPC client over pipes, for tests of anything that speaks the wire.

It shares no code with the server, so that a mistake in one shows against the other.

    with Wire.start([sys.executable, "-m", "tests.server.echo_server"]) as wire:
        assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}

        wire.notify("trace/record", {...})           # no answer
        first = wire.request("intent/propose", {})   # the id; the answer comes when it comes
        wire.expect(event("trace/didCommit") >> reply(first))

Every wait has a timeout (``Wire(timeout=...)``, seconds); nothing here sleeps.

**Expectations** are partial orders: ``a >> b`` (all of a before all of b), ``a & b`` (both,
in any order). ``wire.expect(...)`` takes messages until every part was seen, returns them in
the order written, and fails when a part comes before one it should follow. Messages that no
part speaks of stay in the inbox for later.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.waiting import PATIENCE

Message = dict[str, Any]
Test = Callable[[Message], bool]


class WireError(Exception):
    """The server answered with an error; ``code``, ``message``, ``data`` are as on the wire."""

    def __init__(self, error: Message) -> None:
        super().__init__(f"{error['code']} {error['message']} {error.get('data')}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Any = error.get("data")

    @property
    def name(self) -> str:
        """The stable name, ``data.name``."""
        return str((self.data or {}).get("name"))


@dataclass(eq=False)
class Part:
    """One expected message."""

    name: str
    test: Test


@dataclass
class Order:
    """Expected messages and which must come before which."""

    parts: list[Part]
    before: list[tuple[Part, Part]] = field(default_factory=list)

    def __rshift__(self, later: Order) -> Order:
        pairs = [(a, b) for a in self.parts for b in later.parts]
        return Order(self.parts + later.parts, self.before + later.before + pairs)

    def __and__(self, other: Order) -> Order:
        return Order(self.parts + other.parts, self.before + other.before)


def reply(id_: Any) -> Order:
    """The answer, of either kind, to the request with this id."""
    return Order([Part(f"reply({id_!r})", lambda m: _is_reply(m, id_))])


def event(method: str, test: Test | None = None) -> Order:
    """A notification of this method, whose params pass ``test``."""
    return Order([Part(f"event({method})", _of(method, test, with_id=False))])


def request(method: str, test: Test | None = None) -> Order:
    """A request of the server's, whose params pass ``test``."""
    return Order([Part(f"request({method})", _of(method, test, with_id=True))])


def _is_reply(message: Any, id_: Any) -> bool:
    """Batches of replies are arrays: no single reply."""
    return isinstance(message, dict) and "method" not in message and message.get("id", ...) == id_


def _of(method: str, test: Test | None, *, with_id: bool) -> Test:
    def matches(message: Message) -> bool:
        return (
            isinstance(message, dict)
            and message.get("method") == method
            and ("id" in message) is with_id
            and (test is None or test(message.get("params", {})))
        )

    return matches


def frame(message: Any, framing: str = "header") -> bytes:
    """The bytes of a message: framing ``header`` (Content-Length) or ``line``."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return body + b"\n" if framing == "line" else b"Content-Length: %d\r\n\r\n" % len(body) + body


def read_frames(read: Callable[[int], bytes]) -> Iterator[tuple[str, Any]]:
    """Messages from a blocking read function, as (framing, message), until the bytes end."""
    buffer = b""

    def more() -> bool:
        nonlocal buffer
        data = read(1 << 16)
        buffer += data
        return bool(data)

    while buffer or more():
        if buffer[:1] in (b"{", b"["):
            while b"\n" not in buffer:
                if not more():
                    raise AssertionError(f"the stream ended inside a line: {buffer[:200]!r}")
            line, _, buffer = buffer.partition(b"\n")
            yield "line", json.loads(line)
        else:
            while b"\r\n\r\n" not in buffer:
                if not more():
                    raise AssertionError(f"not a message: {buffer[:200]!r}")
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            name, _, length = head.partition(b": ")
            assert name == b"Content-Length", f"not a header: {head[:200]!r}"
            while len(buffer) < int(length):
                assert more(), "the stream ended inside a body"
            body, buffer = buffer[: int(length)], buffer[int(length) :]
            yield "header", json.loads(body)


class Wire:
    """A connection over two descriptors (owned), with a thread that collects what comes.

    ``framing``: what requests are sent in. ``seen``: (framing, message) of everything
    received so far, for tests that look at the framing or the whole order.
    """

    def __init__(
        self, read_fd: int, write_fd: int, *, framing: str = "header", timeout: float = PATIENCE
    ) -> None:
        self.framing = framing
        self.timeout = timeout
        self.seen: list[tuple[str, Any]] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.read_fd = read_fd
        self._write_fd = write_fd
        self._ids = itertools.count(1)
        self._inbox: list[Any] = []
        self._news = threading.Condition()
        self._over = False
        self._broken: BaseException | None = None
        self._may_read = threading.Event()
        self._may_read.set()
        self._stderr: list[bytes] = []
        self._threads = [threading.Thread(target=self._collect, daemon=True)]
        self._threads[0].start()

    @classmethod
    @contextlib.contextmanager
    def start(
        cls,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        framing: str = "header",
        timeout: float = PATIENCE,
    ) -> Iterator[Wire]:
        """Run a server as a child; at the end its stdin is closed, and it is killed if need be.

        ``env`` is added to this process's environment.
        """
        in_read, in_write = os.pipe()
        out_read, out_write = os.pipe()
        process = subprocess.Popen(
            argv,
            stdin=in_read,
            stdout=out_write,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
        os.close(in_read)
        os.close(out_write)
        wire = cls(out_read, in_write, framing=framing, timeout=timeout)
        wire._attach(process)
        try:
            yield wire
        finally:
            wire.close()

    # Sending

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._write_fd, view) :]

    def send(self, message: Any, framing: str | None = None) -> None:
        """Send any JSON value (or the bytes of one) as a message."""
        self.send_bytes(frame(message, framing or self.framing))

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any = None, id_: Any = None) -> Any:
        """Send a request and return its id."""
        id_ = next(self._ids) if id_ is None else id_
        self.send({"jsonrpc": "2.0", "id": id_, "method": method, "params": params})
        return id_

    def call(self, method: str, params: Any = None) -> Any:
        """Send a request and return its result.

        Raises:
            WireError: when the answer is an error.
        """
        return self.result(self.request(method, params))

    def respond(self, id_: Any, result: Any) -> None:
        """Answer a request of the server's."""
        self.send({"jsonrpc": "2.0", "id": id_, "result": result})

    def close_input(self) -> None:
        """Let the server see the end of its input."""
        if self._write_fd >= 0:
            os.close(self._write_fd)
            self._write_fd = -1

    # Receiving

    def result(self, id_: Any) -> Any:
        """The result of a request sent before."""
        [message] = self.expect(reply(id_))
        if "error" in message:
            raise WireError(message["error"])
        return message["result"]

    def error(self, id_: Any) -> WireError:
        """The error of a request sent before."""
        try:
            result = self.result(id_)
        except WireError as error:
            return error
        raise AssertionError(f"expected an error, got {result!r}")

    def answered(self, id_: Any) -> bool:
        """Whether the answer to a request sent before has come; it stays in the inbox."""
        with self._news:
            return any(_is_reply(message, id_) for message in self._inbox)

    def receive(self, test: Test | None = None) -> Any:
        """The next message (that passes ``test``), taken out of the inbox."""
        [message] = self.expect(Order([Part("a message", test or (lambda _: True))]))
        return message

    def expect(self, order: Order) -> list[Any]:
        """Take messages until every part of ``order`` was seen; see the module docstring."""
        found: dict[int, Any] = {}
        deadline = time.monotonic() + self.timeout
        looked = 0
        with self._news:
            while len(found) < len(order.parts):
                if looked == len(self._inbox):
                    self._wait(deadline, [p.name for p in order.parts if id(p) not in found])
                    continue
                part = self._place(self._inbox[looked], order, found)
                if part is None:
                    looked += 1
                else:
                    found[id(part)] = self._inbox.pop(looked)
        return [found[id(part)] for part in order.parts]

    def rest(self) -> list[Any]:
        """Whatever is in the inbox now, without waiting."""
        with self._news:
            taken, self._inbox = self._inbox, []
        return taken

    def until_closed(self) -> list[Any]:
        """Everything that comes until the server closes its output."""
        deadline = time.monotonic() + self.timeout
        with self._news:
            while not self._over:
                assert self._news.wait(deadline - time.monotonic()), "the server stays open"
            if self._broken is not None:
                raise AssertionError("the stream is not the protocol") from self._broken
        return self.rest()

    def stop_reading(self) -> None:
        """Read nothing more (after at most one chunk) until ``go_on_reading``."""
        self._may_read.clear()

    def go_on_reading(self) -> None:
        """Undo ``stop_reading``."""
        self._may_read.set()

    def abandon(self) -> None:
        """Close the reading end while the server may still be writing: a client that died."""
        self.stop_reading()
        nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        os.dup2(nothing, self.read_fd)
        os.close(nothing)
        self.go_on_reading()

    # The process

    def wait(self) -> int:
        """Wait for the server to exit; returns its code."""
        assert self.process is not None
        return self.process.wait(self.timeout)

    def stderr(self) -> str:
        """What the server wrote to stderr; waits for it to exit."""
        self.wait()
        for thread in self._threads[1:]:
            thread.join(self.timeout)
        return b"".join(self._stderr).decode(errors="replace")

    def close(self) -> None:
        """Close the connection and end the server."""
        self.close_input()
        self._may_read.set()
        if self.process is not None:
            try:
                self.process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for thread in self._threads:
            thread.join(self.timeout)
        if self.read_fd >= 0:
            os.close(self.read_fd)
            self.read_fd = -1
        if self.process is not None and self.process.stderr is not None:
            self.process.stderr.close()

    def _attach(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        thread = threading.Thread(target=self._collect_stderr, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _place(self, message: Any, order: Order, found: dict[int, Any]) -> Part | None:
        """The part a message fulfils; fails when it comes before one it should follow."""
        early = None
        for part in order.parts:
            if id(part) in found or not part.test(message):
                continue
            missing = [a.name for a, b in order.before if b is part and id(a) not in found]
            if not missing:
                return part
            early = f"{part.name} came before {', '.join(missing)}"
        if early is not None:
            raise AssertionError(early)
        return None

    def _wait(self, deadline: float, missing: list[str]) -> None:
        """Precondition: holds the condition, and the inbox has nothing new."""
        if self._broken is not None:
            raise AssertionError("the stream is not the protocol") from self._broken
        if self._over:
            raise AssertionError(f"the server closed its output; missing: {missing}")
        if not self._news.wait(max(0.0, deadline - time.monotonic())):
            raise AssertionError(f"no message in {self.timeout} s; missing: {missing}")

    def _collect(self) -> None:
        def read(size: int) -> bytes:
            self._may_read.wait()
            return os.read(self.read_fd, size)

        try:
            for framing, message in read_frames(read):
                with self._news:
                    self.seen.append((framing, message))
                    self._inbox.append(message)
                    self._news.notify_all()
        except BaseException as error:
            self._broken = error
        with self._news:
            self._over = True
            self._news.notify_all()

    def _collect_stderr(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        while data := os.read(self.process.stderr.fileno(), 1 << 16):
            self._stderr.append(data)
