"""The runner's side of a driver: one process, one JSON value a line each way."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Sequence
from typing import Any


class DriverFailed(Exception):
    """The driver ended, was silent for too long, or said what is not an answer."""


class Driver:
    """A running driver. Steps are answered in order."""

    def __init__(self, command: Sequence[str], timeout: float) -> None:
        self._timeout = timeout
        self._process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._next: dict[str, Any] | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, step: dict[str, Any]) -> None:
        """Give it a step."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(step, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise DriverFailed("the driver has ended") from error

    def answered(self) -> dict[str, Any] | None:
        """The answer that ``answer`` will give, when it is there already."""
        if self._next is None and not self._answers.empty():
            self._next = self.answer()
        return self._next

    def answer(self) -> dict[str, Any]:
        """Its answer to the oldest step that was not answered."""
        if self._next is not None:
            known, self._next = self._next, None
            return known
        try:
            line = self._answers.get(timeout=self._timeout)
        except queue.Empty:
            raise DriverFailed(f"no answer for {self._timeout} s") from None
        if line is None:
            raise DriverFailed("the driver has ended without an answer")
        try:
            answer = json.loads(line)
        except ValueError:
            raise DriverFailed(f"not JSON: {line[:200]!r}") from None
        if not isinstance(answer, dict) or not ({"ok", "error"} & set(answer)):
            raise DriverFailed(f"neither ok nor error: {line[:200]!r}")
        return answer

    def close(self) -> None:
        """End it: its input ends, it closes its sidecar and exits.

        Raises:
            DriverFailed: it does not, or not with exit code 0.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            code = self._process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise DriverFailed("the driver does not end when its input does") from None
        finally:
            self._reader.join()
            self._process.stdout.close()
        if code:
            raise DriverFailed(f"the driver ended with exit code {code}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        buffer = b""
        while chunk := os.read(fd, 1 << 16):
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                self._answers.put(line)
        self._answers.put(None)
