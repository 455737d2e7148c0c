"""Confining without namespaces: where the machine allows none.

Layer: worlds. What is left is Landlock, the filter of system calls and the limits; the command
sees the real file system, and what that leaves open is named in its confinement. It is started by
a small Python of its own, since nothing but the keeper may fork from a process with threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

from shepherd_sidecar.errors import ExecFailed
from shepherd_sidecar.worlds.confine.enter import Confinement
from shepherd_sidecar.worlds.confine.policy import Policy

_PROGRAM: Final = Path(__file__).with_name("launch.py")


class Command(Protocol):
    """What is to be started, as ``keeper.client.Spawn`` says it."""

    @property
    def argv(self) -> Sequence[str | bytes]:
        """The program and its arguments."""

    @property
    def env(self) -> Mapping[str, str]:
        """Its environment."""

    @property
    def policy(self) -> Policy:
        """Its rights."""

    @property
    def cwd(self) -> str:
        """Where it starts, relative to the world."""


class Alone:
    """A command without namespaces, by the process that ends all it started (``launch.py``)."""

    def __init__(self, process: subprocess.Popen[bytes], scratch: str) -> None:
        self._process, self._scratch = process, scratch
        self._pidfd = os.pidfd_open(process.pid)

    def fileno(self) -> int:
        """A pidfd."""
        return self._pidfd

    def poll(self) -> int | None:
        """Its exit code, when it has ended."""
        return self._process.poll()

    def kill(self) -> None:
        """End it and all it started."""
        with contextlib.suppress(ProcessLookupError):
            for how in (signal.SIGTERM, signal.SIGCONT):
                signal.pidfd_send_signal(self._pidfd, how)

    def close(self) -> None:
        """Let go of it, with its scratch folder."""
        os.close(self._pidfd)
        shutil.rmtree(self._scratch, ignore_errors=True)


def start_alone(
    command: Command, world: Path, stdio: tuple[int, int, int], why: str
) -> tuple[Alone, Confinement]:
    """Start a command with all the confinement that there is without namespaces.

    Args:
        command: what.
        world: the folder of the world's files.
        stdio: its 0, 1 and 2; they stay open here.
        why: why there are no namespaces.

    Raises:
        OSError: exec failed (``filename``: the program), or the cwd cannot be entered
            (``filename``: the cwd).
        ExecFailed: it cannot be confined even so (``why``: ``unconfined``).
        ValueError: an argument or variable cannot be spelt.
    """
    argv = [os.fsdecode(word) for word in command.argv]
    if any("\0" in word for word in (*argv, *command.env, *command.env.values())):
        raise ValueError("embedded null byte")
    scratch = tempfile.mkdtemp(prefix="shepherd-scratch-")
    policy = replace(command.policy, write=(*command.policy.write, scratch))
    told, telling = os.pipe2(os.O_CLOEXEC)
    asked: dict[str, Any] = {
        "argv": argv,
        "env": {"TMPDIR": scratch, **command.env, "HOME": scratch},
        "policy": policy.to_dict(),
        "world": os.fspath(world),
        "cwd": command.cwd,
        "telling": telling,
    }
    question = os.memfd_create("command")
    try:
        with os.fdopen(question, "wb", closefd=False) as file:
            file.write(json.dumps(asked).encode("ascii"))
        os.lseek(question, 0, os.SEEK_SET)
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_PROGRAM), str(question)],
            stdin=stdio[0],
            stdout=stdio[1],
            stderr=stdio[2],
            env={},
            pass_fds=(question, telling),
            start_new_session=True,
        )
    except OSError:
        shutil.rmtree(scratch, ignore_errors=True)
        os.close(told)
        raise
    finally:
        os.close(question)
        os.close(telling)
    running = Alone(process, scratch)
    try:
        with os.fdopen(told, "rb") as answer:
            said = [json.loads(line) for line in answer]
        return running, _confined(said, argv[0], command.cwd, why)
    except BaseException:
        running.kill()
        process.wait()
        running.close()
        raise


def _confined(said: list[dict[str, Any]], program: str, cwd: str, why: str) -> Confinement:
    held: Confinement | None = None
    for told in said:
        if "confinement" in told:
            held = Confinement.from_dict(told["confinement"])
        elif "message" in told:
            raise ExecFailed(told["message"], why="unconfined")
        else:
            path = cwd if told["stage"] == "cwd" else program
            raise OSError(told["errno"], os.strerror(told["errno"]), path)
    if held is None:
        raise ExecFailed("the command was killed before it had started", why="killed")
    return replace(held, missing=(("namespaces", why), *held.missing))
