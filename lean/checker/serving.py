"""A running Lean that checks one file after the other: its start costs more than most checks."""

from __future__ import annotations

import secrets
import subprocess
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import Final, Self

from checker.installing import Lean

SECONDS: Final = 900
"""After this a file counts as failed."""
BYTES: Final = 1 << 30
"""What Lean imported it keeps, 100 MB a file, of 2 GB at most: with more than this it is full."""
_SHOWN: Final = 10
"""Lines shown of what a Lean said that ended."""


class Ended(Exception):
    """Lean ended before it was done; the message says how."""


class Serving:
    """One Lean, and a folder for what it writes; both are gone when this is closed."""

    def __init__(self, lean: Lean, root: Path, built: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=built, prefix="run-")
        self.out: Final = Path(self._folder.name) / "out.olean"
        """What Lean wrote of the last file, if it passed."""
        self.full = False
        """Whether the next file should have another Lean."""
        self._token = secrets.token_hex()
        self._process = subprocess.Popen(
            lean.command(self._token, root, self.out),
            cwd=self._folder.name,  # this build leaves a file of its own where it stands
            env=lean.environment(built),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def check(self, source: Path) -> tuple[int, list[str]]:
        """Check a file: Lean's exit code, and the lines that it said.

        Raises:
            Ended: it ended, or took more than ``SECONDS``; this can only be closed then.
        """
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        self.out.unlink(missing_ok=True)
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(SECONDS, stop)
        timer.start()
        said: list[str] = []
        try:
            process.stdin.write(f"{source}\n")
            process.stdin.flush()
            for line in process.stdout:
                if line.startswith(self._token):
                    _, code, held = line.split()
                    self.full = int(held) > BYTES
                    return int(code), said
                said.append(line.rstrip("\n"))
        except BrokenPipeError:
            said += process.stdout.read().splitlines()
        finally:
            timer.cancel()
        ended = process.wait()
        if late.is_set():
            raise Ended(f"not done after {SECONDS} s")
        raise Ended("\n".join([f"Lean ended with {ended}:", *deque(said, _SHOWN)]))

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
