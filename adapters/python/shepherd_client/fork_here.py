"""A checkpoint of this very process: come back to it, with another try.

    point = fork_here(branch)          # the first time, point.attempt is 0
    ...
    point.back("the tests failed")     # everything since is undone; point.attempt is 1 then

``os.fork`` makes the checkpoint: this process waits as it is, and a child goes on in its place.
When the child calls ``back``, it ends and this process goes on from ``fork_here``, with its memory
as it was and, when a branch was given, its world as it was. When the child ends by itself, this
process ends in the same way. What was recorded stays recorded: the trace shows every try.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from shepherd_client.branch import Branch
from shepherd_client.payloads import Json

_PASSED_ON: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Point:
    """A moment of this process that can be come back to."""

    def __init__(self, attempt: int, note: Json, commit: str | None, told: int) -> None:
        self.attempt = attempt
        """How often it was come back to."""
        self.note = note
        """What the last ``back`` was given; None the first time."""
        self.commit = commit
        """The snapshot of the world; None when no branch was given."""
        self._told = told

    def back(self, note: Json = None) -> NoReturn:
        """End this try: the process goes on from the checkpoint, which gets ``note``."""
        _flush()
        data = json.dumps({"note": note}).encode()
        while data:
            data = data[os.write(self._told, data) :]
        os._exit(0)


def fork_here(branch: Branch | None = None) -> Point:
    """Make a checkpoint, and go on. Every ``Point.back`` returns here once more.

    Args:
        branch: whose world is captured now, and restored by ``back``. Its sidecar must be an
            inherited one (``Sidecar.inherited``): another cannot be shared by two processes.

    Raises:
        RuntimeError: other threads run, which a fork would not copy.
    """
    if threading.active_count() > 1:
        raise RuntimeError(
            f"{threading.active_count()} threads run, and a fork copies one; "
            "talk to an inherited sidecar (Sidecar.inherited), and fork before starting others"
        )
    commit: str | None = branch.snapshot()["commit"] if branch is not None else None
    attempt, note = 0, None
    while True:
        telling, told = os.pipe()
        _flush()
        child = os.fork()
        if child == 0:
            os.close(telling)
            return Point(attempt, note, commit, told)
        os.close(told)
        said = _wait(child, telling)
        note, attempt = said["note"], attempt + 1
        if branch is not None and commit is not None:
            branch.restore(commit)


def _wait(child: int, telling: int) -> dict[str, Any]:
    """What the try said when it gave up; when it ended otherwise, this process ends so too."""
    heard = bytearray()
    with _passing_on(child), open(telling, "rb", closefd=True) as reading:
        while chunk := reading.read(1 << 16):
            heard += chunk
        _, status = os.waitpid(child, 0)
    if heard:
        found: dict[str, Any] = json.loads(heard)
        return found
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)


@contextlib.contextmanager
def _passing_on(child: int) -> Iterator[None]:
    """Who asks this process to end means the one that goes on."""
    before = {
        number: signal.signal(number, lambda got, frame: os.kill(child, got))
        for number in _PASSED_ON
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
