"""Running one command in a world.

Layer: worlds. The command is started by the keeper, confined (``confine``), in namespaces of its
own: it gets no descriptor of the sidecar, a small clean environment and no more time and output
than allowed, and all that it started ends with it. Where no namespaces can be made it is started
from here, confined as far as that goes, unless the policy requires more; the result says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import select
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from shepherd_sidecar.errors import DriverUnavailable, ExecFailed
from shepherd_sidecar.worlds.confine import Confinement, Policy
from shepherd_sidecar.worlds.confine.alone import start_alone
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from shepherd_sidecar.worlds.paths import printable

_INHERITED: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "HOME", "USER", "LOGNAME")
"""Variables taken over from the sidecar. No tokens, no keys: owner and caller name those."""
_CHUNK: Final = 1 << 16
_LINGER: Final = 0.2
"""Seconds that output may still arrive after the command and all it started have ended."""
_SAID_OF_MEMORY: Final = (b"MemoryError", b"Cannot allocate memory", b"bad_alloc", b"ut of memory")
_SAID_OF_PROCESSES: Final = (b"esource temporarily unavailable", b"start new thread", b"annot fork")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What commands are held by."""

    keeper: Keeper
    """Starts them."""
    policy: Policy
    """Their rights."""


class Running(Protocol):
    """A command that was started, as far as it is known here."""

    def fileno(self) -> int:
        """A descriptor that can be read when all of it may have ended: ``poll`` says.

        If it has not, there is another one from then on.
        """

    def poll(self) -> int | None:
        """Its exit code, when it has ended."""

    def kill(self) -> None:
        """End it and all it started."""

    def close(self) -> None:
        """Let go of it."""


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
    confinement: Confinement
    """What held it."""
    limits_reached: tuple[str, ...] = ()
    """Limits that it came up against, in words."""


async def run(
    world: World,
    argv: Sequence[str | bytes],
    *,
    sandbox: Sandbox,
    cwd: str = "",
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    time_limit: float = 120.0,
    output_limit: int = 1 << 20,
) -> Ran:
    """Run ``argv`` (no shell) and wait for its end. Cancelling kills it and all it started.

    Args:
        world: where.
        argv: the program and its arguments.
        sandbox: what holds it.
        cwd: folder in the world, relative to it.
        env: added to the clean environment.
        stdin: its input; nothing (``/dev/null``) when omitted.
        time_limit: seconds until it is killed.
        output_limit: bytes kept of each stream; the rest is counted and thrown away.

    Raises:
        ExecFailed: it could not be started; ``why`` is ``cwdMissing``, ``cwdOutside``,
            ``programMissing``, ``notExecutable``, ``badArgument``, ``unconfined`` or ``os``.
    """
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    starting = asyncio.ensure_future(
        asyncio.to_thread(_start, world, sandbox, argv, cwd, env or {}, stdin)
    )
    try:
        running, confinement, *pipes = await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(ExecFailed):
            running, _, *pipes = await starting
            await asyncio.to_thread(_end, running, pipes)
        raise
    sinks = [_Sink(loop, pipe, output_limit) for pipe in pipes]
    ended = asyncio.Event()
    watched = running.fileno()

    def look() -> None:
        nonlocal watched
        loop.remove_reader(watched)
        if running.poll() is None:
            watched = running.fileno()
            loop.add_reader(watched, look)
        else:
            ended.set()

    loop.add_reader(watched, look)
    timed_out = False
    try:
        try:
            await asyncio.wait_for(ended.wait(), time_limit)
        except TimeoutError:
            timed_out = True
        ms = (time.perf_counter() - start) * 1000
    finally:
        running.kill()
        await ended.wait()
        exit_code = running.poll()
        running.close()
        waits = [asyncio.ensure_future(sink.ended.wait()) for sink in sinks]
        _, late = await asyncio.wait(waits, timeout=_LINGER)
        for wait in late:
            wait.cancel()
        for sink in sinks:
            sink.close()
    assert exit_code is not None
    stdout, stderr = (sink.output() for sink in sinks)
    if timed_out:
        exit_code = -signal.SIGKILL
    ran = Ran(exit_code, stdout, stderr, ms, timed_out, confinement)
    return replace(ran, limits_reached=tuple(_reached(ran, sandbox.policy, time_limit)))


def run_sync(
    world: World,
    argv: Sequence[str | bytes],
    *,
    sandbox: Sandbox,
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
            sandbox=sandbox,
            cwd=cwd,
            env=env,
            stdin=stdin,
            time_limit=time_limit,
            output_limit=output_limit,
        )
    )


def _reached(ran: Ran, policy: Policy, time_limit: float) -> Iterator[str]:
    """What limits it came up against, by its end and its own words."""
    limits = policy.limits
    if ran.timed_out:
        yield f"time: killed after {time_limit:g} seconds"
    for name, output in (("stdout", ran.stdout), ("stderr", ran.stderr)):
        if output.truncated:
            yield f"output: {output.size} bytes of {name}, the first {len(output.data)} were kept"
    if ran.exit_code == -signal.SIGXCPU:
        yield f"seconds: more than {limits.seconds} seconds of processor time"
    if ran.exit_code == -signal.SIGXFSZ:
        yield f"fileBytes: a file of more than {limits.file_bytes} bytes"
    if ran.exit_code != 0:
        said = ran.stderr.data[-_CHUNK:]
        if limits.memory_bytes is not None and any(words in said for words in _SAID_OF_MEMORY):
            yield f"memoryBytes: it says that memory ran out; a process has {limits.memory_bytes}"
        if limits.processes is not None and any(words in said for words in _SAID_OF_PROCESSES):
            yield f"processes: it says that it could start no more; {limits.processes} are allowed"


