"""What a command sees of the file system, and what it does not."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shepherd_sidecar.errors import DriverUnavailable, ExecFailed
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.confine.policy_file import load
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.keeper.child import Child
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from shepherd_sidecar.worlds.run import Ran, Sandbox, run_sync
from tests.support.objects import MemoryObjects

pytestmark = pytest.mark.requirement("SANDBOX-02")
Sh = Callable[..., Ran]


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a project, its store in it, a world of it, and things beside it."""
    home = tmp_path / "home"
    project = home / "proj"
    (project / ".shepherd" / "worlds" / "1-a").mkdir(parents=True)
    (project / ".shepherd" / "store.db").write_text("rows")
    (project / "original").write_text("")
    (project / ".shepherd" / "worlds" / "1-a" / "copied").write_text("")
    for name in ("data", "out", "other"):
        (home / name).mkdir()
        (home / name / "file").write_text(name)
    monkeypatch.setenv("HOME", str(home))
    return tmp_path


@pytest.fixture
def keeper(base: Path) -> Iterator[Keeper]:
    keeper = Keeper(base / "home" / "proj" / ".shepherd" / "worlds", grace=0.0)
    yield keeper
    keeper.close()


def policy_of(base: Path, **grants: object) -> Policy:
    store = base / "home" / "proj" / ".shepherd"
    return replace(load(store / "sandbox.toml", store), **grants)  # type: ignore[arg-type]


@pytest.fixture
def apart(base: Path, keeper: Keeper) -> Sh:
    """Runs a script in the world that is apart."""
    project = base / "home" / "proj"
    world = World(project / ".shepherd" / "worlds" / "1-a", project, "copy")
    return lambda script, **grants: run_sync(
        world, ["sh", "-c", script], sandbox=Sandbox(keeper, policy_of(base, **grants))
    )


@pytest.fixture
def in_place(base: Path, keeper: Keeper) -> Sh:
    """Runs a script in the project itself."""
    project = base / "home" / "proj"
    world = World(project, project, "copy", "inPlace")
    return lambda script, **grants: run_sync(
        world, ["sh", "-c", script], sandbox=Sandbox(keeper, policy_of(base, **grants))
    )


def test_a_world_stands_where_its_folder_stood(base: Path, apart: Sh) -> None:
    ran = apart("pwd; ls -A; ls -A ..; echo made > made")
    project = base / "home" / "proj"
    assert ran.stdout.data.decode().split() == [str(project), "copied", "proj"]
    assert (project / ".shepherd" / "worlds" / "1-a" / "made").read_text() == "made\n"
    assert not (project / "made").exists()


def test_in_place_the_store_is_not_seen(base: Path, in_place: Sh) -> None:
    ran = in_place("ls -A; ls -A .shepherd; cat .shepherd/store.db; echo x > .shepherd/x")
    assert ran.stdout.data.split() == [b".shepherd", b"original"]
    assert (base / "home" / "proj" / ".shepherd" / "store.db").read_text() == "rows"
    assert not (base / "home" / "proj" / ".shepherd" / "x").exists()
    in_place("mv .shepherd away; mkdir .shepherd; rm -rf .shepherd")
    assert (base / "home" / "proj" / ".shepherd" / "store.db").exists()


def test_a_store_deeper_in_the_project_is_not_moved_into_sight(base: Path, keeper: Keeper) -> None:
    project = base / "home" / "proj"
    world = World(base / "home", base / "home", "copy", "inPlace")
    sandbox = Sandbox(keeper, policy_of(base))
    for script in ("mv proj moved", "mv proj/.shepherd proj/moved", "cat */.shepherd/store.db"):
        assert run_sync(world, ["sh", "-c", script], sandbox=sandbox).exit_code != 0
    assert (project / ".shepherd" / "store.db").exists()


def test_a_store_that_was_moved_all_the_same_stops_everything(base: Path, in_place: Sh) -> None:
    store = base / "home" / "proj" / ".shepherd"
    in_place("true")
    store.rename(store.with_name("moved"))
    try:
        with pytest.raises(ExecFailed) as failed:
            in_place("cat */store.db")
        assert failed.value.data["why"] in ("unconfined", "os")
    finally:
        store.with_name("moved").rename(store)


def test_its_home_is_empty_and_its_own(base: Path, apart: Sh) -> None:
    ran = apart("cd; ls -A; cat data/file; echo x > left; cat left; echo y > /tmp/left")
    assert ran.stdout.data.split() == [b"proj", b"x"]
    assert not (base / "home" / "left").exists()
    assert apart("ls ~ /tmp").stdout.data.decode().count("left") == 0


def test_the_system_and_this_python_are_seen(apart: Sh) -> None:
    program = "import sys, json, pytest; print(sys.version)"
    ran = apart(f"{sys.executable} -c '{program}'; cat /etc/hosts >/dev/null && echo hosts")
    assert ran.stdout.data.decode() == f"{sys.version}\nhosts\n", ran.stderr.data


