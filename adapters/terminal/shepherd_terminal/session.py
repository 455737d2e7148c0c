"""A shell on a pseudo-terminal: keys go in, and it is known when it waits for the next ones.

Keeps: no fixed sleeps. The shell is ready when it is in the terminal's foreground, has the
terminal to itself (as a shell that edits a line does), has read every key, and is asleep.
Something else in the foreground is waited for as long as it works, then as long as the
agent said.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from shepherd_terminal.screen import Screen

State = Literal["ready", "busy", "idle", "ended"]

_TICK: Final = 0.004
_ECHO_WITHIN: Final = 0.25
"""Keys show something within this many seconds, or nothing is to come."""
_QUIET: Final = 0.25
"""A program that neither works nor writes for so long is waiting for something."""
_ICANON_FIELD, _LFLAG = termios.ICANON, 3


class SessionEnded(RuntimeError):
    """The shell is gone."""


@dataclass(frozen=True, slots=True)
class Waited:
    """How a wait ended."""

    state: State
    """``ready``: the shell asks for more; ``idle``: a program waits; ``busy``: time was up."""
    seconds: float


class Session:
    """A running shell.

    Args:
        command: starts the shell, with the terminal as its input and output.
        screen: shows what comes.
        patience: seconds to wait for something that works, at most.
    """

    def __init__(self, command: Sequence[str], screen: Screen, patience: float = 30.0) -> None:
        self.screen = screen
        self.patience = patience
        self._shell: int | None = None
        self._master, self._slave = os.openpty()
        rows = 40
        fcntl.ioctl(
            self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, screen.columns, 0, 0)
        )
        os.set_blocking(self._master, False)
        self._process = subprocess.Popen(
            list(command),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            close_fds=True,
        )
        try:
            self._first_prompt()
        except BaseException:
            self.close()
            raise

    def send(self, keys: str, duration: float) -> Waited:
        """Type keys and wait until they have been worked off.

        ``duration``: seconds that the agent would have waited; a program that stays in the
        foreground gets them.

        Raises:
            SessionEnded: there is no shell to type to.
        """
        start = time.monotonic()
        self._write(keys.encode())
        if keys:
            self._wait_for_output(_ECHO_WITHIN)
        state = self._settle(start, duration)
        return Waited(state, round(time.monotonic() - start, 3))

    def close(self) -> None:
        """End the shell and everything that it started."""
        if self._process.poll() is None:
            self._process.kill()  # with --kill-child, and everything in its namespace
        self._process.wait()
        for fd in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(fd)

    def _first_prompt(self) -> None:
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            self._take(_TICK)
            if self._process.poll() is not None:
                self._take(0.05)
                raise SessionEnded(f"the shell did not start: {self.screen.since(0).strip()}")
            if self._line_edited() and self.screen.since(0).strip():
                self._shell = os.tcgetpgrp(self._master)
                if self._ready():
                    return
        raise SessionEnded(f"no prompt within {self.patience} s: {self.screen.since(0).strip()}")

    def _settle(self, start: float, duration: float) -> State:
        """Wait; see the module docstring for what for."""
        agreed = start + duration
        deadline = start + max(duration, self.patience)
        quiet_since, used = time.monotonic(), self._cpu()
        while True:
            now = time.monotonic()
            if self._take(_TICK):
                quiet_since = time.monotonic()
                continue
            if self._process.poll() is not None:
                return "ended"
            if self._ready():
                return "ready"
            if now >= deadline:
                return "busy"
            if now >= agreed and now - quiet_since >= _QUIET:
                working = self._cpu()
                if working == used:
                    return "idle"
                quiet_since, used = now, working

    def _ready(self) -> bool:
        """Whether the shell waits for keys; looked at twice, with nothing in between."""
        for _ in range(2):
            if not (self._line_edited() and self._in_front() and self._asleep()):
                return False
            if self._unread() or self._take(_TICK):
                return False
        return True

    def _line_edited(self) -> bool:
        return not termios.tcgetattr(self._slave)[_LFLAG] & _ICANON_FIELD

    def _in_front(self) -> bool:
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(self._master) == self._shell
        return False

    def _asleep(self) -> bool:
        return self._shell is not None and _stat(self._shell)[0] == "S"

    def _unread(self) -> int:
        """Keys that nobody has read."""
        return int(
            struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, struct.pack("i", 0)))[0]
        )

    def _cpu(self) -> int:
        """Processor time of everything on the terminal, in ticks; more means: it works."""
        terminal = os.fstat(self._slave).st_rdev
        total = 0
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                _, there, used = _stat(int(entry))
                total += used if there == terminal else 0
        return total

    def _wait_for_output(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._take(_TICK):
            pass

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        deadline = time.monotonic() + self.patience
        while view:
            if self._process.poll() is not None:
                raise SessionEnded("the shell is gone")
            try:
                view = view[os.write(self._master, view) :]
            except BlockingIOError:
                self._take(_TICK)
            if time.monotonic() > deadline:
                raise SessionEnded("nobody reads the keys")

    def _take(self, seconds: float) -> bool:
        """Show what comes within this time; whether something did."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except (BlockingIOError, OSError):
            return False
        self.screen.feed(data)
        return bool(data)


def _stat(pid: int) -> tuple[str, int, int]:
    """A process's state, its terminal, and the processor time of it and its dead children."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "X", 0, 0
    fields = text[text.rindex(")") + 2 :].split()
    return fields[0], int(fields[4]), sum(int(used) for used in fields[11:15])
