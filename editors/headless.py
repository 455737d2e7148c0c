"""A real VS Code without a screen: code-server and Chromium, installed once into a user's cache.

Used by the tests and the benchmark of ``editors/vscode``, and by nothing that is shipped. It takes
some 800 MB in ``$XDG_CACHE_HOME/shepherd-sidecar/code-server-VERSION``. No package's own scripts
run: what they would compile, the server goes without.

Run it with the Python of the virtual environment, as ``adapters/toolchain.py``, which it uses.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "adapters"))

import toolchain  # it is in the source tree, not installed

CODE_SERVER: Final = "4.139.1"
NODE: Final = "24.14.1"
"""The Node that this code-server is made for; an older one cannot start it."""
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACHINES: Final = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_INSTALL: Final = ("install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


@dataclass(frozen=True)
class Headless:
    """Programs that are installed."""

    node: Path
    server: Path
    """``server-main.js``, to be run with that Node."""
    browser: Path


def ensure() -> Headless:
    """The programs, installed when they are not there. Raises toolchain.Missing."""
    machine = _MACHINES.get(platform.machine().lower())
    if sys.platform != "linux" or machine is None:
        raise toolchain.Missing("VS Code without a screen is only set up on Linux, x64 or arm64")
    folder = _cache()
    vscode = folder / "node_modules" / "code-server" / "lib" / "vscode"
    node = folder / "node_modules" / f"node-linux-{machine}" / "bin" / "node"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may begin at once
        if not (folder / ".installed").is_file():
            toolchain.say("vscode", f"installing code-server {CODE_SERVER}, some 25 s ...")
            wanted = (f"node-linux-{machine}@{NODE}", f"code-server@{CODE_SERVER}")
            _npm(*_INSTALL, "--prefix", str(folder), *wanted)
            for part in (vscode, vscode / "extensions"):
                _npm(*_INSTALL, "--omit=dev", cwd=part)
            (folder / ".installed").touch()
    return Headless(node, vscode / "out" / "server-main.js", _browser())


def _cache() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(cache) / "shepherd-sidecar" / f"code-server-{CODE_SERVER}"


def _browser() -> Path:
    found = _on_path()
    if found is None and toolchain.apt("chromium", "chromium"):
        found = _on_path()
    if found is None:
        raise toolchain.Missing("Chromium is needed and could not be had; install `chromium`")
    return found


def _on_path() -> Path | None:
    return next((Path(found) for name in _BROWSERS if (found := shutil.which(name))), None)


def _npm(*words: str, cwd: Path | None = None) -> None:
    failed = f"code-server {CODE_SERVER} could not be installed; is the npm registry reached?"
    toolchain.run([*toolchain.npm(), *words], failed, cwd)
