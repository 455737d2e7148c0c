"""File systems of tests' own: made in image files, mounted by loop devices, always unmounted.

Needs root and the programs that make file systems (``adapters/toolchain.py --test`` installs
them). Where they are missing a test is skipped with the reason; in CI it fails instead.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tests.support.lacking import lacking, needed, root
from tests.support.waiting import until

Kind = Literal["ext4", "xfs", "btrfs", "vfat"]

_MAKE: dict[Kind, list[str]] = {
    "ext4": ["mkfs.ext4", "-q", "-F", "-O", "has_journal", "-E", "lazy_itable_init=1"],
    "xfs": ["mkfs.xfs", "-q", "-f", "-m", "reflink=1"],
    "btrfs": ["mkfs.btrfs", "-q", "-f"],
    "vfat": ["mkfs.vfat"],
}
_SMALLEST = {"ext4": 4, "xfs": 300, "btrfs": 128, "vfat": 2}
"""MB."""


@contextlib.contextmanager
def file_system(kind: Kind, size: int = 0, options: str = "") -> Iterator[Path]:
    """An empty file system of ``size`` MB (at least what the kind needs), mounted.

    ``options`` are those of ``mount -o``.
    """
    root("mount a file system")
    needed(_MAKE[kind][0])
    with tempfile.TemporaryDirectory(prefix=f"shepherd-test-{os.getpid()}-") as name:
        image, at = Path(name, "image"), Path(name, "mounted")
        at.mkdir()
        with image.open("wb") as out:
            out.truncate(max(size, _SMALLEST[kind]) << 20)
        _run([*_MAKE[kind], str(image)])
        if kind == "vfat" and "\tvfat\n" not in Path("/proc/filesystems").read_text():
            with _fat_by_fuse(image, at):
                yield at
            return
        with mounted(["-o", ",".join(filter(None, ["loop", options])), str(image)], at):
            yield at


@contextlib.contextmanager
def mounted(arguments: list[str], at: Path) -> Iterator[Path]:
    """Something mounted at ``at`` by ``mount`` with these arguments."""
    done = _run(["mount", *arguments, str(at)], check=False)
    if done.returncode != 0:
        lacking(f"mount {' '.join(arguments)}: {done.stdout.strip()}")
    try:
        yield at
    finally:
        _unmount(at)


@contextlib.contextmanager
def _fat_by_fuse(image: Path, at: Path) -> Iterator[None]:
    """For kernels without FAT."""
    if shutil.which("fusefat") is None:
        lacking("the kernel has no vfat, and fusefat is not installed")
    subprocess.run(
        ["fusefat", "-o", "rw+", str(image), str(at)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        _unmount(at)


def _unmount(at: Path) -> None:
    """Unmount, once what is laid ahead there has ended: it goes on after its sidecar."""
    said: list[str] = []

    def unmounted() -> bool:
        done = _run(["umount", str(at)], check=False)
        said.append(done.stdout)
        return done.returncode == 0

    try:
        until(unmounted)
    except AssertionError:
        _run(["umount", "--lazy", str(at)])  # whatever failed, no mount stays behind
        raise AssertionError(said[-1]) from None


def mounts_below(folder: Path) -> list[str]:
    """What is mounted below a folder, as this process sees it."""
    below = os.fspath(folder.resolve()) + "/"
    with open("/proc/self/mountinfo") as table:
        return [at for at in (line.split()[4] for line in table) if at.startswith(below)]


def _run(argv: list[str], check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert not check or done.returncode == 0, f"{argv}: {done.stdout}"
    return done
