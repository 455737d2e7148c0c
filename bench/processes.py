"""Forks with what runs in the world: by each driver, one copy and eight at once."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import ground
from bench.floors import Floor
from bench.ground import S
from bench.harness import ROOT, Row, Run, at_most, interleave, ms, times_at_most
from bench.session import Session
from shepherd_sidecar.worlds import namespaces
from shepherd_sidecar.worlds.processes import criu

COPIES = 8
"""So many at once by CRIU are measured in fewer rounds: these differ little from each other."""
PYTHON = """
import sys, time
held = bytearray(int(sys.argv[1]) << 20)
for at in range(0, len(held), 4096):
    held[at] = 1
open("ready", "w").close()
while True:
    time.sleep(0.01)
"""
NODE = """
const held = Buffer.alloc(Number(process.argv[2]) << 20, 1);
require("fs").writeFileSync("ready", "");
setInterval(() => held.length, 10);
"""
_FORKED = (
    namespaces.NEW_USER | namespaces.NEW_MOUNTS | namespaces.NEW_PIDS
    | namespaces.NEW_IPC | namespaces.NEW_NETWORK
)  # fmt: skip


@dataclass(frozen=True)
class Agent:
    """A process to be copied."""

    name: str
    argv: tuple[str, ...]


def rows(run: Run) -> Iterator[Row]:
    with ground.journaled(run, "processes") as folder:
        workspace = folder / "workspace"
        files = ground.lay(workspace, S)
        (workspace / "agent.py").write_text(PYTHON)
        (workspace / "agent.js").write_text(NODE)
        shutil.copytree(
            ROOT / "adapters" / "python" / "shepherd_client",
            workspace / "shepherd_client",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        with (
            Session(folder / "session", workspace, files) as session,
            Floor(folder / "floor", workspace) as floor,
        ):
            for size in (5, 100):
                start = ("-m", "shepherd_client.zygote")
                name = f"Python, {size} MB"
                zygote = Agent(name, (sys.executable, *start, "agent.py", str(size)))
                yield from _by_zygote(run, session, floor, zygote)
                plain = Agent(name, (sys.executable, "agent.py", str(size)))
                yield from _by_criu(run, session, floor, plain)
            node = shutil.which("node")
            if node is None:
                yield Row.absent("Node, 5 MB: fork with process", "node is not on PATH")
            else:
                argv = (os.path.realpath(node), "agent.js", "5")
                yield from _by_criu(run, session, floor, Agent("Node, 5 MB", argv))


def _by_zygote(run: Run, session: Session, floor: Floor, agent: Agent) -> Iterator[Row]:
    for count in (1, COPIES):
        with _launched(session, agent) as branch:

            def ours(branch: str = branch, count: int = count) -> list[float]:
                return [_forked(session, branch, count, "zygote")]

            def bare(count: int = count) -> list[float]:
                return [sum(floor.fork() + ms(_bare_fork) for _ in range(count))]

            found, beside = interleave(run.some(12, 3), ours, bare)
        yield Row(
            f"{agent.name}: fork with process by zygote, {count}",
            "ms",
            found,
            f"{count} x bare fork with namespaces, overlay mount, FULL commit",
            beside,
            (at_most(10 * count),),
        )


def _by_criu(run: Run, session: Session, floor: Floor, agent: Agent) -> Iterator[Row]:
    program = criu.find()
    if program is None:
        yield Row.absent(f"{agent.name}: fork with process by CRIU", "`make criu` builds one")
        return
    for count in (1, COPIES):
        with _launched(session, agent) as branch:

            def ours(branch: str = branch, count: int = count) -> list[float]:
                return [_forked(session, branch, count, "criu")]

            def bare(count: int = count) -> list[float]:
                return [_bare_criu(program, agent, count) + count * floor.fork()]

            found, beside = interleave(run.some(8 if count == 1 else 5, 2), ours, bare)
        yield Row(
            f"{agent.name}: fork with process by CRIU, {count}",
            "ms",
            found,
            f"bare criu dump, {count} x criu restore, overlay mount and FULL commit",
            beside,
            (times_at_most(1.3),),
        )


@contextlib.contextmanager
def _launched(session: Session, agent: Agent) -> Iterator[str]:
    """A branch in whose world the agent runs and is ready; removed afterwards."""
    branch = session.start()
    asked = {"branch": branch, "argv": list(agent.argv)}
    session.pipe.call("world/launch", asked)
    ready = session.world(branch) / "ready"
    until = time.monotonic() + 60
    while not ready.exists():
        if time.monotonic() > until:
            raise RuntimeError(f"{agent.name} does not start")
        time.sleep(0.01)
    try:
        yield branch
    finally:
        session.discard(branch)
        session.collect()


def _forked(session: Session, branch: str, count: int, driver: str) -> float:
    """Request to reply, with so many running copies; they are removed, untimed."""
    asked = {"at": branch, "process": True, "processDriver": driver, "count": count}
    start = time.perf_counter()
    made = session.pipe.call("branch/fork", asked)
    took = (time.perf_counter() - start) * 1e3
    for one in made["branches"]:
        session.discard(one["branch"])
    session.collect()
    return took


def _bare_fork() -> None:
    """A child in namespaces of its own, which says that it is there."""
    reading, writing = os.pipe()
    pid, pidfd = namespaces.clone(_FORKED, None)
    if pid == 0:
        os.write(writing, b"1")
        os._exit(0)
    os.read(reading, 1)
    os.waitpid(pid, 0)
    for fd in (reading, writing, pidfd):
        os.close(fd)


def _bare_criu(program: Path, agent: Agent, count: int) -> float:
    """``criu dump`` of such a process that nothing confines, and so many restores after another.

    Each restore waits for the copy before to be killed, since it takes the same numbers.
    """
    with tempfile.TemporaryDirectory(prefix="criu-", dir="/var/tmp") as name, _adopting():
        folder = Path(name)
        (folder / "agent.py").write_text(PYTHON)
        (folder / "agent.js").write_text(NODE)
        (folder / "images").mkdir()
        nothing = subprocess.DEVNULL
        running = subprocess.Popen(
            agent.argv, cwd=folder, stdin=nothing, stdout=nothing, stderr=nothing,
            start_new_session=True,
        )  # fmt: skip
        while not (folder / "ready").exists():
            time.sleep(0.005)
        common = ["-D", str(folder / "images"), "--manage-cgroups=ignore", "-v0"]
        took = ms(lambda: _run([program, "dump", "-t", str(running.pid), *common]))
        running.wait()
        for _ in range(count):
            took += ms(lambda: _run([program, "restore", "--restore-detached", *common]))
            copy = os.pidfd_open(running.pid)
            signal.pidfd_send_signal(copy, signal.SIGKILL)
            os.close(copy)
            os.waitpid(running.pid, 0)
        return took


@contextlib.contextmanager
def _adopting() -> Iterator[None]:
    """Inside, what others leave behind becomes this process's child, which it can wait for.

    The machine's own pid 1 may take seconds to.
    """
    adopt = 36  # PR_SET_CHILD_SUBREAPER
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(adopt, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(adopt, 0, 0, 0, 0)


def _run(argv: list[str | Path]) -> None:
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, capture_output=True)
