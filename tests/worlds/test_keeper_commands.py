"""Commands that the keeper starts: how they end, and that nothing of them stays."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from shepherd_sidecar.errors import DriverUnavailable, NoWorld
from shepherd_sidecar.worlds.confine.policy import Limits
from shepherd_sidecar.worlds.keeper.child import Child
from tests.support.unprivileged import user_folder
from tests.support.waiting import PATIENCE, becomes
from tests.worlds.keepers import ENV, INSIDE, Worlds, children_of, each_way, gone


@each_way
def test_a_command_lives_in_its_world(worlds: Worlds) -> None:
    home = worlds.live(file="below")
    code, text = worlds.run(home, "sh", "-c", "pwd; cat file; echo mine > new; exit 7")
    assert (code, text) == (7, f"{INSIDE}\nbelow")
    assert (home / "upper" / "new").read_text() == "mine\n"


@each_way
def test_a_world_that_is_a_plain_folder(worlds: Worlds) -> None:
    home = worlds.folder / "2-plain"
    home.mkdir()
    assert worlds.run(home, "sh", "-c", "echo x > file; mkdir sub", files=home)[0] == 0
    assert worlds.run(home, "pwd", cwd="sub", files=home) == (0, f"{INSIDE}/sub\n")
    assert (home / "file").read_text() == "x\n"


@each_way
def test_its_pid_end_and_code(worlds: Worlds) -> None:
    home = worlds.live()
    child, output = worlds.talking(home, "echo ready; sleep 1000")
    with child, output:
        assert output.readline() == "ready\n"
        assert child.poll() is None
        with pytest.raises(TimeoutError):
            child.wait(0.0)
        argv = Path(f"/proc/{child.pid}/cmdline").read_bytes()
        assert argv.startswith(b"sh\0-c\0echo ready")
        assert child.confinement["namespaces"] == ["mnt", "pid", "ipc", "uts", "net"]
        child.kill()
        assert child.wait(PATIENCE) == -signal.SIGKILL
        assert child.wait() == child.poll() == -signal.SIGKILL
        child.kill()
    for script, code in (("kill -TERM $$", -15), ("exit 255", 255), ("true", 0)):
        assert worlds.run(home, "sh", "-c", script) == (code, "")


@each_way
def test_what_cannot_be_started_is_told(worlds: Worlds) -> None:
    home = worlds.live(plain="text", script="#!/nowhere/interpreter\n")
    root = worlds.mount(home)
    (root / "script").chmod(0o755)
    (root / "binary").write_bytes(b"\x01\x02\x03")
    (root / "binary").chmod(0o755)
    for program, code in (
        ("no-such-program", errno.ENOENT),
        ("./missing", errno.ENOENT),
        ("./script", errno.ENOENT),
        ("./plain", errno.EACCES),
        ("./binary", errno.ENOEXEC),
        ("/", errno.EACCES),
    ):
        with pytest.raises(OSError, match="Errno") as failed:
            worlds.start(home, program)
        assert (failed.value.errno, failed.value.filename) == (code, program)
    with pytest.raises(OSError, match="Errno") as failed:
        worlds.start(home, "true", cwd="missing")
    assert (failed.value.errno, failed.value.filename) == (errno.ENOENT, "missing")
    for wrong in ({"env": {"A": "\0"}}, {"env": {"A\0": ""}}):
        with pytest.raises(ValueError, match="null"):
            worlds.start(home, "true", **wrong)
    with pytest.raises(ValueError, match="null"):
        worlds.start(home, "tr\0ue")
    with pytest.raises(NoWorld):
        worlds.start(worlds.folder / "9-none", "true")


@each_way
def test_many_and_odd_arguments(worlds: Worlds) -> None:
    home = worlds.live()
    long = ["x" * 1000] * 500
    last = "\N{SNOWMAN}" + "y" * 100_000
    script = 'echo $#; printf %s "$LAST"'
    code, text = worlds.run(home, "sh", "-c", script, "sh", *long, env={**ENV, "LAST": last})
    assert (code, text) == (0, f"500\n{last}")
    with pytest.raises(OSError, match="Errno") as failed:
        worlds.start(home, "true", "x" * (20 << 20))
    assert failed.value.errno == errno.E2BIG
    with pytest.raises(OSError, match="Errno") as failed:
        worlds.start(home, "true", "x" * (1 << 20))
    assert failed.value.errno == errno.E2BIG


@each_way
def test_nothing_survives_its_command(worlds: Worlds) -> None:
    home = worlds.live()
    escape = "setsid sh -c 'trap \"\" TERM HUP; (sleep 1000 & ) ; sleep 1000' >&- 2>&- &"
    child, output = worlds.talking(home, f"{escape} echo started; sleep 1000")
    with child, output:
        output.readline()
        assert len(worlds.keeper.processes(home)) >= 2
        child.kill()
        assert child.wait(PATIENCE) == -9
    assert worlds.keeper.processes(home) == []
    assert worlds.run(home, "sh", "-c", f"{escape} echo left; exit 3") == (3, "left\n")
    assert worlds.keeper.processes(home) == []
    assert worlds.keeper.unmount(home)


@each_way
def test_orphans_are_reaped(worlds: Worlds) -> None:
    home = worlds.live()
    script = (
        "i=0; while [ $i -lt 50 ]; do (true &) ; i=$((i+1)); done\n"
        "while grep -qs '^State:.Z' /proc/[0-9]*/status; do :; done; echo none\n"
    )
    assert worlds.run(home, "sh", "-c", script) == (0, "none\n")


@each_way
def test_signals_are_passed_on(worlds: Worlds) -> None:
    home = worlds.live()
    child, output = worlds.talking(
        home, "trap 'echo caught; exit 5' TERM; echo ready; sleep 1000 & wait"
    )
    with child, output:
        assert output.readline() == "ready\n"
        child.terminate()
        assert output.readline() == "caught\n"
        assert child.wait(PATIENCE) == 5


@each_way
def test_asyncio_can_wait_for_it(worlds: Worlds) -> None:
    home = worlds.live()

    async def ended(child: Child) -> int | None:
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(child.fileno(), event.set)
        await asyncio.wait_for(event.wait(), PATIENCE)
        loop.remove_reader(child.fileno())
        return child.poll()

    with worlds.start(home, "sh", "-c", "exit 9") as child:
        assert asyncio.run(ended(child)) == 9


@each_way
def test_letting_go_ends_what_is_not_detached(worlds: Worlds) -> None:
    home = worlds.live()
    child, output = worlds.talking(home, "echo ready; sleep 1000")
    output.readline()
    pidfd = os.dup(child.pidfd)
    child.close()
    assert gone(pidfd)
    os.close(pidfd)
    output.close()
    assert worlds.keeper.processes(home) == []


@each_way
def test_a_killed_sidecar_takes_its_commands_along_but_not_its_worlds(worlds: Worlds) -> None:
    home = worlds.live(file="text")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from tests.worlds.keepers import Worlds\n"
        "Path.mkdir = lambda *a, **k: None\n"
        "worlds = Worlds(Path(sys.argv[2]))\n"
        "home = worlds.folder / '1-abc'\n"
        "attached, _ = worlds.talking(home, 'echo; sleep 1000')\n"
        "detached = worlds.start(home, 'sleep', '1000', detached=True, key='agent')\n"
        "print(attached.first, detached.first, flush=True)\n"
        "sys.stdin.read()\n"
    )
    project = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", program, project, worlds.base],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as sidecar:
        assert sidecar.stdout is not None
        attached, detached = map(int, sidecar.stdout.readline().split())
        first = os.pidfd_open(attached)
        sidecar.kill()
    assert gone(first)
    os.close(first)
    assert {process.first for process in worlds.keeper.processes(home)} == {detached}
    assert worlds.run(home, "cat", "file") == (0, "text")
    found = worlds.keeper.find("agent")
    assert found is not None
    with found:
        assert found.poll() is None
        assert not worlds.keeper.unmount(home)
        worlds.keeper.kill(home)
        assert found.wait(PATIENCE) == -9
    assert worlds.keeper.unmount(home)


@each_way
def test_a_detached_command_keeps_its_keeper_and_tells_its_code_later(worlds: Worlds) -> None:
    home = worlds.live()
    root = worlds.mount(home)
    os.mkfifo(root / "go")
    child = worlds.start(home, "sh", "-c", "read line < go; exit 4", detached=True, key="agent")
    child.close()
    pidfd = worlds.watch()
    worlds.keeper.close()
    assert not select.select([pidfd], [], [], 0.1)[0]
    (root / "go").write_text("on\n")
    found = worlds.keeper.find("agent")
    assert found is not None
    with found:
        assert found.wait(PATIENCE) == 4
    again = worlds.keeper.find("agent")
    assert again is not None
    with again:
        assert again.poll() == 4
    assert worlds.keeper.find("nobody") is None


@each_way
def test_what_has_ended_leaves_room_for_more(worlds: Worlds) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))  # a shell gives 1024
    try:
        home = worlds.live()
        for number in range(60):
            with worlds.start(home, "true", detached=True, key=str(number)) as child:
                assert child.wait(PATIENCE) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    first = worlds.keeper.find("0")
    assert first is not None
    with first:
        assert first.wait(PATIENCE) == 0


@each_way
def test_a_killed_keeper_takes_everything_along(worlds: Worlds) -> None:
    home = worlds.live()
    attached, output = worlds.talking(home, "setsid sleep 1000 & echo ready; sleep 1000")
    detached = worlds.start(home, "sleep", "1000", detached=True)
    with attached, detached, output:
        output.readline()
        pidfd = worlds.watch()
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        assert gone(pidfd)
        assert attached.wait(PATIENCE) == detached.wait(PATIENCE) == -9
    (home / "again").mkdir()  # without root its mounts went with it: a command needs a new one
    worlds.keeper.mount(home, [home / "lower"], home / "upper", home / "again")
    assert worlds.run(home, "true") == (0, "")


@each_way
def test_a_world_is_held_still_and_goes_on(worlds: Worlds) -> None:
    home = worlds.live(file="")
    root = worlds.mount(home)
    os.mkfifo(root / "out")
    busy = "while :; do echo x >> file; done"
    child, output = worlds.talking(home, f"({busy}) & setsid sh -c '{busy}' & echo ready; wait")
    with child, output:
        output.readline()
        for _ in range(5):
            with worlds.keeper.freeze(home) as how:
                assert how in ("cgroup", "signals")
                size = (root / "file").stat().st_size
                again = worlds.keeper.freeze(home)
                with pytest.raises(DriverUnavailable, match="held still by another"), again:
                    pass
                assert not select.select([], [], [], 0.01)[0]
                assert (root / "file").stat().st_size == size
            while (root / "file").stat().st_size == size:
                pass
        with worlds.keeper.freeze(home):
            child.kill()
            assert child.wait(PATIENCE) == -9
    with worlds.keeper.freeze(home):
        pass


@each_way
def test_a_command_waits_for_its_world_and_never_gets_what_lies_in_its_place(
    worlds: Worlds,
) -> None:
    home = worlds.live(file="x")
    assert worlds.keeper.unmount(home)
    done: list[tuple[int, str]] = []
    thread = threading.Thread(target=lambda: done.append(worlds.run(home, "ls")))
    thread.start()
    thread.join(0.05)
    assert done == []
    worlds.mount_again(home)
    thread.join(PATIENCE)
    assert done == [(0, "file\n")]


@each_way
def test_a_command_for_a_world_held_still_waits(worlds: Worlds) -> None:
    home = worlds.live()
    done: list[tuple[int, str]] = []
    thread = threading.Thread(target=lambda: done.append(worlds.run(home, "echo", "x")))
    child, output = worlds.talking(home, "echo ready; sleep 1000")
    with child, output:
        output.readline()
        with worlds.keeper.freeze(home):
            thread.start()
            thread.join(0.05)
            assert done == []
        thread.join(PATIENCE)
    assert done == [(0, "x\n")]


@each_way
def test_a_sidecar_that_dies_leaves_nothing_held_still(worlds: Worlds) -> None:
    home = worlds.live(file="")
    root = worlds.mount(home)
    child, output = worlds.talking(home, "echo ready; while :; do echo x >> file; done")
    with child, output:
        output.readline()
        pid = os.fork()
        if pid == 0:
            worlds.keeper.freeze(home).__enter__()
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(pid, 0)
        size = (root / "file").stat().st_size
        while (root / "file").stat().st_size == size:
            pass


@each_way
def test_a_terminal_of_its_own(worlds: Worlds) -> None:
    home = worlds.live()
    ours, its = os.openpty()
    with worlds.start(
        home,
        "sh",
        "-c",
        "stty -a > /dev/null && test -t 0 && : > /dev/tty && echo yes",
        stdio=(its, its, its),
        terminal=True,
    ) as child:
        os.close(its)
        text = b""
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                text += os.read(ours, 1024)
            except OSError:
                break
        assert child.wait(PATIENCE) == 0, text
        assert text == b"yes\r\n"
    os.close(ours)


@each_way
def test_no_right_is_left_and_no_descriptor_comes_along(worlds: Worlds) -> None:
    home = worlds.live()
    script = "grep -E '^(Cap|NoNew)' /proc/self/status; ls /proc/self/fd"
    code, text = worlds.run(home, "sh", "-c", script)
    assert code == 0
    rows = dict(line.split(":\t") for line in text.splitlines() if ":\t" in line)
    assert {name: int(value, 16) for name, value in rows.items()} == {
        **dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), 0),
        "NoNewPrivs": 1,
    }
    assert text.endswith("\n0\n1\n2\n3\n")
    # Pid 1 holds the descriptors of the status, and as root it could do anything.
    for look in (
        "readlink /proc/1/fd/1",
        "cat /proc/1/environ",
        "ls /proc/1/root/",
        "echo > /proc/1/mem",
    ):
        code, text = worlds.run(home, "sh", "-c", f"({look}) 2>&1")
        assert code != 0, text


@each_way
def test_one_world_does_not_hold_another(worlds: Worlds) -> None:
    one, other = worlds.live("1-one"), worlds.live("2-other")
    child, output = worlds.talking(one, "echo ready; sleep 1000")
    with child, output:
        output.readline()
        assert b"2-other" not in Path(f"/proc/{child.pid}/mountinfo").read_bytes()
        assert worlds.keeper.unmount(other)
        assert not worlds.keeper.unmount(one)


def test_threads_start_commands_at_once() -> None:
    with user_folder() as base:
        worlds = Worlds(base)
        homes = [worlds.live(f"{number}-x") for number in range(4)]
        codes: list[int] = []

        def some(home: Path, number: int) -> None:
            codes.extend(worlds.run(home, "sh", "-c", f"exit {number}")[0] for _ in range(5))

        threads = [
            threading.Thread(target=some, args=(home, number)) for number, home in enumerate(homes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert sorted(codes) == sorted(number for number in range(4) for _ in range(5))
        worlds.end()


@each_way
def test_two_are_made_ahead_and_those_that_fit_no_more_go(worlds: Worlds) -> None:
    home = worlds.live()
    for policy in (worlds.policy, replace(worlds.policy, limits=Limits(open_files=100))):
        worlds.policy = policy
        assert [worlds.run(home, "true")[0] for _ in range(4)] == [0] * 4
        becomes(lambda: len(children_of(worlds.keeper_pid())), 2)
    assert worlds.run(home, "sh", "-c", "ulimit -n") == (0, "100\n")
    becomes(lambda: len(children_of(worlds.keeper_pid())), 2)


@each_way
def test_what_is_made_ahead_serves_only_what_it_was_made_for(worlds: Worlds) -> None:
    with tempfile.TemporaryDirectory() as folder:
        granted, other = Path(folder, "granted"), Path(folder, "other")
        look = f"cat {granted}/file {other}/file file 2>/dev/null; true"
        plain = worlds.policy
        worlds.policy = replace(plain, read=(os.fspath(granted),))
        first = worlds.live(file="first")
        assert worlds.run(first, "sh", "-c", look) == (0, "first")
        worlds.wait_for_spare()
        second = worlds.live("2-def", file="second")  # mounted after the next view was made
        granted.mkdir()
        (granted / "file").write_text("granted ")
        assert worlds.run(second, "sh", "-c", look) == (0, "granted second")
        worlds.wait_for_spare()
        other.mkdir()
        (other / "file").write_text("other ")
        worlds.policy = replace(plain, read=(os.fspath(other),))
        assert worlds.run(first, "sh", "-c", look) == (0, "other first")
        worlds.wait_for_spare()
        worlds.policy = replace(worlds.policy, hide=(os.fspath(other / "file"),))
        assert worlds.run(first, "sh", "-c", look) == (0, "first")
        worlds.wait_for_spare()
        script = "test -e /tmp/mine && echo found; echo > /tmp/mine; cat file; exit 3"
        for home in (first, second):
            text = (home / "lower" / "file").read_text()
            assert worlds.run(home, "sh", "-c", script) == (3, text)
            worlds.wait_for_spare()