def test_devices_and_terminals_work(apart: Sh) -> None:
    program = (
        "import pty, os; m, s = pty.openpty(); os.write(s, bytes([120])); print(len(os.read(m, 1)))"
    )
    script = f'head -c 3 /dev/zero | wc -c; {sys.executable} -c "{program}"; cat < /dev/null'
    script += "; echo 1 > /dev/shm/a; cat <(echo 2) /dev/fd/0 < /dev/shm/a"
    ran = apart(f"bash -c '{script}'")
    assert ran.stdout.data.split() == [b"3", b"1", b"2", b"1"], ran.stderr.data


def test_its_own_loopback_works(apart: Sh) -> None:
    program = (
        'import socket; s = socket.create_server(("127.0.0.1", 0)); '
        'socket.create_connection(s.getsockname()); print("met")'
    )
    assert apart(f"{sys.executable} -c '{program}'").stdout.data == b"met\n"


def test_grants(base: Path, apart: Sh) -> None:
    home = base / "home"
    ran = apart(
        "cat ~/data/file ~/out/file; echo r > ~/data/file; echo w > ~/out/file; cat ~/other/file",
        read=(str(home / "data"),),
        write=(str(home / "out"),),
    )
    assert ran.stdout.data == b"dataout"
    assert ran.confinement.missing == ()
    assert (home / "data" / "file").read_text() == "data"
    assert (home / "out" / "file").read_text() == "w\n"


def test_what_is_hidden_is_hidden_from_grants_too(base: Path, apart: Sh, in_place: Sh) -> None:
    home = base / "home"
    hide = (str(home / "out" / "file"), str(home / "proj" / "original"))
    ran = apart("cat ~/out/file; ls ~/out", write=(str(home / "out"),), hide=hide)
    assert ran.stdout.data == b"file\n"
    assert b"Permission denied" in ran.stderr.data
    assert in_place("cat original; rm original; mv original o", hide=hide).stdout.data == b""
    assert (home / "proj" / "original").exists()


@pytest.mark.requirement("SANDBOX-04")
def test_what_is_hidden_by_a_link_stops_everything(base: Path, apart: Sh, in_place: Sh) -> None:
    home = base / "home"
    (home / "out" / "way").symlink_to(home / "out" / "file")
    (home / "proj" / "way").symlink_to("original")
    (home / "data" / "into").symlink_to(home / "proj" / "original")
    for hidden, sh in (
        (home / "out" / "way", apart),
        (home / "proj" / "way", in_place),
        (home / "data" / "into", in_place),
    ):
        with pytest.raises(ExecFailed, match="real path") as failed:
            sh("true", write=(str(home / "out"), str(home / "data")), hide=(str(hidden),))
        assert failed.value.data["why"] == "unconfined"
    # What cannot be seen anyway is hidden well enough.
    assert apart("true", hide=(str(home / "out" / "way"), str(base / "absent"))).exit_code == 0


def test_a_store_among_the_systems_folders_is_not_seen_either(apart: Sh) -> None:
    here = Path("/usr/share")
    assert apart(f"ls -A {here}", store=str(here)).stdout.data == b""
    assert apart(f"ls -A {here}").stdout.data != b""


def test_a_home_among_the_systems_folders_is_empty_too(apart: Sh) -> None:
    home = "/usr/share"
    ran = apart(f"ls -A {home}; echo own > {home}/.own; cat {home}/.own", home=home)
    assert ran.stdout.data == b"own\n", ran.stderr.data
    assert not Path(home, ".own").exists()


@pytest.mark.requirement("SANDBOX-04")
def test_grants_do_not_lead_through_links(base: Path, apart: Sh) -> None:
    home = base / "home"
    (home / "out" / "way").symlink_to(home / "other")
    for way in (home / "out" / "way", home / "out" / "way" / "file"):
        ran = apart(f"cat {way}", write=(str(way),))
        assert ran.exit_code == 1
        (missing,) = ran.confinement.missing
        assert missing[0] == str(way)
        assert "symbolic link" in missing[1]


@pytest.mark.requirement("SANDBOX-04")
def test_a_grant_in_the_store_or_the_world_is_none(base: Path, apart: Sh) -> None:
    project = base / "home" / "proj"
    wanted = (str(project / ".shepherd"), str(project / "sub"), str(base / "absent"))
    ran = apart("ls -A .shepherd", read=wanted)
    assert ran.exit_code == 2
    assert {what for what, _ in ran.confinement.missing} == set(wanted)


def test_a_grant_around_the_store_does_not_show_it(base: Path, apart: Sh) -> None:
    project = base / "home" / "proj"
    ran = apart(f"cat {project}/.shepherd/store.db; ls ~/other", write=(str(base / "home"),))
    assert ran.stdout.data == b"file\n"
    twice = apart("ls -A .shepherd", write=(str(base), str(base / "home")))
    assert twice.stdout.data == b""


@pytest.mark.requirement("SANDBOX-05")
def test_it_says_what_holds_it(apart: Sh) -> None:
    held = apart("true").confinement
    assert held.namespaces == ("mnt", "pid", "ipc", "uts", "net")
    assert (held.network, held.seccomp, held.missing) == ("none", True, ())
    assert held.landlock > 0


