"""Every right of a sandbox, tried from inside, as root and as a user without any right.

The same attempts run outside, as the same user: those of ``GET_THROUGH`` must succeed there, or
they would show nothing. Where there are no namespaces (``alone``), what is left open is listed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.errors import DriverUnavailable
from shepherd_sidecar.worlds.confine.policy_file import load
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from shepherd_sidecar.worlds.run import Sandbox, run_sync
from tests.support.lacking import root
from tests.support.unprivileged import as_user, user_folder
from tests.worlds.escape_attempts import ATTEMPTS

pytestmark = pytest.mark.requirement("SANDBOX-01")
PROGRAM = Path(__file__).with_name("escape_attempts.py")
GET_THROUGH = {
    *(name for name in ATTEMPTS if name.startswith("file:") and "-1" not in name),
    *(name for name in ATTEMPTS if name.startswith("set-uid:")),
    *("read:home", "read:store", "read:policy", "read:other-world", "read:by-symlink"),
    *("read:home-by-outsider", "read:home-by-folder", "read:outsider-environment"),
    *("read:any-environment", "read:any-open-file", "write:policy"),
    *("signal:sidecar", "signal:keeper", "signal:pidfd", "ptrace:own", "process-memory"),
    *("socket:tcp", "socket:udp", "socket:path", "socket:abstract", "socket:keeper"),
} - {"file:system"}
ROOT_GETS_THROUGH = {
    *("file:system", "read:passwords", "mount:tmpfs", "mount:setattr", "mount:chroot"),
    *("mount:umount", "mount:pivot-root", "namespace:unshare-mount", "namespace:setns"),
    *("device:mknod", "kernel:hostname", "kernel:core-pattern", "socket:raw", "socket:packet"),
}
OPEN_ALONE = {
    *("file:chmod", "file:chown", "file:utime", "file:setxattr", "signal:pidfd"),
    *("socket:udp", "socket:abroad", "socket:path", "socket:keeper"),
}
"""What is told as ``missing`` where there is no mount and no network namespace."""
WORD = "word-of-the-outside"
Outcome = dict[str, str | None]


@dataclass(frozen=True)
class Tried:
    """What came of the attempts."""

    inside: Outcome
    outside: Outcome


class NoKeeper(Keeper):
    """As on a machine that allows no namespaces."""

    def spawn(self, command: Spawn, stdin: int, stdout: int, stderr: int) -> Child:
        raise DriverUnavailable("namespaces are forbidden here")


def try_all(base: Path, *, alone: bool = False) -> Tried:
    """Lay out what is to be reached, and try to reach it from inside and from outside."""
    home, store, seen = base / "home", base / "home" / "store", base / "seen"
    world, other = store / "worlds" / "1-a", store / "worlds" / "2-b" / "theirs"
    for folder in (world, other.parent, seen / "empty", home / "proj"):
        folder.mkdir(parents=True)
    for file in (home / "secret", store / "store.db", store / "sandbox.toml", other):
        file.write_text("")
    for name in ("victim", "other", "removable", "spare"):
        (seen / name).write_text("as it was")
    for name in ("mine", "mine2"):
        (world / name).write_text("")
    shutil.copy(PROGRAM, world)
    hosts = Path("/etc/hosts").stat()
    os.environ["HOME"] = str(home)
    with contextlib.ExitStack() as over:
        keeper = Keeper(store / "worlds", grace=0.0)
        over.callback(keeper.close)
        policy = replace(load(store / "sandbox.toml", store), read=(str(seen),))
        at = World(world, home / "proj", "copy")
        sandbox = Sandbox(keeper, policy)
        started = run_sync(at, ["true"], sandbox=sandbox)
        assert started.confinement.missing == (), started.confinement
        if alone:
            sandbox = replace(sandbox, keeper=NoKeeper(store / "worlds"))
        targets = {
            "seen": str(seen),
            "system": "/etc/hosts",
            "secret": str(home / "secret"),
            "store": str(store),
            "other": str(other),
            "not-mounted": "/",
            "word": WORD,
            "sidecar": os.getpid(),
            "keeper": _keeper(store / "worlds"),
            "sleeper": _sleeper(over, home),
            "keeper-socket": str(store / "worlds" / "keeper.sock"),
            **_sockets(over, base),
        }
        argv = [sys.executable, "-I", "-S", PROGRAM.name, "targets.json"]
        (world / "targets.json").write_text(json.dumps({**targets, "apart": False}))
        ran = run_sync(at, argv, sandbox=sandbox, time_limit=60)
        assert ran.exit_code == 0, ran
        inside = json.loads(ran.stdout.data)
        assert sorted(path.name for path in seen.iterdir()) == [
            *("empty", "other", "removable", "spare", "victim"),
        ]
        assert Path("/etc/hosts").stat() == hosts
        for file in seen.glob("[!e]*"):
            assert file.read_text() == "as it was"
        for leftover in ("to-secret", "spare", "linked"):
            (world / leftover).unlink(missing_ok=True)
        for leftover in world.glob("set-uid*"):
            leftover.unlink()
        (world / "targets.json").write_text(json.dumps({**targets, "apart": os.geteuid() == 0}))
        control = subprocess.run(argv, cwd=world, capture_output=True)
        assert control.returncode == 0, control
    return Tried(inside, json.loads(control.stdout))


def _keeper(folder: Path) -> int:
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = cmdline.read_bytes().split(b"\0")
            if os.fsencode(folder) in words and any(b"keeper" in word for word in words):
                return int(cmdline.parent.name)
    raise AssertionError("there is a keeper")


def _sleeper(over: contextlib.ExitStack, cwd: Path) -> int:
    sleeper = subprocess.Popen(["sleep", "1000"], cwd=cwd, env={**os.environ, "SECRET": WORD})
    over.callback(sleeper.wait)
    over.callback(sleeper.kill)
    return sleeper.pid


def _sockets(over: contextlib.ExitStack, base: Path) -> dict[str, Any]:
    abstract = f"shepherd-test-{os.getpid()}"
    by_path, by_name = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    by_path.bind(str(base / "sock"))
    by_name.bind("\0" + abstract)
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    for listening in (by_path, by_name):
        listening.listen(8)
    for sock in (by_path, by_name, tcp, udp):
        over.callback(sock.close)

    def echo() -> None:
        while True:
            data, sender = udp.recvfrom(10)
            if data == b"end":
                return
            udp.sendto(data, sender)

    thread = threading.Thread(target=echo)
    thread.start()

    def end() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"end", udp.getsockname())
        thread.join()

    over.callback(end)
    return {
        "socket": str(base / "sock"),
        "abstract": abstract,
        "tcp": tcp.getsockname()[1],
        "udp": udp.getsockname()[1],
    }


@pytest.fixture(scope="module", params=["root", "user", "alone"])
def tried(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Tried]]:
    if request.param == "root":
        root("try as root")
        home = os.environ["HOME"]
        try:
            yield "root", try_all(tmp_path_factory.mktemp("escape"))
        finally:
            os.environ["HOME"] = home
    else:
        with user_folder() as base:
            alone = request.param == "alone"
            yield request.param, as_user(lambda: try_all(base, alone=alone))


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_nothing_gets_out(tried: tuple[str, Tried], name: str) -> None:
    who, outcome = tried
    if who == "alone" and name in OPEN_ALONE:
        assert outcome.inside[name] == outcome.outside[name]
    else:
        assert outcome.inside[name] is not None


@pytest.mark.parametrize("name", sorted(GET_THROUGH | ROOT_GETS_THROUGH))
def test_outside_the_same_gets_through(tried: tuple[str, Tried], name: str) -> None:
    who, outcome = tried
    if name in GET_THROUGH or who == "root":
        assert outcome.outside[name] is None
