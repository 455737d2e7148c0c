"""Where worlds are measured: a journaled file system of its own, and workspaces of three sizes."""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.harness import Run

NOBODY = 65534
"""The unprivileged user."""
_GIGABYTES = 40
"""The image's size at most: it is sparse, and grows by what is written."""


@dataclass(frozen=True)
class Size:
    """How large a workspace is."""

    files: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.files:,} files"


S, M, L = Size(100, 10**6), Size(2_000, 50 * 10**6), Size(20_000, 10**9)


def sizes(run: Run) -> tuple[Size, ...]:
    """What a run measures."""
    return (S, M) if run.quick else (S, M, L)


class Refused(Exception):
    """Something cannot be measured here; the message says why."""


@contextlib.contextmanager
def journaled(run: Run, name: str) -> Iterator[Path]:
    """An empty folder on an ext4 with a journal, in an image of its own; gone afterwards.

    Without a journal ext4 is many times slower at making files just after a mass deletion, and
    the machine's own root may be of that kind. Nobody but root can mount one: then it is a
    folder of the run.
    """
    folder = run.folder(name)
    if os.geteuid() != 0:
        yield folder
        return
    image, at = folder / "image", folder / "mounted"
    at.mkdir()
    with image.open("wb") as out:
        out.truncate(_GIGABYTES << 30)
    quietly("mkfs.ext4", "-q", "-F", "-O", "has_journal", "-E", "lazy_itable_init=1", str(image))
    quietly("mount", "-o", "loop", str(image), str(at))
    for above in (at, folder, run.base):
        above.chmod(0o755)  # another user works in it too
    try:
        yield at
    finally:
        unmount_all(at)
        image.unlink()


def quietly(*argv: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a program to its end; what it said, when it succeeded. Raises Refused."""
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Refused(f"{argv[0]}: {error.strerror}") from error
    if done.returncode != 0:
        said = done.stdout.strip().splitlines()
        raise Refused(f"{argv[0]}: {said[-1] if said else f'exit status {done.returncode}'}")
    return done.stdout


def settle(folder: Path) -> None:
    """Write out what is waiting on the file system of a folder.

    What one of two writes would else be waited for by the other's next commit.
    """
    if os.geteuid() == 0:
        quietly("sync", "-f", str(folder))


def mounts_below(folder: Path) -> list[str]:
    """What is mounted in a folder, and at it, the innermost last."""
    top = os.fspath(folder.resolve())
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [at for at in points if at == top or at.startswith(f"{top}/")]


def unmount_all(folder: Path) -> None:
    """Unmount it with all that is mounted in it; processes that just end are waited for."""
    for at in reversed(mounts_below(folder)):
        for turn in range(20):
            busy = subprocess.run(["umount", at], stderr=subprocess.DEVNULL).returncode != 0
            if not busy:
                break
            time.sleep(0.05 * turn)
        else:
            quietly("umount", "--lazy", at)


def remove(*folders: Path) -> None:
    """Remove what is left of a measurement, with what is mounted in it."""
    for folder in folders:
        if folder.exists():
            unmount_all(folder)
            shutil.rmtree(folder)


def lay(at: Path, size: Size, seed: int = 1) -> list[str]:
    """A workspace, the same at every call: its files' paths, smallest first.

    Folders are nested, a dozen files in each; sizes are spread as in real trees: half of the
    files hold a fifth of the average at most, a few hold megabytes. What is small is text, what
    is larger than 256 KB is noise.
    """
    rng = random.Random(seed)
    weights = [rng.lognormvariate(0, 1.8) for _ in range(size.files)]
    unit = size.bytes / sum(weights)
    folders = ["."]
    for n in range(size.files // 12):
        above = rng.choice(folders)
        while above.count("/") >= _DEEP:
            above = rng.choice(folders)
        folders.append(f"{above}/{rng.choice(_WORDS)}{n}")
    for folder in folders:
        (at / folder).mkdir(parents=True, exist_ok=True)
    text, noise = _text(), rng.randbytes(1 << 20)
    made: list[tuple[int, str]] = []
    for n, weight in enumerate(weights):
        length = max(int(weight * unit), 40)
        big = length > 256 * 1000
        path = f"{folders[n % len(folders)]}/{rng.choice(_WORDS)}_{n}.{'bin' if big else 'py'}"
        source = noise if big else text
        with (at / path).open("wb") as out:
            left = length - out.write(b"# file %d of %d\n" % (n, size.files))
            while left > 0:
                start = rng.randrange(len(source) // 2)
                left -= out.write(source[start : start + left])
        made.append((length, path[2:] if path.startswith("./") else path))
    return [path for _, path in sorted(made)]


def give(folder: Path, user: int | None) -> None:
    """Make everything in a folder somebody's own."""
    if user is not None:
        quietly("chown", "-R", f"{user}:{user}", str(folder))


@contextlib.contextmanager
def acting_as(user: int | None) -> Iterator[None]:
    """Be another user for the time of the block."""
    if user is None:
        yield
        return
    os.setegid(user)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


_DEEP = 5
"""Folders below each other at most."""
_WORDS = ("core", "model", "view", "parse", "test", "util", "index", "store", "page", "route")


@functools.cache
def _text() -> bytes:
    """Sources of Python's standard library, one after the other."""
    folder = Path(inspect.getfile(json)).parent.parent
    return b"".join(file.read_bytes() for file in sorted(folder.glob("*.py"))[:80])
