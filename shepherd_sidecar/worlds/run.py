"""Running one command in a world.

Layer: worlds. The command gets its own session, no descriptor of the sidecar, a small clean
environment and no more time and output than allowed; whatever it leaves behind in its process
group is killed. A process that makes a session of its own escapes that: the sandbox
(``_start`` is its place) is what holds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shepherd_sidecar.errors import ExecFailed
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.paths import printable

_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "HOME", "USER", "LOGNAME")
"""Variables taken over from the sidecar. No tokens, no keys: those are named by the caller."""
_CHUNK = 1 << 16
_LINGER = 0.2
"""Seconds that output may still arrive after the command ended and its group was killed."""


@dataclass(frozen=True, slots=True)
class Output:
    """What one stream carried."""

    data: bytes
    """Its beginning, up to the limit."""
    size: int
    """Bytes in all."""

    @property
    def truncated(self) -> bool:
        """Whether some of it was thrown away."""
        return self.size > len(self.data)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    exit_code: int
    """Its exit status; negative: the signal that killed it."""
    stdout: Output
    """Its standard output."""
    stderr: Output
    """Its standard error."""
    ms: float
    """Duration, in milliseconds."""
    timed_out: bool
    """Whether it was killed because its time was up."""


async def run(
    world: World,
    argv: Sequence[str | bytes],
    *,
    cwd: str = "",
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    time_limit: float = 120.0,
    output_limit: int = 1 << 20,
) -> Ran:
    """Run ``argv`` (no shell) and wait for its end. Cancelling kills its process group.

    Args:
        world: where.
        argv: the program and its arguments.
        cwd: folder in the world, relative to it.
        env: added to the clean environment.
        stdin: its input; nothing (``/dev/null``) when omitted.
        time_limit: seconds until its process group is killed.
        output_limit: bytes kept of each stream; the rest is counted and thrown away.

    Raises:
        ExecFailed: it could not be started; ``why`` is ``cwdMissing``, ``cwdOutside``,
            ``programMissing``, ``notExecutable``, ``badArgument`` or ``os``.
    """
    folder = _folder(world, cwd)
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    process = _start(folder, argv, env or {}, stdin)
    sinks = [_Sink(loop, stream, output_limit) for stream in (process.stdout, process.stderr)]
    # The end is learned without reaping: until then the number of the process, and with it
    # that of its group, cannot come to mean another.
    pidfd = os.pidfd_open(process.pid)
    ended = asyncio.Event()
    loop.add_reader(pidfd, ended.set)
    timed_out = False
    try:
        try:
            await asyncio.wait_for(ended.wait(), time_limit)
        except TimeoutError:
            timed_out = True
        ms = (time.perf_counter() - start) * 1000
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await ended.wait()
        loop.remove_reader(pidfd)
        os.close(pidfd)
        exit_code = process.wait()
        waits = [asyncio.ensure_future(sink.ended.wait()) for sink in sinks]
        _, late = await asyncio.wait(waits, timeout=_LINGER)
        for wait in late:
            wait.cancel()
        await _group_gone(process.pid)
        for sink in sinks:
            sink.close()
    stdout, stderr = (sink.output() for sink in sinks)
    return Ran(exit_code, stdout, stderr, ms, timed_out)


def run_sync(
    world: World,
    argv: Sequence[str | bytes],
    *,
    cwd: str = "",
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    time_limit: float = 120.0,
    output_limit: int = 1 << 20,
) -> Ran:
    """``run`` for callers without an event loop."""
    return asyncio.run(
        run(
            world,
            argv,
            cwd=cwd,
            env=env,
            stdin=stdin,
            time_limit=time_limit,
            output_limit=output_limit,
        )
    )


async def _group_gone(group: int) -> None:
    """Wait a moment until what was killed is gone, so that it writes nothing after the answer."""
    until = time.monotonic() + _LINGER
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < until:
            os.killpg(group, 0)
            await asyncio.sleep(0.001)


def _start(
    folder: Path, argv: Sequence[str | bytes], env: Mapping[str, str], stdin: bytes | None
) -> subprocess.Popen[bytes]:
    """Start the command. A sandbox wraps ``argv`` here."""
    if not argv or not argv[0]:
        raise _failed("programMissing", "argv is empty: there is no program to run")
    clean = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    clean.setdefault("PATH", os.defpath)
    source: IO[bytes] | int = subprocess.DEVNULL
    try:
        if stdin is not None:
            # A file in memory takes any amount without a writer that could block.
            source = os.fdopen(os.memfd_create("stdin"), "w+b")
            source.write(stdin)
            source.seek(0)
        return subprocess.Popen(
            argv,
            cwd=folder,
            env={**clean, "PWD": str(folder), **env},
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
    except (ValueError, UnicodeEncodeError) as error:
        raise _failed("badArgument", f"the command cannot be spelt: {error}") from error
    except OSError as error:
        raise _not_started(error, folder, argv[0]) from error
    finally:
        if not isinstance(source, int):
            source.close()


def _folder(world: World, cwd: str) -> Path:
    root = world.path.resolve()
    try:
        folder = (root / cwd).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed("cwdMissing", f"cwd {cwd!r} cannot be looked up: {error}") from error
    if not folder.is_relative_to(root):
        raise _failed("cwdOutside", f"cwd {cwd!r} lies outside the world")
    if not folder.is_dir():
        raise _failed("cwdMissing", f"cwd {cwd!r} is no folder in the world")
    return folder


def _not_started(error: OSError, folder: Path, program: str | bytes) -> ExecFailed:
    shown = printable(os.fsencode(program))
    if error.filename == str(folder):
        return _failed("cwdMissing", f"cwd cannot be entered: {error.strerror}")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _failed("programMissing", f"{shown} (or the interpreter it names) was not found")
    if error.errno in (errno.EACCES, errno.ENOEXEC, errno.EPERM):
        return _failed("notExecutable", f"{shown} cannot be executed: {error.strerror}")
    return _failed("os", f"{shown} could not be started: {error.strerror}")


def _failed(why: str, message: str) -> ExecFailed:
    return ExecFailed(message, why=why)


class _Sink:
    """Reads one pipe to its end, keeps the beginning and counts the rest."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, stream: IO[bytes] | None, limit: int
    ) -> None:
        assert stream is not None
        self.ended = asyncio.Event()
        self._loop, self._stream, self._limit = loop, stream, limit
        self._data = bytearray()
        self._size = 0
        os.set_blocking(stream.fileno(), False)
        loop.add_reader(stream.fileno(), self._ready)

    def output(self) -> Output:
        return Output(bytes(self._data), self._size)

    def close(self) -> None:
        if not self._stream.closed:
            self._loop.remove_reader(self._stream.fileno())
            self._stream.close()
        self.ended.set()

    def _ready(self) -> None:
        try:
            chunk = os.read(self._stream.fileno(), _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.close()
            return
        self._size += len(chunk)
        if len(self._data) < self._limit:
            self._data += chunk[: self._limit - len(self._data)]
