"""Running processes copied with their worlds: memory goes on, and nobody touches another."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from shepherd_sidecar.worlds.confine import landlock
from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn
from shepherd_sidecar.worlds.processes import upkeep, zygote
from shepherd_sidecar.worlds.processes.criu import Criu
from shepherd_sidecar.worlds.processes.records import Record, Records
from tests.support.lacking import lacking, needed, root
from tests.support.unprivileged import user_folder
from tests.support.waiting import PATIENCE, until
from tests.worlds.keepers import ENV, INSIDE, Worlds

CLIENT = Path(__file__).parents[2] / "adapters" / "python" / "shepherd_client"
PYTHON = """
import os, random, time
secret = random.random()  # only in memory
ticks = open("ticks", "a")
count = 0
while True:
    count += 1
    ticks.write(f"{count} {secret}\\n")
    ticks.flush()
    print(count, flush=True)
    time.sleep(0.002)
"""
TRYING = """
import time
ticks = open("ticks", "a")
count = 0
while True:
    count += 1
    try:
        open("/made", "w").close()
        said = "made"
    except OSError as error:
        said = error.errno
    ticks.write(f"{count} {said}\\n")
    ticks.flush()
    time.sleep(0.002)
"""
NODE = """
const fs = require("fs"), secret = Math.random();
let count = 0;
setInterval(() => fs.appendFileSync("ticks", `${++count} ${secret}\\n`), 2);
"""
STDIO = ("stdin", "stdout", "stderr")
SCRATCH = ("/var/tmp", "/dev/shm")


class Agents:
    """Agents in worlds of one keeper."""

    def __init__(self, base: Path) -> None:
        self.worlds = Worlds(base)
        self.records = Records(base / "processes")
        self.criu = Criu(base / "images", self.worlds.keeper)
        self.homes: list[Path] = []

    def world(self, like: Path | None = None, **files: str) -> Path:
        """A live world, as another one is now."""
        name = f"{len(self.homes) + 1}-abc"
        home = self.worlds.world(name, **{k.replace("_", "."): v for k, v in files.items()})
        if like is not None:
            for part in ("lower", "upper"):
                shutil.copytree(like / part, home / part, symlinks=True, dirs_exist_ok=True)
        self.homes.append(home)
        return home

    def launch(self, home: Path, *argv: str, copyable: str) -> Record:
        """An agent that has begun to tick."""
        self.worlds.mount(home)
        folder = self.records.begin()
        with contextlib.ExitStack() as opened:
            fds = list(self.records.outputs(folder.name))
            if copyable == "nesting":
                fds.append(zygote.listen(folder))
            for fd in fds:
                opened.callback(os.close, fd)
            env = {**ENV, zygote.VARIABLE: "3"} if copyable == "nesting" else ENV
            spawn = Spawn(
                argv, env, home, INSIDE, self.worlds.policy, detached=True, key=folder.name,
                copyable=copyable,  # type: ignore[arg-type]
            )  # fmt: skip
            with self.worlds.keeper.spawn(spawn, *fds) as child:
                record = self.record(folder.name, home, child.pid)
        until(lambda: self.ticks(home) != [])
        return record

    def record(self, key: str, home: Path, pid: int) -> Record:
        record = Record(key, 1, str(home), str(INSIDE), (), "", {}, "criu", None, 0, pid)
        self.records.put(record)
        return record

    def ticks(self, home: Path) -> list[tuple[int, str]]:
        """What the agent of a world has written."""
        root = self.worlds.keeper.mounted(home)
        try:
            lines = ((root or home / "upper") / "ticks").read_text().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        words = [line.split() for line in lines if line.endswith("\n")]
        return [(int(count), secret) for count, secret in words]

    def by_criu(self, record: Record, count: int) -> list[tuple[Path, Record]]:
        """Copies restored from one checkpoint."""
        home = Path(record.home)
        with self.worlds.keeper.freeze(home) as how:
            copies = [self.world(home) for _ in range(count)]
            image = self.criu.dump(record, SCRATCH, held=how == "cgroup")
        made = []
        for copy in copies:
            self.worlds.mount(copy)
            folder = self.records.begin()
            fds = dict(zip(STDIO, self.records.outputs(folder.name), strict=True))
            spawn = Spawn((), {}, copy, INSIDE, self.worlds.policy, key=folder.name)
            pid, confinement = self.criu.restore(image, spawn, fds)
            assert confinement["landlock"] == landlock.version()
            for fd in fds.values():
                os.close(fd)
            made.append((copy, self.record(folder.name, copy, pid)))
        return made

    def by_zygote(self, record: Record, count: int) -> list[tuple[Path, Record]]:
        """Copies forked by the agent itself."""
        home, keeper = Path(record.home), self.worlds.keeper
        with contextlib.ExitStack() as opened:
            hold = zygote.Hold(self.records.at(record.id))
            opened.callback(hold.close)
            hold.wait()
            made = []
            for _ in range(count):
                birth = hold.begin(str(INSIDE), SCRATCH, network=False)
                opened.callback(birth.close)
                birth.map(keeper)
                copy = self.world(home)
                self.worlds.mount(copy)
                folder = self.records.begin()
                fds = dict(zip(STDIO, self.records.outputs(folder.name), strict=True))
                fds["mount"] = keeper.clone(copy)
                fds["listening"] = zygote.listen(folder)
                fds["status"] = self.records.exit_file(folder.name)
                for fd in fds.values():
                    opened.callback(os.close, fd)
                birth.enter(str(INSIDE), str(INSIDE), fds)
                birth.adopt(keeper, folder.name, copy, fds["status"]).close()
                copied = birth.wait()
                birth.let_live()
                assert copied.not_captured == []
                made.append((copy, self.record(folder.name, copy, copied.pid)))
        return made

    def end(self) -> None:
        for home in self.homes:
            self.worlds.keeper.unmount(home, destroy=True)
        self.worlds.end()


@pytest.fixture
def agents() -> Iterator[Agents]:
    """Agents of a keeper with the rights of the tests."""
    with user_folder() as base:
        made = Agents(base)
        try:
            yield made
        finally:
            made.end()


def need_criu(agents: Agents) -> None:
    found = agents.criu.probe()
    if not found.available:
        lacking(str(found.why))


def check_apart(agents: Agents, origin: Record, copies: list[tuple[Path, Record]]) -> None:
    """All go on from one memory, each in its own world; the end of one is nobody else's."""
    every = [(Path(origin.home), origin), *copies]
    secrets = {tick[1] for home, _ in every for tick in agents.ticks(home)}
    assert len(secrets) == 1
    for home, _ in every:
        before = len(agents.ticks(home))
        until(partial(_grown, agents, home, before + 3))
        counts = [count for count, _ in agents.ticks(home)]
        assert counts == list(range(1, len(counts) + 1))
    while every:
        home, record = every.pop(0)
        ended = os.pidfd_open(record.pid)
        signal.pidfd_send_signal(ended, signal.SIGKILL)
        polled = select.poll()
        polled.register(ended, select.POLLIN)
        assert polled.poll(PATIENCE * 1000)
        os.close(ended)
        until(lambda home=home: not agents.worlds.keeper.processes(home))  # type: ignore[misc]
        for other, _ in every:
            until(partial(_grown, agents, other, len(agents.ticks(other)) + 2))


