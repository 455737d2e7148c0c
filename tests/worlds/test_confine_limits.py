"""What a command may use up: each limit is run into, and told in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shepherd_sidecar.worlds.confine.policy import Limits
from shepherd_sidecar.worlds.confine.policy_file import load
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.client import Keeper
from shepherd_sidecar.worlds.run import Ran, Sandbox, run_sync
from tests.support.living import living

pytestmark = pytest.mark.requirement("SANDBOX-03")
MIB = 1 << 20
Limited = Callable[..., Ran]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    store = tmp_path_factory.mktemp("store")
    (store / "worlds").mkdir()
    keeper = Keeper(store / "worlds", grace=0.0)
    yield Sandbox(keeper, load(store / "sandbox.toml", store))
    keeper.close()


@pytest.fixture
def limited(sandbox: Sandbox, tmp_path: Path) -> Limited:
    """Runs a Python program in a world, with limits."""
    (tmp_path / "w").mkdir()
    world = World(tmp_path / "w", tmp_path / "w", "copy")

    def run(program: str, *, time_limit: float = 60, **limits: int) -> Ran:
        held = replace(sandbox, policy=replace(sandbox.policy, limits=Limits(**limits)))
        argv = [sys.executable, "-I", "-S", "-c", program]
        return run_sync(world, argv, sandbox=held, time_limit=time_limit, output_limit=MIB)

    return run


def test_memory(limited: Limited) -> None:
    program = "held = bytearray(1 << 28); print(len(held))"
    assert limited(program, memory_bytes=1 << 30).stdout.data == b"268435456\n"
    ran = limited(program, memory_bytes=64 * MIB)
    assert ran.exit_code != 0
    assert ran.limits_reached == (
        f"memoryBytes: it says that memory ran out; a process has {64 * MIB}",
    )


def test_memory_is_held_for_each_process_whatever_it_is_asked_for_by(limited: Limited) -> None:
    program = (
        "import ctypes, mmap, os, sys, threading\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "libc.sbrk.restype = libc.malloc.restype = ctypes.c_void_p\n"
        "def mapped():\n"
        "    return mmap.mmap(-1, 1 << 28, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
        "def private():\n"
        "    with open(sys.executable, 'rb') as file:\n"
        "        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)\n"
        "def asked(what):\n"
        "    try:\n"
        "        return bool(what())\n"
        "    except (MemoryError, OSError):\n"
        "        return False\n"
        "pieces = []\n"
        "def bit_by_bit():\n"
        "    for _ in range(256):\n"
        "        pieces.append(mmap.mmap(-1, 1 << 20, flags=34))\n"
        "    return True\n"
        "heap = lambda: libc.malloc(ctypes.c_size_t(1 << 28))\n"
        "brk = lambda: libc.sbrk(ctypes.c_ssize_t(1 << 28)) != ctypes.c_void_p(-1).value\n"
        "print(asked(mapped), asked(heap), asked(brk), asked(bit_by_bit), 0 < len(pieces) < 64)\n"
    )
    ran = limited(program, memory_bytes=64 * MIB)
    assert ran.stdout.data.split() == [b"False"] * 4 + [b"True"], ran.stderr.data


def test_many_processes_have_as_much_each(limited: Limited) -> None:
    """What holds them together is how many there may be: so it is said in protocol/worlds.md."""
    program = (
        "import os\n"
        "told, tell = os.pipe()\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        held = bytearray(40 << 20)\n"
        "        os.write(tell, b'h')\n"
        "        os.read(told, 0)\n"
        "        os._exit(0)\n"
        "for _ in range(4):\n"
        "    os.wait()\n"
        "print(len(os.read(told, 9)))\n"
    )
    ran = limited(program, memory_bytes=64 * MIB)
    assert (ran.stdout.data, ran.limits_reached) == (b"4\n", ())


def test_a_fork_bomb_is_held_and_ends_with_its_command(limited: Limited) -> None:
    program = (
        "import os, sys\n"
        "living = 0\n"
        "try:\n"
        "    for _ in range(2000):\n"
        "        if os.fork() == 0:\n"
        "            os.execv('/bin/sleep', ['sleep', '3000.125'])\n"
        "        living += 1\n"
        "finally:\n"
        "    print(living, flush=True)\n"
    )
    ran = limited(program, processes=20)
    assert ran.exit_code == 1
    assert 20 <= int(ran.stdout.data) <= 320
    assert ran.limits_reached == ("processes: it says that it could start no more; 20 are allowed",)
    assert not living("3000.125")


def test_what_forks_for_ever_is_killed_when_its_time_is_up(limited: Limited) -> None:
    program = (
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
    )
    ran = limited(program, processes=20, time_limit=1)
    assert ran.timed_out


def test_the_size_of_a_file(limited: Limited) -> None:
    program = "import signal; signal.signal(25, 0)\nopen('big', 'wb').write(bytes(3 << 20))"
    ran = limited(program, file_bytes=MIB)
    assert ran.exit_code == -25
    assert ran.limits_reached == (f"fileBytes: a file of more than {MIB} bytes",)


def test_its_own_temporary_files(limited: Limited) -> None:
    program = (
        "import os\n"
        "for name in ('/tmp/a', os.path.expanduser('~/b'), '/dev/shm/c', '/var/tmp/d'):\n"
        "    try:\n"
        "        open(name, 'wb').write(bytes(1 << 20))\n"
        "    except OSError as error:\n"
        "        print(error.errno)\n"
    )
    assert limited(program, scratch_bytes=3 * MIB + MIB // 2).stdout.data == b"28\n"


def test_open_files(limited: Limited) -> None:
    program = "files = [open('/dev/null') for _ in range(100)]"
    ran = limited(program, open_files=50)
    assert ran.exit_code == 1
    assert b"Too many open files" in ran.stderr.data


def test_processor_time(limited: Limited) -> None:
    ran = limited("while True: pass", seconds=1)
    assert ran.exit_code == -24
    assert ran.limits_reached == ("seconds: more than 1 seconds of processor time",)


def test_output_floods_are_thrown_away(limited: Limited) -> None:
    ran = limited("import os\nfor _ in range(320): os.write(1, bytes(1 << 16))")
    assert (len(ran.stdout.data), ran.stdout.size) == (MIB, 20 * MIB)
    assert ran.limits_reached == (f"output: {20 * MIB} bytes of stdout, the first {MIB} were kept",)


def test_no_core_is_left(limited: Limited) -> None:
    ran = limited("import os, resource\nprint(resource.getrlimit(4), flush=True); os.abort()")
    assert (ran.stdout.data, ran.exit_code) == (b"(0, 0)\n", -6)


def test_limits_cannot_be_raised(limited: Limited) -> None:
    program = (
        "import resource\n"
        "for which in (resource.RLIMIT_DATA, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):\n"
        "    try:\n"
        "        resource.setrlimit(which, (-1, -1))\n"
        "    except (PermissionError, ValueError):\n"
        "        print('held')\n"
    )
    ran = limited(program, memory_bytes=64 * MIB, open_files=50, file_bytes=MIB)
    assert ran.stdout.data == b"held\n" * 3


def test_this_process_keeps_its_own(limited: Limited) -> None:
    before = os.sysconf("SC_OPEN_MAX")
    limited("pass", open_files=50)
    assert os.sysconf("SC_OPEN_MAX") == before
