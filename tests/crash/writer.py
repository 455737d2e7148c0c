"""A program to be killed: it records as fast as it can, and says what was acknowledged.

Each line on its pipe is ``BRANCH COMMIT``, written after the engine said that it is durable.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shepherd_sidecar.errors import ShepherdError, UnknownBranch, UnknownCommit
from shepherd_sidecar.store.sweep import collect
from tests.support.traces import Traces

KEEPER = "keeper"
"""The one branch that every round goes on with."""


def work(root: str, seed: int, pipe: int) -> None:
    """Record until killed."""
    made = Traces(Path(root))
    told = Told(pipe)
    jobs: tuple[Callable[[Traces, Told, random.Random], None], ...] = (
        keep, converse, large, capture, fork_and_collect,
    )  # fmt: skip
    threads = [
        threading.Thread(target=job, args=(made, told, random.Random(seed + number)))
        for number, job in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Told:
    """Where acknowledgements go. A line is written at once, or not at all."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def __call__(self, branch: str, commits: list[str]) -> None:
        for commit in commits:
            os.write(self._pipe, f"{branch} {commit}\n".encode())


def keep(made: Traces, told: Told, chance: random.Random) -> None:
    """Numbered events on the branch of all rounds, several at a time."""
    try:
        number = len(made.log(KEEPER)) - 1
    except (UnknownBranch, UnknownCommit):
        made.start(KEEPER)
        number = 0
    while True:
        many = chance.randint(1, 4)
        told(KEEPER, made.append(KEEPER, *({"n": number + more} for more in range(many))))
        number += many


def converse(made: Traces, told: Told, chance: random.Random) -> None:
    """A conversation that grows."""
    branch = made.start("conversation")
    messages: list[dict[str, Any]] = []
    while True:
        messages.append({"role": "user", "content": chance.randbytes(30).hex()})
        (intent,) = made.append(branch, {"model": "m", "messages": messages}, kind="model_call")
        told(branch, [intent])
        told(branch, [made.resolve(branch, intent, {"content": "c" * chance.randint(1, 3000)})])
        if len(messages) % 7 == 0:
            made.deny(branch, {"name": "rm"})


def large(made: Traces, told: Told, chance: random.Random) -> None:
    """Content in files of its own."""
    branch = made.start("large")
    while True:
        blob = made.blob(chance.randbytes(70_000))
        told(branch, made.append(branch, {"content": {"$blob": blob}}))
        told(branch, made.append(branch, {"content": chance.randbytes(40_000).hex()}))


def capture(made: Traces, told: Told, chance: random.Random) -> None:
    """Snapshots of a folder that changes."""
    folder = made.root.parent / f"work-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    (folder / "file").write_text("to begin with")
    branch = made.start("workspace", folder)
    while True:
        (folder / f"file-{chance.randrange(5)}").write_bytes(chance.randbytes(200))
        told(branch, [made.snapshot(branch)])


def fork_and_collect(made: Traces, told: Told, chance: random.Random) -> None:
    """Branches that come and go, and the gc that takes them."""
    branch = made.start("trunk")
    while True:
        told(branch, made.append(branch, {"n": chance.random()}))
        try:
            (side,) = made.fork(branch)
            made.append(side, {"n": chance.random()}, {"content": chance.randbytes(35_000).hex()})
            made.discard(side)
            made.rewind(branch, made.log(branch)[-1])
            collect(made.store, 0)
        except ShepherdError:
            continue  # found nothing to do just then
