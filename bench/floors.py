"""What worlds cannot be faster than: the system calls and commits themselves, and no more."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import blake3

from bench.ground import Refused, unmount_all
from bench.harness import ms
from bench.material import Bare
from bench.peers import program

_BWRAP: tuple[str, ...] = (
    *("bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr"),
    *("--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib"),
    *("--symlink", "usr/lib64", "/lib64", "--dev", "/dev", "--proc", "/proc"),
)
_libc = ctypes.CDLL(None, use_errno=True)


class Floor:
    """Bare overlay mounts over a folder, bare commits, and bubblewrap."""

    def __init__(self, folder: Path, lower: Path) -> None:
        folder.mkdir(mode=0o755)
        self.folder, self.lower = folder, lower
        self._bare = Bare(folder / "bare.db")
        self._count = 0
        for _ in range(60):
            self.commit()  # see bench/append.py: a young log is slow

    def __enter__(self) -> Floor:
        return self

    def __exit__(self, *_: object) -> None:
        self._bare.close()
        unmount_all(self.folder)

    def commit(self, payload: bytes = b"x" * 100) -> None:
        """One FULL commit of a small row."""
        self._bare.insert(payload)

    def fork(self) -> float:
        """Folders for a layer, a mount over ``lower``, a commit; milliseconds."""
        took = ms(self._mount)
        self._unmount()
        return took

    def fork_and_command(self) -> float:
        """The same, and /bin/true in it with namespaces of its own, by bubblewrap."""
        program("bwrap", "bubblewrap")

        def work() -> None:
            self._mount()
            subprocess.run([*_BWRAP, "--bind", self._merged, "/workspace", "/bin/true"], check=True)

        took = ms(work)
        self._unmount()
        return took

    def unshared(self) -> float:
        """/bin/true in namespaces of its own and nothing else, by unshare(1); milliseconds."""
        namespaces = ("--mount", "--pid", "--ipc", "--uts", "--net", "--fork")
        return ms(lambda: subprocess.run(["unshare", *namespaces, "/bin/true"], check=True))

    def snapshot(self, changed: Sequence[Path]) -> float:
        """Read and hash files that are known to have changed, and commit them at once."""

        def work() -> None:
            rows = []
            for path in changed:
                data = path.read_bytes()
                rows.append(blake3.blake3(data).digest() + data)
            self._bare.insert_all(rows)

        return ms(work)

    def restore(self, path: Path, data: bytes) -> float:
        """Write one file beside, rename it to its place, and commit before and after."""

        def work() -> None:
            self.commit()
            beside = path.with_name(".restoring")
            beside.write_bytes(data)
            beside.rename(path)
            self.commit()

        return ms(work)

    @property
    def _merged(self) -> Path:
        return self.folder / f"{self._count}" / "merged"

    def _mount(self) -> None:
        self._count += 1
        here = self.folder / f"{self._count}"
        here.mkdir()
        for name in ("upper", "work", "merged"):
            (here / name).mkdir()
        options = f"lowerdir={self.lower},upperdir={here}/upper,workdir={here}/work,volatile"
        arguments = (b"overlay", os.fsencode(self._merged), b"overlay", 0, options.encode())
        if _libc.mount(*arguments):
            raise Refused(f"overlay mount: {os.strerror(ctypes.get_errno())}")
        self.commit()

    def _unmount(self) -> None:
        _libc.umount2(os.fsencode(self._merged), 0)
        shutil.rmtree(self._merged.parent)