@pytest.mark.requirement("SANDBOX-05")
def test_the_network_when_it_is_granted(apart: Sh) -> None:
    mine, theirs = os.readlink("/proc/self/ns/net"), "readlink /proc/self/ns/net"
    held = apart(theirs, network=True)
    assert (held.confinement.network, held.stdout.data.decode().strip()) == ("host", mine)
    assert apart(theirs).stdout.data.decode().strip() != mine


class NoKeeper(Keeper):
    """As on a machine that allows no namespaces."""

    def spawn(self, command: Spawn, stdin: int, stdout: int, stderr: int) -> Child:
        raise DriverUnavailable("namespaces are forbidden here")


@pytest.mark.requirement("SANDBOX-05")
def test_without_namespaces_it_is_said_or_refused(base: Path) -> None:
    project = base / "home" / "proj"
    keeper = NoKeeper(project / ".shepherd" / "worlds", grace=0.0)
    world = World(project / ".shepherd" / "worlds" / "1-a", project, "copy")
    script = ["sh", "-c", "pwd; cat copied; echo x > made; echo y > $TMPDIR/t; cat $TMPDIR/t"]
    ran = run_sync(world, script, sandbox=Sandbox(keeper, policy_of(base)))
    assert ran.stdout.data.decode().split() == [str(world.path), "y"], ran.stderr.data
    assert (ran.confinement.namespaces, ran.confinement.network) == ((), "host")
    said = dict(ran.confinement.missing)
    assert said["namespaces"] == "namespaces are forbidden here"
    assert {"mnt namespace", "net namespace", "metadata", "processes"} <= set(said)
    with pytest.raises(ExecFailed) as failed:
        run_sync(world, script, sandbox=Sandbox(keeper, policy_of(base, required=True)))
    assert failed.value.data["why"] == "unconfined"
    assert "required" in failed.value.advice
    for argv, cwd, why in (
        (["missing"], "", "programMissing"),
        (["true"], "nowhere", "cwdMissing"),
        (["true"], "..", "cwdOutside"),
        (["a\0"], "", "badArgument"),
    ):
        with pytest.raises(ExecFailed) as failed:
            run_sync(world, argv, cwd=cwd, sandbox=Sandbox(keeper, policy_of(base)))
        assert failed.value.data["why"] == why


@pytest.mark.requirement("SANDBOX-05")
def test_without_namespaces_a_store_in_reach_is_said_and_what_is_hidden_stays_so(
    base: Path,
) -> None:
    project = base / "home" / "proj"
    keeper = NoKeeper(project / ".shepherd" / "worlds", grace=0.0)
    here = World(project, project, "copy", "inPlace")
    ran = run_sync(here, ["true"], sandbox=Sandbox(keeper, policy_of(base)))
    assert "read and change" in dict(ran.confinement.missing)["store"]
    world = World(project / ".shepherd" / "worlds" / "1-a", project, "copy")
    ran = run_sync(world, ["true"], sandbox=Sandbox(keeper, policy_of(base)))
    assert "store" not in dict(ran.confinement.missing)
    sandbox = Sandbox(keeper, policy_of(base, hide=(str(project / "original"),)))
    assert run_sync(world, ["true"], sandbox=sandbox).exit_code == 0
    with pytest.raises(ExecFailed, match="mount namespace"):
        run_sync(here, ["cat", "original"], sandbox=sandbox)


@pytest.mark.requirement("SANDBOX-01")
def test_links_swapped_under_a_snapshot_bring_nothing_in(base: Path, keeper: Keeper) -> None:
    project = base / "home" / "proj"
    at = project / ".shepherd" / "worlds" / "1-a"
    world = World(at, project, "copy")
    (at / "sub").mkdir()
    (at / "sub" / "file").write_text("own")
    program = (
        "import os\n"
        f"os.symlink({str(base / 'home' / 'other')!r}, 'link')\n"
        "open('ready', 'w').close()\n"
        "while not os.path.exists('stop'):\n"
        "    os.rename('sub', 'kept'); os.rename('link', 'sub')\n"
        "    os.rename('sub', 'link'); os.rename('kept', 'sub')\n"
    )
    done: list[Ran] = []
    argv = [sys.executable, "-I", "-S", "-c", program]
    swapping = threading.Thread(
        target=lambda: done.append(run_sync(world, argv, sandbox=Sandbox(keeper, policy_of(base))))
    )
    swapping.start()
    driver = CopyDriver(Settings(store=project / ".shepherd"))
    objects = MemoryObjects()
    try:
        while not (at / "ready").exists() and swapping.is_alive():
            os.sched_yield()
        for _ in range(30):
            try:
                driver.snapshot(objects, world, None)
            except Exception as error:  # what changes too fast to be read is an error, told
                assert type(error).__name__ in ("SnapshotFailed", "BudgetExceeded")
    finally:
        (at / "stop").touch()
        swapping.join()
    assert done[0].exit_code == 0, done[0]
    assert not any(data == b"other" for data in objects.held.values())
