"""A person in a world: the terminal is copied, never given away."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import termios
from pathlib import Path

from tests.support.unprivileged import user_folder
from tests.support.waiting import PATIENCE
from tests.worlds.keepers import Worlds, each_way

_PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tests.worlds.keepers import ENV, INSIDE, Worlds
from shepherd_sidecar.worlds.keeper.client import Spawn
from shepherd_sidecar.worlds.keeper.terminal import enter
Path.mkdir = lambda *a, **k: None
worlds = Worlds(Path(sys.argv[2]))
command = Spawn(sys.argv[3:], ENV, worlds.folder / "1-abc", INSIDE, worlds.policy)
sys.exit(enter(worlds.keeper, command))
"""
_PROJECT = str(Path(__file__).parents[2])


def until(terminal: int, wanted: bytes) -> bytes:
    text = b""
    while wanted not in text:
        assert select.select([terminal], [], [], PATIENCE)[0], text
        text += os.read(terminal, 1024)
    return text


@each_way
def test_a_person_types_and_reads(worlds: Worlds) -> None:
    worlds.live()
    ours, its = os.openpty()
    termios.tcsetwinsize(ours, (41, 99))
    before = termios.tcgetattr(its)
    script = (
        'trap "echo caught; exit 6" INT; stty size; read name; '
        'echo "hello $name"; sleep 1000 & wait'
    )
    argv = [sys.executable, "-c", _PROGRAM, _PROJECT, str(worlds.base), "sh", "-c", script]
    with subprocess.Popen(
        argv, stdin=its, stdout=its, stderr=its, start_new_session=True
    ) as person:
        try:
            until(ours, b"41 99\r\n")
            os.write(ours, b"you\r")
            until(ours, b"hello you\r\n")
            os.write(ours, b"\x03")
            until(ours, b"caught\r\n")
            assert person.wait(PATIENCE) == 6
        finally:
            person.kill()
    assert termios.tcgetattr(its) == before
    os.close(ours)
    os.close(its)


@each_way
def test_pipes_stay_pipes(worlds: Worlds) -> None:
    worlds.live(file="text")
    argv = [
        sys.executable,
        "-c",
        _PROGRAM,
        _PROJECT,
        str(worlds.base),
        "sh",
        "-c",
        "cat - file; exit 3",
    ]
    ran = subprocess.run(argv, input=b"in ", capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, b"in text", b"")


@each_way
def test_a_terminal_is_only_copied_also_where_the_input_is_none(worlds: Worlds) -> None:
    worlds.live()
    ours, its = os.openpty()
    # Who was given the person's own terminal could read what is typed there.
    script = (
        "import os, sys, termios\n"
        "print(os.read(0, 99).decode(), os.isatty(1), os.isatty(2), flush=True)\n"
        "modes = termios.tcgetattr(2)\n"
        "modes[3] &= ~termios.ECHO\n"
        "termios.tcsetattr(2, termios.TCSANOW, modes)\n"
    )
    argv = [sys.executable, "-c", _PROGRAM, _PROJECT, str(worlds.base), sys.executable, "-c"]
    before = termios.tcgetattr(its)
    with subprocess.Popen(
        [*argv, script], stdin=subprocess.PIPE, stdout=its, stderr=its, start_new_session=True
    ) as person:
        person.communicate(b"in", PATIENCE)
        until(ours, b"in True True\r\n")
        assert person.returncode == 0
    assert termios.tcgetattr(its) == before
    os.close(ours)
    os.close(its)


def test_the_terminal_outside_cannot_be_reached() -> None:
    with user_folder() as base:
        worlds = Worlds(base)
        worlds.live()
        ours, its = os.openpty()
        # Whoever controls the outer terminal could type a command for the shell there.
        script = (
            "import fcntl, os, termios\n"
            "print(os.ttyname(0) if os.path.exists('/dev/pts/0') else 'none', flush=True)\n"
            "for path in ('/dev/tty', '/dev/console'):\n"
            "    try: fcntl.ioctl(os.open(path, os.O_RDWR), termios.TIOCSTI, b'x')\n"
            "    except OSError as error: print('refused', flush=True)\n"
        )
        argv = [sys.executable, "-c", _PROGRAM, _PROJECT, str(base), sys.executable, "-c", script]
        with subprocess.Popen(
            argv, stdin=its, stdout=its, stderr=its, start_new_session=True
        ) as person:
            text = until(ours, b"refused\r\n")
            assert person.wait(PATIENCE) == 0, text
        os.set_blocking(its, False)
        assert not select.select([its], [], [], 0)[0]
        os.close(ours)
        os.close(its)
        worlds.keeper.unmount(worlds.folder / "1-abc")
        worlds.end()
