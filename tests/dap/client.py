"""A debugger's side of the Debug Adapter Protocol, as debugpy's own tests have one.

It shares no code with the adapter. Every message that comes is checked against the protocol's own
JSON Schema, which debugpy's wheel carries.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.waiting import PATIENCE
from tests.support.wire import frame, read_frames

Message = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
_SCHEMA = "_vendored/pydevd/_pydevd_bundle/_debug_adapter/debugProtocol.json"


class Refused(Exception):
    """The adapter answered that it will not; the text is what a person is shown."""


@functools.cache
def schema() -> Message:
    """The protocol's own schema."""
    found = importlib.util.find_spec("debugpy")
    if found is None or found.origin is None:
        pytest.fail("debugpy is not installed: pip install -e '.[test]'")
    return dict(json.loads((Path(found.origin).parent / _SCHEMA).read_text()))


@functools.cache
def validator(name: str) -> jsonschema.Draft4Validator:
    whole = schema()
    assert name in whole["definitions"], f"the protocol has no {name}"
    return jsonschema.Draft4Validator({**whole, "$ref": f"#/definitions/{name}"})


class Debugger:
    """A client and the adapter it started.

    ``stops`` are the stopped events that no ``stopped`` took yet.
    """

    def __init__(self, *argv: str, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shepherd_sidecar", *argv, "dap"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=cwd,
        )
        self.seen: list[Message] = []
        self.log = b""
        self._seq = itertools.count(1)
        self._events: list[Message] = []
        self._answers: dict[int, Message] = {}
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._read, self._read_log)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Debugger:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for thread in self._threads:
            thread.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()

    def send_bytes(self, data: bytes) -> None:
        """Send anything."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, command: str, **arguments: Any) -> int:
        """Send a request; returns its number."""
        seq = next(self._seq)
        said = {"seq": seq, "type": "request", "command": command, "arguments": arguments}
        self.send_bytes(frame(said))
        return seq

    def ask(self, command: str, **arguments: Any) -> Message:
        """Send a request and take the body of its answer. Raises Refused."""
        return self.answer(self.send(command, **arguments))

    def answer(self, seq: int) -> Message:
        """The body of the answer to a request. Raises Refused."""
        while seq not in self._answers:
            self._take()
        found = self._answers.pop(seq)
        if not found["success"]:
            told = found["body"]["error"]
            raise Refused(told["format"].format(**told["variables"]))
        return dict(found.get("body") or {})

    def event(self, name: str, test: Callable[[Message], bool] = lambda _: True) -> Message:
        """The body of the next event of this name that passes the test."""
        while True:
            for number, found in enumerate(self._events):
                if found["event"] == name and test(found["body"]):
                    return dict(self._events.pop(number)["body"])
            self._take()

    def begin(self, *breakpoints: str, **arguments: Any) -> None:
        """Attach as an editor does."""
        self.ask("initialize", adapterID="shepherd", clientID="test", linesStartAt1=True)
        attached = self.send("attach", **arguments)
        self.event("initialized")
        self.break_on(*breakpoints)
        self.ask("configurationDone")
        self.answer(attached)

    def break_on(self, *names: str) -> list[Message]:
        """Set function breakpoints."""
        asked = [{"name": name} for name in names]
        return list(self.ask("setFunctionBreakpoints", breakpoints=asked)["breakpoints"])

    def thread(self, branch: str) -> int:
        """The thread of a branch."""
        threads = self.ask("threads")["threads"]
        [found] = [one["id"] for one in threads if one["name"].split(" (")[0] == branch]
        return int(found)

    def stopped(self, thread: int, reason: str) -> Message:
        """Wait until a thread stops, for this reason."""
        found = self.event("stopped", lambda body: body["threadId"] == thread)
        assert found["reason"] == reason, found
        return found

    def frames(self, thread: int) -> list[Message]:
        """The stack of a thread, the innermost first."""
        return list(self.ask("stackTrace", threadId=thread)["stackFrames"])

    def at(self, thread: int) -> str:
        """What a thread stands at."""
        return str(self.frames(thread)[0]["name"])

    def scope(self, thread: int, name: str, frame: int = 0) -> int:
        """The reference of a scope."""
        scopes = self.ask("scopes", frameId=self.frames(thread)[frame]["id"])["scopes"]
        [found] = [one["variablesReference"] for one in scopes if one["name"] == name]
        return int(found)

    def variables(self, reference: int) -> dict[str, str]:
        """Names and values."""
        found = self.ask("variables", variablesReference=reference)["variables"]
        return {one["name"]: one["value"] for one in found}

    def _take(self) -> None:
        message = self._inbox.get(timeout=PATIENCE)
        assert message is not None, f"the adapter ended: {self.log.decode()}"
        if message["type"] == "event":
            self._events.append(message)
        else:
            self._answers[message["request_seq"]] = message

    def _read(self) -> None:
        assert self.process.stdout is not None
        fd = self.process.stdout.fileno()
        for _, message in read_frames(lambda size: os.read(fd, size)):
            self.seen.append(message)
            self._inbox.put(message)
        self._inbox.put(None)

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        while data := os.read(self.process.stderr.fileno(), 1 << 16):
            self.log += data

    def check(self) -> None:
        """Whether all that came is what the protocol says, in the order it says."""
        assert [message["seq"] for message in self.seen] == list(range(1, len(self.seen) + 1))
        for message in self.seen:
            validator(_definition(message)).validate(message)


def _definition(message: Message) -> str:
    if message["type"] == "event":
        return f"{_capital(message['event'])}Event"
    if not message["success"]:
        return "ErrorResponse"
    return f"{_capital(message['command'])}Response"


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
