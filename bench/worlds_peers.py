"""The same work by others, in the same run: Docker, git, copies, FUSE overlays and vcs_core.

The work: one file of a live copy was edited; a snapshot of it; a second live copy from that, and
a command has run in it. What was made is removed, and what is to be written is written, between
rounds, untimed.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import ground
from bench.ground import L, Refused, Size
from bench.harness import Row, Run, Sample, Target, interleave, ms, times_at_most
from bench.peer_docker import Daemon, Docker
from bench.peer_vcs_core import VcsCore
from bench.peers import Copied, Fuse, Git, Linked, Peer
from bench.session import Session

Times = list[float]
"""Of the snapshot (0: it takes none), and of all until the command has run, in turns; ms."""
FASTER: tuple[Target, ...] = (times_at_most(0.2),)
"""The paper's claim, of Docker: five times faster."""


def rows(run: Run) -> Iterator[Row]:
    with ground.journaled(run, "worlds_peers") as folder:
        for size in ground.sizes(run):
            workspace = folder / f"workspace-{size.files}"
            files = ground.lay(workspace, size)
            ground.settle(folder)
            try:
                yield from _against(run, folder, size, workspace, files)
            except Refused as error:
                yield Row.absent(f"{size}: against others", str(error))
            ground.remove(*folder.glob("*-*"), workspace)


def _against(
    run: Run, folder: Path, size: Size, workspace: Path, files: list[str]
) -> Iterator[Row]:
    edited = files[len(files) // 4]
    missing: list[tuple[str, str]] = []
    works: dict[str, Callable[[], Times]] = {}
    with ExitStack() as stack:
        session = stack.enter_context(Session(folder / "ours-session", workspace, files))
        works["ours"] = _ours(session)

        def add(name: str, make: Callable[[], Peer]) -> None:
            try:
                peer = make()
                stack.callback(peer.close)
                works[peer.name] = lambda: _theirs(peer, edited, folder)
            except Refused as error:
                missing.append((name, str(error)))

        try:
            daemon = Daemon(folder / "docker-data")
            stack.callback(daemon.close)
            for in_image in (True, False):
                add("docker", lambda i=in_image: Docker(daemon, workspace, in_image=i))
        except Refused as error:
            missing.append(("docker", str(error)))
        for kind in (Git, Copied, Linked, Fuse):
            add(kind.name, lambda k=kind: k(folder / f"peer-{k.__name__}", workspace))
        try:
            if size is L:
                raise Refused("to adopt and to seal a gigabyte takes it minutes")
            core = VcsCore(folder / "peer-vcs_core", workspace)
            stack.callback(core.close)
            works[core.name] = lambda: _of_vcs_core(core, edited, folder)
        except Refused as error:
            missing.append((VcsCore.name, str(error)))
        names = list(works)
        rounds = run.some(1 if size is L else 5, 1)
        found = dict(zip(names, interleave(rounds, *works.values()), strict=True))
    for which, work in enumerate(
        ("1 edit, snapshot", "the same, second live copy, a command in it")
    ):
        ours = _part(found["ours"], which)
        for name in names[1:]:
            theirs = _part(found[name], which)
            if theirs.rounds[0][0]:
                target = FASTER if name.startswith("docker") else ()
                yield Row(f"{size}: {work}", "ms", ours, name, theirs, target)
    for name, why in missing:
        yield Row.absent(f"{size}: against {name}", why)


def _ours(session: Session) -> Callable[[], Times]:
    branch = session.start()
    world = session.world(branch)
    names = (f"fork-{n}" for n in itertools.count())

    def work() -> Times:
        found, made = [], []
        ground.settle(session.folder)
        for _ in range(5):
            session.edit(world)
            start = time.perf_counter()
            session.snapshot(branch)
            taken = time.perf_counter()
            made.append(next(names))
            session.fork(branch, made[-1])
            session.exec(made[-1], "/bin/true")
            found += [(taken - start) * 1e3, (time.perf_counter() - start) * 1e3]
        for name in made:
            session.discard(name)
        session.collect()
        return found

    return work


def _theirs(peer: Peer, edited: str, folder: Path) -> Times:
    _edit(peer.live / edited)
    ground.settle(folder)
    taken = ms(peer.snapshot)
    rest = ms(peer.fork) + ms(peer.command)
    peer.drop()
    ground.settle(folder)
    return [taken if peer.snapshots else 0.0, taken + rest]


def _of_vcs_core(core: VcsCore, edited: str, folder: Path) -> Times:
    _edit(core.live / edited)
    ground.settle(folder)
    whole = core.fork() + core.command()
    core.drop()
    sealed = core.seal()
    ground.settle(folder)
    return [sealed, whole]


_edits = itertools.count()


def _edit(path: Path) -> None:
    path.write_text(f"edit {next(_edits)}\n" * 40)


def _part(sample: Sample, which: int) -> Sample:
    return Sample([values[which::2] for values in sample.rounds])