def spawn_of(
    world: World,
    policy: Policy,
    argv: Sequence[str | bytes],
    cwd: str,
    env: Mapping[str, str],
) -> Spawn:
    """A command in a world as the keeper is told of it. Raises ExecFailed."""
    if not argv or not argv[0]:
        raise _failed("programMissing", "argv is empty: there is no program to run")
    if "\0" in cwd:
        raise _failed("cwdMissing", f"cwd {cwd!r} names no folder")
    for name in env:
        if not name or "=" in name:
            raise _failed("badArgument", f"{name!r} is no name of a variable")
    named = (*_INHERITED, *policy.env)
    clean = {name: os.environ[name] for name in named if name in os.environ}
    clean.setdefault("PATH", os.defpath)
    # A mount that only the keeper sees has no path of its own: it is seen where it is kept.
    seen_at = world.stands_in if world.mounted_at.is_relative_to("/proc") else world.mounted_at
    apart = world.home is not None and world.home != world.path
    return Spawn(
        argv=argv,
        env={**clean, "PWD": os.path.normpath(seen_at / cwd), **env},
        at=world.stands_in,
        mounted_at=seen_at,
        policy=policy,
        cwd=cwd,
        files=None if apart else world.path,
    )


def _start(
    world: World,
    sandbox: Sandbox,
    argv: Sequence[str | bytes],
    cwd: str,
    env: Mapping[str, str],
    stdin: bytes | None,
) -> tuple[Running, Confinement, int, int]:
    """Start the command; with the reading ends of its output. Blocks for some ms."""
    spawn = spawn_of(world, sandbox.policy, argv, cwd, env)
    with contextlib.ExitStack() as ours:
        source = _source(stdin)
        ours.callback(os.close, source)
        out, into_out = os.pipe2(os.O_CLOEXEC)
        ours.callback(os.close, into_out)
        err, into_err = os.pipe2(os.O_CLOEXEC)
        ours.callback(os.close, into_err)
        with contextlib.ExitStack() as failed:
            failed.callback(os.close, out)
            failed.callback(os.close, err)
            try:
                running, held = _spawn(sandbox, spawn, world, (source, into_out, into_err))
            except (ValueError, UnicodeEncodeError) as error:
                raise _failed("badArgument", f"the command cannot be spelt: {error}") from error
            except OSError as error:
                raise not_started(error, cwd, argv[0]) from error
            failed.pop_all()
    return running, held, out, err


def _end(running: Running, pipes: Sequence[int]) -> None:
    """End a command that nobody waits for. Blocks until it is gone."""
    running.kill()
    while running.poll() is None:
        gone = select.poll()
        gone.register(running.fileno(), select.POLLIN)
        gone.poll()
    running.close()
    for pipe in pipes:
        os.close(pipe)


def _spawn(
    sandbox: Sandbox, spawn: Spawn, world: World, stdio: tuple[int, int, int]
) -> tuple[Running, Confinement]:
    try:
        child = sandbox.keeper.spawn(spawn, *stdio)
    except DriverUnavailable as error:
        if sandbox.policy.required:
            raise ExecFailed(
                f"the command cannot be confined here: {error.message}",
                hint="sandbox.toml says required = true; run where user namespaces are allowed",
                why="unconfined",
            ) from error
        return start_alone(spawn, world.path, stdio, error.message)
    return child, Confinement.from_dict(child.confinement)


def _source(stdin: bytes | None) -> int:
    """The command's input. A file in memory takes any amount without a writer that could block."""
    if stdin is None:
        return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    fd = os.memfd_create("stdin", os.MFD_CLOEXEC)
    rest = memoryview(stdin)
    while rest:
        rest = rest[os.write(fd, rest) :]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def not_started(error: OSError, cwd: str, program: str | bytes) -> ExecFailed:
    """What is said of a command that the keeper could not start."""
    shown = printable(os.fsencode(program))
    if error.filename == cwd:
        if error.errno == errno.EXDEV:
            return _failed("cwdOutside", f"cwd {cwd!r} lies outside the world")
        return _failed("cwdMissing", f"cwd {cwd!r} cannot be entered: {error.strerror}")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _failed("programMissing", f"{shown} (or the interpreter it names) was not found")
    if error.errno in (errno.EACCES, errno.ENOEXEC, errno.EPERM):
        return _failed("notExecutable", f"{shown} cannot be executed: {error.strerror}")
    return _failed("os", f"{shown} could not be started: {error.strerror}")


def _failed(why: str, message: str) -> ExecFailed:
    return ExecFailed(message, why=why)


class _Sink:
    """Reads one pipe to its end, keeps the beginning and counts the rest."""

    def __init__(self, loop: asyncio.AbstractEventLoop, pipe: int, limit: int) -> None:
        self.ended = asyncio.Event()
        self._loop, self._pipe, self._limit = loop, pipe, limit
        self._data = bytearray()
        self._size = 0
        os.set_blocking(pipe, False)
        loop.add_reader(pipe, self._ready)

    def output(self) -> Output:
        return Output(bytes(self._data), self._size)

    def close(self) -> None:
        if not self.ended.is_set():
            self._loop.remove_reader(self._pipe)
            os.close(self._pipe)
        self.ended.set()

    def _ready(self) -> None:
        try:
            chunk = os.read(self._pipe, _CHUNK)
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
