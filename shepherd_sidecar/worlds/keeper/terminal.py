"""A person's command in a world: with the terminal that the person sits at.

Layer: worlds. The command never gets that terminal itself, since whoever holds a terminal can
type into it for the shell outside (TIOCSTI). It gets a new one, of a session of its own, and
what passes between the two is copied here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import termios
import tty
from collections.abc import Iterator
from dataclasses import replace

from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn

_CHUNK = 1 << 16
_SIZE = bytes(8)


def enter(keeper: Keeper, command: Spawn, stdin: int = 0, stdout: int = 1, stderr: int = 2) -> int:
    """Run a command in a world with this process's own standard streams, and wait for it.

    For the main thread: signals are passed on meanwhile. The command has a confinement of its
    own on the world's files; it does not see the processes of others in that world.

    Returns:
        Its exit code; negative: the signal that killed it.

    Raises:
        OSError, ExecFailed, DriverUnavailable, NoWorld: as ``Keeper.spawn``.
    """
    streams = stdin, stdout, stderr
    seen = [fd for fd in (stdout, stderr, stdin) if os.isatty(fd)]
    if not seen:
        plain = replace(command, terminal=False)
        with keeper.spawn(plain, *streams) as child, _passing_on(child):
            return child.wait()
    typed = stdin if stdin in seen else None
    ours, its = os.openpty()
    try:
        _same_size(seen[0], ours)
        if typed is None:
            _as_it_comes(its)
        try:
            # What was redirected stays so: only what is a terminal becomes the new one.
            given = [its if fd in seen else fd for fd in streams]
            child = keeper.spawn(replace(command, terminal=typed is not None), *given)
        finally:
            os.close(its)
        held = _passing_on(child) if typed is None else _raw(typed)
        with child, held, _resizing() as wakes:
            _copy(child, typed, seen[0], ours, wakes)
            return child.wait()
    finally:
        os.close(ours)


def _copy(child: Child, typed: int | None, shown_at: int, ours: int, wakes: int) -> None:
    """Copy both ways until the command has ended and all it wrote was shown."""
    polled = select.poll()
    for fd in (ours, wakes, child.fileno(), *(() if typed is None else (typed,))):
        polled.register(fd, select.POLLIN)
    while True:
        ready = {fd for fd, _ in polled.poll()}
        if wakes in ready:
            os.read(wakes, _CHUNK)
            _same_size(shown_at, ours)
        if typed is not None and typed in ready:
            keys = os.read(typed, _CHUNK)
            if keys:
                _write_all(ours, keys)
            else:
                polled.unregister(typed)
                os.write(ours, b"\x04")
        if ours in ready:
            try:
                shown = os.read(ours, _CHUNK)
            except OSError:  # nobody holds its other side
                shown = b""
            if not shown:
                return
            _write_all(shown_at, shown)
        elif child.fileno() in ready:
            return


def _as_it_comes(terminal: int) -> None:
    """Have nothing added to what is written: the terminal that it is shown at does that."""
    modes = termios.tcgetattr(terminal)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, modes)


@contextlib.contextmanager
def _raw(terminal: int) -> Iterator[None]:
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _resizing() -> Iterator[int]:
    """A descriptor that is readable when the window changed its size."""
    wakes, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    old_wake = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    old = signal.signal(signal.SIGWINCH, lambda number, frame: None)
    try:
        yield wakes
    finally:
        signal.signal(signal.SIGWINCH, old)
        signal.set_wakeup_fd(old_wake)
        os.close(wakes)
        os.close(wake)


@contextlib.contextmanager
def _passing_on(child: Child) -> Iterator[None]:
    """Ask the command to end when this process is asked to."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    old = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, lambda number, frame: child.terminate())
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _same_size(like: int, terminal: int) -> None:
    with contextlib.suppress(OSError):
        size = fcntl.ioctl(like, termios.TIOCGWINSZ, _SIZE)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
