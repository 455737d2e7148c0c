"""The keeper: mounts, requests, and its own beginning and end."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from shepherd_sidecar.errors import DriverUnavailable, NoWorld
from shepherd_sidecar.worlds.keeper import messages
from shepherd_sidecar.worlds.keeper.client import Keeper
from tests.support.lacking import root
from tests.support.unprivileged import as_user, user_folder
from tests.support.waiting import PATIENCE, becomes
from tests.worlds.keepers import Worlds, each_way, gone, left_of


@each_way
def test_a_world_is_mounted_once_and_taken_away(worlds: Worlds) -> None:
    home = worlds.world(file="below")
    assert worlds.keeper.mounted(home) is None
    root = worlds.mount(home)
    assert worlds.mount(home) == root == worlds.keeper.mounted(home)
    assert (root / "file").read_text() == "below"
    (root / "file").write_text("above")
    (root / "new").write_text("")
    assert (home / "lower" / "file").read_text() == "below"
    assert (home / "upper" / "file").read_text() == "above"
    assert worlds.keeper.unmount(home)
    assert worlds.keeper.unmount(home)
    assert worlds.keeper.mounted(home) is None


@each_way
def test_a_world_in_use_stays_until_destroyed(worlds: Worlds) -> None:
    home = worlds.live(file="text")
    root = worlds.keeper.mounted(home)
    assert root is not None
    with (root / "file").open():
        assert not worlds.keeper.unmount(home)
        assert worlds.keeper.mounted(home) == root
        assert worlds.keeper.unmount(home, destroy=True)
    assert worlds.keeper.mounted(home) is None


@each_way
def test_a_probe_leaves_nothing(worlds: Worlds) -> None:
    assert worlds.keeper.probe() is None
    assert {path.name for path in worlds.folder.iterdir()} == {
        "keeper.sock",
        "keeper.lock",
        "keeper.log",
    }
    assert worlds.keeper.mode == ("root" if os.geteuid() == 0 else "userns")


@each_way
def test_many_layers_and_long_odd_names(worlds: Worlds) -> None:
    home = worlds.world()
    lowers = []
    for number in range(300):
        lower = home / f"layer {number} ,:\\\udcff{'x' * 150}"
        lower.mkdir()
        (lower / "top").write_text(str(number))
        (lower / f"only-{number}").write_text("")
        lowers.append(lower)
    root = worlds.keeper.mount(home, lowers, home / "upper", home / "work")
    assert (root / "top").read_text() == "0"
    assert len(list(root.iterdir())) == 301


@each_way
def test_what_lies_elsewhere_is_refused(worlds: Worlds) -> None:
    elsewhere = worlds.base / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(DriverUnavailable, match="is not in"):
        worlds.keeper.unmount(elsewhere, destroy=True)
    with pytest.raises(NoWorld):
        worlds.keeper.mounted(worlds.folder / "9-none")
    home = worlds.world()
    with pytest.raises(DriverUnavailable):
        worlds.keeper.mount(home, [home / "missing"], home / "upper", home / "work")
    assert worlds.keeper.mounted(home) is None


@each_way
def test_nonsense_ends_at_most_its_connection(worlds: Worlds) -> None:
    mode = worlds.keeper.mode
    at = os.open(worlds.folder, os.O_PATH)
    for nonsense in (
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"do":"mount"}',
        b'{"do":"hello","version":"x"}',
        b'{"do":"spawn","at":7}',
        b'{"do":"map"}',
        b"[" * 30_000,
        b"F",
        b"x" * 60_000,
        json.dumps({"do": "unmount", "at": None, "destroy": True}).encode(),
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
            other.connect(f"/proc/self/fd/{at}/keeper.sock")
            other.send(nonsense)
            with contextlib.suppress(messages.BadMessage, ConnectionError):
                answer = messages.receive(other)
                assert answer is None or "error" in answer[0] or "version" in answer[0]
    os.close(at)
    assert worlds.keeper.mode == mode


@each_way
def test_its_end_takes_the_mounts_along_and_they_can_be_had_again(worlds: Worlds) -> None:
    home = worlds.live(file="below")
    root = worlds.mount(home)
    (root / "mine").write_text("kept")
    pidfd = worlds.watch()
    worlds.keeper.close()
    assert gone(pidfd)
    becomes(partial(left_of, worlds.folder), [])
    assert worlds.keeper.mounted(home) is None
    again = worlds.keeper.mount(home, [home / "lower"], home / "upper", fresh(home))
    assert (again / "mine").read_text() == "kept"


@each_way
def test_a_killed_keeper_is_replaced(worlds: Worlds) -> None:
    home = worlds.live(file="below")
    root = worlds.mount(home)
    (root / "mine").write_text("kept")
    pidfd = worlds.watch()
    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    assert gone(pidfd)
    # As root the mount is the machine's, and stays; else it went with its namespace.
    assert (worlds.keeper.mounted(home) is not None) == (os.geteuid() == 0)
    again = worlds.keeper.mount(home, [home / "lower"], home / "upper", fresh(home))
    assert (again / "mine").read_text() == "kept"


@each_way
def test_many_sidecars_at_once_have_one_keeper(worlds: Worlds) -> None:
    keepers = [Keeper(worlds.folder, grace=0.0) for _ in range(4)]
    seen: list[int] = []

    def one(keeper: Keeper) -> None:
        with keeper._connection() as connection:
            seen.append(connection.pid)

    threads = [threading.Thread(target=one, args=(keeper,)) for keeper in keepers for _ in "123"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(seen) == 12
    assert len(set(seen)) == 1
    worlds.watch()
    for keeper in keepers:
        keeper.close()


@each_way
def test_a_fork_has_connections_of_its_own(worlds: Worlds) -> None:
    home = worlds.live()

    def asks() -> None:
        assert worlds.keeper.mounted(home) is not None

    process = multiprocessing.get_context("fork").Process(target=asks)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 0
    process.close()
    assert worlds.keeper.mounted(home) is not None


@each_way
def test_a_removed_store_ends_its_keeper(worlds: Worlds) -> None:
    pidfd = worlds.watch()
    (worlds.folder / "keeper.sock").unlink()
    worlds.keeper.close()
    assert gone(pidfd)


@each_way
def test_the_keeper_of_a_removed_store_leaves_the_next_one_its_mounts(worlds: Worlds) -> None:
    held = worlds.watch()
    worlds.folder.rename(worlds.folder.with_name("removed"))
    worlds.folder.mkdir(0o700)
    before, worlds.keeper = worlds.keeper, Keeper(worlds.folder, 0.2)
    try:
        home = worlds.live(file="text")
        next_one = worlds.watch()
        before.close()
        assert gone(held)
        root = worlds.keeper.mounted(home)
        assert root is not None
        assert (root / "file").read_text() == "text"
        assert worlds.keeper.unmount(home)
    finally:
        worlds.keeper.close()
    assert gone(next_one)


@each_way
def test_another_version_waits_for_the_old_ones_end(worlds: Worlds) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from shepherd_sidecar.worlds.keeper import client\n"
        "client.VERSION = 99\n"
        "try: client.Keeper(Path(sys.argv[2])).mode\n"
        "except Exception as error: print(error.data['why'], error.advice)\n"
    )
    project = str(Path(__file__).parents[2])
    held = worlds.watch()
    ran = subprocess.run(
        [sys.executable, "-c", program, project, worlds.folder],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.startswith("version it ends when")
    assert worlds.keeper.mode  # who was there first goes on
    worlds.keeper.close()
    assert gone(held)


def test_a_long_path() -> None:
    with user_folder() as base:
        deep = base / ("d" * 100) / ("e" * 100)
        deep.mkdir(parents=True)
        worlds = Worlds(deep)
        home = worlds.live(file="text")
        assert (worlds.mount(home) / "file").read_text() == "text"
        worlds.end()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoWorld, match="nowhere"):
        Keeper(tmp_path / "nowhere").mounted(tmp_path / "nowhere" / "1")


def test_a_machine_without_user_namespaces_is_told_where_to_look() -> None:
    """The limit is set in a user namespace of the test's own, where nothing else feels it."""

    def forbidden() -> str | None:
        from shepherd_sidecar.worlds import namespaces

        namespaces.own_user_namespace()
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
        # Without the right to mount the keeper needs a namespace of its own.
        namespaces.drop_capabilities()
        return Keeper(base).probe()

    with user_folder() as base:
        said = as_user(forbidden)
        assert said is not None
        assert "user.max_user_namespaces = 0" in said
        becomes(partial(left_of, base), [])


def test_another_user_is_refused() -> None:
    root("be another user")
    with user_folder() as base:
        worlds = Worlds(base)
        assert worlds.keeper.mode == "root"
        for path in (worlds.folder, worlds.folder / "keeper.sock"):
            path.chmod(0o777)

        def foreign() -> str:
            try:
                return Keeper(worlds.folder).mode
            except DriverUnavailable as error:
                return error.message

        assert "user 0's" in as_user(foreign)
        worlds.end()


def fresh(home: Path) -> Path:
    """A work folder that no mount has used."""
    work = home / f"work-{len(list(home.iterdir()))}"
    work.mkdir()
    return work
