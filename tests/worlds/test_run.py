"""Commands in a world: held to their folder, time and output."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shepherd_sidecar.errors import ExecFailed
from shepherd_sidecar.worlds.confine import Policy
from shepherd_sidecar.worlds.confine.alone import start_alone
from shepherd_sidecar.worlds.confine.policy_file import load
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from shepherd_sidecar.worlds.run import Ran, Sandbox, run, run_sync
from tests.support.living import living

Sh = Callable[..., Ran]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    store = tmp_path_factory.mktemp("store")
    (store / "worlds").mkdir()
    keeper = Keeper(store / "worlds", grace=0.0)
    yield Sandbox(keeper, load(store / "sandbox.toml", store))
    keeper.close()


@pytest.fixture
def world(tmp_path: Path) -> World:
    path = tmp_path / "w"
    (path / "sub").mkdir(parents=True)
    return World(path, path, "copy")


@pytest.fixture
def sh(world: World, sandbox: Sandbox) -> Sh:
    return lambda script, **more: run_sync(world, ["sh", "-c", script], sandbox=sandbox, **more)


def test_a_command_runs_in_its_folder(world: World, sh: Sh) -> None:
    ran = sh("pwd; echo oops >&2; exit 3", cwd="sub")
    assert ran.exit_code == 3
    assert ran.stdout.data == os.fsencode(world.path / "sub") + b"\n"
    assert ran.stderr.data == b"oops\n"
    assert not ran.timed_out
    assert not ran.stdout.truncated


def test_the_environment_is_small_and_named(
    world: World, sh: Sh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    ran = sh("echo ${SECRET_TOKEN-none} $MINE $PWD", env={"MINE": "1"})
    assert ran.stdout.data == b"none 1 " + os.fsencode(world.path) + b"\n"


def test_the_owner_names_variables_that_are_handed_on(
    world: World, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDED_ON", "yes")
    granted = replace(sandbox, policy=replace(sandbox.policy, env=("HANDED_ON", "NOT_SET")))
    ran = run_sync(world, ["sh", "-c", "echo $HANDED_ON ${NOT_SET-none}"], sandbox=granted)
    assert ran.stdout.data == b"yes none\n"


def test_input_is_nothing_or_what_is_given(sh: Sh) -> None:
    assert sh("cat").stdout.size == 0
    large = b"line\n" * 100_000
    ran = sh("cat", stdin=large, output_limit=1 << 20)
    assert ran.stdout.data == large


def test_output_is_kept_to_the_limit_and_counted(sh: Sh) -> None:
    ran = sh("head -c 3000000 /dev/zero; head -c 10 /dev/zero >&2", output_limit=1000)
    assert (len(ran.stdout.data), ran.stdout.size, ran.stdout.truncated) == (1000, 3_000_000, True)
    assert (ran.stderr.size, ran.stderr.truncated) == (10, False)
    assert ran.limits_reached == ("output: 3000000 bytes of stdout, the first 1000 were kept",)


def test_all_is_killed_when_the_time_is_up(sh: Sh) -> None:
    ran = sh("sleep 1000.125 & sleep 1000.125", time_limit=0.5)
    assert ran.timed_out
    assert ran.exit_code == -9
    assert ran.limits_reached == ("time: killed after 0.5 seconds",)
    assert not living("1000.125")


def test_what_a_command_leaves_behind_is_killed(sh: Sh) -> None:
    ran = sh("sleep 1000.25 & echo started")
    assert ran.exit_code == 0
    assert not living("1000.25")


def test_what_makes_a_session_of_its_own_is_killed_too(world: World, sandbox: Sandbox) -> None:
    script = (
        "import os\n"
        "if os.fork() == 0:\n"
        " os.setsid()\n"
        " if os.fork() == 0: os.execvp('sleep', ['sleep', '1000.375'])\n"
        " os._exit(0)\n"
        "os.wait()\n"
    )
    ran = run_sync(world, [sys.executable, "-c", script], sandbox=sandbox)
    assert ran.exit_code == 0
    assert not living("1000.375")


def test_cancelling_kills(world: World, sandbox: Sandbox) -> None:
    async def cancelled() -> None:
        argv = ["sh", "-c", "echo > started; exec sleep 1000.5"]
        task = asyncio.ensure_future(run(world, argv, sandbox=sandbox))
        while not (world.path / "started").exists():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert not living("1000.5")


def test_cancelling_while_it_starts_leaves_nothing(world: World, sandbox: Sandbox) -> None:
    async def cancelled() -> None:
        task = asyncio.ensure_future(run(world, ["sleep", "1000.625"], sandbox=sandbox))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    fds = len(os.listdir("/proc/self/fd"))
    asyncio.run(cancelled())
    assert len(os.listdir("/proc/self/fd")) <= fds + 1  # a connection may be kept for later
    assert not living("1000.625")


def test_no_descriptor_of_ours_is_inherited(world: World, sh: Sh) -> None:
    fd = os.open(world.path, os.O_RDONLY)
    os.set_inheritable(fd, True)
    try:
        ran = sh("ls /proc/self/fd")
    finally:
        os.close(fd)
    assert ran.stdout.data.split() == [b"0", b"1", b"2", b"3"]  # 3: the folder that ls reads


@pytest.mark.parametrize(
    ("argv", "cwd", "why"),
    [
        ([], "", "programMissing"),
        (["no-such-program-anywhere"], "", "programMissing"),
        (["./missing"], "", "programMissing"),
        (["./bad-interpreter"], "", "programMissing"),
        (["./data"], "", "notExecutable"),
        (["./sub"], "", "notExecutable"),
        (["./no-program"], "", "notExecutable"),
        (["true", "a\0b"], "", "badArgument"),
        (["true"], "missing", "cwdMissing"),
        (["true"], "data", "cwdMissing"),
        (["true"], "..", "cwdOutside"),
        (["true"], "/", "cwdOutside"),
        (["true"], "way out", "cwdOutside"),
        (["true"], "a\0", "cwdMissing"),
        (["true", "x" * 3_000_000], "", "os"),
    ],
)
def test_what_cannot_start_says_why(
    world: World, sandbox: Sandbox, argv: list[str], cwd: str, why: str, tmp_path: Path
) -> None:
    (world.path / "data").write_text("data")
    (world.path / "no-program").write_bytes(b"\x00\x01")
    (world.path / "no-program").chmod(0o755)
    (world.path / "bad-interpreter").write_text("#!/no/such/interpreter\n")
    (world.path / "bad-interpreter").chmod(0o755)
    (world.path / "way out").symlink_to(tmp_path)
    with pytest.raises(ExecFailed) as failed:
        run_sync(world, argv, sandbox=sandbox, cwd=cwd)
    assert failed.value.data["why"] == why


@pytest.mark.parametrize("name", ["", "A=B", "=A"])
def test_a_variable_without_a_name_is_refused(world: World, sandbox: Sandbox, name: str) -> None:
    with pytest.raises(ExecFailed) as failed:
        run_sync(world, ["true"], sandbox=sandbox, env={name: "x"})
    assert failed.value.data["why"] == "badArgument"


def test_without_namespaces_what_made_a_session_of_its_own_ends_too(tmp_path: Path) -> None:
    """When the command is killed, and when it ends by itself."""
    script = "setsid sh -c 'setsid sleep 1000 & echo $!; sleep 1000' & wait; exec sleep 1000"
    for how, code in (("kill", -signal.SIGKILL), ("end", 7)):
        reading, writing = os.pipe()
        nothing = os.open(os.devnull, os.O_RDWR)
        argv = ["sh", "-c", script if how == "kill" else "setsid sleep 1000 & echo $!; exit 7"]
        env = {"PATH": os.environ["PATH"]}
        command = Spawn(argv, env, at=tmp_path, mounted_at=tmp_path, policy=Policy())
        running, _ = start_alone(command, tmp_path, (nothing, writing, nothing), "a test")
        os.close(writing)
        with os.fdopen(reading) as said:
            pid = int(said.readline())
            if how == "kill":
                assert os.path.exists(f"/proc/{pid}")
                running.kill()
            assert said.read() == "", "nobody holds its output any more"
        os.waitid(os.P_PIDFD, running.fileno(), os.WEXITED | os.WNOWAIT)
        assert not os.path.exists(f"/proc/{pid}")
        assert running.poll() == code
        running.close()
        os.close(nothing)
