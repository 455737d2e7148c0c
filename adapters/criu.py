"""CRIU built from the source package of a newer Debian, into a cache of this user's.

    python adapters/criu.py        prints where it is; does nothing when it is there

Debian 12's own is too old for kernels from 6.13 on. The package lists of the newer release are
kept apart: the machine's package sources are not changed. What the build needs is installed, as
root. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

SUITES: Final = "sid trixie"
NEEDS: Final = (
    *("build-essential", "pkg-config", "libbsd-dev", "libcap-dev", "libnet1-dev", "libnl-3-dev"),
    *("libprotobuf-c-dev", "libprotobuf-dev", "protobuf-c-compiler", "protobuf-compiler"),
    "uuid-dev",
)
KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
CACHE_DESCRIPTOR: Final = "/proc/self/fd/5"
"""Where the sidecar puts the folder in which CRIU keeps what it learned of the kernel."""


class Missing(Exception):
    """It could not be built; the message says why."""


def target() -> Path:
    """Where it is, or will be."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(cache) / "shepherd-sidecar" / "criu" / "wide" / "criu"


def ensure() -> Path:
    """The program, built when it is not there (under a minute). Raises Missing."""
    built = target()
    if os.access(built, os.X_OK):
        return built
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Missing("CRIU is built as root on a Debian; elsewhere name one in SHEPHERD_CRIU")
    with tempfile.TemporaryDirectory(prefix="criu-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        source = _fetch(folder)
        _widen(source)
        _run(["apt-get", "update", "-q"], folder)
        _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *NEEDS], folder)
        jobs = f"-j{os.cpu_count() or 1}"
        _run(["make", jobs, "NO_GNUTLS=1", f"RUNDIR={CACHE_DESCRIPTOR}", "criu"], source)
        built.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = built.with_name(f"criu.{os.getpid()}")
        shutil.copy2(source / "criu" / "criu", fresh)
        fresh.rename(built)
    return built


def _fetch(folder: Path) -> Path:
    """The unpacked source, its hash checked by apt against the signed list."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    sources = folder / "newer.sources"
    sources.write_text(
        f"Types: deb-src\nURIs: {_mirror()}\nSuites: {SUITES}\nComponents: main\n"
        f"Signed-By: {KEYRING}\n",
        "utf-8",
    )
    apart = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/nonexistent",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
    }
    options = [word for key, value in apart.items() for word in ("-o", f"{key}={value}")]
    _run(["apt-get", *options, "update", "-q"], folder)
    _run(["apt-get", *options, "source", "--download-only", "--tar-only", "criu"], folder)
    archive = next(folder.glob("criu_*.orig.tar.*"), None)
    if archive is None:
        raise Missing("the source package of CRIU was not found")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "source", filter="data")
    return next((folder / "source").iterdir())


def _widen(source: Path) -> None:
    """Let it read long lines of /proc: a world of many layers has a mount line of many names."""
    path = source / "criu" / "proc_parse.c"
    text = path.read_text("utf-8")
    wide = text.replace("#define BUF_SIZE 4096", "#define BUF_SIZE 65536")
    if wide == text:
        raise Missing("the source of CRIU is not as expected: proc_parse.c has no BUF_SIZE of 4096")
    path.write_text(wide, "utf-8")


def _mirror() -> str:
    """Where this machine gets Debian's packages from."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)"]
    said = _run([*asked, "Identifier: Packages"], Path("/")) or ""
    found = [line.split() for line in said.splitlines() if line.startswith("Debian ")]
    for _, codename, address in sorted(found, key=lambda words: len(words[1])):
        if "-" not in codename:
            return address
    raise Missing("no package source of Debian is set up here")


def _run(command: list[str], cwd: Path) -> str:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        last = "\n  ".join(done.stdout.strip().splitlines()[-6:])
        raise Missing(f"{' '.join(command[:2])} failed:\n  {last}")
    return done.stdout


def main() -> int:
    """Build it; 1 when it cannot be had."""
    try:
        sys.stdout.write(f"{ensure()}\n")
    except (Missing, OSError) as error:
        sys.stderr.write(f"criu: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