def test_several_siblings_of_a_python_are_restored_from_one_checkpoint(agents: Agents) -> None:
    need_criu(agents)
    home = agents.world(agent_py=PYTHON)
    origin = agents.launch(home, sys.executable, "agent.py", copyable="checkpoint")
    check_apart(agents, origin, agents.by_criu(origin, 3))


def test_a_restored_copy_is_copied_again(agents: Agents) -> None:
    need_criu(agents)
    home = agents.world(agent_py=PYTHON)
    origin = agents.launch(home, sys.executable, "agent.py", copyable="checkpoint")
    [(_, first)] = agents.by_criu(origin, 1)
    check_apart(agents, first, agents.by_criu(first, 1))


def test_a_node_is_restored(agents: Agents) -> None:
    need_criu(agents)
    node = needed("node")
    home = agents.world(agent_js=NODE)
    origin = agents.launch(home, os.path.realpath(node), "agent.js", copyable="checkpoint")
    check_apart(agents, origin, agents.by_criu(origin, 2))


@pytest.mark.requirement("PROC-06")
def test_what_is_restored_is_held_by_landlock_as_its_original_is(agents: Agents) -> None:
    """Also where nothing else would hold it: here its view is made writable from outside."""
    need_criu(agents)
    root("enter another process's mounts")
    if not landlock.version():
        lacking("the kernel has no Landlock")
    home = agents.world(agent_py=TRYING)
    origin = agents.launch(home, sys.executable, "agent.py", copyable="checkpoint")
    [(copied, first)] = agents.by_criu(origin, 1)
    for at, record in ((home, origin), (copied, first), *agents.by_criu(first, 1)):
        for words in (("mount", "-o", "remount,rw", "/"), ("touch", "/outsider")):
            subprocess.run(["nsenter", "-t", str(record.pid), "-m", *words], check=True)
        until(partial(_tried, agents, at, str(errno.EACCES)))
        assert not _tried(agents, at, "made")


def _tried(agents: Agents, home: Path, result: str) -> bool:
    return any(said == result for _, said in agents.ticks(home))


