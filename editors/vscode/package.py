"""Make the extension: ``dist/shepherd-sidecar.vsix``, with the sidecar's own wheel inside.

    python editors/vscode/package.py            what `make vsix` runs
    python editors/vscode/package.py --quick    without type check, as the tests use it

Run it with the Python of the virtual environment, as ``adapters/toolchain.py``, which it uses.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "adapters"))

import toolchain  # it is in the source tree, not installed

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
DIST: Final = HERE / "dist"
VSIX: Final = DIST / "shepherd-sidecar.vsix"
BUNDLE_AT_MOST: Final = 600_000
"""Bytes."""


def package(*, quick: bool = False) -> Path:
    """The extension, packed anew. Raises toolchain.Missing."""
    toolchain.ensure_npm_install(HERE)
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    if not quick:
        for project in (".", "src/webview"):
            _node("typescript/bin/tsc", "--noEmit", "-p", project)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check"]
    _run([*pip, "--no-deps", "--wheel-dir", str(DIST / "wheel"), str(ROOT)])
    _run([str(toolchain.ensure_node()), "esbuild.mjs"])
    size = (DIST / "extension.js").stat().st_size
    if size > BUNDLE_AT_MOST:
        raise toolchain.Missing(f"the bundle has {size} bytes; {BUNDLE_AT_MOST} are allowed")
    shutil.copy(ROOT / "LICENSE", HERE / "LICENSE")
    try:
        vsce = (
            "@vscode/vsce/vsce",
            "package",
            "--no-dependencies",
            "--allow-missing-repository",
            "--no-rewrite-relative-links",
        )
        _node(*vsce, "--out", str(VSIX))
    finally:
        (HERE / "LICENSE").unlink()
    toolchain.say("vsix", f"{VSIX.relative_to(ROOT)}, {VSIX.stat().st_size / 1000:.0f} KB")
    return VSIX


def _node(script: str, *words: str) -> None:
    _run([str(toolchain.ensure_node()), str(HERE / "node_modules" / script), *words])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise toolchain.Missing(f"{' '.join(command[:3])} failed\n{done.stdout}{done.stderr}")


def main() -> int:
    """1 when something is missing, or does not compile."""
    parser = argparse.ArgumentParser(description="Make the VS Code extension.")
    parser.add_argument("--quick", action="store_true", help="without type check")
    try:
        package(quick=parser.parse_args().quick)
    except toolchain.Missing as error:
        sys.stderr.write(f"vsix: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
