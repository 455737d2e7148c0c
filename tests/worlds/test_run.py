"""Commands in a world: held to their folder, time and output."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from shepherd_sidecar.errors import ExecFailed
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.run import Ran, run, run_sync


@pytest.fixture
def world(tmp_path: Path) -> World:
    path = tmp_path / "w"
    (path / "sub").mkdir(parents=True)
    return World(path, path, "copy")


def sh(world: World, script: str, **more: object) -> Ran:
    return run_sync(world, ["sh", "-c", script], **more)  # type: ignore[arg-type]


def test_a_command_runs_in_its_folder(world: World) -> None:
    ran = sh(world, "pwd; echo oops >&2; exit 3", cwd="sub")
    assert ran.exit_code == 3
    assert ran.stdout.data == os.fsencode(world.path / "sub") + b"\n"
    assert ran.stderr.data == b"oops\n"
    assert not ran.timed_out
    assert not ran.stdout.truncated


def test_the_environment_is_small_and_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    ran = sh(world, "echo ${SECRET_TOKEN-none} $MINE $PWD", env={"MINE": "1"})
    assert ran.stdout.data == b"none 1 " + os.fsencode(world.path) + b"\n"


def test_input_is_nothing_or_what_is_given(world: World) -> None:
    assert sh(world, "cat").stdout.size == 0
    large = b"line\n" * 100_000
    ran = sh(world, "cat", stdin=large, output_limit=1 << 20)
    assert ran.stdout.data == large


def test_output_is_kept_to_the_limit_and_counted(world: World) -> None:
    ran = sh(world, "head -c 3000000 /dev/zero; head -c 10 /dev/zero >&2", output_limit=1000)
    assert (len(ran.stdout.data), ran.stdout.size, ran.stdout.truncated) == (1000, 3_000_000, True)
    assert (ran.stderr.size, ran.stderr.truncated) == (10, False)


def test_the_whole_group_is_killed_when_the_time_is_up(world: World) -> None:
    ran = sh(world, "sleep 1000 & echo $!; sleep 1000", time_limit=0.3)
    assert ran.timed_out
    assert ran.exit_code == -9
    assert not _alive(int(ran.stdout.data))


def test_what_a_command_leaves_in_its_group_is_killed(world: World) -> None:
    started = time.monotonic()
    ran = sh(world, "sleep 1000 & echo $!")
    assert ran.exit_code == 0
    assert time.monotonic() - started < 100
    assert not _alive(int(ran.stdout.data))


def test_a_process_that_escapes_does_not_hold_the_answer(world: World) -> None:
    script = "import os,sys,time\nif os.fork() == 0:\n os.setsid()\n time.sleep(5)\n"
    ran = run_sync(world, [sys.executable, "-c", script])
    assert ran.exit_code == 0
    assert ran.ms < 5000


def test_cancelling_kills(world: World) -> None:
    async def cancelled() -> None:
        task = asyncio.ensure_future(run(world, ["sh", "-c", "echo $$ > pid; exec sleep 1000"]))
        while not (world.path / "pid").exists() or not (world.path / "pid").read_text():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert not _alive(int((world.path / "pid").read_text()))


def test_no_descriptor_of_ours_is_inherited(world: World) -> None:
    fd = os.open(world.path, os.O_RDONLY)
    os.set_inheritable(fd, True)
    try:
        ran = sh(world, f"test -e /proc/self/fd/{fd}")
    finally:
        os.close(fd)
    assert ran.exit_code == 1


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
    world: World, argv: list[str], cwd: str, why: str, tmp_path: Path
) -> None:
    (world.path / "data").write_text("data")
    (world.path / "no-program").write_bytes(b"\x00\x01")
    (world.path / "no-program").chmod(0o755)
    (world.path / "bad-interpreter").write_text("#!/no/such/interpreter\n")
    (world.path / "bad-interpreter").chmod(0o755)
    (world.path / "way out").symlink_to(tmp_path)
    with pytest.raises(ExecFailed) as failed:
        run_sync(world, argv, cwd=cwd)
    assert failed.value.data["why"] == why


def _alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped by somebody does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")