def test_a_zygote_forks_into_other_worlds(agents: Agents) -> None:
    home = agents.world(agent_py=PYTHON)
    shutil.copytree(CLIENT, home / "lower" / "shepherd_client")
    argv = (sys.executable, "-m", zygote.MODULE, "agent.py")
    origin = agents.launch(home, *argv, copyable="nesting")
    check_apart(agents, origin, agents.by_zygote(origin, 3))


def test_a_zygote_with_threads_refuses_and_goes_on(agents: Agents) -> None:
    threaded = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"
    home = agents.world(agent_py=threaded + PYTHON)
    shutil.copytree(CLIENT, home / "lower" / "shepherd_client")
    argv = (sys.executable, "-m", zygote.MODULE, "agent.py")
    origin = agents.launch(home, *argv, copyable="nesting")
    with pytest.raises(zygote.NotCopied, match="2 threads run"):
        zygote.Hold(agents.records.at(origin.id)).wait()
    until(partial(_grown, agents, home, len(agents.ticks(home)) + 3))


def test_a_copy_that_nobody_holds_by_its_key_does_not_live(agents: Agents) -> None:
    home = agents.world(agent_py=PYTHON)
    shutil.copytree(CLIENT, home / "lower" / "shepherd_client")
    argv = (sys.executable, "-m", zygote.MODULE, "agent.py")
    origin = agents.launch(home, *argv, copyable="nesting")
    before = _writers(agents)
    doomed = os.fork()
    if doomed == 0:
        # Killed between the copy's word that it stands in its world and the keeper's taking it.
        with contextlib.suppress(BaseException), pytest.MonkeyPatch.context() as patch:
            patch.setattr(Keeper, "adopt", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
            agents.by_zygote(origin, 1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(doomed, 0)[1]) == -signal.SIGKILL
    assert len(os.listdir(agents.records.folder)) == 2, "it came as far as that"
    agents.homes.append(home.with_name("2-abc"))
    until(lambda: _writers(agents) == before)
    until(partial(_grown, agents, home, len(agents.ticks(home)) + 3))
    check_apart(agents, origin, agents.by_zygote(origin, 1))


def _writers(agents: Agents) -> set[int]:
    """The processes whose output goes to these agents' folders."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/fd/1").startswith(str(agents.records.folder)):
                found.add(int(pid))
    return found


def _grown(agents: Agents, home: Path, to: int) -> bool:
    return len(agents.ticks(home)) >= to


@pytest.mark.requirement("PROC-14")
def test_old_output_is_given_back_and_the_newest_keeps_its_place(tmp_path: Path) -> None:
    records = Records(tmp_path / "processes")
    key = records.begin().name
    _, out, err = (os.fdopen(fd, "ab" if n else "rb") for n, fd in enumerate(records.outputs(key)))
    with _, out, err:
        for number in range(24 << 10):
            out.write(b"%-1023d\n" % number)
        out.flush()
        upkeep.bound(str(records.folder), key)
        size = 24 << 20
        assert (records.at(key) / "stdout").stat().st_blocks * 512 < size // 2
        old = records.output(key, "stdout", 0, 10)
        assert (old.size, old.offset) == (size, old.kept)
        assert old.kept >= size // 2
        assert int(old.data) == old.kept >> 10, "offsets count from the very start"
        assert records.output(key, "stdout", size - 1024, None).data == b"%-1023d\n" % (24575)
        out.write(b"more")
        out.flush()
        assert records.output(key, "stdout", size, None).data == b"more"
        assert records.output(key, "stderr", 0, None).size == 0


@pytest.mark.parametrize(
    "said",
    [b"{", b"[]", b"[" * 9000, b'{"held":7}', b'{"held":{"notCaptured":[{}]}}', b'{"refused":{}}'],
)
def test_an_agent_that_answers_nonsense_is_not_copied(tmp_path: Path, said: bytes) -> None:
    with socket.socket(fileno=zygote.listen(tmp_path)) as agent:

        def answer() -> None:
            asked, _ = agent.accept()
            with asked:
                asked.recv(1 << 16)
                asked.send(said)
                assert asked.recv(1) == b"", "it is let go"

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(zygote.NotCopied):
            zygote.Hold(tmp_path).wait()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_another_version_wrote_of_a_process_is_read(tmp_path: Path) -> None:
    records = Records(tmp_path / "processes")
    key, damaged = records.begin().name, records.begin().name
    record = Record(key, 1, "h", "/w", ("true",), "", {}, "rerun", None, 0, 7)
    records.put(record)
    file = records.at(key) / "process.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "mood": "good"}))
    for text in ("", "[]", "{", '{"id": "x"}'):
        (records.at(damaged) / "process.json").write_text(text)
        assert records.get(damaged) is None
        assert list(records.every()) == [record]
